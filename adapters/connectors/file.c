// SPDX-License-Identifier: Apache-2.0
// The drop folder: departments put whole files into it (written under another name, then renamed); we read
// them in the order of their names and move each to done/ or bad/ once the broker has acknowledged all of it.
//
// Cursor: "<offset>:<line>:<time of the file>:<file name>". After a restart the named file is continued, if
// it is still the same (a department may deliver another under the old name: that one is read from its
// start); any other file that still lies in the folder is read from its start, whatever its name, so a late
// file is never missed.
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/connectors/reader.h"
#include "base/file.h"
#include "base/text.h"

#define NAME_MAX_LEN  256
#define FINISHED_MAX  ((size_t)1024) // files read but not yet settled; more wait in the folder
#define CURSOR_DIGITS 19

struct finished { // a file read to its end, waiting for its ACK
    char name[NAME_MAX_LEN];
    int64_t size;
    bool bad; // nothing of it could be read
};

struct file_connector {
    struct zt_connector base;
    char *folder, *pattern;
    bool gb18030;
    const struct zt_reader_ops *format;
    struct zt_reader reader;
    char current[NAME_MAX_LEN]; // "" when no file is open
    char resume[NAME_MAX_LEN];  // the file of the cursor we began with
    int64_t resume_offset, resume_line, resume_time;
    int64_t time; // of the current file, nanoseconds since 1970
    struct finished *finished;
    size_t finished_count;
    char cursor[ZT_CURSOR_MAX];
};

static enum zt_err config_fault(const struct zt_connector_options *options, const char *option,
                                const char *text, struct zt_fault *fault)
{
    char place[128];
    snprintf(place, sizeof place, "dataset %s: %s", options->name, option);
    return zt_fault_set(fault, ZT_E_CONFIG, "connector.option", place, "%s", text);
}

static bool is_set(const char *text)
{
    return text && *text;
}

static enum zt_err check_options(const struct zt_connector_options *options, struct zt_fault *fault)
{
    if (!is_set(options->folder))
        return config_fault(options, "folder", "is missing: where does the department drop its files?",
                            fault);
    if (!is_set(options->pattern))
        return config_fault(options, "pattern", "is missing: which files, e.g. \"*.csv\"", fault);
    if (!is_set(options->format) ||
        (strcmp(options->format, "csv") != 0 && strcmp(options->format, "jsonl") != 0))
        return config_fault(options, "format", "must be csv or jsonl", fault);
    if (is_set(options->encoding) && strcmp(options->encoding, "utf-8") != 0 &&
        strcmp(options->encoding, "gb18030") != 0)
        return config_fault(options, "encoding", "must be utf-8 or gb18030", fault);
    return ZT_OK;
}

struct position {
    char name[NAME_MAX_LEN];
    int64_t offset, line, time;
};

static enum zt_err parse_cursor(struct zt_bytes cursor, struct position *out)
{
    char text[ZT_CURSOR_MAX + 1];
    if (cursor.len == 0 || cursor.len > ZT_CURSOR_MAX)
        return ZT_E_INPUT;
    memcpy(text, cursor.data, cursor.len);
    text[cursor.len] = 0;
    char *line = strchr(text, ':');
    char *time = line ? strchr(line + 1, ':') : NULL;
    char *name = time ? strchr(time + 1, ':') : NULL;
    if (!name || strlen(text) != cursor.len || strlen(name + 1) >= sizeof out->name || !name[1])
        return ZT_E_INPUT;
    *line++ = 0;
    *time++ = 0;
    *name++ = 0;
    if (zt_parse_i64(text, 0, INT64_MAX, &out->offset) != ZT_OK ||
        zt_parse_i64(line, 1, INT64_MAX, &out->line) != ZT_OK ||
        zt_parse_i64(time, INT64_MIN, INT64_MAX, &out->time) != ZT_OK)
        return ZT_E_INPUT;
    snprintf(out->name, sizeof out->name, "%s", name);
    return ZT_OK;
}

static enum zt_err take_cursor(struct file_connector *self, struct zt_bytes cursor, struct zt_fault *fault)
{
    struct position at;
    if (cursor.len == 0)
        return ZT_OK;
    if (parse_cursor(cursor, &at) != ZT_OK)
        return zt_fault_set(fault, ZT_E_INPUT, "connector.cursor", "file",
                            "the stored position is not one of this connector");
    snprintf(self->resume, sizeof self->resume, "%s", at.name);
    self->resume_offset = at.offset;
    self->resume_line = at.line;
    self->resume_time = at.time;
    memcpy(self->cursor, cursor.data, cursor.len);
    self->cursor[cursor.len] = 0;
    return ZT_OK;
}

static void file_close(struct zt_connector **connector)
{
    struct file_connector *self = (struct file_connector *)*connector;
    if (!self)
        return;
    zt_reader_close(&self->reader);
    free(self->folder);
    free(self->pattern);
    free(self->finished);
    free(self);
    *connector = NULL;
}

static enum zt_err file_open(const struct zt_connector_options *options, struct zt_bytes cursor,
                             struct zt_connector **connector, struct zt_fault *fault)
{
    enum zt_err rc = check_options(options, fault);
    if (rc != ZT_OK)
        return rc;
    struct file_connector *self = calloc(1, sizeof *self);
    if (!self)
        return ZT_E_NOMEM;
    struct zt_connector *base = &self->base;
    self->base.ops = &zt_connector_file;
    self->folder = strdup(options->folder);
    self->pattern = strdup(options->pattern);
    self->finished = calloc(FINISHED_MAX, sizeof *self->finished);
    self->gb18030 = is_set(options->encoding) && strcmp(options->encoding, "gb18030") == 0;
    self->format = strcmp(options->format, "csv") == 0 ? &zt_reader_csv : &zt_reader_jsonl;
    rc = self->folder && self->pattern && self->finished ? take_cursor(self, cursor, fault) : ZT_E_NOMEM;
    if (rc != ZT_OK) {
        file_close(&base);
        return rc;
    }
    *connector = base;
    return ZT_OK;
}

static bool is_finished(const struct file_connector *self, const char *name)
{
    for (size_t i = 0; i < self->finished_count; i++) {
        if (strcmp(self->finished[i].name, name) == 0)
            return true;
    }
    return false;
}

// A name that is being written (".x", "x.tmp", "x.part") is not there yet.
static bool is_candidate(const struct file_connector *self, const char *name)
{
    size_t len = strlen(name);
    if (name[0] == '.' || len >= NAME_MAX_LEN || (len > 4 && strcmp(name + len - 4, ".tmp") == 0) ||
        (len > 5 && strcmp(name + len - 5, ".part") == 0))
        return false;
    return fnmatch(self->pattern, name, FNM_PERIOD) == 0 && !is_finished(self, name);
}

// The first file by name that is still to be read.
static enum zt_err find_next(struct file_connector *self, char *name, struct zt_fault *fault)
{
    DIR *dir = opendir(self->folder);
    if (!dir)
        return zt_fault_errno(fault, "file.folder", self->folder,
                              "cannot be read; is the drop folder mounted?");
    *name = 0;
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        struct stat info;
        if (!is_candidate(self, entry->d_name) || (*name && strcmp(entry->d_name, name) >= 0))
            continue;
        if (fstatat(dirfd(dir), entry->d_name, &info, 0) == 0 && S_ISREG(info.st_mode))
            snprintf(name, NAME_MAX_LEN, "%s", entry->d_name);
    }
    closedir(dir);
    return *name ? ZT_OK : ZT_E_ABSENT;
}

static void set_cursor(struct file_connector *self, const char *name, int64_t offset, int64_t line)
{
    snprintf(self->cursor, sizeof self->cursor, "%lld:%lld:%lld:%s", (long long)offset, (long long)line,
             (long long)self->time, name);
}

static void finish_current(struct file_connector *self, bool bad)
{
    struct finished *done = &self->finished[self->finished_count++];
    snprintf(done->name, sizeof done->name, "%s", self->current);
    done->size = self->reader.offset;
    done->bad = bad;
    set_cursor(self, self->current, self->reader.offset, self->reader.line);
    self->current[0] = 0;
    zt_reader_close(&self->reader);
}

// Its time of change tells a file from another that is delivered under the same name; renaming keeps it.
static enum zt_err time_of(const char *path, const char *name, int64_t *time, struct zt_fault *fault)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return zt_fault_errno(fault, "file.open", name, "cannot be looked at");
    *time = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
    return ZT_OK;
}

static enum zt_err open_next(struct file_connector *self, struct zt_fault *fault)
{
    if (self->finished_count == FINISHED_MAX)
        return ZT_E_ABSENT; // settle some first
    char name[NAME_MAX_LEN], path[PATH_MAX];
    enum zt_err rc = find_next(self, name, fault);
    if (rc != ZT_OK)
        return rc;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", self->folder, name) >= sizeof path)
        return zt_fault_set(fault, ZT_E_LIMIT, "file.name", name, "the path is too long");
    rc = time_of(path, name, &self->time, fault);
    if (rc != ZT_OK)
        return rc;
    bool resume = strcmp(name, self->resume) == 0;
    bool same = resume && self->time == self->resume_time;
    snprintf(self->current, sizeof self->current, "%s", name);
    rc = self->format->open(&self->reader, path, self->current, self->gb18030, same ? self->resume_offset : 0,
                            same ? self->resume_line : 1, fault);
    if (resume)
        self->resume[0] = 0; // a later file of the same name is another file
    if (rc == ZT_E_INPUT || rc == ZT_E_LIMIT) {
        finish_current(self, true);
        return rc;
    }
    if (rc != ZT_OK)
        self->current[0] = 0;
    return rc;
}

static enum zt_err file_next(struct zt_connector *connector, struct zt_row *row, struct zt_fault *fault)
{
    struct file_connector *self = (struct file_connector *)connector;
    for (;;) {
        enum zt_err rc = self->current[0] ? ZT_OK : open_next(self, fault);
        if (rc != ZT_OK)
            return rc;
        rc = self->format->next(&self->reader, row, fault);
        if (rc != ZT_E_ABSENT) {
            set_cursor(self, self->current, self->reader.offset, self->reader.line);
            return rc;
        }
        finish_current(self, false);
    }
}

static struct zt_bytes file_cursor(const struct zt_connector *connector)
{
    const struct file_connector *self = (const struct file_connector *)connector;
    return zt_bytes_str(self->cursor);
}

// done/ or bad/ beside the files; a name that is taken there gets a number, nothing is overwritten.
static void move_away(const struct file_connector *self, const struct finished *file)
{
    char from[PATH_MAX], folder[PATH_MAX], to[PATH_MAX + NAME_MAX_LEN + CURSOR_DIGITS];
    if ((size_t)snprintf(from, sizeof from, "%s/%s", self->folder, file->name) >= sizeof from ||
        (size_t)snprintf(folder, sizeof folder, "%s/%s", self->folder, file->bad ? "bad" : "done") >=
            sizeof folder)
        return;
    if (zt_dir_make(folder, 0700, NULL) != ZT_OK)
        return; // a read-only folder: the file stays, is remembered as finished, and is read again after a
                // restart
    snprintf(to, sizeof to, "%s/%s", folder, file->name);
    for (unsigned n = 1; access(to, F_OK) == 0 && n < 10000; n++)
        snprintf(to, sizeof to, "%s/%s.%u", folder, file->name, n);
    (void)rename(from, to);
}

// Files end in the order of the list, so everything before the cursor's file is settled.
static size_t count_settled(const struct file_connector *self, const struct position *at)
{
    if (strcmp(at->name, self->current) == 0)
        return self->finished_count;
    for (size_t i = self->finished_count; i > 0; i--) {
        const struct finished *file = &self->finished[i - 1];
        if (strcmp(file->name, at->name) == 0)
            return at->offset >= file->size ? i : i - 1;
    }
    return 0;
}

static void file_settled(struct zt_connector *connector, struct zt_bytes cursor)
{
    struct file_connector *self = (struct file_connector *)connector;
    struct position at;
    if (parse_cursor(cursor, &at) != ZT_OK)
        return;
    size_t settled = count_settled(self, &at);
    for (size_t i = 0; i < settled; i++)
        move_away(self, &self->finished[i]);
    memmove(self->finished, self->finished + settled,
            (self->finished_count - settled) * sizeof *self->finished);
    self->finished_count -= settled;
}

const struct zt_connector_ops zt_connector_file = {
    .name = "file",
    .open = file_open,
    .next = file_next,
    .cursor = file_cursor,
    .settled = file_settled,
    .close = file_close,
};
