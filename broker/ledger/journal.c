// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum zt_err open_segment(struct zt_journal *journal, uint64_t first, struct zt_fault *fault)
{
    char path[PATH_MAX];
    uint8_t salt[ZT_SEGMENT_SALT];
    zt_segment_path(journal->dir, first, path);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return zt_fault_errno(fault, "ledger.segment", path, "cannot open the segment for writing");
    enum zt_err rc = zt_segment_salt(fd, first, salt);
    if (rc != ZT_OK) {
        close(fd);
        return zt_fault_set(fault, rc, "ledger.segment", path, "the head of the segment is damaged");
    }
    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = fd;
    journal->first = first;
    memcpy(journal->salt, salt, sizeof salt);
    return ZT_OK;
}

enum zt_err zt_journal_open(struct zt_journal *journal, const char *dir, uint64_t segment_bytes,
                            const struct zt_journal_end *end, struct zt_fault *fault)
{
    *journal = (struct zt_journal){.fd = -1, .next = end->next, .offset = end->offset};
    journal->segment_bytes = segment_bytes;
    if (strlen(dir) >= sizeof journal->dir)
        return zt_fault_set(fault, ZT_E_LIMIT, "ledger.journal", dir, "the folder's name is too long");
    memcpy(journal->dir, dir, strlen(dir) + 1);
    journal->batch = malloc(ZT_APPEND_BYTES);
    if (!journal->batch)
        return zt_fault_set(fault, ZT_E_NOMEM, "ledger.journal", dir, "no memory");
    enum zt_err rc = open_segment(journal, end->first, fault);
    if (rc != ZT_OK)
        zt_journal_close(journal);
    return rc;
}

void zt_journal_close(struct zt_journal *journal)
{
    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = -1;
    free(journal->batch);
    journal->batch = NULL;
}

static enum zt_err check_entries(const struct zt_bytes *entries, size_t count)
{
    if (count == 0 || count > ZT_LEDGER_APPEND)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < count; i++)
        if (entries[i].len == 0 || entries[i].len > ZT_ENTRY_MAX)
            return ZT_E_LIMIT;
    return ZT_OK;
}

static size_t pack(struct zt_journal *journal, const struct zt_bytes *entries, uint8_t (*leaves)[ZT_HASH_LEN],
                   size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        struct zt_journal_record record = {entries[i], i == 0, (uint32_t)(count - 1 - i), {0}};
        memcpy(record.leaf, leaves[i], ZT_HASH_LEN);
        len += zt_record_put(journal->salt, journal->next + i, &record, journal->batch + len);
    }
    return len;
}

// One pwrite; the kernel may still write less (a full disk, a signal), then the rest follows.
static enum zt_err write_batch(const struct zt_journal *journal, size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t n = pwrite(journal->fd, journal->batch + done, len - done, (off_t)(journal->offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ZT_E_IO;
        done += (size_t)n;
    }
    return fdatasync(journal->fd) == 0 ? ZT_OK : ZT_E_IO;
}

// Begins a new segment. What was prepared behind the last entry of the old one goes.
static enum zt_err roll(struct zt_journal *journal)
{
    if (ftruncate(journal->fd, (off_t)journal->offset) != 0)
        return ZT_E_IO;
    enum zt_err rc = zt_segment_make(journal->dir, journal->next, NULL);
    if (rc == ZT_OK)
        rc = open_segment(journal, journal->next, NULL);
    if (rc == ZT_OK)
        journal->offset = ZT_SEGMENT_HEAD;
    return rc;
}

enum zt_err zt_journal_append(struct zt_journal *journal, const struct zt_bytes *entries,
                              uint8_t (*leaves)[ZT_HASH_LEN], size_t count)
{
    enum zt_err rc = check_entries(entries, count);
    if (journal->failed != ZT_OK || rc != ZT_OK)
        return journal->failed != ZT_OK ? journal->failed : rc;
    if (journal->offset >= journal->segment_bytes && journal->offset > ZT_SEGMENT_HEAD) {
        rc = journal->failed = roll(journal);
        if (rc != ZT_OK)
            return rc;
    }
    size_t len = pack(journal, entries, leaves, count);
    rc = journal->failed = write_batch(journal, len);
    if (rc == ZT_OK) {
        journal->next += count;
        journal->offset += len;
    }
    return rc;
}
