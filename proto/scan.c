// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "proto/shape.h"

enum wire_kind { KIND_VARINT = 0, KIND_FIXED64 = 1, KIND_LENGTH = 2, KIND_FIXED32 = 5 };

#define VARINT_MAX 10 // bytes of a 64-bit varint
#define LENGTH_MAX 5  // bytes of a key or a length: what protobuf-c reads

struct scan {
    uint32_t left; // fields that may still come
    uint32_t unknown;
    size_t unknown_bytes;
    unsigned depth;
    struct zt_fault *fault;
};

// One field as it stands in the bytes.
struct item {
    uint32_t tag, kind;
    uint64_t number;       // KIND_VARINT
    struct zt_bytes bytes; // KIND_LENGTH; the fixed kinds likewise
};

// Where we are inside one message: `seen` counts each field for duplicates, list limits and "required".
struct level {
    const struct zt_shape *shape;
    uint16_t seen[ZT_SHAPE_FIELDS]; // the budget of a message is less
};

static enum zt_err refuse(struct scan *scan, enum zt_err code, const char *rule, const char *text)
{
    return zt_fault_set(scan->fault, code, rule, "", "%s", text);
}

// A broken limit of a field: "<shape>.<field>"; the path is completed by trace() on the way out.
static enum zt_err refuse_field(struct scan *scan, enum zt_err code, const struct level *level,
                                const ProtobufCFieldDescriptor *field, const char *text)
{
    char rule[sizeof scan->fault->rule];
    snprintf(rule, sizeof rule, "%s.%s", level->shape->name, field->name);
    return zt_fault_set(scan->fault, code, rule, "", "%s", text);
}

// Puts "name[index]." in front of the place of a fault.
static void trace(struct scan *scan, const ProtobufCFieldDescriptor *field, uint32_t index)
{
    if (!scan->fault)
        return;
    char place[sizeof scan->fault->place];
    snprintf(place, sizeof place, "%s", scan->fault->place);
    const char *dot = place[0] ? "." : "";
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        snprintf(scan->fault->place, sizeof scan->fault->place, "%s[%" PRIu32 "]%s%.200s", field->name, index,
                 dot, place);
    else
        snprintf(scan->fault->place, sizeof scan->fault->place, "%s%s%.200s", field->name, dot, place);
}

static bool take_long_varint(struct zt_bytes *in, size_t max_len, uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < max_len && i < in->len; i++) {
        uint8_t byte = in->data[i];
        if (i == VARINT_MAX - 1 && byte > 1)
            return false;
        sum |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *value = sum;
            *in = (struct zt_bytes){in->data + i + 1, in->len - i - 1};
            return true;
        }
    }
    return false;
}

static inline bool take_varint(struct zt_bytes *in, size_t max_len, uint64_t *value)
{
    if (in->len == 0 || in->data[0] >= 0x80)
        return take_long_varint(in, max_len, value);
    *value = in->data[0]; // most keys, lengths and numbers
    in->data++;
    in->len--;
    return true;
}

static inline bool take_bytes(struct zt_bytes *in, uint64_t len, struct zt_bytes *bytes)
{
    if (len > in->len)
        return false;
    *bytes = (struct zt_bytes){in->data, (size_t)len};
    *in = (struct zt_bytes){in->data + len, in->len - (size_t)len};
    return true;
}

static inline enum zt_err take_item(struct scan *scan, struct zt_bytes *in, struct item *item)
{
    uint64_t key, len;
    if (!take_varint(in, LENGTH_MAX, &key) || key > UINT32_MAX || key >> 3 == 0)
        return refuse(scan, ZT_E_INPUT, "wire.key", "a field key is malformed");
    item->tag = (uint32_t)key >> 3;
    item->kind = (uint32_t)key & 7;
    item->bytes.len = 0;
    bool whole = false;
    switch (item->kind) {
    case KIND_VARINT:
        whole = take_varint(in, VARINT_MAX, &item->number);
        break;
    case KIND_LENGTH:
        whole = take_varint(in, LENGTH_MAX, &len) && take_bytes(in, len, &item->bytes);
        break;
    case KIND_FIXED64:
        whole = take_bytes(in, 8, &item->bytes);
        break;
    case KIND_FIXED32:
        whole = take_bytes(in, 4, &item->bytes);
        break;
    default:
        return refuse(scan, ZT_E_INPUT, "wire.kind", "groups and unknown wire types are not spoken here");
    }
    if (!whole)
        return refuse(scan, ZT_E_INPUT, "wire.length", "a field is longer than what holds it");
    return ZT_OK;
}

static enum zt_err spend(struct scan *scan)
{
    if (scan->left == 0)
        return refuse(scan, ZT_E_LIMIT, "wire.fields", "the message has too many fields");
    scan->left--;
    return ZT_OK;
}

static enum zt_err skip_unknown(struct scan *scan, const struct item *item)
{
    scan->unknown++;
    scan->unknown_bytes += item->bytes.len;
    if (scan->unknown > ZT_WIRE_UNKNOWN || scan->unknown_bytes > ZT_WIRE_UNKNOWN_BYTES)
        return refuse(scan, ZT_E_LIMIT, "wire.unknown", "too much in fields that this version does not know");
    return ZT_OK;
}

static inline enum zt_err scan_number(struct scan *scan, const struct level *level,
                                      const ProtobufCFieldDescriptor *field, uint64_t number)
{
    const struct zt_limit *limit = &level->shape->limits[field->id];
    uint64_t widest = UINT64_MAX;
    if (field->type == PROTOBUF_C_TYPE_UINT32)
        widest = UINT32_MAX;
    else if (field->type == PROTOBUF_C_TYPE_BOOL)
        widest = 1;
    if (number > widest)
        return refuse_field(scan, ZT_E_INPUT, level, field, "the number is too large for its type");
    if (field->type == PROTOBUF_C_TYPE_SINT64) // zigzag: no range, every value has its meaning
        return ZT_OK;
    if (limit->max && (number < limit->min || number > limit->max))
        return refuse_field(scan, ZT_E_INPUT, level, field, "the number is outside its range");
    return ZT_OK;
}

// Counts one more of this field; *index is its place in a list.
static inline enum zt_err count_one(struct scan *scan, struct level *level,
                                    const ProtobufCFieldDescriptor *field, size_t slot, uint32_t *index)
{
    *index = level->seen[slot]++;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        if (*index >= level->shape->limits[field->id].count)
            return refuse_field(scan, ZT_E_LIMIT, level, field, "the list has too many entries");
    } else if (*index > 0) {
        return refuse_field(scan, ZT_E_INPUT, level, field, "the field is there twice");
    }
    return ZT_OK;
}

static enum zt_err scan_packed(struct scan *scan, struct level *level, const ProtobufCFieldDescriptor *field,
                               size_t slot, struct zt_bytes list)
{
    enum zt_err rc = ZT_OK;
    uint32_t index = 0;
    while (list.len) {
        uint64_t number;
        ZT_TRY(spend(scan));
        ZT_TRY(count_one(scan, level, field, slot, &index));
        if (!take_varint(&list, VARINT_MAX, &number)) {
            rc = refuse_field(scan, ZT_E_INPUT, level, field, "the list is cut off");
            goto out;
        }
        ZT_TRY(scan_number(scan, level, field, number));
    }
out:
    if (rc != ZT_OK)
        trace(scan, field, index);
    return rc;
}

static enum zt_err scan_message(struct scan *scan, const struct zt_shape *shape, struct zt_bytes in);

// Most text is ASCII: eight bytes at a time while none has its high bit set and none is zero.
static bool is_text(struct zt_bytes text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    for (uint64_t word; text.len >= sizeof word; text.data += sizeof word, text.len -= sizeof word) {
        memcpy(&word, text.data, sizeof word);
        if ((word | ((word - ones) & ~word)) & highs)
            break;
    }
    return zt_utf8_valid(text);
}

static enum zt_err scan_bytes(struct scan *scan, const struct level *level,
                              const ProtobufCFieldDescriptor *field, struct zt_bytes bytes)
{
    const struct zt_limit *limit = &level->shape->limits[field->id];
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        if (!limit->sub || limit->sub->descriptor != field->descriptor)
            return refuse_field(scan, ZT_E_BUG, level, field, "no shape is known for this field");
        return scan_message(scan, limit->sub, bytes);
    }
    if (bytes.len > limit->max)
        return refuse_field(scan, ZT_E_LIMIT, level, field, "it is too long");
    if (bytes.len < limit->min)
        return refuse_field(scan, ZT_E_INPUT, level, field, "it is too short");
    if (field->type == PROTOBUF_C_TYPE_STRING && !is_text(bytes))
        return refuse(scan, ZT_E_INPUT, "wire.text", "the text is not UTF-8, or has a NUL in it");
    return ZT_OK;
}

// Members of one oneof share a counter: only one of them may be there.
static size_t slot_of(const ProtobufCMessageDescriptor *descriptor, const ProtobufCFieldDescriptor *field)
{
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        for (size_t i = 0; i < descriptor->n_fields; i++)
            if (descriptor->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
                descriptor->fields[i].quantifier_offset == field->quantifier_offset)
                return i;
    return (size_t)(field - descriptor->fields);
}

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessageDescriptor *descriptor, uint32_t tag)
{
    if (tag <= descriptor->n_fields && descriptor->fields[tag - 1].id == tag)
        return &descriptor->fields[tag - 1]; // tags without gaps
    return protobuf_c_message_descriptor_get_field(descriptor, tag);
}

static bool has_length(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES ||
           field->type == PROTOBUF_C_TYPE_MESSAGE;
}

static enum zt_err scan_single(struct scan *scan, struct level *level, const ProtobufCFieldDescriptor *field,
                               size_t slot, const struct item *item)
{
    enum zt_err rc;
    uint32_t index = 0;
    ZT_TRY(count_one(scan, level, field, slot, &index));
    if (item->kind != (has_length(field) ? KIND_LENGTH : KIND_VARINT))
        rc = refuse(scan, ZT_E_INPUT, "wire.kind", "the wire type does not fit the field");
    else if (has_length(field))
        rc = scan_bytes(scan, level, field, item->bytes);
    else
        rc = scan_number(scan, level, field, item->number);
out:
    if (rc != ZT_OK)
        trace(scan, field, index);
    return rc;
}

static enum zt_err scan_item(struct scan *scan, struct level *level, const struct item *item)
{
    const ProtobufCFieldDescriptor *field = field_of(level->shape->descriptor, item->tag);
    if (!field)
        return skip_unknown(scan, item);
    if (field->id >= level->shape->limit_count)
        return refuse_field(scan, ZT_E_BUG, level, field, "no limit is known for this field");
    size_t slot = slot_of(level->shape->descriptor, field);
    if (item->kind == KIND_LENGTH && field->label == PROTOBUF_C_LABEL_REPEATED && !has_length(field))
        return scan_packed(scan, level, field, slot, item->bytes);
    return scan_single(scan, level, field, slot, item);
}

static enum zt_err check_required(struct scan *scan, const struct level *level)
{
    const ProtobufCMessageDescriptor *descriptor = level->shape->descriptor;
    for (size_t i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (!level->seen[i] && field->id < level->shape->limit_count &&
            level->shape->limits[field->id].required) {
            enum zt_err rc = refuse_field(scan, ZT_E_INPUT, level, field, "it must be given");
            trace(scan, field, 0);
            return rc;
        }
    }
    return ZT_OK;
}

static enum zt_err scan_message(struct scan *scan, const struct zt_shape *shape, struct zt_bytes in)
{
    if (shape->descriptor->n_fields > ZT_SHAPE_FIELDS)
        return refuse(scan, ZT_E_BUG, "wire.schema", "the message description is larger than the scanner");
    if (scan->depth == ZT_WIRE_DEPTH)
        return refuse(scan, ZT_E_LIMIT, "wire.depth", "messages are nested too deeply");
    enum zt_err rc = ZT_OK;
    struct item item = {0};
    struct level level;
    level.shape = shape;
    memset(level.seen, 0, shape->descriptor->n_fields * sizeof *level.seen);
    scan->depth++;
    while (in.len) {
        ZT_TRY(spend(scan));
        ZT_TRY(take_item(scan, &in, &item));
        ZT_TRY(scan_item(scan, &level, &item));
    }
    rc = check_required(scan, &level);
out:
    scan->depth--;
    return rc;
}

enum zt_err zt_shape_scan(const struct zt_shape *shape, struct zt_bytes in, struct zt_fault *fault)
{
    struct scan scan = {.left = shape->fields, .fault = fault};
    return scan_message(&scan, shape, in);
}
