// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/merkle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/vectors.h"

#define LEAVES 130 // past two powers of two, with every shape of ragged edge on the way

static uint8_t leaves[LEAVES * ZT_HASH_LEN];

static const uint8_t *leaf_at(size_t i)
{
    return leaves + i * ZT_HASH_LEN;
}

static int make_leaves(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEAVES; i++) {
        uint8_t entry[2] = {(uint8_t)(i >> 8), (uint8_t)i};
        if (zt_merkle_leaf(ZT_SHA256, (struct zt_bytes){entry, 2}, leaves + i * ZT_HASH_LEN) != ZT_OK)
            return -1;
    }
    return 0;
}

static void root_of(size_t count, uint8_t root[ZT_HASH_LEN])
{
    assert_int_equal(zt_merkle_root(ZT_SHA256, leaves, count, root), ZT_OK);
}

// The reference tree of the Certificate Transparency project (merkle_tree_test.cc): eight leaves.
static void published_roots(void **state)
{
    (void)state;
    static const char *const entries[] = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    uint8_t hashes[8 * ZT_HASH_LEN], root[ZT_HASH_LEN];
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(zt_merkle_leaf(ZT_SHA256, zt_vector(entries[i]), hashes + i * ZT_HASH_LEN), ZT_OK);
    struct zt_edge edge;
    zt_edge_init(&edge, ZT_SHA256);
    for (size_t count = 0; count <= 8; count++) {
        assert_int_equal(zt_merkle_root(ZT_SHA256, hashes, count, root), ZT_OK);
        assert_memory_equal(root, zt_vector(roots[count]).data, sizeof root);
        assert_int_equal(zt_edge_root(&edge, root), ZT_OK);
        assert_memory_equal(root, zt_vector(roots[count]).data, sizeof root);
        if (count < 8)
            assert_int_equal(zt_edge_add(&edge, hashes + count * ZT_HASH_LEN), ZT_OK);
    }
}

// Published proofs over the same tree: the inclusion of leaf 6 (counted from 1) of 8, of leaf 3 of 3, and
// the consistency of 6 with 8 and of 2 with 5.
static void published_proofs(void **state)
{
    (void)state;
    struct zt_proof proof = {.count = 3};
    uint8_t leaf[ZT_HASH_LEN];
    struct zt_bytes root8 = zt_vector("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    struct zt_bytes root6 = zt_vector("76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef");
    static const char *const path[] = {
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    };
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, zt_vector("40414243"), leaf), ZT_OK);
    for (size_t i = 0; i < 3; i++)
        memcpy(proof.hashes[i], zt_vector(path[i]).data, ZT_HASH_LEN);
    assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, 5, 8, leaf, &proof, root8.data), ZT_OK);
    static const char *const grown[] = {
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    };
    for (size_t i = 0; i < 3; i++)
        memcpy(proof.hashes[i], zt_vector(grown[i]).data, ZT_HASH_LEN);
    assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, 6, 8, root6.data, root8.data, &proof), ZT_OK);
}

// Every leaf of every size is proved, and no proof holds for another leaf, place, size or root.
static void inclusion(void **state)
{
    (void)state;
    uint8_t root[ZT_HASH_LEN], wrong[ZT_HASH_LEN];
    struct zt_proof proof;
    for (size_t size = 1; size <= LEAVES; size++) {
        root_of(size, root);
        memcpy(wrong, root, sizeof wrong);
        wrong[31] ^= 1;
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(zt_merkle_prove_inclusion(ZT_SHA256, leaves, size, i, &proof), ZT_OK);
            assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, i, size, leaf_at(i), &proof, root), ZT_OK);
            assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, i, size, leaf_at(i), &proof, wrong),
                             ZT_E_CRYPTO);
            assert_int_equal(
                zt_merkle_verify_inclusion(ZT_SHA256, i, size, leaf_at((i + 1) % LEAVES), &proof, root),
                ZT_E_CRYPTO);
            if (size > 1)
                assert_int_equal(
                    zt_merkle_verify_inclusion(ZT_SHA256, (i + 1) % size, size, leaf_at(i), &proof, root),
                    ZT_E_CRYPTO);
            assert_int_equal(zt_merkle_verify_inclusion(ZT_SM3, i, size, leaf_at(i), &proof, root),
                             size > 1 ? ZT_E_CRYPTO : ZT_OK);
        }
    }
}

static void inclusion_mutated(void **state)
{
    (void)state;
    uint8_t root[ZT_HASH_LEN];
    struct zt_proof proof, bad;
    root_of(LEAVES, root);
    assert_int_equal(zt_merkle_prove_inclusion(ZT_SHA256, leaves, LEAVES, 77, &proof), ZT_OK);
    for (size_t i = 0; i < proof.count; i++) {
        bad = proof;
        bad.hashes[i][i % ZT_HASH_LEN] ^= 1;
        assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, 77, LEAVES, leaf_at(77), &bad, root),
                         ZT_E_CRYPTO);
    }
    for (bad = proof; bad.count > 0;) { // too short by any number
        bad.count--;
        assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, 77, LEAVES, leaf_at(77), &bad, root),
                         ZT_E_CRYPTO);
    }
    for (size_t count = proof.count + 1; count <= ZT_PROOF_MAX + 1; count++) { // too long
        bad = proof;
        bad.count = count;
        assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, 77, LEAVES, leaf_at(77), &bad, root),
                         ZT_E_CRYPTO);
    }
    assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, LEAVES, LEAVES, leaf_at(0), &proof, root),
                     ZT_E_CRYPTO);
    assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, 0, 0, leaf_at(0), &proof, root), ZT_E_CRYPTO);
    assert_int_equal(zt_merkle_prove_inclusion(ZT_SHA256, leaves, 5, 5, &proof), ZT_E_INPUT);
    assert_int_equal(zt_merkle_prove_inclusion(ZT_SHA256, leaves, 0, 0, &proof), ZT_E_INPUT);
}

static void consistency(void **state)
{
    (void)state;
    uint8_t before[ZT_HASH_LEN], after[ZT_HASH_LEN], other[ZT_HASH_LEN];
    struct zt_proof proof;
    for (size_t size = 0; size <= LEAVES; size++) {
        root_of(size, after);
        for (size_t old = 0; old <= size; old++) {
            root_of(old, before);
            memcpy(other, before, sizeof other);
            other[0] ^= 1;
            assert_int_equal(zt_merkle_prove_consistency(ZT_SHA256, leaves, size, old, &proof), ZT_OK);
            assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, old, size, before, after, &proof),
                             ZT_OK);
            assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, old, size, other, after, &proof),
                             ZT_E_CRYPTO);
            memcpy(other, after, sizeof other);
            other[0] ^= 1;
            if (old > 0)
                assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, old, size, before, other, &proof),
                                 ZT_E_CRYPTO);
            if (old > 1 && old < size)
                assert_int_equal(
                    zt_merkle_verify_consistency(ZT_SHA256, old - 1, size, before, after, &proof),
                    ZT_E_CRYPTO);
        }
    }
}

static void consistency_mutated(void **state)
{
    (void)state;
    uint8_t before[ZT_HASH_LEN], after[ZT_HASH_LEN];
    struct zt_proof proof, bad;
    static const size_t olds[] = {64, 77, 128, 129};
    root_of(LEAVES, after);
    for (size_t o = 0; o < sizeof olds / sizeof *olds; o++) {
        root_of(olds[o], before);
        assert_int_equal(zt_merkle_prove_consistency(ZT_SHA256, leaves, LEAVES, olds[o], &proof), ZT_OK);
        for (size_t i = 0; i < proof.count; i++) {
            bad = proof;
            bad.hashes[i][31] ^= 0x80;
            assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, olds[o], LEAVES, before, after, &bad),
                             ZT_E_CRYPTO);
        }
        for (size_t count = 0; count <= ZT_PROOF_MAX + 1; count++) {
            bad = proof;
            bad.count = count;
            if (count != proof.count)
                assert_int_equal(
                    zt_merkle_verify_consistency(ZT_SHA256, olds[o], LEAVES, before, after, &bad),
                    ZT_E_CRYPTO);
        }
    }
    proof.count = 1; // nothing may be given where nothing is needed
    root_of(0, before);
    assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, 0, LEAVES, before, after, &proof), ZT_E_CRYPTO);
    assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, LEAVES, LEAVES, after, after, &proof),
                     ZT_E_CRYPTO);
    proof.count = 0;
    root_of(LEAVES - 1, before);
    assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, LEAVES, LEAVES - 1, after, before, &proof),
                     ZT_E_CRYPTO); // never backwards
    assert_int_equal(zt_merkle_prove_consistency(ZT_SHA256, leaves, 5, 6, &proof), ZT_E_INPUT);
}

static void huge_sizes_do_not_hang(void **state)
{
    (void)state;
    struct zt_proof proof = {.count = ZT_PROOF_MAX};
    assert_int_equal(
        zt_merkle_verify_inclusion(ZT_SHA256, UINT64_MAX - 1, UINT64_MAX, leaf_at(0), &proof, leaf_at(1)),
        ZT_E_CRYPTO);
    assert_int_equal(
        zt_merkle_verify_consistency(ZT_SHA256, UINT64_MAX - 1, UINT64_MAX, leaf_at(0), leaf_at(1), &proof),
        ZT_E_CRYPTO);
    assert_int_equal(zt_merkle_verify_consistency(ZT_SHA256, (uint64_t)1 << 63, UINT64_MAX, leaf_at(0),
                                                  leaf_at(1), &proof),
                     ZT_E_CRYPTO);
    struct zt_edge edge;
    zt_edge_init(&edge, ZT_SHA256);
    edge.size = INT64_MAX;
    assert_int_equal(zt_edge_add(&edge, leaf_at(0)), ZT_E_LIMIT);
}

static void sm3_tree_is_its_own(void **state)
{
    (void)state;
    uint8_t sm3[ZT_HASH_LEN], sha[ZT_HASH_LEN], by_hand[ZT_HASH_LEN];
    root_of(2, sha);
    assert_int_equal(zt_merkle_root(ZT_SM3, leaves, 2, sm3), ZT_OK);
    assert_memory_not_equal(sm3, sha, sizeof sha);
    uint8_t one = 1;
    struct zt_bytes parts[] = {{&one, 1}, {leaves, 2 * ZT_HASH_LEN}};
    assert_int_equal(zt_hash_parts(ZT_SM3, parts, 2, by_hand), ZT_OK);
    assert_memory_equal(sm3, by_hand, sizeof sm3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_roots),
        cmocka_unit_test(published_proofs),
        cmocka_unit_test(inclusion),
        cmocka_unit_test(inclusion_mutated),
        cmocka_unit_test(consistency),
        cmocka_unit_test(consistency_mutated),
        cmocka_unit_test(huge_sizes_do_not_hang),
        cmocka_unit_test(sm3_tree_is_its_own),
    };
    return cmocka_run_group_tests(tests, make_leaves, NULL);
}
