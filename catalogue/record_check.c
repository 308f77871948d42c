// SPDX-License-Identifier: Apache-2.0
// A whole record against its type. The parts about its subjects are in record_subjects.c.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "catalogue/record_check.h"
#include "catalogue/value.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

static enum zt_err check_key(const struct zt_record *record, struct zt_fault *fault)
{
    size_t len = record->key ? strlen(record->key) : 0;
    if (len < 1 || len >= ZT_RECORD_KEY_MAX || !zt_utf8_valid(zt_bytes_str(record->key)))
        return zt_fault_set(fault, ZT_E_INPUT, "record.key", "key", "a key is text of 1 to %d bytes",
                            ZT_RECORD_KEY_MAX - 1);
    return ZT_OK;
}

static enum zt_err check_date(const char *name, const char *date, struct zt_fault *fault)
{
    if (!date || !*date || zt_date_valid(date))
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_INPUT, "record.date", name, "%s is no calendar day written YYYY-MM-DD",
                        name);
}

// The source's clock may be a little ahead of ours; a day is beyond that.
static enum zt_err check_updated(const struct zt_record *record, const char *today, struct zt_fault *fault)
{
    int32_t days;
    if (zt_date_to_days(today, &days) != ZT_OK)
        return zt_fault_set(fault, ZT_E_BUG, "record.today", "today", "today is no date");
    int64_t latest = ((int64_t)days + 2) * DAY_MS;
    if (record->updated_at > 0 && record->updated_at < latest)
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_INPUT, "record.updated-at", "updated_at",
                        "updated_at is missing, or in the future");
}

// GB/T 2260 down to the county; its extensions name towns and villages.
static enum zt_err check_region(const char *region, struct zt_fault *fault)
{
    size_t len = strlen(region);
    bool known = len == 0 || len == 6 || len == 9 || len == ZT_RECORD_REGION_LEN;
    if (known && strspn(region, "0123456789") == len)
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_INPUT, "record.region", "region",
                        "region has 6, 9 or 12 digits (GB/T 2260)");
}

static enum zt_err check_envelope(const struct zt_record *record, const char *today, struct zt_fault *fault)
{
    enum zt_err rc = ZT_E_BUG;
    ZT_TRY(check_key(record, fault));
    if (record->version < 1)
        return zt_fault_set(fault, ZT_E_INPUT, "record.version", "version", "versions begin with 1");
    if (record->state < ZT_STATE_VALID || record->state > ZT_STATE_CANCELLED)
        return zt_fault_set(fault, ZT_E_INPUT, "record.state", "state",
                            "state is 1 valid, 2 changed, 3 revoked or 4 cancelled");
    ZT_TRY(check_date("valid_from", record->valid_from, fault));
    ZT_TRY(check_date("valid_to", record->valid_to, fault));
    if (record->valid_from && record->valid_to && *record->valid_from && *record->valid_to &&
        strcmp(record->valid_from, record->valid_to) > 0)
        return zt_fault_set(fault, ZT_E_INPUT, "record.dates", "valid_to", "valid_to is before valid_from");
    ZT_TRY(check_region(record->region ? record->region : "", fault));
    rc = check_updated(record, today, fault);
out:
    return rc;
}

static bool stands_before(const struct zt_record *record, size_t position)
{
    for (size_t i = 0; i < position; i++)
        if (record->fields[i].tag == record->fields[position].tag)
            return true;
    return false;
}

static enum zt_err check_fields(const struct zt_record_type *type, const struct zt_record *record,
                                struct zt_fault *fault)
{
    char tag[32];
    if (record->field_count > ZT_RECORD_MAX_FIELDS)
        return zt_fault_set(fault, ZT_E_LIMIT, "record.fields", "fields", "at most %d fields",
                            ZT_RECORD_MAX_FIELDS);
    for (size_t i = 0; i < record->field_count; i++) {
        const struct zt_field *field = &record->fields[i];
        const struct zt_field_type *field_type = zt_record_type_tag(type, field->tag);
        snprintf(tag, sizeof tag, "tag %u", field->tag);
        if (!field_type)
            return zt_fault_set(fault, ZT_E_INPUT, "record.unknown-field", tag, "%s has no field with %s",
                                type->id, tag);
        if (!field_type->many && stands_before(record, i))
            return zt_fault_set(fault, ZT_E_INPUT, "record.repeated", field_type->name,
                                "'%s' may stand only once", field_type->name);
        enum zt_err rc = zt_value_check(field_type, field, fault);
        if (rc != ZT_OK)
            return rc;
    }
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].required && !zt_record_field(record, type->fields[i].tag))
            return zt_fault_set(fault, ZT_E_INPUT, "record.required", type->fields[i].name, "%s needs '%s'",
                                type->id, type->fields[i].name);
    return ZT_OK;
}

enum zt_err zt_record_check(const struct zt_catalogue *c, const struct zt_record *record, const char *today,
                            struct zt_fault *fault)
{
    enum zt_err rc = ZT_E_BUG;
    const struct zt_record_type *type = record->type ? zt_catalogue_record_type(c, record->type) : NULL;
    if (!type)
        return zt_fault_set(fault, ZT_E_INPUT, "record.type", "type",
                            "the catalogue has no such record type");
    ZT_TRY(check_envelope(record, today, fault));
    if (record->deleted && record->field_count)
        return zt_fault_set(fault, ZT_E_INPUT, "record.deleted", "fields",
                            "a deletion carries subjects and key only");
    if (!record->deleted)
        ZT_TRY(check_fields(type, record, fault));
    rc = zt_record_check_subjects(c, type, record, today, fault);
out:
    return rc;
}
