// SPDX-License-Identifier: Apache-2.0
// The scanner against a message description that has what ours never have, so that each rule can be broken.
#include <malloc.h>

#include "base/clock.h"
#include "base/test_support.h"
#include "proto/codecs.h"
#include "proto/shape.h"
#include "test.pb-c.h"

#define MIB ((size_t)1024 * 1024)

static const struct zt_shape node_shape;
static const struct zt_limit node_limits[1001] = {
    [1] = {.sub = &node_shape},
    [2] = {.count = 5, .sub = &node_shape},
    [3] = {.max = 10},
    [4] = {.min = 2, .max = 4},
    [5] = {.min = 3, .max = 9},
    [6] = {0},
    [7] = {0},
    [8] = {0},
    [9] = {.max = 100, .count = 4},
    [10] = {.min = 1, .max = 3, .count = 2},
    [11] = {.max = 5},
    [12] = {.max = 5},
    [1000] = {.max = 7},
};
static const struct zt_shape node_shape = ZT_SHAPE("node", node_pb, node_limits, 100);

// The same without limits on lists, to reach the budget and the depth.
static const struct zt_shape wide_shape;
static const struct zt_limit wide_limits[1001] = {
    [1] = {.sub = &wide_shape},
    [2] = {.count = UINT32_MAX, .sub = &wide_shape},
    [9] = {.count = UINT32_MAX},
};
static const struct zt_shape wide_shape = ZT_SHAPE("node", node_pb, wide_limits, ZT_WIRE_FIELDS);

static struct zt_buf body;

static int start(void **state)
{
    (void)state;
    zt_buf_init(&body, 4 * MIB);
    return 0;
}

static int end(void **state)
{
    (void)state;
    zt_buf_fini(&body);
    return 0;
}

static void expect(const struct zt_shape *shape, enum zt_err code, const char *rule, const char *place)
{
    struct zt_fault fault = {0};
    enum zt_err rc = zt_shape_scan(shape, zt_buf_bytes(&body), &fault);
    assert_string_equal(fault.rule, rule);
    assert_string_equal(fault.place, place);
    assert_int_equal(rc, code);
    assert_int_equal(zt_shape_scan(shape, zt_buf_bytes(&body), NULL), code);
    // What the scanner takes, the unpacker takes too.
    struct zt_arena arena;
    ProtobufCMessage *message = NULL;
    zt_arena_init(&arena, MIB);
    assert_int_equal(zt_shape_unpack(shape, zt_buf_bytes(&body), &arena, &message, NULL), code);
    assert_true((code == ZT_OK) == (message != NULL));
    zt_arena_fini(&arena);
    zt_buf_reset(&body);
}

static void taken(void)
{
    expect(&node_shape, ZT_OK, "", "");
}

static void put_hex(const char *hex)
{
    uint8_t bytes[64];
    size_t len = 0;
    for (unsigned value; sscanf(hex, "%2x", &value) == 1; hex += 2 + (hex[2] == ' '))
        bytes[len++] = (uint8_t)value;
    zt_buf_put(&body, bytes, len);
}

static void keys_and_kinds(void **state)
{
    (void)state;
    static const char *const keys[] = {"00",           "02",         "8000",        "80",
                                       "808080808001", "8080808010", "ffffffff1f00"};
    taken(); // nothing at all
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        put_hex(keys[i]);
        expect(&node_shape, ZT_E_INPUT, "wire.key", "");
    }
    for (unsigned kind = 0; kind < 8; kind++) {
        if (kind == 0 || kind == 1 || kind == 2 || kind == 5)
            continue;
        put_varint(&body, 3 << 3 | kind);
        put_varint(&body, 0);
        expect(&node_shape, ZT_E_INPUT, "wire.kind", "");
    }
    // The right kind for each field, and every other one.
    for (uint32_t tag = 1; tag <= 12; tag++) {
        bool text = tag <= 4 || tag >= 9;
        for (unsigned kind = 0; kind < 6; kind++) {
            if (kind == 3 || kind == 4 || kind == (text ? 2u : 0u) || (tag == 9 && kind == 0))
                continue;
            put_varint(&body, tag << 3 | kind);
            zt_buf_put(&body, "\0\0\0\0\0\0\0\0", kind == 1 ? 8 : kind == 5 ? 4 : 1);
            const ProtobufCFieldDescriptor *field =
                protobuf_c_message_descriptor_get_field(&zt__v1__node_pb__descriptor, tag);
            char place[64];
            snprintf(place, sizeof place, "%s%s", field->name,
                     field->label == PROTOBUF_C_LABEL_REPEATED ? "[0]" : "");
            expect(&node_shape, ZT_E_INPUT, "wire.kind", place);
        }
    }
    put_hex("9a00 01 61"); // tag 3 in two bytes: allowed, as other writers may pad lengths
    taken();
}

static void lengths(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "1a 01",                               // one byte announced, none there
        "1a 05 61 61 61 61",                   // one less than announced
        "1a ff ff ff ff 0f",                   // 4 GiB
        "1a ff ff ff ff ff 0f",                // a length of six bytes
        "1a 80",                               // a length cut off
        "28 80",                               // a number cut off
        "28 ff ff ff ff ff ff ff ff ff ff 01", // of eleven bytes
        "30 ff ff ff ff ff ff ff ff ff 02",    // of 65 bits
        "0d 00 00 00",                         // a fixed number cut off (tag 1)
        "09 00 00 00 00 00 00 00",
        "0a 03 1a 05 61", // inner field longer than the outer one
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put_hex(bad[i]);
        expect(&node_shape, ZT_E_INPUT, "wire.length", i + 1 == sizeof bad / sizeof *bad ? "child" : "");
    }
    put_hex("1a 83 80 80 80 00 61 62 63"); // padded length of five bytes
    taken();
    put_hex("30 ff ff ff ff ff ff ff ff ff 01"); // largest 64-bit number
    taken();
}

static void ranges(void **state)
{
    (void)state;
    for (uint64_t value = 0; value < 12; value++) {
        put_number(&body, 5, value);
        if (value >= 3 && value <= 9)
            taken();
        else
            expect(&node_shape, ZT_E_INPUT, "node.small", "small");
    }
    put_number(&body, 5, (UINT64_C(1) << 32) + 5); // would be 5 after a silent cut
    expect(&node_shape, ZT_E_INPUT, "node.small", "small");
    for (uint64_t value = 0; value < 4; value++) {
        put_number(&body, 8, value);
        if (value < 2)
            taken();
        else
            expect(&node_shape, ZT_E_INPUT, "node.flag", "flag");
    }
    put_number(&body, 6, UINT64_MAX);
    put_number(&body, 7, UINT64_MAX);
    taken();
    put_number(&body, 1000, 8); // a tag far behind the others
    expect(&node_shape, ZT_E_INPUT, "node.far", "far");
    put_number(&body, 1000, 7);
    taken();
    for (size_t len = 0; len < 7; len++) {
        put_filled(&body, 4, 0, len);
        if (len < 2)
            expect(&node_shape, ZT_E_INPUT, "node.data", "data");
        else if (len > 4)
            expect(&node_shape, ZT_E_LIMIT, "node.data", "data");
        else
            taken();
    }
}

static void texts(void **state)
{
    (void)state;
    static const struct zt_bytes bad[] = {
        {(const uint8_t *)"a\0b", 3},
        {(const uint8_t *)"\0", 1},
        {(const uint8_t *)"\x80", 1},
        {(const uint8_t *)"\xc0\xaf", 2},
        {(const uint8_t *)"\xe4\xb8", 2},
        {(const uint8_t *)"\xed\xa0\x80", 3},
        {(const uint8_t *)"\xf5\x80\x80\x80", 4},
        {(const uint8_t *)"\xff", 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put_bytes(&body, 3, bad[i]);
        expect(&node_shape, ZT_E_INPUT, "wire.text", "text");
        put_bytes(&body, 4, (struct zt_bytes){(const uint8_t *)"\0\xff", 2}); // bytes may be anything
        taken();
    }
    for (size_t at = 0; at < 10; at++) { // in and behind the eight bytes that are looked at together
        static const char wrong[] = {0, (char)0x80, (char)0xff};
        for (size_t i = 0; i < sizeof wrong; i++) {
            char text[11] = "abcdefghij";
            text[at] = wrong[i];
            put_bytes(&body, 3, (struct zt_bytes){(const uint8_t *)text, 10});
            expect(&node_shape, ZT_E_INPUT, "wire.text", "text");
        }
    }
    put_bytes(&body, 3, zt_bytes_str("abcdefghij"));
    taken();
    put_bytes(&body, 3, zt_bytes_str("abcdef\x01\x7f!"));
    taken();
    put_bytes(&body, 3, zt_bytes_str("张三"));
    taken();
    put_bytes(&body, 3, zt_bytes_str("张三张三"));
    expect(&node_shape, ZT_E_LIMIT, "node.text", "text");
}

static void once_and_either(void **state)
{
    (void)state;
    put_number(&body, 6, 1);
    put_number(&body, 6, 1);
    expect(&node_shape, ZT_E_INPUT, "node.large", "large");
    put_bytes(&body, 1, zt_bytes_str(""));
    put_bytes(&body, 1, zt_bytes_str("")); // protobuf would merge them
    expect(&node_shape, ZT_E_INPUT, "node.child", "child");
    put_bytes(&body, 11, zt_bytes_str("l"));
    taken();
    put_bytes(&body, 12, zt_bytes_str("r"));
    taken();
    put_bytes(&body, 11, zt_bytes_str("l"));
    put_bytes(&body, 12, zt_bytes_str("r"));
    expect(&node_shape, ZT_E_INPUT, "node.right", "right");
}

static void lists(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        put_bytes(&body, 10, zt_bytes_str("ab"));
    expect(&node_shape, ZT_E_LIMIT, "node.texts", "texts[2]");
    put_bytes(&body, 10, zt_bytes_str("ab"));
    put_bytes(&body, 10, zt_bytes_str(""));
    expect(&node_shape, ZT_E_INPUT, "node.texts", "texts[1]");
    put_hex("4a 04 01 02 03 64"); // packed
    taken();
    put_hex("48 01 48 02 4a 02 03 04"); // not packed and packed, mixed
    taken();
    put_hex("48 01 48 02 4a 03 03 04 05");
    expect(&node_shape, ZT_E_LIMIT, "node.packed", "packed[4]");
    put_hex("4a 02 01 65");
    expect(&node_shape, ZT_E_INPUT, "node.packed", "packed[1]");
    put_hex("4a 02 01 80");
    expect(&node_shape, ZT_E_INPUT, "node.packed", "packed[1]");
    put_hex("4a 00");
    taken();
}

static void places_are_paths(void **state)
{
    (void)state;
    // list[1].child.texts[1] is too long
    put_bytes(&body, 2, zt_bytes_str(""));
    put_hex("12 0b 0a 09 52 01 61 52 04 61 61 61 61");
    expect(&node_shape, ZT_E_LIMIT, "node.texts", "list[1].child.texts[1]");
}

static void unknown_fields(void **state)
{
    (void)state;
    static const char *const each[] = {"a206 03 616263", "a006 05", "a506 00000000", "a106 0000000000000000"};
    for (size_t i = 0; i < 4; i++) {
        put_hex(each[i]);
        taken();
    }
    for (int i = 0; i < ZT_WIRE_UNKNOWN; i++)
        put_number(&body, 100, 1);
    put_number(&body, 5, 3);
    taken();
    for (int i = 0; i <= ZT_WIRE_UNKNOWN; i++)
        put_number(&body, 100 + (uint32_t)i, 1);
    expect(&node_shape, ZT_E_LIMIT, "wire.unknown", "");
    put_filled(&body, 100, 'u', ZT_WIRE_UNKNOWN_BYTES);
    taken();
    put_filled(&body, 100, 'u', ZT_WIRE_UNKNOWN_BYTES + 1);
    expect(&node_shape, ZT_E_LIMIT, "wire.unknown", "");
    // Together over all levels.
    for (int i = 0; i < 3; i++) {
        struct zt_buf inner;
        zt_buf_init(&inner, MIB);
        put_filled(&inner, 100, 'u', ZT_WIRE_UNKNOWN_BYTES / 2);
        put_bytes(&body, 2, zt_buf_bytes(&inner));
        zt_buf_fini(&inner);
    }
    expect(&node_shape, ZT_E_LIMIT, "wire.unknown", "list[2]");
}

static void depth(void **state)
{
    (void)state;
    struct zt_buf inner;
    zt_buf_init(&inner, MIB);
    for (int level = 1; level < ZT_WIRE_DEPTH + 2; level++) {
        zt_buf_reset(&body);
        put_bytes(&body, 1, zt_buf_bytes(&inner));
        zt_buf_reset(&inner);
        zt_buf_put(&inner, body.data, body.len);
        if (level < ZT_WIRE_DEPTH)
            expect(&wide_shape, ZT_OK, "", "");
        else
            expect(&wide_shape, ZT_E_LIMIT, "wire.depth", "child.child.child.child.child.child.child.child");
    }
    zt_buf_fini(&inner);
}

// The least time of some scans, so that a busy machine does not count.
static int64_t least_ns(const struct zt_shape *shape, struct zt_bytes bytes, enum zt_err code,
                        const char *rule)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < 20; i++) {
        struct zt_fault fault = {0};
        struct zt_arena arena;
        ProtobufCMessage *message = NULL;
        zt_arena_init(&arena, 64 * MIB);
        size_t heap = mallinfo2().uordblks;
        int64_t began = zt_monotonic_ns();
        enum zt_err rc = zt_shape_unpack(shape, bytes, &arena, &message, &fault);
        int64_t took = zt_monotonic_ns() - began;
        assert_int_equal(rc, code);
        assert_string_equal(fault.rule, rule);
        assert_int_equal(arena.used, 0); // refused before anything is allocated
        assert_int_equal(mallinfo2().uordblks, heap);
        least = took < least ? took : least;
        zt_arena_fini(&arena);
    }
    return least;
}

static void quick(const char *what, const struct zt_shape *shape, struct zt_bytes bytes, const char *rule)
{
    int64_t took = least_ns(shape, bytes, ZT_E_LIMIT, rule);
    print_message("           %s, %zu bytes: %lld ns\n", what, bytes.len, (long long)took);
    assert_true(took < 1000000);
}

// Written from the inside: each level is a key, a length, and the levels before, at the end of `room`.
static struct zt_bytes nest(size_t levels, uint8_t *room, size_t room_len)
{
    uint8_t *at = room + room_len;
    struct zt_buf head;
    zt_buf_init(&head, 16);
    for (size_t i = 0; i < levels; i++) {
        zt_buf_reset(&head);
        put_varint(&head, 1 << 3 | 2);
        put_varint(&head, (uint64_t)(room + room_len - at));
        at -= head.len;
        memcpy(at, head.data, head.len);
    }
    zt_buf_fini(&head);
    return (struct zt_bytes){at, (size_t)(room + room_len - at)};
}

static void hostile_shapes_cost_nothing(void **state)
{
    (void)state;
    uint8_t *room = malloc(MIB);
    assert_non_null(room);
    quick("100,000 levels", &wide_shape, nest(100000, room, MIB), "wire.depth");
    free(room);
    for (size_t i = 0; i < MIB / 2; i++)
        put_bytes(&body, 2, (struct zt_bytes){NULL, 0});
    quick("empty messages", &wide_shape, zt_buf_bytes(&body), "wire.fields");
    zt_buf_reset(&body);
    put_filled(&body, 9, 1, MIB - 16);
    quick("packed numbers", &wide_shape, zt_buf_bytes(&body), "wire.fields");
}

static void the_budget_is_exact(void **state)
{
    (void)state;
    for (int i = 0; i < ZT_WIRE_FIELDS; i++)
        put_bytes(&body, 2, (struct zt_bytes){NULL, 0});
    expect(&wide_shape, ZT_OK, "", "");
    for (int i = 0; i <= ZT_WIRE_FIELDS; i++)
        put_bytes(&body, 2, (struct zt_bytes){NULL, 0});
    expect(&wide_shape, ZT_E_LIMIT, "wire.fields", "");
}

// A description that the scanner does not know is our bug, never a way through.
static void a_field_without_a_limit_is_refused(void **state)
{
    (void)state;
    static const struct zt_limit few[] = {[1] = {0}};
    static const struct zt_shape blind = ZT_SHAPE("blind", node_pb, few, 100);
    put_bytes(&body, 1, zt_bytes_str(""));
    expect(&blind, ZT_E_BUG, "blind.child", "child"); // a message without a shape
    put_bytes(&body, 3, zt_bytes_str("x"));
    expect(&blind, ZT_E_BUG, "blind.text", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_and_kinds, start, end),
        cmocka_unit_test_setup_teardown(lengths, start, end),
        cmocka_unit_test_setup_teardown(ranges, start, end),
        cmocka_unit_test_setup_teardown(texts, start, end),
        cmocka_unit_test_setup_teardown(once_and_either, start, end),
        cmocka_unit_test_setup_teardown(lists, start, end),
        cmocka_unit_test_setup_teardown(places_are_paths, start, end),
        cmocka_unit_test_setup_teardown(unknown_fields, start, end),
        cmocka_unit_test_setup_teardown(depth, start, end),
        cmocka_unit_test_setup_teardown(hostile_shapes_cost_nothing, start, end),
        cmocka_unit_test_setup_teardown(the_budget_is_exact, start, end),
        cmocka_unit_test_setup_teardown(a_field_without_a_limit_is_refused, start, end),
    };
    return cmocka_run_group_tests_name("proto/scan", tests, NULL, NULL);
}
