// SPDX-License-Identifier: Apache-2.0
// The end of an answer: its place in the ledger. The two fields have the highest tags of the message, so they
// stand last, and what the ledger hashes is the body in front of them.
#include <string.h>

#include "desk.pb-c.h"
#include "lookup.pb-c.h"
#include "proto/desk.h"
#include "proto/lookup.h"
#include "proto/shape.h"
#include "proto/wire.h"

static void put_answer(struct zt_buf *out, uint64_t index, const uint8_t hash[static ZT_HASH_LEN])
{
    Zt__V1__AnswerPb pb = ZT__V1__ANSWER_PB__INIT;
    pb.ledger_index = index;
    pb.ledger_hash = zt_fixed_out(hash, ZT_HASH_LEN);
    zt_shape_put(&pb.base, out);
}

static void put_desk_answer(struct zt_buf *out, uint64_t index, const uint8_t hash[static ZT_HASH_LEN])
{
    Zt__V1__DeskAnswerPb pb = ZT__V1__DESK_ANSWER_PB__INIT;
    pb.ledger_index = index;
    pb.ledger_hash = zt_fixed_out(hash, ZT_HASH_LEN);
    zt_shape_put(&pb.base, out);
}

// The frame has grown from `start`; when it does not fit any more it is as it was.
static enum zt_err keep(struct zt_buf *frame, size_t start, enum zt_wire_type type)
{
    enum zt_err rc = frame->err;
    if (rc == ZT_OK && frame->len > zt_wire_max(type))
        rc = ZT_E_LIMIT;
    if (rc != ZT_OK)
        frame->len = start;
    return rc;
}

enum zt_err zt_answer_seal(struct zt_buf *frame, uint64_t index, const uint8_t hash[static ZT_HASH_LEN])
{
    size_t start = frame->len;
    put_answer(frame, index, hash);
    return keep(frame, start, ZT_WIRE_ANSWER);
}

enum zt_err zt_desk_answer_seal(struct zt_buf *frame, uint64_t index, const uint8_t hash[static ZT_HASH_LEN])
{
    size_t start = frame->len;
    put_desk_answer(frame, index, hash);
    return keep(frame, start, ZT_WIRE_DESK_ANSWER);
}

// Takes the seal off the end of the body; frees it.
static enum zt_err take_off(struct zt_bytes body, struct zt_buf *seal, struct zt_bytes *unsealed)
{
    enum zt_err rc = seal->err;
    if (rc == ZT_OK && (seal->len > body.len ||
                        (seal->len && memcmp(body.data + body.len - seal->len, seal->data, seal->len) != 0)))
        rc = ZT_E_INPUT;
    if (rc == ZT_OK)
        *unsealed = (struct zt_bytes){body.data, body.len - seal->len};
    zt_buf_fini(seal);
    return rc;
}

enum zt_err zt_answer_unsealed(struct zt_bytes body, const struct zt_answer *answer,
                               struct zt_bytes *unsealed)
{
    struct zt_buf seal;
    zt_buf_init(&seal, ZT_HASH_LEN * 2);
    put_answer(&seal, answer->ledger_index, answer->ledger_hash);
    return take_off(body, &seal, unsealed);
}

enum zt_err zt_desk_answer_unsealed(struct zt_bytes body, const struct zt_desk_answer *answer,
                                    struct zt_bytes *unsealed)
{
    struct zt_buf seal;
    zt_buf_init(&seal, ZT_HASH_LEN * 2);
    put_desk_answer(&seal, answer->ledger_index, answer->ledger_hash);
    return take_off(body, &seal, unsealed);
}
