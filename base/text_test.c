// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include "base/test_support.h"

static bool valid(const char *text, size_t len)
{
    return zt_utf8_valid((struct zt_bytes){(const uint8_t *)text, len});
}

static void utf8_follows_rfc_3629(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "直通",
                                       "\xC2\x80",
                                       "\xDF\xBF",
                                       "\xE0\xA0\x80",
                                       "\xED\x9F\xBF",
                                       "\xEE\x80\x80",
                                       "\xF0\x90\x80\x80",
                                       "\xF4\x8F\xBF\xBF",
                                       "𠀀龥"};
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xF0\x8F\xBF",
                                      "\xF5\x80\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xFF",
                                      "a\xC2",
                                      "\xE4\xB8",
                                      "\xC2\x41",
                                      "\xE4\x41\xAD",
                                      "\xE4\xB8\x41",
                                      "\xF0\x90\x80"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(valid(bad[i], strlen(bad[i])));
    assert_false(valid("a\0b", 3));
    assert_int_equal(zt_utf8_count("直通 ab"), 5);
    assert_int_equal(zt_utf8_count(""), 0);
}

// Every code point, encoded by the definition, is valid exactly when it is a scalar value other than NUL.
static void utf8_accepts_every_scalar_value(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x120000; c++) {
        uint8_t b[4];
        size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const uint8_t mark[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (size_t i = len; i-- > 1;)
            b[i] = (uint8_t)(0x80 | (c >> 6 * (len - 1 - i) & 0x3F));
        b[0] = (uint8_t)(mark[len] | c >> 6 * (len - 1));
        bool scalar = c != 0 && c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
        if (zt_utf8_valid((struct zt_bytes){b, len}) != scalar)
            fail_msg("U+%04X", c);
        for (size_t cut = 1; cut < len; cut++)
            assert_false(zt_utf8_valid((struct zt_bytes){b, cut}));
    }
}

static void hex_is_lower_case_and_exact(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x00, 0x7F, 0x80, 0xFF, 0xA5};
    char text[11];
    uint8_t back[5] = {0};
    zt_hex_encode((struct zt_bytes){bytes, 5}, text);
    assert_string_equal(text, "007f80ffa5");
    assert_int_equal(zt_hex_decode(text, back, 5), ZT_OK);
    assert_memory_equal(back, bytes, 5);
    static const char *const bad[] = {"007f80ffa",  "007f80ffa50", "",
                                      "007F80FFA5", "007f80ffg5",  "007f80ff 5"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memset(back, 1, 5);
        assert_int_equal(zt_hex_decode(bad[i], back, 5), ZT_E_INPUT);
        assert_int_equal(back[0], 1);
    }
    zt_hex_encode((struct zt_bytes){NULL, 0}, text);
    assert_string_equal(text, "");
}

typedef enum zt_err decode_fn(struct zt_bytes, struct zt_buf *);

static void expect_decode(decode_fn *decode, const char *text, const char *bytes)
{
    struct zt_buf out;
    zt_buf_init(&out, 64);
    enum zt_err rc = decode(zt_bytes_str(text), &out);
    if (bytes) {
        assert_int_equal(rc, ZT_OK);
        assert_string_equal(zt_buf_text(&out), bytes);
    } else {
        assert_int_equal(rc, ZT_E_INPUT);
        assert_int_equal(out.len, 0);
    }
    zt_buf_fini(&out);
}

// RFC 4648 section 10, and what strictness refuses.
static void base64_vectors(void **state)
{
    (void)state;
    static const char *const vectors[][2] = {{"", ""},
                                             {"f", "Zg=="},
                                             {"fo", "Zm8="},
                                             {"foo", "Zm9v"},
                                             {"foob", "Zm9vYg=="},
                                             {"fooba", "Zm9vYmE="},
                                             {"foobar", "Zm9vYmFy"},
                                             {"\xFB\xFF\xBF", "+/+/"}};
    struct zt_buf out;
    zt_buf_init(&out, 64);
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        zt_buf_reset(&out);
        zt_base64_encode(zt_bytes_str(vectors[i][0]), &out);
        assert_string_equal(zt_buf_text(&out), vectors[i][1]);
        expect_decode(zt_base64_decode, vectors[i][1], vectors[i][0]);
    }
    zt_buf_reset(&out);
    zt_base64url_encode(zt_bytes_str("\xFB\xFF\xBFg"), &out);
    assert_string_equal(zt_buf_text(&out), "-_-_Zw");
    zt_buf_fini(&out);
    static const char *const bad_std[] = {
        "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "-_-_", "====", "=", "Zg==Zg=="};
    static const char *const bad_url[] = {"Z", "Zg==", "Zh", "Zm9", "+/+/", "Zm9vY", "Zm9v ", "Zm8="};
    for (size_t i = 0; i < sizeof bad_std / sizeof *bad_std; i++)
        expect_decode(zt_base64_decode, bad_std[i], NULL);
    for (size_t i = 0; i < sizeof bad_url / sizeof *bad_url; i++)
        expect_decode(zt_base64url_decode, bad_url[i], NULL);
    expect_decode(zt_base64url_decode, "Zm9vYg", "foob");
}

static void base64_round_trips_and_is_bounded(void **state)
{
    (void)state;
    uint8_t bytes[97];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37 + 11);
    struct zt_buf text, back;
    zt_buf_init(&text, 200);
    zt_buf_init(&back, 100);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        zt_buf_reset(&text);
        zt_buf_reset(&back);
        zt_base64url_encode((struct zt_bytes){bytes, len}, &text);
        assert_int_equal(zt_base64url_decode(zt_buf_bytes(&text), &back), ZT_OK);
        assert_true(zt_bytes_equal(zt_buf_bytes(&back), (struct zt_bytes){bytes, len}));
    }
    zt_buf_fini(&back);
    zt_buf_init(&back, 10);
    assert_int_equal(zt_base64url_decode(zt_buf_bytes(&text), &back), ZT_E_LIMIT);
    zt_buf_fini(&back);
    zt_buf_fini(&text);
}

static void integers_are_whole_and_in_range(void **state)
{
    (void)state;
    int64_t v = 5;
    assert_int_equal(zt_parse_i64("9223372036854775807", INT64_MIN, INT64_MAX, &v), ZT_OK);
    assert_true(v == INT64_MAX);
    assert_int_equal(zt_parse_i64("-9223372036854775808", INT64_MIN, INT64_MAX, &v), ZT_OK);
    assert_true(v == INT64_MIN);
    assert_int_equal(zt_parse_i64("007", 0, 7, &v), ZT_OK);
    assert_int_equal(v, 7);
    v = 5;
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "0x1",
                                      "--1",
                                      "1-",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999",
                                      "１"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(zt_parse_i64(bad[i], INT64_MIN, INT64_MAX, &v), ZT_E_INPUT);
    assert_int_equal(zt_parse_i64("8", 0, 7, &v), ZT_E_INPUT);
    assert_int_equal(zt_parse_i64("-1", 0, 7, &v), ZT_E_INPUT);
    assert_int_equal(v, 5);
}

static void decimals_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text, *back;
        int64_t fen;
    } good[] = {
        {"123.45", "123.45", 12345},    {"0", "0.00", 0},      {"-0.05", "-0.05", -5}, {"7.5", "7.50", 750},
        {"86000", "86000.00", 8600000}, {"-1", "-1.00", -100}, {"00.10", "0.10", 10}};
    char text[32];
    int64_t v = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(zt_parse_decimal(good[i].text, 2, &v), ZT_OK);
        assert_int_equal(v, good[i].fen);
        zt_format_decimal(v, 2, text);
        assert_string_equal(text, good[i].back);
    }
    static const char *const bad[] = {"",
                                      ".",
                                      ".5",
                                      "5.",
                                      "1.234",
                                      "1,000",
                                      "1e3",
                                      "+1",
                                      " 1",
                                      "1.2.3",
                                      "1.-2",
                                      "¥1",
                                      "-",
                                      "92233720368547758.08",
                                      "999999999999999999999"};
    v = 77;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(zt_parse_decimal(bad[i], 2, &v), ZT_E_INPUT);
    assert_int_equal(v, 77);
    assert_int_equal(zt_parse_decimal("1", 19, &v), ZT_E_BUG);
    assert_int_equal(zt_parse_decimal("-92233720368547758.08", 2, &v), ZT_OK);
    zt_format_decimal(INT64_MIN, 2, text);
    assert_string_equal(text, "-92233720368547758.08");
    zt_format_decimal(INT64_MIN, 18, text);
    assert_string_equal(text, "-9.223372036854775808");
    zt_format_decimal(INT64_MIN, 0, text);
    assert_string_equal(text, "-9223372036854775808");
}

static void numbers_are_masked(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"370202199003079980", "370***80"},
                                           {"id 37020319930515994X, ok", "id 370***4X, ok"},
                                           {"12345678901234", "12345678901234"}, // 14: a time stamp
                                           {"123456789012345", "123***45"},
                                           {"姓名370202199003079980号", "姓名370***80号"},
                                           {"91370202MA9X00011M|370202199003079980", "913***1M|370***80"},
                                           {"", ""},
                                           {"plain words", "plain words"}};
    char out[128];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zt_mask_numbers(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
    }
    zt_mask_numbers("370202199003079980", out, 0);
    for (size_t size = 1; size < 60; size++) {
        char *small = malloc(size); // exact, so that a sanitizer sees one byte too many
        assert_non_null(small);
        zt_mask_numbers("直通 91370202MA9X00011M 直通 370202199003079980", small, size);
        assert_true(strlen(small) < size);
        assert_true(zt_utf8_valid(zt_bytes_str(small)));
        assert_null(strstr(small, "9137"));
        free(small);
    }
}

static void gb18030_converts(void **state)
{
    (void)state;
    struct zt_buf out;
    size_t bad_at = 99;
    zt_buf_init(&out, 64);
    // two bytes, ASCII, four bytes (U+20087, U+0080), full-width
    assert_int_equal(
        zt_gb18030_to_utf8(zt_bytes_str("\xD6\xB1\xCD\xA8 a\x95\x32\x90\x31\x81\x30\x81\x30\xA3\xB1"), &out,
                           &bad_at),
        ZT_OK);
    assert_string_equal(zt_buf_text(&out), "直通 a𠂇\xC2\x80１");
    assert_int_equal(bad_at, 99);
    zt_buf_reset(&out);
    assert_int_equal(zt_gb18030_to_utf8((struct zt_bytes){NULL, 0}, &out, &bad_at), ZT_OK);
    assert_int_equal(out.len, 0);
    static const struct {
        const char *text;
        size_t at;
    } bad[] = {{"ab\xFF", 2}, {"ab\xD6", 2}, {"\xD6\xB1\x81\x30\x81", 2}, {"\xD6\x20", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        zt_buf_reset(&out);
        zt_buf_put_str(&out, "kept");
        assert_int_equal(zt_gb18030_to_utf8(zt_bytes_str(bad[i].text), &out, &bad_at), ZT_E_INPUT);
        assert_int_equal(bad_at, bad[i].at);
        assert_string_equal(zt_buf_text(&out), "kept");
    }
    zt_buf_fini(&out);
}

// Larger than one conversion chunk, and a maximum at every place in the last characters.
static void gb18030_is_bounded(void **state)
{
    (void)state;
    enum { PAIRS = 5000 };
    uint8_t *in = malloc(2 * PAIRS);
    assert_non_null(in);
    for (size_t i = 0; i < PAIRS; i++)
        memcpy(in + 2 * i, "\xD6\xB1", 2);
    struct zt_buf out;
    size_t bad_at = 0;
    for (size_t max = 3 * PAIRS - 8; max <= 3 * PAIRS + 1; max++) {
        zt_buf_init(&out, max);
        enum zt_err rc = zt_gb18030_to_utf8((struct zt_bytes){in, 2 * PAIRS}, &out, &bad_at);
        assert_int_equal(rc, max < 3 * PAIRS ? ZT_E_LIMIT : ZT_OK);
        if (rc == ZT_OK)
            assert_int_equal(out.len, 3 * PAIRS);
        zt_buf_fini(&out);
    }
    free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_follows_rfc_3629),
        cmocka_unit_test(utf8_accepts_every_scalar_value),
        cmocka_unit_test(hex_is_lower_case_and_exact),
        cmocka_unit_test(base64_vectors),
        cmocka_unit_test(base64_round_trips_and_is_bounded),
        cmocka_unit_test(integers_are_whole_and_in_range),
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(numbers_are_masked),
        cmocka_unit_test(gb18030_converts),
        cmocka_unit_test(gb18030_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
