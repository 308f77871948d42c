// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "broker/ledger/state.h"

#define LONGEST_BELOW 128 // room for the names below the folder

static enum zt_err check_options(const struct zt_ledger_options *options, struct zt_fault *fault)
{
    size_t len = strlen(options->origin);
    if (strlen(options->dir) + LONGEST_BELOW > PATH_MAX)
        return zt_fault_set(fault, ZT_E_CONFIG, "ledger.dir", "", "the folder's name is too long");
    if (len == 0 || len >= sizeof((struct zt_ledger *)0)->origin || strpbrk(options->origin, " \t\r\n+"))
        return zt_fault_set(fault, ZT_E_CONFIG, "ledger.origin", options->dir,
                            "an origin has 1 to 127 characters and no blank and no '+'");
    return ZT_OK;
}

static enum zt_err make_folders(struct zt_ledger *ledger, const char *dir, struct zt_fault *fault)
{
    (void)!snprintf(ledger->dir, sizeof ledger->dir, "%s", dir);
    (void)!snprintf(ledger->journal_dir, sizeof ledger->journal_dir, "%s/journal", dir);
    (void)!snprintf(ledger->tiles_dir, sizeof ledger->tiles_dir, "%s/tiles", dir);
    enum zt_err rc = zt_dir_make(dir, 0700, fault);
    if (rc == ZT_OK)
        rc = zt_dir_make(ledger->journal_dir, 0700, fault);
    if (rc == ZT_OK)
        rc = zt_dir_make(ledger->tiles_dir, 0755, fault);
    return rc == ZT_OK ? zt_dir_sync(dir, fault) : rc;
}

// Two writers would fork the log.
static enum zt_err take_lock(struct zt_ledger *ledger, struct zt_fault *fault)
{
    char path[PATH_MAX + 8];
    (void)!snprintf(path, sizeof path, "%s/lock", ledger->dir);
    ledger->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (ledger->lock < 0)
        return zt_fault_errno(fault, "ledger.lock", path, "cannot open the lock");
    if (flock(ledger->lock, LOCK_EX | LOCK_NB) == 0)
        return ZT_OK;
    if (errno == EWOULDBLOCK)
        return zt_fault_set(fault, ZT_E_STATE, "ledger.lock", path, "another process has this ledger open");
    return zt_fault_errno(fault, "ledger.lock", path, "cannot lock");
}

// The first start. A journal that is gone while its checkpoint is there is found by zt_ledger_restore.
static enum zt_err provision(struct zt_ledger *ledger, struct zt_journal_end *end, struct zt_fault *fault)
{
    enum zt_err rc = zt_segment_make(ledger->journal_dir, 0, fault);
    return rc == ZT_OK ? zt_journal_find_end(ledger->journal_dir, end, fault) : rc;
}

static enum zt_err open_journal(struct zt_ledger *ledger, uint64_t segment_bytes, struct zt_fault *fault)
{
    struct zt_journal_end end;
    enum zt_err rc = zt_journal_find_end(ledger->journal_dir, &end, fault);
    if (rc == ZT_E_ABSENT)
        rc = provision(ledger, &end, fault);
    if (rc == ZT_OK)
        rc = zt_ledger_restore(ledger, end.next, fault);
    if (rc == ZT_OK)
        rc = zt_journal_mend(ledger->journal_dir, &end, fault);
    if (rc != ZT_OK)
        return rc;
    return zt_journal_open(&ledger->journal, ledger->journal_dir,
                           segment_bytes ? segment_bytes : ZT_LEDGER_SEGMENT, &end, fault);
}

enum zt_err zt_ledger_open(const struct zt_ledger_options *options, struct zt_ledger **ledger,
                           struct zt_fault *fault)
{
    enum zt_err rc = check_options(options, fault);
    if (rc != ZT_OK)
        return rc;
    struct zt_ledger *self = calloc(1, sizeof *self);
    if (!self)
        return zt_fault_set(fault, ZT_E_NOMEM, "ledger.open", options->dir, "no memory");
    self->lock = self->journal.fd = -1;
    memcpy(self->origin, options->origin, strlen(options->origin) + 1);
    atomic_init(&self->failure, ZT_OK);
    rc = make_folders(self, options->dir, fault);
    if (rc == ZT_OK)
        rc = take_lock(self, fault);
    if (rc == ZT_OK)
        rc = open_journal(self, options->segment_bytes, fault);
    if (rc != ZT_OK)
        zt_ledger_close(&self);
    else
        *ledger = self;
    return rc;
}

void zt_ledger_close(struct zt_ledger **ledger)
{
    if (!*ledger)
        return;
    zt_journal_close(&(*ledger)->journal);
    if ((*ledger)->lock >= 0)
        close((*ledger)->lock);
    free(*ledger);
    *ledger = NULL;
}

static enum zt_err grow(struct zt_edge *edge, const struct zt_bytes *entries, size_t count,
                        uint8_t (*hashes)[ZT_HASH_LEN])
{
    for (size_t i = 0; i < count; i++) {
        enum zt_err rc = zt_merkle_leaf(ZT_SHA256, entries[i], hashes[i]);
        if (rc == ZT_OK)
            rc = zt_edge_add(edge, hashes[i]);
        if (rc != ZT_OK)
            return rc;
    }
    return ZT_OK;
}

enum zt_err zt_ledger_append(struct zt_ledger *ledger, const struct zt_bytes *entries, size_t count,
                             uint64_t *first_index, uint8_t (*hashes)[ZT_HASH_LEN])
{
    enum zt_err rc = zt_ledger_failure(ledger);
    if (rc != ZT_OK || count > ZT_LEDGER_APPEND)
        return rc != ZT_OK ? rc : ZT_E_LIMIT;
    struct zt_edge edge = ledger->edge;
    uint64_t first = ledger->journal.next;
    rc = grow(&edge, entries, count, hashes);
    if (rc == ZT_OK)
        rc = zt_journal_append(&ledger->journal, entries, hashes, count);
    if (rc != ZT_OK) {
        if (ledger->journal.failed != ZT_OK)
            zt_ledger_fail(ledger, ledger->journal.failed);
        return rc;
    }
    ledger->edge = edge;
    zt_edge_box_put(&ledger->newest, &edge);
    atomic_store_explicit(&ledger->size, first + count, memory_order_release);
    *first_index = first;
    return ZT_OK;
}

uint64_t zt_ledger_size(const struct zt_ledger *ledger)
{
    return atomic_load_explicit(&ledger->size, memory_order_acquire);
}

uint64_t zt_ledger_sealed(const struct zt_ledger *ledger)
{
    return atomic_load_explicit(&ledger->sealed, memory_order_acquire);
}

enum zt_err zt_ledger_failure(const struct zt_ledger *ledger)
{
    return (enum zt_err)atomic_load_explicit(&ledger->failure, memory_order_acquire);
}

void zt_ledger_fail(struct zt_ledger *ledger, enum zt_err code)
{
    int expected = ZT_OK;
    atomic_compare_exchange_strong(&ledger->failure, &expected, (int)code);
}
