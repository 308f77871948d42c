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
#include "broker/ledger/tiles.h"

#define SMALL ((uint64_t)70)
#define LARGE ((uint64_t)66000)

static char dir[PATH_MAX];
static uint8_t (*leaves)[ZT_HASH_LEN];
static struct zt_tile_source source;

// One tree of LARGE entries, with the partial tiles of every size up to SMALL and of some large ones.
static bool flush_here(uint64_t size)
{
    return size <= SMALL || size == 255 || size == 256 || size == 257 || size == 1000 || size == 65535 ||
           size == 65536 || size == 65537 || size == LARGE;
}

static int setup(void **state)
{
    (void)state;
    static struct zt_tiler tiler;
    fixture_folder(dir);
    leaves = malloc(LARGE * sizeof *leaves);
    assert_non_null(leaves);
    zt_tiler_init(&tiler, dir);
    for (uint64_t i = 0; i < LARGE; i++) {
        uint8_t room[ZT_ENTRY_MAX];
        struct zt_bytes entry = fixture_entry(i, room);
        assert_int_equal(zt_merkle_leaf(ZT_SHA256, entry, leaves[i]), ZT_OK);
        assert_int_equal(zt_tiler_add(&tiler, entry, leaves[i]), ZT_OK);
        if (flush_here(i + 1))
            assert_int_equal(zt_tiler_flush(&tiler), ZT_OK);
    }
    zt_tiler_fini(&tiler);
    zt_tile_source_init(&source, dir);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_tile_source_fini(&source);
    free(leaves);
    fixture_remove(dir);
    return 0;
}

static void root_of(uint64_t size, uint8_t *root)
{
    assert_int_equal(zt_merkle_root(ZT_SHA256, size ? leaves[0] : NULL, (size_t)size, root), ZT_OK);
}

static void check_inclusion(uint64_t index, uint64_t size, const uint8_t *root)
{
    struct zt_proof proof;
    assert_int_equal(zt_tile_inclusion(&source, index, &proof), ZT_OK);
    assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, index, size, leaves[index], &proof, root), ZT_OK);
    if (proof.count) {
        proof.hashes[proof.count / 2][3] ^= 1;
        assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, index, size, leaves[index], &proof, root),
                         ZT_E_CRYPTO);
    }
}

static void check_consistency(uint64_t old_size, uint64_t size, const uint8_t *root)
{
    uint8_t old_root[ZT_HASH_LEN];
    struct zt_proof proof;
    root_of(old_size, old_root);
    assert_int_equal(zt_tile_consistency(&source, old_size, &proof), ZT_OK);
    assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, old_size, size, old_root, root, &proof), ZT_OK);
}

static void all_pairs_of_small_sizes(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= SMALL; size++) {
        uint8_t root[ZT_HASH_LEN];
        root_of(size, root);
        zt_tile_source_size(&source, size);
        for (uint64_t index = 0; index < size; index++)
            check_inclusion(index, size, root);
        for (uint64_t old_size = 0; old_size <= size; old_size++)
            check_consistency(old_size, size, root);
    }
}

static const uint64_t large[] = {255, 256, 257, 1000, 65535, 65536, 65537, LARGE};

static void large_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        uint64_t size = large[i];
        uint8_t root[ZT_HASH_LEN];
        root_of(size, root);
        zt_tile_source_size(&source, size);
        for (uint64_t k = 0; k < 40; k++)
            check_inclusion(k * k * k * 7919 % size, size, root);
        check_inclusion(0, size, root);
        check_inclusion(size - 1, size, root);
        for (size_t j = 0; j <= i; j++)
            check_consistency(large[j], size, root);
        check_consistency(1, size, root);
        check_consistency(size - 1, size, root);
    }
}

static void edge_is_that_of_the_leaves(void **state)
{
    (void)state;
    struct zt_edge slow, fast;
    zt_edge_init(&slow, ZT_SHA256);
    for (uint64_t size = 1; size <= LARGE; size++) {
        assert_int_equal(zt_edge_add(&slow, leaves[size - 1]), ZT_OK);
        if (!flush_here(size))
            continue;
        zt_tile_source_size(&source, size);
        assert_int_equal(zt_tile_edge(&source, &fast), ZT_OK);
        assert_int_equal(fast.size, size);
        for (unsigned level = 0; level < ZT_PROOF_MAX; level++)
            if (size >> level & 1)
                assert_memory_equal(fast.hashes[level], slow.hashes[level], ZT_HASH_LEN);
    }
}

static void outside_the_tree(void **state)
{
    (void)state;
    struct zt_proof proof = {.count = 77};
    uint8_t hash[ZT_HASH_LEN];
    zt_tile_source_size(&source, 1000);
    assert_int_equal(zt_tile_inclusion(&source, 1000, &proof), ZT_E_ABSENT);
    assert_int_equal(zt_tile_inclusion(&source, UINT64_MAX, &proof), ZT_E_ABSENT);
    assert_int_equal(zt_tile_consistency(&source, 1001, &proof), ZT_E_ABSENT);
    assert_int_equal(zt_tile_node(&source, 0, 1000, hash), ZT_E_BUG);
    assert_int_equal(zt_tile_node(&source, 10, 0, hash), ZT_E_BUG);
    assert_int_equal(zt_tile_node(&source, 64, 0, hash), ZT_E_BUG);
    assert_int_equal(zt_tile_node(&source, 1, UINT64_MAX, hash), ZT_E_BUG);
    assert_int_equal(proof.count, 77);
    zt_tile_source_size(&source, 0);
    assert_int_equal(zt_tile_inclusion(&source, 0, &proof), ZT_E_ABSENT);
    assert_int_equal(zt_tile_consistency(&source, 0, &proof), ZT_OK);
    assert_int_equal(proof.count, 0);
}

static void missing_tile_is_absent(void **state)
{
    (void)state;
    struct zt_proof proof;
    char path[PATH_MAX + 64], aside[PATH_MAX + 64];
    (void)!snprintf(path, sizeof path, "%s/tile/0/100", dir);
    (void)!snprintf(aside, sizeof aside, "%s/aside", dir);
    assert_int_equal(rename(path, aside), 0);
    zt_tile_source_size(&source, LARGE);
    assert_int_equal(zt_tile_inclusion(&source, 100 * 256 + 3, &proof), ZT_E_ABSENT);
    assert_int_equal(zt_tile_inclusion(&source, 99 * 256 + 3, &proof), ZT_OK);
    assert_int_equal(rename(aside, path), 0);
    assert_int_equal(zt_tile_inclusion(&source, 100 * 256 + 3, &proof), ZT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pairs_of_small_sizes),   cmocka_unit_test(large_sizes),
        cmocka_unit_test(edge_is_that_of_the_leaves), cmocka_unit_test(outside_the_tree),
        cmocka_unit_test(missing_tile_is_absent),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
