// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/ledger/journal.h"

#define WINDOW ((size_t)256 * 1024) // bytes of one read; a record is at most 1,036

static enum zt_err open_segment(const char *path, uint64_t first, int *out, uint8_t *salt,
                                struct zt_fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return zt_fault_errno(fault, "ledger.segment", path, "cannot open a segment of the journal");
    enum zt_err rc = zt_segment_salt(fd, first, salt);
    if (rc != ZT_OK) {
        close(fd);
        return zt_fault_set(fault, rc, "ledger.segment", path, "the head of the segment is damaged");
    }
    *out = fd;
    return ZT_OK;
}

enum zt_err zt_cursor_open(struct zt_cursor *cursor, const char *dir, uint64_t first, struct zt_fault *fault)
{
    int fd = -1;
    char path[PATH_MAX];
    uint8_t salt[ZT_SEGMENT_SALT];
    zt_segment_path(dir, first, path);
    uint8_t *buf = cursor->buf ? cursor->buf : malloc(WINDOW);
    if (!buf)
        return zt_fault_set(fault, ZT_E_NOMEM, "ledger.segment", path, "no memory");
    cursor->buf = buf;
    enum zt_err rc = open_segment(path, first, &fd, salt, fault);
    if (rc != ZT_OK)
        return rc;
    if (cursor->fd >= 0)
        close(cursor->fd);
    *cursor = (struct zt_cursor){.fd = fd, .buf = buf, .offset = ZT_SEGMENT_HEAD, .index = first};
    memcpy(cursor->salt, salt, sizeof salt);
    return ZT_OK;
}

void zt_cursor_close(struct zt_cursor *cursor)
{
    if (cursor->fd >= 0)
        close(cursor->fd);
    free(cursor->buf);
    *cursor = ZT_CURSOR_CLOSED;
}

void zt_cursor_seek(struct zt_cursor *cursor, uint64_t offset, uint64_t index)
{
    cursor->offset = offset;
    cursor->index = index;
    cursor->start = cursor->len = 0;
}

void zt_cursor_again(struct zt_cursor *cursor)
{
    cursor->start = cursor->len = 0;
}

// Moves the unread bytes to the front and reads behind them; *grew is false at the end of the file.
static enum zt_err fill(struct zt_cursor *cursor, bool *grew)
{
    size_t left = cursor->len - cursor->start;
    memmove(cursor->buf, cursor->buf + cursor->start, left);
    cursor->start = 0;
    cursor->len = left;
    ssize_t got;
    do
        got = pread(cursor->fd, cursor->buf + left, WINDOW - left, (off_t)(cursor->offset + left));
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return ZT_E_IO;
    cursor->len += (size_t)got;
    *grew = got > 0;
    return ZT_OK;
}

// The file ends inside a record, or after it, or in prepared zeros that are shorter than a head.
static enum zt_err at_end(const struct zt_cursor *cursor)
{
    for (size_t i = cursor->start; i < cursor->len; i++)
        if (cursor->buf[i])
            return ZT_E_CORRUPT;
    return ZT_E_ABSENT;
}

static enum zt_err take(struct zt_cursor *cursor, bool check, struct zt_journal_record *record)
{
    enum zt_err rc = check ? zt_journal_record_check(cursor->salt, cursor->index, record) : ZT_OK;
    if (rc != ZT_OK)
        return rc;
    size_t size = ZT_JOURNAL_HEAD + record->entry.len;
    cursor->start += size;
    cursor->offset += size;
    cursor->index++;
    return ZT_OK;
}

enum zt_err zt_cursor_next(struct zt_cursor *cursor, bool check, struct zt_journal_record *record)
{
    for (;;) {
        struct zt_bytes unread = {cursor->buf + cursor->start, cursor->len - cursor->start};
        enum zt_err rc = zt_record_get(unread, record);
        if (rc == ZT_OK)
            return take(cursor, check, record);
        if (rc != ZT_E_LIMIT)
            return rc;
        bool grew;
        rc = fill(cursor, &grew);
        if (rc != ZT_OK)
            return rc;
        if (!grew)
            return at_end(cursor);
    }
}
