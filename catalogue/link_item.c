// SPDX-License-Identifier: Apache-2.0
// Service items and the proofs each asks for.
#include "catalogue/build.h"

static void link_proofs(struct zt_build *b, const struct zt_place *item_at, const struct zt_raw_item *raw,
                        struct zt_item *item)
{
    const struct zt_cert_type **proofs = zt_room(b, raw->proof_count, sizeof *proofs);
    bool *exempt = zt_room(b, raw->proof_count, sizeof *exempt);
    if (!proofs || !exempt)
        return;
    for (unsigned i = 0; i < raw->proof_count; i++) {
        const char *id = raw->proofs[i].type ? raw->proofs[i].type : "";
        struct zt_place at = zt_place_in(item_at, "proofs[%u].type", i);
        proofs[i] = zt_catalogue_cert_type(b->c, id);
        exempt[i] = raw->proofs[i].exempt;
        if (!proofs[i])
            zt_report_unknown(b, &at, ZT_FILE_CERTS, "certificate-type", id, &b->c->cert_by_id);
        for (unsigned j = 0; j < i; j++)
            if (proofs[i] && proofs[i] == proofs[j])
                zt_report(b, &at, "catalogue.duplicate", "proof '%s' is already asked for", id);
    }
    item->proofs = proofs;
    item->exempt = exempt;
    item->proof_count = raw->proof_count;
}

static void link_item(struct zt_build *b, const struct zt_place *at, const struct zt_raw_item *raw,
                      struct zt_item *item)
{
    item->code = zt_keep(b, raw->code);
    item->name_zh = zt_keep(b, raw->name_zh);
    item->name_en = zt_keep(b, raw->name_en);
    item->basis = zt_keep(b, raw->basis);
    item->keywords = zt_keep(b, raw->keywords);
    zt_enter(b, at, "code", &b->c->item_by_code, item->code, item);
    zt_check_text(b, at, "name_zh", raw->name_zh);
    zt_check_text(b, at, "name_en", raw->name_en);
    struct zt_place key = zt_place_in(at, "department");
    if (zt_check_text(b, at, "department", raw->department)) {
        item->department = zt_catalogue_department(b->c, raw->department);
        if (!item->department)
            zt_report_unknown(b, &key, ZT_FILE_DEPARTMENTS, "department", raw->department,
                              &b->c->department_by_id);
    }
    item->purposes = zt_link_purposes(b, at, raw->purposes, raw->purpose_count);
    item->purpose_count = raw->purpose_count;
    link_proofs(b, at, raw, item);
}

void zt_link_items(struct zt_build *b)
{
    size_t total = 0;
    const struct zt_raw_file *file;
    for (file = zt_build_next(b, ZT_FILE_ITEMS, NULL); file; file = zt_build_next(b, ZT_FILE_ITEMS, file))
        total += ((const struct zt_raw_items *)file->data)->count;
    b->c->items = zt_room(b, total, sizeof *b->c->items);
    zt_room_index(b, &b->c->item_by_code, total);
    if (b->err != ZT_OK)
        return;
    for (file = zt_build_next(b, ZT_FILE_ITEMS, NULL); file; file = zt_build_next(b, ZT_FILE_ITEMS, file)) {
        const struct zt_raw_items *raw = file->data;
        for (unsigned i = 0; i < raw->count && b->err == ZT_OK; i++) {
            struct zt_place at = zt_place_of(file, "items[%u]", i);
            link_item(b, &at, &raw->list[i], &b->c->items[b->c->item_count++]);
        }
    }
}
