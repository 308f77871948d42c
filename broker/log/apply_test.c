// SPDX-License-Identifier: Apache-2.0
// The seam's proof: a store that is rebuilt from the log has the same rows.
#include "broker/log/apply.h"

#include "broker/store/store_fixture.h"
#include "proto/wire.h"

#define BATCHES 30
#define RECORDS 12

struct fixture {
    struct zt_store_fixture first, second;
    struct zt_log *log;
    struct zt_arena arena;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    fixture_init(&f->first);
    fixture_init(&f->second);
    zt_arena_init(&f->arena, ZT_APPLY_ARENA);
    assert_int_equal(zt_log_embedded_open(f->first.store, &f->log), ZT_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    f->log->ops->close(&f->log);
    zt_arena_fini(&f->arena);
    fixture_fini(&f->first);
    fixture_fini(&f->second);
    free(f);
    return 0;
}

// A batch of records that overlap in keys, versions and subjects, some of them deletions, some not even
// records.
static void encode_batch(uint64_t seq, struct zt_log_item *item, struct zt_buf *frame)
{
    struct zt_made_record made[RECORDS];
    struct zt_bytes records[RECORDS];
    uint8_t signature[ZT_SIG_LEN] = {1};
    for (int i = 0; i < RECORDS; i++) {
        char key[16];
        int persons[] = {rand() % 9, rand() % 9};
        snprintf(key, sizeof key, "K%d", rand() % 20);
        make_record(&made[i], rand() % 2 ? "ca.marriage" : "tax.payment", key, 1 + (uint64_t)rand() % 50,
                    rand() % 6 ? "value" : NULL, persons, (size_t)(1 + rand() % 2));
        records[i] = zt_buf_bytes(&made[i].encoded);
        if (rand() % 8 == 0) {
            records[i] = zt_bytes_str("\xff\xff");
            item->refused[i] = true;
        }
    }
    struct zt_batch batch = {.source = seq % 2 ? "ca.marriage" : "tax.payment",
                             .seq = (seq + 1) / 2,
                             .cursor = zt_bytes_str("row 17"),
                             .made_at = 5,
                             .records = records,
                             .record_count = RECORDS,
                             .key_id = "ca-1",
                             .alg = ZT_SM2,
                             .signature = {signature, sizeof signature}};
    assert_int_equal(zt_batch_encode(&batch, frame), ZT_OK);
    item->received_at = (int64_t)(1000 * seq);
    for (int i = 0; i < RECORDS; i++)
        zt_buf_fini(&made[i].encoded);
}

// As intake does it: log and store in one transaction.
static void publish(struct fixture *f, uint64_t seq)
{
    struct zt_store_write *txn = NULL;
    struct zt_buf frame, bytes;
    struct zt_log_item item = {0};
    struct zt_log_entry entry = {0};
    zt_buf_init(&frame, 1 << 20);
    zt_buf_init(&bytes, 1 << 20);
    encode_batch(seq, &item, &frame);
    item.body = (struct zt_bytes){frame.data + ZT_WIRE_HEAD, frame.len - ZT_WIRE_HEAD};
    zt_log_item_encode(&item, &bytes);
    assert_int_equal(zt_store_begin(f->first.store, &txn), ZT_OK);
    assert_int_equal(f->log->ops->append(f->log, 0, zt_buf_bytes(&bytes), &entry.seq), ZT_OK);
    assert_int_equal(entry.seq, seq);
    entry.batch = zt_buf_bytes(&bytes);
    zt_arena_reset(&f->arena);
    assert_int_equal(zt_apply_entry(txn, 0, &entry, &f->arena, NULL), ZT_OK);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    zt_buf_fini(&frame);
    zt_buf_fini(&bytes);
}

static enum zt_err replay(void *arg, const struct zt_log_entry *entry)
{
    struct fixture *f = arg;
    struct zt_store_write *txn = NULL;
    zt_arena_reset(&f->arena);
    assert_int_equal(zt_store_begin(f->second.store, &txn), ZT_OK);
    assert_int_equal(zt_apply_entry(txn, 0, entry, &f->arena, NULL), ZT_OK);
    return zt_store_commit(&txn);
}

// Every row of every database but the log itself, byte for byte.
static uint64_t assert_same_rows(struct fixture *f)
{
    static const enum zt_kv_db dbs[] = {ZT_DB_RECORDS, ZT_DB_OWNERS, ZT_DB_CHANGES, ZT_DB_SOURCES,
                                        ZT_DB_META};
    struct zt_kv_txn *a = NULL, *b = NULL;
    uint64_t rows = 0;
    assert_int_equal(zt_kv_begin(f->first.store->kv, false, &a), ZT_OK);
    assert_int_equal(zt_kv_begin(f->second.store->kv, false, &b), ZT_OK);
    for (size_t i = 0; i < sizeof dbs / sizeof *dbs; i++) {
        struct zt_kv_cursor *ca = NULL, *cb = NULL;
        struct zt_bytes from = {(const uint8_t *)"\0", 1}, ka, kb, va, vb;
        assert_int_equal(zt_kv_cursor_open(a, dbs[i], &ca), ZT_OK);
        assert_int_equal(zt_kv_cursor_open(b, dbs[i], &cb), ZT_OK);
        enum zt_err ra = zt_kv_seek(ca, from, &ka, &va), rb = zt_kv_seek(cb, from, &kb, &vb);
        while (ra == ZT_OK && rb == ZT_OK) {
            assert_true(zt_bytes_equal(ka, kb));
            assert_true(zt_bytes_equal(va, vb));
            rows++;
            ra = zt_kv_next(ca, &ka, &va);
            rb = zt_kv_next(cb, &kb, &vb);
        }
        assert_int_equal(ra, ZT_E_ABSENT);
        assert_int_equal(rb, ZT_E_ABSENT);
        zt_kv_cursor_close(&ca);
        zt_kv_cursor_close(&cb);
    }
    zt_kv_abort(&a);
    zt_kv_abort(&b);
    return rows;
}

static void a_store_rebuilt_from_the_log_has_the_same_rows(void **state)
{
    struct fixture *f = *state;
    srand(11);
    for (uint64_t seq = 1; seq <= BATCHES; seq++)
        publish(f, seq);
    assert_int_equal(f->log->ops->read(f->log, 0, 1, UINT32_MAX, replay, f), ZT_OK);
    assert_true(assert_same_rows(f) > 100);
}

static void it_may_be_rebuilt_in_pieces_from_the_applied_position(void **state)
{
    struct fixture *f = *state;
    srand(12);
    for (uint64_t seq = 1; seq <= BATCHES; seq++)
        publish(f, seq);
    for (uint64_t applied = 0; applied < BATCHES;) {
        struct zt_store_write *txn = NULL;
        assert_int_equal(f->log->ops->read(f->log, 0, applied + 1, 7, replay, f), ZT_OK);
        assert_int_equal(zt_store_begin(f->second.store, &txn), ZT_OK);
        assert_int_equal(zt_store_get_applied(txn, 0, &applied), ZT_OK);
        zt_store_abort(&txn);
    }
    assert_same_rows(f);
}

static void source_rows_count_what_happened(void **state)
{
    struct fixture *f = *state;
    struct zt_store_write *txn = NULL;
    struct zt_source_row row;
    srand(13);
    for (uint64_t seq = 1; seq <= 4; seq++)
        publish(f, seq);
    assert_int_equal(zt_store_begin(f->first.store, &txn), ZT_OK);
    assert_int_equal(zt_store_get_source(txn, "ca.marriage", &row), ZT_OK);
    assert_int_equal(row.seq, 2);
    assert_int_equal(row.last_batch, 3000);
    assert_int_equal(row.records + row.ignored + row.rejected, 2 * RECORDS);
    assert_int_equal(row.cursor_len, 6);
    zt_store_abort(&txn);
}

static void an_entry_that_is_no_item_stops_the_replay(void **state)
{
    struct fixture *f = *state;
    struct zt_store_write *txn = NULL;
    struct zt_log_entry entry = {.seq = 1, .batch = zt_bytes_str("nonsense")};
    assert_int_equal(zt_store_begin(f->second.store, &txn), ZT_OK);
    assert_int_equal(zt_apply_entry(txn, 0, &entry, &f->arena, NULL), ZT_E_CORRUPT);
    zt_store_abort(&txn);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_store_rebuilt_from_the_log_has_the_same_rows),
        T(it_may_be_rebuilt_in_pieces_from_the_applied_position),
        T(source_rows_count_what_happened),
        T(an_entry_that_is_no_item_stops_the_replay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
