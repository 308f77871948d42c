// SPDX-License-Identifier: Apache-2.0
// What a clerk reads when a question is refused or cannot be answered: one line per rule, Chinese and
// English, that says what to do next. Texts never hold anything of the question or of a record.
#ifndef ZT_BROKER_COUNTER_TEXTS_H
#define ZT_BROKER_COUNTER_TEXTS_H

#include "proto/lookup.h"

struct zt_rule_text {
    const char *rule; // "grant.none", or a family "gb11643." when the name ends in a dot
    enum zt_status status;
    const char *zh, *en;
};
// The line of the rule, else of its family, else a general one. Never NULL.
const struct zt_rule_text *zt_rule_text(const char *rule);
// The line "trouble.bug" without a search: what a case says until it is answered.
extern const struct zt_rule_text zt_rule_text_bug;
// All lines, for documents and tests.
const struct zt_rule_text *zt_rule_texts(size_t *count);

#endif
