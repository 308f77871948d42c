// SPDX-License-Identifier: Apache-2.0
// Test support of proto/: every message with its twin functions behind one signature, a sample with every
// field set and one with as little as is allowed, a text dump of wire bytes, and a raw writer for bad ones.
#ifndef ZT_PROTO_CODECS_H
#define ZT_PROTO_CODECS_H

#include <protobuf-c/protobuf-c.h>

#include "proto/desk.h"
#include "proto/publish.h"
#include "proto/signer.h"
#include "proto/wire.h"

#define CODEC_VALUE_MAX 1024 // bytes of the largest struct

struct codec {
    const char *name;
    enum zt_wire_type type; // ZT_WIRE_NONE: bare body without a head
    size_t size;
    const ProtobufCMessageDescriptor *descriptor;
    enum zt_err (*encode)(const void *value, struct zt_buf *out);
    enum zt_err (*parse)(struct zt_bytes body, struct zt_arena *arena, void *value, struct zt_fault *fault);
    const void *full, *least;
};
extern const struct codec codecs[];
extern const size_t codec_count;
const struct codec *codec_named(const char *name);
size_t codec_head(const struct codec *codec); // bytes in front of the body

extern const struct zt_record sample_record;
extern const struct zt_request sample_request;
extern const struct zt_answer sample_answer;
extern const struct zt_entry sample_entry;

// The bytes as text, by the names of the .proto files: `type:"x" subjects{number:"y"} state:1`.
void dump_message(const ProtobufCMessageDescriptor *descriptor, struct zt_bytes body, struct zt_buf *out);
// Every field of the description, at any depth, stands in the bytes (of a oneof: one of them).
void assert_every_field(const ProtobufCMessageDescriptor *descriptor, struct zt_bytes body);

// Raw fields, legal or not.
void put_varint(struct zt_buf *out, uint64_t value);
void put_number(struct zt_buf *out, uint32_t tag, uint64_t value);
void put_bytes(struct zt_buf *out, uint32_t tag, struct zt_bytes bytes);
void put_filled(struct zt_buf *out, uint32_t tag, char with, size_t len);
// Copies `body` without any field `tag` (top level).
void put_without(struct zt_buf *out, struct zt_bytes body, uint32_t tag);

// The body of a sample, encoded; the caller ends `out`.
struct zt_bytes sample_body(const struct codec *codec, const void *value, struct zt_buf *out);
// Parses and expects this refusal; the value stays untouched.
void expect_refused(const struct codec *codec, struct zt_bytes body, enum zt_err code, const char *rule);
void expect_taken(const struct codec *codec, struct zt_bytes body);

// One field of a message and what it may hold; `number`: values, otherwise bytes of text (or blob).
struct limit_case {
    uint32_t tag;
    bool number;
    uint64_t min, max; // outside of these it is refused; min 0: no lower border
    const char *rule;
};
// A message inside the message, under `tag`; `sample` are bytes of it that are otherwise good.
struct nested {
    uint32_t tag;
    struct zt_bytes sample;
};
// Each border is taken, and one beyond is refused by the rule, in the sample `value` of the message; in its
// nested message unless that is NULL.
void check_limits(const struct codec *codec, const void *value, const struct nested *nested,
                  const struct limit_case *cases, size_t count);
// Without the field the message is refused by the rule.
void check_required(const struct codec *codec, const void *value, uint32_t tag, const char *rule);
// A repeated field: `max` copies of `item` are taken, one more is ZT_E_LIMIT by the rule.
void check_count(const struct codec *codec, const void *value, uint32_t tag, struct zt_bytes item, size_t max,
                 const char *rule);

#endif
