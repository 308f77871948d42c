// SPDX-License-Identifier: Apache-2.0
#include "adapters/connectors/test_support.h"

static void reads_plain_and_quoted(void **state)
{
    write_text(*state, "a.csv", "name,amount\r\nLi,1.00\r\n\"Wang, \"\"Er\"\"\",2\r\n\"two\r\nlines\",\r\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "name=Li|amount=1.00");
    expect_row(c, "name=Wang, \"Er\"|amount=2");
    expect_row(c, "name=two\r\nlines|amount=");
    expect_end(c);
    c->ops->close(&c);
    assert_null(c);
}

static void accepts_mark_lf_and_no_last_line_end(void **state)
{
    write_text(*state, "a.csv", "\xEF\xBB\xBFname,x\n\nLi,1");
    struct zt_connector *c = open_files(*state, "csv", NULL, "");
    expect_row(c, "name=Li|x=1");
    expect_end(c);
    c->ops->close(&c);
}

static void converts_gb18030(void **state)
{
    // 姓名,税额 / 张三,5 and a character outside the basic plane (U+20BB7) in its four-byte form.
    write_text(
        *state, "a.csv",
        "\xD0\xD5\xC3\xFB,\xCB\xB0\xB6\xEE\n\xD5\xC5\xC8\xFD,5\n\x95\x34\xB2\x35,6\n\xFF\xFE,7\nok,8\n");
    struct zt_connector *c = open_files(*state, "csv", "gb18030", "");
    expect_row(c, "姓名=张三|税额=5");
    expect_row(c, "姓名=\xF0\xA0\xAE\xB7|税额=6");
    expect_fault(c, ZT_E_INPUT, "file.encoding", "a.csv:4");
    expect_row(c, "姓名=ok|税额=8");
    expect_end(c);
    c->ops->close(&c);
}

static void names_the_wrong_encoding(void **state)
{
    write_text(*state, "a.csv", "name,x\n\xD5\xC5\xC8\xFD,5\nLi,6\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_fault(c, ZT_E_INPUT, "file.encoding", "a.csv:2");
    expect_row(c, "name=Li|x=6");
    expect_end(c);
    c->ops->close(&c);
}

// A quote that is never closed costs its own row; the rows behind it are read all the same.
static void a_truncated_row_loses_nothing_else(void **state)
{
    write_text(*state, "a.csv", "name,x\nLi,1\n\"open,2\nWang,3\nZhao,4\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "name=Li|x=1");
    expect_fault(c, ZT_E_INPUT, "csv.truncated", "a.csv:3");
    expect_row(c, "name=Wang|x=3");
    expect_row(c, "name=Zhao|x=4");
    expect_end(c);
    c->ops->close(&c);
}

static void a_file_cut_in_the_middle_says_so(void **state)
{
    write_text(*state, "a.csv", "name,x,y\nLi,1,2\nWang,\"3");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "name=Li|x=1|y=2");
    expect_fault(c, ZT_E_INPUT, "csv.truncated", "a.csv:3");
    expect_end(c);
    c->ops->close(&c);
}

static void refuses_misplaced_quotes_and_columns(void **state)
{
    write_text(*state, "a.csv", "name,x\nL\"i,1\n\"Li\"x,1\nLi,1,2\nLi\nLi,9\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_fault(c, ZT_E_INPUT, "csv.quote", "a.csv:2");
    expect_fault(c, ZT_E_INPUT, "csv.quote", "a.csv:3");
    expect_fault(c, ZT_E_INPUT, "csv.columns", "a.csv:4");
    expect_fault(c, ZT_E_INPUT, "csv.columns", "a.csv:5");
    expect_row(c, "name=Li|x=9");
    expect_end(c);
    c->ops->close(&c);
}

static void refuses_bad_headers(void **state)
{
    write_text(*state, "1.csv", "");
    write_text(*state, "2.csv", "a,,b\n1,2,3\n");
    write_text(*state, "3.csv", "a,a\n1,2\n");
    write_text(*state, "4.csv", "a\n1\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_fault(c, ZT_E_INPUT, "csv.header", "1.csv");
    expect_fault(c, ZT_E_INPUT, "csv.header", "2.csv:1");
    expect_fault(c, ZT_E_INPUT, "csv.header", "3.csv:1");
    expect_row(c, "a=1");
    expect_end(c);
    c->ops->close(&c);
}

static void refuses_rows_over_the_limits(void **state)
{
    size_t len = ZT_ROW_BYTES + 100;
    char *big = malloc(len + 32);
    assert_non_null(big);
    memcpy(big, "a\n", 2);
    memset(big + 2, 'x', len);
    memcpy(big + 2 + len, "\nok\n", 5);
    write_text(*state, "1.csv", big);
    big[2] = '"';
    write_text(*state, "2.csv", big);
    free(big);
    char wide[2 * (ZT_ROW_COLUMNS + 1) + 1];
    for (size_t i = 0; i + 1 < sizeof wide; i++)
        wide[i] = i % 2 ? ',' : 'a';
    wide[sizeof wide - 1] = 0;
    write_text(*state, "3.csv", wide);
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_fault(c, ZT_E_LIMIT, "csv.size", "1.csv:2");
    expect_row(c, "a=ok");
    expect_fault(c, ZT_E_LIMIT, "csv.size", "2.csv:2");
    expect_row(c, "a=ok");
    expect_fault(c, ZT_E_INPUT, "csv.columns", "3.csv:1");
    expect_end(c);
    c->ops->close(&c);
}

// Whatever is cut off, reading ends, and what was whole before the cut is still read.
static void survives_a_cut_at_every_byte(void **state)
{
    static const char whole[] = "name,x\nLi,1\n\"Wang, Er\",\"2\"\"\"\nZhao,3\n";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        write_file(*state, "a.csv", whole, len);
        struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
        struct zt_row row;
        struct zt_fault fault = {0};
        size_t rows = 0, faults = 0;
        enum zt_err rc;
        while ((rc = c->ops->next(c, &row, &fault)) != ZT_E_ABSENT) {
            assert_true(rc == ZT_OK || rc == ZT_E_INPUT);
            rc == ZT_OK ? rows++ : faults++;
            assert_true(rows + faults <= 4);
        }
        assert_true(rows >= (len >= 12 ? 1 : 0));
        c->ops->close(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_plain_and_quoted, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(accepts_mark_lf_and_no_last_line_end, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(converts_gb18030, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(names_the_wrong_encoding, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(a_truncated_row_loses_nothing_else, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(a_file_cut_in_the_middle_says_so, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(refuses_misplaced_quotes_and_columns, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(refuses_bad_headers, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(refuses_rows_over_the_limits, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(survives_a_cut_at_every_byte, setup_folder, teardown_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
