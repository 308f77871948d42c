// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "broker/ledger/fixture.h"

static const uint8_t salt[ZT_SEGMENT_SALT] = "0123456";
static uint8_t bytes[ZT_JOURNAL_HEAD + ZT_ENTRY_MAX + 1];

static size_t put(struct zt_bytes entry, uint64_t index, bool first, uint32_t follow)
{
    struct zt_journal_record record = {entry, first, follow, {0}};
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, entry, record.leaf), ZT_OK);
    return zt_record_put(salt, index, &record, bytes);
}

static void round_trip(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 255, 256, ZT_ENTRY_MAX};
    uint8_t entry[ZT_ENTRY_MAX];
    memset(entry, 'e', sizeof entry);
    for (size_t i = 0; i < 5; i++)
        for (uint32_t follow = 0; follow < ZT_LEDGER_APPEND; follow += 341) {
            struct zt_journal_record record;
            size_t size = put((struct zt_bytes){entry, lengths[i]}, 77, follow % 2 == 0, follow);
            assert_int_equal(size, ZT_JOURNAL_HEAD + lengths[i]);
            assert_int_equal(zt_record_get((struct zt_bytes){bytes, size}, &record), ZT_OK);
            assert_int_equal(record.entry.len, lengths[i]);
            assert_int_equal(record.follow, follow);
            assert_int_equal(record.first, follow % 2 == 0);
            assert_int_equal(zt_journal_record_check(salt, 77, &record), ZT_OK);
        }
}

static void truncated_at_every_byte(void **state)
{
    (void)state;
    struct zt_journal_record record;
    size_t size = put(zt_bytes_str("an entry"), 0, true, 0);
    for (size_t len = 0; len < size; len++)
        assert_int_equal(zt_record_get((struct zt_bytes){bytes, len}, &record), ZT_E_LIMIT);
}

// Every single bit: the record is refused, or it has another place in its append, or its digest fails.
static void every_flipped_bit_is_seen(void **state)
{
    (void)state;
    size_t size = put(zt_bytes_str("an entry of the ledger"), 12345, true, 3);
    for (size_t bit = 0; bit < size * 8; bit++) {
        struct zt_journal_record record;
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        bool seen = zt_record_get((struct zt_bytes){bytes, size}, &record) != ZT_OK || !record.first ||
                    record.follow != 3 || zt_journal_record_check(salt, 12345, &record) == ZT_E_CORRUPT;
        assert_true(seen);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void bound_to_its_place(void **state)
{
    (void)state;
    static const uint8_t other[ZT_SEGMENT_SALT] = "0123457";
    struct zt_journal_record record;
    size_t size = put(zt_bytes_str("an entry"), 5, true, 0);
    assert_int_equal(zt_record_get((struct zt_bytes){bytes, size}, &record), ZT_OK);
    assert_int_equal(zt_journal_record_check(salt, 5, &record), ZT_OK);
    assert_int_equal(zt_journal_record_check(salt, 4, &record), ZT_E_CORRUPT);
    assert_int_equal(zt_journal_record_check(salt, 6, &record), ZT_E_CORRUPT);
    assert_int_equal(zt_journal_record_check(other, 5, &record), ZT_E_CORRUPT);
}

static void set_head(uint32_t head)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(head >> (24 - 8 * i));
}

static void impossible_heads(void **state)
{
    (void)state;
    struct zt_journal_record record = {.follow = 99};
    struct zt_bytes all = {bytes, sizeof bytes};
    memset(bytes, 'x', sizeof bytes);
    set_head(0);
    assert_int_equal(zt_record_get(all, &record), ZT_E_ABSENT);
    set_head(UINT32_C(0x80000000)); // no length
    assert_int_equal(zt_record_get(all, &record), ZT_E_CORRUPT);
    set_head(ZT_ENTRY_MAX + 1);
    assert_int_equal(zt_record_get(all, &record), ZT_E_CORRUPT);
    set_head((uint32_t)ZT_LEDGER_APPEND << 16 | 1);
    assert_int_equal(zt_record_get(all, &record), ZT_E_CORRUPT);
    set_head(UINT32_MAX);
    assert_int_equal(zt_record_get(all, &record), ZT_E_CORRUPT);
    assert_int_equal(record.follow, 99); // untouched on failure
    set_head((uint32_t)(ZT_LEDGER_APPEND - 1) << 16 | ZT_ENTRY_MAX);
    assert_int_equal(zt_record_get(all, &record), ZT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),         cmocka_unit_test(truncated_at_every_byte),
        cmocka_unit_test(impossible_heads),   cmocka_unit_test(every_flipped_bit_is_seen),
        cmocka_unit_test(bound_to_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
