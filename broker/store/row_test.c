// SPDX-License-Identifier: Apache-2.0
#include "broker/store/row.h"

#include "base/test_support.h"

struct fixture {
    char dir[PATH_MAX];
    struct zt_kv *kv;
    struct zt_kv_txn *txn;
    struct zt_buf scratch;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    make_test_dir(f->dir);
    zt_buf_init(&f->scratch, 4096);
    assert_int_equal(zt_kv_open(f->dir, 1 << 20, true, &f->kv, NULL), ZT_OK);
    assert_int_equal(zt_kv_begin(f->kv, true, &f->txn), ZT_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    zt_kv_abort(&f->txn);
    zt_kv_close(&f->kv);
    zt_buf_fini(&f->scratch);
    remove_test_dir(f->dir);
    free(f);
    return 0;
}

static void a_row_reads_back(void **state)
{
    struct fixture *f = *state;
    struct zt_bytes key = zt_bytes_str("k"), body;
    static const enum zt_kv_db dbs[] = {ZT_DB_META, ZT_DB_LOG};
    for (size_t i = 0; i < 2; i++) {
        zt_kv_row_put(f->txn, dbs[i], key, zt_bytes_str("hello"), &f->scratch);
        assert_int_equal(zt_kv_row_get(f->txn, dbs[i], key, &body), ZT_OK);
        assert_true(zt_bytes_equal(body, zt_bytes_str("hello")));
    }
    zt_kv_row_put(f->txn, ZT_DB_META, key, (struct zt_bytes){NULL, 0}, &f->scratch);
    assert_int_equal(zt_kv_row_get(f->txn, ZT_DB_META, key, &body), ZT_OK);
    assert_int_equal(body.len, 0);
    assert_int_equal(zt_kv_row_get(f->txn, ZT_DB_META, zt_bytes_str("no"), &body), ZT_E_ABSENT);
}

// Every single bit of the stored value, and every cut.
static void any_flipped_bit_and_any_cut_is_found(void **state)
{
    struct fixture *f = *state;
    struct zt_bytes key = zt_bytes_str("k"), value, body;
    uint8_t copy[64];
    zt_kv_row_put(f->txn, ZT_DB_META, key, zt_bytes_str("hello, world"), &f->scratch);
    assert_int_equal(zt_kv_get(f->txn, ZT_DB_META, key, &value), ZT_OK);
    assert_true(value.len < sizeof copy);
    memcpy(copy, value.data, value.len);
    for (size_t bit = 0; bit < 8 * value.len; bit++) {
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(zt_kv_row_open(ZT_DB_META, key, (struct zt_bytes){copy, value.len}, &body),
                         ZT_E_CORRUPT);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < value.len; len++)
        assert_int_equal(zt_kv_row_open(ZT_DB_META, key, (struct zt_bytes){copy, len}, &body), ZT_E_CORRUPT);
    assert_int_equal(zt_kv_row_open(ZT_DB_META, key, (struct zt_bytes){copy, value.len}, &body), ZT_OK);
}

static void a_row_under_another_key_or_database_is_found(void **state)
{
    struct fixture *f = *state;
    struct zt_bytes key = zt_bytes_str("k"), value, body;
    zt_kv_row_put(f->txn, ZT_DB_META, key, zt_bytes_str("hello"), &f->scratch);
    assert_int_equal(zt_kv_get(f->txn, ZT_DB_META, key, &value), ZT_OK);
    assert_int_equal(zt_kv_row_open(ZT_DB_META, zt_bytes_str("l"), value, &body), ZT_E_CORRUPT);
    assert_int_equal(zt_kv_row_open(ZT_DB_SOURCES, key, value, &body), ZT_E_CORRUPT);
    // The boundary between key and body is covered too.
    zt_kv_row_put(f->txn, ZT_DB_META, zt_bytes_str("kh"), zt_bytes_str("ello"), &f->scratch);
    struct zt_bytes other;
    assert_int_equal(zt_kv_get(f->txn, ZT_DB_META, zt_bytes_str("kh"), &other), ZT_OK);
    assert_memory_not_equal(other.data + 1, value.data + 1, ZT_ROW_HEAD - 1);
}

static void a_body_past_the_bound_fails_the_transaction(void **state)
{
    struct fixture *f = *state;
    static uint8_t big[5000];
    zt_kv_row_put(f->txn, ZT_DB_META, zt_bytes_str("k"), (struct zt_bytes){big, sizeof big}, &f->scratch);
    assert_int_equal(zt_kv_commit(&f->txn), ZT_E_LIMIT);
}

static void taking_past_the_end_sticks(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 2, 3};
    struct zt_take take = {.rest = {data, sizeof data}};
    assert_int_equal(zt_take_be(&take, 2), 0x0102);
    assert_false(take.bad);
    assert_int_equal(zt_take_be(&take, 2), 0);
    assert_true(take.bad);
    assert_null(zt_take_bytes(&take, 1));
    assert_int_equal(zt_take_be(&take, 1), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_row_reads_back),
        T(any_flipped_bit_and_any_cut_is_found),
        T(a_row_under_another_key_or_database_is_found),
        T(a_body_past_the_bound_fails_the_transaction),
        T(taking_past_the_end_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
