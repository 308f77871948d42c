// SPDX-License-Identifier: Apache-2.0
// Test support: a desk at work in the small city, with a real gate, ledger and sealer, and a stand-in for the
// counter that appends what is mailed. Functions end the test when something of this fails.
#ifndef ZT_BROKER_DESK_OFFICE_H
#define ZT_BROKER_DESK_OFFICE_H

#include <limits.h>
#include <stdatomic.h>

#include "broker/counter/world.h"
#include "broker/desk/desk.h"
#include "broker/gate.h"
#include "broker/ledger/mail.h"
#include "broker/ledger/stand_in.h"

#define OFFICE_WAIT_MS 20000

enum office_counter { OFFICE_COUNTER_WORKS, OFFICE_COUNTER_JAMMED, OFFICE_COUNTER_BROKEN };

struct office {
    struct zt_world world;
    struct zt_net *net;
    struct zt_ledger *ledger;
    char ledger_dir[PATH_MAX], signer_endpoint[ZT_ENDPOINT_MAX];
    struct zt_curve_keys keys; // the broker's
    struct zt_actor *counter, *desk, *signing, *sealing;
    atomic_int manner; // enum office_counter
    struct zt_desk_options options;
    struct zt_mail *mail; // for entries of the test's own
    struct stand_in signer;
    struct zt_sealer_options sealer;
    struct zt_arena arena; // of the last answer
};

// `change` may be NULL: it edits the options before the desk starts.
void office_open(struct office *office, void (*change)(struct zt_desk_options *options));
void office_close(struct office *office);

// A connection of a registered party.
struct zt_sock *office_connect(struct office *office, const char *party);
// A question that lacks nothing but its act.
struct zt_desk_request office_question(enum zt_desk_act act);
// Sends; returns SM3 of the body in `hash` (may be NULL).
void office_send(struct office *office, struct zt_sock *sock, const struct zt_desk_request *request,
                 uint8_t *hash);
// The next answer within `ms`; ZT_E_TIMEOUT when none comes. SM3 of its covered bytes in `hash` (may be
// NULL).
enum zt_err office_receive(struct office *office, struct zt_sock *sock, int ms, struct zt_desk_answer *answer,
                           uint8_t *hash);
// Both, and checks that the entry named in the answer is in the ledger and speaks of exactly this question
// and answer; gives the entry.
struct zt_entry office_ask(struct office *office, struct zt_sock *sock, const struct zt_desk_request *request,
                           struct zt_desk_answer *answer);

// Appends an entry through the counter; returns its index.
uint64_t office_put(struct office *office, const struct zt_entry *entry);
struct zt_entry office_entry(struct office *office, uint64_t index, uint8_t leaf[static ZT_HASH_LEN]);
void office_seal(struct office *office); // starts signer and sealer, waits until all is sealed
bool office_on_disk(struct office *office, const char *text); // anywhere in the journal's bytes

#endif
