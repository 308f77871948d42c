// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/show.h"

#include <stdio.h>
#include <string.h>

#include "base/id/id.h"
#include "base/text.h"
#include "consumers/zt/print.h"

#define SHOWN_MAX 4200 // the longest text of a record and a code's words

const char *zt_status_zh(enum zt_status status)
{
    static const char *const names[] = {
        [ZT_STATUS_INVALID] = "请求有误",   [ZT_STATUS_OK] = "已答复",       [ZT_STATUS_NONE] = "无此记录",
        [ZT_STATUS_UNKNOWN] = "尚不能确定", [ZT_STATUS_DENIED] = "不予提供", [ZT_STATUS_TROUBLE] = "系统故障",
    };
    return (size_t)status < sizeof names / sizeof *names ? names[status] : "?";
}

static const char *fresh_zh(enum zt_fresh state)
{
    return state == ZT_FRESH ? "最新" : state == ZT_STALE ? "已过时限" : "时效未知";
}

static const char *state_zh(enum zt_record_state state)
{
    static const char *const names[] = {[ZT_STATE_VALID] = "有效",
                                        [ZT_STATE_CHANGED] = "已变更",
                                        [ZT_STATE_REVOKED] = "已撤销",
                                        [ZT_STATE_CANCELLED] = "已注销"};
    return (size_t)state < sizeof names / sizeof *names && names[state] ? names[state] : "?";
}

void zt_show_question(const struct zt_session *session, const struct zt_request *request, bool show_numbers)
{
    const struct zt_record_type *type = zt_session_record_type(session, request->type);
    const struct zt_cert_type *cert =
        session->catalogue ? zt_catalogue_cert_type(session->catalogue, request->type) : NULL;
    const struct zt_item *item =
        session->catalogue ? zt_catalogue_item(session->catalogue, request->item) : NULL;
    char number[2 * ZT_ID_MAX];
    enum zt_id_kind kind = ZT_ID_UNKNOWN;
    if (zt_id_kind_parse(request->subject.id_type, &kind) == ZT_OK)
        zt_put_rowf("对象 subject", "%s %s", zt_id_kind_name_zh(kind),
                    zt_shown_number(request->subject.number, show_numbers, number, sizeof number));
    else
        zt_put_rowf("对象 subject", "%s %s", request->subject.id_type,
                    zt_shown_number(request->subject.number, show_numbers, number, sizeof number));
    zt_put_rowf("事项 item", "%s %s", request->item, item ? item->name_zh : "");
    zt_put_rowf("查询 type", "%s %s", request->type, type ? type->name_zh : cert ? cert->name_zh : "");
}

void zt_show_status(const struct zt_answer *answer)
{
    zt_put_rowf("结果 result", "%s %s", zt_status_zh(answer->status), zt_status_name(answer->status));
    if (answer->status == ZT_STATUS_OK)
        return;
    zt_put_row("规则 rule", answer->rule);
    zt_put_row("说明", answer->text_zh);
    zt_put_row("explanation", answer->text_en);
}

static const char *with_word(struct zt_session *session, const struct zt_field_type *type, const char *text)
{
    const struct zt_code *code = type->kind == ZT_KIND_CODE ? zt_code_table_find(type->table, text) : NULL;
    if (code)
        return zt_arena_printf(&session->arena, "%s %s", text, code->name_zh);
    return type->kind == ZT_KIND_MONEY ? zt_arena_printf(&session->arena, "%s 元", text) : text;
}

const char *zt_field_text(struct zt_session *session, const struct zt_field_type *type,
                          const struct zt_field *field, bool show_numbers)
{
    char shown[SHOWN_MAX];
    const char *text = type ? zt_value_text(type, field, &session->arena) : NULL;
    if (!text && field->kind == ZT_VALUE_NUMBER) // never an identity number: those are text
        text = zt_arena_printf(&session->arena, "%lld", (long long)field->number);
    else if (type && type->kind != ZT_KIND_ID && text)
        text = with_word(session, type, text);
    else if (text || (field->kind == ZT_VALUE_TEXT && field->text))
        text = zt_arena_strdup(&session->arena,
                               zt_shown_number(text ? text : field->text, show_numbers, shown, sizeof shown));
    return text ? text : "?";
}

void zt_show_found(struct zt_session *session, const struct zt_found *found, bool show_numbers)
{
    const struct zt_record_type *type = zt_session_record_type(session, found->type);
    char key[ZT_RECORD_KEY_MAX];
    zt_put_rowf("记录 record", "%s", zt_shown_number(found->key, show_numbers, key, sizeof key));
    zt_put_rowf("  版本 version", "%llu，%s %s", (unsigned long long)found->version, state_zh(found->state),
                zt_record_state_name(found->state));
    if (found->valid_from[0] || found->valid_to[0])
        zt_put_rowf("  有效期 valid", "%s - %s", found->valid_from, found->valid_to);
    for (size_t i = 0; i < found->field_count; i++) {
        const struct zt_field_type *field = type ? zt_record_type_tag(type, found->fields[i].tag) : NULL;
        char label[160];
        if (field)
            snprintf(label, sizeof label, "  %s %s", field->name_zh, field->name);
        else
            snprintf(label, sizeof label, "  #%u", found->fields[i].tag);
        zt_put_row(label, zt_field_text(session, field, &found->fields[i], show_numbers));
    }
}

void zt_show_freshness(const struct zt_freshness *freshness)
{
    char time[ZT_LOCAL_TIME_LEN + 1];
    zt_local_time(freshness->as_of, time);
    zt_put_rowf("时效 freshness", "%s %s，截至 as of %s，来源 source %s，时限 max age %u s",
                fresh_zh(freshness->state), zt_fresh_name(freshness->state), time, freshness->source,
                freshness->max_age);
}

void zt_show_receipt(const struct zt_answer *answer)
{
    char hash[2 * ZT_HASH_LEN + 1];
    if (answer->freshness.source[0])
        zt_show_freshness(&answer->freshness);
    zt_hex_encode((struct zt_bytes){answer->ledger_hash, ZT_HASH_LEN}, hash);
    zt_put_rowf("账本 ledger", "第 %llu 条 entry, %s", (unsigned long long)answer->ledger_index, hash);
}
