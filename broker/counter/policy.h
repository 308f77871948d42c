// SPDX-License-Identifier: Apache-2.0
// The decision: may this party get this, for this purpose, now? A pure function of its arguments.
//
// Default deny: a zero-initialised decision denies. Order of the rules, first that fails decides:
// who       "party.unknown", "party.revoked", "party.role"
// question  "request.time", "request.mode", "request.item", "request.purpose", "request.case",
//           "request.officer", "request.type" (each present, at most the length below)
// what for  "item.unknown", "purpose.unknown", "purpose.item"
// what      "type.unknown" (a record type for verify and fetch, a certificate type for issue and resolve),
//           "request.claims", "request.fields", "request.alg" (do not fit the mode)
// right     "grant.none", "grant.expired", "grant.mode", "grant.purpose", "grant.officer"
// fields    "field.unknown", "grant.field"
// consent   "consent.needed"; the token itself is checked by the second step, consent.h: "consent.<what>"
// Thread safe; allocates nothing; its cost does not depend on the number of grants.
#ifndef ZT_BROKER_COUNTER_POLICY_H
#define ZT_BROKER_COUNTER_POLICY_H

#include <stdbool.h>

#include "catalogue/catalogue.h"

#define ZT_POLICY_SKEW_MS ((int64_t)5 * 60 * 1000)

// Longest texts of a question, in bytes: they go into the ledger entry, which is bounded (ZT_ENTRY_MAX).
#define ZT_ITEM_MAX    ZT_WORD_LEN
#define ZT_PURPOSE_MAX ZT_WORD_LEN
#define ZT_CASE_MAX    ZT_WORD_LEN
#define ZT_OFFICER_MAX ZT_WORD_LEN
#define ZT_TYPE_MAX    (ZT_RECORD_TYPE_MAX - 1)

struct zt_decision {
    bool allow;       // false unless every rule passed
    const char *rule; // which rule decided ("allow" when none failed)
    const char *text_zh, *text_en;
    const struct zt_party *party;
    const struct zt_item *item;
    const struct zt_grant *grant;
    const struct zt_record_type *record; // verify, fetch
    const struct zt_cert_type *cert;     // issue, resolve
    bool consent;                        // allowed only with a consent token that holds: see consent.h
    const struct zt_field_type *fields[ZT_ASK_MAX]; // may be answered (verify, fetch)
    size_t field_count;
};
ZT_MUST_USE struct zt_decision zt_policy_decide(const struct zt_catalogue *catalogue, const char *user,
                                                const struct zt_request *request, int64_t now_ms);
// The same with another tolerance for the question's time than ZT_POLICY_SKEW_MS.
ZT_MUST_USE struct zt_decision zt_policy_decide_within(const struct zt_catalogue *catalogue, const char *user,
                                                       const struct zt_request *request, int64_t now_ms,
                                                       int64_t skew_ms);
// Only the first group, "who": for messages that are no question.
ZT_MUST_USE struct zt_decision zt_policy_party(const struct zt_catalogue *catalogue, const char *user);
// Turns a decision into a denial by `rule`, with the texts of texts.h.
void zt_decision_deny(struct zt_decision *decision, const char *rule);

// Officer patterns: '*' any run, '?' any one byte, everything else itself. Linear memory, at most
// strlen(pattern) * strlen(text) steps.
bool zt_glob(const char *pattern, const char *text);

#endif
