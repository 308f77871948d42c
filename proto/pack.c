// SPDX-License-Identifier: Apache-2.0
// protobuf-c over our arena and buffers. Caveats that shaped this file (protobuf-c 1.4.1): it has no limit on
// depth or objects (the scan and the arena's maximum are ours), and it may free an unknown-fields pointer
// that it never set (arena memory is zeroed, and freeing does nothing).
#include <string.h>

#include "proto/shape.h"

#define KEY_LENGTH 2 // wire type of bytes and messages

struct purse {
    struct zt_arena *arena;
    bool empty;
};

static void *purse_alloc(void *data, size_t size)
{
    struct purse *purse = data;
    void *at = zt_arena_alloc(purse->arena, size);
    if (!at)
        purse->empty = true;
    return at;
}

static void purse_free(void *data, void *pointer)
{
    (void)data;
    (void)pointer; // ends with the arena
}

static enum zt_err refuse_cost(struct zt_fault *fault)
{
    return zt_fault_set(fault, ZT_E_LIMIT, "wire.cost", "", "unpacking would take more memory than allowed");
}

enum zt_err zt_shape_unpack(const struct zt_shape *shape, struct zt_bytes in, struct zt_arena *arena,
                            void *message, struct zt_fault *fault)
{
    enum zt_err rc = zt_shape_scan(shape, in, fault);
    if (rc != ZT_OK)
        return rc;
    struct purse purse = {.arena = arena};
    ProtobufCAllocator allocator = {purse_alloc, purse_free, &purse};
    static const uint8_t nothing[1];
    ProtobufCMessage *found =
        protobuf_c_message_unpack(shape->descriptor, &allocator, in.len, in.data ? in.data : nothing);
    if (!found && purse.empty)
        return refuse_cost(fault);
    if (!found)
        return zt_fault_set(fault, ZT_E_INPUT, "wire.body", "", "the message does not unpack");
    memcpy(message, &found, sizeof found);
    return ZT_OK;
}

void zt_shape_put(const ProtobufCMessage *message, struct zt_buf *out)
{
    uint8_t *at = zt_buf_extend(out, protobuf_c_message_get_packed_size(message));
    if (at)
        protobuf_c_message_pack(message, at);
}

static void put_varint(struct zt_buf *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        zt_buf_put_u8(out, (uint8_t)(value | 0x80));
    zt_buf_put_u8(out, (uint8_t)value);
}

void zt_shape_put_element(uint32_t tag, const ProtobufCMessage *message, struct zt_buf *out)
{
    put_varint(out, (uint64_t)tag << 3 | KEY_LENGTH);
    put_varint(out, protobuf_c_message_get_packed_size(message));
    zt_shape_put(message, out);
}

enum zt_err zt_shape_end(const struct zt_shape *shape, size_t start, struct zt_buf *out)
{
    enum zt_err rc = out->err;
    if (rc == ZT_OK)
        rc = zt_shape_scan(shape, (struct zt_bytes){out->data + start, out->len - start}, NULL);
    if (rc != ZT_OK && out->len > start)
        out->len = start;
    return rc;
}

enum zt_err zt_shape_frame(const struct zt_shape *shape, enum zt_wire_type type,
                           const ProtobufCMessage *message, struct zt_buf *out)
{
    zt_wire_start(out, type);
    zt_shape_put(message, out);
    return zt_shape_frame_end(shape, type, out);
}

enum zt_err zt_shape_frame_end(const struct zt_shape *shape, enum zt_wire_type type, struct zt_buf *out)
{
    enum zt_err rc = out->len > zt_wire_max(type) ? ZT_E_LIMIT : zt_shape_end(shape, ZT_WIRE_HEAD, out);
    if (rc != ZT_OK)
        zt_buf_reset(out);
    return rc;
}

enum zt_err zt_shape_array(struct zt_arena *arena, size_t count, size_t size, void *array,
                           struct zt_fault *fault)
{
    void *at = NULL;
    if (count && (count > SIZE_MAX / size || !(at = zt_arena_alloc(arena, count * size))))
        return refuse_cost(fault);
    memcpy(array, &at, sizeof at);
    return ZT_OK;
}

enum zt_err zt_shape_bytes_list(struct zt_arena *arena, const ProtobufCBinaryData *from, size_t count,
                                struct zt_bytes **list, struct zt_fault *fault)
{
    struct zt_bytes *items = NULL;
    enum zt_err rc = zt_shape_array(arena, count, sizeof *items, &items, fault);
    if (rc != ZT_OK)
        return rc;
    for (size_t i = 0; i < count; i++)
        items[i] = zt_bytes_in(from[i]);
    *list = items;
    return ZT_OK;
}

ProtobufCBinaryData zt_fixed_out(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i])
            return (ProtobufCBinaryData){len, (uint8_t *)bytes};
    return (ProtobufCBinaryData){0, NULL};
}

void zt_fixed_in(ProtobufCBinaryData from, uint8_t *bytes, size_t len)
{
    memset(bytes, 0, len);
    if (from.len == len)
        memcpy(bytes, from.data, len);
}
