// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/ledger/fixture.h"

static char dir[PATH_MAX];

static int setup(void **state)
{
    (void)state;
    fixture_folder(dir);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_remove(dir);
    return 0;
}

static void listed_in_order_of_index(void **state)
{
    (void)state;
    static const uint64_t firsts[] = {0, 7, 99, 1000, UINT64_C(18446744073709551615)};
    struct zt_segments list;
    for (size_t i = 5; i-- > 0;)
        assert_int_equal(zt_segment_make(dir, firsts[i], NULL), ZT_OK);
    assert_int_equal(zt_segments_list(dir, &list, NULL), ZT_OK);
    assert_int_equal(list.count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_true(list.firsts[i] == firsts[i]);
    assert_int_equal(zt_segments_find(&list, 0), 0);
    assert_int_equal(zt_segments_find(&list, 6), 0);
    assert_int_equal(zt_segments_find(&list, 7), 1);
    assert_int_equal(zt_segments_find(&list, 999), 2);
    assert_int_equal(zt_segments_find(&list, 5000), 3);
    zt_segments_fini(&list);
}

static void other_names_are_not_segments(void **state)
{
    (void)state;
    static const char *const names[] = {"00000000000000000000.ztj.tmp", "0.ztj",
                                        "0000000000000000000x.ztj",     "00000000000000000000.txt",
                                        "18446744073709551616.ztj",     "99999999999999999999.ztj",
                                        "-0000000000000000001.ztj",     ".00000000000000000000.ztj"};
    struct zt_segments list;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX + 64];
        (void)!snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        fixture_write(path, (const uint8_t *)"x", 1);
    }
    assert_int_equal(zt_segments_list(dir, &list, NULL), ZT_OK);
    assert_int_equal(list.count, 0);
    zt_segments_fini(&list);
}

static void many_segments(void **state)
{
    (void)state;
    struct zt_segments list = {.count = 0};
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(zt_segments_add(&list, i * 10), ZT_OK);
    for (uint64_t i = 0; i < 10000; i++)
        assert_int_equal(zt_segments_find(&list, i), i / 10);
    zt_segments_fini(&list);
}

static enum zt_err salt_of(uint64_t first, uint8_t *salt)
{
    char path[PATH_MAX];
    zt_segment_path(dir, first, path);
    int fd = open(path, O_RDONLY);
    enum zt_err rc = zt_segment_salt(fd, first, salt);
    close(fd);
    return rc;
}

static void each_segment_has_its_salt(void **state)
{
    (void)state;
    uint8_t one[ZT_SEGMENT_SALT], two[ZT_SEGMENT_SALT];
    assert_int_equal(zt_segment_make(dir, 1, NULL), ZT_OK);
    assert_int_equal(zt_segment_make(dir, 2, NULL), ZT_OK);
    assert_int_equal(salt_of(1, one), ZT_OK);
    assert_int_equal(salt_of(2, two), ZT_OK);
    assert_memory_not_equal(one, two, sizeof one);
}

static void damaged_head_is_refused(void **state)
{
    (void)state;
    char path[PATH_MAX];
    uint8_t salt[ZT_SEGMENT_SALT] = {0}, untouched[ZT_SEGMENT_SALT] = {0};
    assert_int_equal(zt_segment_make(dir, 5, NULL), ZT_OK);
    zt_segment_path(dir, 5, path);
    assert_int_equal(fixture_size(path), ZT_SEGMENT_HEAD);
    for (size_t i = 0; i < 16; i++) { // magic and index; the salt may be anything
        fixture_flip(path, i, 1);
        assert_int_equal(salt_of(5, salt), ZT_E_CORRUPT);
        fixture_flip(path, i, 1);
    }
    assert_memory_equal(salt, untouched, sizeof salt);
    assert_int_equal(salt_of(5, salt), ZT_OK);
    for (size_t len = ZT_SEGMENT_HEAD; len-- > 0;) {
        fixture_cut(path, len);
        assert_int_equal(salt_of(5, salt), ZT_E_CORRUPT);
    }
}

static void no_folder(void **state)
{
    (void)state;
    struct zt_segments list;
    struct zt_fault fault;
    assert_int_equal(zt_segments_list("/nonexistent/journal", &list, &fault), ZT_E_IO);
    assert_string_equal(fault.rule, "ledger.journal");
    assert_int_equal(zt_segment_make("/nonexistent/journal", 0, &fault), ZT_E_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(listed_in_order_of_index, setup, teardown),
        cmocka_unit_test_setup_teardown(other_names_are_not_segments, setup, teardown),
        cmocka_unit_test_setup_teardown(many_segments, setup, teardown),
        cmocka_unit_test_setup_teardown(each_segment_has_its_salt, setup, teardown),
        cmocka_unit_test_setup_teardown(damaged_head_is_refused, setup, teardown),
        cmocka_unit_test(no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
