// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml_parts.h"

#define STEPS_MAX 32
#define PATH_TEXT 256

// What libcyaml 1.3.1 logs on an error:
//   Load: Invalid ENUM value: integer
//   Load: Backtrace:
//     in mapping field 'kind' (line: 4, column: 11)
//     in sequence entry '1' (line: 3, column: 5)
struct report {
    char message[256];
    size_t steps; // innermost first
    struct {
        char name[64]; // "" for a sequence entry
        long entry;    // counted from 1
    } step[STEPS_MAX];
    unsigned line, column; // of the innermost step; 0 when not said
};

static void read_step(struct report *report, const char *line)
{
    unsigned row = 0, column = 0;
    const char *at = strstr(line, "(line: ");
    if (at && sscanf(at, "(line: %u, column: %u)", &row, &column) == 2 && report->line == 0) {
        report->line = row;
        report->column = column;
    }
    if (report->steps == STEPS_MAX)
        return;
    char name[64] = "";
    long entry = 0;
    if (sscanf(line, "  in mapping field '%63[^']'", name) == 1 ||
        sscanf(line, "  in sequence entry '%ld'", &entry) == 1) {
        memcpy(report->step[report->steps].name, name, sizeof name);
        report->step[report->steps++].entry = entry;
    }
}

static void read_log(const char *log, struct report *report)
{
    static const char prefix[] = "Load: ";
    while (*log) {
        size_t len = strcspn(log, "\n");
        char line[512];
        snprintf(line, sizeof line, "%.*s", (int)len, log);
        if (strncmp(line, "  in ", 5) == 0)
            read_step(report, line);
        else if (strncmp(line, prefix, strlen(prefix)) == 0 && !strstr(line, "Backtrace") &&
                 !report->message[0])
            zt_mask_numbers(line + strlen(prefix), report->message, sizeof report->message);
        log += len + (log[len] == '\n');
    }
}

// "leaves[0].kind" from the steps, without the innermost `skip` of them.
static void write_path(const struct report *report, size_t skip, char path[static PATH_TEXT])
{
    size_t used = 0;
    path[0] = 0;
    for (size_t i = report->steps; i-- > skip && used < PATH_TEXT - 80;) {
        const char *name = report->step[i].name;
        int put = name[0] ? snprintf(path + used, PATH_TEXT - used, "%s%s", used ? "." : "", name)
                          : snprintf(path + used, PATH_TEXT - used, "[%ld]",
                                     report->step[i].entry > 0 ? report->step[i].entry - 1 : 0);
        used += put > 0 ? (size_t)put : 0;
    }
}

struct kind {
    cyaml_err_t verdict;
    const char *starts; // of the message; NULL: any
    enum zt_err code;
    const char *rule, *advice;
};

static const struct kind kinds[] = {
    {CYAML_ERR_INVALID_KEY, NULL, ZT_E_CONFIG, "yaml.key",
     "no such key here; look at its spelling and its indentation"},
    {CYAML_ERR_INVALID_VALUE, "Expecting", ZT_E_CONFIG, "yaml.shape",
     "another shape is needed here; look at dashes, brackets and indentation"},
    {CYAML_ERR_INVALID_VALUE, NULL, ZT_E_CONFIG, "yaml.value",
     "write one of the values that are allowed here"},
    {CYAML_ERR_UNEXPECTED_EVENT, "Mapping field already seen", ZT_E_CONFIG, "yaml.duplicate",
     "the same key stands twice; remove one"},
    {CYAML_ERR_UNEXPECTED_EVENT, NULL, ZT_E_CONFIG, "yaml.shape", "another shape is needed here"},
    {CYAML_ERR_STRING_LENGTH_MIN, NULL, ZT_E_CONFIG, "yaml.length", "the text is too short"},
    {CYAML_ERR_STRING_LENGTH_MAX, NULL, ZT_E_CONFIG, "yaml.length", "the text is too long"},
    {CYAML_ERR_SEQUENCE_ENTRIES_MIN, NULL, ZT_E_CONFIG, "yaml.entries", "too few entries"},
    {CYAML_ERR_SEQUENCE_ENTRIES_MAX, NULL, ZT_E_CONFIG, "yaml.entries", "too many entries"},
    {CYAML_ERR_MAPPING_FIELD_MISSING, NULL, ZT_E_CONFIG, "yaml.missing",
     "a required key is missing; add it, or mend its indentation"},
    {CYAML_ERR_ALIAS, NULL, ZT_E_CONFIG, "yaml.alias", "aliases are not allowed"},
    {CYAML_ERR_LIBYAML_PARSER, NULL, ZT_E_CONFIG, "yaml.syntax", "not YAML"},
    {CYAML_ERR_OOM, NULL, ZT_E_LIMIT, "yaml.memory", "the file needs more memory than a catalogue file may"},
};

static const struct kind *kind_of(cyaml_err_t verdict, const char *message)
{
    static const struct kind bug = {CYAML_ERR_INTERNAL_ERROR, NULL, ZT_E_BUG, "yaml.schema",
                                    "the program's own schema is wrong"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].verdict == verdict &&
            (!kinds[i].starts || strncmp(message, kinds[i].starts, strlen(kinds[i].starts)) == 0))
            return &kinds[i];
    return &bug;
}

// libcyaml names the value it read last; these faults stand elsewhere. Leaves the place alone when it cannot
// tell better.
static void refine(struct zt_bytes text, cyaml_err_t verdict, struct report *report,
                   char path[static PATH_TEXT])
{
    char longer[PATH_TEXT + 80];
    const char *key = strrchr(report->message, ' ');
    enum zt_err rc = ZT_OK;
    if (verdict == CYAML_ERR_INVALID_KEY && key) {
        snprintf(longer, sizeof longer, "%s%s%s", path, path[0] ? "." : "", key + 1);
        rc = zt_yaml_locate_in(text, longer, true, &report->line, &report->column);
    } else if (verdict == CYAML_ERR_MAPPING_FIELD_MISSING) {
        if (report->steps && report->step[0].name[0])
            write_path(report, 1, path); // the innermost step is the key read last, a sibling
        rc = zt_yaml_locate_in(text, path, false, &report->line, &report->column);
    } else if (verdict == CYAML_ERR_SEQUENCE_ENTRIES_MIN || verdict == CYAML_ERR_SEQUENCE_ENTRIES_MAX) {
        if (report->steps && !report->step[0].name[0])
            write_path(report, 1, path);
    }
    (void)rc; // ZT_E_ABSENT: the place stays
}

enum zt_err zt_yaml_explain(const char *file, struct zt_bytes text, cyaml_err_t verdict, const char *log,
                            struct zt_fault *fault)
{
    struct report report = {.steps = 0};
    char path[PATH_TEXT], place[sizeof fault->place];
    read_log(log, &report);
    write_path(&report, 0, path);
    const struct kind *kind = kind_of(verdict, report.message);
    refine(text, verdict, &report, path);
    if (report.line)
        snprintf(place, sizeof place, "%s:%u:%u", file, report.line, report.column);
    else
        snprintf(place, sizeof place, "%s:1:1", file);
    return zt_fault_set(fault, kind->code, kind->rule, place, "%s%s%s: %s", path, path[0] ? ": " : "",
                        report.message[0] ? report.message : cyaml_strerror(verdict), kind->advice);
}
