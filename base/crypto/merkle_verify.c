// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/crypto/merkle.h"

static enum zt_err must_equal(const uint8_t a[static ZT_HASH_LEN], const uint8_t b[static ZT_HASH_LEN])
{
    return memcmp(a, b, ZT_HASH_LEN) == 0 ? ZT_OK : ZT_E_CRYPTO;
}

// The position walks up the tree: fn is the node, sn the last node of its level (names of RFC 9162).
struct walk {
    uint64_t fn, sn;
};

static bool on_left_edge(const struct walk *walk)
{
    return (walk->fn & 1) || walk->fn == walk->sn;
}

// After a left sibling was joined at the tree's ragged right edge, levels without a sibling are skipped.
static void climb_past_gaps(struct walk *walk)
{
    while (!(walk->fn & 1) && walk->fn != 0) {
        walk->fn >>= 1;
        walk->sn >>= 1;
    }
}

enum zt_err zt_merkle_verify_inclusion(enum zt_hash kind, uint64_t index, uint64_t size,
                                       const uint8_t leaf[static ZT_HASH_LEN], const struct zt_proof *proof,
                                       const uint8_t root[static ZT_HASH_LEN])
{
    if (index >= size || proof->count > ZT_PROOF_MAX)
        return ZT_E_CRYPTO;
    struct walk walk = {index, size - 1};
    uint8_t hash[ZT_HASH_LEN];
    enum zt_err rc = ZT_OK;
    memcpy(hash, leaf, sizeof hash);
    for (size_t i = 0; i < proof->count; i++) {
        if (walk.sn == 0)
            return ZT_E_CRYPTO;
        if (on_left_edge(&walk)) {
            ZT_TRY(zt_merkle_node(kind, proof->hashes[i], hash, hash));
            climb_past_gaps(&walk);
        } else {
            ZT_TRY(zt_merkle_node(kind, hash, proof->hashes[i], hash));
        }
        walk.fn >>= 1;
        walk.sn >>= 1;
    }
    rc = walk.sn == 0 ? must_equal(hash, root) : ZT_E_CRYPTO;
out:
    return rc;
}

// No proof is needed, and none may be given, from the empty tree and from a tree to itself.
static enum zt_err verify_trivial(enum zt_hash kind, uint64_t old_size,
                                  const uint8_t old_root[static ZT_HASH_LEN],
                                  const uint8_t new_root[static ZT_HASH_LEN], const struct zt_proof *proof)
{
    uint8_t empty[ZT_HASH_LEN];
    if (proof->count != 0)
        return ZT_E_CRYPTO;
    if (old_size != 0)
        return must_equal(old_root, new_root);
    enum zt_err rc = zt_hash_of(kind, (struct zt_bytes){0}, empty);
    return rc == ZT_OK ? must_equal(old_root, empty) : rc;
}

// From the first hash that both trees share up to both roots.
static enum zt_err verify_path(enum zt_hash kind, struct walk walk, const uint8_t *first,
                               const uint8_t (*rest)[ZT_HASH_LEN], size_t count,
                               const uint8_t old_root[static ZT_HASH_LEN],
                               const uint8_t new_root[static ZT_HASH_LEN])
{
    uint8_t older[ZT_HASH_LEN], newer[ZT_HASH_LEN];
    enum zt_err rc = ZT_OK;
    memcpy(older, first, sizeof older);
    memcpy(newer, first, sizeof newer);
    for (size_t i = 0; i < count; i++) {
        if (walk.sn == 0)
            return ZT_E_CRYPTO;
        if (on_left_edge(&walk)) {
            ZT_TRY(zt_merkle_node(kind, rest[i], older, older));
            ZT_TRY(zt_merkle_node(kind, rest[i], newer, newer));
            climb_past_gaps(&walk);
        } else {
            ZT_TRY(zt_merkle_node(kind, newer, rest[i], newer));
        }
        walk.fn >>= 1;
        walk.sn >>= 1;
    }
    if (walk.sn != 0)
        return ZT_E_CRYPTO;
    ZT_TRY(must_equal(older, old_root));
    ZT_TRY(must_equal(newer, new_root));
out:
    return rc;
}

enum zt_err zt_merkle_verify_consistency(enum zt_hash kind, uint64_t old_size, uint64_t new_size,
                                         const uint8_t old_root[static ZT_HASH_LEN],
                                         const uint8_t new_root[static ZT_HASH_LEN],
                                         const struct zt_proof *proof)
{
    if (old_size > new_size || proof->count > ZT_PROOF_MAX)
        return ZT_E_CRYPTO;
    if (old_size == 0 || old_size == new_size)
        return verify_trivial(kind, old_size, old_root, new_root, proof);
    if (proof->count == 0)
        return ZT_E_CRYPTO;
    struct walk walk = {old_size - 1, new_size - 1};
    while (walk.fn & 1) {
        walk.fn >>= 1;
        walk.sn >>= 1;
    }
    if ((old_size & (old_size - 1)) == 0) // the old tree is one whole node: its root is the first hash
        return verify_path(kind, walk, old_root, proof->hashes, proof->count, old_root, new_root);
    return verify_path(kind, walk, proof->hashes[0], proof->hashes + 1, proof->count - 1, old_root, new_root);
}
