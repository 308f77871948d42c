// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>

#include "base/clock.h"
#include "base/test_support.h"
#include "broker/log/log.h"
#include "broker/store/internal.h"

struct fixture {
    char dir[PATH_MAX], store_dir[PATH_MAX + 16];
    struct zt_store *store;
    struct zt_log *log;
};

static const uint8_t node_key[ZT_NODE_KEY_LEN] = {1};

static void open_all(struct fixture *f)
{
    struct zt_store_options options = {
        .dir = f->store_dir, .map_size = 64 << 20, .node_key = {node_key, sizeof node_key}};
    assert_int_equal(zt_store_open(&options, &f->store, NULL), ZT_OK);
    assert_int_equal(zt_log_embedded_open(f->store, &f->log), ZT_OK);
}

static void close_all(struct fixture *f)
{
    f->log->ops->close(&f->log);
    assert_null(f->log);
    zt_store_close(&f->store);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    make_test_dir(f->dir);
    snprintf(f->store_dir, sizeof f->store_dir, "%s/store", f->dir);
    open_all(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    close_all(f);
    remove_test_dir(f->dir);
    free(f);
    return 0;
}

static void append(struct fixture *f, uint32_t partition, const char *text, uint64_t expected)
{
    uint64_t seq = 0;
    assert_int_equal(f->log->ops->append(f->log, partition, zt_bytes_str(text), &seq), ZT_OK);
    assert_int_equal(seq, expected);
}

static void append_many(struct fixture *f, uint32_t partition, unsigned count, uint64_t first)
{
    struct zt_store_write *txn = NULL;
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    for (unsigned i = 0; i < count; i++) {
        char text[32];
        snprintf(text, sizeof text, "batch %u", (unsigned)first + i);
        append(f, partition, text, first + i);
    }
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
}

struct seen {
    uint64_t first, last;
    unsigned count, stop_after;
};

static enum zt_err look(void *arg, const struct zt_log_entry *entry)
{
    struct seen *seen = arg;
    char text[32];
    if (seen->count++ == 0)
        seen->first = entry->seq;
    seen->last = entry->seq;
    snprintf(text, sizeof text, "batch %u", (unsigned)entry->seq);
    assert_true(zt_bytes_equal(entry->batch, zt_bytes_str(text)));
    return seen->count == seen->stop_after ? ZT_E_STATE : ZT_OK;
}

static enum zt_err read_all(struct fixture *f, uint32_t partition, uint64_t from, uint32_t max,
                            struct seen *seen)
{
    return f->log->ops->read(f->log, partition, from, max, look, seen);
}

static void what_is_appended_is_read_in_order_without_gaps(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    append_many(f, 0, 10, 1);
    append_many(f, 0, 10, 11);
    assert_int_equal(read_all(f, 0, 1, 100, &seen), ZT_OK);
    assert_int_equal(seen.count, 20);
    assert_int_equal(seen.first, 1);
    assert_int_equal(seen.last, 20);
    seen = (struct seen){0};
    assert_int_equal(read_all(f, 0, 5, 3, &seen), ZT_OK);
    assert_int_equal(seen.first, 5);
    assert_int_equal(seen.last, 7);
    seen = (struct seen){0};
    assert_int_equal(read_all(f, 0, 21, 3, &seen), ZT_OK);
    assert_int_equal(read_all(f, 0, 1, 0, &seen), ZT_OK);
    assert_int_equal(seen.count, 0);
    assert_int_equal(read_all(f, 0, 0, 3, &seen), ZT_E_INPUT);
}

static void the_reader_may_stop(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.stop_after = 2};
    append_many(f, 0, 5, 1);
    assert_int_equal(read_all(f, 0, 1, 100, &seen), ZT_E_STATE);
    assert_int_equal(seen.count, 2);
}

static void partitions_do_not_mix(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    append_many(f, 0, 3, 1);
    append_many(f, 1, 2, 1);
    append_many(f, 0, 1, 4);
    assert_int_equal(read_all(f, 0, 1, 100, &seen), ZT_OK);
    assert_int_equal(seen.count, 4);
    seen = (struct seen){0};
    assert_int_equal(read_all(f, 1, 1, 100, &seen), ZT_OK);
    assert_int_equal(seen.count, 2);
    seen = (struct seen){0};
    assert_int_equal(read_all(f, 2, 1, 100, &seen), ZT_OK);
    assert_int_equal(seen.count, 0);
}

static void appending_needs_a_transaction_and_follows_it(void **state)
{
    struct fixture *f = *state;
    struct zt_store_write *txn = NULL;
    struct seen seen = {0};
    uint64_t seq = 77;
    assert_int_equal(f->log->ops->append(f->log, 0, zt_bytes_str("x"), &seq), ZT_E_STATE);
    assert_int_equal(f->log->ops->trim(f->log, 0, 1), ZT_E_STATE);
    assert_int_equal(seq, 77);
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    append(f, 0, "batch 1", 1);
    zt_store_abort(&txn);
    assert_int_equal(read_all(f, 0, 1, 100, &seen), ZT_OK);
    assert_int_equal(seen.count, 0);
    append_many(f, 0, 1, 1);
}

static void empty_and_oversized_batches_are_refused(void **state)
{
    struct fixture *f = *state;
    struct zt_store_write *txn = NULL;
    uint64_t seq = 0;
    size_t size = (size_t)2 << 20;
    uint8_t *big = calloc(1, size);
    assert_non_null(big);
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    assert_int_equal(f->log->ops->append(f->log, 0, (struct zt_bytes){NULL, 0}, &seq), ZT_E_LIMIT);
    assert_int_equal(f->log->ops->append(f->log, 0, (struct zt_bytes){big, size}, &seq), ZT_E_LIMIT);
    append(f, 0, "batch 1", 1);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    free(big);
}

static void trim(struct fixture *f, uint64_t seq, enum zt_err expected)
{
    struct zt_store_write *txn = NULL;
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    assert_int_equal(f->log->ops->trim(f->log, 0, seq), expected);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
}

static void what_is_trimmed_is_absent_and_numbers_go_on(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    append_many(f, 0, 10, 1);
    trim(f, 4, ZT_OK);
    assert_int_equal(read_all(f, 0, 3, 100, &seen), ZT_E_ABSENT);
    assert_int_equal(read_all(f, 0, 4, 100, &seen), ZT_OK);
    assert_int_equal(seen.count, 7);
    trim(f, 2, ZT_OK); // already gone
    trim(f, 12, ZT_E_INPUT);
    trim(f, 11, ZT_OK); // everything
    assert_int_equal(read_all(f, 0, 10, 100, &seen), ZT_E_ABSENT);
    append_many(f, 0, 1, 11);
    close_all(f);
    open_all(f);
    append_many(f, 0, 1, 12);
    seen = (struct seen){0};
    assert_int_equal(read_all(f, 0, 11, 100, &seen), ZT_OK);
    assert_int_equal(seen.last, 12);
}

static void one_trim_stays_small(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    append_many(f, 0, ZT_LOG_TRIM_MAX + 50, 1);
    trim(f, ZT_LOG_TRIM_MAX + 51, ZT_OK);
    assert_int_equal(read_all(f, 0, ZT_LOG_TRIM_MAX + 1, 100, &seen), ZT_OK);
    assert_int_equal(seen.count, 50);
    trim(f, ZT_LOG_TRIM_MAX + 51, ZT_OK);
    assert_int_equal(read_all(f, 0, ZT_LOG_TRIM_MAX + 50, 100, &seen), ZT_E_ABSENT);
}

static void a_damaged_entry_is_never_handed_out(void **state)
{
    struct fixture *f = *state;
    struct zt_store_write *txn = NULL;
    struct zt_store_key key;
    struct zt_bytes value;
    struct seen seen = {0};
    append_many(f, 0, 3, 1);
    zt_store_key_log(0, 2, &key);
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    assert_int_equal(zt_kv_get(txn->txn, ZT_DB_LOG, zt_store_key_bytes(&key), &value), ZT_OK);
    uint8_t copy[64];
    assert_true(value.len < sizeof copy);
    memcpy(copy, value.data, value.len);
    copy[value.len - 1] ^= 1;
    zt_kv_put(txn->txn, ZT_DB_LOG, zt_store_key_bytes(&key), (struct zt_bytes){copy, value.len});
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    assert_int_equal(read_all(f, 0, 1, 100, &seen), ZT_E_CORRUPT);
    assert_int_equal(seen.count, 1);
    // A missing entry is a gap, not the end.
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    zt_kv_del(txn->txn, ZT_DB_LOG, zt_store_key_bytes(&key));
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    seen = (struct seen){0};
    assert_int_equal(read_all(f, 0, 1, 100, &seen), ZT_E_CORRUPT);
    assert_int_equal(seen.count, 1);
}

struct waiter {
    struct fixture *f;
    enum zt_err rc;
};

static void *wait_for_three(void *arg)
{
    struct waiter *waiter = arg;
    waiter->rc = waiter->f->log->ops->wait(waiter->f->log, 0, 3, 20000);
    return NULL;
}

static void a_waiter_wakes_when_its_entry_is_committed(void **state)
{
    struct fixture *f = *state;
    struct waiter waiter = {.f = f, .rc = ZT_E_BUG};
    pthread_t thread;
    assert_int_equal(f->log->ops->wait(f->log, 0, 1, 20), ZT_E_TIMEOUT);
    assert_int_equal(pthread_create(&thread, NULL, wait_for_three, &waiter), 0);
    append_many(f, 0, 1, 1);
    append_many(f, 0, 1, 2);
    append_many(f, 0, 1, 3);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(waiter.rc, ZT_OK);
    assert_int_equal(f->log->ops->wait(f->log, 0, 3, 0), ZT_OK);
    assert_int_equal(f->log->ops->wait(f->log, 0, 4, 0), ZT_E_TIMEOUT);
}

static void a_wait_is_idle(void **state)
{
    struct fixture *f = *state;
    struct timespec before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    assert_int_equal(f->log->ops->wait(f->log, 0, 1, 300), ZT_E_TIMEOUT);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    int64_t used_ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    assert_true(used_ms < 100);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_appended_is_read_in_order_without_gaps),
        T(the_reader_may_stop),
        T(partitions_do_not_mix),
        T(appending_needs_a_transaction_and_follows_it),
        T(empty_and_oversized_batches_are_refused),
        T(what_is_trimmed_is_absent_and_numbers_go_on),
        T(one_trim_stays_small),
        T(a_damaged_entry_is_never_handed_out),
        T(a_waiter_wakes_when_its_entry_is_committed),
        T(a_wait_is_idle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
