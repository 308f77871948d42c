// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "broker/ledger/journal.h"

#define RULE_DAMAGE "ledger.damage"

// Bytes that a torn append can have left behind the last whole one, and one whole append after them.
#define SEARCH (2 * ZT_APPEND_BYTES + ZT_JOURNAL_HEAD)

static enum zt_err read_at(int fd, uint64_t offset, size_t want, uint8_t *out, size_t *got)
{
    size_t have = 0;
    while (have < want) {
        ssize_t n = pread(fd, out + have, want - have, (off_t)(offset + have));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ZT_E_IO;
        if (n == 0)
            break;
        have += (size_t)n;
    }
    *got = have;
    return ZT_OK;
}

// Does a record of an append follow the one before it?
static bool fits(const struct zt_journal_record *record, uint32_t expected, bool inside)
{
    return inside ? !record->first && record->follow == expected : record->first;
}

// Reads whole appends from the cursor; stops at the first place that is not one.
static enum zt_err pass_appends(struct zt_cursor *cursor, struct zt_journal_end *end)
{
    uint32_t expected = 0;
    bool inside = false;
    uint64_t begin = cursor->offset;
    for (;;) {
        struct zt_journal_record record;
        enum zt_err rc = zt_cursor_next(cursor, true, &record);
        if (rc == ZT_OK && !fits(&record, expected, inside))
            rc = ZT_E_CORRUPT;
        if (rc == ZT_E_ABSENT || rc == ZT_E_CORRUPT)
            return ZT_OK;
        if (rc != ZT_OK)
            return rc;
        inside = record.follow > 0;
        expected = inside ? record.follow - 1 : 0;
        if (inside)
            continue;
        end->last_append = begin;
        end->next = cursor->index;
        end->offset = begin = cursor->offset;
    }
}

// Is there a whole append at the start of `bytes`, if its first entry has this index?
static bool whole_append(const uint8_t *salt, struct zt_bytes bytes, uint64_t index)
{
    uint32_t expected = 0;
    bool inside = false;
    for (;;) {
        struct zt_journal_record record;
        if (zt_record_get(bytes, &record) != ZT_OK || !fits(&record, expected, inside) ||
            zt_journal_record_check(salt, index, &record) != ZT_OK)
            return false;
        if (record.follow == 0)
            return true;
        inside = true;
        expected = record.follow - 1;
        index++;
        bytes.data += ZT_JOURNAL_HEAD + record.entry.len;
        bytes.len -= ZT_JOURNAL_HEAD + record.entry.len;
    }
}

// The torn append had 1..ZT_LEDGER_APPEND records, so the one behind it begins at one of that many indexes.
static bool append_behind(const uint8_t *salt, struct zt_bytes bytes, uint64_t index)
{
    struct zt_journal_record record;
    uint64_t begin;
    if (zt_record_get(bytes, &record) != ZT_OK || !record.first ||
        zt_record_index(salt, &record, &begin) != ZT_OK)
        return false;
    return begin > index && begin - index <= ZT_LEDGER_APPEND && whole_append(salt, bytes, begin);
}

static bool all_zero(struct zt_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i])
            return false;
    return true;
}

// Bytes further behind the end than one append reaches cannot come from a torn one.
static enum zt_err check_far(int fd, uint64_t offset, uint8_t *room)
{
    size_t got = SEARCH;
    while (got == SEARCH) {
        enum zt_err rc = read_at(fd, offset, SEARCH, room, &got);
        if (rc != ZT_OK)
            return rc;
        if (!all_zero((struct zt_bytes){room, got}))
            return ZT_E_CORRUPT;
        offset += got;
    }
    return ZT_OK;
}

static enum zt_err check_near(const struct zt_cursor *cursor, struct zt_bytes tail, uint64_t next)
{
    size_t reach = tail.len < ZT_APPEND_BYTES ? tail.len : ZT_APPEND_BYTES;
    for (size_t i = 1; i < reach; i++)
        if (append_behind(cursor->salt, (struct zt_bytes){tail.data + i, tail.len - i}, next))
            return ZT_E_CORRUPT;
    return ZT_OK;
}

// What stands behind the last whole append: nothing, a torn append (counted in end->cut), or damage.
static enum zt_err judge_tail(const struct zt_cursor *cursor, struct zt_journal_end *end)
{
    uint8_t *room = malloc(SEARCH);
    size_t got;
    struct stat info;
    if (!room)
        return ZT_E_NOMEM;
    enum zt_err rc = fstat(cursor->fd, &info) == 0 ? ZT_OK : ZT_E_IO;
    if (rc == ZT_OK)
        rc = check_far(cursor->fd, end->offset + ZT_APPEND_BYTES, room);
    if (rc == ZT_OK)
        rc = read_at(cursor->fd, end->offset, SEARCH, room, &got);
    if (rc == ZT_OK && !all_zero((struct zt_bytes){room, got})) {
        rc = check_near(cursor, (struct zt_bytes){room, got}, end->next);
        end->cut = (uint64_t)info.st_size - end->offset;
    }
    free(room);
    return rc;
}

static enum zt_err report(struct zt_fault *fault, enum zt_err rc, const char *dir,
                          const struct zt_journal_end *end)
{
    char path[PATH_MAX], place[ZT_ENTRY_MAX];
    zt_segment_path(dir, end->first, path);
    (void)!snprintf(place, sizeof place, "%.*s:%" PRIu64, 200, path, end->offset);
    if (rc != ZT_E_CORRUPT)
        return zt_fault_set(fault, rc, "ledger.segment", place, "the journal cannot be read");
    return zt_fault_set(fault, rc, RULE_DAMAGE, place,
                        "entry %" PRIu64
                        " of the journal is damaged and acknowledged entries follow it; restore "
                        "the segment from a copy, nothing was changed",
                        end->next);
}

enum zt_err zt_journal_find_end(const char *dir, struct zt_journal_end *end, struct zt_fault *fault)
{
    struct zt_segments segments;
    struct zt_cursor cursor = ZT_CURSOR_CLOSED;
    enum zt_err rc = zt_segments_list(dir, &segments, fault);
    if (rc != ZT_OK)
        return rc;
    if (segments.count == 0)
        return ZT_E_ABSENT;
    struct zt_journal_end found = {.first = segments.firsts[segments.count - 1]};
    zt_segments_fini(&segments);
    rc = zt_cursor_open(&cursor, dir, found.first, fault);
    if (rc != ZT_OK)
        goto out;
    found.next = found.first;
    found.offset = found.last_append = cursor.offset;
    rc = pass_appends(&cursor, &found);
    if (rc == ZT_OK)
        rc = judge_tail(&cursor, &found);
    if (rc == ZT_OK)
        *end = found;
    else
        rc = report(fault, rc, dir, &found);
out:
    zt_cursor_close(&cursor);
    return rc;
}

// A process that saw fdatasync fail has ended, but the kernel may have marked the pages clean: writing the
// same bytes again makes them dirty, and the fdatasync of now tells the truth about them.
static enum zt_err write_again(int fd, const struct zt_journal_end *end)
{
    size_t len = (size_t)(end->offset - end->last_append), got;
    if (len == 0)
        return ZT_OK;
    uint8_t *room = malloc(len);
    if (!room)
        return ZT_E_NOMEM;
    enum zt_err rc = read_at(fd, end->last_append, len, room, &got);
    if (rc == ZT_OK && (got != len || lseek(fd, (off_t)end->last_append, SEEK_SET) < 0))
        rc = ZT_E_IO;
    if (rc == ZT_OK)
        rc = zt_write_all(fd, (struct zt_bytes){room, len});
    free(room);
    return rc;
}

enum zt_err zt_journal_mend(const char *dir, const struct zt_journal_end *end, struct zt_fault *fault)
{
    char path[PATH_MAX];
    zt_segment_path(dir, end->first, path);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return zt_fault_errno(fault, "ledger.segment", path, "cannot open the last segment for writing");
    enum zt_err rc = write_again(fd, end);
    if (rc == ZT_OK && end->cut && ftruncate(fd, (off_t)end->offset) != 0)
        rc = ZT_E_IO;
    if (rc == ZT_OK && fsync(fd) != 0)
        rc = ZT_E_IO;
    if (rc != ZT_OK)
        rc = zt_fault_errno(fault, "ledger.mend", path, "the end of the journal cannot be made durable");
    else if (end->cut)
        zt_log_warn("ZT-LEDGER-TAIL",
                    "cut %" PRIu64 " bytes of an append that was never acknowledged, at entry %" PRIu64,
                    end->cut, end->next);
    if (close(fd) != 0 && rc == ZT_OK)
        rc = zt_fault_errno(fault, "ledger.mend", path, "close failed");
    return rc;
}
