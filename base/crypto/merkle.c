// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/merkle.h"

#include <string.h>

enum zt_err zt_merkle_leaf(enum zt_hash kind, struct zt_bytes entry, uint8_t out[static ZT_HASH_LEN])
{
    static const uint8_t prefix = 0x00;
    const struct zt_bytes parts[] = {{&prefix, 1}, entry};
    return zt_hash_parts(kind, parts, 2, out);
}

enum zt_err zt_merkle_node(enum zt_hash kind, const uint8_t left[static ZT_HASH_LEN],
                           const uint8_t right[static ZT_HASH_LEN], uint8_t out[static ZT_HASH_LEN])
{
    static const uint8_t prefix = 0x01;
    const struct zt_bytes parts[] = {{&prefix, 1}, {left, ZT_HASH_LEN}, {right, ZT_HASH_LEN}};
    return zt_hash_parts(kind, parts, 3, out);
}

void zt_edge_init(struct zt_edge *edge, enum zt_hash kind)
{
    memset(edge, 0, sizeof *edge);
    edge->kind = kind;
}

enum zt_err zt_edge_add(struct zt_edge *edge, const uint8_t leaf[static ZT_HASH_LEN])
{
    if (edge->size == INT64_MAX)
        return ZT_E_LIMIT;
    uint8_t hash[ZT_HASH_LEN];
    unsigned level = 0;
    memcpy(hash, leaf, sizeof hash);
    for (; edge->size >> level & 1; level++) {
        enum zt_err rc = zt_merkle_node(edge->kind, edge->hashes[level], hash, hash);
        if (rc != ZT_OK)
            return rc;
    }
    memcpy(edge->hashes[level], hash, sizeof hash);
    edge->size++;
    return ZT_OK;
}

enum zt_err zt_edge_root(const struct zt_edge *edge, uint8_t root[static ZT_HASH_LEN])
{
    if (edge->size == 0)
        return zt_hash_of(edge->kind, (struct zt_bytes){0}, root);
    uint8_t hash[ZT_HASH_LEN];
    bool started = false;
    for (unsigned level = 0; level < ZT_PROOF_MAX; level++) {
        if (!(edge->size >> level & 1))
            continue;
        enum zt_err rc = ZT_OK;
        if (started)
            rc = zt_merkle_node(edge->kind, edge->hashes[level], hash, hash);
        else
            memcpy(hash, edge->hashes[level], sizeof hash);
        if (rc != ZT_OK)
            return rc;
        started = true;
    }
    memcpy(root, hash, sizeof hash);
    return ZT_OK;
}

enum zt_err zt_merkle_root(enum zt_hash kind, const uint8_t *leaves, size_t count,
                           uint8_t root[static ZT_HASH_LEN])
{
    struct zt_edge edge;
    zt_edge_init(&edge, kind);
    for (size_t i = 0; i < count; i++) {
        enum zt_err rc = zt_edge_add(&edge, leaves + i * ZT_HASH_LEN);
        if (rc != ZT_OK)
            return rc;
    }
    return zt_edge_root(&edge, root);
}

// The largest power of two below n (n > 1): where RFC 6962 splits a tree.
static size_t split_of(size_t n)
{
    size_t k = 1;
    while (k < n - k)
        k *= 2;
    return k;
}

static enum zt_err push_root(enum zt_hash kind, const uint8_t *leaves, size_t count, struct zt_proof *proof)
{
    return zt_merkle_root(kind, leaves, count, proof->hashes[proof->count++]);
}

// Walks down to the part that is looked for and notes the sibling of each step; the proof then reads upwards.
static void reverse(struct zt_proof *proof)
{
    for (size_t i = 0; i + i + 1 < proof->count; i++) {
        uint8_t hash[ZT_HASH_LEN];
        uint8_t *a = proof->hashes[i], *b = proof->hashes[proof->count - 1 - i];
        memcpy(hash, a, sizeof hash);
        memcpy(a, b, sizeof hash);
        memcpy(b, hash, sizeof hash);
    }
}

enum zt_err zt_merkle_prove_inclusion(enum zt_hash kind, const uint8_t *leaves, size_t count, size_t index,
                                      struct zt_proof *proof)
{
    if (index >= count)
        return ZT_E_INPUT;
    struct zt_proof made = {.count = 0};
    enum zt_err rc = ZT_OK;
    while (rc == ZT_OK && count > 1) {
        size_t k = split_of(count);
        if (index < k) {
            rc = push_root(kind, leaves + k * ZT_HASH_LEN, count - k, &made);
            count = k;
        } else {
            rc = push_root(kind, leaves, k, &made);
            leaves += k * ZT_HASH_LEN;
            index -= k;
            count -= k;
        }
    }
    reverse(&made);
    if (rc == ZT_OK)
        *proof = made;
    return rc;
}

enum zt_err zt_merkle_prove_consistency(enum zt_hash kind, const uint8_t *leaves, size_t count,
                                        size_t old_count, struct zt_proof *proof)
{
    if (old_count > count)
        return ZT_E_INPUT;
    struct zt_proof made = {.count = 0};
    enum zt_err rc = ZT_OK;
    bool known = true; // the old root itself is a node on the way and need not be sent
    while (rc == ZT_OK && old_count > 0 && old_count < count) {
        size_t k = split_of(count);
        if (old_count <= k) {
            rc = push_root(kind, leaves + k * ZT_HASH_LEN, count - k, &made);
            count = k;
        } else {
            rc = push_root(kind, leaves, k, &made);
            leaves += k * ZT_HASH_LEN;
            old_count -= k;
            count -= k;
            known = false;
        }
    }
    if (rc == ZT_OK && old_count > 0 && !known)
        rc = push_root(kind, leaves, count, &made);
    reverse(&made);
    if (rc == ZT_OK)
        *proof = made;
    return rc;
}
