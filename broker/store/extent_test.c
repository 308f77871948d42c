// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test_support.h"
#include "broker/store/internal.h"

#define MAP ((uint64_t)256 << 20)

struct fixture {
    char dir[PATH_MAX], file[PATH_MAX + 16];
    struct zt_kv *kv;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    make_test_dir(f->dir);
    snprintf(f->file, sizeof f->file, "%s/data.mdb", f->dir);
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

static off_t size_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_size;
}

static void put(struct zt_kv_txn *txn, unsigned number, size_t len)
{
    static uint8_t value[8192];
    char key[16];
    snprintf(key, sizeof key, "%08u", number);
    zt_kv_put(txn, ZT_DB_RECORDS, zt_bytes_str(key), (struct zt_bytes){value, len});
}

static void del(struct zt_kv_txn *txn, unsigned number)
{
    char key[16];
    snprintf(key, sizeof key, "%08u", number);
    zt_kv_del(txn, ZT_DB_RECORDS, zt_bytes_str(key));
}

// A transaction that frees many pages it has just made: its loose pages are never written.
static void commit_with_loose_pages(struct fixture *f, unsigned round)
{
    struct zt_kv_txn *txn = NULL;
    unsigned base = round * 1000;
    assert_int_equal(zt_kv_begin(f->kv, true, &txn), ZT_OK);
    for (unsigned i = 0; i < 900; i++)
        put(txn, base + i, 400);
    for (unsigned i = 900; i > 100 + round % 7 * 100; i--)
        del(txn, base + i - 1);
    if (round > 2 && round % 2)
        for (unsigned i = 0; i < 700; i++)
            del(txn, base - 2000 + i);
    assert_int_equal(zt_kv_commit(&txn), ZT_OK);
}

static void a_new_store_is_whole(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(zt_store_extent_check(f->file, NULL), ZT_OK);
}

static void a_sound_file_may_be_shorter_than_its_last_page(void **state)
{
    struct fixture *f = *state;
    unsigned shorter = 0;
    for (unsigned round = 0; round < 40; round++) {
        struct zt_kv_info info;
        struct zt_fault fault = {0};
        commit_with_loose_pages(f, round);
        assert_int_equal(zt_kv_info(f->kv, &info), ZT_OK);
        shorter += (uint64_t)size_of(f->file) < info.map_used;
        if (zt_store_extent_check(f->file, &fault) != ZT_OK)
            fail_msg("round %u: %s", round, fault.text);
    }
    // Otherwise this test would not have tried what it is for.
    assert_true(shorter > 5);
}

static void cut_to(const char *path, off_t size)
{
    assert_int_equal(truncate(path, size), 0);
}

static void copy_file(const char *from, const char *to)
{
    char command[3 * PATH_MAX];
    snprintf(command, sizeof command, "cp -- '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

// A file that was whole is cut after each page: each time something that is in use is missing.
static void every_cut_of_a_whole_file_is_found(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_txn *txn = NULL;
    assert_int_equal(zt_kv_begin(f->kv, true, &txn), ZT_OK);
    for (unsigned i = 0; i < 200; i++)
        put(txn, i, 300 + i % 5 * 1900);
    assert_int_equal(zt_kv_commit(&txn), ZT_OK);
    zt_kv_close(&f->kv);
    off_t size = size_of(f->file);
    assert_int_equal(zt_store_extent_check(f->file, NULL), ZT_OK);
    for (off_t cut = size - 1; cut >= 0; cut = cut / 4096 * 4096 - 1) {
        struct zt_fault fault = {0};
        cut_to(f->file, cut);
        assert_int_equal(zt_store_extent_check(f->file, &fault), ZT_E_CORRUPT);
        assert_true(strcmp(fault.rule, "store.truncated") == 0 || strcmp(fault.rule, "store.meta") == 0);
    }
}

// With pages on the free list too: a cut is sound only if all that it took was free. The judge is LMDB
// itself: a cut that is called sound must leave every row readable.
static void a_cut_that_is_called_sound_loses_nothing(void **state)
{
    struct fixture *f = *state;
    char other_dir[PATH_MAX], other[PATH_MAX + 16];
    unsigned sound = 0, refused = 0;
    for (unsigned round = 0; round < 12; round++)
        commit_with_loose_pages(f, round);
    make_test_dir(other_dir);
    snprintf(other, sizeof other, "%s/data.mdb", other_dir);
    off_t size = size_of(f->file);
    for (off_t cut = size / 4096 * 4096; cut > 2 * 4096; cut -= 4096) {
        copy_file(f->file, other);
        cut_to(other, cut);
        if (zt_store_extent_check(other, NULL) != ZT_OK) {
            refused++;
            continue;
        }
        struct zt_kv *kv = NULL;
        struct zt_kv_txn *txn = NULL;
        struct zt_kv_cursor *cursor = NULL;
        struct zt_bytes key, value;
        uint64_t rows = 0, seen = 0, sum = 0;
        assert_int_equal(zt_kv_open(other_dir, MAP, false, &kv, NULL), ZT_OK);
        assert_int_equal(zt_kv_begin(kv, false, &txn), ZT_OK);
        assert_int_equal(zt_kv_count(txn, ZT_DB_RECORDS, &rows), ZT_OK);
        assert_int_equal(zt_kv_cursor_open(txn, ZT_DB_RECORDS, &cursor), ZT_OK);
        enum zt_err rc = zt_kv_seek(cursor, zt_bytes_str("0"), &key, &value);
        for (; rc == ZT_OK; rc = zt_kv_next(cursor, &key, &value)) {
            for (size_t i = 0; i < value.len; i++)
                sum += value.data[i];
            seen++;
        }
        assert_int_equal(seen, rows);
        assert_int_equal(sum, 0);
        zt_kv_cursor_close(&cursor);
        zt_kv_abort(&txn);
        zt_kv_close(&kv);
        sound++;
    }
    remove_test_dir(other_dir);
    assert_true(sound >= 1 && refused >= 10);
}

static void a_damaged_free_list_never_excuses_a_short_file(void **state)
{
    struct fixture *f = *state;
    struct zt_kv_info info;
    unsigned round = 0;
    do {
        commit_with_loose_pages(f, round++);
        assert_int_equal(zt_kv_info(f->kv, &info), ZT_OK);
        assert_true(round < 40);
    } while ((uint64_t)size_of(f->file) >= info.map_used);
    zt_kv_close(&f->kv);
    // Whatever bytes we damage, the check ends and gives one of its two verdicts.
    srand(7);
    for (int i = 0; i < 300; i++) {
        int fd = open(f->file, O_RDWR | O_CLOEXEC);
        assert_true(fd >= 0);
        off_t at = rand() % 2 ? rand() % 8192 : rand() % size_of(f->file);
        uint8_t byte = (uint8_t)rand();
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        assert_int_equal(close(fd), 0);
        enum zt_err rc = zt_store_extent_check(f->file, NULL);
        assert_true(rc == ZT_OK || rc == ZT_E_CORRUPT);
    }
}

static void what_is_no_store_is_refused(void **state)
{
    struct fixture *f = *state;
    char path[PATH_MAX + 16];
    struct zt_fault fault = {0};
    snprintf(path, sizeof path, "%s/other", f->dir);
    assert_int_equal(zt_store_extent_check(path, &fault), ZT_E_IO);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(zt_store_extent_check(path, &fault), ZT_E_CORRUPT);
    assert_string_equal(fault.rule, "store.meta");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_new_store_is_whole),
        T(a_sound_file_may_be_shorter_than_its_last_page),
        T(every_cut_of_a_whole_file_is_found),
        T(a_cut_that_is_called_sound_loses_nothing),
        T(a_damaged_free_list_never_excuses_a_short_file),
        T(what_is_no_store_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
