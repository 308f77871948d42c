// SPDX-License-Identifier: Apache-2.0
// Test support: a running counter in this process, with the small city, a ledger, a signer, and consumers
// that connect over CURVE.
#ifndef ZT_BROKER_COUNTER_HALL_H
#define ZT_BROKER_COUNTER_HALL_H

#include "broker/counter/counter.h"
#include "broker/counter/fake_signer.h"
#include "broker/counter/world.h"

#define HALL_WAIT_MS 60000 // a deadline for what takes milliseconds

struct zt_hall {
    struct zt_world world;
    struct zt_net *net;
    struct zt_curve_keys server;
    struct zt_ledger *ledger;
    struct zt_ledger_reader *reader;
    struct fake_signer signer;
    struct zt_counter_options options;
    struct zt_actor *counter;
    struct zt_sock *consumer; // party "hall"
    struct zt_msg msg;
    struct zt_buf frame;
    struct zt_bytes body; // of the last answer
    uint32_t next_id;
};
// `signer_timeout_ms`: 0 for the default.
void zt_hall_open(struct zt_hall *hall, int64_t signer_timeout_ms);
void zt_hall_close(struct zt_hall *hall);
struct zt_sock *zt_hall_connect(struct zt_hall *hall, const char *party);

// A question of "hall" at this moment, with a fresh id, that the grants allow.
struct zt_request zt_hall_question(struct zt_hall *hall, enum zt_mode mode, const char *type,
                                   const char *number);
struct zt_request zt_hall_issue(struct zt_hall *hall, const char *type, const char *number,
                                enum zt_sig_alg alg);
void zt_hall_send(struct zt_hall *hall, struct zt_sock *sock, const struct zt_request *request);
void zt_hall_send_frame(struct zt_sock *sock, struct zt_bytes frame);
// The next answer; its texts live in the world's arena until zt_arena_reset.
struct zt_answer zt_hall_recv(struct zt_hall *hall, struct zt_sock *sock);
struct zt_answer zt_hall_ask(struct zt_hall *hall, const struct zt_request *request);
// Nothing comes while another question is asked and answered.
void zt_hall_assert_silent(struct zt_hall *hall, struct zt_sock *sock);

// The entry at `index`, as it is on disk; checks that its leaf hash is `hash`.
struct zt_entry zt_hall_entry(struct zt_hall *hall, uint64_t index, const uint8_t *hash);
// The answer's own entry: hash, request id, status, rule and the hash of the answer's body fit.
struct zt_entry zt_hall_entry_of(struct zt_hall *hall, const struct zt_answer *answer);

#endif
