// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/ledger/fixture.h"
#include "broker/ledger/tiles.h"

static char dir[PATH_MAX];
static struct zt_tiler tiler;

static int setup(void **state)
{
    (void)state;
    fixture_folder(dir);
    zt_tiler_init(&tiler, dir);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_tiler_fini(&tiler);
    fixture_remove(dir);
    return 0;
}

static void leaf_of(uint64_t index, uint8_t *leaf)
{
    uint8_t room[ZT_ENTRY_MAX];
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, fixture_entry(index, room), leaf), ZT_OK);
}

static void add(uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++) {
        uint8_t room[ZT_ENTRY_MAX], leaf[ZT_HASH_LEN];
        leaf_of(i, leaf);
        assert_int_equal(zt_tiler_add(&tiler, fixture_entry(i, room), leaf), ZT_OK);
    }
}

// A subtree of 256^level leaves, computed the slow way.
static void node_of(unsigned level, uint64_t index, uint8_t *out)
{
    size_t count = (size_t)1 << (8 * level);
    uint8_t *leaves = malloc(count * ZT_HASH_LEN);
    assert_non_null(leaves);
    for (size_t i = 0; i < count; i++)
        leaf_of(index * count + i, leaves + i * ZT_HASH_LEN);
    assert_int_equal(zt_merkle_root(ZT_SHA256, leaves, count, out), ZT_OK);
    free(leaves);
}

static void check_tile(unsigned level, uint64_t index, unsigned width)
{
    struct zt_tile_id id = {level, index, width};
    struct zt_buf data;
    uint8_t hash[ZT_HASH_LEN];
    zt_buf_init(&data, ZT_TILE_BYTES);
    assert_int_equal(zt_tile_read(dir, &id, &data), ZT_OK);
    assert_true(data.len >= width * ZT_HASH_LEN);
    for (unsigned i = 0; i<width; i += width> 8 ? 50 : 1) {
        node_of(level, index * 256 + i, hash);
        assert_memory_equal(data.data + i * ZT_HASH_LEN, hash, ZT_HASH_LEN);
    }
    zt_buf_fini(&data);
}

static void check_bundle(uint64_t index, unsigned width)
{
    struct zt_tile_id id = {ZT_TILE_ENTRIES, index, width};
    struct zt_buf data;
    size_t at = 0;
    zt_buf_init(&data, ZT_BUNDLE_MAX);
    assert_int_equal(zt_tile_read(dir, &id, &data), ZT_OK);
    for (unsigned i = 0; i < width; i++) {
        uint8_t room[ZT_ENTRY_MAX];
        struct zt_bytes entry = fixture_entry(index * 256 + i, room);
        assert_true(at + 2 + entry.len <= data.len);
        assert_int_equal(data.data[at] << 8 | data.data[at + 1], entry.len);
        assert_memory_equal(data.data + at + 2, entry.data, entry.len);
        at += 2 + entry.len;
    }
    assert_int_equal(at, data.len);
    zt_buf_fini(&data);
}

static bool exists(const char *name)
{
    char path[PATH_MAX + 64];
    (void)!snprintf(path, sizeof path, "%s/%s", dir, name);
    return access(path, F_OK) == 0;
}

static void sizes_around_a_tile(void **state)
{
    (void)state;
    add(0, 1);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    check_tile(0, 0, 1);
    check_bundle(0, 1);
    assert_false(exists("tile/1"));
    add(1, 255);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    check_tile(0, 0, 255);
    add(255, 256);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    check_tile(0, 0, 256);
    check_bundle(0, 256);
    check_tile(1, 0, 1);
    assert_false(exists("tile/0/001.p"));
    add(256, 257);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    check_tile(0, 1, 1);
    check_bundle(1, 1);
}

static void sizes_around_two_levels(void **state)
{
    (void)state;
    add(0, 65535);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    check_tile(0, 255, 255);
    check_tile(1, 0, 255);
    assert_false(exists("tile/2"));
    add(65535, 65536);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    check_tile(0, 255, 256);
    check_tile(1, 0, 256);
    check_tile(2, 0, 1);
    check_bundle(255, 256);
    add(65536, 65537);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    check_tile(0, 256, 1);
    check_bundle(256, 1);
    assert_false(exists("tile/1/001.p"));
}

static void resumes_at_every_size(void **state)
{
    (void)state;
    for (uint64_t size = 0; size < 600; size++) {
        static struct zt_tiler other;
        add(size, size + 1);
        assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
        zt_tiler_init(&other, dir);
        assert_int_equal(zt_tiler_resume(&other, size + 1), ZT_OK);
        assert_int_equal(other.size, size + 1);
        assert_int_equal(other.bundle.len, tiler.bundle.len);
        if (other.bundle.len)
            assert_memory_equal(other.bundle.data, tiler.bundle.data, other.bundle.len);
        for (int level = 0; level < ZT_TILE_LEVELS; level++) {
            assert_int_equal(other.rows[level].count, tiler.rows[level].count);
            assert_memory_equal(other.rows[level].hashes, tiler.rows[level].hashes,
                                tiler.rows[level].count * 32);
        }
        zt_tiler_fini(&other);
    }
}

static void resumes_from_a_longer_tile(void **state)
{
    (void)state;
    add(0, 300);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    zt_tiler_prune(&tiler, 0, 300);
    assert_int_equal(zt_tiler_resume(&tiler, 100), ZT_OK); // the full tile stands in
    add(100, 257);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    check_bundle(0, 256);
    check_tile(0, 0, 256);
}

static void refuses_to_resume_on_missing_or_cut_tiles(void **state)
{
    (void)state;
    char path[PATH_MAX + 64];
    assert_int_equal(zt_tiler_resume(&tiler, 3), ZT_E_ABSENT);
    assert_int_equal(tiler.size, 0);
    add(0, 3);
    assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    (void)!snprintf(path, sizeof path, "%s/tile/entries/000.p/3", dir);
    size_t len = fixture_size(path);
    for (size_t cut = 0; cut < len; cut++) {
        size_t whole;
        uint8_t *data = fixture_read(path, &whole);
        fixture_cut(path, cut);
        assert_int_equal(zt_tiler_resume(&tiler, 3), ZT_E_CORRUPT);
        assert_int_equal(tiler.size, 0);
        fixture_write(path, data, whole);
        free(data);
    }
    assert_int_equal(zt_tiler_resume(&tiler, 3), ZT_OK);
}

static void prunes_only_what_became_full(void **state)
{
    (void)state;
    for (uint64_t size = 0; size < 520; size += 20) {
        add(size, size + 20);
        assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    }
    assert_true(exists("tile/0/000.p/20"));
    zt_tiler_prune(&tiler, 20, 520);
    assert_false(exists("tile/0/000.p"));
    assert_false(exists("tile/entries/001.p"));
    assert_true(exists("tile/0/000"));
    assert_true(exists("tile/0/002.p/8"));
    assert_true(exists("tile/1/000.p/2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sizes_around_a_tile, setup, teardown),
        cmocka_unit_test_setup_teardown(sizes_around_two_levels, setup, teardown),
        cmocka_unit_test_setup_teardown(resumes_at_every_size, setup, teardown),
        cmocka_unit_test_setup_teardown(resumes_from_a_longer_tile, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_to_resume_on_missing_or_cut_tiles, setup, teardown),
        cmocka_unit_test_setup_teardown(prunes_only_what_became_full, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
