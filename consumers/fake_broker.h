// SPDX-License-Identifier: Apache-2.0
// Test support: a broker that answers what the test tells it, over real CURVE sockets, on a thread of its
// own.
#ifndef ZT_CONSUMERS_FAKE_BROKER_H
#define ZT_CONSUMERS_FAKE_BROKER_H

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/net/net.h"
#include "proto/desk.h"
#include "proto/lookup.h"
#include "proto/wire.h"

#define FAKE_PARTY "hpf-centre-app"

struct fake_broker;
// Fills `frame` with the answer to one question; false: no answer. Called on the broker's thread.
typedef bool fake_answer_fn(struct fake_broker *broker, enum zt_wire_type type, struct zt_bytes body,
                            struct zt_buf *frame);

struct fake_broker {
    char dir[PATH_MAX];          // keys and profile lie here
    char profile[PATH_MAX + 16]; // path of profile.yaml
    char endpoint[ZT_ENDPOINT_MAX];
    struct zt_curve_keys server, party;
    uint8_t party_key[ZT_CURVE_KEY_LEN];
    atomic_bool admit, stop, up;
    atomic_uint asked;
    fake_answer_fn *answer;
    void *arg;
    pthread_t thread;
};

// Keys, profile.yaml (counter and desk are the same endpoint; `more` is added to the file) and the thread.
void fake_broker_start(struct fake_broker *broker, fake_answer_fn *answer, void *arg, const char *more);
void fake_broker_stop(struct fake_broker *broker); // also removes the folder

#endif
