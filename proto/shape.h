// SPDX-License-Identifier: Apache-2.0
// Private to proto/: the limits of every message as tables, checked on the wire bytes themselves.
//
// A shape is a generated message description plus one limit per field. zt_shape_scan walks the bytes against
// it before anything is allocated; encoders run the same walk over what they wrote, so a twin never emits
// what its other half would refuse. A broken limit is named "<shape>.<field>"; rules of the encoding itself
// are named "wire.*". Thread safe; tables are constant.
#ifndef ZT_PROTO_SHAPE_H
#define ZT_PROTO_SHAPE_H

#include <protobuf-c/protobuf-c.h>

#include "base/buf.h"
#include "base/err.h"
#include "proto/wire.h"

#define ZT_WIRE_UNKNOWN       32   // fields of a newer version of ours, per frame
#define ZT_WIRE_UNKNOWN_BYTES 4096 // and their bytes together
#define ZT_SHAPE_FIELDS       32   // fields of one message description

struct zt_limit {
    uint64_t min, max;          // length of text, bytes or message; value of an unsigned number (max 0: any)
    uint32_t count;             // repeated: how many
    bool required;              // must be there (proto3 leaves zeros out, so: must not be zero)
    const struct zt_shape *sub; // message fields
};

struct zt_shape {
    const char *name;
    const ProtobufCMessageDescriptor *descriptor;
    const struct zt_limit *limits; // by tag; entry 0 is not used
    uint32_t limit_count;          // highest tag + 1
    uint16_t fields;               // budget of one whole message, nested and packed ones included
};

#define ZT_SHAPE(title, prefix, table, budget)                                                               \
    {                                                                                                        \
        .name = title, .descriptor = &zt__v1__##prefix##__descriptor, .limits = table,                       \
        .limit_count = sizeof(table) / sizeof *(table), .fields = budget                                     \
    }

// Checks `in` against `shape` without allocating: wire types, lengths, UTF-8, limits, budget, depth.
ZT_MUST_USE enum zt_err zt_shape_scan(const struct zt_shape *shape, struct zt_bytes in,
                                      struct zt_fault *fault);

// Scan, then unpack into the arena. `*message` is the generated struct.
ZT_MUST_USE enum zt_err zt_shape_unpack(const struct zt_shape *shape, struct zt_bytes in,
                                        struct zt_arena *arena, void *message, struct zt_fault *fault);

// Appends the packed message; errors stay in the buffer (sticky).
void zt_shape_put(const ProtobufCMessage *message, struct zt_buf *out);
// The same as element of a repeated field `tag` of a message that is written in parts.
void zt_shape_put_element(uint32_t tag, const ProtobufCMessage *message, struct zt_buf *out);
// Ends a message that starts at `start`: scans what was written; on any error cuts it off again.
ZT_MUST_USE enum zt_err zt_shape_end(const struct zt_shape *shape, size_t start, struct zt_buf *out);
// Ends a frame: length of its type, then like zt_shape_end; the buffer is empty after an error.
ZT_MUST_USE enum zt_err zt_shape_frame_end(const struct zt_shape *shape, enum zt_wire_type type,
                                           struct zt_buf *out);
// A whole frame at once: head, message, end.
ZT_MUST_USE enum zt_err zt_shape_frame(const struct zt_shape *shape, enum zt_wire_type type,
                                       const ProtobufCMessage *message, struct zt_buf *out);

// `count` zeroed elements; ZT_E_LIMIT with rule "wire.cost" past the arena's maximum. NULL for none.
ZT_MUST_USE enum zt_err zt_shape_array(struct zt_arena *arena, size_t count, size_t size, void *array,
                                       struct zt_fault *fault);
// Bytes lists, both ways.
ZT_MUST_USE enum zt_err zt_shape_bytes_list(struct zt_arena *arena, const ProtobufCBinaryData *from,
                                            size_t count, struct zt_bytes **list, struct zt_fault *fault);

static inline char *zt_text_out(const char *text)
{
    return (char *)(text ? text : "");
}
static inline ProtobufCBinaryData zt_bytes_out(struct zt_bytes bytes)
{
    return (ProtobufCBinaryData){bytes.len, (uint8_t *)bytes.data};
}
static inline struct zt_bytes zt_bytes_in(ProtobufCBinaryData bytes)
{
    return (struct zt_bytes){bytes.data, bytes.len};
}
// A field of fixed length: all zeros is "not set" and takes no bytes.
ProtobufCBinaryData zt_fixed_out(const uint8_t *bytes, size_t len);
void zt_fixed_in(ProtobufCBinaryData from, uint8_t *bytes, size_t len);

#endif
