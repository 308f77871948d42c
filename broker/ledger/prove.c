// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "broker/ledger/tiles.h"

void zt_tile_source_init(struct zt_tile_source *source, const char *root)
{
    size_t len = strnlen(root, sizeof source->root - 1);
    memcpy(source->root, root, len);
    source->root[len] = '\0';
    for (int i = 0; i < ZT_TILE_LEVELS; i++) {
        source->slots[i].filled = false;
        zt_buf_init(&source->slots[i].data, ZT_TILE_BYTES);
    }
    source->size = 0;
}

void zt_tile_source_fini(struct zt_tile_source *source)
{
    for (int i = 0; i < ZT_TILE_LEVELS; i++)
        zt_buf_fini(&source->slots[i].data);
}

void zt_tile_source_size(struct zt_tile_source *source, uint64_t size)
{
    source->size = size;
    for (int i = 0; i < ZT_TILE_LEVELS; i++)
        source->slots[i].filled = false;
}

// The tile through the slot of its level: the nodes of one proof lie in the same tile again and again.
static enum zt_err load(struct zt_tile_source *source, unsigned level, uint64_t index, const uint8_t **hashes)
{
    struct zt_tile_slot *slot = &source->slots[level];
    uint64_t nodes = source->size >> (ZT_TILE_BITS * level);
    if (index >= nodes / ZT_TILE_WIDTH + (nodes % ZT_TILE_WIDTH != 0))
        return ZT_E_BUG;
    if (!slot->filled || slot->id.index != index) {
        uint64_t rest = nodes - index * ZT_TILE_WIDTH;
        slot->id = (struct zt_tile_id){level, index, rest < ZT_TILE_WIDTH ? (unsigned)rest : ZT_TILE_WIDTH};
        slot->filled = false;
        enum zt_err rc = zt_tile_read(source->root, &slot->id, &slot->data);
        if (rc != ZT_OK)
            return rc;
        slot->filled = true;
    }
    *hashes = slot->data.data;
    return ZT_OK;
}

enum zt_err zt_tile_node(struct zt_tile_source *source, unsigned level, uint64_t index,
                         uint8_t out[static ZT_HASH_LEN])
{
    const uint8_t *hashes;
    unsigned row = level / ZT_TILE_BITS, height = level % ZT_TILE_BITS;
    uint64_t begin = index << height, count = UINT64_C(1) << height;
    uint64_t nodes = row < ZT_TILE_LEVELS ? source->size >> (ZT_TILE_BITS * row) : 0;
    if (begin >> height != index || nodes < count || begin > nodes - count)
        return ZT_E_BUG;
    enum zt_err rc = load(source, row, begin / ZT_TILE_WIDTH, &hashes);
    if (rc != ZT_OK)
        return rc;
    return zt_merkle_root(ZT_SHA256, hashes + begin % ZT_TILE_WIDTH * ZT_HASH_LEN, (size_t)count, out);
}

enum zt_err zt_tile_edge(struct zt_tile_source *source, struct zt_edge *edge)
{
    struct zt_edge found;
    zt_edge_init(&found, ZT_SHA256);
    for (unsigned level = 0; level < ZT_PROOF_MAX; level++) {
        if ((source->size >> level & 1) == 0)
            continue;
        enum zt_err rc = zt_tile_node(source, level, (source->size >> level) - 1, found.hashes[level]);
        if (rc != ZT_OK)
            return rc;
    }
    found.size = source->size;
    *edge = found;
    return ZT_OK;
}

// The largest power of two below n, as an exponent (RFC 9162 section 2.1.1); n > 1.
static unsigned split(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzll(n - 1);
}

// Root over the leaves [begin, end): complete subtrees from the left, folded from the right.
static enum zt_err range_root(struct zt_tile_source *source, uint64_t begin, uint64_t end, uint8_t *out)
{
    uint8_t parts[ZT_PROOF_MAX][ZT_HASH_LEN];
    unsigned count = 0;
    for (uint64_t at = begin; at < end;) {
        unsigned level = 63 - (unsigned)__builtin_clzll(end - at);
        enum zt_err rc = zt_tile_node(source, level, at >> level, parts[count++]);
        if (rc != ZT_OK)
            return rc;
        at += UINT64_C(1) << level;
    }
    memcpy(out, parts[count - 1], ZT_HASH_LEN);
    for (unsigned i = count - 1; i-- > 0;) {
        enum zt_err rc = zt_merkle_node(ZT_SHA256, parts[i], out, out);
        if (rc != ZT_OK)
            return rc;
    }
    return ZT_OK;
}

static enum zt_err put(struct zt_tile_source *source, struct zt_proof *proof, uint64_t begin, uint64_t end)
{
    if (proof->count == ZT_PROOF_MAX)
        return ZT_E_BUG;
    return range_root(source, begin, end, proof->hashes[proof->count++]);
}

// Paths are found from the root down and written from the leaf up.
static void reverse(struct zt_proof *proof)
{
    for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
        uint8_t swap[ZT_HASH_LEN];
        j--;
        memcpy(swap, proof->hashes[i], ZT_HASH_LEN);
        memcpy(proof->hashes[i], proof->hashes[j], ZT_HASH_LEN);
        memcpy(proof->hashes[j], swap, ZT_HASH_LEN);
    }
}

enum zt_err zt_tile_inclusion(struct zt_tile_source *source, uint64_t index, struct zt_proof *proof)
{
    uint64_t begin = 0, end = source->size;
    struct zt_proof path = {.count = 0};
    if (index >= end)
        return ZT_E_ABSENT;
    while (end - begin > 1) {
        uint64_t middle = begin + (UINT64_C(1) << split(end - begin));
        bool left = index < middle;
        enum zt_err rc = left ? put(source, &path, middle, end) : put(source, &path, begin, middle);
        if (rc != ZT_OK)
            return rc;
        if (left)
            end = middle;
        else
            begin = middle;
    }
    reverse(&path);
    *proof = path;
    return ZT_OK;
}

enum zt_err zt_tile_consistency(struct zt_tile_source *source, uint64_t old_size, struct zt_proof *proof)
{
    uint64_t begin = 0, end = source->size;
    struct zt_proof path = {.count = 0};
    if (old_size > end)
        return ZT_E_ABSENT;
    if (old_size == 0 || old_size == end) {
        *proof = path;
        return ZT_OK;
    }
    while (end != old_size) {
        uint64_t middle = begin + (UINT64_C(1) << split(end - begin));
        bool left = old_size <= middle;
        enum zt_err rc = left ? put(source, &path, middle, end) : put(source, &path, begin, middle);
        if (rc != ZT_OK)
            return rc;
        if (left)
            end = middle;
        else
            begin = middle;
    }
    if (begin > 0) { // the old tree is not one complete subtree on the left: its last part is named too
        enum zt_err rc = put(source, &path, begin, end);
        if (rc != ZT_OK)
            return rc;
    }
    reverse(&path);
    *proof = path;
    return ZT_OK;
}
