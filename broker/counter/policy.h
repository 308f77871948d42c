// SPDX-License-Identifier: Apache-2.0
// The decision: may this party get this, for this purpose, now? A pure function of its arguments.
//
// Default deny: a zero-initialised decision denies. Order of the rules, first that fails decides:
// "party.unknown", "party.revoked", "party.role", "request.time", "item.unknown", "purpose.unknown",
// "purpose.item", "type.unknown", "grant.none", "grant.expired", "grant.mode", "grant.purpose",
// "grant.officer", "grant.field", "consent.needed", "consent.<what>". Thread safe.
#ifndef ZT_BROKER_COUNTER_POLICY_H
#define ZT_BROKER_COUNTER_POLICY_H

#include <stdbool.h>

#include "catalogue/catalogue.h"

struct zt_decision {
    bool allow;       // false unless every rule passed
    const char *rule; // which rule decided ("allow" when none failed)
    const char *text_zh, *text_en;
    const struct zt_party *party;
    const struct zt_grant *grant;
    const struct zt_record_type *record;
    const struct zt_cert_type *cert;
    const struct zt_field_type *fields[ZT_ASK_MAX]; // may be answered
    size_t field_count;
};
ZT_MUST_USE struct zt_decision zt_policy_decide(const struct zt_catalogue *catalogue, const char *user,
                                                const struct zt_request *request, int64_t now_ms);

#endif
