// SPDX-License-Identifier: Apache-2.0
// Which proofs of an item could be had for the subject now, and which not? A first, small resolve: one
// verdict per certificate type of the item that the party has a right to, nothing is made and no data leaves.
#ifndef ZT_BROKER_COUNTER_RESOLVE_H
#define ZT_BROKER_COUNTER_RESOLVE_H

#include "broker/counter/case.h"

// Refuses or answers the case: verdicts with the certificate type's id as "field"; MATCH can be issued,
// MISMATCH the records do not allow it, UNKNOWN nobody can say now. With a type in the question, only that
// one. Each type is decided by the policy on its own; types without a right are left out, and when none is
// left, the first refusal decides.
void zt_resolve(const struct zt_view *view, struct zt_case *c, int64_t skew_ms);

#endif
