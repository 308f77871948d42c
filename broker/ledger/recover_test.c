// SPDX-License-Identifier: Apache-2.0
// What a crash can leave behind the last acknowledged append is cut; what a crash cannot have done is
// refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "broker/ledger/fixture.h"

#define APPENDS 4
#define SECTOR  512

static char dir[PATH_MAX], path[PATH_MAX];
static const size_t counts[APPENDS] = {1, 3, 2, 5}; // entries of each append
static size_t borders[APPENDS + 1];                 // where each append begins, and the end
static uint8_t *whole;                              // the intact segment
static size_t whole_len;

static void append_one(struct zt_journal *journal, size_t count)
{
    static uint8_t rooms[16][ZT_ENTRY_MAX];
    struct zt_bytes entries[16];
    for (size_t i = 0; i < count; i++)
        entries[i] = fixture_entry(journal->next + i, rooms[i]);
    fixture_journal(journal, entries, count);
}

static void open_journal(struct zt_journal *journal)
{
    struct zt_journal_end end;
    assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_OK);
    assert_int_equal(zt_journal_mend(dir, &end, NULL), ZT_OK);
    assert_int_equal(zt_journal_open(journal, dir, ZT_LEDGER_SEGMENT, &end, NULL), ZT_OK);
}

static int setup(void **state)
{
    (void)state;
    struct zt_journal journal;
    fixture_folder(dir);
    assert_int_equal(zt_segment_make(dir, 0, NULL), ZT_OK);
    open_journal(&journal);
    for (size_t i = 0; i < APPENDS; i++) {
        borders[i] = (size_t)journal.offset;
        append_one(&journal, counts[i]);
    }
    borders[APPENDS] = (size_t)journal.offset;
    zt_journal_close(&journal);
    zt_segment_path(dir, 0, path);
    whole = fixture_read(path, &whole_len);
    assert_int_equal(whole_len, borders[APPENDS]);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(whole);
    fixture_remove(dir);
    return 0;
}

static uint64_t entries_before(size_t append)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < append; i++)
        sum += counts[i];
    return sum;
}

// The whole appends within the first `len` bytes.
static size_t appends_within(size_t len)
{
    size_t n = 0;
    while (n < APPENDS && borders[n + 1] <= len)
        n++;
    return n;
}

static void expect_end(size_t append)
{
    struct zt_journal_end end;
    struct zt_fault fault;
    enum zt_err rc = zt_journal_find_end(dir, &end, &fault);
    if (rc != ZT_OK)
        fail_msg("%s: %s", fault.place, fault.text);
    assert_int_equal(end.next, entries_before(append));
    assert_int_equal(end.offset, borders[append]);
    assert_int_equal(end.last_append, append ? borders[append - 1] : borders[0]);
}

static void intact(void **state)
{
    (void)state;
    struct zt_journal_end end;
    fixture_write(path, whole, whole_len);
    expect_end(APPENDS);
    assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_OK);
    assert_int_equal(end.cut, 0);
}

// Every possible truncation: whole appends stay, the torn one goes, and the journal takes entries again.
static void truncated_at_every_byte(void **state)
{
    (void)state;
    for (size_t len = ZT_SEGMENT_HEAD; len < whole_len; len++) {
        size_t kept = appends_within(len);
        struct zt_journal journal;
        struct zt_journal_end end;
        fixture_write(path, whole, len);
        expect_end(kept);
        assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_OK);
        assert_int_equal(end.cut, len - borders[kept]);
        open_journal(&journal);
        assert_int_equal(fixture_size(path), borders[kept]);
        append_one(&journal, 2);
        zt_journal_close(&journal);
        assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_OK);
        assert_int_equal(end.next, entries_before(kept) + 2);
    }
}

static void truncated_before_the_first_record(void **state)
{
    (void)state;
    struct zt_journal_end end;
    for (size_t len = 0; len < ZT_SEGMENT_HEAD; len++) {
        fixture_write(path, whole, len);
        assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_E_CORRUPT);
    }
}

// The same with prepared zeros behind.
static void torn_inside_prepared_room(void **state)
{
    (void)state;
    uint8_t *data = calloc(1, whole_len + 70000);
    assert_non_null(data);
    for (size_t len = borders[APPENDS - 1]; len <= whole_len; len++) {
        memcpy(data, whole, len);
        memset(data + len, 0, whole_len + 70000 - len);
        fixture_write(path, data, whole_len + 70000);
        // A record that ends in zeros is whole without them.
        size_t real = len;
        while (real < whole_len && whole[real] == 0)
            real++;
        expect_end(appends_within(real));
    }
    free(data);
}

// A flipped bit in any append but the last: later appends prove that it was durable. Nothing is changed.
static void flipped_bit_before_the_last_append_is_damage(void **state)
{
    (void)state;
    for (size_t at = ZT_SEGMENT_HEAD; at < borders[APPENDS - 1]; at++) {
        struct zt_journal_end end = {.next = 4711};
        struct zt_fault fault;
        uint8_t bit = (uint8_t)(1 << at % 8);
        whole[at] ^= bit;
        fixture_write(path, whole, whole_len);
        whole[at] ^= bit;
        assert_int_equal(zt_journal_find_end(dir, &end, &fault), ZT_E_CORRUPT);
        assert_string_equal(fault.rule, "ledger.damage");
        assert_int_equal(end.next, 4711);
        assert_int_equal(fixture_size(path), whole_len);
    }
}

// In the last append it cannot be told from a torn write; the checkpoint decides (ledger_test).
static void flipped_bit_in_the_last_append_cuts_it(void **state)
{
    (void)state;
    for (size_t at = borders[APPENDS - 1]; at < whole_len; at++) {
        whole[at] ^= 0x10;
        fixture_write(path, whole, whole_len);
        whole[at] ^= 0x10;
        expect_end(APPENDS - 1);
    }
}

// Sectors of one write reach the disk in any order.
static void sectors_missing_in_the_last_append(void **state)
{
    (void)state;
    size_t from = borders[APPENDS - 1];
    uint8_t *data = malloc(whole_len);
    assert_non_null(data);
    for (size_t sector = from / SECTOR; sector * SECTOR < whole_len; sector++) {
        size_t begin = sector * SECTOR < from ? from : sector * SECTOR;
        size_t end = (sector + 1) * SECTOR < whole_len ? (sector + 1) * SECTOR : whole_len;
        memcpy(data, whole, whole_len);
        memset(data + begin, 0, end - begin);
        fixture_write(path, data, whole_len);
        expect_end(APPENDS - 1);
    }
    free(data);
}

static void sectors_missing_earlier_are_damage(void **state)
{
    (void)state;
    struct zt_journal_end end;
    uint8_t *data = malloc(whole_len);
    assert_non_null(data);
    memcpy(data, whole, whole_len);
    memset(data + borders[1], 0, borders[2] - borders[1]);
    fixture_write(path, data, whole_len);
    assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_E_CORRUPT);
    free(data);
}

// Bytes further away than one append reaches.
static void garbage_far_behind_is_damage(void **state)
{
    (void)state;
    struct zt_journal_end end;
    size_t len = whole_len + 3 * ZT_APPEND_BYTES;
    uint8_t *data = calloc(1, len);
    assert_non_null(data);
    memcpy(data, whole, whole_len);
    fixture_write(path, data, len);
    expect_end(APPENDS);
    data[whole_len + ZT_APPEND_BYTES] = 1;
    fixture_write(path, data, len);
    assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_E_CORRUPT);
    data[whole_len + ZT_APPEND_BYTES] = 0;
    data[whole_len + ZT_APPEND_BYTES - 1] = 1; // may be the last byte of a torn one
    fixture_write(path, data, len);
    expect_end(APPENDS);
    free(data);
}

// A client can put bytes of its choice into an entry (its request id). Inside a torn append they must not
// pass for an append that follows: the salt of the segment keeps them from it.
static void forged_append_inside_a_torn_one(void **state)
{
    (void)state;
    uint8_t forged[64], salt[ZT_SEGMENT_SALT] = {0};
    size_t len;
    struct zt_journal journal;
    struct zt_journal_record inner = {zt_bytes_str("!"), true, 0, {0}};
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, inner.entry, inner.leaf), ZT_OK);
    size_t size = zt_record_put(salt, 7, &inner, forged);
    fixture_write(path, whole, borders[2]);
    open_journal(&journal);
    struct zt_bytes entries[] = {
        zt_bytes_str("the torn one begins here"), {forged, size}, zt_bytes_str("end")};
    fixture_journal(&journal, entries, 3);
    zt_journal_close(&journal);
    uint8_t *data = fixture_read(path, &len);
    data[borders[2] + 2] ^= 0x40; // its first record never reached the disk as it was
    fixture_write(path, data, len);
    free(data);
    expect_end(2);
}

// After a failed fdatasync the kernel may hold bytes that the disk has not; mending writes them again.
static void mending_changes_no_byte(void **state)
{
    (void)state;
    struct zt_journal_end end;
    size_t len;
    fixture_write(path, whole, whole_len);
    assert_int_equal(zt_journal_find_end(dir, &end, NULL), ZT_OK);
    assert_int_equal(zt_journal_mend(dir, &end, NULL), ZT_OK);
    uint8_t *data = fixture_read(path, &len);
    assert_int_equal(len, whole_len);
    assert_memory_equal(data, whole, len);
    free(data);
}

static void no_segment(void **state)
{
    (void)state;
    struct zt_journal_end end;
    char empty[PATH_MAX];
    fixture_folder(empty);
    assert_int_equal(zt_journal_find_end(empty, &end, NULL), ZT_E_ABSENT);
    assert_int_equal(zt_segment_make(empty, 12, NULL), ZT_OK);
    assert_int_equal(zt_journal_find_end(empty, &end, NULL), ZT_OK);
    assert_int_equal(end.next, 12);
    assert_int_equal(end.offset, ZT_SEGMENT_HEAD);
    fixture_remove(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intact),
        cmocka_unit_test(truncated_at_every_byte),
        cmocka_unit_test(truncated_before_the_first_record),
        cmocka_unit_test(torn_inside_prepared_room),
        cmocka_unit_test(flipped_bit_before_the_last_append_is_damage),
        cmocka_unit_test(flipped_bit_in_the_last_append_cuts_it),
        cmocka_unit_test(sectors_missing_in_the_last_append),
        cmocka_unit_test(sectors_missing_earlier_are_damage),
        cmocka_unit_test(garbage_far_behind_is_damage),
        cmocka_unit_test(forged_append_inside_a_torn_one),
        cmocka_unit_test(mending_changes_no_byte),
        cmocka_unit_test(no_segment),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
