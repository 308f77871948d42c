// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "broker/ledger/tiles.h"

void zt_tiler_init(struct zt_tiler *tiler, const char *root)
{
    tiler->size = 0;
    for (int i = 0; i < ZT_TILE_LEVELS; i++)
        tiler->rows[i].count = 0;
    size_t len = strnlen(root, sizeof tiler->root - 1);
    memcpy(tiler->root, root, len);
    tiler->root[len] = '\0';
    zt_buf_init(&tiler->bundle, ZT_BUNDLE_MAX);
}

void zt_tiler_fini(struct zt_tiler *tiler)
{
    zt_buf_fini(&tiler->bundle);
}

static void start_again(struct zt_tiler *tiler)
{
    tiler->size = 0;
    for (int i = 0; i < ZT_TILE_LEVELS; i++)
        tiler->rows[i].count = 0;
    zt_buf_reset(&tiler->bundle);
}

// A full tile may stand where a partial one is wanted: then only its start counts. A bundle is cut by
// counting.
static enum zt_err cut_bundle(struct zt_buf *bundle, unsigned width)
{
    size_t at = 0;
    for (unsigned i = 0; i < width; i++) {
        if (bundle->len - at < 2)
            return ZT_E_CORRUPT;
        size_t len = (size_t)bundle->data[at] << 8 | bundle->data[at + 1];
        if (bundle->len - at - 2 < len)
            return ZT_E_CORRUPT;
        at += 2 + len;
    }
    bundle->len = at;
    return ZT_OK;
}

static enum zt_err load_row(struct zt_tiler *tiler, unsigned level, uint64_t nodes)
{
    struct zt_buf data;
    struct zt_tile_row *row = &tiler->rows[level];
    struct zt_tile_id id = {level, nodes / ZT_TILE_WIDTH, (unsigned)(nodes % ZT_TILE_WIDTH)};
    row->count = id.width;
    if (id.width == 0)
        return ZT_OK;
    zt_buf_init(&data, ZT_TILE_BYTES);
    enum zt_err rc = zt_tile_read(tiler->root, &id, &data);
    if (rc == ZT_OK)
        memcpy(row->hashes, data.data, (size_t)id.width * ZT_HASH_LEN);
    zt_buf_fini(&data);
    return rc;
}

enum zt_err zt_tiler_resume(struct zt_tiler *tiler, uint64_t size)
{
    struct zt_tile_id id = {ZT_TILE_ENTRIES, size / ZT_TILE_WIDTH, (unsigned)(size % ZT_TILE_WIDTH)};
    start_again(tiler);
    enum zt_err rc = ZT_OK;
    for (unsigned level = 0; level < ZT_TILE_LEVELS && rc == ZT_OK; level++)
        rc = load_row(tiler, level, size >> (ZT_TILE_BITS * level));
    if (rc == ZT_OK && id.width) {
        rc = zt_tile_read(tiler->root, &id, &tiler->bundle);
        if (rc == ZT_OK)
            rc = cut_bundle(&tiler->bundle, id.width);
    }
    if (rc != ZT_OK)
        start_again(tiler);
    else
        tiler->size = size;
    return rc;
}

static enum zt_err write_row(const struct zt_tiler *tiler, unsigned level, uint64_t index)
{
    const struct zt_tile_row *row = &tiler->rows[level];
    struct zt_tile_id id = {level, index, row->count};
    return zt_tile_write(tiler->root, &id,
                         (struct zt_bytes){row->hashes[0], (size_t)row->count * ZT_HASH_LEN});
}

// Puts a hash on a level; a level that is full becomes one hash of the next.
static enum zt_err climb(struct zt_tiler *tiler, const uint8_t *hash)
{
    uint8_t carry[ZT_HASH_LEN];
    memcpy(carry, hash, sizeof carry);
    for (unsigned level = 0; level < ZT_TILE_LEVELS; level++) {
        struct zt_tile_row *row = &tiler->rows[level];
        memcpy(row->hashes[row->count++], carry, sizeof carry);
        if (row->count < ZT_TILE_WIDTH)
            return ZT_OK;
        uint64_t index = (tiler->size - 1) >> (ZT_TILE_BITS * (level + 1));
        enum zt_err rc = write_row(tiler, level, index);
        if (rc == ZT_OK)
            rc = zt_merkle_root(ZT_SHA256, row->hashes[0], ZT_TILE_WIDTH, carry);
        if (rc != ZT_OK)
            return rc;
        row->count = 0;
    }
    return ZT_E_LIMIT; // 2^64 entries
}

static enum zt_err write_bundle(struct zt_tiler *tiler)
{
    uint64_t last = tiler->size - 1;
    struct zt_tile_id id = {ZT_TILE_ENTRIES, last / ZT_TILE_WIDTH, (unsigned)(last % ZT_TILE_WIDTH) + 1};
    return zt_tile_write(tiler->root, &id, zt_buf_bytes(&tiler->bundle));
}

enum zt_err zt_tiler_add(struct zt_tiler *tiler, struct zt_bytes entry,
                         const uint8_t leaf[static ZT_HASH_LEN])
{
    if (entry.len > UINT16_MAX)
        return ZT_E_LIMIT;
    zt_buf_put_be16(&tiler->bundle, (uint16_t)entry.len);
    zt_buf_put(&tiler->bundle, entry.data, entry.len);
    if (tiler->bundle.err != ZT_OK)
        return tiler->bundle.err;
    tiler->size++;
    if (tiler->size % ZT_TILE_WIDTH == 0) {
        enum zt_err rc = write_bundle(tiler);
        if (rc != ZT_OK)
            return rc;
        zt_buf_reset(&tiler->bundle);
    }
    return climb(tiler, leaf);
}

enum zt_err zt_tiler_flush(struct zt_tiler *tiler)
{
    enum zt_err rc = tiler->bundle.len ? write_bundle(tiler) : ZT_OK;
    for (unsigned level = 0; level < ZT_TILE_LEVELS && rc == ZT_OK; level++)
        if (tiler->rows[level].count)
            rc = write_row(tiler, level, tiler->size >> (ZT_TILE_BITS * (level + 1)));
    return rc;
}

void zt_tiler_prune(const struct zt_tiler *tiler, uint64_t from, uint64_t to)
{
    for (unsigned level = 0; level < ZT_TILE_LEVELS; level++) {
        unsigned shift = ZT_TILE_BITS * (level + 1);
        uint64_t first = shift < 64 ? from >> shift : 0, end = shift < 64 ? to >> shift : 0;
        for (uint64_t index = first; index < end; index++) {
            zt_tile_drop_partial(tiler->root, level, index);
            if (level == 0)
                zt_tile_drop_partial(tiler->root, ZT_TILE_ENTRIES, index);
        }
    }
}
