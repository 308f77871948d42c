// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "broker/store/internal.h"
#include "broker/store/row.h"

static void encode(const struct zt_source_row *row, struct zt_buf *out)
{
    zt_buf_reset(out);
    zt_buf_put_be64(out, row->seq);
    zt_buf_put_be64(out, (uint64_t)row->last_batch);
    zt_buf_put_be64(out, (uint64_t)row->last_heartbeat);
    zt_buf_put_be64(out, (uint64_t)row->complete_as_of);
    zt_buf_put_be64(out, row->records);
    zt_buf_put_be64(out, row->rejected);
    zt_buf_put_be64(out, row->ignored);
    zt_buf_put_be64(out, row->quarantined);
    zt_buf_put(out, row->cursor, row->cursor_len);
}

static enum zt_err parse(struct zt_bytes body, struct zt_source_row *out)
{
    struct zt_take take = {.rest = body};
    struct zt_source_row row = {.seq = zt_take_be(&take, 8)};
    row.last_batch = (int64_t)zt_take_be(&take, 8);
    row.last_heartbeat = (int64_t)zt_take_be(&take, 8);
    row.complete_as_of = (int64_t)zt_take_be(&take, 8);
    row.records = zt_take_be(&take, 8);
    row.rejected = zt_take_be(&take, 8);
    row.ignored = zt_take_be(&take, 8);
    row.quarantined = zt_take_be(&take, 8);
    if (take.bad || take.rest.len > sizeof row.cursor)
        return ZT_E_CORRUPT;
    row.cursor_len = take.rest.len;
    if (row.cursor_len > 0)
        memcpy(row.cursor, take.rest.data, row.cursor_len);
    *out = row;
    return ZT_OK;
}

static enum zt_err get(struct zt_kv_txn *txn, const char *source, struct zt_source_row *row)
{
    struct zt_store_key key;
    struct zt_bytes body;
    zt_store_key_source(source, &key);
    enum zt_err rc = zt_kv_row_get(txn, ZT_DB_SOURCES, zt_store_key_bytes(&key), &body);
    return rc == ZT_OK ? parse(body, row) : rc;
}

void zt_store_put_source(struct zt_store_write *txn, const char *source, const struct zt_source_row *row)
{
    struct zt_store_key key;
    if (row->cursor_len > sizeof row->cursor) {
        zt_kv_fail(txn->txn, ZT_E_BUG);
        return;
    }
    zt_store_key_source(source, &key);
    encode(row, &txn->body);
    zt_kv_row_put(txn->txn, ZT_DB_SOURCES, zt_store_key_bytes(&key), zt_buf_bytes(&txn->body), &txn->row);
}

enum zt_err zt_store_get_source(struct zt_store_write *txn, const char *source, struct zt_source_row *row)
{
    return get(txn->txn, source, row);
}

enum zt_err zt_store_source(struct zt_store_read *read, const char *source, struct zt_source_row *row)
{
    return read->live ? get(read->txn, source, row) : ZT_E_STATE;
}

void zt_store_put_applied(struct zt_store_write *txn, uint32_t partition, uint64_t log_seq)
{
    struct zt_store_key key;
    zt_store_key_meta_of("applied", partition, &key);
    zt_buf_reset(&txn->body);
    zt_buf_put_be64(&txn->body, log_seq);
    zt_kv_row_put(txn->txn, ZT_DB_META, zt_store_key_bytes(&key), zt_buf_bytes(&txn->body), &txn->row);
}

enum zt_err zt_store_get_applied(struct zt_store_write *txn, uint32_t partition, uint64_t *log_seq)
{
    struct zt_store_key key;
    struct zt_bytes body = {0};
    zt_store_key_meta_of("applied", partition, &key);
    enum zt_err rc = zt_kv_row_get(txn->txn, ZT_DB_META, zt_store_key_bytes(&key), &body);
    struct zt_take take = {.rest = body};
    uint64_t value = rc == ZT_OK ? zt_take_be(&take, 8) : 0;
    if (rc == ZT_OK && (take.bad || take.rest.len != 0))
        rc = ZT_E_CORRUPT;
    if (rc == ZT_OK || rc == ZT_E_ABSENT)
        *log_seq = value;
    return rc == ZT_E_ABSENT ? ZT_OK : rc;
}
