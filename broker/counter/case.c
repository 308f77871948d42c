// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/case.h"

#include <string.h>

#include "base/log.h"
#include "broker/counter/texts.h"

static void refuse_with(struct zt_case *c, const char *rule, const struct zt_rule_text *text)
{
    c->answer.status = text->status;
    c->answer.rule = rule;
    c->answer.text_zh = text->zh;
    c->answer.text_en = text->en;
    c->answer.found = NULL;
    c->answer.verdicts = NULL;
    c->answer.found_count = c->answer.verdict_count = 0;
    c->answer.certificate = c->answer.certificate_id = "";
    c->given_count = 0;
}

void zt_case_start(struct zt_case *c, const char *user, const struct zt_request *request,
                   const uint8_t id[static ZT_REQUEST_ID_LEN])
{
    *c = (struct zt_case){.user = user, .request = request};
    memcpy(c->id, id, sizeof c->id);
    memcpy(c->answer.id, id, sizeof c->answer.id);
    c->answer.certificate = c->answer.certificate_id = "";
    c->answer.freshness.source = "";
    refuse_with(c, zt_rule_text_bug.rule, &zt_rule_text_bug);
}

void zt_case_refuse(struct zt_case *c, const char *rule)
{
    refuse_with(c, rule, zt_rule_text(rule));
}

void zt_case_trouble(struct zt_case *c, enum zt_err code)
{
    static const struct {
        enum zt_err code;
        const char *rule;
    } rules[] = {
        {ZT_E_CORRUPT, "record.corrupt"}, {ZT_E_NOMEM, "trouble.memory"},  {ZT_E_LIMIT, "trouble.limit"},
        {ZT_E_IO, "trouble.store"},       {ZT_E_CRYPTO, "trouble.crypto"},
    };
    const char *rule = "trouble.bug";
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].code == code)
            rule = rules[i].rule;
    zt_log_error("ZT-COUNTER-TROUBLE", "a question could not be answered: %s (%s)", rule, zt_err_name(code));
    zt_case_refuse(c, rule);
}

void zt_case_ok(struct zt_case *c)
{
    c->answer.status = ZT_STATUS_OK;
    c->answer.rule = c->answer.text_zh = c->answer.text_en = "";
}

void zt_case_give(struct zt_case *c, uint32_t tag)
{
    for (size_t i = 0; i < c->given_count; i++)
        if (c->given[i] == tag)
            return;
    if (c->given_count < ZT_ASK_MAX)
        c->given[c->given_count++] = tag;
}

// At most `max` bytes, cut between characters; the entry must have room for all of its parts.
static const char *clip(struct zt_arena *arena, const char *text, size_t max)
{
    if (!text)
        return "";
    size_t len = strnlen(text, max + 1);
    if (len <= max)
        return text;
    len = max;
    while (len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80)
        len--;
    const char *cut = zt_arena_strndup(arena, text, len);
    return cut ? cut : "";
}

static enum zt_entry_kind kind_of(enum zt_status status)
{
    return status == ZT_STATUS_INVALID || status == ZT_STATUS_DENIED ? ZT_ENTRY_DENIAL : ZT_ENTRY_ANSWER;
}

// What was asked: the names and claims that the type knows; nothing when the type itself is unknown.
static size_t asked_tags(const struct zt_case *c, uint32_t *asked)
{
    const struct zt_record_type *type = c->decision.record;
    const struct zt_request *q = c->request;
    size_t count = 0;
    for (size_t i = 0; type && i < q->field_count && count < ZT_ASK_MAX; i++) {
        const struct zt_field_type *field = zt_record_type_field(type, q->fields[i]);
        if (field)
            asked[count++] = field->tag;
    }
    for (size_t i = 0; type && i < q->claim_count && count < ZT_ASK_MAX; i++) {
        const struct zt_field_type *field = zt_record_type_field(type, q->claims[i].field);
        if (field)
            asked[count++] = field->tag;
    }
    return count;
}

static void describe_question(const struct zt_case *c, struct zt_arena *arena, uint32_t *asked,
                              struct zt_entry *entry)
{
    const struct zt_request *q = c->request;
    entry->officer = clip(arena, q->officer, ZT_OFFICER_MAX);
    entry->item = clip(arena, q->item, ZT_ITEM_MAX);
    entry->purpose = clip(arena, q->purpose, ZT_PURPOSE_MAX);
    entry->case_no = clip(arena, q->case_no, ZT_CASE_MAX);
    entry->type = clip(arena, q->type, ZT_TYPE_MAX);
    entry->mode = q->mode <= ZT_MODE_RESOLVE ? q->mode : 0;
    entry->asked = asked;
    entry->asked_count = asked_tags(c, asked);
}

void zt_case_entry(const struct zt_case *c, int64_t now_ms, struct zt_arena *arena, uint32_t *asked,
                   struct zt_entry *entry)
{
    *entry = (struct zt_entry){
        .kind = kind_of(c->answer.status),
        .time = now_ms,
        .party = clip(arena, c->user, ZT_WORD_LEN),
        .officer = "",
        .item = "",
        .purpose = "",
        .case_no = "",
        .type = "",
        .note = "",
        .status = c->answer.status,
        .rule = clip(arena, c->answer.rule, ZT_WORD_LEN),
        .certificate = clip(arena, c->answer.certificate_id, ZT_LICENCE_LEN),
        .as_of = c->answer.freshness.as_of,
        .fresh = c->answer.freshness.state,
        .request_id = {c->id, sizeof c->id},
        .request_hash = {c->request_hash, sizeof c->request_hash},
    };
    if (c->subject_known)
        entry->subject = (struct zt_bytes){c->subject, sizeof c->subject};
    if (c->request)
        describe_question(c, arena, asked, entry);
    entry->given = (uint32_t *)c->given;
    entry->given_count = c->given_count;
}
