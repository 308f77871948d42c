// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/policy.h"

#include <string.h>

#include "base/clock.h"
#include "broker/counter/texts.h"

struct asking {
    const struct zt_catalogue *catalogue;
    const char *user;
    const struct zt_request *request;
    int64_t now, skew;
    struct zt_decision out;
};
// NULL when the rule holds, else the name of the rule that decided.
typedef const char *check_fn(struct asking *a);

static bool fits(const char *text, size_t max)
{
    return text && text[0] && strnlen(text, max + 1) <= max;
}

static bool by_record(const struct zt_request *request)
{
    return request->mode == ZT_MODE_VERIFY || request->mode == ZT_MODE_FETCH;
}

static const char *check_party(struct asking *a)
{
    const struct zt_party *party =
        fits(a->user, ZT_USER_ID_MAX) ? zt_catalogue_party(a->catalogue, a->user) : NULL;
    if (!party)
        return "party.unknown";
    a->out.party = party;
    if (party->revoked)
        return "party.revoked";
    return party->roles & ZT_ROLE_CONSUMER ? NULL : "party.role";
}

static const char *check_time(struct asking *a)
{
    // A difference that does not even fit in 64 bits is off, too.
    int64_t off;
    if (__builtin_sub_overflow(a->request->time, a->now, &off))
        return "request.time";
    return off <= a->skew && off >= -a->skew ? NULL : "request.time";
}

static const char *check_question(struct asking *a)
{
    const struct zt_request *q = a->request;
    if (q->mode < ZT_MODE_VERIFY || q->mode > ZT_MODE_RESOLVE)
        return "request.mode";
    if (!fits(q->item, ZT_ITEM_MAX))
        return "request.item";
    if (!fits(q->purpose, ZT_PURPOSE_MAX))
        return "request.purpose";
    if (!fits(q->case_no, ZT_CASE_MAX))
        return "request.case";
    if (!fits(q->officer, ZT_OFFICER_MAX))
        return "request.officer";
    return fits(q->type, ZT_TYPE_MAX) ? NULL : "request.type";
}

static const char *check_item(struct asking *a)
{
    a->out.item = zt_catalogue_item(a->catalogue, a->request->item);
    if (!a->out.item)
        return "item.unknown";
    if (!zt_catalogue_purpose(a->catalogue, a->request->purpose))
        return "purpose.unknown";
    return zt_item_has_purpose(a->out.item, a->request->purpose) ? NULL : "purpose.item";
}

static const char *check_type(struct asking *a)
{
    if (by_record(a->request))
        a->out.record = zt_catalogue_record_type(a->catalogue, a->request->type);
    else
        a->out.cert = zt_catalogue_cert_type(a->catalogue, a->request->type);
    return a->out.record || a->out.cert ? NULL : "type.unknown";
}

static const char *check_shape(struct asking *a)
{
    const struct zt_request *q = a->request;
    bool claims = q->mode == ZT_MODE_VERIFY;
    if (claims != (q->claim_count > 0) || q->claim_count > ZT_ASK_MAX)
        return "request.claims";
    if ((q->mode != ZT_MODE_FETCH && q->field_count > 0) || q->field_count > ZT_ASK_MAX)
        return "request.fields";
    if (q->mode == ZT_MODE_ISSUE && q->alg != ZT_ES256 && q->alg != ZT_SM2)
        return "request.alg";
    return NULL;
}

static bool in_force(const struct zt_grant *grant, int64_t now)
{
    bool begins = grant->valid_from && grant->valid_from[0], ends = grant->valid_to && grant->valid_to[0];
    char today[ZT_DATE_LEN + 1];
    if (!begins && !ends)
        return true;
    zt_date_of_ms(now, today);
    return !(begins && strcmp(today, grant->valid_from) < 0) && !(ends && strcmp(today, grant->valid_to) > 0);
}

static const char *check_grant(struct asking *a)
{
    const struct zt_request *q = a->request;
    const struct zt_grant *grant = zt_catalogue_grant(a->catalogue, a->user, q->item, q->type);
    if (!grant || grant->record != a->out.record || grant->cert != a->out.cert)
        return "grant.none";
    a->out.grant = grant;
    if (!in_force(grant, a->now))
        return "grant.expired";
    if (!(grant->modes & 1U << q->mode))
        return "grant.mode";
    if (!zt_grant_has_purpose(grant, q->purpose))
        return "grant.purpose";
    return grant->officers && zt_glob(grant->officers, q->officer) ? NULL : "grant.officer";
}

static bool add_field(struct zt_decision *out, const struct zt_field_type *field)
{
    for (size_t i = 0; i < out->field_count; i++)
        if (out->fields[i] == field)
            return true;
    if (out->field_count == ZT_ASK_MAX)
        return false;
    out->fields[out->field_count++] = field;
    return true;
}

static const char *add_named(struct asking *a, const char *name)
{
    const struct zt_field_type *field = name ? zt_record_type_field(a->out.record, name) : NULL;
    if (!field)
        return "field.unknown";
    if (!zt_grant_has_field(a->out.grant, field->tag))
        return "grant.field";
    return add_field(&a->out, field) ? NULL : "request.fields";
}

static const char *add_all(struct asking *a)
{
    const struct zt_grant *grant = a->out.grant;
    for (size_t i = 0; i < grant->field_count; i++)
        if (!add_field(&a->out, grant->fields[i]))
            return "request.fields"; // more than one answer may carry: they must be named
    return NULL;
}

static const char *check_fields(struct asking *a)
{
    const struct zt_request *q = a->request;
    if (!by_record(q))
        return NULL;
    if (q->mode == ZT_MODE_FETCH && q->field_count == 0)
        return add_all(a);
    const char *rule = NULL;
    for (size_t i = 0; !rule && i < q->field_count; i++)
        rule = add_named(a, q->fields[i]);
    for (size_t i = 0; !rule && i < q->claim_count; i++)
        rule = add_named(a, q->claims[i].field);
    return rule;
}

static bool needs_consent(const struct zt_decision *d)
{
    if (d->grant->consent || (d->record && d->record->consent))
        return true;
    for (size_t i = 0; d->cert && i < d->cert->record_count; i++)
        if (d->cert->records[i]->consent)
            return true;
    return false;
}

static const char *check_consent(struct asking *a)
{
    a->out.consent = needs_consent(&a->out);
    if (!a->out.consent || (a->request->consent && a->request->consent[0]))
        return NULL;
    return "consent.needed";
}

void zt_decision_deny(struct zt_decision *decision, const char *rule)
{
    const struct zt_rule_text *text = zt_rule_text(rule);
    decision->allow = false;
    decision->rule = rule;
    decision->text_zh = text->zh;
    decision->text_en = text->en;
    decision->field_count = 0;
}

static struct zt_decision run(struct asking *a, check_fn *const *checks, size_t count)
{
    a->out = (struct zt_decision){.rule = "allow", .text_zh = "", .text_en = ""};
    for (size_t i = 0; i < count; i++) {
        const char *rule = checks[i](a);
        if (rule) {
            zt_decision_deny(&a->out, rule);
            return a->out;
        }
    }
    a->out.allow = true;
    return a->out;
}

struct zt_decision zt_policy_decide_within(const struct zt_catalogue *catalogue, const char *user,
                                           const struct zt_request *request, int64_t now_ms, int64_t skew_ms)
{
    static check_fn *const checks[] = {
        check_party, check_time,  check_question, check_item,    check_type,
        check_shape, check_grant, check_fields,   check_consent,
    };
    struct asking a = {
        .catalogue = catalogue, .user = user, .request = request, .now = now_ms, .skew = skew_ms};
    return run(&a, checks, sizeof checks / sizeof *checks);
}

struct zt_decision zt_policy_decide(const struct zt_catalogue *catalogue, const char *user,
                                    const struct zt_request *request, int64_t now_ms)
{
    return zt_policy_decide_within(catalogue, user, request, now_ms, ZT_POLICY_SKEW_MS);
}

struct zt_decision zt_policy_party(const struct zt_catalogue *catalogue, const char *user)
{
    static check_fn *const checks[] = {check_party};
    struct asking a = {.catalogue = catalogue, .user = user};
    return run(&a, checks, 1);
}

bool zt_glob(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            retry = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
