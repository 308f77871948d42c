// SPDX-License-Identifier: Apache-2.0
// What a certificate type demands of the records it rests on.
#include <string.h>

#include "base/text.h"
#include "catalogue/build.h"
#include "catalogue/rules.h"

#define MONTHS_MAX 1200

static const char *const need_words[] = {
    [ZT_NEED_SOME] = "some", [ZT_NEED_MAYBE] = "maybe", [ZT_NEED_NONE] = "none"};
static const char *const state_words[] = {[ZT_STATE_VALID] = "valid",
                                          [ZT_STATE_CHANGED] = "changed",
                                          [ZT_STATE_REVOKED] = "revoked",
                                          [ZT_STATE_CANCELLED] = "cancelled"};
static const char *const op_words[] = {
    [ZT_IS_IN] = "in",         [ZT_IS_NOT_IN] = "not_in",   [ZT_IS_PRESENT] = "present",
    [ZT_IS_ABSENT] = "absent", [ZT_IS_WITHIN] = "within",   [ZT_IS_AHEAD] = "ahead",
    [ZT_IS_PAST] = "past",     [ZT_IS_AT_MOST] = "at_most", [ZT_IS_AT_LEAST] = "at_least",
};

const char *zt_condition_op_name(enum zt_condition_op op)
{
    return (size_t)op < sizeof op_words / sizeof *op_words && op_words[op] ? op_words[op] : "unknown";
}

const char *zt_cert_need_name(enum zt_cert_need need)
{
    return (size_t)need < sizeof need_words / sizeof *need_words && need_words[need] ? need_words[need]
                                                                                     : "unknown";
}

static void link_values(struct zt_build *b, const struct zt_place *at, const struct zt_raw_condition *raw,
                        struct zt_condition *condition)
{
    struct zt_place list = zt_place_in(at, "values");
    bool wanted = condition->op == ZT_IS_IN || condition->op == ZT_IS_NOT_IN;
    if (wanted != (raw->value_count > 0))
        zt_report(b, &list, "catalogue.condition",
                  wanted ? "'in' and 'not_in' need 'values'" : "only 'in' and 'not_in' have 'values'");
    const char **values = zt_room(b, raw->value_count, sizeof *values);
    for (unsigned i = 0; values && i < raw->value_count; i++) {
        struct zt_place key = zt_place_in(at, "values[%u]", i);
        struct zt_fault why = {0};
        struct zt_field parsed;
        values[i] = zt_keep(b, raw->values[i]);
        if (zt_value_parse(condition->field, raw->values[i], &b->c->arena, &parsed, &why) != ZT_OK)
            zt_report(b, &key, "catalogue.condition", "'%s' can never be a value of '%s': %s", raw->values[i],
                      condition->field->name, why.text);
    }
    condition->values = values;
    condition->value_count = values ? raw->value_count : 0;
}

static bool is_date(const struct zt_field_type *field)
{
    return field->kind == ZT_KIND_DATE || field->kind == ZT_KIND_TIMESTAMP;
}

static bool is_number(const struct zt_field_type *field)
{
    return field->kind == ZT_KIND_INTEGER || field->kind == ZT_KIND_DECIMAL || field->kind == ZT_KIND_MONEY;
}

static void link_bounds(struct zt_build *b, const struct zt_place *at, const struct zt_raw_condition *raw,
                        struct zt_condition *condition)
{
    enum zt_condition_op op = condition->op;
    struct zt_place key = zt_place_in(at, "op");
    if ((op == ZT_IS_WITHIN || op == ZT_IS_AHEAD || op == ZT_IS_PAST) && !is_date(condition->field))
        zt_report(b, &key, "catalogue.condition", "'%s' is for dates; '%s' is none", op_words[op],
                  condition->field->name);
    if (op == ZT_IS_WITHIN && (raw->months < 1 || raw->months > MONTHS_MAX))
        zt_report(b, &key, "catalogue.condition", "'within' needs 'months' from 1 to %d", MONTHS_MAX);
    condition->months = raw->months;
    if (op != ZT_IS_AT_MOST && op != ZT_IS_AT_LEAST)
        return;
    if (!is_number(condition->field))
        zt_report(b, &key, "catalogue.condition", "'%s' is for numbers; '%s' is none", op_words[op],
                  condition->field->name);
    else if (!raw->number ||
             zt_parse_decimal(raw->number, condition->field->scale, &condition->number) != ZT_OK)
        zt_report(b, &key, "catalogue.condition", "'%s' needs 'number' with at most %u decimals",
                  op_words[op], condition->field->scale);
}

static void link_condition(struct zt_build *b, const struct zt_place *at, const struct zt_raw_condition *raw,
                           const struct zt_record_type *record, struct zt_condition *condition)
{
    struct zt_place key = zt_place_in(at, "op");
    int op =
        zt_check_word(b, &key, "catalogue.condition", raw->op, op_words, sizeof op_words / sizeof *op_words);
    key = zt_place_in(at, "field");
    condition->field = raw->field ? zt_record_type_field(record, raw->field) : NULL;
    if (!condition->field)
        zt_report(b, &key, "catalogue.unknown-field", "%s has no field '%s'", record->id,
                  raw->field ? raw->field : "");
    if (op < 0 || !condition->field || !condition->field->kind)
        return;
    condition->op = (enum zt_condition_op)op;
    link_values(b, at, raw, condition);
    link_bounds(b, at, raw, condition);
}

static unsigned link_states(struct zt_build *b, const struct zt_place *at, const struct zt_raw_rule *raw)
{
    unsigned states = 0;
    for (unsigned i = 0; i < raw->state_count; i++) {
        struct zt_place key = zt_place_in(at, "states[%u]", i);
        int state = zt_check_word(b, &key, "catalogue.state", raw->states[i], state_words,
                                  sizeof state_words / sizeof *state_words);
        if (state > 0)
            states |= 1U << state;
    }
    return states ? states : 1U << ZT_STATE_VALID | 1U << ZT_STATE_CHANGED;
}

static void link_latest(struct zt_build *b, const struct zt_place *at, const char *name,
                        struct zt_cert_rule *rule)
{
    if (!zt_text_is(name))
        return;
    struct zt_place key = zt_place_in(at, "latest");
    rule->latest = zt_record_type_field(rule->record, name);
    if (!rule->latest)
        zt_report(b, &key, "catalogue.unknown-field", "%s has no field '%s'", rule->record->id, name);
    else if (!is_date(rule->latest))
        zt_report(b, &key, "catalogue.condition", "the newest record is found by a date; '%s' is none", name);
}

static void link_rule(struct zt_build *b, const struct zt_place *at, const struct zt_raw_rule *raw,
                      unsigned position, struct zt_cert_rule *rule)
{
    struct zt_place key = zt_place_in(at, "need");
    int need = ZT_NEED_SOME;
    if (zt_text_is(raw->need))
        need = zt_check_word(b, &key, "catalogue.need", raw->need, need_words,
                             sizeof need_words / sizeof *need_words);
    if (position == 0 && need == ZT_NEED_MAYBE)
        zt_report(b, &key, "catalogue.need", "the first record type is what is proved: some or none");
    rule->need = need < 0 ? ZT_NEED_SOME : (enum zt_cert_need)need;
    rule->states = link_states(b, at, raw);
    key = zt_place_in(at, "type");
    rule->record = raw->type ? zt_catalogue_record_type(b->c, raw->type) : NULL;
    if (!rule->record) {
        zt_report_unknown(b, &key, ZT_FILE_RECORDS, "record-type", raw->type ? raw->type : "",
                          &b->c->record_by_id);
        return;
    }
    link_latest(b, at, raw->latest, rule);
    struct zt_condition *conditions = zt_room(b, raw->where_count, sizeof *conditions);
    if (!conditions)
        return;
    for (unsigned i = 0; i < raw->where_count; i++) {
        struct zt_place where = zt_place_in(at, "where[%u]", i);
        link_condition(b, &where, &raw->where[i], rule->record, &conditions[i]);
    }
    rule->conditions = conditions;
    rule->condition_count = raw->where_count;
}

// The distinct record types of the rules, in their order.
static void link_rests_on(struct zt_build *b, struct zt_cert_type *type)
{
    const struct zt_record_type **records = zt_room(b, type->rule_count, sizeof *records);
    if (!records)
        return;
    for (size_t i = 0; i < type->rule_count; i++) {
        bool seen = !type->rules[i].record;
        for (size_t j = 0; j < type->record_count; j++)
            seen = seen || records[j] == type->rules[i].record;
        if (!seen)
            records[type->record_count++] = type->rules[i].record;
    }
    type->records = records;
}

void zt_link_cert_rules(struct zt_build *b, const struct zt_place *cert, const struct zt_raw_cert *raw,
                        struct zt_cert_type *type)
{
    struct zt_cert_rule *rules = zt_room(b, raw->record_count, sizeof *rules);
    if (!rules)
        return;
    struct zt_place list = zt_place_in(cert, "records");
    if (!raw->record_count)
        zt_report(b, &list, "catalogue.empty", "a certificate type rests on at least one record type");
    for (unsigned i = 0; i < raw->record_count; i++) {
        struct zt_place at = zt_place_in(cert, "records[%u]", i);
        link_rule(b, &at, &raw->records[i], i, &rules[i]);
        if (rules[i].need == ZT_NEED_NONE)
            type->proof_of_none = true;
    }
    type->rules = rules;
    type->rule_count = raw->record_count;
    link_rests_on(b, type);
}
