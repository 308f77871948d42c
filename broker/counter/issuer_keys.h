// SPDX-License-Identifier: Apache-2.0
// What the signer said about the key of each issuer: its id and its X.509 chain, which stand in the header of
// every certificate.
//
// Rules: one owner; at most ZT_ISSUERS_MAX (department, algorithm) pairs. A described key stays valid until
// zt_issuer_keys_forget of that pair.
#ifndef ZT_BROKER_COUNTER_ISSUER_KEYS_H
#define ZT_BROKER_COUNTER_ISSUER_KEYS_H

#include <stdbool.h>

#include "certs/statement.h"
#include "proto/signer.h"

#define ZT_ISSUERS_MAX     128
#define ZT_ISSUER_NAME_MAX 64
#define ZT_ISSUER_COST_MAX ((size_t)64 * 1024) // bytes of one chain
#define ZT_ISSUER_RETRY_MS 1000                // a question about a key that got no answer is asked again

struct zt_issuer_key {
    char department[ZT_ISSUER_NAME_MAX];
    enum zt_sig_alg alg;
    struct zt_signing_key key; // valid when `known`
    bool known;
    uint64_t ticket;  // of the question that is under way; 0 none
    int64_t asked_at; // zt_monotonic_ms
    struct zt_arena arena;
};
struct zt_issuer_keys;

ZT_MUST_USE enum zt_err zt_issuer_keys_new(struct zt_issuer_keys **keys);
void zt_issuer_keys_destroy(struct zt_issuer_keys **keys);
// The pair's place, made when new; NULL when there are too many or the name is too long.
struct zt_issuer_key *zt_issuer_keys_of(struct zt_issuer_keys *keys, const char *department,
                                        enum zt_sig_alg alg);
// The place whose question has this ticket, or NULL.
struct zt_issuer_key *zt_issuer_keys_asked(struct zt_issuer_keys *keys, uint64_t ticket);
// Copies what the signer said; ZT_E_INPUT when it is not usable (no id, no chain, another algorithm).
ZT_MUST_USE enum zt_err zt_issuer_key_learn(struct zt_issuer_key *key, const struct zt_sign_answer *answer);
void zt_issuer_key_forget(struct zt_issuer_key *key);

#endif
