// SPDX-License-Identifier: Apache-2.0
// Answering from the records: fetch (the granted fields) and verify (a verdict per claim, no data).
//
// Never silently stale: an answer from a source that has been silent for longer than the type's max_age
// leaves only where the grant allows it, marked; elsewhere it is "unknown". "None" is said only when the
// source is fresh and complete (fresh.h).
#ifndef ZT_BROKER_COUNTER_LOOKUP_H
#define ZT_BROKER_COUNTER_LOOKUP_H

#include "broker/counter/find.h"

// The case is allowed and its subject taken. Fills c->answer and c->given.
void zt_lookup_fetch(const struct zt_view *view, struct zt_case *c);
// Compares with the one record in force that the question means; rules "record.many",
// "record.not-in-force", and those of zt_value_parse for a claim that is no value of its field.
void zt_lookup_verify(const struct zt_view *view, struct zt_case *c);

// What both share with issue: finds records of the type and settles the case when nothing may be answered.
// False when the case is settled (none, unknown, trouble, refused).
ZT_MUST_USE bool zt_lookup_find(const struct zt_view *view, struct zt_case *c, struct zt_finds *finds);

#endif
