// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/merkle.h"
#include "consumers/zt/print.h"
#include "consumers/zt/show.h"

static json_t *hash_json(struct zt_bytes bytes)
{
    uint8_t hash[ZT_HASH_LEN];
    return zt_merkle_leaf(ZT_SHA256, bytes, hash) == ZT_OK ? zt_json_hex((struct zt_bytes){hash, sizeof hash})
                                                           : json_null();
}

// Field tags as the names that the catalogue gives them.
static json_t *tags_json(const struct zt_session *session, const char *type_id, const uint32_t *tags,
                         size_t count)
{
    const struct zt_record_type *type = zt_session_record_type(session, type_id);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct zt_field_type *field = type ? zt_record_type_tag(type, tags[i]) : NULL;
        json_array_append_new(list, field ? json_string(field->name) : json_sprintf("#%u", tags[i]));
    }
    return list;
}

static void add_texts(json_t *object, const struct zt_entry *e)
{
    const struct {
        const char *key, *value;
    } texts[] = {{"kind", zt_entry_kind_name(e->kind)},
                 {"party", e->party},
                 {"officer", e->officer},
                 {"item", e->item},
                 {"purpose", e->purpose},
                 {"case", e->case_no},
                 {"type", e->type},
                 {"mode", e->mode ? zt_mode_name(e->mode) : ""},
                 {"status", zt_status_name(e->status)},
                 {"rule", e->rule},
                 {"fresh", zt_fresh_name(e->fresh)},
                 {"certificate", e->certificate},
                 {"note", e->note}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        json_object_set_new(object, texts[i].key, zt_json_text(texts[i].value));
}

json_t *zt_entry_json(struct zt_session *session, uint64_t index, struct zt_bytes bytes)
{
    struct zt_entry e;
    struct zt_fault fault;
    json_t *object = json_pack("{sI so}", "index", (json_int_t)index, "hash", hash_json(bytes));
    if (zt_entry_parse(bytes, &session->arena, &e, &fault) != ZT_OK) {
        json_object_set_new(object, "damaged", json_string(fault.rule));
        return object;
    }
    add_texts(object, &e);
    json_object_set_new(object, "time", zt_json_time(e.time));
    json_object_set_new(object, "as_of", zt_json_time(e.as_of));
    json_object_set_new(object, "subject", zt_json_hex(e.subject));
    json_object_set_new(object, "asked", tags_json(session, e.type, e.asked, e.asked_count));
    json_object_set_new(object, "given", tags_json(session, e.type, e.given, e.given_count));
    json_object_set_new(object, "request_id", zt_json_hex(e.request_id));
    json_object_set_new(object, "request_hash", zt_json_hex(e.request_hash));
    json_object_set_new(object, "answer_hash", zt_json_hex(e.answer_hash));
    json_object_set_new(object, "intent", e.intent ? json_integer((json_int_t)e.intent - 1) : json_null());
    return object;
}

static const char *kind_zh(enum zt_entry_kind kind)
{
    static const char *const names[] = {
        [ZT_ENTRY_ANSWER] = "答复", [ZT_ENTRY_DENIAL] = "拒绝", [ZT_ENTRY_INTENT] = "预告",
        [ZT_ENTRY_ISSUE] = "签发",  [ZT_ENTRY_REVOKE] = "撤销", [ZT_ENTRY_PRESENT] = "出示",
        [ZT_ENTRY_ADMIN] = "运维",  [ZT_ENTRY_AUDIT] = "审计",  [ZT_ENTRY_CONFIG] = "规则变更",
    };
    return (size_t)kind < sizeof names / sizeof *names && names[kind] ? names[kind] : "?";
}

static void put_part(const char *label, const char *value)
{
    if (!value || !*value)
        return;
    printf("  %s ", label);
    zt_put_text(value);
}

static void put_given(const struct zt_session *session, const struct zt_entry *e)
{
    const struct zt_record_type *type = zt_session_record_type(session, e->type);
    if (e->given_count == 0)
        return;
    printf("  给出 given");
    for (size_t i = 0; i < e->given_count; i++) {
        const struct zt_field_type *field = type ? zt_record_type_tag(type, e->given[i]) : NULL;
        if (field)
            printf("%s%s", i ? "、" : " ", field->name_zh);
        else
            printf("%s#%u", i ? "、" : " ", e->given[i]);
    }
}

static void put_what(const struct zt_session *session, const struct zt_entry *e)
{
    const struct zt_record_type *type = zt_session_record_type(session, e->type);
    const struct zt_cert_type *cert =
        session->catalogue ? zt_catalogue_cert_type(session->catalogue, e->type) : NULL;
    if (!e->type[0] && !e->certificate[0] && !e->note[0])
        return;
    printf("     ");
    put_part(e->mode ? zt_mode_name(e->mode) : "", e->type);
    put_part("", type ? type->name_zh : cert ? cert->name_zh : "");
    put_given(session, e);
    put_part("证照标识", e->certificate);
    put_part("", e->note);
    putchar('\n');
}

void zt_entry_show(struct zt_session *session, uint64_t index, struct zt_bytes bytes)
{
    struct zt_entry e;
    struct zt_fault fault;
    char number[32], time[ZT_LOCAL_TIME_LEN + 1], words[64];
    snprintf(number, sizeof number, "#%llu", (unsigned long long)index);
    zt_put_cell(number, 7);
    if (zt_entry_parse(bytes, &session->arena, &e, &fault) != ZT_OK) {
        printf("条目无法解析 the entry cannot be read: %s\n", fault.rule);
        return;
    }
    zt_local_time(e.time, time);
    snprintf(words, sizeof words, "%s %s", kind_zh(e.kind), zt_entry_kind_name(e.kind));
    zt_put_cell(time, 20);
    zt_put_cell(words, 16);
    snprintf(words, sizeof words, "%s %s", zt_status_zh(e.status), zt_status_name(e.status));
    zt_put_text(words);
    put_part("", e.rule);
    printf("\n     ");
    put_part("单位 party", e.party);
    put_part("经办 officer", e.officer);
    put_part("事项 item", e.item);
    put_part("用途 purpose", e.purpose);
    put_part("案号 case", e.case_no);
    putchar('\n');
    put_what(session, &e);
}
