// SPDX-License-Identifier: Apache-2.0
#include "broker/store/kv.h"

#include "base/test_support.h"

#define MAP ((uint64_t)4 << 20)

struct fixture {
    char dir[PATH_MAX];
    struct zt_kv *kv;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    make_test_dir(f->dir);
    assert_int_equal(zt_kv_open(f->dir, MAP, true, &f->kv, NULL), ZT_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    zt_kv_close(&f->kv);
    remove_test_dir(f->dir);
    free(f);
    return 0;
}

static struct zt_bytes str(const char *text)
{
    return zt_bytes_str(text);
}

static void put(struct fixture *f, const char *key, const char *value)
{
    struct zt_kv_txn *txn = NULL;
    assert_int_equal(zt_kv_begin(f->kv, true, &txn), ZT_OK);
    zt_kv_put(txn, ZT_DB_RECORDS, str(key), str(value));
    assert_int_equal(zt_kv_commit(&txn), ZT_OK);
    assert_null(txn);
}

static void the_flags_are_the_safe_ones(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_info info;
    assert_int_equal(zt_kv_info(f->kv, &info), ZT_OK);
    assert_int_equal(info.flags, 0);
    assert_int_equal(info.map_size, MAP);
    assert_true(info.map_used > 0 && info.map_used < MAP);
}

static void what_is_committed_is_there_after_reopening(void **state)
{
    struct fixture *f = *state;
    put(f, "key", "value");
    zt_kv_close(&f->kv);
    assert_int_equal(zt_kv_open(f->dir, MAP, false, &f->kv, NULL), ZT_OK);
    struct zt_kv_txn *txn = NULL;
    struct zt_bytes value;
    uint64_t rows = 0;
    assert_int_equal(zt_kv_begin(f->kv, false, &txn), ZT_OK);
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, str("key"), &value), ZT_OK);
    assert_true(zt_bytes_equal(value, str("value")));
    assert_int_equal(zt_kv_get(txn, ZT_DB_OWNERS, str("key"), &value), ZT_E_ABSENT);
    assert_int_equal(zt_kv_count(txn, ZT_DB_RECORDS, &rows), ZT_OK);
    assert_int_equal(rows, 1);
    zt_kv_abort(&txn);
}

static void an_aborted_transaction_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_txn *txn = NULL;
    struct zt_bytes value = {0};
    assert_int_equal(zt_kv_begin(f->kv, true, &txn), ZT_OK);
    zt_kv_put(txn, ZT_DB_RECORDS, str("a"), str("1"));
    zt_kv_abort(&txn);
    assert_null(txn);
    zt_kv_abort(&txn);
    assert_int_equal(zt_kv_begin(f->kv, false, &txn), ZT_OK);
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, str("a"), &value), ZT_E_ABSENT);
    assert_null(value.data);
    zt_kv_abort(&txn);
}

static void the_first_failure_sticks(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_txn *txn = NULL;
    struct zt_bytes value;
    assert_int_equal(zt_kv_begin(f->kv, true, &txn), ZT_OK);
    zt_kv_put(txn, ZT_DB_RECORDS, str("good"), str("1"));
    assert_int_equal(zt_kv_error(txn), ZT_OK);
    zt_kv_put(txn, ZT_DB_RECORDS, (struct zt_bytes){NULL, 0}, str("no key"));
    enum zt_err first = zt_kv_error(txn);
    assert_int_not_equal(first, ZT_OK);
    zt_kv_put(txn, ZT_DB_RECORDS, str("later"), str("1"));
    zt_kv_del(txn, ZT_DB_RECORDS, str("good"));
    zt_kv_fail(txn, ZT_E_CORRUPT);
    assert_int_equal(zt_kv_commit(&txn), first);
    assert_null(txn);
    assert_int_equal(zt_kv_begin(f->kv, false, &txn), ZT_OK);
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, str("good"), &value), ZT_E_ABSENT);
    zt_kv_abort(&txn);
}

static void a_failure_found_above_stops_the_commit(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_txn *txn = NULL;
    assert_int_equal(zt_kv_begin(f->kv, true, &txn), ZT_OK);
    zt_kv_put(txn, ZT_DB_META, str("a"), str("1"));
    zt_kv_fail(txn, ZT_E_CRYPTO);
    assert_int_equal(zt_kv_commit(&txn), ZT_E_CRYPTO);
}

// The map is full in the middle of a transaction: refused, and everything before is still there.
static void a_full_map_is_a_limit_and_not_the_end(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_txn *txn = NULL;
    struct zt_bytes value;
    static uint8_t big[64 * 1024];
    put(f, "kept", "yes");
    assert_int_equal(zt_kv_begin(f->kv, true, &txn), ZT_OK);
    for (unsigned i = 0; i < 2 * MAP / sizeof big; i++) {
        char key[16];
        snprintf(key, sizeof key, "%u", i);
        zt_kv_put(txn, ZT_DB_LOG, str(key), (struct zt_bytes){big, sizeof big});
    }
    assert_int_equal(zt_kv_error(txn), ZT_E_LIMIT);
    assert_int_equal(zt_kv_commit(&txn), ZT_E_LIMIT);
    put(f, "after", "yes");
    assert_int_equal(zt_kv_begin(f->kv, false, &txn), ZT_OK);
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, str("kept"), &value), ZT_OK);
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, str("after"), &value), ZT_OK);
    assert_int_equal(zt_kv_get(txn, ZT_DB_LOG, str("0"), &value), ZT_E_ABSENT);
    zt_kv_abort(&txn);
}

static void deleting_twice_is_fine(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_txn *txn = NULL;
    struct zt_bytes value;
    put(f, "a", "1");
    assert_int_equal(zt_kv_begin(f->kv, true, &txn), ZT_OK);
    zt_kv_del(txn, ZT_DB_RECORDS, str("a"));
    zt_kv_del(txn, ZT_DB_RECORDS, str("a"));
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, str("a"), &value), ZT_E_ABSENT);
    assert_int_equal(zt_kv_commit(&txn), ZT_OK);
}

static void a_cursor_walks_in_order(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_txn *txn = NULL;
    struct zt_kv_cursor *cursor = NULL;
    struct zt_bytes key, value;
    put(f, "b", "2");
    put(f, "d", "4");
    put(f, "a", "1");
    assert_int_equal(zt_kv_begin(f->kv, false, &txn), ZT_OK);
    assert_int_equal(zt_kv_cursor_open(txn, ZT_DB_RECORDS, &cursor), ZT_OK);
    assert_int_equal(zt_kv_seek(cursor, str("b"), &key, &value), ZT_OK);
    assert_true(zt_bytes_equal(value, str("2")));
    assert_int_equal(zt_kv_next(cursor, &key, &value), ZT_OK);
    assert_true(zt_bytes_equal(key, str("d")));
    assert_int_equal(zt_kv_next(cursor, &key, &value), ZT_E_ABSENT);
    assert_int_equal(zt_kv_seek(cursor, str("c"), &key, &value), ZT_OK);
    assert_true(zt_bytes_equal(key, str("d")));
    assert_int_equal(zt_kv_seek(cursor, str("e"), &key, &value), ZT_E_ABSENT);
    assert_int_equal(zt_kv_last(cursor, &key, &value), ZT_OK);
    assert_true(zt_bytes_equal(key, str("d")));
    zt_kv_cursor_close(&cursor);
    zt_kv_cursor_close(&cursor);
    zt_kv_abort(&txn);
}

static void a_snapshot_stands_still_until_it_is_renewed(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_txn *txn = NULL;
    struct zt_kv_cursor *cursor = NULL;
    struct zt_bytes key, value;
    assert_int_equal(zt_kv_begin(f->kv, false, &txn), ZT_OK);
    assert_int_equal(zt_kv_cursor_open(txn, ZT_DB_RECORDS, &cursor), ZT_OK);
    put(f, "a", "1");
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, str("a"), &value), ZT_E_ABSENT);
    assert_int_equal(zt_kv_seek(cursor, str("a"), &key, &value), ZT_E_ABSENT);
    zt_kv_reset(txn);
    put(f, "b", "1");
    assert_int_equal(zt_kv_renew(txn), ZT_OK);
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, str("a"), &value), ZT_OK);
    assert_int_equal(zt_kv_seek(cursor, str("b"), &key, &value), ZT_OK);
    assert_int_equal(zt_kv_renew(txn), ZT_OK);
    assert_int_equal(zt_kv_last(cursor, &key, &value), ZT_OK);
    zt_kv_cursor_close(&cursor);
    zt_kv_abort(&txn);
}

static void bytes_that_are_no_store_are_refused(void **state)
{
    struct fixture *f = *state;
    char path[PATH_MAX + 16];
    struct zt_fault fault = {0};
    zt_kv_close(&f->kv);
    snprintf(path, sizeof path, "%s/data.mdb", f->dir);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    for (int i = 0; i < 3 * 4096; i++)
        assert_int_not_equal(fputc('x', file), EOF);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(zt_kv_open(f->dir, MAP, false, &f->kv, &fault), ZT_E_CORRUPT);
    assert_null(f->kv);
    assert_string_equal(fault.rule, "store.open");
}

static void databases_that_are_missing_are_refused(void **state)
{
    struct fixture *f = *state;
    char other[PATH_MAX];
    struct zt_kv *kv = NULL;
    (void)f;
    make_test_dir(other);
    assert_int_equal(zt_kv_open(other, MAP, false, &kv, NULL), ZT_E_CORRUPT);
    assert_null(kv);
    remove_test_dir(other);
    assert_int_equal(zt_kv_open(other, MAP, false, &kv, NULL), ZT_E_IO);
}

static void no_reader_is_dead_here(void **state)
{
    struct fixture *f = *state;
    int cleared = -1;
    assert_int_equal(zt_kv_clear_dead_readers(f->kv, &cleared), ZT_OK);
    assert_int_equal(cleared, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(the_flags_are_the_safe_ones),
        T(what_is_committed_is_there_after_reopening),
        T(an_aborted_transaction_leaves_nothing),
        T(the_first_failure_sticks),
        T(a_failure_found_above_stops_the_commit),
        T(a_full_map_is_a_limit_and_not_the_end),
        T(deleting_twice_is_fine),
        T(a_cursor_walks_in_order),
        T(a_snapshot_stands_still_until_it_is_renewed),
        T(bytes_that_are_no_store_are_refused),
        T(databases_that_are_missing_are_refused),
        T(no_reader_is_dead_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
