// SPDX-License-Identifier: Apache-2.0
// The envelope of every message, and the checks that run before any byte is parsed.
//
// Frame = 'Z' 'T' version(1) type(1) protobuf. Types are listed once, here; an unknown type or version is
// refused. Before unpacking, the bytes are scanned against the message's own description: depth at most 8, at
// most 4,096 fields for small messages (batches: their own limit), strings valid UTF-8 without NUL, lengths
// inside their parents, no unknown wire types. Unpacking allocates from the caller's arena only, whose
// maximum is the cost limit of one message.
//
// Rules: parsed structs borrow from the arena and from nothing else (bytes are copied). Encoders append to a
// zt_buf. Thread safe; no state.
#ifndef ZT_PROTO_WIRE_H
#define ZT_PROTO_WIRE_H

#include "base/buf.h"
#include "base/err.h"

#define ZT_WIRE_VERSION       1
#define ZT_WIRE_HEAD          4
#define ZT_WIRE_DEPTH         8
#define ZT_WIRE_FIELDS        4096
#define ZT_WIRE_FIELDS_ANSWER 16384 // ANSWER and DESK_ANSWER

// Longest frames, head included (wire.size): each type has one of these.
#define ZT_WIRE_MAX_SMALL  ((size_t)64 * 1024)
#define ZT_WIRE_MAX_ANSWER ((size_t)256 * 1024)
#define ZT_WIRE_MAX_BATCH  ((size_t)1024 * 1024)

enum zt_wire_type {
    ZT_WIRE_NONE = 0,
    // adapter -> intake and back (publish.h)
    ZT_WIRE_HELLO = 1,
    ZT_WIRE_WELCOME = 2,
    ZT_WIRE_BATCH = 3,
    ZT_WIRE_HEARTBEAT = 4,
    ZT_WIRE_ACK = 5,
    // consumer -> counter and back (lookup.h)
    ZT_WIRE_REQUEST = 16,
    ZT_WIRE_ANSWER = 17,
    // auditor, operator -> desk and back (desk.h)
    ZT_WIRE_DESK_REQUEST = 32,
    ZT_WIRE_DESK_ANSWER = 33,
    // broker -> signer and back (signer.h)
    ZT_WIRE_SIGN_REQUEST = 48,
    ZT_WIRE_SIGN_ANSWER = 49,
    // between the broker's own threads: append these ledger entries (ledger.h)
    ZT_WIRE_LEDGER_APPEND = 64,
    ZT_WIRE_LEDGER_APPENDED = 65,
};

// Longest frame of a type, 0 for a type that does not exist.
size_t zt_wire_max(enum zt_wire_type type);
// Splits a frame; refuses anything that is not ours ("wire.head", "wire.version", "wire.type", "wire.size").
ZT_MUST_USE enum zt_err zt_wire_open(struct zt_bytes frame, enum zt_wire_type *type, struct zt_bytes *body,
                                     struct zt_fault *fault);
// Starts a frame in `out` (reset first); the encoder of the message appends the body.
void zt_wire_start(struct zt_buf *out, enum zt_wire_type type);

#endif
