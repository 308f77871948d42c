// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/quarantine.h"

#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/file.h"
#include "base/test_support.h"

static char dir[PATH_MAX], folder[PATH_MAX + 8], file[PATH_MAX + 32];
static struct zt_quarantine *q;
static struct zt_fault fault;

static const char *const names[] = {"zjhm", "xm", "cym"};

static int enter(void **state)
{
    (void)state;
    make_test_dir(dir);
    snprintf(folder, sizeof folder, "%s/q/r", dir);
    snprintf(file, sizeof file, "%s/tax.payment.jsonl", folder);
    memset(&fault, 0, sizeof fault);
    assert_int_equal(zt_quarantine_open(folder, "tax.payment", 0, &q, &fault), ZT_OK);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    zt_quarantine_close(&q);
    zt_quarantine_close(&q);
    remove_test_dir(dir);
    return 0;
}

static void reopen(uint64_t max)
{
    zt_quarantine_close(&q);
    assert_int_equal(zt_quarantine_open(folder, "tax.payment", max, &q, &fault), ZT_OK);
}

static enum zt_err add(const char *number, const char *place)
{
    const char *values[] = {number, "张三", NULL};
    struct zt_row row = {.names = names, .values = values, .count = 3, .place = place};
    struct zt_fault why;
    zt_fault_set(&why, ZT_E_INPUT, "row.date", "csrq", "this is no day");
    return zt_quarantine_add(q, &row, NULL, &why, &fault);
}

static void read_file(struct zt_buf *out)
{
    zt_buf_init(out, 1024 * 1024);
    assert_int_equal(zt_file_read(file, out, NULL), ZT_OK);
}

static json_t *line(size_t index)
{
    struct zt_buf text;
    read_file(&text);
    char *at = (char *)(uintptr_t)zt_buf_text(&text);
    while (index-- > 0)
        at = strchr(at, '\n') + 1;
    *strchr(at, '\n') = 0;
    json_t *object = json_loads(at, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    zt_buf_fini(&text);
    return object;
}

static const char *member(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void a_line_says_everything(void **state)
{
    (void)state;
    assert_int_equal(add("370202199003079980", "payment.csv:118"), ZT_OK);
    assert_int_equal(zt_quarantine_sync(q, &fault), ZT_OK);
    assert_int_equal(zt_quarantine_count(q), 1);
    json_t *object = line(0);
    assert_int_equal(strlen(member(object, "id")), 16);
    assert_int_equal(strlen(member(object, "time")), 24);
    assert_string_equal(member(object, "stream"), "tax.payment");
    assert_string_equal(member(object, "place"), "payment.csv:118");
    assert_string_equal(member(object, "rule"), "row.date");
    assert_string_equal(member(object, "field"), "csrq");
    assert_string_equal(member(object, "text"), "this is no day");
    json_t *row = json_object_get(object, "row");
    assert_string_equal(member(row, "zjhm"), "370***80");
    assert_string_equal(member(row, "xm"), "张三");
    assert_true(json_is_null(json_object_get(row, "cym")));
    json_decref(object);
    struct stat status;
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void numbers_are_masked_wherever_they_stand(void **state)
{
    (void)state;
    assert_int_equal(add("３７０２０２１９９００３０７９９８０", "table t row 370202199003079980"), ZT_OK);
    struct zt_fault why;
    zt_fault_set(&why, ZT_E_INPUT, "csv.quote", "f.csv:3", "near 370202199003079980");
    assert_int_equal(zt_quarantine_add(q, NULL, NULL, &why, &fault), ZT_OK);
    struct zt_buf text;
    read_file(&text);
    assert_null(strstr(zt_buf_text(&text), "19900307"));
    assert_null(strstr(zt_buf_text(&text), "１９９００３０７"));
    assert_non_null(strstr(zt_buf_text(&text), "table t row 370***80"));
    zt_buf_fini(&text);
}

static void without_a_row_the_fault_says_the_place(void **state)
{
    (void)state;
    struct zt_fault why;
    zt_fault_set(&why, ZT_E_INPUT, "csv.quote", "f.csv:3", "a quote is not closed");
    assert_int_equal(zt_quarantine_add(q, NULL, NULL, &why, &fault), ZT_OK);
    json_t *object = line(0);
    assert_string_equal(member(object, "place"), "f.csv:3");
    assert_string_equal(member(object, "field"), "");
    assert_int_equal(json_object_size(json_object_get(object, "row")), 0);
    json_decref(object);
    // A record that the broker refused has a place of its own and a field in the fault.
    zt_fault_set(&why, ZT_E_INPUT, "publish.type", "hf.unit_account", "not yours");
    assert_int_equal(zt_quarantine_add(q, NULL, "f.csv:9", &why, &fault), ZT_OK);
    object = line(1);
    assert_string_equal(member(object, "place"), "f.csv:9");
    assert_string_equal(member(object, "field"), "hf.unit_account");
    json_decref(object);
}

static void the_same_row_stands_there_once(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++) {
            char place[32];
            snprintf(place, sizeof place, "payment.csv:%d", i + 2);
            assert_int_equal(add("1", place), ZT_OK);
        }
        assert_int_equal(zt_quarantine_count(q), 200);
        if (round == 0)
            assert_int_equal(zt_quarantine_sync(q, &fault), ZT_OK);
        else
            reopen(0);
    }
    assert_int_equal(add("2", "payment.csv:2"), ZT_OK); // the source changed it, and it is still bad
    assert_int_equal(zt_quarantine_count(q), 201);
}

static void a_torn_last_line_is_taken_away_at_every_byte(void **state)
{
    (void)state;
    assert_int_equal(add("1", "a:1"), ZT_OK);
    struct zt_buf first, both;
    read_file(&first);
    assert_int_equal(add("1", "a:2"), ZT_OK);
    read_file(&both);
    for (size_t len = first.len; len < both.len; len++) {
        zt_quarantine_close(&q);
        assert_int_equal(truncate(file, (off_t)len), 0);
        reopen(0);
        assert_int_equal(zt_quarantine_count(q), 1);
        assert_int_equal(add("1", "a:2"), ZT_OK);
        assert_int_equal(zt_quarantine_count(q), 2);
        json_t *object = line(1);
        assert_string_equal(member(object, "place"), "a:2");
        json_decref(object);
    }
    zt_buf_fini(&first);
    zt_buf_fini(&both);
}

static void a_full_quarantine_refuses(void **state)
{
    (void)state;
    reopen(600);
    enum zt_err rc = ZT_OK;
    int taken = 0;
    for (; rc == ZT_OK && taken < 100; taken++) {
        char place[32];
        snprintf(place, sizeof place, "a:%d", taken);
        rc = add("1", place);
    }
    assert_int_equal(rc, ZT_E_LIMIT);
    assert_string_equal(fault.rule, "quarantine.full");
    assert_in_range(taken, 2, 5);
    assert_int_equal(add("1", "a:0"), ZT_OK); // already there
}

static void what_cannot_be_shown_is_still_a_line(void **state)
{
    (void)state;
    char wide[2000];
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    assert_int_equal(add(wide, "a:1"), ZT_OK);
    assert_int_equal(add("\xff\xfe", "a:2"), ZT_OK);
    assert_int_equal(add("\"\\\n\x01.", "a:3"), ZT_OK);
    json_t *object = line(0);
    assert_in_range(strlen(member(json_object_get(object, "row"), "zjhm")), 100, 256);
    json_decref(object);
    object = line(1);
    assert_string_equal(member(json_object_get(object, "row"), "zjhm"), "...");
    json_decref(object);
    object = line(2);
    assert_string_equal(member(json_object_get(object, "row"), "zjhm"), "\"\\\n\x01.");
    json_decref(object);
    // More columns than a line holds: the place has to do.
    static const char *many_names[250], *many_values[250];
    static char keys[250][16];
    for (size_t i = 0; i < 250; i++) {
        snprintf(keys[i], sizeof keys[i], "column%zu", i);
        many_names[i] = keys[i];
        many_values[i] = wide;
    }
    struct zt_row row = {many_names, many_values, 250, "a:4"};
    struct zt_fault why;
    zt_fault_set(&why, ZT_E_INPUT, "row.date", "csrq", "this is no day");
    assert_int_equal(zt_quarantine_add(q, &row, NULL, &why, &fault), ZT_OK);
    object = line(3);
    assert_string_equal(member(object, "place"), "a:4");
    assert_int_equal(json_object_size(json_object_get(object, "row")), 0);
    json_decref(object);
}

static void a_folder_that_cannot_be_is_said(void **state)
{
    (void)state;
    struct zt_quarantine *other = NULL;
    char below[PATH_MAX + 64];
    assert_int_equal(add("1", "a:1"), ZT_OK);
    snprintf(below, sizeof below, "%s/x", file);
    assert_int_equal(zt_quarantine_open(below, "s", 0, &other, &fault), ZT_E_IO);
    assert_null(other);
    snprintf(below, sizeof below, "%s/folder.jsonl", folder);
    assert_int_equal(zt_dir_make(below, 0700, NULL), ZT_OK);
    assert_int_equal(zt_quarantine_open(folder, "folder", 0, &other, &fault), ZT_E_IO);
    assert_string_equal(fault.rule, "quarantine.open");
    snprintf(below, sizeof below, "%s/device.jsonl", folder);
    assert_int_equal(symlink("/dev/full", below), 0);
    assert_int_equal(zt_quarantine_open(folder, "device", 0, &other, &fault), ZT_E_IO);
    assert_null(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_says_everything, enter, leave),
        cmocka_unit_test_setup_teardown(numbers_are_masked_wherever_they_stand, enter, leave),
        cmocka_unit_test_setup_teardown(without_a_row_the_fault_says_the_place, enter, leave),
        cmocka_unit_test_setup_teardown(the_same_row_stands_there_once, enter, leave),
        cmocka_unit_test_setup_teardown(a_torn_last_line_is_taken_away_at_every_byte, enter, leave),
        cmocka_unit_test_setup_teardown(a_full_quarantine_refuses, enter, leave),
        cmocka_unit_test_setup_teardown(what_cannot_be_shown_is_still_a_line, enter, leave),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_is_said, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
