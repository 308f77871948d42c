// SPDX-License-Identifier: Apache-2.0
// Reading the records of the question's subject, of one type.
#ifndef ZT_BROKER_COUNTER_FIND_H
#define ZT_BROKER_COUNTER_FIND_H

#include "broker/counter/case.h"

struct zt_finds {
    struct zt_stored *list; // in the arena; `encoded` dies with the snapshot
    size_t count;           // at most ZT_FOUND_MAX
    const char *rule;       // NULL, or why the case must be refused: "subject.name", "record.many"
    struct zt_known known;  // about the type
};

// `key`: only the record with this key; "" for all. A record that does not name the subject as the question
// does ends the search: the subject must match, or there is no answer.
ZT_MUST_USE enum zt_err zt_find(const struct zt_view *view, const struct zt_case *c,
                                const struct zt_record_type *type, const char *key, struct zt_finds *finds);
// State valid or changed, and today within valid_from..valid_to.
bool zt_record_in_force(const struct zt_record *record, const char *today);

#endif
