// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <time.h>

#include "base/test_support.h"

static void days_agree_with_the_c_library(void **state)
{
    (void)state;
    char date[ZT_DATE_LEN + 1];
    for (int32_t day = -354285; day <= 2932896; day += 37) { // 1000-01-01 .. 9999-12-31
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        char expected[32];
        assert_non_null(gmtime_r(&seconds, &tm));
        strftime(expected, sizeof expected, "%Y-%m-%d", &tm);
        zt_date_of_days(day, date);
        assert_string_equal(date, expected);
        int32_t back = 0;
        assert_int_equal(zt_date_to_days(date, &back), ZT_OK);
        assert_int_equal(back, day);
    }
    zt_date_of_days(INT32_MIN, date);
    assert_string_equal(date, "1000-01-01");
    zt_date_of_days(INT32_MAX, date);
    assert_string_equal(date, "9999-12-31");
}

static void dates_are_real(void **state)
{
    (void)state;
    static const char *const good[] = {"1000-01-01", "9999-12-31", "2000-02-29", "1972-02-29", "2026-11-22"};
    static const char *const bad[] = {
        "",           "1970-02-29",  "1900-02-29",  "2023-02-30", "1990-13-07", "1990-00-07",
        "1990-01-00", "1990-04-31",  "0999-12-31",  "1990-1-07",  "1990-01-7",  "1990/01/07",
        "19900107",   "1990-01-07 ", "1990-01-07T", "-990-01-07", "199O-01-07", "１９９０-01-07"};
    int32_t days = 1;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(zt_date_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(zt_date_valid(bad[i]));
        assert_int_equal(zt_date_to_days(bad[i], &days), ZT_E_INPUT);
    }
    assert_false(zt_date_valid(NULL));
    assert_int_equal(days, 1);
}

static void a_day_begins_at_midnight_in_china(void **state)
{
    (void)state;
    char date[ZT_DATE_LEN + 1];
    int64_t ms = 0;
    assert_int_equal(zt_time_to_ms("2026-11-21T15:59:59.999Z", &ms), ZT_OK);
    zt_date_of_ms(ms, date);
    assert_string_equal(date, "2026-11-21");
    zt_date_of_ms(ms + 1, date);
    assert_string_equal(date, "2026-11-22");
    zt_date_of_ms(-1, date);
    assert_string_equal(date, "1970-01-01");
    zt_date_of_ms(INT64_C(-8) * 3600000 - 1, date);
    assert_string_equal(date, "1969-12-31");
    zt_date_of_ms(INT64_MAX, date);
    assert_string_equal(date, "9999-12-31");
    zt_date_of_ms(INT64_MIN, date);
    assert_string_equal(date, "1000-01-01");
}

static void times_go_out_and_back(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {{"1970-01-01T00:00:00.000Z", 0},
                 {"2026-11-22T04:21:31.005Z", INT64_C(1795321291005)},
                 {"1969-12-31T23:59:59.999Z", -1},
                 {"1000-01-01T00:00:00.000Z", INT64_C(-30610224000000)},
                 {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)}};
    char text[ZT_TIME_LEN + 1];
    int64_t ms;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zt_time_of_ms(cases[i].ms, text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(zt_time_to_ms(cases[i].text, &ms), ZT_OK);
        assert_int_equal(ms, cases[i].ms);
    }
    zt_time_of_ms(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T00:00:00.000Z");
    zt_time_of_ms(INT64_MIN, text);
    assert_string_equal(text, "1000-01-01T00:00:00.000Z");
}

static void times_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {{"2026-11-22T12:21:31+08:00", INT64_C(1795321291000)},
                {"2026-11-22T04:21:31Z", INT64_C(1795321291000)},
                {"2026-11-22T04:21:31.5Z", INT64_C(1795321291500)},
                {"2026-11-22T04:21:31.123456789Z", INT64_C(1795321291123)},
                {"2026-11-21T23:21:31-05:00", INT64_C(1795321291000)}};
    static const char *const bad[] = {"",
                                      "2026-11-22",
                                      "2026-11-22T",
                                      "2026-11-22T04:21:31",
                                      "2026-11-22 04:21:31Z",
                                      "2026-11-22t04:21:31Z",
                                      "2026-11-22T04:21:31z",
                                      "2026-11-22T24:00:00Z",
                                      "2026-11-22T04:60:00Z",
                                      "2026-11-22T04:21:60Z",
                                      "2026-11-22T04:21:31.Z",
                                      "2026-11-22T04:21:31.1234567890Z",
                                      "2026-11-22T04:21:31+0800",
                                      "2026-11-22T04:21:31+24:00",
                                      "2026-11-22T04:21:31+08:60",
                                      "2026-11-22T04:21:31Zx",
                                      "2026-02-30T04:21:31Z",
                                      "2026-11-22T4:21:31Z",
                                      "2026-11-22T04:21Z",
                                      "2026-11-22T04:21:3aZ"};
    int64_t ms = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(zt_time_to_ms(good[i].text, &ms), ZT_OK);
        assert_int_equal(ms, good[i].ms);
    }
    ms = 3;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(zt_time_to_ms(bad[i], &ms), ZT_E_INPUT);
    assert_int_equal(zt_time_to_ms(NULL, &ms), ZT_E_INPUT);
    const char *whole = "2026-11-22T04:21:31.005+08:00";
    for (size_t cut = 0; cut < strlen(whole); cut++) {
        char *part = strndup(whole, cut); // exact allocation: reading past its end would be seen
        assert_non_null(part);
        assert_int_equal(zt_time_to_ms(part, &ms), ZT_E_INPUT);
        free(part);
    }
    assert_int_equal(ms, 3);
}

static void months_end_where_the_month_ends(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int months;
        const char *to;
    } cases[] = {{"2025-12-01", 12, "2026-12-01"}, {"2024-02-29", 12, "2025-02-28"},
                 {"2026-01-31", 1, "2026-02-28"},  {"2026-03-31", -1, "2026-02-28"},
                 {"2026-01-15", -1, "2025-12-15"}, {"2026-12-31", 2, "2027-02-28"},
                 {"2026-05-31", 0, "2026-05-31"},  {"1000-01-01", 0, "1000-01-01"}};
    char out[ZT_DATE_LEN + 1] = "kept";
    assert_int_equal(zt_date_add_months("1000-01-01", -1, out), ZT_E_LIMIT);
    assert_int_equal(zt_date_add_months("9999-12-01", 1, out), ZT_E_LIMIT);
    assert_int_equal(zt_date_add_months("2026-01-01", INT32_MAX, out), ZT_E_LIMIT);
    assert_int_equal(zt_date_add_months("2026-01-01", INT32_MIN, out), ZT_E_LIMIT);
    assert_int_equal(zt_date_add_months("2026-02-30", 1, out), ZT_E_INPUT);
    assert_int_equal(zt_date_add_months(NULL, 1, out), ZT_E_INPUT);
    assert_string_equal(out, "kept");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(zt_date_add_months(cases[i].from, cases[i].months, out), ZT_OK);
        assert_string_equal(out, cases[i].to);
    }
}

static void clocks_go(void **state)
{
    (void)state;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t off = zt_now_ms() - (int64_t)now.tv_sec * 1000;
    assert_true(off >= -5000 && off < 60000);
    int64_t ns = zt_monotonic_ns(), ms = zt_monotonic_ms();
    assert_true(ms >= ns / 1000000);
    assert_true(zt_monotonic_ns() >= ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_agree_with_the_c_library),
        cmocka_unit_test(dates_are_real),
        cmocka_unit_test(a_day_begins_at_midnight_in_china),
        cmocka_unit_test(times_go_out_and_back),
        cmocka_unit_test(times_are_read_strictly),
        cmocka_unit_test(months_end_where_the_month_ends),
        cmocka_unit_test(clocks_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
