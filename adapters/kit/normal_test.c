// SPDX-License-Identifier: Apache-2.0
#include "adapters/kit/normal.h"

#include "base/test_support.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct zt_arena arena;

static int enter(void **state)
{
    (void)state;
    zt_arena_init(&arena, 64 * 1024);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    zt_arena_fini(&arena);
    return 0;
}

static void blanks_at_both_ends_go(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"张三", "张三"},          {"  张 三\t\r\n", "张 三"}, {"\u3000张三\u3000\u00a0", "张三"},
        {"\ufeffabc", "abc"},      {"a\u3000b", "a\u3000b"},   {"", NULL},
        {" \u3000\u00a0\t", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *out = "untouched";
        assert_int_equal(zt_normal_text(cases[i].in, &arena, &out), ZT_OK);
        if (cases[i].out)
            assert_string_equal(out, cases[i].out);
        else
            assert_null(out);
    }
    const char *out = "untouched";
    assert_int_equal(zt_normal_text(NULL, &arena, &out), ZT_OK);
    assert_null(out);
}

static void full_width_becomes_ascii(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"１２３４５６", "123456"},
        {"３７０２０２１９９００３０７９９８Ｘ", "37020219900307998X"},
        {"－１２．５０", "-12.50"},
        {"～！", "~!"},
        {"张三１", "张三1"},
        {"\uff00a", "\uff00a"}, // U+FF00 is no full-width form
        {"ｶ", "ｶ"},             // half-width katakana stay
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *out = NULL;
        assert_int_equal(zt_normal_narrow(cases[i].in, &arena, &out), ZT_OK);
        assert_string_equal(out, cases[i].out);
    }
}

static void a_full_arena_is_said(void **state)
{
    (void)state;
    struct zt_arena small;
    zt_arena_init(&small, 4);
    const char *out = "untouched";
    assert_int_equal(zt_normal_text("0123456789", &small, &out), ZT_E_NOMEM);
    assert_int_equal(zt_normal_narrow("0123456789", &small, &out), ZT_E_NOMEM);
    assert_string_equal(out, "untouched");
    zt_arena_fini(&small);
}

static void days_in_every_form(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"19900307", "1990-03-07"},       {"1990-03-07", "1990-03-07"},
        {"1990-3-7", "1990-03-07"},       {"1990/03/07", "1990-03-07"},
        {"1990.3.7", "1990-03-07"},       {"1990年3月7日", "1990-03-07"},
        {"20000229", "2000-02-29"},       {"2026-03-01 12:00:00", "2026-03-01"},
        {"20260301120000", "2026-03-01"}, {"2026-03-01T00:00:00Z", "2026-03-01"},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        char day[ZT_DATE_LEN + 1];
        assert_true(zt_normal_date(good[i][0], day));
        assert_string_equal(day, good[i][1]);
    }
}

static void days_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "长期",         "1990",           "199003",
        "1990030",    "00000000",     "19901301",       "20230229",
        "20260431",   "1990-03/07",   "1990年3月7",     "90-03-07",
        "1990-003-7", "19900307x",    "1990-03-07 ",    "1990-03-07 25:00:00",
        "2026030112", "202603011200", "20260301126000",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        char day[ZT_DATE_LEN + 1] = "untouched";
        assert_false(zt_normal_date(bad[i], day));
        assert_string_equal(day, "untouched");
    }
}

static void moments_are_chinese_time_unless_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        {"1970-01-01 08:00:00", 0},
        {"19700101080001", 1000},
        {"1970-01-01", -8 * 3600 * INT64_C(1000)},
        {"19700102", 16 * 3600 * INT64_C(1000)},
        {"1970-01-01 08:00:00.123456", 123},
        {"1970/01/01 08:00:01", 1000},
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:00.5Z", 500},
        {"1970-01-01T00:00:00+08:00", -8 * 3600 * INT64_C(1000)},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        int64_t ms = -1;
        assert_true(zt_normal_time(good[i].text, &ms));
        assert_int_equal(ms, good[i].ms);
    }
    static const char *const bad[] = {
        "",
        "noon",
        "2026-03-01 24:00:00",
        "2026-03-01 12:00",
        "2026-02-29 12:00:00",
        "20260301 120000",
        "20260301240000",
        "2026-03-01  12:00:00",
        "2026-03-01 12:00:00x",
        "202603011200001",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        int64_t ms = 77;
        assert_false(zt_normal_time(bad[i], &ms));
        assert_int_equal(ms, 77);
    }
}

static void numbers_keep_their_digits(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"12345.67", "12345.67"}, {"0", "0"},
        {"-0.5", "-0.5"},         {"12,345.67", "12345.67"},
        {"1,234,567", "1234567"}, {"007", "007"},
        {"-1,000", "-1000"},      {"99999999999999.99", "99999999999999.99"},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        char number[ZT_NORMAL_NUMBER_MAX];
        assert_true(zt_normal_number(good[i][0], number));
        assert_string_equal(number, good[i][1]);
    }
    static const char *const bad[] = {
        "",
        "-",
        ".5",
        "5.",
        "1e5",
        "+1",
        "12,34",
        "1234,567",
        ",123",
        "1,,234",
        "1,234,",
        "1,23",
        "12.3.4",
        "12 345",
        "￥12",
        "12元",
        "--1",
        "1.-1",
        "0x10",
        "NaN",
        "1.2,3",
        "1234567890123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        char number[ZT_NORMAL_NUMBER_MAX] = "untouched";
        assert_false(zt_normal_number(bad[i], number));
        assert_string_equal(number, "untouched");
    }
}

static void months_and_booleans(void **state)
{
    (void)state;
    char month[7];
    assert_true(zt_normal_month("202603", month));
    assert_string_equal(month, "202603");
    assert_true(zt_normal_month("2026-12", month));
    assert_string_equal(month, "202612");
    static const char *const bad[] = {"",       "2026",     "202613",  "202600",
                                      "2026-3", "20260301", "2026/03", "x02603"};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(zt_normal_month(bad[i], month));
    assert_string_equal(month, "202612");

    bool value = false;
    static const char *const yes[] = {"1", "Y", "y", "TRUE", "true", "是"};
    static const char *const no[] = {"0", "N", "n", "False", "否"};
    for (size_t i = 0; i < COUNT(yes); i++)
        assert_true(zt_normal_boolean(yes[i], &value) && value);
    for (size_t i = 0; i < COUNT(no); i++)
        assert_true(zt_normal_boolean(no[i], &value) && !value);
    static const char *const neither[] = {"", "2", "yes!", "01", "有"};
    for (size_t i = 0; i < COUNT(neither); i++)
        assert_false(zt_normal_boolean(neither[i], &value));
}

static void codes_are_looked_up(void **state)
{
    (void)state;
    static const struct zt_code_map map[] = {{"正常", "01"}, {"注销", "04"}};
    assert_string_equal(zt_normal_code(map, 2, "注销"), "04");
    assert_null(zt_normal_code(map, 2, "停业"));
    assert_null(zt_normal_code(map, 2, ""));
    assert_null(zt_normal_code(NULL, 0, "正常"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_at_both_ends_go),
        cmocka_unit_test(full_width_becomes_ascii),
        cmocka_unit_test(a_full_arena_is_said),
        cmocka_unit_test(days_in_every_form),
        cmocka_unit_test(days_that_are_none),
        cmocka_unit_test(moments_are_chinese_time_unless_they_say),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(months_and_booleans),
        cmocka_unit_test(codes_are_looked_up),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
