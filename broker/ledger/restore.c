// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "broker/ledger/state.h"

static enum zt_err read_sealed(struct zt_ledger *ledger, struct zt_checkpoint *sealed, struct zt_fault *fault)
{
    struct zt_buf note;
    zt_buf_init(&note, ZT_NOTE_MAX);
    *sealed = (struct zt_checkpoint){.size = 0};
    enum zt_err rc = zt_ledger_read_checkpoint(ledger->tiles_dir, &note, sealed, fault);
    zt_buf_fini(&note);
    if (rc == ZT_E_ABSENT)
        return ZT_OK;
    if (rc == ZT_E_INPUT)
        rc = zt_fault_set(fault, ZT_E_CORRUPT, "ledger.checkpoint", ledger->tiles_dir,
                          "the checkpoint is damaged: restore it, or remove it to have it made anew");
    if (rc == ZT_OK && strcmp(sealed->origin, ledger->origin) != 0)
        rc = zt_fault_set(fault, ZT_E_CONFIG, "ledger.origin", ledger->dir,
                          "the checkpoint is of '%.100s', the settings say '%.100s'", sealed->origin,
                          ledger->origin);
    return rc;
}

static enum zt_err check_root(const struct zt_edge *edge, const struct zt_checkpoint *sealed)
{
    uint8_t root[ZT_HASH_LEN];
    enum zt_err rc = zt_edge_root(edge, root);
    if (rc != ZT_OK)
        return rc;
    return memcmp(root, sealed->root, sizeof root) == 0 ? ZT_OK : ZT_E_CORRUPT;
}

// The edge that the tiles give, and the newest leaf in them, when they agree with the checkpoint.
static enum zt_err edge_from_tiles(struct zt_ledger *ledger, const struct zt_checkpoint *sealed,
                                   struct zt_edge *edge, uint8_t *last_leaf)
{
    struct zt_tile_source source;
    zt_tile_source_init(&source, ledger->tiles_dir);
    zt_tile_source_size(&source, sealed->size);
    enum zt_err rc = zt_tile_edge(&source, edge);
    if (rc == ZT_OK)
        rc = check_root(edge, sealed);
    if (rc == ZT_OK)
        rc = zt_tile_node(&source, 0, sealed->size - 1, last_leaf);
    zt_tile_source_fini(&source);
    return rc;
}

// Adds the entries [edge->size, end) of the journal.
static enum zt_err add_entries(struct zt_walk *walk, struct zt_edge *edge, uint64_t end)
{
    while (edge->size < end) {
        struct zt_journal_record record;
        enum zt_err rc = zt_walk_next(walk, &record);
        if (rc == ZT_OK)
            rc = zt_edge_add(edge, record.leaf);
        if (rc != ZT_OK)
            return rc == ZT_E_ABSENT ? ZT_E_CORRUPT : rc;
    }
    return ZT_OK;
}

// Behind the tiles: the entry before must be the one that the tiles end with, so that journal and tiles are
// of one ledger and in step.
static enum zt_err go_on_from(struct zt_walk *walk, const uint8_t *last_leaf, struct zt_edge *edge,
                              uint64_t end)
{
    struct zt_journal_record record;
    enum zt_err rc = zt_walk_seek(walk, edge->size - 1);
    if (rc == ZT_OK)
        rc = zt_walk_next(walk, &record);
    if (rc == ZT_OK && memcmp(record.leaf, last_leaf, sizeof record.leaf) != 0)
        rc = ZT_E_CORRUPT;
    return rc == ZT_OK ? add_entries(walk, edge, end) : rc;
}

// From the first entry; on the way the checkpoint must fit.
static enum zt_err count_all(struct zt_ledger *ledger, struct zt_walk *walk,
                             const struct zt_checkpoint *sealed, uint64_t end)
{
    zt_edge_init(&ledger->edge, ZT_SHA256);
    zt_edge_init(&ledger->sealed_edge, ZT_SHA256);
    enum zt_err rc = zt_walk_seek(walk, 0);
    if (rc == ZT_OK)
        rc = add_entries(walk, &ledger->edge, sealed->size);
    if (rc == ZT_OK && sealed->size)
        rc = check_root(&ledger->edge, sealed);
    return rc == ZT_OK ? add_entries(walk, &ledger->edge, end) : rc;
}

static enum zt_err find_edge(struct zt_ledger *ledger, const struct zt_checkpoint *sealed, uint64_t end)
{
    struct zt_walk walk;
    uint8_t last_leaf[ZT_HASH_LEN];
    enum zt_err rc = zt_walk_open(&walk, ledger->journal_dir, NULL);
    if (rc != ZT_OK)
        return rc;
    rc = sealed->size ? edge_from_tiles(ledger, sealed, &ledger->sealed_edge, last_leaf) : ZT_E_ABSENT;
    if (rc == ZT_OK) {
        ledger->edge = ledger->sealed_edge;
        rc = go_on_from(&walk, last_leaf, &ledger->edge, end);
    } else {
        if (sealed->size)
            zt_log_warn("ZT-LEDGER-TILES",
                        "the tiles do not give the checkpoint's root (%s); made anew from the "
                        "journal",
                        zt_err_name(rc));
        rc = count_all(ledger, &walk, sealed, end);
    }
    zt_walk_close(&walk);
    return rc;
}

enum zt_err zt_ledger_restore(struct zt_ledger *ledger, uint64_t end, struct zt_fault *fault)
{
    struct zt_checkpoint sealed;
    enum zt_err rc = read_sealed(ledger, &sealed, fault);
    if (rc != ZT_OK)
        return rc;
    if (end < sealed.size)
        return zt_fault_set(fault, ZT_E_CORRUPT, "ledger.rollback", ledger->dir,
                            "the journal has %" PRIu64 " entries, its checkpoint says %" PRIu64
                            ": restore the missing ones, nothing was changed",
                            end, sealed.size);
    rc = find_edge(ledger, &sealed, end);
    if (rc == ZT_E_CORRUPT)
        return zt_fault_set(fault, rc, "ledger.damage", ledger->dir,
                            "the journal does not give the root of its checkpoint (%" PRIu64
                            " entries): restore it from a copy, nothing was changed",
                            sealed.size);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "ledger.read", ledger->dir, "the journal cannot be read");
    atomic_init(&ledger->size, end);
    atomic_init(&ledger->sealed, sealed.size);
    zt_edge_box_init(&ledger->newest, &ledger->edge);
    return ZT_OK;
}
