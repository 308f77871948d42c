// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/text.h"
#include "catalogue/record_check.h"
#include "catalogue/rules.h"
#include "catalogue/value.h"

#define TABLE_OF_HOLDERS "T-ID"
#define THING            "000" // found by its own key: proto/record.h

static bool is_organisation(const char *id_type)
{
    return !strcmp(id_type, "001") || !strcmp(id_type, "099");
}

static bool kind_fits(enum zt_subject_kind kind, const char *id_type)
{
    if (kind == ZT_THING || !strcmp(id_type, THING))
        return kind == ZT_THING && !strcmp(id_type, THING);
    return kind == ZT_EITHER || (kind == ZT_ORGANISATION) == is_organisation(id_type);
}

static enum zt_err check_type(const struct zt_catalogue *c, const struct zt_subject_rule *rule,
                              const char *id_type, struct zt_fault *fault)
{
    const struct zt_code_table *holders = zt_catalogue_code_table(c, TABLE_OF_HOLDERS);
    bool known = !strcmp(id_type, THING) || !holders || zt_code_table_find(holders, id_type);
    if (known && kind_fits(rule->kind, id_type))
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_INPUT, "record.subject-type", rule->role,
                        "the document type of the %s is not one of GB/T 36903 that fits", rule->role);
}

static enum zt_err check_number(const struct zt_subject_rule *rule, const struct zt_subject *subject,
                                const char *today, struct zt_fault *fault)
{
    enum zt_id_kind kind = ZT_ID_UNKNOWN;
    struct zt_fault why = {0};
    enum zt_err rc;
    size_t len = subject->number ? strlen(subject->number) : 0;
    if (len < 1 || len > ZT_ID_MAX || !zt_utf8_valid(zt_bytes_str(subject->number)))
        return zt_fault_set(fault, ZT_E_INPUT, "record.subject", rule->role,
                            "the number of the %s has 1 to %d characters", rule->role, ZT_ID_MAX);
    // Documents whose form we do not know (an officer's card) are taken as they are.
    if (zt_id_kind_parse(subject->id_type, &kind) != ZT_OK || kind == ZT_ID_UNKNOWN)
        return ZT_OK;
    rc = zt_id_check(kind, subject->number, today, &why);
    if (rc == ZT_OK)
        return ZT_OK;
    return zt_fault_set(fault, rc, why.rule, rule->role, "%s: %s", rule->role, why.text);
}

// A value that stands both in a field and in the envelope must be the same, or two answers would differ.
static enum zt_err check_same(const struct zt_record *record, const struct zt_field_type *type,
                              const char *value, const char *role, struct zt_fault *fault)
{
    const struct zt_field *field = type ? zt_record_field(record, type->tag) : NULL;
    if (!field || !field->text || (value && !strcmp(field->text, value)))
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_INPUT, "record.subject", role,
                        "field '%s' and the subject '%s' say different things", type->name, role);
}

static enum zt_err check_subject(const struct zt_catalogue *c, const struct zt_record *record,
                                 const struct zt_subject_rule *rule, const struct zt_subject *subject,
                                 const char *today, struct zt_fault *fault)
{
    enum zt_err rc = ZT_E_BUG;
    ZT_TRY(check_type(c, rule, subject->id_type ? subject->id_type : "", fault));
    ZT_TRY(check_number(rule, subject, today, fault));
    ZT_TRY(check_same(record, rule->number, subject->number, rule->role, fault));
    ZT_TRY(check_same(record, rule->type, subject->id_type, rule->role, fault));
    if (subject->name && *subject->name)
        ZT_TRY(check_same(record, rule->name, subject->name, rule->role, fault));
    rc = ZT_OK;
out:
    return rc;
}

// An optional subject is there when its field is; where no field tells (deletions), as long as enough
// subjects are left for the required ones after it.
static bool is_there(const struct zt_record_type *type, size_t rule_at, const struct zt_record *record,
                     size_t subject_at)
{
    const struct zt_subject_rule *rule = &type->subjects[rule_at];
    if (rule->required)
        return true;
    if (rule->number && !record->deleted)
        return zt_record_field(record, rule->number->tag) != NULL;
    size_t still_required = 0;
    for (size_t i = rule_at + 1; i < type->subject_count; i++)
        still_required += type->subjects[i].required;
    return record->subject_count - subject_at > still_required;
}

enum zt_err zt_record_check_subjects(const struct zt_catalogue *c, const struct zt_record_type *type,
                                     const struct zt_record *record, const char *today,
                                     struct zt_fault *fault)
{
    size_t at = 0;
    if (!record->subject_count)
        return zt_fault_set(fault, ZT_E_INPUT, "record.subject", "subjects", "a record is about somebody");
    for (size_t i = 0; i < type->subject_count; i++) {
        const struct zt_subject_rule *rule = &type->subjects[i];
        if (!is_there(type, i, record, at))
            continue;
        if (at >= record->subject_count)
            return zt_fault_set(fault, ZT_E_INPUT, "record.subject", rule->role, "%s needs its %s", type->id,
                                rule->role);
        enum zt_err rc = check_subject(c, record, rule, &record->subjects[at++], today, fault);
        if (rc != ZT_OK)
            return rc;
    }
    if (at == record->subject_count)
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_INPUT, "record.subject", "subjects", "%s has no place for subject %zu",
                        type->id, at + 1);
}
