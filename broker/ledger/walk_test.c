// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/ledger/fixture.h"

#define ENTRIES 6000
#define SEGMENT ((uint64_t)300 * 1024) // about two remembered places in each

static char dir[PATH_MAX];
static struct zt_journal journal;

static void append(uint64_t upto)
{
    static uint8_t rooms[100][ZT_ENTRY_MAX];
    while (journal.next < upto) {
        struct zt_bytes entries[100];
        size_t count = (size_t)(upto - journal.next) < 100 ? (size_t)(upto - journal.next) : 100;
        for (size_t i = 0; i < count; i++)
            entries[i] = fixture_entry(journal.next + i, rooms[i]);
        fixture_journal(&journal, entries, count);
    }
}

static int setup(void **state)
{
    (void)state;
    struct zt_journal_end end;
    fixture_folder(dir);
    assert_int_equal(zt_segment_make(dir, 0, NULL), ZT_OK);
    assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_OK);
    assert_int_equal(zt_journal_open(&journal, dir, SEGMENT, &end, NULL), ZT_OK);
    append(ENTRIES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_journal_close(&journal);
    fixture_remove(dir);
    return 0;
}

static void expect(struct zt_walk *walk, uint64_t index)
{
    uint8_t room[ZT_ENTRY_MAX];
    struct zt_journal_record record;
    assert_int_equal(zt_walk_next(walk, &record), ZT_OK);
    assert_true(zt_bytes_equal(record.entry, fixture_entry(index, room)));
}

static void all_in_order_over_segments(void **state)
{
    (void)state;
    struct zt_walk walk;
    struct zt_journal_record record;
    assert_int_equal(zt_walk_open(&walk, dir, NULL), ZT_OK);
    assert_true(walk.segments.count >= 3);
    assert_int_equal(zt_walk_seek(&walk, 0), ZT_OK);
    for (uint64_t i = 0; i < ENTRIES; i++)
        expect(&walk, i);
    assert_int_equal(zt_walk_next(&walk, &record), ZT_E_ABSENT);
    zt_walk_close(&walk);
    zt_walk_close(&walk); // idempotent
}

static void jumps_to_any_entry(void **state)
{
    (void)state;
    struct zt_walk walk;
    assert_int_equal(zt_walk_open(&walk, dir, NULL), ZT_OK);
    for (uint64_t i = 0; i < 400; i++) {
        uint64_t index = i * 7919 % (ENTRIES - 1);
        assert_int_equal(zt_walk_seek(&walk, index), ZT_OK);
        expect(&walk, index);
        expect(&walk, index + 1);
    }
    assert_int_equal(zt_walk_seek(&walk, 0), ZT_OK);
    expect(&walk, 0);
    zt_walk_close(&walk);
}

static void sees_what_was_appended_later(void **state)
{
    (void)state;
    struct zt_walk walk;
    struct zt_journal_record record;
    uint64_t before = journal.next;
    assert_int_equal(zt_walk_open(&walk, dir, NULL), ZT_OK);
    assert_int_equal(zt_walk_seek(&walk, before - 1), ZT_OK);
    expect(&walk, before - 1);
    assert_int_equal(zt_walk_next(&walk, &record), ZT_E_ABSENT);
    append(before + 4000); // over new segments
    assert_int_equal(zt_walk_seek(&walk, before), ZT_OK);
    for (uint64_t i = before; i < before + 4000; i++)
        expect(&walk, i);
    zt_walk_close(&walk);
}

static void index_that_was_promised_but_is_not_there(void **state)
{
    (void)state;
    struct zt_walk walk;
    assert_int_equal(zt_walk_open(&walk, dir, NULL), ZT_OK);
    assert_int_equal(zt_walk_seek(&walk, journal.next + 1), ZT_E_CORRUPT);
    zt_walk_close(&walk);
}

static void flipped_bit_is_found_where_it_is(void **state)
{
    (void)state;
    struct zt_walk walk;
    struct zt_journal_record record;
    char path[PATH_MAX];
    zt_segment_path(dir, 0, path);
    fixture_flip(path, 5000, 4);
    assert_int_equal(zt_walk_open(&walk, dir, NULL), ZT_OK);
    assert_int_equal(zt_walk_seek(&walk, 0), ZT_OK);
    enum zt_err rc = ZT_OK;
    uint64_t index = 0;
    while ((rc = zt_walk_next(&walk, &record)) == ZT_OK)
        index++;
    assert_int_equal(rc, ZT_E_CORRUPT);
    assert_true(index > 0 && index < 200);
    assert_int_equal(zt_walk_next(&walk, &record), ZT_E_CORRUPT); // and stays there
    zt_walk_close(&walk);
    fixture_flip(path, 5000, 4);
}

static void missing_segment_is_found(void **state)
{
    (void)state;
    struct zt_walk walk;
    struct zt_segments list;
    struct zt_journal_record record;
    char path[PATH_MAX], aside[PATH_MAX + 8];
    assert_int_equal(zt_segments_list(dir, &list, NULL), ZT_OK);
    zt_segment_path(dir, list.firsts[1], path);
    (void)!snprintf(aside, sizeof aside, "%s.x", path);
    assert_int_equal(rename(path, aside), 0);
    assert_int_equal(zt_walk_open(&walk, dir, NULL), ZT_OK);
    assert_int_equal(zt_walk_seek(&walk, list.firsts[1] - 1), ZT_OK);
    assert_int_equal(zt_walk_next(&walk, &record), ZT_OK);
    assert_int_equal(zt_walk_next(&walk, &record), ZT_E_CORRUPT);
    zt_walk_close(&walk);
    zt_segment_path(dir, list.firsts[0], path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rename(aside, path), 0); // the wrong segment under the name of the first
    assert_int_equal(zt_walk_open(&walk, dir, NULL), ZT_E_CORRUPT);
    zt_segments_fini(&list);
}

static void below_the_first_kept(void **state)
{
    (void)state;
    struct zt_walk walk;
    char other[PATH_MAX];
    fixture_folder(other);
    assert_int_equal(zt_walk_open(&walk, other, NULL), ZT_E_ABSENT);
    assert_int_equal(zt_segment_make(other, 100, NULL), ZT_OK);
    assert_int_equal(zt_walk_open(&walk, other, NULL), ZT_OK);
    assert_int_equal(zt_walk_seek(&walk, 99), ZT_E_ABSENT);
    assert_int_equal(zt_walk_seek(&walk, 100), ZT_OK);
    zt_walk_close(&walk);
    fixture_remove(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_in_order_over_segments),
        cmocka_unit_test(jumps_to_any_entry),
        cmocka_unit_test(sees_what_was_appended_later),
        cmocka_unit_test(index_that_was_promised_but_is_not_there),
        cmocka_unit_test(flipped_bit_is_found_where_it_is),
        cmocka_unit_test(below_the_first_kept),
        cmocka_unit_test(missing_segment_is_found),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
