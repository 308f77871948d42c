// SPDX-License-Identifier: Apache-2.0
// The inside of each section of the reference page.
#include <stdio.h>

#include "catalogue/html_parts.h"
#include "catalogue/model.h"
#include "catalogue/words.h"

#define WORDS_MAX ((size_t)16 * 1024)

static void row(struct zt_buf *out, const char *label, const char *text)
{
    zt_buf_put_str(out, "<tr><th>");
    zt_html_text(out, label);
    zt_buf_put_str(out, "</th><td>");
    zt_html_text(out, text);
    zt_buf_put_str(out, "</td></tr>\n");
}

static void row_link(struct zt_buf *out, const char *label, enum zt_listed_kind kind, const char *id,
                     const char *name)
{
    zt_buf_printf(out, "<tr><th>%s</th><td>", label);
    zt_html_link(out, kind, id, name);
    zt_buf_put_str(out, " <span class=\"id\">");
    zt_html_text(out, id);
    zt_buf_put_str(out, "</span></td></tr>\n");
}

static void department(const struct zt_catalogue *c, const struct zt_department *what, struct zt_buf *out)
{
    zt_buf_put_str(out, "<table>");
    row(out, "统一社会信用代码 code", what->uscc);
    for (size_t i = 0; i < c->record_count; i++)
        if (c->records[i].department == what)
            row_link(out, "数据 record", ZT_LISTED_RECORD, c->records[i].id, c->records[i].name_zh);
    for (size_t i = 0; i < c->cert_count; i++)
        if (c->certs[i].issuer == what)
            row_link(out, "证明 certificate", ZT_LISTED_CERT, c->certs[i].id, c->certs[i].name_zh);
    zt_buf_put_str(out, "</table>\n");
}

static void table(const struct zt_code_table *what, struct zt_buf *out)
{
    zt_buf_put_str(out, "<p>");
    zt_html_text(out, what->source);
    zt_buf_put_str(out, "</p><table>");
    for (size_t i = 0; i < what->code_count; i++) {
        zt_buf_put_str(out, "<tr><td class=\"id\">");
        zt_html_text(out, what->codes[i].code);
        zt_buf_put_str(out, "</td><td>");
        zt_html_text(out, what->codes[i].name_zh);
        zt_buf_put_str(out, "</td><td class=\"en\">");
        zt_html_text(out, what->codes[i].name_en);
        zt_buf_put_str(out, "</td></tr>\n");
    }
    zt_buf_put_str(out, "</table>\n");
}

static void field(const struct zt_field_type *what, struct zt_buf *out)
{
    zt_buf_printf(out, "<tr><td>%u</td><td class=\"id\">%s</td><td>", what->tag, what->name);
    zt_html_text(out, what->name_zh);
    zt_buf_put_str(out, "</td><td>");
    zt_html_text(out, what->pinyin);
    zt_buf_put_str(out, "</td><td>");
    zt_put_kind(what, out); // names and numbers of our own, nothing to escape
    if (what->table) {
        zt_buf_put_str(out, " ");
        zt_html_link(out, ZT_LISTED_TABLE, what->table->id, what->table->name_zh);
    }
    zt_buf_printf(out, "</td><td>G%u</td><td>%s</td></tr>\n", what->grade,
                  what->required ? "必填 required" : "");
}

static void record(const struct zt_catalogue *c, const struct zt_record_type *what, struct zt_buf *out)
{
    zt_buf_put_str(out, "<p>");
    zt_html_link(out, ZT_LISTED_DEPARTMENT, what->department->id, what->department->name_zh);
    zt_buf_printf(out, " · %s · %s · %s · ", zt_subject_words(what->subject_kind),
                  zt_share_words(what->share), zt_refresh_words(what->refresh));
    zt_put_age(what->max_age, out);
    zt_buf_printf(out, " · %u 月 months%s</p>\n<table>", what->retention,
                  what->consent ? " · 须本人授权 only with consent" : "");
    for (size_t i = 0; i < what->field_count; i++)
        field(&what->fields[i], out);
    zt_buf_put_str(out, "</table>\n<p>");
    for (size_t i = 0; i < c->cert_count; i++)
        for (size_t j = 0; j < c->certs[i].record_count; j++)
            if (c->certs[i].records[j] == what) {
                zt_html_link(out, ZT_LISTED_CERT, c->certs[i].id, c->certs[i].name_zh);
                zt_buf_put_str(out, " ");
            }
    zt_buf_put_str(out, "</p>\n");
}

static void rule(const struct zt_cert_rule *what, struct zt_buf *out)
{
    struct zt_buf words;
    zt_buf_init(&words, WORDS_MAX);
    zt_put_rule(what, &words);
    zt_buf_put_str(out, "<tr><th>");
    zt_html_link(out, ZT_LISTED_RECORD, what->record->id, what->record->name_zh);
    zt_buf_put_str(out, "</th><td>");
    zt_html_text(out, zt_buf_text(&words));
    zt_buf_put_str(out, "</td></tr>\n");
    zt_buf_fini(&words);
}

static void certificate(const struct zt_catalogue *c, const struct zt_cert_type *what, struct zt_buf *out)
{
    char days[32];
    (void)snprintf(days, sizeof days, "%u 天 days", what->validity_days);
    zt_buf_put_str(out, "<table>");
    row_link(out, "签发 issuer", ZT_LISTED_DEPARTMENT, what->issuer->id, what->issuer->name_zh);
    row(out, "类型代码 type code", what->type_code);
    row(out, "对象 about", zt_subject_words(what->subject_kind));
    row(out, "有效期 valid", what->validity_days ? days : "随来源记录 while the record is in force");
    for (size_t i = 0; i < what->rule_count; i++)
        rule(&what->rules[i], out);
    for (size_t i = 0; i < what->field_count; i++)
        row(out, what->fields[i].name, what->fields[i].name_zh);
    row(out, "文字 wording", what->wording_zh);
    row(out, "限制 restriction", what->restriction_zh);
    row(out, "异议 objection", what->objection_zh);
    for (size_t i = 0; i < c->item_count; i++)
        for (size_t j = 0; j < c->items[i].proof_count; j++)
            if (c->items[i].proofs[j] == what)
                row_link(out, "事项 item", ZT_LISTED_ITEM, c->items[i].code, c->items[i].name_zh);
    zt_buf_put_str(out, "</table>\n");
}

static void purpose(const struct zt_catalogue *c, const struct zt_purpose *what, struct zt_buf *out)
{
    zt_buf_put_str(out, "<table>");
    row(out, "法律依据 legal basis", what->basis);
    for (size_t i = 0; i < c->item_count; i++)
        if (zt_item_has_purpose(&c->items[i], what->code))
            row_link(out, "事项 item", ZT_LISTED_ITEM, c->items[i].code, c->items[i].name_zh);
    zt_buf_put_str(out, "</table>\n");
}

static void item(const struct zt_item *what, struct zt_buf *out)
{
    zt_buf_put_str(out, "<table>");
    row_link(out, "部门 department", ZT_LISTED_DEPARTMENT, what->department->id, what->department->name_zh);
    row(out, "依据 basis", what->basis);
    for (size_t i = 0; i < what->purpose_count; i++)
        row_link(out, "用途 purpose", ZT_LISTED_PURPOSE, what->purposes[i]->code, what->purposes[i]->name_zh);
    for (size_t i = 0; i < what->proof_count; i++)
        row_link(out, what->exempt[i] ? "免交 shared" : "提交 brought", ZT_LISTED_CERT, what->proofs[i]->id,
                 what->proofs[i]->name_zh);
    zt_buf_put_str(out, "</table>\n");
}

static void grant_of(const struct zt_grant *what, struct zt_buf *out)
{
    zt_buf_put_str(out, "<tr><th>");
    zt_html_link(out, ZT_LISTED_ITEM, what->item->code, what->item->name_zh);
    zt_buf_put_str(out, "</th><td>");
    if (what->record)
        zt_html_link(out, ZT_LISTED_RECORD, what->record->id, what->record->name_zh);
    else
        zt_html_link(out, ZT_LISTED_CERT, what->cert->id, what->cert->name_zh);
    zt_buf_put_str(out, " ");
    zt_put_modes(what->modes, out);
    for (size_t i = 0; i < what->field_count; i++)
        zt_buf_printf(out, "%s%s", i ? ", " : ": ", what->fields[i]->name);
    zt_buf_printf(out, "%s</td></tr>\n", what->consent ? " · 须授权 consent" : "");
}

static void party(const struct zt_catalogue *c, const struct zt_party *what, struct zt_buf *out)
{
    zt_buf_put_str(out, "<p>");
    zt_put_roles(what->roles, out);
    zt_buf_printf(out, "%s</p><table>", what->revoked ? " · 已停用 revoked" : "");
    row(out, "统一社会信用代码 code", what->uscc);
    for (size_t i = 0; i < what->source_count; i++)
        row_link(out, "数据流 stream", ZT_LISTED_SOURCE, what->sources[i], what->sources[i]);
    for (size_t i = 0; i < c->grant_count; i++)
        if (c->grants[i].party == what)
            grant_of(&c->grants[i], out);
    zt_buf_put_str(out, "</table>\n");
}

static void stream(const struct zt_source_info *what, struct zt_buf *out)
{
    zt_buf_put_str(out, "<table>");
    row_link(out, "提供方 producer", ZT_LISTED_PARTY, what->party->id, what->party->name_zh);
    for (size_t i = 0; i < what->record_type_count; i++)
        row_link(out, "数据 record", ZT_LISTED_RECORD, what->record_types[i]->id,
                 what->record_types[i]->name_zh);
    zt_buf_put_str(out, "</table>\n");
}

void zt_html_thing(const struct zt_catalogue *c, const struct zt_listed *what, struct zt_buf *out)
{
    switch (what->kind) {
    case ZT_LISTED_DEPARTMENT:
        department(c, what->thing, out);
        break;
    case ZT_LISTED_TABLE:
        table(what->thing, out);
        break;
    case ZT_LISTED_RECORD:
        record(c, what->thing, out);
        break;
    case ZT_LISTED_CERT:
        certificate(c, what->thing, out);
        break;
    case ZT_LISTED_PURPOSE:
        purpose(c, what->thing, out);
        break;
    case ZT_LISTED_ITEM:
        item(what->thing, out);
        break;
    case ZT_LISTED_PARTY:
        party(c, what->thing, out);
        break;
    case ZT_LISTED_SOURCE:
        stream(what->thing, out);
        break;
    case ZT_LISTED_KINDS:
    default:
        break;
    }
}
