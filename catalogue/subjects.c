// SPDX-License-Identifier: Apache-2.0
// From the fields of a record to its subjects and its key.
#include <string.h>

#include "catalogue/rules.h"

static const char *text_of(const struct zt_record *record, const struct zt_field_type *type)
{
    const struct zt_field *field = type ? zt_record_field(record, type->tag) : NULL;
    return field && field->kind == ZT_VALUE_TEXT && field->text ? field->text : "";
}

enum zt_err zt_record_subjects(const struct zt_record_type *type, struct zt_arena *arena,
                               struct zt_record *record, struct zt_fault *fault)
{
    struct zt_subject *subjects = zt_arena_alloc(arena, (type->subject_count + 1) * sizeof *subjects);
    if (!subjects)
        return ZT_E_NOMEM;
    size_t count = 0;
    for (size_t i = 0; i < type->subject_count; i++) {
        const struct zt_subject_rule *rule = &type->subjects[i];
        const char *number = text_of(record, rule->number), *id_type = text_of(record, rule->type);
        if (!*number && rule->required)
            return zt_fault_set(fault, ZT_E_INPUT, "record.subject", rule->role,
                                "%s needs the number of its %s, and no field gives it", type->id, rule->role);
        if (!*number)
            continue;
        subjects[count++] = (struct zt_subject){
            .id_type = *id_type ? id_type : rule->id_type,
            .number = number,
            .name = text_of(record, rule->name),
        };
    }
    record->subjects = subjects;
    record->subject_count = count;
    return ZT_OK;
}

const char *zt_record_key(const struct zt_record_type *type, const struct zt_record *record,
                          struct zt_arena *arena)
{
    const char *key = NULL;
    for (size_t i = 0; i < type->key_count; i++) {
        const struct zt_field *field = zt_record_field(record, type->key[i]->tag);
        const char *part = field ? zt_value_text(type->key[i], field, arena) : NULL;
        if (!part)
            return NULL;
        key = key ? zt_arena_printf(arena, "%s+%s", key, part) : part;
        if (!key)
            return NULL;
    }
    return key && strlen(key) < ZT_RECORD_KEY_MAX ? key : NULL;
}
