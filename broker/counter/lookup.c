// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/lookup.h"

#include "broker/counter/texts.h"

static bool may_be_shown(const struct zt_case *c, const struct zt_known *known)
{
    return known->freshness.state == ZT_FRESH ||
           (known->freshness.state == ZT_STALE && c->decision.grant->stale_ok);
}

bool zt_lookup_find(const struct zt_view *view, struct zt_case *c, struct zt_finds *finds)
{
    enum zt_err rc = zt_find(view, c, c->decision.record, c->request->key, finds);
    if (rc != ZT_OK) {
        zt_case_trouble(c, rc);
        return false;
    }
    c->answer.freshness = finds->known.freshness;
    if (finds->rule) {
        zt_case_refuse(c, finds->rule);
        return false;
    }
    if (finds->count == 0) {
        zt_case_refuse(c, finds->known.complete ? "record.none" : finds->known.rule);
        if (finds->known.complete)
            c->answer.freshness.as_of = finds->known.complete_as_of;
        return false;
    }
    if (!may_be_shown(c, &finds->known)) {
        zt_case_refuse(c, finds->known.rule);
        return false;
    }
    return true;
}

// Only the fields of the decision leave; their order is the record's.
static bool copy_fields(const struct zt_view *view, struct zt_case *c, const struct zt_record *record,
                        struct zt_found *found)
{
    found->fields = zt_arena_alloc(view->arena, (record->field_count + 1) * sizeof *found->fields);
    if (!found->fields)
        return false;
    for (size_t i = 0; i < record->field_count; i++) {
        const struct zt_field *field = &record->fields[i];
        for (size_t j = 0; j < c->decision.field_count; j++) {
            if (c->decision.fields[j]->tag != field->tag)
                continue;
            found->fields[found->field_count++] = *field;
            zt_case_give(c, field->tag);
            break;
        }
    }
    return true;
}

// A stale answer that the grant allows is an answer, but the clerk is told in words, too.
static void finish(struct zt_case *c)
{
    zt_case_ok(c);
    if (c->answer.freshness.state == ZT_FRESH)
        return;
    const struct zt_rule_text *text = zt_rule_text("fresh.served-stale");
    c->answer.text_zh = text->zh;
    c->answer.text_en = text->en;
}

void zt_lookup_fetch(const struct zt_view *view, struct zt_case *c)
{
    struct zt_finds finds;
    if (!zt_lookup_find(view, c, &finds))
        return;
    struct zt_found *list = zt_arena_alloc(view->arena, finds.count * sizeof *list);
    for (size_t i = 0; i < finds.count; i++) {
        const struct zt_record *record = &finds.list[i].record;
        if (list)
            list[i] = (struct zt_found){.type = c->decision.record->id,
                                        .key = record->key,
                                        .version = record->version,
                                        .state = record->state,
                                        .valid_from = record->valid_from,
                                        .valid_to = record->valid_to,
                                        .freshness = finds.known.freshness};
        if (!list || !copy_fields(view, c, record, &list[i])) {
            zt_case_trouble(c, ZT_E_NOMEM);
            return;
        }
    }
    c->answer.found = list;
    c->answer.found_count = finds.count;
    finish(c);
}

static bool same_value(const struct zt_field *a, const struct zt_field *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == ZT_VALUE_NUMBER)
        return a->number == b->number;
    if (a->kind == ZT_VALUE_BLOB)
        return zt_bytes_equal(a->blob, b->blob);
    return zt_bytes_equal(zt_bytes_str(a->text), zt_bytes_str(b->text));
}

// A list matches when it holds the value; a field that the record does not carry is not known.
static enum zt_verdict judge(const struct zt_record *record, const struct zt_field *claimed)
{
    enum zt_verdict verdict = ZT_VERDICT_UNKNOWN;
    for (size_t i = 0; i < record->field_count; i++) {
        if (record->fields[i].tag != claimed->tag)
            continue;
        if (same_value(&record->fields[i], claimed))
            return ZT_MATCH;
        verdict = ZT_MISMATCH;
    }
    return verdict;
}

// The one record that the claims can be about.
static const struct zt_record *choose(const struct zt_view *view, struct zt_case *c,
                                      const struct zt_finds *finds)
{
    const struct zt_record *chosen = NULL;
    for (size_t i = 0; i < finds->count; i++) {
        if (!zt_record_in_force(&finds->list[i].record, view->today))
            continue;
        if (chosen) {
            zt_case_refuse(c, "record.many");
            return NULL;
        }
        chosen = &finds->list[i].record;
    }
    if (!chosen)
        zt_case_refuse(c, "record.not-in-force");
    return chosen;
}

static bool parse_claims(const struct zt_view *view, struct zt_case *c, struct zt_field *claimed)
{
    for (size_t i = 0; i < c->request->claim_count; i++) {
        const struct zt_claim *claim = &c->request->claims[i];
        const struct zt_field_type *type = zt_record_type_field(c->decision.record, claim->field);
        struct zt_fault fault = {.rule = ""};
        enum zt_err rc = type ? zt_value_parse(type, claim->value, view->arena, &claimed[i], &fault)
                              : ZT_E_BUG; // the policy has refused unknown fields
        if (rc == ZT_OK)
            continue;
        const char *rule = zt_arena_strdup(view->arena, fault.rule);
        if (!rule || !rule[0] || rc == ZT_E_NOMEM)
            zt_case_trouble(c, rc);
        else
            zt_case_refuse(c, rule);
        return false;
    }
    return true;
}

void zt_lookup_verify(const struct zt_view *view, struct zt_case *c)
{
    const struct zt_request *q = c->request;
    struct zt_field claimed[ZT_ASK_MAX];
    struct zt_finds finds;
    if (!parse_claims(view, c, claimed) || !zt_lookup_find(view, c, &finds))
        return;
    const struct zt_record *record = choose(view, c, &finds);
    if (!record)
        return;
    struct zt_field_verdict *verdicts = zt_arena_alloc(view->arena, q->claim_count * sizeof *verdicts);
    if (!verdicts) {
        zt_case_trouble(c, ZT_E_NOMEM);
        return;
    }
    for (size_t i = 0; i < q->claim_count; i++) {
        verdicts[i] = (struct zt_field_verdict){q->claims[i].field, judge(record, &claimed[i])};
        zt_case_give(c, claimed[i].tag);
    }
    c->answer.verdicts = verdicts;
    c->answer.verdict_count = q->claim_count;
    finish(c);
}
