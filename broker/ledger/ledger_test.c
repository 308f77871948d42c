// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/ledger/fixture.h"
#include "broker/ledger/state.h"

static char dir[PATH_MAX], journal[PATH_MAX];

static int setup(void **state)
{
    (void)state;
    fixture_folder(dir);
    (void)!snprintf(journal, sizeof journal, "%.4000s/journal", dir);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_remove(dir);
    return 0;
}

static void expect_edge(const struct zt_ledger *ledger, uint64_t size)
{
    struct zt_edge edge;
    zt_edge_init(&edge, ZT_SHA256);
    for (uint64_t i = 0; i < size; i++) {
        uint8_t room[ZT_ENTRY_MAX], leaf[ZT_HASH_LEN];
        assert_int_equal(zt_merkle_leaf(ZT_SHA256, fixture_entry(i, room), leaf), ZT_OK);
        assert_int_equal(zt_edge_add(&edge, leaf), ZT_OK);
    }
    uint8_t expected[ZT_HASH_LEN], root[ZT_HASH_LEN];
    assert_int_equal(zt_edge_root(&edge, expected), ZT_OK);
    assert_int_equal(zt_edge_root(&ledger->edge, root), ZT_OK);
    assert_memory_equal(root, expected, sizeof root);
}

static void empty_ledger(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct zt_ledger *ledger = fixture_open(dir, 0);
        assert_int_equal(zt_ledger_size(ledger), 0);
        assert_int_equal(zt_ledger_sealed(ledger), 0);
        assert_int_equal(fixture_check(ledger), 0);
        zt_ledger_close(&ledger);
        zt_ledger_close(&ledger);
    }
}

static void sizes_that_matter(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {1, 2, 255, 256, 257, 65535, 65536, 65537};
    uint64_t size = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct zt_ledger *ledger = fixture_open(dir, 0);
        assert_int_equal(zt_ledger_size(ledger), size);
        fixture_append(ledger, size, (size_t)(sizes[i] - size), 1000);
        size = sizes[i];
        assert_int_equal(fixture_check(ledger), size);
        zt_ledger_close(&ledger);
        ledger = fixture_open(dir, 0);
        expect_edge(ledger, size);
        zt_ledger_close(&ledger);
    }
}

static void returns_index_and_leaf_hashes(void **state)
{
    (void)state;
    struct zt_ledger *ledger = fixture_open(dir, 0);
    struct zt_bytes entries[] = {zt_bytes_str("one"), zt_bytes_str("two")};
    uint8_t hashes[2][ZT_HASH_LEN], leaf[ZT_HASH_LEN];
    uint64_t first = 99;
    assert_int_equal(zt_ledger_append(ledger, entries, 2, &first, hashes), ZT_OK);
    assert_int_equal(first, 0);
    assert_int_equal(zt_ledger_append(ledger, entries, 2, &first, hashes), ZT_OK);
    assert_int_equal(first, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(zt_merkle_leaf(ZT_SHA256, entries[i], leaf), ZT_OK);
        assert_memory_equal(hashes[i], leaf, ZT_HASH_LEN);
    }
    zt_ledger_close(&ledger);
}

static void limits_change_nothing(void **state)
{
    (void)state;
    static struct zt_bytes entries[ZT_LEDGER_APPEND + 1];
    static uint8_t hashes[ZT_LEDGER_APPEND + 1][ZT_HASH_LEN], big[ZT_ENTRY_MAX + 1];
    struct zt_ledger *ledger = fixture_open(dir, 0);
    uint64_t first = 99;
    for (size_t i = 0; i <= ZT_LEDGER_APPEND; i++)
        entries[i] = zt_bytes_str("x");
    assert_int_equal(zt_ledger_append(ledger, entries, 0, &first, hashes), ZT_E_LIMIT);
    assert_int_equal(zt_ledger_append(ledger, entries, ZT_LEDGER_APPEND + 1, &first, hashes), ZT_E_LIMIT);
    entries[5] = (struct zt_bytes){big, sizeof big};
    assert_int_equal(zt_ledger_append(ledger, entries, 9, &first, hashes), ZT_E_LIMIT);
    entries[5].len = 0;
    assert_int_equal(zt_ledger_append(ledger, entries, 9, &first, hashes), ZT_E_LIMIT);
    assert_int_equal(first, 99);
    assert_int_equal(zt_ledger_size(ledger), 0);
    fixture_append(ledger, 0, 10, 3);
    assert_int_equal(fixture_check(ledger), 10);
    zt_ledger_close(&ledger);
}

static void segments_roll_over(void **state)
{
    (void)state;
    struct zt_segments list;
    struct zt_ledger *ledger = fixture_open(dir, 20000);
    fixture_append(ledger, 0, 3000, 17);
    assert_int_equal(fixture_check(ledger), 3000);
    zt_ledger_close(&ledger);
    assert_int_equal(zt_segments_list(journal, &list, NULL), ZT_OK);
    assert_true(list.count > 15);
    zt_segments_fini(&list);
    ledger = fixture_open(dir, 20000);
    expect_edge(ledger, 3000);
    fixture_append(ledger, 3000, 500, 400);
    assert_int_equal(fixture_check(ledger), 3500);
    zt_ledger_close(&ledger);
}

// A crash after a new segment was made and before its first append.
static void empty_last_segment(void **state)
{
    (void)state;
    struct zt_ledger *ledger = fixture_open(dir, 0);
    fixture_append(ledger, 0, 40, 40);
    zt_ledger_close(&ledger);
    assert_int_equal(zt_segment_make(journal, 40, NULL), ZT_OK);
    ledger = fixture_open(dir, 0);
    expect_edge(ledger, 40);
    fixture_append(ledger, 40, 40, 7);
    assert_int_equal(fixture_check(ledger), 80);
    zt_ledger_close(&ledger);
}

static void segment_that_leaves_a_gap(void **state)
{
    (void)state;
    struct zt_fault fault;
    struct zt_ledger *ledger = fixture_open(dir, 0);
    fixture_append(ledger, 0, 40, 40);
    zt_ledger_close(&ledger);
    assert_int_equal(zt_segment_make(journal, 41, NULL), ZT_OK);
    assert_int_equal(fixture_try(dir, &fault), ZT_E_CORRUPT);
    assert_string_equal(fault.rule, "ledger.damage");
}

static void one_writer_only(void **state)
{
    (void)state;
    struct zt_fault fault;
    struct zt_ledger *ledger = fixture_open(dir, 0);
    assert_int_equal(fixture_try(dir, &fault), ZT_E_STATE);
    assert_string_equal(fault.rule, "ledger.lock");
    zt_ledger_close(&ledger);
    assert_int_equal(fixture_try(dir, &fault), ZT_OK);
}

static void folder_is_private(void **state)
{
    (void)state;
    struct stat info;
    char sub[PATH_MAX + 8];
    (void)!snprintf(sub, sizeof sub, "%.4000s/led/ger", dir);
    struct zt_ledger *ledger = fixture_open(sub, 0);
    assert_int_equal(stat(sub, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    zt_ledger_close(&ledger);
}

static void origin_is_checked(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "two words", "plus+plus", "line\nline"};
    struct zt_fault fault;
    for (size_t i = 0; i < 4; i++) {
        struct zt_ledger *ledger = NULL;
        struct zt_ledger_options options = {dir, bad[i], 0};
        assert_int_equal(zt_ledger_open(&options, &ledger, &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, "ledger.origin");
        assert_null(ledger);
    }
}

static void damage_refuses_to_open(void **state)
{
    (void)state;
    char path[PATH_MAX];
    struct zt_fault fault;
    struct zt_ledger *ledger = fixture_open(dir, 0);
    fixture_append(ledger, 0, 100, 10);
    zt_ledger_close(&ledger);
    zt_segment_path(journal, 0, path);
    fixture_flip(path, 500, 1);
    assert_int_equal(fixture_try(dir, &fault), ZT_E_CORRUPT);
    assert_string_equal(fault.rule, "ledger.damage");
    fixture_flip(path, 500, 1);
    assert_int_equal(fixture_try(dir, &fault), ZT_OK);
}

static bool stop_at_once(void *arg, uint64_t index, struct zt_bytes entry)
{
    (void)entry;
    *(uint64_t *)arg = index;
    return false;
}

static void scan_from_anywhere(void **state)
{
    (void)state;
    struct zt_ledger_reader *reader;
    struct zt_ledger *ledger = fixture_open(dir, 50000);
    fixture_append(ledger, 0, 2500, 100);
    assert_int_equal(zt_ledger_reader_open(ledger, &reader), ZT_OK);
    for (uint64_t i = 0; i < 2500; i += 13) {
        uint64_t seen = 9999;
        assert_int_equal(zt_ledger_scan(reader, i, stop_at_once, &seen), ZT_OK);
        assert_int_equal(seen, i);
    }
    uint64_t seen = 9999;
    assert_int_equal(zt_ledger_scan(reader, 2500, stop_at_once, &seen), ZT_OK);
    assert_int_equal(zt_ledger_scan(reader, UINT64_MAX, stop_at_once, &seen), ZT_OK);
    assert_int_equal(seen, 9999);
    fixture_append(ledger, 2500, 1, 1);
    assert_int_equal(zt_ledger_scan(reader, 2500, stop_at_once, &seen), ZT_OK);
    assert_int_equal(seen, 2500);
    zt_ledger_reader_close(&reader);
    zt_ledger_reader_close(&reader);
    zt_ledger_close(&ledger);
}

static void failure_is_final(void **state)
{
    (void)state;
    uint64_t first;
    uint8_t hash[1][ZT_HASH_LEN];
    struct zt_bytes entry = zt_bytes_str("x");
    struct zt_ledger *ledger = fixture_open(dir, 0);
    fixture_append(ledger, 0, 3, 3);
    close(ledger->journal.fd);
    ledger->journal.fd = -1; // the disk is gone
    assert_int_equal(zt_ledger_append(ledger, &entry, 1, &first, hash), ZT_E_IO);
    assert_int_equal(zt_ledger_append(ledger, &entry, 1, &first, hash), ZT_E_IO);
    assert_int_equal(zt_ledger_failure(ledger), ZT_E_IO);
    assert_int_equal(zt_ledger_size(ledger), 3);
    zt_ledger_fail(ledger, ZT_E_CORRUPT); // the first reason stays
    assert_int_equal(zt_ledger_failure(ledger), ZT_E_IO);
    zt_ledger_close(&ledger);
    ledger = fixture_open(dir, 0);
    assert_int_equal(fixture_check(ledger), 3);
    zt_ledger_close(&ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(empty_ledger, setup, teardown),
        cmocka_unit_test_setup_teardown(sizes_that_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(returns_index_and_leaf_hashes, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_change_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(segments_roll_over, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_last_segment, setup, teardown),
        cmocka_unit_test_setup_teardown(segment_that_leaves_a_gap, setup, teardown),
        cmocka_unit_test_setup_teardown(one_writer_only, setup, teardown),
        cmocka_unit_test_setup_teardown(folder_is_private, setup, teardown),
        cmocka_unit_test_setup_teardown(origin_is_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(damage_refuses_to_open, setup, teardown),
        cmocka_unit_test_setup_teardown(scan_from_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(failure_is_final, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
