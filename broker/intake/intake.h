// SPDX-License-Identifier: Apache-2.0
// Intake: one thread that takes what the departments publish. It is the only writer of the store and the log.
//
// Each turn drains what has arrived, up to a bound, into one transaction: HELLO, BATCH and HEARTBEAT of many
// producers, one commit, then the replies. Nothing is acknowledged before the commit has returned.
//
// A batch is checked in this order; the first rule that fails decides: "publish.party" (known, a producer,
// not revoked: asked again for each message), the frame itself ("wire.*", ...), "publish.source" (the party
// may publish that stream), whose
// stream it is now (the connection that last said HELLO for it; others get "publish.gap", so that late
// batches of an adapter that was killed never stand beside its successor's), the sequence ("publish.gap"; a
// repeat is acknowledged again without effect), "publish.key" (the key is registered for the party and of
// that algorithm), "publish.signature". Then each record by itself: it parses, its type is one of the
// stream's and of the party's, and the catalogue accepts it; a record that fails goes into rejects[] of the
// ACK, the others are in. A refusal of a right is told only after its ledger entry is durable.
//
// When the store is full, batches are refused with "store.full" and look-ups go on. When a commit fails
// otherwise, the process ends (zt_broker_die): nothing may be acknowledged any more.
//
// Memory: one arena for the batch at hand, at most ZT_INTAKE_QUEUE messages a connection in the socket,
// ZT_INTAKE_GROUP replies, ZT_INTAKE_DENIALS refusals waiting for the ledger.
#ifndef ZT_BROKER_INTAKE_INTAKE_H
#define ZT_BROKER_INTAKE_INTAKE_H

#include <stdatomic.h>

#include "base/net/net.h"
#include "broker/log/log.h"
#include "broker/store/store.h"
#include "catalogue/catalogue.h"

#define ZT_INTAKE_QUEUE   16  // batches under way of one connection, each way
#define ZT_INTAKE_GROUP   64  // messages in one commit
#define ZT_INTAKE_DENIALS 256 // refusals that wait for their ledger entry

// Since the start; read by any thread.
struct zt_intake_counts {
    _Atomic uint64_t batches;  // taken
    _Atomic uint64_t records;  // new or newer
    _Atomic uint64_t ignored;  // older or equal
    _Atomic uint64_t rejected; // broke a rule
    _Atomic uint64_t repeats;  // batches that were there already
    _Atomic uint64_t gaps;     // batches out of order
    _Atomic uint64_t denials;  // messages refused for want of a right, or malformed
    _Atomic uint64_t full;     // batches refused because the store is full
    _Atomic uint64_t commits;
    _Atomic uint64_t undelivered; // replies whose peer was gone or did not read: it asks again with HELLO
};

struct zt_intake_options {
    const char *endpoint;             // for producers, "tcp://127.0.0.1:*"
    const struct zt_curve_keys *keys; // the broker's
    struct zt_store *store;           // opened by main, closed after the actor has ended; likewise the log
    struct zt_log *log;
    struct zt_catalogue *catalogue; // the actor takes its own reference
    uint64_t log_keep;              // batches that stay in the log; 0 = all
    char bound[ZT_ENDPOINT_MAX];    // out: the real endpoint, valid once the actor is ready
    struct zt_fault fault;          // out: why it did not get ready
    struct zt_intake_counts counts; // out
};
// For zt_actor_start; arg is struct zt_intake_options, which must outlive the actor. The mailroom
// (broker/ledger/mail.h) must be open. Control frames: broker/control.h.
void zt_intake_run(struct zt_net *net, struct zt_sock *pipe, void *arg);

#endif
