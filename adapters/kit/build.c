// SPDX-License-Identifier: Apache-2.0
#include "adapters/kit/build.h"

#include <string.h>

#include "adapters/kit/convert.h"
#include "adapters/kit/row.h"
#include "base/clock.h"
#include "catalogue/rules.h"

void zt_build_begin(struct zt_build *b, const char *record_type, const struct zt_row *row,
                    struct zt_emit *emit, struct zt_fault *fault)
{
    b->emit = emit;
    b->row = row;
    b->fault = fault;
    b->rc = ZT_OK;
    b->type = zt_catalogue_record_type(emit->catalogue, record_type);
    b->record = (struct zt_record){.type = record_type,
                                   .key = "",
                                   .subjects = b->subjects,
                                   .state = ZT_STATE_VALID,
                                   .valid_from = "",
                                   .valid_to = "",
                                   .region = "",
                                   .fields = b->fields};
    if (!b->type)
        b->rc = zt_fault_set(fault, ZT_E_CONFIG, "mapping.unknown-type", record_type,
                             "the catalogue has no record type %s", record_type);
}

void zt_build_refuse(struct zt_build *b, const char *rule, const char *column, const char *text)
{
    if (b->rc == ZT_OK)
        b->rc = zt_fault_set(b->fault, ZT_E_INPUT, rule, column, "%s: %s", column, text);
}

static void fail(struct zt_build *b, enum zt_err rc, const char *column)
{
    if (b->rc == ZT_OK)
        b->rc = zt_fault_set(b->fault, rc, "row.memory", column,
                             "%s: this row needs more memory than a row may", column);
}

// The value as the row has it; a column that is not there is a changed source, not an empty value.
static const char *raw_value(struct zt_build *b, const char *column, bool optional)
{
    const char *value = NULL;
    if (b->rc == ZT_OK && !zt_row_find(b->row, column, &value) && !optional)
        zt_build_refuse(b, ZT_RULE_COLUMN_MISSING, column, "the source has no such column");
    return b->rc == ZT_OK ? value : NULL;
}

static const char *narrow(struct zt_build *b, const char *column, const char *value)
{
    const char *out = NULL;
    if (b->rc == ZT_OK && zt_normal_narrow(value, b->emit->arena, &out) != ZT_OK)
        fail(b, ZT_E_LIMIT, column);
    return b->rc == ZT_OK ? out : NULL;
}

const char *zt_build_value(struct zt_build *b, const char *column)
{
    return narrow(b, column, raw_value(b, column, false));
}

void zt_build_key(struct zt_build *b, const char *column)
{
    const char *key = zt_build_value(b, column);
    if (!key || strlen(key) >= ZT_RECORD_KEY_MAX)
        zt_build_refuse(b, "row.key", column, "is the row's own key: it must have 1 to 95 bytes");
    else
        b->record.key = key;
}

void zt_build_change(struct zt_build *b, const char *column)
{
    const char *text = zt_build_value(b, column);
    int64_t ms;
    if (!text || !zt_normal_time(text, &ms) || ms < 1) {
        zt_build_refuse(b, "row.changed", column, "must be the time of the row's last change");
        return;
    }
    b->record.version = (uint64_t)ms;
    b->record.updated_at = ms;
}

void zt_build_region(struct zt_build *b, const char *column)
{
    const char *region = zt_build_value(b, column);
    if (region)
        b->record.region = region;
}

static const char *day_of(struct zt_build *b, const char *column)
{
    const char *text = column ? zt_build_value(b, column) : NULL;
    char day[ZT_DATE_LEN + 1];
    if (!text)
        return "";
    if (!zt_normal_date(text, day)) {
        zt_build_refuse(b, "row.date", column, "is no calendar day such as 20260331");
        return "";
    }
    const char *kept = zt_arena_strdup(b->emit->arena, day);
    if (!kept)
        fail(b, ZT_E_LIMIT, column);
    return kept ? kept : "";
}

void zt_build_validity(struct zt_build *b, const char *from_column, const char *to_column)
{
    b->record.valid_from = day_of(b, from_column);
    b->record.valid_to = day_of(b, to_column);
}

void zt_build_subject(struct zt_build *b, const struct zt_map_subject *subject)
{
    const char *type = subject->id_type ? subject->id_type : zt_build_value(b, subject->type_column);
    const char *number = zt_build_value(b, subject->number_column);
    const char *name = NULL;
    if (subject->name_column &&
        zt_normal_text(raw_value(b, subject->name_column, false), b->emit->arena, &name) != ZT_OK)
        fail(b, ZT_E_LIMIT, subject->name_column);
    if (!type || !number)
        zt_build_refuse(b, "row.subject", subject->number_column, "must say whom the row is about");
    if (b->rc != ZT_OK)
        return;
    char normal[ZT_ID_MAX + 1];
    if (zt_id_normalise(number, normal, sizeof normal) == ZT_OK)
        number = zt_arena_strdup(b->emit->arena, normal);
    if (b->record.subject_count == ZT_RECORD_MAX_SUBJECTS || !number) {
        fail(b, ZT_E_LIMIT, subject->number_column);
        return;
    }
    b->subjects[b->record.subject_count++] = (struct zt_subject){type, number, name ? name : ""};
}

static void put_value(struct zt_build *b, const struct zt_field_type *type, const char *column,
                      const char *text)
{
    if (b->record.field_count == ZT_RECORD_MAX_FIELDS) {
        fail(b, ZT_E_LIMIT, column);
        return;
    }
    struct zt_field *field = &b->fields[b->record.field_count];
    struct zt_fault why = {0};
    b->rc = zt_value_parse(type, text, b->emit->arena, field, &why);
    if (b->rc == ZT_OK)
        b->record.field_count++;
    else // the person who mends the row knows it by its column
        (void)zt_fault_set(b->fault, b->rc, why.rule, column, "%s: %s", column, why.text);
}

static const struct zt_field_type *find_field(struct zt_build *b, const char *name)
{
    const struct zt_field_type *type = b->rc == ZT_OK ? zt_record_type_field(b->type, name) : NULL;
    if (!type && b->rc == ZT_OK)
        b->rc = zt_fault_set(b->fault, ZT_E_CONFIG, "mapping.unknown-field", name, "%s has no field %s",
                             b->type->id, name);
    return type;
}

void zt_build_text(struct zt_build *b, const char *field, const char *text)
{
    const struct zt_field_type *type = find_field(b, field);
    if (type && text && *text)
        put_value(b, type, field, text);
}

static void put_one(struct zt_build *b, const struct zt_field_type *type, const struct zt_map_field *map,
                    const char *raw)
{
    const char *text = NULL;
    if (b->rc != ZT_OK)
        return;
    b->rc = zt_convert_value(map, type, raw, b->emit->arena, &text, b->fault);
    if (b->rc == ZT_OK && text)
        put_value(b, type, map->column ? map->column : map->field, text);
}

static void put_list(struct zt_build *b, const struct zt_field_type *type, const struct zt_map_field *map,
                     const char *raw)
{
    const char *const *values = NULL;
    size_t count = 0;
    b->rc = zt_convert_list(map, raw, b->emit->arena, &values, &count, b->fault);
    for (size_t i = 0; i < count; i++)
        put_one(b, type, map, values[i]);
}

void zt_build_field(struct zt_build *b, const struct zt_map_field *map)
{
    const struct zt_field_type *type = find_field(b, map->field);
    if (!type)
        return;
    if (map->constant) {
        put_value(b, type, map->field, map->constant);
        return;
    }
    size_t before = b->record.field_count;
    const char *raw = raw_value(b, map->column, map->optional);
    if (raw && map->list)
        put_list(b, type, map, raw);
    else if (raw)
        put_one(b, type, map, raw);
    if (type->required && b->record.field_count == before)
        zt_build_refuse(b, "row.value-missing", map->column, "is empty, and must not be");
}

const struct zt_field *zt_build_get(const struct zt_build *b, const char *field)
{
    const struct zt_field_type *type = b->type ? zt_record_type_field(b->type, field) : NULL;
    return type ? zt_record_field(&b->record, type->tag) : NULL;
}

enum zt_err zt_build_emit(struct zt_build *b)
{
    enum zt_err rc = b->rc;
    if (rc == ZT_OK && b->record.subject_count == 0)
        rc = zt_record_subjects(b->type, b->emit->arena, &b->record, b->fault);
    if (rc == ZT_OK && !*b->record.key) {
        b->record.key = zt_record_key(b->type, &b->record, b->emit->arena);
        if (!b->record.key)
            rc = zt_fault_set(b->fault, ZT_E_INPUT, "row.key", b->type->id,
                              "the fields that make the key of %s are not all there, or are too long",
                              b->type->id);
    }
    return rc == ZT_OK ? b->emit->add(b->emit, &b->record, b->fault) : rc;
}
