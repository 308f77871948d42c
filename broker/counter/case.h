// SPDX-License-Identifier: Apache-2.0
// One question on its way through the counter, and what one batch of questions may see.
//
// A case starts as "trouble.bug": whatever forgets to answer it, refuses it. Texts borrow from the batch's
// arena, from constants, or from the catalogue that the view holds.
#ifndef ZT_BROKER_COUNTER_CASE_H
#define ZT_BROKER_COUNTER_CASE_H

#include "broker/counter/fresh.h"
#include "broker/counter/policy.h"
#include "broker/store/store.h"
#include "proto/ledger.h"

struct zt_view { // of one batch
    const struct zt_catalogue *catalogue;
    const struct zt_store *store;
    struct zt_store_read *read; // one snapshot, younger than every question of the batch
    struct zt_sources *sources;
    struct zt_arena *arena;
    int64_t now; // ms
    char today[ZT_DATE_LEN + 1];
};

struct zt_case {
    const char *user;                 // the party, as its connection proved it
    const struct zt_request *request; // NULL when the message did not parse
    uint8_t id[ZT_REQUEST_ID_LEN];
    uint8_t request_hash[ZT_HASH_LEN]; // SM3 of the question's body
    struct zt_decision decision;
    uint8_t subject[ZT_PSEUDONYM_LEN];
    bool subject_known;      // `subject` is filled
    struct zt_answer answer; // without ledger_index and ledger_hash
    uint32_t given[ZT_ASK_MAX];
    size_t given_count;
};

void zt_case_start(struct zt_case *c, const char *user, const struct zt_request *request,
                   const uint8_t id[static ZT_REQUEST_ID_LEN]);
// Nothing is given: status and texts of the rule (texts.h). Freshness that was found out stays.
void zt_case_refuse(struct zt_case *c, const char *rule);
// A failure of ours (store, memory) as "record.corrupt" or "trouble.<code>"; logged.
void zt_case_trouble(struct zt_case *c, enum zt_err code);
// The question was answered: rule and texts empty.
void zt_case_ok(struct zt_case *c);
void zt_case_give(struct zt_case *c, uint32_t tag); // once per tag

// The ledger entry of the case: kind by status unless `kind` is given; everything clipped to what an entry
// may hold. Hashes point into the case; answer_hash, intent, certificate are the caller's to set.
// `asked` has room for ZT_ASK_MAX tags.
void zt_case_entry(const struct zt_case *c, int64_t now_ms, struct zt_arena *arena, uint32_t *asked,
                   struct zt_entry *entry);

#endif
