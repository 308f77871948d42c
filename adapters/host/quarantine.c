// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/quarantine.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "adapters/host/idset.h"
#include "adapters/kit/normal.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/file.h"
#include "base/text.h"

#define ID_LEN     16 // hexadecimal characters: 64 bits of SM3
#define LINE_HEAD  "{\"id\":\""
#define VALUE_MAX  256                   // bytes of one value that the line shows
#define SHOW_MAX   ((size_t)1024 * 1024) // a value is at most a row, of which two copies are made
#define LINE_LIMIT ((size_t)64 * 1024)

struct zt_quarantine {
    int fd;
    char *path, *stream;
    uint64_t size, max;
    bool dirty, torn; // torn: half a line stands at the end
    struct zt_idset seen;
};

// The id of a line, which always stands at the same place.
static bool id_of(const char *line, uint64_t *id)
{
    size_t head = strlen(LINE_HEAD);
    uint8_t bytes[ID_LEN / 2];
    char hex[ID_LEN + 1];
    if (strncmp(line, LINE_HEAD, head) != 0 || strlen(line + head) < ID_LEN)
        return false;
    memcpy(hex, line + head, ID_LEN);
    hex[ID_LEN] = 0;
    if (zt_hex_decode(hex, bytes, sizeof bytes) != ZT_OK)
        return false;
    memcpy(id, bytes, sizeof *id);
    return true;
}

// Reads what is there; a last line without its end is cut away.
static enum zt_err read_back(struct zt_quarantine *q, FILE *file, struct zt_fault *fault)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    enum zt_err rc = ZT_OK;
    while (rc == ZT_OK && (len = getline(&line, &cap, file)) > 0) {
        uint64_t id;
        if (line[len - 1] != '\n')
            break;
        q->size += (uint64_t)len;
        if (id_of(line, &id))
            rc = zt_idset_add(&q->seen, id, NULL);
    }
    free(line);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "quarantine.read", q->path, "out of memory");
    if (ferror(file) || ftruncate(q->fd, (off_t)q->size) != 0)
        return zt_fault_errno(fault, "quarantine.read", q->path, "cannot read it back");
    return ZT_OK;
}

static enum zt_err open_file(struct zt_quarantine *q, const char *dir, struct zt_fault *fault)
{
    q->fd = open(q->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (q->fd < 0)
        return zt_fault_errno(fault, "quarantine.open", q->path, "cannot open");
    struct stat status;
    if (fstat(q->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return zt_fault_set(fault, ZT_E_IO, "quarantine.open", q->path, "is not an ordinary file");
    int copy = dup(q->fd);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "r");
    if (!file) {
        if (copy >= 0)
            close(copy);
        return zt_fault_errno(fault, "quarantine.open", q->path, "cannot open");
    }
    enum zt_err rc = read_back(q, file, fault);
    fclose(file);
    return rc == ZT_OK ? zt_dir_sync(dir, fault) : rc;
}

enum zt_err zt_quarantine_open(const char *dir, const char *stream, uint64_t max, struct zt_quarantine **out,
                               struct zt_fault *fault)
{
    enum zt_err rc = zt_dir_make(dir, 0700, fault);
    if (rc != ZT_OK)
        return rc;
    struct zt_quarantine *q = calloc(1, sizeof *q);
    if (!q)
        return zt_fault_set(fault, ZT_E_NOMEM, "quarantine.open", stream, "out of memory");
    q->fd = -1;
    q->max = max ? max : ZT_QUARANTINE_MAX;
    q->stream = strdup(stream);
    if (!q->stream || asprintf(&q->path, "%s/%s.jsonl", dir, stream) < 0)
        rc = zt_fault_set(fault, ZT_E_NOMEM, "quarantine.open", stream, "out of memory");
    else
        rc = open_file(q, dir, fault);
    if (rc != ZT_OK) {
        zt_quarantine_close(&q);
        return rc;
    }
    *out = q;
    return ZT_OK;
}

// A value as the line shows it: full-width digits made plain first, so that they are masked too.
static json_t *show(const char *value)
{
    struct zt_arena arena;
    zt_arena_init(&arena, SHOW_MAX);
    const char *narrow = NULL;
    char masked[VALUE_MAX];
    json_t *shown = NULL;
    if (zt_normal_narrow(value, &arena, &narrow) == ZT_OK) {
        zt_mask_numbers(narrow ? narrow : "", masked, sizeof masked);
        shown = json_string(masked);
    }
    zt_arena_fini(&arena);
    return shown ? shown : json_string("...");
}

static json_t *show_row(const struct zt_row *row)
{
    json_t *object = json_object();
    for (size_t i = 0; object && row && i < row->count; i++)
        (void)json_object_set_new(object, row->names[i], row->values[i] ? show(row->values[i]) : json_null());
    return object;
}

// What stays the same when the row is read again; NULL out of memory.
static json_t *describe(const struct zt_quarantine *q, const struct zt_row *row, const char *place,
                        const struct zt_fault *why)
{
    const char *where = row && row->place ? row->place : place ? place : why->place;
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o}", "stream", q->stream, "place", show(where), "rule",
                     why->rule, "field", show(where == why->place ? "" : why->place), "text", show(why->text),
                     "row", show_row(row));
}

// The whole line: id first, then the time, then the rest of `about`.
static enum zt_err write_line(struct zt_quarantine *q, const char *about, const char *id,
                              struct zt_fault *fault)
{
    struct zt_buf line;
    char time[ZT_TIME_LEN + 1];
    zt_time_of_ms(zt_now_ms(), time);
    zt_buf_init(&line, LINE_LIMIT + 128);
    zt_buf_printf(&line, LINE_HEAD "%s\",\"time\":\"%s\",%s\n", id, time, about + 1);
    enum zt_err rc = line.err;
    if (rc != ZT_OK)
        zt_fault_set(fault, rc, "quarantine.write", q->path, "out of memory");
    else if (zt_write_all(q->fd, zt_buf_bytes(&line)) != ZT_OK) {
        rc = zt_fault_errno(fault, "quarantine.write", q->path, "cannot write");
        // Half a line must not stay before the next one; when even this fails, the next open cuts it away.
        q->torn = ftruncate(q->fd, (off_t)q->size) != 0;
    } else {
        q->size += line.len;
        q->dirty = true;
    }
    zt_buf_fini(&line);
    return rc;
}

static enum zt_err add_text(struct zt_quarantine *q, const char *about, struct zt_fault *fault)
{
    uint8_t digest[ZT_HASH_LEN];
    char hex[ID_LEN + 1];
    uint64_t id;
    bool fresh = false;
    enum zt_err rc = zt_hash_of(ZT_SM3, zt_bytes_str(about), digest);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "quarantine.write", q->path, "cannot compute the id");
    memcpy(&id, digest, sizeof id);
    if (zt_idset_has(&q->seen, id))
        return ZT_OK;
    if (q->torn)
        return zt_fault_set(fault, ZT_E_IO, "quarantine.write", q->path, "an earlier write failed half-way");
    if (q->size + strlen(about) > q->max)
        return zt_fault_set(
            fault, ZT_E_LIMIT, "quarantine.full", q->path,
            "holds its maximum of %llu bytes: look at it, mend the source, move the file away",
            (unsigned long long)q->max);
    zt_hex_encode((struct zt_bytes){digest, ID_LEN / 2}, hex);
    rc = write_line(q, about, hex, fault);
    if (rc == ZT_OK && zt_idset_add(&q->seen, id, &fresh) != ZT_OK)
        rc = zt_fault_set(fault, ZT_E_NOMEM, "quarantine.write", q->path, "out of memory");
    return rc;
}

enum zt_err zt_quarantine_add(struct zt_quarantine *q, const struct zt_row *row, const char *place,
                              const struct zt_fault *why, struct zt_fault *fault)
{
    json_t *about = describe(q, row, place, why);
    char *text = about ? json_dumps(about, JSON_COMPACT) : NULL;
    if (text && strlen(text) > LINE_LIMIT && json_object_set_new(about, "row", json_object()) == 0) {
        free(text); // a row of very many columns: its place has to do
        text = json_dumps(about, JSON_COMPACT);
    }
    enum zt_err rc = text ? add_text(q, text, fault)
                          : zt_fault_set(fault, ZT_E_NOMEM, "quarantine.write", q->path, "out of memory");
    free(text);
    json_decref(about);
    return rc;
}

enum zt_err zt_quarantine_sync(struct zt_quarantine *q, struct zt_fault *fault)
{
    if (!q->dirty)
        return ZT_OK;
    if (fdatasync(q->fd) != 0)
        return zt_fault_errno(fault, "quarantine.write", q->path, "cannot be made safe");
    q->dirty = false;
    return ZT_OK;
}

uint64_t zt_quarantine_count(const struct zt_quarantine *q)
{
    return q->seen.count;
}

void zt_quarantine_close(struct zt_quarantine **q)
{
    if (!q || !*q)
        return;
    if ((*q)->fd >= 0)
        close((*q)->fd);
    zt_idset_fini(&(*q)->seen);
    free((*q)->path);
    free((*q)->stream);
    free(*q);
    *q = NULL;
}
