// SPDX-License-Identifier: Apache-2.0
// The second step of the decision: does the person's consent hold for this very question?
//
// Called when the first step allowed the question and says decision.consent. The token must be signed by a
// registered, not revoked identity provider ("consent.issuer", "consent.key"), and be about this subject,
// party, purpose and type, now (rules of certs/consent.h). Pure.
#ifndef ZT_BROKER_COUNTER_CONSENT_H
#define ZT_BROKER_COUNTER_CONSENT_H

#include "broker/counter/policy.h"

// The decision as it was, or a denial by "consent.<what>".
ZT_MUST_USE struct zt_decision zt_policy_consent(const struct zt_catalogue *catalogue,
                                                 const struct zt_decision *decision,
                                                 const struct zt_request *request, int64_t now_ms);

#endif
