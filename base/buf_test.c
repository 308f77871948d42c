// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"

#include "base/test_support.h"

static void bytes_compare(void **state)
{
    (void)state;
    assert_true(zt_bytes_equal(zt_bytes_str("abc"), zt_bytes_str("abc")));
    assert_false(zt_bytes_equal(zt_bytes_str("abc"), zt_bytes_str("abd")));
    assert_false(zt_bytes_equal(zt_bytes_str("abc"), zt_bytes_str("ab")));
    assert_true(zt_bytes_equal((struct zt_bytes){NULL, 0}, zt_bytes_str("")));
}

static void puts_append_in_network_order(void **state)
{
    (void)state;
    struct zt_buf buf;
    zt_buf_init(&buf, 64);
    zt_buf_put_u8(&buf, 0x01);
    zt_buf_put_be16(&buf, 0x0203);
    zt_buf_put_be32(&buf, 0x04050607);
    zt_buf_put_be64(&buf, 0x08090A0B0C0D0E0F);
    zt_buf_put(&buf, NULL, 0);
    assert_int_equal(buf.len, 15);
    for (size_t i = 0; i < buf.len; i++)
        assert_int_equal(buf.data[i], i + 1);
    zt_buf_reset(&buf);
    assert_string_equal(zt_buf_text(&buf), "");
    zt_buf_put_str(&buf, "a");
    zt_buf_printf(&buf, "%d-%s", 42, "x");
    assert_string_equal(zt_buf_text(&buf), "a42-x");
    assert_int_equal(zt_buf_bytes(&buf).len, 5);
    zt_buf_fini(&buf);
    zt_buf_fini(&buf);
}

// At every size around the maximum, by every way to put.
static void maximum_is_exact_and_sticky(void **state)
{
    (void)state;
    for (size_t max = 0; max < 600; max++) {
        struct zt_buf buf;
        zt_buf_init(&buf, max);
        for (size_t i = 0; i < max; i++)
            zt_buf_put_u8(&buf, 'x');
        assert_int_equal(buf.err, ZT_OK);
        assert_int_equal(strlen(zt_buf_text(&buf)), max);
        zt_buf_put(&buf, "", 0);
        assert_int_equal(buf.err, ZT_OK);
        zt_buf_put_u8(&buf, 'y');
        assert_int_equal(buf.err, ZT_E_LIMIT);
        assert_int_equal(buf.len, max);
        zt_buf_put(&buf, "", 0);
        assert_null(zt_buf_extend(&buf, 0));
        assert_string_equal(zt_buf_text(&buf), "");
        zt_buf_reset(&buf);
        assert_int_equal(buf.err, ZT_OK);
        zt_buf_printf(&buf, "%0*d", (int)max + 1, 0);
        assert_int_equal(buf.err, ZT_E_LIMIT);
        assert_int_equal(buf.len, 0);
        zt_buf_fini(&buf);
    }
}

static void huge_lengths_do_not_wrap(void **state)
{
    (void)state;
    struct zt_buf buf;
    zt_buf_init(&buf, 100);
    zt_buf_put_u8(&buf, 1);
    assert_null(zt_buf_extend(&buf, SIZE_MAX));
    assert_int_equal(buf.err, ZT_E_LIMIT);
    zt_buf_fini(&buf);
    zt_buf_init(&buf, SIZE_MAX);
    zt_buf_put_u8(&buf, 1);
    assert_null(zt_buf_extend(&buf, SIZE_MAX - 1)); // below the maximum, beyond any memory
    assert_int_equal(buf.err, ZT_E_NOMEM);
    assert_int_equal(buf.len, 1);
    zt_buf_fini(&buf);
}

static void contents_survive_growth(void **state)
{
    (void)state;
    struct zt_buf buf;
    zt_buf_init(&buf, 1 << 20);
    for (uint32_t i = 0; i < 50000; i++)
        zt_buf_put_be32(&buf, i);
    assert_int_equal(buf.err, ZT_OK);
    for (uint32_t i = 0; i < 50000; i++) {
        const uint8_t *at = buf.data + 4 * (size_t)i;
        assert_int_equal((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3], i);
    }
    zt_buf_fini(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_compare),
        cmocka_unit_test(puts_append_in_network_order),
        cmocka_unit_test(maximum_is_exact_and_sticky),
        cmocka_unit_test(huge_lengths_do_not_wrap),
        cmocka_unit_test(contents_survive_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
