// SPDX-License-Identifier: Apache-2.0
// Making a certificate, first half: are the records there that the type demands, and what do they say?
//
// Freshness: what shows a record needs a source that is not silent (or a grant that allows stale answers);
// what says that there is no record needs a source that is fresh and complete, whatever the grant says.
#ifndef ZT_BROKER_COUNTER_ISSUE_H
#define ZT_BROKER_COUNTER_ISSUE_H

#include "broker/counter/case.h"
#include "certs/statement.h"

// Fills `statement` (in the view's arena) but for id, issued_at and ledger_index, and the case's freshness.
// False when the case is settled: "record.none", "record.not-in-force", "issue.exists", "fresh.*",
// "source.none", "subject.name", "issue.size", trouble. The case is allowed and its subject taken.
ZT_MUST_USE bool zt_issue_gather(const struct zt_view *view, struct zt_case *c,
                                 struct zt_statement *statement);

// What one certificate type comes to for the subject, without making it: MATCH it can be issued, MISMATCH it
// cannot because the records say so, UNKNOWN nobody can say now. The case is used as scratch.
enum zt_verdict zt_issue_possible(const struct zt_view *view, struct zt_case *c);

#endif
