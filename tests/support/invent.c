// SPDX-License-Identifier: Apache-2.0
#include "tests/support/invent.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define DAY_MS      ((int64_t)24 * 3600 * 1000)
#define PAST_DAYS   20 // within a month, so that "within 1" holds
#define AHEAD_DAYS  40
#define EXTRA       8 // fields that conditions may add
#define BLOB_SAMPLE "AQIDBA"

static const char *day_from(const struct zt_invent *invent, int days)
{
    char date[ZT_DATE_LEN + 1] = "";
    int32_t today;
    if (zt_date_to_days(invent->today, &today) == ZT_OK)
        zt_date_of_days(today + days, date);
    return zt_arena_strdup(invent->arena, date);
}

static const char *moment_from(const struct zt_invent *invent, int days)
{
    char text[ZT_TIME_LEN + 1];
    zt_time_of_ms(invent->now_ms + days * DAY_MS, text);
    return zt_arena_strdup(invent->arena, text);
}

static const struct zt_subject *subject(const struct zt_invent *invent, const char *type, const char *number,
                                        const char *name)
{
    struct zt_subject *made = zt_arena_alloc(invent->arena, sizeof *made);
    if (made)
        *made = (struct zt_subject){type, zt_arena_strdup(invent->arena, number), name};
    return made;
}

const struct zt_subject *zt_invent_person(const struct zt_invent *invent, unsigned n)
{
    char number[19];
    snprintf(number, sizeof number, "3707021985%02u%02u%03u", n / 28 % 12 + 1, n % 28 + 1, 900 + n % 100);
    number[17] = zt_gb11643_check(number);
    number[18] = '\0';
    return subject(invent, "111", number, zt_arena_printf(invent->arena, "虚构%u", n));
}

const struct zt_subject *zt_invent_organisation(const struct zt_invent *invent, unsigned n)
{
    char number[19];
    snprintf(number, sizeof number, "91370700MA9X%04u", n % 10000);
    number[16] = zt_gb11714_check(number + 8);
    number[17] = zt_gb32100_check(number);
    number[18] = '\0';
    return subject(invent, "001", number, zt_arena_printf(invent->arena, "虚构企业%u", n));
}

static bool is_organisation(const struct zt_subject *who)
{
    return strcmp(who->id_type, "001") == 0;
}

static bool fits(enum zt_subject_kind kind, const struct zt_subject *who)
{
    return kind == ZT_EITHER || (kind == ZT_ORGANISATION && is_organisation(who)) ||
           (kind == ZT_PERSON && !is_organisation(who));
}

// Who stands at each subject rule of the type: the holder once, invented others elsewhere.
static bool cast(const struct zt_invent *invent, const struct zt_record_type *type,
                 const struct zt_subject *holder, const struct zt_subject **who)
{
    bool placed = type->subject_kind == ZT_THING;
    for (size_t i = 0; i < type->subject_count; i++) {
        enum zt_subject_kind kind = type->subjects[i].kind;
        unsigned n = invent->seed + (unsigned)i + 1;
        if (kind == ZT_THING)
            who[i] = subject(invent, "000", zt_arena_printf(invent->arena, "D%u", n), "");
        else if (!placed && fits(kind, holder))
            who[i] = holder, placed = true;
        else
            who[i] =
                kind == ZT_ORGANISATION ? zt_invent_organisation(invent, n) : zt_invent_person(invent, n);
        if (!who[i])
            return false;
    }
    return placed;
}

static const char *id_text(const struct zt_invent *invent, enum zt_id_kind kind)
{
    const struct zt_subject *who = kind == ZT_ID_USCC ? zt_invent_organisation(invent, invent->seed + 50)
                                                      : zt_invent_person(invent, invent->seed + 50);
    return who ? who->number : NULL;
}

static const char *plain_text(const struct zt_invent *invent, const struct zt_field_type *field)
{
    char text[16];
    int len = snprintf(text, sizeof text, "X%u-%u", invent->seed % 1000, field->tag);
    return zt_arena_strndup(invent->arena, text,
                            (unsigned)len < field->max_len ? (size_t)len : field->max_len);
}

static const char *usual_text(const struct zt_invent *invent, const struct zt_field_type *field)
{
    switch (field->kind) {
    case ZT_KIND_INTEGER:
    case ZT_KIND_DECIMAL:
    case ZT_KIND_MONEY:
        return "1";
    case ZT_KIND_DATE:
        return day_from(invent, -PAST_DAYS);
    case ZT_KIND_TIMESTAMP:
        return moment_from(invent, -PAST_DAYS);
    case ZT_KIND_BOOLEAN:
        return "false";
    case ZT_KIND_CODE:
        return field->table->codes[0].code;
    case ZT_KIND_ID:
        return id_text(invent, field->id_kind);
    case ZT_KIND_BINARY:
        return BLOB_SAMPLE;
    case ZT_KIND_TEXT:
    default:
        return plain_text(invent, field);
    }
}

// What a field must say because it names a subject; NULL when it names none.
static const char *subject_text(const struct zt_record_type *type, const struct zt_subject *const *who,
                                const struct zt_field_type *field)
{
    for (size_t i = 0; i < type->subject_count; i++) {
        const struct zt_subject_rule *rule = &type->subjects[i];
        if (rule->number == field)
            return who[i]->number;
        if (rule->name == field)
            return who[i]->name;
        if (rule->type == field)
            return who[i]->id_type;
    }
    return NULL;
}

static bool fill(const struct zt_invent *invent, const struct zt_record_type *type,
                 const struct zt_subject *const *who, struct zt_record *record)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct zt_field_type *field = &type->fields[i];
        const char *text = subject_text(type, who, field);
        if (!text)
            text = usual_text(invent, field);
        if (!text ||
            zt_value_parse(field, text, invent->arena, &record->fields[record->field_count++], NULL) != ZT_OK)
            return false;
    }
    return true;
}

static void seat(const struct zt_record_type *type, const struct zt_subject *const *who,
                 struct zt_record *record)
{
    for (size_t i = 0; i < type->subject_count; i++)
        record->subjects[record->subject_count++] = *who[i];
}

struct zt_record *zt_invent_record(const struct zt_invent *invent, const struct zt_record_type *type,
                                   const struct zt_subject *holder)
{
    const struct zt_subject *who[ZT_RECORD_MAX_SUBJECTS];
    struct zt_record *record = zt_arena_alloc(invent->arena, sizeof *record);
    struct zt_field *fields = zt_arena_alloc(invent->arena, (type->field_count + EXTRA) * sizeof *fields);
    struct zt_subject *subjects = zt_arena_alloc(invent->arena, ZT_RECORD_MAX_SUBJECTS * sizeof *subjects);
    if (!record || !fields || !subjects || !cast(invent, type, holder, who))
        return NULL;
    *record = (struct zt_record){.type = type->id,
                                 .subjects = subjects,
                                 .version = 1,
                                 .state = ZT_STATE_VALID,
                                 .valid_from = "",
                                 .valid_to = "",
                                 .updated_at = invent->now_ms,
                                 .region = "370702",
                                 .fields = fields};
    if (!fill(invent, type, who, record))
        return NULL;
    seat(type, who, record);
    const char *key = zt_record_key(type, record, invent->arena);
    record->key = key ? key : zt_arena_printf(invent->arena, "%s-%u", type->id, invent->seed);
    return record->key ? record : NULL;
}

static void drop(struct zt_record *record, uint32_t tag)
{
    size_t kept = 0;
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].tag != tag)
            record->fields[kept++] = record->fields[i];
    record->field_count = kept;
}

static bool is_value(const struct zt_condition *condition, const char *text)
{
    for (size_t i = 0; i < condition->value_count; i++)
        if (!strcmp(condition->values[i], text))
            return true;
    return false;
}

static const char *another_value(const struct zt_condition *condition)
{
    const struct zt_code_table *table = condition->field->table;
    for (size_t i = 0; table && i < table->code_count; i++)
        if (!is_value(condition, table->codes[i].code))
            return table->codes[i].code;
    return condition->field->kind == ZT_KIND_BOOLEAN ? (is_value(condition, "true") ? "false" : "true")
                                                     : NULL;
}

static const char *when(const struct zt_invent *invent, const struct zt_field_type *field, int days)
{
    return field->kind == ZT_KIND_DATE ? day_from(invent, days) : moment_from(invent, days);
}

// The text that makes the condition hold; NULL when the field must go.
static const char *wanted_text(const struct zt_invent *invent, const struct zt_condition *condition)
{
    switch (condition->op) {
    case ZT_IS_IN:
        return condition->values[0];
    case ZT_IS_NOT_IN:
        return another_value(condition);
    case ZT_IS_PRESENT:
        return usual_text(invent, condition->field);
    case ZT_IS_WITHIN:
    case ZT_IS_PAST:
        return when(invent, condition->field, -PAST_DAYS);
    case ZT_IS_AHEAD:
        return when(invent, condition->field, AHEAD_DAYS);
    case ZT_IS_AT_MOST:
    case ZT_IS_AT_LEAST: {
        const struct zt_field bound = {.kind = ZT_VALUE_NUMBER, .number = condition->number};
        return zt_value_text(condition->field, &bound, invent->arena);
    }
    case ZT_IS_ABSENT:
    default:
        return NULL;
    }
}

struct zt_record *zt_invent_fitting(const struct zt_invent *invent, const struct zt_cert_rule *rule,
                                    const struct zt_subject *holder)
{
    struct zt_record *record = zt_invent_record(invent, rule->record, holder);
    for (size_t i = 0; record && i < rule->condition_count; i++) {
        const struct zt_condition *condition = &rule->conditions[i];
        const char *text = wanted_text(invent, condition);
        drop(record, condition->field->tag);
        if (text && zt_value_parse(condition->field, text, invent->arena,
                                   &record->fields[record->field_count++], NULL) != ZT_OK)
            return NULL;
    }
    for (unsigned state = ZT_STATE_VALID; record && state <= ZT_STATE_CANCELLED; state++)
        if (rule->states & 1U << state) {
            record->state = (enum zt_record_state)state;
            break;
        }
    return record && zt_cert_rule_fits(rule, record, invent->today) ? record : NULL;
}
