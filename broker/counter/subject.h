// SPDX-License-Identifier: Apache-2.0
// Whom the question is about: checked by the standards' own rules, then only a pseudonym.
#ifndef ZT_BROKER_COUNTER_SUBJECT_H
#define ZT_BROKER_COUNTER_SUBJECT_H

#include "broker/counter/case.h"

#define ZT_ID_TYPE_THING "000" // found by its own key

// Fills c->subject. NULL, or the rule that is broken: "subject.missing", "subject.id-type", "subject.kind"
// (not the kind that the decision's type is about), the rule of the identifier ("gb11643.check", ...), or
// "trouble.crypto". Does not refuse the case: a denial notes its subject, too, when it can.
ZT_MUST_USE const char *zt_subject_take(const struct zt_view *view, struct zt_case *c);
// Does the record name this subject under another name than the question does? False when either gives none.
bool zt_subject_misnamed(const struct zt_subject *asked, const struct zt_record *record);
// The subject of the record that the question is about, or NULL.
const struct zt_subject *zt_subject_of(const struct zt_subject *asked, const struct zt_record *record);

#endif
