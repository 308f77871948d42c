// SPDX-License-Identifier: Apache-2.0
// Merkle trees of RFC 6962 section 2.1 over SHA-256 or SM3: leaf = H(0x00 ‖ entry), node = H(0x01 ‖ left ‖
// right), empty tree = H("").
//
// Used by batches of records (small, in memory) and by the ledger (through its tiles). Pure; thread safe.
#ifndef ZT_BASE_CRYPTO_MERKLE_H
#define ZT_BASE_CRYPTO_MERKLE_H

#include "base/crypto/hash.h"

#define ZT_PROOF_MAX 64 // levels of a tree of 2^63 leaves, and one spare

struct zt_proof {
    uint8_t hashes[ZT_PROOF_MAX][ZT_HASH_LEN];
    size_t count;
};

ZT_MUST_USE enum zt_err zt_merkle_leaf(enum zt_hash kind, struct zt_bytes entry,
                                       uint8_t out[static ZT_HASH_LEN]);
ZT_MUST_USE enum zt_err zt_merkle_node(enum zt_hash kind, const uint8_t left[static ZT_HASH_LEN],
                                       const uint8_t right[static ZT_HASH_LEN],
                                       uint8_t out[static ZT_HASH_LEN]);
// Root over `count` leaf hashes laid one after another.
ZT_MUST_USE enum zt_err zt_merkle_root(enum zt_hash kind, const uint8_t *leaves, size_t count,
                                       uint8_t root[static ZT_HASH_LEN]);

// A tree that only grows: keeps the right edge (one hash per level), adds leaves at O(1) amortised cost.
struct zt_edge {
    enum zt_hash kind;
    uint64_t size;
    uint8_t hashes[ZT_PROOF_MAX][ZT_HASH_LEN]; // hashes[l] is valid where bit l of size is set
};
void zt_edge_init(struct zt_edge *edge, enum zt_hash kind);
ZT_MUST_USE enum zt_err zt_edge_add(struct zt_edge *edge, const uint8_t leaf[static ZT_HASH_LEN]);
ZT_MUST_USE enum zt_err zt_edge_root(const struct zt_edge *edge, uint8_t root[static ZT_HASH_LEN]);

// Proofs from leaf hashes in memory (RFC 9162 section 2.1.3.1 and 2.1.4.1): cost O(count). ZT_E_INPUT when
// there is no such leaf or the old tree is the larger one.
ZT_MUST_USE enum zt_err zt_merkle_prove_inclusion(enum zt_hash kind, const uint8_t *leaves, size_t count,
                                                  size_t index, struct zt_proof *proof);
ZT_MUST_USE enum zt_err zt_merkle_prove_consistency(enum zt_hash kind, const uint8_t *leaves, size_t count,
                                                    size_t old_count, struct zt_proof *proof);

// RFC 9162 section 2.1.3.2 and 2.1.4.2; ZT_E_CRYPTO when the proof does not hold.
// From size 0 the old root must be that of the empty tree and the proof empty.
ZT_MUST_USE enum zt_err zt_merkle_verify_inclusion(enum zt_hash kind, uint64_t index, uint64_t size,
                                                   const uint8_t leaf[static ZT_HASH_LEN],
                                                   const struct zt_proof *proof,
                                                   const uint8_t root[static ZT_HASH_LEN]);
ZT_MUST_USE enum zt_err zt_merkle_verify_consistency(enum zt_hash kind, uint64_t old_size, uint64_t new_size,
                                                     const uint8_t old_root[static ZT_HASH_LEN],
                                                     const uint8_t new_root[static ZT_HASH_LEN],
                                                     const struct zt_proof *proof);

#endif
