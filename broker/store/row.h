// SPDX-License-Identifier: Apache-2.0
// Rows that carry their own check: version (1) ‖ first 16 bytes of H(database ‖ 0 ‖ be16 key length ‖ key ‖
// body) ‖ body. LMDB has no page checksums, so whatever is read is checked, and a row that stands under
// another key or in another database than it was written for is found too.
//
// H is SM3, but SHA-256 for the log, whose rows are large and signed anyway: it costs a fifth of SM3 here.
#ifndef ZT_BROKER_STORE_ROW_H
#define ZT_BROKER_STORE_ROW_H

#include "broker/store/kv.h"

#define ZT_ROW_HEAD ((size_t)17)

// `scratch` is reused between calls. Failures stick to the transaction.
void zt_kv_row_put(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key, struct zt_bytes body,
                   struct zt_buf *scratch);
// ZT_E_ABSENT, or ZT_E_CORRUPT when the check fails; `body` is a view.
ZT_MUST_USE enum zt_err zt_kv_row_get(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key,
                                      struct zt_bytes *body);
// For a value that a cursor brought.
ZT_MUST_USE enum zt_err zt_kv_row_open(enum zt_kv_db db, struct zt_bytes key, struct zt_bytes value,
                                       struct zt_bytes *body);

// Reading a body from its front; the error is sticky, as in zt_buf.
struct zt_take {
    struct zt_bytes rest;
    bool bad;
};
uint64_t zt_take_be(struct zt_take *take, size_t width);        // at most 8 bytes
const uint8_t *zt_take_bytes(struct zt_take *take, size_t len); // NULL when there is not so much

#endif
