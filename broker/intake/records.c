// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/clock.h"
#include "broker/intake/internal.h"

static bool stream_carries(const struct zt_source_info *info, const struct zt_record_type *type)
{
    for (size_t i = 0; i < info->record_type_count; i++)
        if (info->record_types[i] == type)
            return true;
    return false;
}

static bool party_has(const struct zt_party *party, const struct zt_record_type *type)
{
    if (party->department && party->department == type->department)
        return true;
    for (size_t i = 0; i < party->record_type_count; i++)
        if (party->record_types[i] == type)
            return true;
    return false;
}

static enum zt_err check_one(const struct zt_intake *intake, const struct zt_party *party,
                             const struct zt_source_info *info, const struct zt_record *record,
                             const char *today, struct zt_fault *fault)
{
    const struct zt_record_type *type = zt_catalogue_record_type(intake->catalogue, record->type);
    if (!type)
        return zt_fault_set(fault, ZT_E_INPUT, "publish.type-unknown", "type",
                            "the catalogue has no such record type");
    if (!stream_carries(info, type))
        return zt_fault_set(fault, ZT_E_DENIED, "publish.type-stream", "type",
                            "this stream does not carry records of that type");
    if (!party_has(party, type))
        return zt_fault_set(fault, ZT_E_DENIED, "publish.type-party", "type",
                            "this party may not publish records of that type");
    if (record->subject_count == 0)
        return zt_fault_set(fault, ZT_E_INPUT, "record.subject", "subjects", "the record names no subject");
    return zt_record_check(intake->catalogue, record, today, fault);
}

static enum zt_err add_reject(struct zt_intake *intake, uint32_t index, const struct zt_fault *fault,
                              struct zt_checked *checked)
{
    struct zt_reject *reject = &checked->rejects[checked->reject_count];
    reject->index = index;
    reject->rule = zt_arena_strdup(&intake->arena, fault->rule);
    reject->text = zt_arena_strdup(&intake->arena, zt_reply_text(fault->text));
    if (!reject->rule || !reject->text)
        return ZT_E_LIMIT;
    intake->draft.refused[index] = true;
    checked->reject_count++;
    return ZT_OK;
}

enum zt_err zt_intake_check_records(struct zt_intake *intake, const struct zt_party *party,
                                    const struct zt_source_info *info, const struct zt_batch *batch,
                                    struct zt_checked *checked)
{
    char today[ZT_DATE_LEN + 1];
    zt_date_of_ms(zt_now_ms(), today);
    *checked = (struct zt_checked){
        .records = zt_arena_alloc(&intake->arena, batch->record_count * sizeof *checked->records),
        .rejects = zt_arena_alloc(&intake->arena, batch->record_count * sizeof *checked->rejects)};
    if (!checked->records || !checked->rejects)
        return ZT_E_LIMIT;
    memset(intake->draft.refused, 0, sizeof intake->draft.refused);
    for (size_t i = 0; i < batch->record_count; i++) {
        struct zt_fault fault = {0};
        enum zt_err rc = zt_record_parse(batch->records[i], &intake->arena, &checked->records[i], &fault);
        if (rc == ZT_OK)
            rc = check_one(intake, party, info, &checked->records[i], today, &fault);
        if (rc != ZT_OK)
            rc = add_reject(intake, (uint32_t)i, &fault, checked);
        if (rc != ZT_OK)
            return rc;
    }
    return ZT_OK;
}
