// SPDX-License-Identifier: Apache-2.0
// Whom a record type is about: which fields hold the numbers of its subjects.
#include <string.h>

#include "catalogue/build.h"
#include "catalogue/rules.h"
#include "proto/record.h"

static const char *const kind_words[] = {
    [ZT_PERSON] = "person",
    [ZT_ORGANISATION] = "organisation",
    [ZT_EITHER] = "either",
    [ZT_THING] = "thing",
};

static const struct zt_field_type *link_name(struct zt_build *b, const struct zt_place *subject,
                                             const char *key, const char *name,
                                             const struct zt_record_type *type)
{
    if (!zt_text_is(name))
        return NULL;
    const struct zt_field_type *field = zt_record_type_field(type, name);
    struct zt_place at = zt_place_in(subject, "%s", key);
    if (!field)
        zt_report(b, &at, "catalogue.unknown-field", "%s has no field '%s'", type->id, name);
    else if (field->many)
        zt_report(b, &at, "catalogue.subject", "'%s' may stand several times, so it names no one subject",
                  name);
    return field;
}

// The code that the envelope carries when no field says it: GB/T 36903.
static const char *default_id_type(enum zt_subject_kind kind)
{
    static const char *const codes[] = {
        [ZT_PERSON] = "111", [ZT_ORGANISATION] = "001", [ZT_EITHER] = "", [ZT_THING] = "000"};
    return codes[kind];
}

static void link_subject(struct zt_build *b, const struct zt_place *at, const struct zt_raw_subject *raw,
                         const struct zt_record_type *type, struct zt_subject_rule *rule)
{
    struct zt_place key = zt_place_in(at, "kind");
    enum zt_subject_kind kind = type->subject_kind;
    if (zt_text_is(raw->kind)) {
        int word = zt_check_word(b, &key, "catalogue.subject", raw->kind, kind_words,
                                 sizeof kind_words / sizeof *kind_words);
        kind = word < 0 ? kind : (enum zt_subject_kind)word;
    }
    *rule = (struct zt_subject_rule){
        .role = zt_text_is(raw->role) ? zt_keep(b, raw->role) : "holder",
        .kind = kind,
        .required = !raw->optional,
        .id_type = zt_text_is(raw->id_type) ? zt_keep(b, raw->id_type) : default_id_type(kind),
        .type = link_name(b, at, "type", raw->type, type),
        .number = link_name(b, at, "number", raw->number, type),
        .name = link_name(b, at, "name", raw->name, type),
    };
    key = zt_place_in(at, "number");
    if (rule->number && rule->number->kind != ZT_KIND_ID && rule->number->kind != ZT_KIND_TEXT)
        zt_report(b, &key, "catalogue.subject",
                  "'%s' is neither id nor text, so it is no number of a subject", raw->number);
}

void zt_link_subjects(struct zt_build *b, const struct zt_place *record, const struct zt_raw_record *raw,
                      struct zt_record_type *type)
{
    struct zt_place list = zt_place_in(record, "subjects");
    if (!raw->subject_count)
        zt_report(b, &list, "catalogue.empty", "a record type names at least one subject");
    if (raw->subject_count > ZT_RECORD_MAX_SUBJECTS) {
        zt_report(b, &list, "catalogue.subject", "a record has at most %d subjects", ZT_RECORD_MAX_SUBJECTS);
        return;
    }
    struct zt_subject_rule *rules = zt_room(b, raw->subject_count, sizeof *rules);
    if (!rules)
        return;
    for (unsigned i = 0; i < raw->subject_count; i++) {
        struct zt_place at = zt_place_in(record, "subjects[%u]", i);
        link_subject(b, &at, &raw->subjects[i], type, &rules[i]);
    }
    type->subjects = rules;
    type->subject_count = raw->subject_count;
}
