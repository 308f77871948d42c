// SPDX-License-Identifier: Apache-2.0
#include "broker/store/row.h"

#include <string.h>

#include "base/crypto/hash.h"

#define ROW_VERSION 1
#define CHECK_LEN   (ZT_ROW_HEAD - 1)

static enum zt_err check_of(enum zt_kv_db db, struct zt_bytes key, struct zt_bytes body,
                            uint8_t out[static ZT_HASH_LEN])
{
    uint8_t fence[3] = {0, (uint8_t)(key.len >> 8), (uint8_t)key.len};
    struct zt_bytes parts[] = {zt_bytes_str(zt_kv_db_name(db)), {fence, sizeof fence}, key, body};
    return zt_hash_parts(db == ZT_DB_LOG ? ZT_SHA256 : ZT_SM3, parts, sizeof parts / sizeof parts[0], out);
}

void zt_kv_row_put(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key, struct zt_bytes body,
                   struct zt_buf *scratch)
{
    uint8_t check[ZT_HASH_LEN];
    enum zt_err rc = check_of(db, key, body, check);
    zt_buf_reset(scratch);
    zt_buf_put_u8(scratch, ROW_VERSION);
    zt_buf_put(scratch, check, CHECK_LEN);
    zt_buf_put(scratch, body.data, body.len);
    if (rc == ZT_OK)
        rc = scratch->err;
    if (rc != ZT_OK)
        zt_kv_fail(txn, rc);
    else
        zt_kv_put(txn, db, key, zt_buf_bytes(scratch));
}

enum zt_err zt_kv_row_open(enum zt_kv_db db, struct zt_bytes key, struct zt_bytes value,
                           struct zt_bytes *body)
{
    if (value.len < ZT_ROW_HEAD || value.data[0] != ROW_VERSION)
        return ZT_E_CORRUPT;
    struct zt_bytes inner = {value.data + ZT_ROW_HEAD, value.len - ZT_ROW_HEAD};
    uint8_t check[ZT_HASH_LEN];
    enum zt_err rc = check_of(db, key, inner, check);
    if (rc != ZT_OK)
        return rc;
    if (memcmp(check, value.data + 1, CHECK_LEN) != 0)
        return ZT_E_CORRUPT;
    *body = inner;
    return ZT_OK;
}

enum zt_err zt_kv_row_get(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key, struct zt_bytes *body)
{
    struct zt_bytes value;
    enum zt_err rc = zt_kv_get(txn, db, key, &value);
    return rc == ZT_OK ? zt_kv_row_open(db, key, value, body) : rc;
}

const uint8_t *zt_take_bytes(struct zt_take *take, size_t len)
{
    if (take->bad || take->rest.len < len) {
        take->bad = true;
        return NULL;
    }
    const uint8_t *at = take->rest.data;
    take->rest.data += len;
    take->rest.len -= len;
    return at;
}

uint64_t zt_take_be(struct zt_take *take, size_t width)
{
    const uint8_t *at = zt_take_bytes(take, width);
    uint64_t value = 0;
    for (size_t i = 0; at && i < width; i++)
        value = value << 8 | at[i];
    return value;
}
