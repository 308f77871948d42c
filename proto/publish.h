// SPDX-License-Identifier: Apache-2.0
// Publishing: how an adapter hands records to the broker and learns that they are safe.
//
// A source is one ordered stream of one adapter, e.g. "civil_affairs.marriage". Life: HELLO -> WELCOME(seq,
// cursor of the last acknowledged batch) -> BATCH seq+1, seq+2, ... (several may be under way) -> ACK each
// after the commit. A batch already acknowledged is acknowledged again without effect; a gap is answered by
// ACK taken=false with rule "publish.gap", and the adapter starts again with HELLO. So are batches of any
// connection but the one that last said HELLO for the source. The cursor is the
// adapter's own note of how far it has read (at most 512 bytes); the broker stores and returns it unread.
// HEARTBEAT says "nothing new since", and, when the adapter has compared the whole source, complete_as_of.
#ifndef ZT_PROTO_PUBLISH_H
#define ZT_PROTO_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto/hash.h"
#include "base/crypto/sign.h"
#include "proto/record.h"

#define ZT_SOURCE_MAX        64
#define ZT_CURSOR_MAX        512
#define ZT_BATCH_MAX_RECORDS 1000
#define ZT_KEY_ID_MAX        64
#define ZT_PROGRAM_MAX       128 // with NUL, like the others
#define ZT_RULE_MAX          64  // as in struct zt_fault

struct zt_hello {
    const char *source;
    const char *program; // name and version, for the operator
};
struct zt_welcome {
    const char *source;
    uint64_t seq; // last acknowledged; 0 for none
    struct zt_bytes cursor;
    const char *rule; // "" or why not ("publish.unknown-source", "publish.denied")
    const char *text;
};
struct zt_batch {
    const char *source;
    uint64_t seq;             // from 1
    struct zt_bytes cursor;   // position behind the last record of this batch
    int64_t made_at;          // ms
    struct zt_bytes *records; // encoded zt_record, 1..ZT_BATCH_MAX_RECORDS
    size_t record_count;
    const char *key_id; // the department's signing key
    enum zt_sig_alg alg;
    struct zt_bytes signature; // ZT_SIG_LEN bytes
};
struct zt_heartbeat {
    const char *source;
    struct zt_bytes cursor;
    int64_t source_time;    // ms, the source's clock or ours when it has none
    int64_t complete_as_of; // ms; 0: no claim
    uint64_t rows;          // rows of the source that were read since the start
    uint64_t quarantined;
};
struct zt_reject {
    uint32_t index; // record of the batch
    const char *rule;
    const char *text;
};
struct zt_ack {
    const char *source;
    uint64_t seq;
    bool taken;        // committed and fdatasync'ed; false: nothing of it was kept, see rule
    uint32_t accepted; // new or newer
    uint32_t ignored;  // older or equal version
    struct zt_reject *rejects;
    size_t reject_count;
    const char *rule;
    const char *text;
};

// The bytes a department signs: "zt-batch-v1" ‖ 0x0a ‖ source ‖ 0x0a ‖ be64 seq ‖ be64 made_at ‖ SM3(cursor)
// ‖ be32 count ‖ SM3 tree root (RFC 6962 shape) of the records. `root` receives the tree's root.
ZT_MUST_USE enum zt_err zt_batch_signed_bytes(const struct zt_batch *batch, struct zt_buf *out,
                                              uint8_t root[static ZT_HASH_LEN]);

ZT_MUST_USE enum zt_err zt_hello_encode(const struct zt_hello *hello, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_hello_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_hello *hello,
                                       struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_welcome_encode(const struct zt_welcome *welcome, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_welcome_parse(struct zt_bytes body, struct zt_arena *arena,
                                         struct zt_welcome *welcome, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_batch_encode(const struct zt_batch *batch, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_batch_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_batch *batch,
                                       struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_heartbeat_encode(const struct zt_heartbeat *heartbeat, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_heartbeat_parse(struct zt_bytes body, struct zt_arena *arena,
                                           struct zt_heartbeat *heartbeat, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_ack_encode(const struct zt_ack *ack, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_ack_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_ack *ack,
                                     struct zt_fault *fault);
// Every encoder writes the whole frame: zt_wire_start, then the body. Parse rules: "publish.<field>",
// "reject.<field>", "wire.*".

#endif
