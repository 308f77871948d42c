// SPDX-License-Identifier: Apache-2.0
// Private to certs: which members a statement has besides the claims it shows, and what their texts mean.
#ifndef ZT_CERTS_CLAIMS_H
#define ZT_CERTS_CLAIMS_H

#include <jansson.h>

#include "base/clock.h"
#include "certs/disclosure.h"

#define ZT_ISS_PREFIX "urn:uscc:"
#define ZT_VCT_PREFIX "urn:zhitong:certificate:"

// Members of their own meaning: no shown claim may have such a name. The holder's three are always
// disclosures.
bool zt_claim_reserved(const char *name);
bool zt_claim_of_holder(const char *name);

#define ZT_SAFE_INTEGER INT64_C(9007199254740991) // RFC 7493: integers that every JSON reader keeps exactly

// A calendar day at UTC+8 -> its first second, and back.
ZT_MUST_USE enum zt_err zt_day_start(const char *date, int64_t *seconds);
void zt_day_of(int64_t seconds, char date[static ZT_DATE_LEN + 1]);

// Payload -> what it says. Plain members only; the disclosures are joined in by verify.c. Texts are copied to
// the arena. Rule "certificate.claims", place: the member.
ZT_MUST_USE enum zt_err zt_statement_read(const json_t *payload, struct zt_arena *arena,
                                          struct zt_statement *out, struct zt_fault *fault);
// Adds what a disclosure says: to the holder's fields or to the claims. ZT_E_INPUT when it is there already.
ZT_MUST_USE enum zt_err zt_statement_join(struct zt_statement *statement, const json_t *payload,
                                          const struct zt_disclosure *disclosure, struct zt_arena *arena);

#endif
