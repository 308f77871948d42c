// SPDX-License-Identifier: Apache-2.0
// The desk: one thread that answers auditors and operators. Auditors search the ledger and have entries
// proved; operators see the state of the broker and have the catalogue read again; nobody looks people up.
//
// Rules, first that fails decides: "party.unknown", "party.revoked", "desk.role", "request.time",
// "request.officer", "desk.reason", "desk.busy", then those of the act. Every question is an entry of the
// ledger (kind audit or admin, denial when refused) before its answer leaves; the entry holds the pseudonym
// of a person who was searched for, never the number. Entries go by mail (broker/ledger/mail.h): the counter
// must be ready first. A reload is two entries: the wish before main hears of it, and its outcome.
//
// Bounds: ZT_DESK_WAITING questions wait for their entries; one more is answered "desk.busy", and when those
// answers wait too, no message is taken. A search looks at `scan_max` entries a page and says where to go on.
#ifndef ZT_BROKER_DESK_DESK_H
#define ZT_BROKER_DESK_DESK_H

#include <stdatomic.h>

#include "base/net/net.h"
#include "broker/ledger/ledger.h"
#include "broker/store/store.h"
#include "catalogue/catalogue.h"
#include "proto/desk.h"

#define ZT_DESK_WAITING 32
#define ZT_DESK_SCAN    100000 // entries

// Since the start; read by any thread.
struct zt_desk_counts {
    _Atomic uint64_t searches, proofs, statuses, reloads; // answered, whatever the answer was
    _Atomic uint64_t denials;
    _Atomic uint64_t busy;
    _Atomic uint64_t malformed;   // frames that nobody could be answered for
    _Atomic uint64_t undelivered; // the peer was gone, or no entry could be had in time
    _Atomic uint64_t scanned;     // entries looked at
};

// More figures for the answer to STATUS ("counter.answers", "gate.refused", ...): fills at most `cap`,
// returns how many. Called on the desk's thread; names are constants.
typedef size_t zt_desk_stats_fn(void *arg, struct zt_desk_stat *stats, size_t cap);

struct zt_desk_options {
    const char *endpoint;             // "tcp://127.0.0.1:*"
    const struct zt_curve_keys *keys; // the broker's
    struct zt_store *store;           // opened by main, closed after the actor has ended
    struct zt_ledger *ledger;         // likewise
    struct zt_catalogue *catalogue;   // the actor takes its own reference
    zt_desk_stats_fn *stats;          // or NULL
    void *stats_arg;
    int64_t skew_ms;              // how far a question's time may be off; 0 = 5 minutes
    int64_t append_ms;            // how long an entry may take; 0 = 5 seconds
    uint64_t scan_max;            // 0 = ZT_DESK_SCAN
    char bound[ZT_ENDPOINT_MAX];  // out: the real endpoint, valid once the actor is ready
    struct zt_fault fault;        // out: why it did not get ready
    struct zt_desk_counts counts; // out
};
// For zt_actor_start; arg is struct zt_desk_options, which must outlive the actor. Control frames:
// broker/control.h; it sends RELOAD and expects RELOADED.
void zt_desk_run(struct zt_net *net, struct zt_sock *pipe, void *arg);

#endif
