// SPDX-License-Identifier: Apache-2.0
#include "proto/parts.h"

static const struct zt_limit subject_limits[] = {
    [1] = {.max = ZT_SUBJECT_TYPE_LEN},
    [2] = {.max = ZT_SUBJECT_NUMBER_LEN},
    [3] = {.max = ZT_SUBJECT_NAME_LEN},
};
const struct zt_shape zt_subject_shape = ZT_SHAPE("subject", subject_pb, subject_limits, ZT_WIRE_FIELDS);

static const struct zt_limit field_limits[] = {
    [1] = {.min = 1, .max = UINT32_MAX, .required = true},
    [2] = {.max = ZT_RECORD_MAX_TEXT},
    [3] = {0},
    [4] = {.max = ZT_RECORD_MAX},
};
const struct zt_shape zt_field_shape = ZT_SHAPE("field", field_pb, field_limits, ZT_WIRE_FIELDS);

void zt_subject_out(const struct zt_subject *subject, Zt__V1__SubjectPb *pb)
{
    zt__v1__subject_pb__init(pb);
    pb->id_type = zt_text_out(subject->id_type);
    pb->number = zt_text_out(subject->number);
    pb->name = zt_text_out(subject->name);
}

void zt_subject_in(const Zt__V1__SubjectPb *pb, struct zt_subject *subject)
{
    if (pb)
        *subject = (struct zt_subject){pb->id_type, pb->number, pb->name};
    else
        *subject = (struct zt_subject){"", "", ""};
}

enum zt_err zt_field_out(const struct zt_field *field, Zt__V1__FieldPb *pb)
{
    zt__v1__field_pb__init(pb);
    pb->tag = field->tag;
    switch (field->kind) {
    case ZT_VALUE_TEXT:
        pb->value_case = ZT__V1__FIELD_PB__VALUE_TEXT;
        pb->text = zt_text_out(field->text);
        return ZT_OK;
    case ZT_VALUE_NUMBER:
        pb->value_case = ZT__V1__FIELD_PB__VALUE_NUMBER;
        pb->number = field->number;
        return ZT_OK;
    case ZT_VALUE_BLOB:
        pb->value_case = ZT__V1__FIELD_PB__VALUE_BLOB;
        pb->blob = zt_bytes_out(field->blob);
        return ZT_OK;
    }
    return ZT_E_INPUT;
}

static enum zt_err field_in(const Zt__V1__FieldPb *pb, struct zt_field *field, struct zt_fault *fault)
{
    *field = (struct zt_field){.tag = pb->tag, .text = ""};
    switch (pb->value_case) {
    case ZT__V1__FIELD_PB__VALUE_TEXT:
        field->kind = ZT_VALUE_TEXT;
        field->text = pb->text;
        return ZT_OK;
    case ZT__V1__FIELD_PB__VALUE_NUMBER:
        field->kind = ZT_VALUE_NUMBER;
        field->number = pb->number;
        return ZT_OK;
    case ZT__V1__FIELD_PB__VALUE_BLOB:
        field->kind = ZT_VALUE_BLOB;
        field->blob = zt_bytes_in(pb->blob);
        return ZT_OK;
    default:
        return zt_fault_set(fault, ZT_E_INPUT, "record.value", "fields", "a field has a tag but no value");
    }
}

enum zt_err zt_fields_in(Zt__V1__FieldPb *const *list, size_t count, struct zt_arena *arena,
                         struct zt_field **fields, struct zt_fault *fault)
{
    enum zt_err rc;
    struct zt_field *items = NULL;
    ZT_TRY(zt_shape_array(arena, count, sizeof *items, &items, fault));
    for (size_t i = 0; i < count; i++)
        ZT_TRY(field_in(list[i], &items[i], fault));
    *fields = items;
out:
    return rc;
}
