// SPDX-License-Identifier: Apache-2.0
#include "adapters/connectors/test_support.h"

static void reads_every_kind_of_value(void **state)
{
    write_text(*state, "a.jsonl",
               "{\"n\":\"李\",\"i\":-7,\"r\":48236.40,\"t\":true,\"f\":false,\"z\":null,\"l\":[1,\"x\"],"
               "\"o\":{\"a\":1}}\n\n{}\n");
    struct zt_connector *c = open_files(*state, "jsonl", "utf-8", "");
    expect_row(c, "n=李|i=-7|r=48236.4|t=true|f=false|z=~|l=[1,\"x\"]|o={\"a\":1}");
    expect_row(c, "");
    expect_end(c);
    c->ops->close(&c);
}

static void amounts_keep_their_digits(void **state)
{
    write_text(*state, "a.jsonl", "{\"a\":0.1,\"b\":1234567890123.45,\"c\":100.00,\"d\":9007199254740993}\n");
    struct zt_connector *c = open_files(*state, "jsonl", "utf-8", "");
    expect_row(c, "a=0.1|b=1234567890123.45|c=100|d=9007199254740993");
    c->ops->close(&c);
}

// A double holds 15 decimal digits: with more, an amount would come out as another one.
static void amounts_of_too_many_digits_are_refused(void **state)
{
    write_text(*state, "a.jsonl",
               "{\"a\":9999999999999.99}\n{\"a\":12345678901234567.89}\n{\"a\":0.1234567890123456}\n"
               "{\"a\":\"12345678901234567.89\"}\n");
    struct zt_connector *c = open_files(*state, "jsonl", "utf-8", "");
    expect_row(c, "a=9999999999999.99");
    expect_fault(c, ZT_E_INPUT, "jsonl.number", "a.jsonl:2");
    expect_fault(c, ZT_E_INPUT, "jsonl.number", "a.jsonl:3");
    expect_row(c, "a=12345678901234567.89");
    c->ops->close(&c);
}

static void refuses_what_is_not_json(void **state)
{
    write_text(*state, "a.jsonl",
               "{\"a\":1\n{\"a\":1,\"a\":2}\n[1]\n{\"a\":NaN}\n{\"a\":1} "
               "x\n{\"a\":\"\\u0000\"}\n{\"a\":\"\xD5\xC5\"}\n"
               "{\"a\":1e999}\n{\"a\":9}\n");
    struct zt_connector *c = open_files(*state, "jsonl", "utf-8", "");
    expect_fault(c, ZT_E_INPUT, "jsonl.syntax", "a.jsonl:1");
    expect_fault(c, ZT_E_INPUT, "jsonl.syntax", "a.jsonl:2");
    expect_fault(c, ZT_E_INPUT, "jsonl.object", "a.jsonl:3");
    expect_fault(c, ZT_E_INPUT, "jsonl.syntax", "a.jsonl:4");
    expect_fault(c, ZT_E_INPUT, "jsonl.syntax", "a.jsonl:5");
    expect_fault(c, ZT_E_INPUT, "jsonl.syntax", "a.jsonl:6");
    expect_fault(c, ZT_E_INPUT, "file.encoding", "a.jsonl:7");
    expect_fault(c, ZT_E_INPUT, "jsonl.syntax", "a.jsonl:8");
    expect_row(c, "a=9");
    expect_end(c);
    c->ops->close(&c);
}

static void faults_never_quote_the_row(void **state)
{
    write_text(*state, "a.jsonl", "{\"id\":\"370202199003079980\" oops}\n");
    struct zt_connector *c = open_files(*state, "jsonl", "utf-8", "");
    struct zt_row row;
    struct zt_fault fault = {0};
    assert_int_equal(c->ops->next(c, &row, &fault), ZT_E_INPUT);
    assert_null(strstr(fault.text, "370202"));
    c->ops->close(&c);
}

static void refuses_rows_over_the_limits(void **state)
{
    size_t len = ZT_ROW_BYTES + 10;
    char *big = malloc(len + 32);
    assert_non_null(big);
    memset(big, ' ', len);
    memcpy(big + len, "\n{\"a\":1}\n", 10);
    write_text(*state, "a.jsonl", big);
    free(big);
    struct zt_buf wide;
    zt_buf_init(&wide, ZT_ROW_BYTES);
    for (size_t i = 0; i <= ZT_ROW_COLUMNS; i++)
        zt_buf_printf(&wide, "%s\"m%zu\":1", i ? "," : "{", i);
    zt_buf_put_str(&wide, "}\n");
    write_text(*state, "b.jsonl", zt_buf_text(&wide));
    zt_buf_fini(&wide);
    struct zt_connector *c = open_files(*state, "jsonl", "utf-8", "");
    expect_fault(c, ZT_E_LIMIT, "jsonl.size", "a.jsonl:1");
    expect_row(c, "a=1");
    expect_fault(c, ZT_E_LIMIT, "jsonl.columns", "b.jsonl:1");
    expect_end(c);
    c->ops->close(&c);
}

static void survives_a_cut_at_every_byte(void **state)
{
    static const char whole[] = "{\"a\":1}\r\n{\"b\":[1,{\"c\":\"\\u4e00\"}]}\n{\"d\":2.5}\n";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        write_file(*state, "a.jsonl", whole, len);
        struct zt_connector *c = open_files(*state, "jsonl", "utf-8", "");
        struct zt_row row;
        struct zt_fault fault = {0};
        size_t calls = 0;
        enum zt_err rc;
        while ((rc = c->ops->next(c, &row, &fault)) != ZT_E_ABSENT) {
            assert_true(rc == ZT_OK || rc == ZT_E_INPUT);
            assert_true(++calls <= 3);
        }
        c->ops->close(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_kind_of_value, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(amounts_keep_their_digits, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(amounts_of_too_many_digits_are_refused, setup_folder,
                                        teardown_folder),
        cmocka_unit_test_setup_teardown(refuses_what_is_not_json, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(faults_never_quote_the_row, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(refuses_rows_over_the_limits, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(survives_a_cut_at_every_byte, setup_folder, teardown_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
