// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "base/test_support.h"
#include "proto/codecs.h"

void put_varint(struct zt_buf *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        zt_buf_put_u8(out, (uint8_t)(value | 0x80));
    zt_buf_put_u8(out, (uint8_t)value);
}

void put_number(struct zt_buf *out, uint32_t tag, uint64_t value)
{
    put_varint(out, (uint64_t)tag << 3);
    put_varint(out, value);
}

void put_bytes(struct zt_buf *out, uint32_t tag, struct zt_bytes bytes)
{
    put_varint(out, (uint64_t)tag << 3 | 2);
    put_varint(out, bytes.len);
    zt_buf_put(out, bytes.data, bytes.len);
}

void put_filled(struct zt_buf *out, uint32_t tag, char with, size_t len)
{
    put_varint(out, (uint64_t)tag << 3 | 2);
    put_varint(out, len);
    uint8_t *at = zt_buf_extend(out, len);
    if (at)
        memset(at, with, len);
}

static uint64_t take_varint(struct zt_bytes *in)
{
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        assert_true(in->len > 0 && shift < 70);
        uint8_t byte = in->data[0];
        *in = (struct zt_bytes){in->data + 1, in->len - 1};
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

// One field of valid bytes: its tag, number or bytes.
struct raw {
    uint32_t tag;
    uint64_t number;
    struct zt_bytes bytes, whole;
};

static struct raw take_raw(struct zt_bytes *in)
{
    const uint8_t *start = in->data;
    uint64_t key = take_varint(in);
    struct raw raw = {.tag = (uint32_t)(key >> 3)};
    if ((key & 7) == 0) {
        raw.number = take_varint(in);
    } else {
        assert_int_equal(key & 7, 2);
        size_t len = (size_t)take_varint(in);
        assert_true(len <= in->len);
        raw.bytes = (struct zt_bytes){in->data, len};
        *in = (struct zt_bytes){in->data + len, in->len - len};
    }
    raw.whole = (struct zt_bytes){start, (size_t)(in->data - start)};
    return raw;
}

void put_without(struct zt_buf *out, struct zt_bytes body, uint32_t tag)
{
    while (body.len) {
        struct raw raw = take_raw(&body);
        if (raw.tag != tag)
            zt_buf_put(out, raw.whole.data, raw.whole.len);
    }
}

static void dump_number(const ProtobufCFieldDescriptor *field, uint64_t number, struct zt_buf *out)
{
    if (field->type == PROTOBUF_C_TYPE_SINT64)
        zt_buf_printf(out, "%" PRId64, (int64_t)(number >> 1) ^ -(int64_t)(number & 1));
    else
        zt_buf_printf(out, "%" PRIu64, number);
}

static void dump_value(const ProtobufCFieldDescriptor *field, const struct raw *raw, struct zt_buf *out)
{
    struct zt_bytes list = raw->bytes;
    zt_buf_printf(out, "%s%s", out->len && out->data[out->len - 1] != '{' ? " " : "", field->name);
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        zt_buf_put_u8(out, '{');
        dump_message(field->descriptor, raw->bytes, out);
        zt_buf_put_u8(out, '}');
        break;
    case PROTOBUF_C_TYPE_STRING:
        zt_buf_printf(out, ":\"%.*s\"", (int)raw->bytes.len, (const char *)raw->bytes.data);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        zt_buf_put_str(out, ":'");
        for (size_t i = 0; i < raw->bytes.len; i++)
            zt_buf_printf(out, raw->bytes.data[i] < ' ' ? "\\%o" : "%c", raw->bytes.data[i]);
        zt_buf_put_u8(out, '\'');
        break;
    default:
        zt_buf_put_u8(out, ':');
        if (!list.len)
            dump_number(field, raw->number, out);
        for (const char *comma = ""; list.len; comma = ",") { // packed
            zt_buf_put_str(out, comma);
            dump_number(field, take_varint(&list), out);
        }
    }
}

void dump_message(const ProtobufCMessageDescriptor *descriptor, struct zt_bytes body, struct zt_buf *out)
{
    while (body.len) {
        struct raw raw = take_raw(&body);
        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(descriptor, raw.tag);
        assert_non_null(field);
        dump_value(field, &raw, out);
    }
}

void assert_every_field(const ProtobufCMessageDescriptor *descriptor, struct zt_bytes body)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        bool there = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
        bool whole = field->type != PROTOBUF_C_TYPE_MESSAGE; // one element of a list is enough
        for (struct zt_bytes rest = body; rest.len;) {
            struct raw raw = take_raw(&rest);
            if (raw.tag != field->id)
                continue;
            there = true;
            if (field->type == PROTOBUF_C_TYPE_MESSAGE && !whole) {
                assert_every_field(field->descriptor, raw.bytes);
                whole = true;
            }
        }
        if (!there)
            fail_msg("%s.%s is not in the bytes", descriptor->short_name, field->name);
    }
}

struct zt_bytes sample_body(const struct codec *codec, const void *value, struct zt_buf *out)
{
    zt_buf_init(out, ZT_WIRE_MAX_BATCH * 2);
    assert_int_equal(codec->encode(value, out), ZT_OK);
    size_t head = codec_head(codec);
    return (struct zt_bytes){out->data + head, out->len - head};
}

static enum zt_err try_parse(const struct codec *codec, struct zt_bytes body, struct zt_fault *fault)
{
    uint8_t value[CODEC_VALUE_MAX], before[CODEC_VALUE_MAX];
    struct zt_arena arena;
    assert_true(codec->size <= sizeof value);
    memset(value, 0xA5, sizeof value);
    memset(before, 0xA5, sizeof before);
    zt_arena_init(&arena, 64 * ZT_WIRE_MAX_BATCH);
    *fault = (struct zt_fault){0};
    enum zt_err rc = codec->parse(body, &arena, value, fault);
    zt_arena_fini(&arena);
    if (rc != ZT_OK) {
        assert_memory_equal(value, before, sizeof value);
        assert_int_equal(fault->code, rc);
        assert_true(fault->rule[0] && fault->text[0]);
    }
    return rc;
}

void expect_refused(const struct codec *codec, struct zt_bytes body, enum zt_err code, const char *rule)
{
    struct zt_fault fault;
    enum zt_err rc = try_parse(codec, body, &fault);
    assert_string_equal(fault.rule, rule);
    assert_int_equal(rc, code);
}

void expect_taken(const struct codec *codec, struct zt_bytes body)
{
    struct zt_fault fault;
    enum zt_err rc = try_parse(codec, body, &fault);
    assert_string_equal(fault.rule, "");
    assert_int_equal(rc, ZT_OK);
}

// The message with one field set to a border: at the top, or inside a nested message `parent`.
static void put_border(struct zt_buf *out, struct zt_bytes body, const struct limit_case *border,
                       uint64_t value)
{
    put_without(out, body, border->tag);
    if (border->number)
        put_number(out, border->tag, value);
    else
        put_filled(out, border->tag, 'x', (size_t)value);
}

static void try_border(const struct codec *codec, struct zt_bytes body, const struct nested *nested,
                       const struct limit_case *border, uint64_t value, enum zt_err code)
{
    struct zt_buf inner, whole;
    zt_buf_init(&inner, ZT_WIRE_MAX_BATCH * 2);
    zt_buf_init(&whole, ZT_WIRE_MAX_BATCH * 2);
    if (nested) {
        put_border(&inner, nested->sample, border, value);
        put_without(&whole, body, nested->tag);
        put_bytes(&whole, nested->tag, zt_buf_bytes(&inner));
    } else {
        put_border(&whole, body, border, value);
    }
    if (code == ZT_OK)
        expect_taken(codec, zt_buf_bytes(&whole));
    else
        expect_refused(codec, zt_buf_bytes(&whole), code, border->rule);
    zt_buf_fini(&whole);
    zt_buf_fini(&inner);
}

void check_limits(const struct codec *codec, const void *value, const struct nested *nested,
                  const struct limit_case *cases, size_t count)
{
    struct zt_buf good;
    struct zt_bytes body = sample_body(codec, value, &good);
    for (size_t i = 0; i < count; i++) {
        const struct limit_case *border = &cases[i];
        try_border(codec, body, nested, border, border->max, ZT_OK);
        try_border(codec, body, nested, border, border->max + 1, border->number ? ZT_E_INPUT : ZT_E_LIMIT);
        if (border->min == 0)
            continue;
        try_border(codec, body, nested, border, border->min, ZT_OK);
        try_border(codec, body, nested, border, border->min - 1, ZT_E_INPUT);
    }
    zt_buf_fini(&good);
}

void check_required(const struct codec *codec, const void *value, uint32_t tag, const char *rule)
{
    struct zt_buf good, without;
    struct zt_bytes body = sample_body(codec, value, &good);
    zt_buf_init(&without, ZT_WIRE_MAX_BATCH);
    put_without(&without, body, tag);
    expect_refused(codec, zt_buf_bytes(&without), ZT_E_INPUT, rule);
    zt_buf_fini(&without);
    zt_buf_fini(&good);
}

void check_count(const struct codec *codec, const void *value, uint32_t tag, struct zt_bytes item, size_t max,
                 const char *rule)
{
    struct zt_buf good, many;
    struct zt_bytes body = sample_body(codec, value, &good);
    zt_buf_init(&many, ZT_WIRE_MAX_BATCH * 2);
    put_without(&many, body, tag);
    for (size_t i = 0; i < max; i++)
        put_bytes(&many, tag, item);
    expect_taken(codec, zt_buf_bytes(&many));
    put_bytes(&many, tag, item);
    expect_refused(codec, zt_buf_bytes(&many), ZT_E_LIMIT, rule);
    zt_buf_fini(&many);
    zt_buf_fini(&good);
}
