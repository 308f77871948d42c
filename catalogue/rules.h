// SPDX-License-Identifier: Apache-2.0
// Whom a record is about, and what a certificate type demands of the records that it rests on.
//
// A certificate type carries one rule or more. A rule names a record type and says whether a fitting record
// must exist (some), may be shown when there is one (maybe), or must not exist (none: only a fresh and
// complete source can say so). A record fits when its state is one of the rule's, it is in force today unless
// the rule names a state that has ended, and all conditions hold. With `latest`, only the newest record of
// the type counts: somebody who divorced is not married because an older record says so. Pure and thread
// safe.
#ifndef ZT_CATALOGUE_RULES_H
#define ZT_CATALOGUE_RULES_H

#include "catalogue/catalogue.h"

struct zt_subject_rule { // one subject of a record type, in the order of zt_record.subjects
    const char *role;    // "holder", "man", "buyer"
    enum zt_subject_kind kind;
    bool required;                      // the record must name it
    const char *id_type;                // fixed GB/T 36903 code, or "" when `type` or the record says it
    const struct zt_field_type *type;   // field with the document type; NULL: id_type
    const struct zt_field_type *number; // field with the number; NULL: only the envelope has it
    const struct zt_field_type *name;   // field with the name; NULL likewise
};

enum zt_condition_op {
    ZT_IS_IN = 1,  // the value is one of `values`
    ZT_IS_NOT_IN,  // it is none of them, or there is no value
    ZT_IS_PRESENT, // there is a value
    ZT_IS_ABSENT,  // there is none
    ZT_IS_WITHIN,  // date or timestamp at most `months` before today
    ZT_IS_AHEAD,   // date or timestamp not before today, or no value
    ZT_IS_PAST,    // date or timestamp before today
    ZT_IS_AT_MOST, // number at most `number`
    ZT_IS_AT_LEAST,
};
const char *zt_condition_op_name(enum zt_condition_op op); // "in", "not_in", ...

struct zt_condition {
    const struct zt_field_type *field;
    enum zt_condition_op op;
    const char *const *values; // canonical texts
    size_t value_count;
    int months;
    int64_t number;
};

enum zt_cert_need { ZT_NEED_SOME = 1, ZT_NEED_MAYBE, ZT_NEED_NONE };
const char *zt_cert_need_name(enum zt_cert_need need); // "some", "maybe", "none"

struct zt_cert_rule {
    const struct zt_record_type *record;
    enum zt_cert_need need;
    unsigned states; // bits (1 << enum zt_record_state)
    const struct zt_field_type
        *latest; // date or timestamp that says which record is the newest; NULL: all count
    const struct zt_condition *conditions;
    size_t condition_count;
};

bool zt_condition_holds(const struct zt_condition *condition, const struct zt_record *record,
                        const char *today);
bool zt_cert_rule_fits(const struct zt_cert_rule *rule, const struct zt_record *record, const char *today);
// The record of one subject that a rule picks among all of that subject's: the newest one that fits, by
// `latest` or else by updated_at; NULL when none does. Records of other types are passed over.
const struct zt_record *zt_cert_rule_pick(const struct zt_cert_rule *rule,
                                          const struct zt_record *const *records, size_t count,
                                          const char *today);

// Whether a certificate may be issued from these records of its holder. Freshness is the caller's to check.
enum zt_cert_verdict {
    ZT_CERT_MAY = 1,
    ZT_CERT_LACKS, // a record that must exist does not, or does not fit
    ZT_CERT_BARRED // a record exists that must not
};
struct zt_cert_judgement {
    enum zt_cert_verdict verdict;
    const struct zt_cert_rule *rule; // the one that decided; NULL with ZT_CERT_MAY
};
// `picks` receives, for each rule in order, the record it picked or NULL; room for type->rule_count.
struct zt_cert_judgement zt_cert_judge(const struct zt_cert_type *type,
                                       const struct zt_record *const *records, size_t count,
                                       const char *today, const struct zt_record **picks);

// Fills record->subjects from the fields that the type's subject rules name, for mappers that only fill
// fields. Subjects whose number is absent are left out. Rules: "record.subject" when a required one has no
// field.
ZT_MUST_USE enum zt_err zt_record_subjects(const struct zt_record_type *type, struct zt_arena *arena,
                                           struct zt_record *record, struct zt_fault *fault);
// The key that the type's `key` fields make ("loan-7+12"), in the arena; NULL when the type names none, a
// field is absent, or the key would be too long.
const char *zt_record_key(const struct zt_record_type *type, const struct zt_record *record,
                          struct zt_arena *arena);

#endif
