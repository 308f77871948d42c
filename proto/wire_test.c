// SPDX-License-Identifier: Apache-2.0
#include "proto/wire.h"

#include "base/test_support.h"

static void only_listed_types_are_opened(void **state)
{
    (void)state;
    static const uint8_t known[] = {1, 2, 3, 4, 5, 16, 17, 32, 33, 48, 49, 64, 65};
    for (unsigned number = 0; number < 256; number++) {
        uint8_t frame[] = {'Z', 'T', 1, (uint8_t)number, 'b'};
        enum zt_wire_type type = ZT_WIRE_NONE;
        struct zt_bytes body = {NULL, 0};
        struct zt_fault fault = {0};
        bool listed = memchr(known, (int)number, sizeof known) != NULL;
        enum zt_err rc = zt_wire_open((struct zt_bytes){frame, sizeof frame}, &type, &body, &fault);
        assert_int_equal(rc, listed ? ZT_OK : ZT_E_INPUT);
        assert_string_equal(fault.rule, listed ? "" : "wire.type");
        assert_int_equal(type, listed ? number : 0);
        assert_int_equal(body.len, listed ? 1 : 0);
        assert_true(!listed || body.data == frame + ZT_WIRE_HEAD);
        assert_true((zt_wire_max((enum zt_wire_type)number) > 0) == listed);
    }
}

static void the_head_is_exact(void **state)
{
    (void)state;
    static const uint8_t good[] = {'Z', 'T', 1, 16};
    for (size_t at = 0; at < 3; at++) {
        for (unsigned value = 0; value < 256; value++) {
            uint8_t frame[4];
            enum zt_wire_type type = ZT_WIRE_NONE;
            struct zt_bytes body;
            struct zt_fault fault = {0};
            memcpy(frame, good, sizeof frame);
            frame[at] = (uint8_t)value;
            enum zt_err rc = zt_wire_open((struct zt_bytes){frame, sizeof frame}, &type, &body, &fault);
            if (value == good[at]) {
                assert_int_equal(rc, ZT_OK);
                continue;
            }
            assert_int_equal(rc, ZT_E_INPUT);
            assert_string_equal(fault.rule, at == 2 ? "wire.version" : "wire.head");
            assert_int_equal(type, ZT_WIRE_NONE);
        }
    }
    for (size_t len = 0; len < sizeof good; len++) {
        enum zt_wire_type type;
        struct zt_bytes body;
        uint8_t *copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, good, len);
        assert_int_equal(zt_wire_open((struct zt_bytes){copy, len}, &type, &body, NULL), ZT_E_INPUT);
        free(copy);
    }
    enum zt_wire_type type;
    struct zt_bytes body;
    assert_int_equal(zt_wire_open((struct zt_bytes){NULL, 0}, &type, &body, NULL), ZT_E_INPUT);
}

static void each_type_has_its_length(void **state)
{
    (void)state;
    uint8_t *frame = calloc(1, ZT_WIRE_MAX_BATCH + 1);
    assert_non_null(frame);
    memcpy(frame, "ZT\1", 3);
    for (unsigned number = 1; number < 256; number++) {
        enum zt_wire_type type;
        struct zt_bytes body;
        struct zt_fault fault = {0};
        size_t max = zt_wire_max((enum zt_wire_type)number);
        if (max == 0)
            continue;
        frame[3] = (uint8_t)number;
        assert_int_equal(zt_wire_open((struct zt_bytes){frame, max}, &type, &body, NULL), ZT_OK);
        assert_int_equal(zt_wire_open((struct zt_bytes){frame, max + 1}, &type, &body, &fault), ZT_E_LIMIT);
        assert_string_equal(fault.rule, "wire.size");
    }
    assert_int_equal(zt_wire_max(ZT_WIRE_REQUEST), 65536);
    assert_int_equal(zt_wire_max(ZT_WIRE_ANSWER), 262144);
    assert_int_equal(zt_wire_max(ZT_WIRE_BATCH), 1048576);
    free(frame);
}

static void starting_empties_the_buffer(void **state)
{
    (void)state;
    struct zt_buf out;
    zt_buf_init(&out, 16);
    zt_buf_put_str(&out, "something that is too long");
    assert_int_equal(out.err, ZT_E_LIMIT);
    zt_wire_start(&out, ZT_WIRE_ACK);
    assert_int_equal(out.err, ZT_OK);
    assert_int_equal(out.len, 4);
    assert_memory_equal(out.data, "ZT\1\5", 4);
    zt_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_listed_types_are_opened),
        cmocka_unit_test(the_head_is_exact),
        cmocka_unit_test(each_type_has_its_length),
        cmocka_unit_test(starting_empties_the_buffer),
    };
    return cmocka_run_group_tests_name("proto/wire", tests, NULL, NULL);
}
