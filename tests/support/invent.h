// SPDX-License-Identifier: Apache-2.0
// Records made from the catalogue alone: of every type, and such that a certificate type's rule accepts them.
// For tests that must hold for every type that there is, without knowing any.
//
// Rules: every value is synthetic; all memory comes from the arena; the same seed gives the same record.
#ifndef ZT_TESTS_SUPPORT_INVENT_H
#define ZT_TESTS_SUPPORT_INVENT_H

#include "catalogue/catalogue.h"
#include "catalogue/rules.h"

struct zt_invent {
    struct zt_arena *arena;
    const char *today;
    int64_t now_ms;
    unsigned seed; // makes other subjects, keys and texts different
};

// The n-th invented person or organisation, with a valid number.
const struct zt_subject *zt_invent_person(const struct zt_invent *invent, unsigned n);
const struct zt_subject *zt_invent_organisation(const struct zt_invent *invent, unsigned n);

// A record with all its fields about `holder`, who becomes the first subject that may be of that kind; other
// subjects are invented. NULL when no subject of the type fits the holder, or memory is short.
struct zt_record *zt_invent_record(const struct zt_invent *invent, const struct zt_record_type *type,
                                   const struct zt_subject *holder);
// The same, such that `rule` fits it today. NULL when no record can.
struct zt_record *zt_invent_fitting(const struct zt_invent *invent, const struct zt_cert_rule *rule,
                                    const struct zt_subject *holder);

#endif
