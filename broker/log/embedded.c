// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "base/clock.h"
#include "broker/log/log.h"
#include "broker/store/internal.h"
#include "broker/store/row.h"

// The largest item: a frame and the head that item.h puts before it.
#define ITEM_MAX ((size_t)1024 * 1024 + 64 * 1024)

struct embedded {
    struct zt_log log; // first, so that a zt_log is an embedded
    struct zt_store *store;
    struct zt_buf head, row; // scratch of append
};

// The head row of a partition, under sequence 0: it survives when all entries are trimmed.
struct head {
    uint64_t first, next;
};

static enum zt_err get_head(struct zt_kv_txn *txn, uint32_t partition, struct head *head)
{
    struct zt_store_key key;
    struct zt_bytes body;
    zt_store_key_log(partition, 0, &key);
    enum zt_err rc = zt_kv_row_get(txn, ZT_DB_LOG, zt_store_key_bytes(&key), &body);
    if (rc == ZT_E_ABSENT) {
        *head = (struct head){1, 1};
        return ZT_OK;
    }
    if (rc != ZT_OK)
        return rc;
    struct zt_take take = {.rest = body};
    struct head out = {.first = zt_take_be(&take, 8)};
    out.next = zt_take_be(&take, 8);
    if (take.bad || take.rest.len != 0 || out.first == 0 || out.first > out.next)
        return ZT_E_CORRUPT;
    *head = out;
    return ZT_OK;
}

static void put_head(struct embedded *log, struct zt_kv_txn *txn, uint32_t partition, struct head head)
{
    struct zt_store_key key;
    zt_store_key_log(partition, 0, &key);
    zt_buf_reset(&log->head);
    zt_buf_put_be64(&log->head, head.first);
    zt_buf_put_be64(&log->head, head.next);
    zt_kv_row_put(txn, ZT_DB_LOG, zt_store_key_bytes(&key), zt_buf_bytes(&log->head), &log->row);
}

// The transaction under way, if it can still be committed.
static enum zt_err current(const struct embedded *log, struct zt_kv_txn **txn)
{
    if (!log->store->current)
        return ZT_E_STATE;
    *txn = log->store->current->txn;
    return zt_kv_error(*txn);
}

static enum zt_err append(struct zt_log *self, uint32_t partition, struct zt_bytes batch, uint64_t *seq)
{
    struct embedded *log = (struct embedded *)self;
    struct zt_kv_txn *txn = NULL;
    struct zt_store_key key;
    struct head head;
    enum zt_err rc;
    if (batch.len == 0 || batch.len > ITEM_MAX)
        return ZT_E_LIMIT;
    ZT_TRY(current(log, &txn));
    ZT_TRY(get_head(txn, partition, &head));
    zt_store_key_log(partition, head.next, &key);
    zt_kv_row_put(txn, ZT_DB_LOG, zt_store_key_bytes(&key), batch, &log->row);
    put_head(log, txn, partition, (struct head){head.first, head.next + 1});
    ZT_TRY(zt_kv_error(txn));
    *seq = head.next;
out:
    return rc;
}

static enum zt_err each_entry(struct zt_kv_cursor *cursor, uint32_t partition, uint64_t from, uint32_t max,
                              zt_log_each *each, void *arg)
{
    struct zt_store_key start;
    struct zt_bytes key, value;
    zt_store_key_log(partition, from, &start);
    enum zt_err rc = zt_kv_seek(cursor, zt_store_key_bytes(&start), &key, &value);
    for (uint32_t i = 0; rc == ZT_OK && i < max; i++) {
        struct zt_log_entry entry;
        uint32_t at_partition;
        if (!zt_store_key_log_parse(key, &at_partition, &entry.seq))
            return ZT_E_CORRUPT;
        if (at_partition != partition)
            return ZT_OK;
        if (entry.seq != from + i)
            return ZT_E_CORRUPT;
        rc = zt_kv_row_open(ZT_DB_LOG, key, value, &entry.batch);
        if (rc == ZT_OK)
            rc = each(arg, &entry);
        // Not past what was asked for: the next row may be broken, and nobody wants it yet.
        if (rc == ZT_OK && i + 1 < max)
            rc = zt_kv_next(cursor, &key, &value);
    }
    return rc == ZT_E_ABSENT ? ZT_OK : rc;
}

static enum zt_err read_entries(struct zt_log *self, uint32_t partition, uint64_t from, uint32_t max,
                                zt_log_each *each, void *arg)
{
    struct embedded *log = (struct embedded *)self;
    struct zt_kv_txn *txn = NULL;
    struct zt_kv_cursor *cursor = NULL;
    struct head head;
    if (from == 0)
        return ZT_E_INPUT;
    enum zt_err rc;
    ZT_TRY(zt_kv_begin(log->store->kv, false, &txn));
    ZT_TRY(get_head(txn, partition, &head));
    if (from < head.first) {
        rc = ZT_E_ABSENT;
        goto out;
    }
    if (from >= head.next || max == 0)
        goto out;
    ZT_TRY(zt_kv_cursor_open(txn, ZT_DB_LOG, &cursor));
    rc = each_entry(cursor, partition, from, max, each, arg);
out:
    zt_kv_cursor_close(&cursor);
    zt_kv_abort(&txn);
    return rc;
}

static enum zt_err next_of(struct embedded *log, uint32_t partition, uint64_t *next)
{
    struct zt_kv_txn *txn = NULL;
    struct head head;
    enum zt_err rc = zt_kv_begin(log->store->kv, false, &txn);
    if (rc == ZT_OK)
        rc = get_head(txn, partition, &head);
    zt_kv_abort(&txn);
    if (rc == ZT_OK)
        *next = head.next;
    return rc;
}

static enum zt_err wait_for(struct zt_log *self, uint32_t partition, uint64_t seq, int timeout_ms)
{
    struct embedded *log = (struct embedded *)self;
    int64_t end = zt_monotonic_ms() + timeout_ms;
    for (;;) {
        uint64_t seen = zt_bell_count(log->store->committed);
        uint64_t next;
        enum zt_err rc = next_of(log, partition, &next);
        if (rc != ZT_OK || next > seq)
            return rc;
        int64_t left = end - zt_monotonic_ms();
        rc = zt_bell_wait(log->store->committed, seen, left > 0 ? (int)left : 0);
        if (rc != ZT_OK)
            return rc;
    }
}

static enum zt_err trim(struct zt_log *self, uint32_t partition, uint64_t seq)
{
    struct embedded *log = (struct embedded *)self;
    struct zt_kv_txn *txn = NULL;
    struct head head;
    enum zt_err rc;
    ZT_TRY(current(log, &txn));
    ZT_TRY(get_head(txn, partition, &head));
    if (seq > head.next)
        return ZT_E_INPUT;
    if (seq <= head.first)
        return ZT_OK;
    for (int i = 0; i < ZT_LOG_TRIM_MAX && head.first < seq; i++) {
        struct zt_store_key key;
        zt_store_key_log(partition, head.first++, &key);
        zt_kv_del(txn, ZT_DB_LOG, zt_store_key_bytes(&key));
    }
    put_head(log, txn, partition, head);
    rc = zt_kv_error(txn);
out:
    return rc;
}

static void close_log(struct zt_log **self)
{
    struct embedded *log = (struct embedded *)*self;
    *self = NULL;
    if (!log)
        return;
    zt_buf_fini(&log->head);
    zt_buf_fini(&log->row);
    free(log);
}

static const struct zt_log_ops ops = {
    .name = "embedded",
    .append = append,
    .read = read_entries,
    .wait = wait_for,
    .trim = trim,
    .close = close_log,
};

enum zt_err zt_log_embedded_open(struct zt_store *store, struct zt_log **log)
{
    struct embedded *new = calloc(1, sizeof *new);
    if (!new)
        return ZT_E_NOMEM;
    new->log.ops = &ops;
    new->store = store;
    zt_buf_init(&new->head, 64);
    zt_buf_init(&new->row, ITEM_MAX + ZT_ROW_HEAD);
    *log = &new->log;
    return ZT_OK;
}
