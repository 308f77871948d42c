// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/crypto/merkle.h"
#include "proto/publish.h"

#define BATCH_TITLE "zt-batch-v1\n"

static enum zt_err tree_root(const struct zt_batch *batch, uint8_t root[static ZT_HASH_LEN])
{
    enum zt_err rc;
    struct zt_edge edge;
    zt_edge_init(&edge, ZT_SM3);
    for (size_t i = 0; i < batch->record_count; i++) {
        uint8_t leaf[ZT_HASH_LEN];
        ZT_TRY(zt_merkle_leaf(ZT_SM3, batch->records[i], leaf));
        ZT_TRY(zt_edge_add(&edge, leaf));
    }
    rc = zt_edge_root(&edge, root);
out:
    return rc;
}

enum zt_err zt_batch_signed_bytes(const struct zt_batch *batch, struct zt_buf *out,
                                  uint8_t root[static ZT_HASH_LEN])
{
    enum zt_err rc;
    uint8_t tree[ZT_HASH_LEN], cursor[ZT_HASH_LEN];
    if (batch->record_count > ZT_BATCH_MAX_RECORDS)
        return ZT_E_LIMIT;
    ZT_TRY(tree_root(batch, tree));
    ZT_TRY(zt_hash_of(ZT_SM3, batch->cursor, cursor));
    zt_buf_put_str(out, BATCH_TITLE);
    zt_buf_put_str(out, batch->source);
    zt_buf_put_u8(out, '\n');
    zt_buf_put_be64(out, batch->seq);
    zt_buf_put_be64(out, (uint64_t)batch->made_at);
    zt_buf_put(out, cursor, sizeof cursor);
    zt_buf_put_be32(out, (uint32_t)batch->record_count);
    zt_buf_put(out, tree, sizeof tree);
    rc = out->err;
    if (rc == ZT_OK)
        memcpy(root, tree, ZT_HASH_LEN);
out:
    return rc;
}
