// SPDX-License-Identifier: Apache-2.0
// The tree of the ledger as files, exactly C2SP tlog-tiles: tile/<L>/<N>[.p/<W>] holds up to 256 hashes of
// 32 bytes, of the tree's level 8*L; tile/entries/<N>[.p/<W>] holds up to 256 entries, each be16 length and
// bytes. N is written in groups of three digits, all but the last with an 'x' before ("x001/x234/067").
// Private to this room (and to the checking program of the tests).
//
// Files are written beside their place and renamed; nothing here is synced: the sealer syncs the whole file
// system once before it publishes a checkpoint, and writes again whatever a checkpoint did not cover.
#ifndef ZT_BROKER_LEDGER_TILES_H
#define ZT_BROKER_LEDGER_TILES_H

#include <limits.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/crypto/merkle.h"

#define ZT_TILE_WIDTH   256
#define ZT_TILE_BITS    8
#define ZT_TILE_LEVELS  8              // 256^8 leaves
#define ZT_TILE_ENTRIES ZT_TILE_LEVELS // in the place of a level: the bundle of entries
#define ZT_TILE_BYTES   ((size_t)ZT_TILE_WIDTH * ZT_HASH_LEN)
#define ZT_BUNDLE_MAX   ((size_t)ZT_TILE_WIDTH * (2 + UINT16_MAX))

struct zt_tile_id {
    unsigned level; // 0..ZT_TILE_LEVELS-1, or ZT_TILE_ENTRIES
    uint64_t index;
    unsigned width; // 1..256; 256 is a full tile
};
// "tile/0/x001/067.p/5"; the width is left out with a full tile.
void zt_tile_name(const struct zt_tile_id *id, struct zt_buf *out);

ZT_MUST_USE enum zt_err zt_tile_write(const char *root, const struct zt_tile_id *id, struct zt_bytes data);
// Reads the tile; when a partial one is gone, the start of the full one. A hash tile must be as long as its
// width says (ZT_E_CORRUPT). ZT_E_ABSENT when there is none.
ZT_MUST_USE enum zt_err zt_tile_read(const char *root, const struct zt_tile_id *id, struct zt_buf *out);
// Removes the partial forms of a tile that is full now.
void zt_tile_drop_partial(const char *root, unsigned level, uint64_t index);

// --- building (tiler.c) ---
// Takes entries in order and writes every tile that becomes full; flush writes the partial ones.
struct zt_tiler {
    char root[PATH_MAX];
    uint64_t size;
    struct zt_buf bundle;
    struct zt_tile_row {
        uint8_t hashes[ZT_TILE_WIDTH][ZT_HASH_LEN];
        unsigned count;
    } rows[ZT_TILE_LEVELS];
};
// Large: lives in the sealer's memory. At size 0.
void zt_tiler_init(struct zt_tiler *tiler, const char *root);
void zt_tiler_fini(struct zt_tiler *tiler);
// Goes on behind a tree of `size` entries whose tiles are there; ZT_E_ABSENT or ZT_E_CORRUPT when they are
// not, and the tiler is at size 0.
ZT_MUST_USE enum zt_err zt_tiler_resume(struct zt_tiler *tiler, uint64_t size);
ZT_MUST_USE enum zt_err zt_tiler_add(struct zt_tiler *tiler, struct zt_bytes entry,
                                     const uint8_t leaf[static ZT_HASH_LEN]);
ZT_MUST_USE enum zt_err zt_tiler_flush(struct zt_tiler *tiler);
// Partial tiles that became full between two sizes are not needed by checkpoints from `to` on.
void zt_tiler_prune(const struct zt_tiler *tiler, uint64_t from, uint64_t to);

// --- proofs from tiles (prove.c) ---
struct zt_tile_source {
    char root[PATH_MAX];
    uint64_t size; // of the tree that the tiles are read for
    struct zt_tile_slot {
        bool filled;
        struct zt_tile_id id;
        struct zt_buf data;
    } slots[ZT_TILE_LEVELS];
};
void zt_tile_source_init(struct zt_tile_source *source, const char *root);
void zt_tile_source_fini(struct zt_tile_source *source);
void zt_tile_source_size(struct zt_tile_source *source, uint64_t size); // forgets what was read before
// The hash of the complete subtree of 2^level leaves that begins at index * 2^level.
ZT_MUST_USE enum zt_err zt_tile_node(struct zt_tile_source *source, unsigned level, uint64_t index,
                                     uint8_t out[static ZT_HASH_LEN]);
ZT_MUST_USE enum zt_err zt_tile_edge(struct zt_tile_source *source, struct zt_edge *edge); // of the size
ZT_MUST_USE enum zt_err zt_tile_inclusion(struct zt_tile_source *source, uint64_t index,
                                          struct zt_proof *proof);
ZT_MUST_USE enum zt_err zt_tile_consistency(struct zt_tile_source *source, uint64_t old_size,
                                            struct zt_proof *proof); // old_size <= size; 0: empty proof

#endif
