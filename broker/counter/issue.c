// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/issue.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "broker/counter/claims.h"
#include "broker/counter/find.h"
#include "broker/counter/subject.h"
#include "catalogue/rules.h"

#define HEX_LEN       (2 * ZT_HASH_LEN + 1)
#define DAYS_INCLUDED 1 // a certificate of one day ends on the day it begins

struct gather {
    const struct zt_view *view;
    struct zt_case *c;
    struct zt_statement *out;
    struct zt_claims claims;
    char valid_to[ZT_DATE_LEN + 1]; // of the records that must be there; "" none has an end
    bool any;
};

static bool refuse(struct gather *g, const char *rule)
{
    zt_case_refuse(g->c, rule);
    return false;
}

static bool trouble(struct gather *g, enum zt_err code)
{
    zt_case_trouble(g->c, code);
    return false;
}

static void note_freshness(struct gather *g, struct zt_freshness freshness)
{
    struct zt_freshness *whole = &g->c->answer.freshness;
    *whole = g->any ? zt_fresh_worst(*whole, freshness) : freshness;
    g->any = true;
}

static bool add_source(struct gather *g, const struct zt_stored *stored, int64_t as_of)
{
    struct zt_arena *arena = g->view->arena;
    char *key_hex = zt_arena_alloc(arena, HEX_LEN), *hex = zt_arena_alloc(arena, HEX_LEN);
    uint8_t hash[ZT_HASH_LEN];
    if (!key_hex || !hex)
        return trouble(g, ZT_E_NOMEM);
    enum zt_err rc = zt_hash_of(ZT_SM3, zt_bytes_str(stored->record.key), hash);
    if (rc != ZT_OK)
        return trouble(g, rc);
    zt_hex_encode((struct zt_bytes){hash, sizeof hash}, key_hex);
    zt_hex_encode((struct zt_bytes){stored->digest, sizeof stored->digest}, hex);
    if (g->out->source_count == ZT_STATEMENT_CLAIMS)
        return refuse(g, "issue.size");
    g->out->sources[g->out->source_count++] =
        (struct zt_statement_source){stored->record.type, key_hex, stored->record.version, as_of, hex};
    return true;
}

static void note_end(struct gather *g, const struct zt_record *record)
{
    const char *end = record->valid_to;
    // A record that has ended (a deregistration) is what such a certificate shows; it sets no limit to it.
    if (!end || strnlen(end, ZT_DATE_LEN + 1) != ZT_DATE_LEN || strcmp(end, g->view->today) < 0)
        return;
    if (!g->valid_to[0] || strcmp(end, g->valid_to) < 0)
        memcpy(g->valid_to, end, sizeof g->valid_to);
}

// Two rules of a certificate type may pick from the same record type; its fields are shown once.
static bool is_shown(const struct gather *g, const struct zt_record *record)
{
    for (size_t i = 0; i < g->out->source_count; i++)
        if (strcmp(g->out->sources[i].record_type, record->type) == 0)
            return true;
    return false;
}

static bool show(struct gather *g, const struct zt_stored *stored, const struct zt_known *known)
{
    const struct zt_subject *holder = zt_subject_of(&g->c->request->subject, &stored->record);
    bool shown = is_shown(g, &stored->record);
    if (holder && holder->name && holder->name[0] && !g->out->holder_name[0])
        g->out->holder_name = holder->name;
    if (!add_source(g, stored, known->freshness.as_of))
        return false;
    enum zt_err rc = shown ? ZT_OK : zt_claims_add(&g->claims, g->c->decision.cert, &stored->record);
    if (rc == ZT_E_LIMIT)
        return refuse(g, "issue.size");
    return rc == ZT_OK ? true : trouble(g, rc);
}

// The one record that the rule picks among those that were found; NULL when none fits.
static const struct zt_stored *pick(const struct gather *g, const struct zt_cert_rule *rule,
                                    const struct zt_finds *finds)
{
    const struct zt_record *records[ZT_FOUND_MAX];
    for (size_t i = 0; i < finds->count; i++)
        records[i] = &finds->list[i].record;
    const struct zt_record *record = zt_cert_rule_pick(rule, records, finds->count, g->view->today);
    for (size_t i = 0; record && i < finds->count; i++)
        if (records[i] == record)
            return &finds->list[i];
    return NULL;
}

static bool settle_none(struct gather *g, const struct zt_finds *finds, bool there)
{
    if (there && finds->known.freshness.state == ZT_FRESH)
        return refuse(g, "issue.exists");
    if (!finds->known.complete)
        return refuse(g, finds->known.rule);
    struct zt_freshness freshness = finds->known.freshness;
    freshness.as_of = finds->known.complete_as_of;
    note_freshness(g, freshness);
    return true;
}

static bool settle_absent(struct gather *g, const struct zt_cert_rule *rule, const struct zt_finds *finds)
{
    // An optional record that is not there is not shown; nothing is said about it, so nothing is asked of
    // its source.
    if (rule->need == ZT_NEED_MAYBE)
        return true;
    note_freshness(g, finds->known.freshness);
    if (!finds->known.complete)
        return refuse(g, finds->known.rule);
    return refuse(g, finds->count > 0 ? "record.not-in-force" : "record.none");
}

static bool settle_shown(struct gather *g, const struct zt_cert_rule *rule, const struct zt_finds *finds,
                         const struct zt_stored *stored)
{
    const struct zt_known *known = &finds->known;
    bool stale_ok = known->freshness.state == ZT_STALE && g->c->decision.grant->stale_ok;
    note_freshness(g, known->freshness);
    if (known->freshness.state != ZT_FRESH && !stale_ok)
        return refuse(g, known->rule);
    if (rule->need == ZT_NEED_SOME)
        note_end(g, &stored->record);
    return show(g, stored, known);
}

static bool apply(struct gather *g, const struct zt_cert_rule *rule, const char *key)
{
    struct zt_finds finds;
    enum zt_err rc = zt_find(g->view, g->c, rule->record, key, &finds);
    if (rc != ZT_OK)
        return trouble(g, rc);
    if (finds.rule)
        return refuse(g, finds.rule);
    const struct zt_stored *stored = pick(g, rule, &finds);
    if (rule->need == ZT_NEED_NONE)
        return settle_none(g, &finds, stored != NULL);
    return stored ? settle_shown(g, rule, &finds, stored) : settle_absent(g, rule, &finds);
}

// The sentence of the type with the item's name in place of "{item}".
static const char *name_item(struct zt_arena *arena, const char *sentence, const char *name)
{
    static const char mark[] = "{item}";
    const char *at = sentence ? strstr(sentence, mark) : NULL;
    if (!at)
        return sentence ? sentence : "";
    return zt_arena_printf(arena, "%.*s%s%s", (int)(at - sentence), sentence, name, at + sizeof mark - 1);
}

static bool set_validity(struct gather *g)
{
    const struct zt_cert_type *type = g->c->decision.cert;
    struct zt_arena *arena = g->view->arena;
    char end[ZT_DATE_LEN + 1] = "";
    int32_t today;
    if (type->validity_days > 0) {
        enum zt_err rc = zt_date_to_days(g->view->today, &today);
        if (rc != ZT_OK)
            return trouble(g, rc);
        zt_date_of_days(today + (int32_t)type->validity_days - DAYS_INCLUDED, end);
    }
    if (g->valid_to[0] && (!end[0] || strcmp(g->valid_to, end) < 0))
        memcpy(end, g->valid_to, sizeof end);
    g->out->valid_from = zt_arena_strdup(arena, g->view->today);
    g->out->valid_to = zt_arena_strdup(arena, end);
    return g->out->valid_from && g->out->valid_to ? true : trouble(g, ZT_E_NOMEM);
}

static bool describe(struct gather *g)
{
    const struct zt_cert_type *type = g->c->decision.cert;
    const struct zt_item *item = g->c->decision.item;
    const struct zt_request *q = g->c->request;
    struct zt_statement *out = g->out;
    out->type = type->id;
    out->title_zh = type->name_zh;
    out->title_en = type->name_en;
    out->issuer = type->issuer->id;
    out->issuer_zh = type->issuer->name_zh;
    out->issuer_uscc = type->issuer->uscc;
    out->holder_id_type = q->subject.id_type;
    out->holder_number = q->subject.number;
    out->item = item->code;
    out->item_zh = item->name_zh;
    out->purpose = q->purpose;
    out->case_no = q->case_no;
    out->restriction_zh = name_item(g->view->arena, type->restriction_zh, item->name_zh);
    out->objection_zh = type->objection_zh ? type->objection_zh : "";
    out->claims = g->claims.list;
    out->claim_count = g->claims.count;
    return out->restriction_zh ? true : trouble(g, ZT_E_NOMEM);
}

bool zt_issue_gather(const struct zt_view *view, struct zt_case *c, struct zt_statement *statement)
{
    const struct zt_cert_type *type = c->decision.cert;
    struct gather g = {.view = view, .c = c, .out = statement};
    *statement = (struct zt_statement){.id = "", .holder_name = ""};
    statement->sources = zt_arena_alloc(view->arena, ZT_STATEMENT_CLAIMS * sizeof *statement->sources);
    enum zt_err rc = zt_claims_init(&g.claims, view->arena);
    if (rc != ZT_OK || !statement->sources)
        return trouble(&g, ZT_E_NOMEM);
    for (size_t i = 0; i < type->rule_count; i++)
        if (!apply(&g, &type->rules[i], i == 0 ? c->request->key : ""))
            return false;
    if (!g.any) // the catalogue's check refuses such a type
        return trouble(&g, ZT_E_BUG);
    return set_validity(&g) && describe(&g);
}

enum zt_verdict zt_issue_possible(const struct zt_view *view, struct zt_case *c)
{
    struct zt_statement statement;
    if (zt_issue_gather(view, c, &statement))
        return ZT_MATCH;
    return c->answer.status == ZT_STATUS_NONE ? ZT_MISMATCH : ZT_VERDICT_UNKNOWN;
}
