// SPDX-License-Identifier: Apache-2.0
// Which of a holder's records a certificate rests on, and whether it may be issued at all.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "catalogue/rules.h"

// The day on which the source says it happened; "" sorts before every day.
static void day_of(const struct zt_cert_rule *rule, const struct zt_record *record,
                   char day[static ZT_TIME_LEN + 1])
{
    const struct zt_field *field = rule->latest ? zt_record_field(record, rule->latest->tag) : NULL;
    day[0] = '\0';
    if (field && field->kind == ZT_VALUE_NUMBER)
        zt_time_of_ms(field->number, day);
    else if (field && field->text)
        snprintf(day, ZT_TIME_LEN + 1, "%s", field->text);
}

static bool is_newer(const struct zt_cert_rule *rule, const struct zt_record *one,
                     const struct zt_record *other)
{
    char one_day[ZT_TIME_LEN + 1], other_day[ZT_TIME_LEN + 1];
    day_of(rule, one, one_day);
    day_of(rule, other, other_day);
    int order = strcmp(one_day, other_day);
    return order > 0 || (order == 0 && one->updated_at > other->updated_at);
}

static bool counts(const struct zt_cert_rule *rule, const struct zt_record *record, const char *today)
{
    if (record->deleted || strcmp(record->type, rule->record->id) != 0)
        return false;
    return rule->latest || zt_cert_rule_fits(rule, record, today);
}

const struct zt_record *zt_cert_rule_pick(const struct zt_cert_rule *rule,
                                          const struct zt_record *const *records, size_t count,
                                          const char *today)
{
    const struct zt_record *newest = NULL;
    for (size_t i = 0; i < count; i++)
        if (counts(rule, records[i], today) && (!newest || is_newer(rule, records[i], newest)))
            newest = records[i];
    return newest && zt_cert_rule_fits(rule, newest, today) ? newest : NULL;
}

struct zt_cert_judgement zt_cert_judge(const struct zt_cert_type *type,
                                       const struct zt_record *const *records, size_t count,
                                       const char *today, const struct zt_record **picks)
{
    struct zt_cert_judgement out = {.verdict = ZT_CERT_MAY};
    for (size_t i = 0; i < type->rule_count; i++) {
        const struct zt_cert_rule *rule = &type->rules[i];
        picks[i] = zt_cert_rule_pick(rule, records, count, today);
        if (out.verdict != ZT_CERT_MAY)
            continue;
        if (rule->need == ZT_NEED_SOME && !picks[i])
            out = (struct zt_cert_judgement){ZT_CERT_LACKS, rule};
        else if (rule->need == ZT_NEED_NONE && picks[i])
            out = (struct zt_cert_judgement){ZT_CERT_BARRED, rule};
    }
    return out;
}
