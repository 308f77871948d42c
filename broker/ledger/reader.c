// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "broker/ledger/state.h"

struct zt_ledger_reader {
    struct zt_ledger *ledger; // not owned
    struct zt_walk walk;
    struct zt_tile_source tiles;
    struct zt_buf note;
};

enum zt_err zt_ledger_reader_open(struct zt_ledger *ledger, struct zt_ledger_reader **reader)
{
    struct zt_ledger_reader *self = calloc(1, sizeof *self);
    if (!self)
        return ZT_E_NOMEM;
    self->ledger = ledger;
    enum zt_err rc = zt_walk_open(&self->walk, ledger->journal_dir, NULL);
    if (rc != ZT_OK) {
        free(self);
        return rc;
    }
    zt_tile_source_init(&self->tiles, ledger->tiles_dir);
    zt_buf_init(&self->note, ZT_NOTE_MAX);
    *reader = self;
    return ZT_OK;
}

void zt_ledger_reader_close(struct zt_ledger_reader **reader)
{
    if (!*reader)
        return;
    zt_walk_close(&(*reader)->walk);
    zt_tile_source_fini(&(*reader)->tiles);
    zt_buf_fini(&(*reader)->note);
    free(*reader);
    *reader = NULL;
}

enum zt_err zt_ledger_scan(struct zt_ledger_reader *reader, uint64_t from, zt_ledger_each *each, void *arg)
{
    uint64_t end = zt_ledger_size(reader->ledger);
    if (from >= end)
        return ZT_OK;
    enum zt_err rc = zt_walk_seek(&reader->walk, from);
    for (uint64_t index = from; rc == ZT_OK && index < end; index++) {
        struct zt_journal_record record;
        rc = zt_walk_next(&reader->walk, &record);
        if (rc == ZT_OK && !each(arg, index, record.entry))
            break;
    }
    return rc == ZT_E_ABSENT ? ZT_E_CORRUPT : rc; // acknowledged entries are there
}

static enum zt_err prove(struct zt_ledger_reader *reader, const struct zt_checkpoint *checkpoint,
                         uint64_t index, struct zt_bytes *entry, struct zt_proof *proof)
{
    struct zt_journal_record record;
    zt_tile_source_size(&reader->tiles, checkpoint->size);
    enum zt_err rc = zt_tile_inclusion(&reader->tiles, index, proof);
    if (rc == ZT_OK)
        rc = zt_walk_seek(&reader->walk, index);
    if (rc == ZT_OK)
        rc = zt_walk_next(&reader->walk, &record);
    if (rc == ZT_OK)
        rc = zt_merkle_verify_inclusion(ZT_SHA256, index, checkpoint->size, record.leaf, proof,
                                        checkpoint->root);
    if (rc == ZT_OK)
        *entry = record.entry;
    // What we cannot prove ourselves is damage here, not the asker's mistake.
    return rc == ZT_E_CRYPTO || rc == ZT_E_ABSENT ? ZT_E_CORRUPT : rc;
}

enum zt_err zt_ledger_prove(struct zt_ledger_reader *reader, uint64_t index, struct zt_buf *checkpoint,
                            struct zt_buf *entry, struct zt_proof *proof)
{
    struct zt_checkpoint sealed;
    struct zt_bytes found = {NULL, 0};
    struct zt_proof path = {.count = 0};
    enum zt_err rc = zt_ledger_read_checkpoint(reader->ledger->tiles_dir, &reader->note, &sealed, NULL);
    if (rc == ZT_OK && index >= sealed.size)
        rc = ZT_E_ABSENT;
    if (rc == ZT_OK)
        rc = prove(reader, &sealed, index, &found, &path);
    if (rc != ZT_OK)
        return rc;
    zt_buf_put(checkpoint, reader->note.data, reader->note.len);
    zt_buf_put(entry, found.data, found.len);
    *proof = path;
    return checkpoint->err != ZT_OK ? checkpoint->err : entry->err;
}
