// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "catalogue/build.h"
#include "catalogue/nearest.h"

// More errors than anybody reads; each costs memory.
#define FAULTS_MAX 1000

void zt_faults_fini(struct zt_faults *faults)
{
    free(faults->list);
    *faults = (struct zt_faults){0};
}

struct zt_fault *zt_faults_add(struct zt_faults *faults)
{
    if (faults->count >= FAULTS_MAX)
        return NULL;
    if (faults->count == faults->cap) {
        size_t cap = faults->cap ? faults->cap * 2 : 16;
        struct zt_fault *list = realloc(faults->list, cap * sizeof *list);
        if (!list)
            return NULL;
        faults->list = list;
        faults->cap = cap;
    }
    struct zt_fault *fault = &faults->list[faults->count++];
    *fault = (struct zt_fault){.code = ZT_E_CONFIG};
    return fault;
}

struct zt_place zt_place_of(const struct zt_raw_file *file, const char *fmt, ...)
{
    struct zt_place at = {.file = file};
    va_list args;
    va_start(args, fmt);
    vsnprintf(at.node, sizeof at.node, fmt, args);
    va_end(args);
    return at;
}

struct zt_place zt_place_in(const struct zt_place *parent, const char *fmt, ...)
{
    struct zt_place at = *parent;
    size_t used = strlen(at.node);
    if (used + 1 < sizeof at.node)
        at.node[used++] = '.';
    va_list args;
    va_start(args, fmt);
    vsnprintf(at.node + used, sizeof at.node - used, fmt, args);
    va_end(args);
    return at;
}

// A key that is missing has no place of its own: then the entry that should have it is shown.
static void locate(const struct zt_place *at, unsigned *line, unsigned *column)
{
    char node[sizeof at->node];
    memcpy(node, at->node, sizeof node);
    *line = *column = 1;
    while (*node && zt_yaml_locate(at->file->path, node, line, column) != ZT_OK) {
        char *dot = strrchr(node, '.');
        *(dot ? dot : node) = '\0';
    }
}

static void place_text(const struct zt_place *at, char *out, size_t size)
{
    unsigned line, column;
    locate(at, &line, &column);
    snprintf(out, size, "%s:%u:%u", at->file->path, line, column);
}

void zt_report(struct zt_build *b, const struct zt_place *at, const char *rule, const char *fmt, ...)
{
    struct zt_fault *fault = zt_faults_add(b->faults);
    if (!fault)
        return;
    snprintf(fault->rule, sizeof fault->rule, "%s", rule);
    place_text(at, fault->place, sizeof fault->place);
    va_list args;
    va_start(args, fmt);
    vsnprintf(fault->text, sizeof fault->text, fmt, args);
    va_end(args);
}

void zt_report_unknown(struct zt_build *b, const struct zt_place *at, enum zt_file_kind kind,
                       const char *what, const char *name, const struct zt_index *known)
{
    if (b->broken & (1U << kind))
        return;
    char rule[64];
    snprintf(rule, sizeof rule, "catalogue.unknown-%s", what);
    const char *nearest = zt_nearest(name, known);
    if (nearest)
        zt_report(b, at, rule, "there is no %s '%s'; did you mean '%s'?", what, name, nearest);
    else
        zt_report(b, at, rule, "there is no %s '%s'", what, name);
}

void zt_report_fault(struct zt_build *b, const struct zt_fault *fault)
{
    struct zt_fault *kept = zt_faults_add(b->faults);
    if (kept)
        *kept = *fault;
}
