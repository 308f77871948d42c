// SPDX-License-Identifier: Apache-2.0
#include "proto/record.h"

#include "proto/parts.h"

static const struct zt_limit record_limits[] = {
    [1] = {.min = 1, .max = ZT_RECORD_TYPE_MAX - 1, .required = true},
    [2] = {.min = 1, .max = ZT_RECORD_KEY_MAX - 1, .required = true},
    [3] = {.count = ZT_RECORD_MAX_SUBJECTS, .sub = &zt_subject_shape},
    [4] = {0},
    [5] = {.max = ZT_STATE_CANCELLED},
    [6] = {.min = ZT_RECORD_DATE_LEN, .max = ZT_RECORD_DATE_LEN},
    [7] = {.min = ZT_RECORD_DATE_LEN, .max = ZT_RECORD_DATE_LEN},
    [8] = {0},
    [9] = {0},
    [10] = {.max = ZT_RECORD_REGION_LEN},
    [11] = {.count = ZT_RECORD_MAX_FIELDS, .sub = &zt_field_shape},
};
static const struct zt_shape record_shape = ZT_SHAPE("record", record_pb, record_limits, ZT_WIRE_FIELDS);

// What one field's limit cannot say; the same for both twins.
static enum zt_err check_record(const struct zt_record *record, struct zt_fault *fault)
{
    if (record->deleted && record->field_count)
        return zt_fault_set(fault, ZT_E_INPUT, "record.tombstone", "fields",
                            "a deleted record has subjects and a key, but no fields");
    if (!record->deleted && record->state == 0)
        return zt_fault_set(fault, ZT_E_INPUT, "record.state", "state", "the record's state must be given");
    return ZT_OK;
}

enum zt_err zt_record_encode(const struct zt_record *record, struct zt_buf *out)
{
    Zt__V1__SubjectPb subjects[ZT_RECORD_MAX_SUBJECTS], *subject_list[ZT_RECORD_MAX_SUBJECTS];
    Zt__V1__FieldPb fields[ZT_RECORD_MAX_FIELDS], *field_list[ZT_RECORD_MAX_FIELDS];
    Zt__V1__RecordPb pb = ZT__V1__RECORD_PB__INIT;
    size_t start = out->len;
    enum zt_err rc;

    if (record->subject_count > ZT_RECORD_MAX_SUBJECTS || record->field_count > ZT_RECORD_MAX_FIELDS)
        return ZT_E_LIMIT;
    ZT_TRY(check_record(record, NULL));
    pb.type = zt_text_out(record->type);
    pb.key = zt_text_out(record->key);
    for (size_t i = 0; i < record->subject_count; i++) {
        zt_subject_out(&record->subjects[i], &subjects[i]);
        subject_list[i] = &subjects[i];
    }
    pb.n_subjects = record->subject_count;
    pb.subjects = subject_list;
    pb.version = record->version;
    pb.state = record->state;
    pb.valid_from = zt_text_out(record->valid_from);
    pb.valid_to = zt_text_out(record->valid_to);
    pb.updated_at = record->updated_at;
    pb.deleted = record->deleted;
    pb.region = zt_text_out(record->region);
    for (size_t i = 0; i < record->field_count; i++) {
        ZT_TRY(zt_field_out(&record->fields[i], &fields[i]));
        field_list[i] = &fields[i];
    }
    pb.n_fields = record->field_count;
    pb.fields = field_list;
    zt_shape_put(&pb.base, out);
    ZT_TRY(zt_shape_end(&record_shape, start, out));
    if (out->len - start > ZT_RECORD_MAX) {
        out->len = start;
        rc = ZT_E_LIMIT;
    }
out:
    return rc;
}

enum zt_err zt_record_parse(struct zt_bytes in, struct zt_arena *arena, struct zt_record *record,
                            struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__RecordPb *pb;
    if (in.len > ZT_RECORD_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "record.size", "", "the record has %zu bytes, at most %zu",
                            in.len, ZT_RECORD_MAX);
    ZT_TRY(zt_shape_unpack(&record_shape, in, arena, &pb, fault));
    struct zt_record found = {
        .type = pb->type,
        .key = pb->key,
        .subject_count = pb->n_subjects,
        .version = pb->version,
        .state = (enum zt_record_state)pb->state,
        .valid_from = pb->valid_from,
        .valid_to = pb->valid_to,
        .updated_at = pb->updated_at,
        .deleted = pb->deleted,
        .region = pb->region,
        .field_count = pb->n_fields,
    };
    ZT_TRY(zt_shape_array(arena, pb->n_subjects, sizeof *found.subjects, &found.subjects, fault));
    for (size_t i = 0; i < pb->n_subjects; i++)
        zt_subject_in(pb->subjects[i], &found.subjects[i]);
    ZT_TRY(zt_fields_in(pb->fields, pb->n_fields, arena, &found.fields, fault));
    ZT_TRY(check_record(&found, fault));
    *record = found;
out:
    return rc;
}

const struct zt_field *zt_record_field(const struct zt_record *record, uint32_t tag)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].tag == tag)
            return &record->fields[i];
    return NULL;
}
