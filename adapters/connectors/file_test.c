// SPDX-License-Identifier: Apache-2.0
#include "adapters/connectors/test_support.h"

#include <sys/stat.h>

static bool exists(const struct folder *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    return access(path, F_OK) == 0;
}

static void take_cursor(const struct zt_connector *c, char out[static ZT_CURSOR_MAX])
{
    struct zt_bytes cursor = c->ops->cursor(c);
    assert_true(cursor.len < ZT_CURSOR_MAX);
    memcpy(out, cursor.data, cursor.len);
    out[cursor.len] = 0;
}

static void settle(struct zt_connector *c)
{
    char cursor[ZT_CURSOR_MAX];
    take_cursor(c, cursor);
    c->ops->settled(c, zt_bytes_str(cursor));
}

static void reads_files_in_the_order_of_their_names(void **state)
{
    write_text(*state, "b.csv", "a\n2\n");
    write_text(*state, "a.csv", "a\n1\n");
    write_text(*state, ".hidden", "a\n0\n");
    write_text(*state, "c.csv.tmp", "a\n0\n");
    write_text(*state, "d.part", "a\n0\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "a=1");
    expect_row(c, "a=2");
    expect_end(c);
    write_text(*state, "c.csv", "a\n3\n");
    expect_row(c, "a=3");
    expect_end(c);
    c->ops->close(&c);
}

static void moves_files_only_when_settled(void **state)
{
    write_text(*state, "a.csv", "a\n1\n2\n");
    write_text(*state, "b.csv", "a\n3\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "a=1");
    settle(c); // inside a.csv
    expect_row(c, "a=2");
    expect_row(c, "a=3");
    assert_true(exists(*state, "a.csv"));
    settle(c); // inside b.csv: a.csv is done
    assert_true(exists(*state, "done/a.csv"));
    assert_true(exists(*state, "b.csv"));
    expect_end(c);
    settle(c);
    assert_true(exists(*state, "done/b.csv"));
    assert_false(exists(*state, "b.csv"));
    c->ops->close(&c);
}

// "b.csv" ends like "ab.csv": settling one must not move the other.
static void settles_by_the_whole_name(void **state)
{
    write_text(*state, "ab.csv", "a\n1\n");
    write_text(*state, "b.csv", "a\n2\n3\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "a=1");
    char first[ZT_CURSOR_MAX];
    take_cursor(c, first);
    expect_row(c, "a=2");
    c->ops->settled(c, zt_bytes_str(first));
    assert_true(exists(*state, "done/ab.csv"));
    assert_true(exists(*state, "b.csv"));
    c->ops->close(&c);
}

static void bad_files_go_to_their_own_folder(void **state)
{
    write_text(*state, "a.csv", "x,x\n1,2\n");
    write_text(*state, "b.csv", "a\n1\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_fault(c, ZT_E_INPUT, "csv.header", "a.csv:1");
    expect_row(c, "a=1");
    expect_end(c);
    settle(c);
    assert_true(exists(*state, "bad/a.csv"));
    assert_true(exists(*state, "done/b.csv"));
    c->ops->close(&c);
}

static void never_overwrites_a_done_file(void **state)
{
    for (int round = 0; round < 3; round++) {
        write_text(*state, "a.csv", "a\n1\n");
        struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
        expect_row(c, "a=1");
        expect_end(c);
        settle(c);
        c->ops->close(&c);
    }
    assert_true(exists(*state, "done/a.csv"));
    assert_true(exists(*state, "done/a.csv.1"));
    assert_true(exists(*state, "done/a.csv.2"));
}

// From the cursor after every row a new connector gives exactly the rest.
static void resumes_behind_every_row(void **state)
{
    write_text(*state, "a.csv", "a\n1\n\"2\n2\"\nx,y\n3\n");
    write_text(*state, "b.csv", "a\n4\n");
    static const char *const rest[] = {"a=1", "a=2\n2", NULL, "a=3", "a=4"};
    char cursor[ZT_CURSOR_MAX] = "";
    for (size_t done = 0; done <= 5; done++) {
        struct zt_connector *c = open_files(*state, "csv", "utf-8", cursor);
        for (size_t i = done; i < 5; i++) {
            if (rest[i])
                expect_row(c, rest[i]);
            else
                expect_fault(c, ZT_E_INPUT, "csv.columns", "a.csv:5");
            if (i == done)
                take_cursor(c, cursor);
        }
        expect_end(c);
        c->ops->close(&c);
        if (done ==
            4) // both files are behind us, neither was settled: b.csv ends at the cursor, a.csv is read again
            break;
    }
}

// While the adapter is down, a department delivers a new file under the name of one that was read.
static void another_file_of_the_same_name_is_read_from_its_start(void **state)
{
    char cursor[ZT_CURSOR_MAX] = "";
    write_text(*state, "a.csv", "a\n1\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "a=1");
    expect_end(c);
    take_cursor(c, cursor);
    settle(c);
    c->ops->close(&c);
    assert_true(exists(*state, "done/a.csv"));
    write_text(*state, "a.csv", "a\n7\n8\n9\n");
    c = open_files(*state, "csv", "utf-8", cursor);
    expect_row(c, "a=7");
    expect_row(c, "a=8");
    take_cursor(c, cursor);
    c->ops->close(&c);
    c = open_files(*state, "csv", "utf-8", cursor); // and the same one goes on where it was
    expect_row(c, "a=9");
    expect_end(c);
    c->ops->close(&c);
}

static void a_name_may_hold_colons(void **state)
{
    char cursor[ZT_CURSOR_MAX] = "";
    write_text(*state, "10:30:00.csv", "a\n1\n2\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "a=1");
    take_cursor(c, cursor);
    c->ops->close(&c);
    c = open_files(*state, "csv", "utf-8", cursor);
    expect_row(c, "a=2");
    expect_end(c);
    settle(c);
    assert_true(exists(*state, "done/10:30:00.csv"));
    c->ops->close(&c);
}

static void a_late_file_with_an_earlier_name_is_read(void **state)
{
    write_text(*state, "m.csv", "a\n1\n");
    struct zt_connector *c = open_files(*state, "csv", "utf-8", "");
    expect_row(c, "a=1");
    expect_end(c);
    settle(c);
    write_text(*state, "c.csv", "a\n2\n");
    expect_row(c, "a=2");
    char cursor[ZT_CURSOR_MAX];
    take_cursor(c, cursor);
    c->ops->close(&c);
    write_text(*state, "b.csv", "a\n3\n");
    c = open_files(*state, "csv", "utf-8", cursor);
    expect_row(c, "a=3");
    expect_end(c);
    c->ops->close(&c);
}

static void reports_an_unreadable_source(void **state)
{
    struct folder gone = {"/tmp/zt-no-such-folder"};
    struct zt_connector *c = open_files(&gone, "csv", "utf-8", "");
    expect_fault(c, ZT_E_IO, "file.folder", gone.path);
    c->ops->close(&c);
    write_text(*state, "a.csv", "a\n1\n");
    char path[256];
    snprintf(path, sizeof path, "%s/a.csv", ((struct folder *)*state)->path);
    c = open_files(*state, "csv", "utf-8", "");
    if (geteuid() != 0) { // root reads everything
        assert_int_equal(chmod(path, 0), 0);
        expect_fault(c, ZT_E_IO, "file.open", "a.csv");
        assert_int_equal(chmod(path, 0600), 0);
    }
    expect_row(c, "a=1"); // it is back
    c->ops->close(&c);
}

static void refuses_bad_options_and_cursors(void **state)
{
    struct folder *folder = *state;
    struct zt_connector_options good = {.name = "t", .folder = folder->path, .pattern = "*", .format = "csv"};
    struct zt_connector_options bad[] = {good, good, good, good};
    bad[0].folder = "";
    bad[1].pattern = NULL;
    bad[2].format = "xml";
    bad[3].encoding = "latin1";
    struct zt_connector *c = NULL;
    for (size_t i = 0; i < 4; i++) {
        struct zt_fault fault = {0};
        assert_int_equal(zt_connector_file.open(&bad[i], (struct zt_bytes){0}, &c, &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, "connector.option");
        assert_null(c);
    }
    static const char *const cursors[] = {"x",       "1:1:5:", "1:1:a",
                                          "1:5:a",   ":1:5:a", "-1:1:5:a",
                                          "1:0:5:a", "1:1::a", "99999999999999999999:1:5:a"};
    for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++) {
        struct zt_fault fault = {0};
        assert_int_equal(zt_connector_file.open(&good, zt_bytes_str(cursors[i]), &c, &fault), ZT_E_INPUT);
        assert_string_equal(fault.rule, "connector.cursor");
    }
    assert_null(zt_connector_find("nothing"));
    assert_ptr_equal(zt_connector_find("file"), &zt_connector_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_files_in_the_order_of_their_names, setup_folder,
                                        teardown_folder),
        cmocka_unit_test_setup_teardown(moves_files_only_when_settled, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(settles_by_the_whole_name, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(bad_files_go_to_their_own_folder, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(never_overwrites_a_done_file, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(resumes_behind_every_row, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(another_file_of_the_same_name_is_read_from_its_start, setup_folder,
                                        teardown_folder),
        cmocka_unit_test_setup_teardown(a_name_may_hold_colons, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(a_late_file_with_an_earlier_name_is_read, setup_folder,
                                        teardown_folder),
        cmocka_unit_test_setup_teardown(reports_an_unreadable_source, setup_folder, teardown_folder),
        cmocka_unit_test_setup_teardown(refuses_bad_options_and_cursors, setup_folder, teardown_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
