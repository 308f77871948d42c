// SPDX-License-Identifier: Apache-2.0
// One thing of the catalogue, in full, for the command line.
#include "catalogue/model.h"
#include "catalogue/render.h"
#include "catalogue/words.h"

static void put_head(const struct zt_listed *what, struct zt_buf *out)
{
    zt_buf_printf(out, "%s  [%s %s]\n%s\n%s\n", what->id, zt_listed_kind_zh(what->kind),
                  zt_listed_kind_name(what->kind), what->name_zh, what->name_en);
}

static void show_department(const struct zt_catalogue *c, const struct zt_department *department,
                            struct zt_buf *out)
{
    zt_buf_printf(out, "统一社会信用代码 code: %s\n", department->uscc);
    for (size_t i = 0; i < c->record_count; i++)
        if (c->records[i].department == department)
            zt_buf_printf(out, "  数据 record   %s %s\n", c->records[i].id, c->records[i].name_zh);
    for (size_t i = 0; i < c->cert_count; i++)
        if (c->certs[i].issuer == department)
            zt_buf_printf(out, "  证明 certifies %s %s\n", c->certs[i].id, c->certs[i].name_zh);
    for (size_t i = 0; i < c->item_count; i++)
        if (c->items[i].department == department)
            zt_buf_printf(out, "  事项 item     %s %s\n", c->items[i].code, c->items[i].name_zh);
}

static void show_table(const struct zt_code_table *table, struct zt_buf *out)
{
    zt_buf_printf(out, "来源 source: %s%s\n", table->source,
                  table->open ? " (节选，其他同长数字代码亦可 a part; other codes of digits are taken)" : "");
    for (size_t i = 0; i < table->code_count; i++)
        zt_buf_printf(out, "  %-6s %s  %s\n", table->codes[i].code, table->codes[i].name_zh,
                      table->codes[i].name_en);
}

static void show_field(const struct zt_field_type *field, struct zt_buf *out)
{
    zt_buf_printf(out, "  %3u %-22s %s (", field->tag, field->name, field->name_zh);
    zt_put_kind(field, out);
    zt_buf_printf(out, ", G%u%s)\n", field->grade, field->required ? ", 必填 required" : "");
}

static void show_record(const struct zt_catalogue *c, const struct zt_record_type *type, struct zt_buf *out)
{
    zt_buf_printf(out, "部门 department: %s %s\n", type->department->id, type->department->name_zh);
    zt_buf_printf(out, "对象 about: %s; %s; 更新 refreshed %s; 最久 at most ",
                  zt_subject_words(type->subject_kind), zt_share_words(type->share),
                  zt_refresh_words(type->refresh));
    zt_put_age(type->max_age, out);
    zt_buf_printf(out, "; 保留 kept %u 月 months; G%u%s\n", type->retention, type->grade,
                  type->consent ? "; 须本人授权 only with consent" : "");
    for (size_t i = 0; i < type->field_count; i++)
        show_field(&type->fields[i], out);
    const struct zt_source_info *source = zt_catalogue_source_of(c, type);
    if (source)
        zt_buf_printf(out, "数据流 stream: %s (%s)\n", source->id, source->party->id);
    for (size_t i = 0; i < c->cert_count; i++)
        for (size_t j = 0; j < c->certs[i].record_count; j++)
            if (c->certs[i].records[j] == type)
                zt_buf_printf(out, "  证明 certificate %s %s\n", c->certs[i].id, c->certs[i].name_zh);
    for (size_t i = 0; i < c->grant_count; i++)
        if (c->grants[i].record == type)
            zt_buf_printf(out, "  授权 granted to %s, %s (%s)\n", c->grants[i].party->id,
                          c->grants[i].item->code, c->grants[i].place);
}

static void show_cert(const struct zt_catalogue *c, const struct zt_cert_type *type, struct zt_buf *out)
{
    zt_buf_printf(out, "签发 issued by: %s %s\n类型代码 type code: %s\n对象 about: %s\n", type->issuer->id,
                  type->issuer->name_zh, type->type_code, zt_subject_words(type->subject_kind));
    if (type->validity_days)
        zt_buf_printf(out, "有效期 valid: %u 天 days\n", type->validity_days);
    else
        zt_buf_put_str(out, "有效期 valid: 随来源记录 as long as the record is in force\n");
    zt_buf_put_str(out, "依据 rests on:\n");
    for (size_t i = 0; i < type->rule_count; i++) {
        zt_buf_printf(out, "  %s %s: ", type->rules[i].record->id, type->rules[i].record->name_zh);
        zt_put_rule(&type->rules[i], out);
        zt_buf_put_str(out, "\n");
    }
    zt_buf_put_str(out, "载明 shows:\n");
    for (size_t i = 0; i < type->field_count; i++) {
        const struct zt_cert_field *field = &type->fields[i];
        zt_buf_printf(out, "  %-22s %s (%s%s%s)%s\n", field->name, field->name_zh, field->record->id,
                      field->field ? "." : "@", field->field ? field->field->name : field->envelope,
                      field->disclosable ? "" : " 始终载明 always shown");
    }
    zt_buf_printf(out, "%s\n%s\n%s\n", type->wording_zh, type->restriction_zh, type->objection_zh);
    for (size_t i = 0; i < c->item_count; i++)
        for (size_t j = 0; j < c->items[i].proof_count; j++)
            if (c->items[i].proofs[j] == type)
                zt_buf_printf(out, "  事项 item %s %s\n", c->items[i].code, c->items[i].name_zh);
}

static void show_purpose(const struct zt_catalogue *c, const struct zt_purpose *purpose, struct zt_buf *out)
{
    zt_buf_printf(out, "法律依据 legal basis: %s\n", purpose->basis);
    for (size_t i = 0; i < c->item_count; i++)
        if (zt_item_has_purpose(&c->items[i], purpose->code))
            zt_buf_printf(out, "  事项 item %s %s\n", c->items[i].code, c->items[i].name_zh);
}

static void show_item(const struct zt_catalogue *c, const struct zt_item *item, struct zt_buf *out)
{
    zt_buf_printf(out, "部门 department: %s %s\n依据 basis: %s\n", item->department->id,
                  item->department->name_zh, item->basis);
    for (size_t i = 0; i < item->purpose_count; i++)
        zt_buf_printf(out, "用途 purpose: %s %s\n", item->purposes[i]->code, item->purposes[i]->name_zh);
    zt_buf_put_str(out, "所需证明 proofs:\n");
    for (size_t i = 0; i < item->proof_count; i++)
        zt_buf_printf(out, "  %s %-34s %s  %s\n", item->exempt[i] ? "免交 shared" : "提交 brought",
                      item->proofs[i]->id, item->proofs[i]->name_zh, item->proofs[i]->name_en);
    for (size_t i = 0; i < c->grant_count; i++)
        if (c->grants[i].item == item)
            zt_buf_printf(out, "  授权 granted: %s %s (%s)\n", c->grants[i].party->id,
                          c->grants[i].record ? c->grants[i].record->id : c->grants[i].cert->id,
                          c->grants[i].place);
}

static void show_party(const struct zt_catalogue *c, const struct zt_party *party, struct zt_buf *out)
{
    zt_buf_put_str(out, "角色 roles: ");
    zt_put_roles(party->roles, out);
    zt_buf_printf(out, "%s\n统一社会信用代码 code: %s\n", party->revoked ? "; 已停用 revoked" : "",
                  party->uscc);
    for (size_t i = 0; i < party->key_count; i++)
        zt_buf_printf(out, "  签名密钥 signing key %s (%s)\n", party->keys[i].key_id,
                      zt_sig_alg_name(party->keys[i].alg));
    for (size_t i = 0; i < party->source_count; i++)
        zt_buf_printf(out, "  数据流 stream %s\n", party->sources[i]);
    for (size_t i = 0; i < c->grant_count; i++) {
        const struct zt_grant *grant = &c->grants[i];
        if (grant->party != party)
            continue;
        zt_buf_printf(out, "  授权 grant %s, %s: ", grant->item->code,
                      grant->record ? grant->record->id : grant->cert->id);
        zt_put_modes(grant->modes, out);
        zt_buf_printf(out, "%s%s (%s)\n", grant->consent ? "; 须授权 consent" : "",
                      grant->stale_ok ? "; 可用陈旧数据 stale allowed" : "", grant->place);
    }
}

static void show_source(const struct zt_source_info *source, struct zt_buf *out)
{
    zt_buf_printf(out, "提供方 producer: %s\n", source->party->id);
    for (size_t i = 0; i < source->record_type_count; i++)
        zt_buf_printf(out, "  数据 record %s %s\n", source->record_types[i]->id,
                      source->record_types[i]->name_zh);
}

void zt_listed_put(const struct zt_catalogue *c, const struct zt_listed *what, struct zt_buf *out)
{
    put_head(what, out);
    switch (what->kind) {
    case ZT_LISTED_DEPARTMENT:
        show_department(c, what->thing, out);
        break;
    case ZT_LISTED_TABLE:
        show_table(what->thing, out);
        break;
    case ZT_LISTED_RECORD:
        show_record(c, what->thing, out);
        break;
    case ZT_LISTED_CERT:
        show_cert(c, what->thing, out);
        break;
    case ZT_LISTED_PURPOSE:
        show_purpose(c, what->thing, out);
        break;
    case ZT_LISTED_ITEM:
        show_item(c, what->thing, out);
        break;
    case ZT_LISTED_PARTY:
        show_party(c, what->thing, out);
        break;
    case ZT_LISTED_SOURCE:
        show_source(what->thing, out);
        break;
    case ZT_LISTED_KINDS:
    default:
        break;
    }
}
