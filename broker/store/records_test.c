// SPDX-License-Identifier: Apache-2.0
// Records in and out: versions, subjects, tombstones, digests.
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "broker/store/row.h"
#include "broker/store/store_fixture.h"

struct fixture {
    struct zt_store_fixture base;
    struct zt_store_read *read;
    struct zt_arena arena;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    fixture_init(&f->base);
    zt_arena_init(&f->arena, 1 << 20);
    assert_int_equal(zt_store_reader(f->base.store, &f->read), ZT_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    zt_store_reader_close(&f->read);
    zt_arena_fini(&f->arena);
    fixture_fini(&f->base);
    free(f);
    return 0;
}

static enum zt_put put_full(struct fixture *f, const char *type, const char *key, uint64_t version,
                            const char *value, const int *persons, size_t count)
{
    struct zt_store_write *txn = NULL;
    struct zt_made_record made;
    enum zt_put result = ZT_PUT_OLDER;
    make_record(&made, type, key, version, value, persons, count);
    assert_int_equal(zt_store_begin(f->base.store, &txn), ZT_OK);
    zt_store_put(txn, &made.record, zt_buf_bytes(&made.encoded), 40 + version, 3, &result);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    zt_buf_fini(&made.encoded);
    return result;
}

static enum zt_put put_one(struct fixture *f, const char *type, const char *key, uint64_t version,
                           const char *value, int person)
{
    return put_full(f, type, key, version, value, &person, 1);
}

struct found {
    unsigned count, stop_after;
    char keys[8][16], values[8][16];
    uint64_t version, log_seq;
    uint32_t index;
    uint8_t digest[ZT_HASH_LEN], expected[ZT_HASH_LEN];
};

static bool collect(void *arg, const struct zt_stored *stored)
{
    struct found *found = arg;
    assert_true(found->count < 8);
    snprintf(found->keys[found->count], 16, "%s", stored->record.key);
    snprintf(found->values[found->count], 16, "%s", stored->record.fields[0].text);
    found->version = stored->record.version;
    found->log_seq = stored->log_seq;
    found->index = stored->index;
    memcpy(found->digest, stored->digest, sizeof found->digest);
    assert_int_equal(zt_hash_of(ZT_SM3, stored->encoded, found->expected), ZT_OK);
    return ++found->count != found->stop_after;
}

static enum zt_err find(struct fixture *f, int person, const char *type, struct found *found)
{
    uint8_t subject[ZT_PSEUDONYM_LEN];
    pseudonym_of(f->base.store, person, subject);
    zt_arena_reset(&f->arena);
    assert_int_equal(zt_store_renew(f->read), ZT_OK);
    enum zt_err rc = zt_store_find(f->read, subject, type, &f->arena, collect, found);
    zt_store_reset(f->read);
    return rc;
}

static unsigned count_of(struct fixture *f, int person, const char *type)
{
    struct found found = {0};
    assert_int_equal(find(f, person, type, &found), ZT_OK);
    return found.count;
}

static void a_record_is_found_with_its_origin_and_digest(void **state)
{
    struct fixture *f = *state;
    struct found found = {0};
    assert_int_equal(put_one(f, "ca.marriage", "M1", 1, "one", 7), ZT_PUT_NEW);
    assert_int_equal(find(f, 7, "ca.marriage", &found), ZT_OK);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.values[0], "one");
    assert_int_equal(found.log_seq, 41);
    assert_int_equal(found.index, 3);
    assert_memory_equal(found.digest, found.expected, ZT_HASH_LEN);
    assert_int_equal(count_of(f, 8, NULL), 0);
}

static void of_one_type_or_of_all_in_order(void **state)
{
    struct fixture *f = *state;
    put_one(f, "tax.payment", "T1", 1, "tax", 7);
    put_one(f, "ca.marriage", "M1", 1, "ca", 7);
    put_one(f, "ca.marriage", "M2", 1, "ca", 7);
    put_one(f, "tax.pay", "T2", 1, "short", 7);
    put_one(f, "ca.marriage", "M3", 1, "other", 8);
    assert_int_equal(count_of(f, 7, "ca.marriage"), 2);
    assert_int_equal(count_of(f, 7, "tax.payment"), 1);
    assert_int_equal(count_of(f, 7, "tax.pay"), 1);
    assert_int_equal(count_of(f, 7, "tax"), 0);
    struct found found = {0};
    assert_int_equal(find(f, 7, NULL, &found), ZT_OK);
    assert_int_equal(found.count, 4);
    assert_string_equal(found.values[0], "ca");
    assert_string_equal(found.values[2], "short");
    assert_string_equal(found.values[3], "tax");
    found = (struct found){.stop_after = 2};
    assert_int_equal(find(f, 7, NULL, &found), ZT_OK);
    assert_int_equal(found.count, 2);
}

static void newer_replaces_and_older_is_ignored(void **state)
{
    struct fixture *f = *state;
    struct found found = {0};
    assert_int_equal(put_one(f, "ca.marriage", "M1", 5, "five", 7), ZT_PUT_NEW);
    assert_int_equal(put_one(f, "ca.marriage", "M1", 4, "four", 7), ZT_PUT_OLDER);
    assert_int_equal(put_one(f, "ca.marriage", "M1", 5, "again", 7), ZT_PUT_OLDER);
    assert_int_equal(find(f, 7, NULL, &found), ZT_OK);
    assert_string_equal(found.values[0], "five");
    assert_int_equal(put_one(f, "ca.marriage", "M1", 6, "six", 7), ZT_PUT_NEWER);
    found = (struct found){0};
    assert_int_equal(find(f, 7, NULL, &found), ZT_OK);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.values[0], "six");
    // The same key under another type is another record.
    assert_int_equal(put_one(f, "ca.divorce", "M1", 1, "other", 7), ZT_PUT_NEW);
}

static void a_record_of_two_lies_under_both_and_leaves_whom_it_drops(void **state)
{
    struct fixture *f = *state;
    static const int pair[] = {1, 2}, other[] = {2, 3};
    put_full(f, "ca.marriage", "M1", 1, "v1", pair, 2);
    assert_int_equal(count_of(f, 1, NULL), 1);
    assert_int_equal(count_of(f, 2, NULL), 1);
    put_full(f, "ca.marriage", "M1", 2, "v2", other, 2);
    assert_int_equal(count_of(f, 1, NULL), 0);
    assert_int_equal(count_of(f, 2, NULL), 1);
    assert_int_equal(count_of(f, 3, NULL), 1);
    // An older one that names the first person again changes nothing.
    assert_int_equal(put_full(f, "ca.marriage", "M1", 1, "v1", pair, 2), ZT_PUT_OLDER);
    assert_int_equal(count_of(f, 1, NULL), 0);
}

static void a_subject_named_twice_has_one_row(void **state)
{
    struct fixture *f = *state;
    static const int twice[] = {1, 1, 2, 1};
    put_full(f, "ca.marriage", "M1", 1, "v1", twice, 4);
    assert_int_equal(count_of(f, 1, NULL), 1);
    assert_int_equal(count_of(f, 2, NULL), 1);
}

static void stats_of(struct fixture *f, uint64_t records, uint64_t changes)
{
    struct zt_store_stats stats;
    assert_int_equal(zt_store_renew(f->read), ZT_OK);
    assert_int_equal(zt_store_stats(f->read, &stats), ZT_OK);
    zt_store_reset(f->read);
    assert_int_equal(stats.records, records);
    assert_int_equal(stats.changes, changes);
    assert_true(stats.map_used > 0 && stats.map_used < stats.map_size);
    assert_int_equal(zt_store_stats(f->read, &stats), ZT_E_STATE);
}

static void a_tombstone_hides_and_outlives_what_is_older(void **state)
{
    struct fixture *f = *state;
    stats_of(f, 0, 0);
    put_one(f, "ca.marriage", "M1", 1, "v1", 7);
    stats_of(f, 1, 1);
    assert_int_equal(put_one(f, "ca.marriage", "M1", 2, NULL, 7), ZT_PUT_NEWER);
    assert_int_equal(count_of(f, 7, NULL), 0);
    stats_of(f, 0, 2);
    assert_int_equal(put_one(f, "ca.marriage", "M1", 1, "late", 7), ZT_PUT_OLDER);
    assert_int_equal(count_of(f, 7, NULL), 0);
    assert_int_equal(put_one(f, "ca.marriage", "M1", 3, "back", 7), ZT_PUT_NEWER);
    assert_int_equal(count_of(f, 7, NULL), 1);
    stats_of(f, 1, 3);
    // A tombstone may come first, when a source is read from its end.
    assert_int_equal(put_one(f, "ca.marriage", "M2", 9, NULL, 7), ZT_PUT_NEW);
    assert_int_equal(put_one(f, "ca.marriage", "M2", 8, "late", 7), ZT_PUT_OLDER);
    stats_of(f, 1, 4);
}

static void a_change_names_everybody_concerned(void **state)
{
    struct fixture *f = *state;
    static const int pair[] = {1, 2}, other[] = {2, 3};
    put_full(f, "ca.marriage", "M1", 1, "v1", pair, 2);
    put_full(f, "ca.marriage", "M1", 2, "v2", other, 2);
    struct zt_kv_txn *txn = NULL;
    struct zt_store_key key;
    struct zt_bytes body;
    uint8_t subject[ZT_PSEUDONYM_LEN];
    zt_store_key_change(2, &key);
    assert_int_equal(zt_kv_begin(f->base.store->kv, false, &txn), ZT_OK);
    assert_int_equal(zt_kv_row_get(txn, ZT_DB_CHANGES, zt_store_key_bytes(&key), &body), ZT_OK);
    struct zt_take take = {.rest = body};
    assert_int_equal(zt_take_be(&take, 8), 2);  // version
    assert_int_equal(zt_take_be(&take, 8), 42); // log sequence
    assert_int_equal(zt_take_be(&take, 1), 0);
    assert_non_null(zt_take_bytes(&take, ZT_RECORD_HASH_LEN));
    assert_int_equal(zt_take_be(&take, 1), 3);
    static const int expected[] = {2, 3, 1};
    for (int i = 0; i < 3; i++) {
        pseudonym_of(f->base.store, expected[i], subject);
        const uint8_t *at = zt_take_bytes(&take, sizeof subject);
        assert_non_null(at);
        assert_memory_equal(at, subject, sizeof subject);
    }
    assert_true(zt_bytes_equal(take.rest, zt_bytes_str("ca.marriage")));
    zt_kv_abort(&txn);
}

static void a_record_without_subject_fails_the_transaction(void **state)
{
    struct fixture *f = *state;
    struct zt_store_write *txn = NULL;
    struct zt_made_record made;
    enum zt_put result = ZT_PUT_OLDER;
    static const int one[] = {1};
    make_record(&made, "ca.marriage", "M1", 1, "v", one, 1);
    made.record.subject_count = 0;
    assert_int_equal(zt_store_begin(f->base.store, &txn), ZT_OK);
    zt_store_put(txn, &made.record, zt_buf_bytes(&made.encoded), 1, 0, &result);
    assert_int_equal(zt_store_error(txn), ZT_E_INPUT);
    made.record.subject_count = 1;
    zt_store_put(txn, &made.record, zt_buf_bytes(&made.encoded), 1, 0, &result);
    assert_int_equal(result, ZT_PUT_OLDER);
    assert_int_equal(zt_store_commit(&txn), ZT_E_INPUT);
    assert_int_equal(count_of(f, 1, NULL), 0);
    zt_buf_fini(&made.encoded);
}

static void the_largest_record_fits(void **state)
{
    struct fixture *f = *state;
    static char blob[ZT_RECORD_MAX - 200];
    struct zt_store_write *txn = NULL;
    struct zt_made_record made;
    enum zt_put result = ZT_PUT_OLDER;
    static const int one[] = {1};
    make_record(&made, "ca.marriage", "M1", 1, "v", one, 1);
    made.field = (struct zt_field){.tag = 1, .kind = ZT_VALUE_BLOB, .blob = {(uint8_t *)blob, sizeof blob}};
    zt_buf_reset(&made.encoded);
    assert_int_equal(zt_record_encode(&made.record, &made.encoded), ZT_OK);
    assert_int_equal(zt_store_begin(f->base.store, &txn), ZT_OK);
    zt_store_put(txn, &made.record, zt_buf_bytes(&made.encoded), 1, 0, &result);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    assert_int_equal(result, ZT_PUT_NEW);
    zt_buf_fini(&made.encoded);
}

// Flips bits of the stored row one after another, through the door: none is ever served.
static void any_flipped_bit_of_a_record_is_found(void **state)
{
    struct fixture *f = *state;
    struct zt_store_key key;
    struct zt_kv_txn *txn = NULL;
    struct zt_bytes value;
    uint8_t subject[ZT_PSEUDONYM_LEN], hash[ZT_RECORD_HASH_LEN], copy[512];
    put_one(f, "ca.marriage", "M1", 1, "secret", 7);
    pseudonym_of(f->base.store, 7, subject);
    assert_int_equal(zt_store_record_hash(f->base.store, "ca.marriage", "M1", hash), ZT_OK);
    zt_store_key_record(subject, "ca.marriage", hash, &key);
    assert_int_equal(zt_kv_begin(f->base.store->kv, false, &txn), ZT_OK);
    assert_int_equal(zt_kv_get(txn, ZT_DB_RECORDS, zt_store_key_bytes(&key), &value), ZT_OK);
    size_t len = value.len;
    assert_true(len < sizeof copy);
    memcpy(copy, value.data, len);
    zt_kv_abort(&txn);
    struct zt_record_row row;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(zt_record_row_open(zt_store_key_bytes(&key), (struct zt_bytes){copy, len}, &row),
                         ZT_E_CORRUPT);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < len; cut++)
        assert_int_equal(zt_record_row_open(zt_store_key_bytes(&key), (struct zt_bytes){copy, cut}, &row),
                         ZT_E_CORRUPT);
    assert_int_equal(zt_record_row_open(zt_store_key_bytes(&key), (struct zt_bytes){copy, len}, &row), ZT_OK);
    // And through the front: a row of one person that was moved under another's key.
    uint8_t other[ZT_PSEUDONYM_LEN];
    pseudonym_of(f->base.store, 8, other);
    zt_store_key_record(other, "ca.marriage", hash, &key);
    assert_int_equal(zt_kv_begin(f->base.store->kv, true, &txn), ZT_OK);
    zt_kv_put(txn, ZT_DB_RECORDS, zt_store_key_bytes(&key), (struct zt_bytes){copy, len});
    assert_int_equal(zt_kv_commit(&txn), ZT_OK);
    struct found found = {0};
    assert_int_equal(find(f, 8, NULL, &found), ZT_E_CORRUPT);
    assert_int_equal(found.count, 0);
    assert_int_equal(find(f, 7, NULL, &found), ZT_OK);
    assert_int_equal(found.count, 1);
}

// Reads every person's records; counts what came, what was refused, and what was wrong.
static void read_all(struct fixture *f, unsigned *served, unsigned *refused, unsigned *wrong)
{
    fixture_open(&f->base);
    assert_int_equal(zt_store_reader(f->base.store, &f->read), ZT_OK);
    for (int person = 0; person < 8; person++) {
        struct found found = {0};
        enum zt_err rc = find(f, person, NULL, &found);
        assert_true(rc == ZT_OK || rc == ZT_E_CORRUPT);
        *refused += rc == ZT_E_CORRUPT;
        *served += found.count;
        for (unsigned i = 0; i < found.count; i++)
            *wrong += strcmp(found.values[i], "right") != 0;
    }
    zt_store_reader_close(&f->read);
    zt_store_close(&f->base.store);
}

// The same below LMDB: flips one bit of each value in data.mdb itself, live or left over, and reads
// everything. LMDB notices none of it; what is served is right all the same.
static void values_that_rot_in_the_file_are_never_served(void **state)
{
    struct fixture *f = *state;
    unsigned served = 0, refused = 0, wrong = 0, flips = 0;
    for (int i = 0; i < 24; i++) {
        char key[16];
        snprintf(key, sizeof key, "K%d", i);
        put_one(f, "ca.marriage", key, 1, "right", i % 8);
    }
    zt_store_reader_close(&f->read);
    zt_store_close(&f->base.store);
    struct zt_buf image;
    zt_buf_init(&image, (size_t)64 << 20);
    assert_int_equal(zt_file_read(f->base.data, &image, NULL), ZT_OK);
    int fd = open(f->base.data, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    for (size_t at = 0; at + 5 <= image.len; at++) {
        if (memcmp(image.data + at, "right", 5) != 0)
            continue;
        uint8_t bad = (uint8_t)(image.data[at + flips % 5] ^ (1u << flips % 8));
        assert_int_equal(pwrite(fd, &bad, 1, (off_t)(at + flips % 5)), 1);
        read_all(f, &served, &refused, &wrong);
        assert_int_equal(pwrite(fd, image.data + at + flips % 5, 1, (off_t)(at + flips % 5)), 1);
        flips++;
    }
    assert_int_equal(close(fd), 0);
    zt_buf_fini(&image);
    assert_int_equal(wrong, 0);
    assert_true(refused >= 24 && served > refused);
    fixture_open(&f->base);
    assert_int_equal(zt_store_reader(f->base.store, &f->read), ZT_OK);
}

static void no_number_and_no_key_is_in_the_keys(void **state)
{
    struct fixture *f = *state;
    put_one(f, "ca.marriage", "P7", 1, "v", 7); // the record's key is the person's number
    struct zt_kv_txn *txn = NULL;
    assert_int_equal(zt_kv_begin(f->base.store->kv, false, &txn), ZT_OK);
    for (int db = 0; db < ZT_DB_COUNT; db++) {
        struct zt_kv_cursor *cursor = NULL;
        struct zt_bytes key, value;
        assert_int_equal(zt_kv_cursor_open(txn, (enum zt_kv_db)db, &cursor), ZT_OK);
        for (enum zt_err rc = zt_kv_seek(cursor, (struct zt_bytes){(const uint8_t *)"\0", 1}, &key, &value);
             rc == ZT_OK; rc = zt_kv_next(cursor, &key, &value))
            assert_null(memmem(key.data, key.len, "P7", 2));
        zt_kv_cursor_close(&cursor);
    }
    zt_kv_abort(&txn);
}

static void bad_questions_are_refused(void **state)
{
    struct fixture *f = *state;
    struct found found = {0};
    uint8_t subject[ZT_PSEUDONYM_LEN] = {0};
    char type[ZT_RECORD_TYPE_MAX + 1];
    memset(type, 'x', sizeof type);
    type[ZT_RECORD_TYPE_MAX] = '\0';
    assert_int_equal(zt_store_find(f->read, subject, NULL, &f->arena, collect, &found), ZT_E_STATE);
    assert_int_equal(find(f, 1, type, &found), ZT_E_INPUT);
    assert_int_equal(find(f, 1, "", &found), ZT_E_INPUT);
    // An arena that is too small is a limit, not corruption.
    put_one(f, "ca.marriage", "M1", 1, "v", 1);
    zt_arena_fini(&f->arena);
    zt_arena_init(&f->arena, 64);
    enum zt_err rc = find(f, 1, NULL, &found);
    assert_true(rc == ZT_E_LIMIT || rc == ZT_E_NOMEM);
}

static void a_snapshot_does_not_see_later_commits(void **state)
{
    struct fixture *f = *state;
    uint8_t subject[ZT_PSEUDONYM_LEN];
    struct found found = {0};
    put_one(f, "ca.marriage", "M1", 1, "one", 7);
    pseudonym_of(f->base.store, 7, subject);
    assert_int_equal(zt_store_renew(f->read), ZT_OK);
    put_one(f, "ca.marriage", "M1", 2, "two", 7);
    assert_int_equal(zt_store_find(f->read, subject, NULL, &f->arena, collect, &found), ZT_OK);
    assert_string_equal(found.values[0], "one");
    zt_store_reset(f->read);
    found = (struct found){0};
    assert_int_equal(find(f, 7, NULL, &found), ZT_OK);
    assert_string_equal(found.values[0], "two");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_record_is_found_with_its_origin_and_digest),
        T(of_one_type_or_of_all_in_order),
        T(newer_replaces_and_older_is_ignored),
        T(a_record_of_two_lies_under_both_and_leaves_whom_it_drops),
        T(a_subject_named_twice_has_one_row),
        T(a_tombstone_hides_and_outlives_what_is_older),
        T(a_change_names_everybody_concerned),
        T(a_record_without_subject_fails_the_transaction),
        T(the_largest_record_fits),
        T(any_flipped_bit_of_a_record_is_found),
        T(values_that_rot_in_the_file_are_never_served),
        T(no_number_and_no_key_is_in_the_keys),
        T(bad_questions_are_refused),
        T(a_snapshot_does_not_see_later_commits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
