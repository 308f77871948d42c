// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "adapters/departments/generic.h"

static enum zt_err take_codes(const struct zt_raw_map_field *raw, struct zt_map_field *field)
{
    if (raw->code_count == 0)
        return ZT_OK;
    struct zt_code_map *codes = calloc(raw->code_count, sizeof *codes);
    if (!codes)
        return ZT_E_NOMEM;
    for (unsigned i = 0; i < raw->code_count; i++)
        codes[i] = (struct zt_code_map){raw->codes[i].from, raw->codes[i].to};
    field->codes = codes;
    field->code_count = raw->code_count;
    return ZT_OK;
}

static enum zt_err take_fields(const struct zt_raw_map_dataset *raw, struct zt_mapping *mapping)
{
    struct zt_map_field *fields = calloc(raw->field_count, sizeof *fields);
    if (!fields)
        return ZT_E_NOMEM;
    mapping->fields = fields;
    mapping->field_count = raw->field_count;
    enum zt_err rc = ZT_OK;
    for (unsigned i = 0; i < raw->field_count && rc == ZT_OK; i++) {
        const struct zt_raw_map_field *from = &raw->fields[i];
        fields[i] = (struct zt_map_field){.field = from->field,
                                          .column = from->column,
                                          .as = from->as,
                                          .constant = from->constant,
                                          .blank = from->blank,
                                          .member = from->member,
                                          .list = from->list,
                                          .optional = from->optional};
        rc = take_codes(from, &fields[i]);
    }
    return rc;
}

static enum zt_err take_subjects(const struct zt_raw_map_dataset *raw, struct zt_mapping *mapping,
                                 struct zt_fault *fault)
{
    if (raw->subject_count == 0)
        return ZT_OK;
    struct zt_map_subject *subjects = calloc(raw->subject_count, sizeof *subjects);
    if (!subjects)
        return ZT_E_NOMEM;
    mapping->subjects = subjects;
    mapping->subject_count = raw->subject_count;
    for (unsigned i = 0; i < raw->subject_count; i++) {
        const struct zt_raw_map_subject *from = &raw->subjects[i];
        if (!from->id_type == !from->type_column)
            return zt_fault_set(fault, ZT_E_CONFIG, "mapping.subject", raw->name,
                                "subject %u needs either id_type or type_column", i + 1);
        subjects[i] = (struct zt_map_subject){.id_type = from->id_type,
                                              .type_column = from->type_column,
                                              .number_column = from->number_column,
                                              .name_column = from->name_column};
    }
    return ZT_OK;
}

enum zt_err zt_generic_mapping_init(struct zt_mapping *mapping, const struct zt_raw_map_dataset *raw,
                                    struct zt_fault *fault)
{
    *mapping = (struct zt_mapping){.record_type = raw->record_type,
                                   .key = raw->key,
                                   .changed = raw->changed,
                                   .region = raw->region,
                                   .valid_from = raw->valid_from,
                                   .valid_to = raw->valid_to};
    enum zt_err rc = take_fields(raw, mapping);
    if (rc == ZT_OK)
        rc = take_subjects(raw, mapping, fault);
    if (rc == ZT_E_NOMEM)
        zt_fault_set(fault, rc, "mapping.memory", raw->name, "out of memory");
    return rc; // what was taken is freed by zt_generic_mapping_fini
}

void zt_generic_mapping_fini(struct zt_mapping *mapping)
{
    for (size_t i = 0; mapping->fields && i < mapping->field_count; i++)
        free((void *)(uintptr_t)mapping->fields[i].codes);
    free((void *)(uintptr_t)mapping->fields);
    free((void *)(uintptr_t)mapping->subjects);
    *mapping = (struct zt_mapping){0};
}
