// SPDX-License-Identifier: Apache-2.0
#include "catalogue/model.h"
#include "catalogue/render.h"

struct zt_catalogue_stats zt_catalogue_count(const struct zt_catalogue *c)
{
    struct zt_catalogue_stats stats = {
        .departments = c->department_count,
        .tables = c->table_count,
        .records = c->record_count,
        .certs = c->cert_count,
        .purposes = c->purpose_count,
        .items = c->item_count,
        .parties = c->party_count,
        .sources = c->source_count,
        .grants = c->grant_count,
    };
    for (size_t i = 0; i < c->table_count; i++)
        stats.codes += c->tables[i].code_count;
    for (size_t i = 0; i < c->record_count; i++)
        stats.fields += c->records[i].field_count;
    for (size_t i = 0; i < c->cert_count; i++) {
        stats.proofs_of_none += c->certs[i].proof_of_none;
        stats.shown += c->certs[i].field_count;
    }
    for (size_t i = 0; i < c->item_count; i++) {
        stats.proofs += c->items[i].proof_count;
        for (size_t j = 0; j < c->items[i].proof_count; j++)
            stats.exempt += c->items[i].exempt[j];
    }
    return stats;
}

void zt_catalogue_put_stats(const struct zt_catalogue *c, struct zt_buf *out)
{
    const struct zt_catalogue_stats s = zt_catalogue_count(c);
    zt_buf_printf(out, "部门 departments             %zu\n", s.departments);
    zt_buf_printf(out, "代码表 code tables           %zu (%zu codes)\n", s.tables, s.codes);
    zt_buf_printf(out, "数据类型 record types        %zu (%zu data items)\n", s.records, s.fields);
    zt_buf_printf(out, "证明类型 certificate types   %zu (%zu proofs of none, %zu fields shown)\n", s.certs,
                  s.proofs_of_none, s.shown);
    zt_buf_printf(out, "用途 purposes                %zu\n", s.purposes);
    zt_buf_printf(out, "事项 items                   %zu (%zu proofs, %zu exempt by sharing)\n", s.items,
                  s.proofs, s.exempt);
    zt_buf_printf(out, "接入方 parties               %zu\n", s.parties);
    zt_buf_printf(out, "数据流 streams               %zu\n", s.sources);
    zt_buf_printf(out, "授权 grants                  %zu\n", s.grants);
}

void zt_catalogue_put_list(const struct zt_catalogue *c, enum zt_listed_kind kind, struct zt_buf *out)
{
    for (size_t i = 0; i < zt_listed_count(c, kind); i++) {
        struct zt_listed one = zt_listed_at(c, kind, i);
        zt_buf_printf(out, "%-36s %s  %s\n", one.id, one.name_zh, one.name_en);
    }
}
