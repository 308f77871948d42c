// SPDX-License-Identifier: Apache-2.0
#include "adapters/kit/mapping.h"

#include <string.h>

#include "adapters/kit/build.h"
#include "catalogue/rules.h"

static bool maps(const struct zt_mapping *mapping, const char *field)
{
    for (size_t i = 0; i < mapping->field_count; i++)
        if (strcmp(mapping->fields[i].field, field) == 0)
            return true;
    return false;
}

static enum zt_err check_field(const struct zt_mapping *mapping, size_t index,
                               const struct zt_record_type *type, struct zt_fault *fault)
{
    const struct zt_map_field *map = &mapping->fields[index];
    const struct zt_field_type *field = zt_record_type_field(type, map->field);
    if (!field)
        return zt_fault_set(fault, ZT_E_CONFIG, "mapping.unknown-field", map->field, "%s has no field %s",
                            type->id, map->field);
    for (size_t i = 0; i < index && !field->many; i++)
        if (strcmp(mapping->fields[i].field, map->field) == 0)
            return zt_fault_set(fault, ZT_E_CONFIG, "mapping.twice", map->field, "%s gets two values",
                                map->field);
    if (map->list && !field->many)
        return zt_fault_set(fault, ZT_E_CONFIG, "mapping.list", map->field, "%s may stand only once in %s",
                            map->field, type->id);
    if (!map->column == !map->constant)
        return zt_fault_set(fault, ZT_E_CONFIG, "mapping.column", map->field,
                            "%s needs either a column or a constant", map->field);
    return ZT_OK;
}

static enum zt_err check_key(const struct zt_mapping *mapping, const struct zt_record_type *type,
                             struct zt_fault *fault)
{
    for (size_t i = 0; i < type->key_count && !mapping->key; i++)
        if (!maps(mapping, type->key[i]->name))
            return zt_fault_set(fault, ZT_E_CONFIG, "mapping.key", type->key[i]->name,
                                "the key of %s is made of %s, which is not mapped", type->id,
                                type->key[i]->name);
    if (!mapping->key && type->key_count == 0)
        return zt_fault_set(fault, ZT_E_CONFIG, "mapping.key", type->id,
                            "%s needs a key column: the source's own key of the row", type->id);
    if (!mapping->changed)
        return zt_fault_set(fault, ZT_E_CONFIG, "mapping.changed", type->id,
                            "%s needs a column with the time of the last change", type->id);
    return ZT_OK;
}

// Subjects come from the fields where the catalogue says so, or are all named by the mapping.
static enum zt_err check_subjects(const struct zt_mapping *mapping, const struct zt_record_type *type,
                                  struct zt_fault *fault)
{
    for (size_t i = 0; i < type->subject_count && mapping->subject_count == 0; i++) {
        const struct zt_subject_rule *rule = &type->subjects[i];
        if (rule->required && (!rule->number || !maps(mapping, rule->number->name)))
            return zt_fault_set(fault, ZT_E_CONFIG, "mapping.subject", rule->role,
                                "%s is about its %s, and nothing gives the number", type->id, rule->role);
    }
    if (mapping->subject_count > type->subject_count)
        return zt_fault_set(fault, ZT_E_CONFIG, "mapping.subject", type->id, "%s has only %zu subjects",
                            type->id, type->subject_count);
    return ZT_OK;
}

enum zt_err zt_mapping_check(const struct zt_mapping *mapping, const struct zt_catalogue *catalogue,
                             struct zt_fault *fault)
{
    enum zt_err rc;
    const struct zt_record_type *type = zt_catalogue_record_type(catalogue, mapping->record_type);
    if (!type)
        return zt_fault_set(fault, ZT_E_CONFIG, "mapping.unknown-type", mapping->record_type,
                            "the catalogue has no record type %s", mapping->record_type);
    for (size_t i = 0; i < mapping->field_count; i++)
        ZT_TRY(check_field(mapping, i, type, fault));
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].required && !maps(mapping, type->fields[i].name))
            return zt_fault_set(fault, ZT_E_CONFIG, "mapping.missing-field", type->fields[i].name,
                                "%s needs %s, which is not mapped", type->id, type->fields[i].name);
    ZT_TRY(check_key(mapping, type, fault));
    rc = check_subjects(mapping, type, fault);
out:
    return rc;
}

enum zt_err zt_mapping_apply(const struct zt_mapping *mapping, const struct zt_row *row, struct zt_emit *emit,
                             struct zt_fault *fault)
{
    struct zt_build b;
    zt_build_begin(&b, mapping->record_type, row, emit, fault);
    if (mapping->key)
        zt_build_key(&b, mapping->key);
    zt_build_change(&b, mapping->changed);
    if (mapping->region)
        zt_build_region(&b, mapping->region);
    zt_build_validity(&b, mapping->valid_from, mapping->valid_to);
    for (size_t i = 0; i < mapping->subject_count; i++)
        zt_build_subject(&b, &mapping->subjects[i]);
    for (size_t i = 0; i < mapping->field_count; i++)
        zt_build_field(&b, &mapping->fields[i]);
    if (mapping->extra && b.rc == ZT_OK)
        mapping->extra(&b);
    return zt_build_emit(&b);
}
