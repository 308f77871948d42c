// SPDX-License-Identifier: Apache-2.0
// Whether a record is what a certificate type's rule asks for.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "catalogue/rules.h"

static bool is_one_of(const struct zt_condition *condition, const struct zt_field *field)
{
    char number[32];
    const char *text = field->text;
    if (condition->field->kind == ZT_KIND_BOOLEAN) {
        text = field->number ? "true" : "false";
    } else if (field->kind == ZT_VALUE_NUMBER) {
        zt_format_decimal(field->number, condition->field->scale, number);
        text = number;
    }
    for (size_t i = 0; text && i < condition->value_count; i++)
        if (!strcmp(text, condition->values[i]))
            return true;
    return false;
}

static bool date_holds(const struct zt_condition *condition, const struct zt_field *field, const char *today)
{
    char day[ZT_DATE_LEN + 1], until[ZT_DATE_LEN + 1];
    if (field->kind == ZT_VALUE_NUMBER)
        zt_date_of_ms(field->number, day);
    else
        snprintf(day, sizeof day, "%s", field->text ? field->text : "");
    if (condition->op == ZT_IS_AHEAD)
        return strcmp(day, today) >= 0;
    if (condition->op == ZT_IS_PAST)
        return strcmp(day, today) < 0;
    return strcmp(day, today) <= 0 && zt_date_add_months(day, condition->months, until) == ZT_OK &&
           strcmp(until, today) >= 0;
}

static bool value_holds(const struct zt_condition *condition, const struct zt_field *field, const char *today)
{
    switch (condition->op) {
    case ZT_IS_IN:
    case ZT_IS_NOT_IN:
        return is_one_of(condition, field);
    case ZT_IS_AT_MOST:
        return field->number <= condition->number;
    case ZT_IS_AT_LEAST:
        return field->number >= condition->number;
    case ZT_IS_PRESENT:
    case ZT_IS_ABSENT:
        return true;
    default:
        return date_holds(condition, field, today);
    }
}

// Of a list one entry is enough. Only what no date says ahead of us holds without any value.
bool zt_condition_holds(const struct zt_condition *condition, const struct zt_record *record,
                        const char *today)
{
    bool any = false, one = false;
    for (size_t i = 0; i < record->field_count; i++) {
        if (record->fields[i].tag != condition->field->tag)
            continue;
        any = true;
        one = one || value_holds(condition, &record->fields[i], today);
    }
    switch (condition->op) {
    case ZT_IS_ABSENT:
        return !any;
    case ZT_IS_NOT_IN:
        return !one;
    case ZT_IS_AHEAD:
        return !any || one;
    default:
        return one;
    }
}

static bool in_force(const struct zt_record *record, const char *today)
{
    const char *from = record->valid_from ? record->valid_from : "";
    const char *to = record->valid_to ? record->valid_to : "";
    return (!*from || strcmp(from, today) <= 0) && (!*to || strcmp(to, today) >= 0);
}

bool zt_cert_rule_fits(const struct zt_cert_rule *rule, const struct zt_record *record, const char *today)
{
    const unsigned ended = 1U << ZT_STATE_REVOKED | 1U << ZT_STATE_CANCELLED;
    if (record->deleted || strcmp(record->type, rule->record->id) != 0)
        return false;
    if (!(rule->states & (1U << record->state)))
        return false;
    if (!(rule->states & ended) && !in_force(record, today))
        return false;
    for (size_t i = 0; i < rule->condition_count; i++)
        if (!zt_condition_holds(&rule->conditions[i], record, today))
            return false;
    return true;
}
