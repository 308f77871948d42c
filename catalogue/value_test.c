// SPDX-License-Identifier: Apache-2.0
#include "base/test_support.h"
#include "catalogue/value.h"

static const struct zt_code sexes[] = {{"1", "男", "male"}, {"2", "女", "female"}};
static const struct zt_code_table sex = {.id = "T-SEX", .codes = sexes, .code_count = 2};
static const struct zt_code places[] = {{"370200", "青岛市", "Qingdao"}};
static const struct zt_code_table region = {.id = "T-REG", .codes = places, .code_count = 1, .open = true};

static const struct zt_field_type text5 = {.tag = 1, .name = "label", .kind = ZT_KIND_TEXT, .max_len = 5};
static const struct zt_field_type count3 = {.tag = 2, .name = "count", .kind = ZT_KIND_INTEGER, .max_len = 3};
static const struct zt_field_type rate42 = {
    .tag = 3, .name = "rate", .kind = ZT_KIND_DECIMAL, .max_len = 4, .scale = 2};
static const struct zt_field_type money14 = {
    .tag = 4, .name = "balance", .kind = ZT_KIND_MONEY, .max_len = 14, .scale = 2};
static const struct zt_field_type money18 = {
    .tag = 4, .name = "balance", .kind = ZT_KIND_MONEY, .max_len = 18, .scale = 2};
static const struct zt_field_type day = {.tag = 5, .name = "day", .kind = ZT_KIND_DATE};
static const struct zt_field_type moment = {.tag = 6, .name = "moment", .kind = ZT_KIND_TIMESTAMP};
static const struct zt_field_type flag = {.tag = 7, .name = "flag", .kind = ZT_KIND_BOOLEAN};
static const struct zt_field_type code = {.tag = 8, .name = "sex", .kind = ZT_KIND_CODE, .table = &sex};
static const struct zt_field_type open_code = {
    .tag = 9, .name = "region", .kind = ZT_KIND_CODE, .table = &region};
static const struct zt_field_type citizen = {
    .tag = 10, .name = "id_no", .kind = ZT_KIND_ID, .id_kind = ZT_ID_CITIZEN};
static const struct zt_field_type any_id = {.tag = 11, .name = "number", .kind = ZT_KIND_ID};
static const struct zt_field_type blob = {.tag = 12, .name = "photo", .kind = ZT_KIND_BINARY, .max_len = 4};

static struct zt_arena arena;

static int setup(void **state)
{
    (void)state;
    zt_arena_init(&arena, (size_t)64 * 1024);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_arena_fini(&arena);
    return 0;
}

// Parses, checks what came out, and reads it back as text.
static void reads(const struct zt_field_type *type, const char *text, const char *canonical)
{
    struct zt_field field = {0};
    struct zt_fault fault = {0};
    enum zt_err rc = zt_value_parse(type, text, &arena, &field, &fault);
    if (rc != ZT_OK)
        print_error("%s: %s %s\n", text, fault.rule, fault.text);
    assert_int_equal(rc, ZT_OK);
    assert_int_equal(field.tag, type->tag);
    assert_int_equal(zt_value_check(type, &field, &fault), ZT_OK);
    assert_string_equal(zt_value_text(type, &field, &arena), canonical);
}

static void refuses(const struct zt_field_type *type, const char *text, const char *rule)
{
    struct zt_field field = {.tag = 99};
    struct zt_fault fault = {0};
    assert_int_equal(zt_value_parse(type, text, &arena, &field, &fault), ZT_E_INPUT);
    assert_string_equal(fault.rule, rule);
    assert_string_equal(fault.place, type->name);
    assert_int_equal(field.tag, 99); // untouched
    if (text && strlen(text) > 8)    // what was refused may be a number of a person: it is not repeated
        assert_null(strstr(fault.text, text));
    assert_int_equal(zt_value_parse(type, text, &arena, &field, NULL), ZT_E_INPUT);
}

static void texts(void **state)
{
    (void)state;
    reads(&text5, "abcde", "abcde");
    reads(&text5, "公积金中心", "公积金中心"); // five characters, fifteen bytes
    reads(&text5, "a\nb\tc", "a\nb\tc");
    refuses(&text5, "abcdef", "value.length");
    refuses(&text5, "公积金中心x", "value.length");
    refuses(&text5, "", "value.empty");
    refuses(&text5, NULL, "value.empty");
    refuses(&text5, "a\x01", "value.text");
    refuses(&text5, "a\x7f", "value.text");
    refuses(&text5, "a\xff", "value.text");
    refuses(&text5, "\xe5\x85", "value.text"); // cut in the middle of a character
}

static void numbers(void **state)
{
    (void)state;
    reads(&count3, "0", "0");
    reads(&count3, "999", "999");
    reads(&count3, "-999", "-999");
    refuses(&count3, "1000", "value.digits");
    refuses(&count3, "-1000", "value.digits");
    refuses(&count3, "1.5", "value.integer");
    refuses(&count3, "12a", "value.integer");
    refuses(&count3, " 12", "value.integer");
    refuses(&count3, "99999999999999999999", "value.integer");
    reads(&rate42, "12", "12.00");
    reads(&rate42, "12.5", "12.50");
    reads(&rate42, "-0.01", "-0.01");
    refuses(&rate42, "100", "value.digits");
    refuses(&rate42, "1.234", "value.decimal");
    refuses(&rate42, "1,5", "value.decimal");
    reads(&money14, "12345.67", "12345.67");
    reads(&money14, "999999999999.99", "999999999999.99");
    refuses(&money14, "1000000000000.00", "value.digits");
    refuses(&money14, "12345.678", "value.money");
    refuses(&money14, "¥12", "value.money");
    reads(&money18, "9999999999999999.99", "9999999999999999.99");
    refuses(&money18, "10000000000000000.00", "value.digits");
}

static void dates_and_times(void **state)
{
    (void)state;
    reads(&day, "1990-03-07", "1990-03-07");
    reads(&day, "2024-02-29", "2024-02-29");
    refuses(&day, "2023-02-29", "value.date");
    refuses(&day, "19900307", "value.date");
    refuses(&day, "1990-3-7", "value.date");
    refuses(&day, "0999-01-01", "value.date");
    reads(&moment, "2026-11-22T04:21:31.005Z", "2026-11-22T04:21:31.005Z");
    reads(&moment, "2026-11-22T12:21:31+08:00", "2026-11-22T04:21:31.000Z");
    refuses(&moment, "2026-11-23", "value.timestamp");
    refuses(&moment, "yesterday", "value.timestamp");
}

static void booleans(void **state)
{
    (void)state;
    reads(&flag, "true", "true");
    reads(&flag, "false", "false");
    refuses(&flag, "1", "value.boolean");
    refuses(&flag, "TRUE", "value.boolean");
    refuses(&flag, "yes", "value.boolean");
}

static void codes(void **state)
{
    (void)state;
    reads(&code, "1", "1");
    refuses(&code, "3", "value.code");
    refuses(&code, "01", "value.code");
    refuses(&code, "男", "value.code");
    struct zt_field field;
    struct zt_fault fault = {0};
    assert_int_equal(zt_value_parse(&code, "3", &arena, &field, &fault), ZT_E_INPUT);
    assert_non_null(strstr(fault.text, "T-SEX"));
    // A table of which we hold a part takes what has its form, and no more.
    reads(&open_code, "370200", "370200");
    reads(&open_code, "110105", "110105");
    refuses(&open_code, "1101", "value.code");
    refuses(&open_code, "11010X", "value.code");
    const struct zt_field_type orphan = {.tag = 8, .name = "sex", .kind = ZT_KIND_CODE};
    refuses(&orphan, "1", "value.code");
}

static void identifiers(void **state)
{
    (void)state;
    reads(&citizen, "370202199003079980", "370202199003079980");
    refuses(&citizen, "370202199003079981", "gb11643.check");
    refuses(&citizen, "370202197002299907", "gb11643.date");
    refuses(&citizen, "37020319930515994x", "gb11643.case");
    // Without a kind the form decides which standard applies.
    reads(&any_id, "370202199003079980", "370202199003079980");
    reads(&any_id, "91370202MA9X00011M", "91370202MA9X00011M");
    reads(&any_id, "E00000099", "E00000099");
    reads(&any_id, "南字第0012345号", "南字第0012345号"); // an officer's card: free text
    refuses(&any_id, "370202199003079981", "gb11643.check");
    refuses(&any_id, "a b", "value.id");
}

static void binaries(void **state)
{
    (void)state;
    reads(&blob, "AQIDBA", "AQIDBA");
    reads(&blob, "AQ", "AQ");
    refuses(&blob, "AQIDBAU", "value.length"); // five bytes
    refuses(&blob, "AQ==", "value.binary");
    refuses(&blob, "!!!!", "value.binary");
}

static void wire_fields_must_have_the_right_kind(void **state)
{
    (void)state;
    struct zt_fault fault = {0};
    struct zt_field as_number = {.tag = 1, .kind = ZT_VALUE_NUMBER, .number = 1};
    assert_int_equal(zt_value_check(&text5, &as_number, &fault), ZT_E_INPUT);
    assert_string_equal(fault.rule, "value.kind");
    struct zt_field as_text = {.tag = 4, .kind = ZT_VALUE_TEXT, .text = "12.00"};
    assert_int_equal(zt_value_check(&money14, &as_text, &fault), ZT_E_INPUT);
    assert_int_equal(zt_value_check(&blob, &as_text, &fault), ZT_E_INPUT);
    struct zt_field no_text = {.tag = 1, .kind = ZT_VALUE_TEXT};
    assert_int_equal(zt_value_check(&text5, &no_text, &fault), ZT_E_INPUT);
    assert_string_equal(fault.rule, "value.empty");
    struct zt_field two = {.tag = 7, .kind = ZT_VALUE_NUMBER, .number = 2};
    assert_int_equal(zt_value_check(&flag, &two, &fault), ZT_E_INPUT);
    assert_string_equal(fault.rule, "value.boolean");
    static const int64_t outside[] = {INT64_MIN, ZT_TIMESTAMP_MIN - 1, ZT_TIMESTAMP_MAX + 1, INT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        struct zt_field far = {.tag = 6, .kind = ZT_VALUE_NUMBER, .number = outside[i]};
        assert_int_equal(zt_value_check(&moment, &far, &fault), ZT_E_INPUT);
        assert_string_equal(fault.rule, "value.timestamp");
        assert_int_equal(zt_value_check(&money18, &far, &fault), i == 0 || i == 3 ? ZT_E_INPUT : ZT_OK);
    }
    struct zt_field nothing = {.tag = 12, .kind = ZT_VALUE_BLOB};
    assert_int_equal(zt_value_check(&blob, &nothing, &fault), ZT_E_INPUT);
}

static void a_full_arena_is_said_so(void **state)
{
    (void)state;
    struct zt_arena tiny;
    struct zt_field field = {.tag = 99};
    struct zt_fault fault = {0};
    zt_arena_init(&tiny, 0);
    assert_int_equal(zt_value_parse(&text5, "abc", &tiny, &field, &fault), ZT_E_NOMEM);
    assert_int_equal(zt_value_parse(&blob, "AQ", &tiny, &field, &fault), ZT_E_NOMEM);
    assert_int_equal(field.tag, 99);
    const struct zt_field number = {.kind = ZT_VALUE_NUMBER, .number = 5};
    assert_null(zt_value_text(&money14, &number, &tiny));
    assert_string_equal(zt_value_text(&flag, &number, &tiny), "true");
    zt_arena_fini(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(numbers),
        cmocka_unit_test(dates_and_times),
        cmocka_unit_test(booleans),
        cmocka_unit_test(codes),
        cmocka_unit_test(identifiers),
        cmocka_unit_test(binaries),
        cmocka_unit_test(wire_fields_must_have_the_right_kind),
        cmocka_unit_test(a_full_arena_is_said_so),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
