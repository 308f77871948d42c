// SPDX-License-Identifier: Apache-2.0
// A row of `records`: version (1) ‖ be64 log sequence ‖ be32 index ‖ seal (1) ‖ digest (32) ‖ record bytes.
// The digest is SM3(key ‖ everything before the digest ‖ SM3(record bytes)): a record of several subjects is
// hashed once, and SM3(record bytes) comes out of the check for free, for certificates to name.
#include <string.h>

#include "base/crypto/hash.h"
#include "broker/store/internal.h"
#include "broker/store/row.h"

#define ROW_VERSION 1
#define SEAL_CLEAR  0 // record bytes as the department encoded them
#define HEAD_LEN    ((size_t)14)

static enum zt_err digest_of(struct zt_bytes key, const uint8_t *head, const uint8_t *inner,
                             uint8_t out[static ZT_HASH_LEN])
{
    struct zt_bytes parts[] = {key, {head, HEAD_LEN}, {inner, ZT_HASH_LEN}};
    return zt_hash_parts(ZT_SM3, parts, 3, out);
}

enum zt_err zt_record_row_encode(struct zt_bytes key, const struct zt_record_row *row, struct zt_buf *out)
{
    zt_buf_reset(out);
    zt_buf_put_u8(out, ROW_VERSION);
    zt_buf_put_be64(out, row->log_seq);
    zt_buf_put_be32(out, row->index);
    zt_buf_put_u8(out, SEAL_CLEAR);
    uint8_t digest[ZT_HASH_LEN];
    if (out->err != ZT_OK)
        return out->err;
    enum zt_err rc = digest_of(key, out->data, row->digest, digest);
    if (rc != ZT_OK)
        return rc;
    zt_buf_put(out, digest, sizeof digest);
    zt_buf_put(out, row->encoded.data, row->encoded.len);
    return out->err;
}

enum zt_err zt_record_row_open(struct zt_bytes key, struct zt_bytes value, struct zt_record_row *row)
{
    struct zt_take take = {.rest = value};
    struct zt_record_row out;
    uint64_t version = zt_take_be(&take, 1);
    out.log_seq = zt_take_be(&take, 8);
    out.index = (uint32_t)zt_take_be(&take, 4);
    uint64_t seal = zt_take_be(&take, 1);
    const uint8_t *kept = zt_take_bytes(&take, ZT_HASH_LEN);
    if (!kept || version != ROW_VERSION || seal != SEAL_CLEAR)
        return ZT_E_CORRUPT;
    out.encoded = take.rest;
    uint8_t digest[ZT_HASH_LEN];
    enum zt_err rc;
    ZT_TRY(zt_hash_of(ZT_SM3, out.encoded, out.digest));
    ZT_TRY(digest_of(key, value.data, out.digest, digest));
    if (memcmp(kept, digest, sizeof digest) != 0)
        return ZT_E_CORRUPT;
    *row = out;
out:
    return rc;
}
