// SPDX-License-Identifier: Apache-2.0
// The broker as one thing: what main owns, and its life. Start order is in start.c, one function.
#ifndef ZT_BROKER_BROKER_H
#define ZT_BROKER_BROKER_H

#include "broker/config.h"
#include "broker/counter/counter.h"
#include "broker/desk/desk.h"
#include "broker/intake/intake.h"
#include "broker/ledger/mail.h"

#define ZT_NODE_KEY_BYTES 32

struct zt_broker {
    const struct zt_broker_config *config;
    struct zt_catalogue *catalogue; // in force
    struct zt_curve_keys keys;
    uint8_t node_key[ZT_NODE_KEY_BYTES];
    struct zt_store *store;
    struct zt_log *log;
    struct zt_ledger *ledger;
    struct zt_net *net;
    struct zt_mail *mail; // main's own entries, once the counter runs

    struct zt_counter_options counter_options;
    struct zt_sealer_options sealer_options;
    struct zt_intake_options intake_options;
    struct zt_desk_options desk_options;
    struct zt_actor *counter, *sealer, *intake, *desk;
    int signals;  // signalfd, -1 before it is open
    bool storing; // store and ledger are being opened: what fails now is storage
};

void zt_broker_init(struct zt_broker *broker, const struct zt_broker_config *config);
// Everything up and bound, or nothing: on failure zt_broker_stop must still be called.
ZT_MUST_USE enum zt_err zt_broker_start(struct zt_broker *broker, struct zt_fault *fault);
// What --check does: configuration, keys and catalogue, no state.
ZT_MUST_USE enum zt_err zt_broker_check(struct zt_broker *broker, struct zt_fault *fault);
// Orderly, in the reverse order of the start; idempotent.
void zt_broker_stop(struct zt_broker *broker);
// Until a signal says stop.
void zt_broker_serve(struct zt_broker *broker);

// Reads the catalogue of the configuration; logs every fault and returns the first.
ZT_MUST_USE enum zt_err zt_broker_load_catalogue(const struct zt_broker *broker,
                                                 struct zt_catalogue **catalogue, struct zt_fault *fault);
// All or nothing: loads anew, writes the CONFIG entry with both digests, and only then puts the new catalogue
// into force everywhere. On failure the old one stays.
ZT_MUST_USE enum zt_err zt_broker_reload(struct zt_broker *broker, struct zt_fault *fault);

// The entry about the rules in force; `before` is NULL at the start.
ZT_MUST_USE enum zt_err zt_broker_config_entry(const struct zt_catalogue *before,
                                               const struct zt_catalogue *now, struct zt_buf *entry);

// figures.c: what the desk adds to its answer about the state of the broker; arg is the broker.
size_t zt_broker_figures(void *arg, struct zt_desk_stat *stats, size_t cap);

#endif
