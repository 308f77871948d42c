// SPDX-License-Identifier: Apache-2.0
// One sealing of the ledger, in steps that never wait: catch up with the journal's files, ask the signer,
// take its answer, publish. Private to this room; used by the sealer's thread only.
#ifndef ZT_BROKER_LEDGER_SEAL_H
#define ZT_BROKER_LEDGER_SEAL_H

#include "broker/ledger/state.h"
#include "proto/signer.h"

enum zt_seal_trouble {
    ZT_SEAL_FINE,
    ZT_SEAL_AWAY,    // the signer does not answer
    ZT_SEAL_REFUSED, // it refuses, and may be mended
    ZT_SEAL_NOTE,    // its answer is not what was asked for
    ZT_SEAL_TILES,   // tiles cannot be written
    ZT_SEAL_DISK,    // the checkpoint cannot be written
};
struct zt_seal {
    struct zt_ledger *ledger;
    struct zt_walk walk;      // the journal, read again from its files
    struct zt_edge edge;      // of what was read so far
    struct zt_edge published; // of the newest checkpoint whose tiles are complete
    struct zt_edge target;    // what the journal's owner says; valid while `chasing`
    bool chasing;
    struct zt_tiler *tiler;
    struct zt_tile_source source;
    struct zt_sock *signer;
    struct zt_buf out, note;
    struct zt_arena arena; // the signer's answer
    uint64_t ticket;       // of the question under way
    uint64_t signed_size;  // the signer's last, as far as we know
    enum zt_seal_trouble trouble;
    bool halted; // storage failure or refusal for good: no more sealing
};
ZT_MUST_USE enum zt_err zt_seal_open(struct zt_seal *seal, struct zt_ledger *ledger, struct zt_fault *fault);
void zt_seal_close(struct zt_seal *seal);

// After tiles could not be written: begins again behind what is published.
void zt_seal_again(struct zt_seal *seal);
// True when this is another state of affairs than last time: each is logged once, not once a second.
bool zt_seal_news(struct zt_seal *seal, enum zt_seal_trouble trouble);
bool zt_seal_due(const struct zt_seal *seal); // there are entries that no checkpoint covers
// Reads at most `max` entries towards the newest acknowledged size; *done when it is reached and the edge
// recomputed from the files is the one that was acknowledged. ZT_E_CORRUPT when it is another, or when the
// journal cannot be read. Other errors come from writing tiles: zt_seal_again.
ZT_MUST_USE enum zt_err zt_seal_catch_up(struct zt_seal *seal, size_t max, bool *done);
// Writes the partial tiles and asks for a checkpoint of what was caught up. ZT_E_LIMIT: the signer is away.
ZT_MUST_USE enum zt_err zt_seal_ask(struct zt_seal *seal);
// ZT_OK: published. ZT_E_STATE: the signer was elsewhere; ask again. ZT_E_TIMEOUT: not the answer to the last
// question. ZT_E_DENIED: the signer refuses for good (rollback, inconsistent). Others were logged and may
// pass.
ZT_MUST_USE enum zt_err zt_seal_answer(struct zt_seal *seal, struct zt_bytes frame);

// (publish.c) Syncs the tiles, then replaces the checkpoint by `note`, which must be of this size and root.
ZT_MUST_USE enum zt_err zt_seal_publish(struct zt_seal *seal, struct zt_bytes note);

#endif
