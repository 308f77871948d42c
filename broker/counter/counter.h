// SPDX-License-Identifier: Apache-2.0
// The counter: one thread that answers consumers. It drains what has arrived as one batch, decides, reads,
// writes the batch's ledger entries with one append, and only then sends the replies.
//
// Rules: it owns the ledger's journal; other threads send their entries by mail (broker/ledger/mail.h), whose
// mailroom is open once the actor is ready. It owns the consumers' ROUTER, one reader of the store and the
// DEALER to the signer. Nothing leaves before its entry is durable; when the append fails the process ends
// (zt_broker_die). Bounds: ZT_COUNTER_BATCH messages a batch, ZT_FRAME_SMALL bytes a message.
#ifndef ZT_BROKER_COUNTER_COUNTER_H
#define ZT_BROKER_COUNTER_COUNTER_H

#include <stdatomic.h>

#include "base/net/net.h"
#include "broker/ledger/ledger.h"
#include "broker/store/store.h"
#include "catalogue/catalogue.h"

#define ZT_COUNTER_BATCH 1024

// Since the start; read by any thread.
struct zt_counter_counts {
    _Atomic uint64_t answers;     // replies with an entry of kind answer or issue
    _Atomic uint64_t denials;     // replies with an entry of kind denial
    _Atomic uint64_t issued;      // certificates that left
    _Atomic uint64_t malformed;   // frames that nobody could be answered for
    _Atomic uint64_t undelivered; // replies whose peer was gone or did not read: the entry stays
    _Atomic uint64_t batches;
    _Atomic uint64_t mail; // entries appended for other threads
};

struct zt_counter_options {
    const char *endpoint;             // for consumers, "tcp://127.0.0.1:*"
    const struct zt_curve_keys *keys; // the broker's
    const char *signer;               // endpoint of zt-signerd, "ipc://..."
    struct zt_store *store;           // opened by main, closed after the actor has ended
    struct zt_ledger *ledger;         // likewise
    struct zt_catalogue *catalogue;   // the actor takes its own reference
    int64_t skew_ms;                  // how far a question's time may be off; 0 = 5 minutes
    int64_t signer_timeout_ms;        // 0 = 5 seconds
    char bound[ZT_ENDPOINT_MAX];      // out: the real endpoint, valid once the actor is ready
    struct zt_fault fault;            // out: why it did not get ready
    struct zt_counter_counts counts;  // out
};
// For zt_actor_start; arg is struct zt_counter_options, which must outlive the actor. Control frames:
// broker/control.h.
void zt_counter_run(struct zt_net *net, struct zt_sock *pipe, void *arg);

#endif
