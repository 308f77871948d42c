// SPDX-License-Identifier: Apache-2.0
// What an open ledger holds. Private to this room.
#ifndef ZT_BROKER_LEDGER_STATE_H
#define ZT_BROKER_LEDGER_STATE_H

#include <stdatomic.h>

#include "broker/ledger/edge_box.h"
#include "broker/ledger/journal.h"
#include "broker/ledger/ledger.h"
#include "broker/ledger/tiles.h"
#include "certs/note.h"

struct zt_ledger {
    char dir[PATH_MAX]; // journal and tiles are below it
    char journal_dir[PATH_MAX], tiles_dir[PATH_MAX];
    char origin[128]; // as long as in struct zt_checkpoint
    int lock;
    struct zt_journal journal;  // the owner's
    struct zt_edge edge;        // the owner's
    struct zt_edge_box newest;  // edge of what was acknowledged, for the sealer
    struct zt_edge sealed_edge; // at open: where the sealer goes on
    _Atomic uint64_t size;
    _Atomic uint64_t sealed;
    atomic_int failure; // enum zt_err
};

// tiles/checkpoint. ZT_E_ABSENT: never sealed.
ZT_MUST_USE enum zt_err zt_ledger_read_checkpoint(const char *tiles_dir, struct zt_buf *note,
                                                  struct zt_checkpoint *checkpoint, struct zt_fault *fault);
void zt_ledger_checkpoint_path(const char *tiles_dir, char path[static PATH_MAX]);
void zt_ledger_fail(struct zt_ledger *ledger, enum zt_err code); // the first code stays

// Finds the right edge at `end` entries from tiles, checkpoint and journal (restore.c).
ZT_MUST_USE enum zt_err zt_ledger_restore(struct zt_ledger *ledger, uint64_t end, struct zt_fault *fault);

#endif
