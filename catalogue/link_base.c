// SPDX-License-Identifier: Apache-2.0
// Departments, code tables and purposes: what the rest refers to.
#include <string.h>

#include "catalogue/build.h"

static void link_department(struct zt_build *b, const struct zt_place *at,
                            const struct zt_raw_department *raw, struct zt_department *department)
{
    department->id = zt_keep(b, raw->id);
    department->name_zh = zt_keep(b, raw->name_zh);
    department->name_en = zt_keep(b, raw->name_en);
    department->uscc = zt_keep(b, raw->uscc);
    zt_enter(b, at, "id", &b->c->department_by_id, department->id, department);
    zt_check_text(b, at, "name_zh", raw->name_zh);
    zt_check_text(b, at, "name_en", raw->name_en);
    struct zt_place uscc = zt_place_in(at, "uscc");
    if (zt_check_text(b, at, "uscc", raw->uscc))
        zt_check_uscc(b, &uscc, raw->uscc);
}

void zt_link_departments(struct zt_build *b)
{
    const struct zt_raw_file *file = zt_build_next(b, ZT_FILE_DEPARTMENTS, NULL);
    if (!file)
        return;
    const struct zt_raw_departments *raw = file->data;
    b->c->departments = zt_room(b, raw->count, sizeof *b->c->departments);
    zt_room_index(b, &b->c->department_by_id, raw->count);
    if (b->err != ZT_OK)
        return;
    for (unsigned i = 0; i < raw->count; i++) {
        struct zt_place at = zt_place_of(file, "departments[%u]", i);
        link_department(b, &at, &raw->list[i], &b->c->departments[i]);
    }
    b->c->department_count = raw->count;
}

static bool code_taken(const struct zt_code_table *table, const char *code)
{
    for (size_t i = 0; i < table->code_count; i++)
        if (!strcmp(table->codes[i].code, code))
            return true;
    return false;
}

static void link_codes(struct zt_build *b, const struct zt_place *table_at, const struct zt_raw_table *raw,
                       struct zt_code_table *table)
{
    struct zt_code *codes = zt_room(b, raw->code_count, sizeof *codes);
    if (!codes)
        return;
    table->codes = codes;
    for (unsigned i = 0; i < raw->code_count; i++) {
        const struct zt_raw_code *code = &raw->codes[i];
        struct zt_place at = zt_place_in(table_at, "codes[%u]", i);
        zt_check_text(b, &at, "zh", code->zh);
        if (zt_check_text(b, &at, "code", code->code) && code_taken(table, code->code)) {
            struct zt_place key = zt_place_in(&at, "code");
            zt_report(b, &key, "catalogue.duplicate-code", "code '%s' is already in this table", code->code);
        }
        codes[i] = (struct zt_code){zt_keep(b, code->code), zt_keep(b, code->zh), zt_keep(b, code->en)};
        table->code_count = i + 1;
    }
}

static void link_table(struct zt_build *b, const struct zt_place *at, const struct zt_raw_table *raw,
                       struct zt_code_table *table)
{
    table->id = zt_keep(b, raw->id);
    table->name_zh = zt_keep(b, raw->name_zh);
    table->name_en = zt_keep(b, raw->name_en);
    table->source = zt_keep(b, raw->source);
    table->open = raw->open;
    zt_enter(b, at, "id", &b->c->table_by_id, table->id, table);
    zt_check_text(b, at, "name_zh", raw->name_zh);
    zt_check_text(b, at, "source", raw->source);
    if (!raw->code_count)
        zt_report(b, at, "catalogue.empty", "a code table has at least one code");
    link_codes(b, at, raw, table);
}

void zt_link_tables(struct zt_build *b)
{
    size_t total = 0;
    const struct zt_raw_file *file;
    for (file = zt_build_next(b, ZT_FILE_TABLES, NULL); file; file = zt_build_next(b, ZT_FILE_TABLES, file))
        total += ((const struct zt_raw_tables *)file->data)->count;
    b->c->tables = zt_room(b, total, sizeof *b->c->tables);
    zt_room_index(b, &b->c->table_by_id, total);
    if (b->err != ZT_OK)
        return;
    for (file = zt_build_next(b, ZT_FILE_TABLES, NULL); file; file = zt_build_next(b, ZT_FILE_TABLES, file)) {
        const struct zt_raw_tables *raw = file->data;
        for (unsigned i = 0; i < raw->count; i++) {
            struct zt_place at = zt_place_of(file, "tables[%u]", i);
            link_table(b, &at, &raw->list[i], &b->c->tables[b->c->table_count++]);
        }
    }
}

void zt_link_purposes_file(struct zt_build *b)
{
    const struct zt_raw_file *file = zt_build_next(b, ZT_FILE_PURPOSES, NULL);
    if (!file)
        return;
    const struct zt_raw_purposes *raw = file->data;
    b->c->purposes = zt_room(b, raw->count, sizeof *b->c->purposes);
    zt_room_index(b, &b->c->purpose_by_code, raw->count);
    if (b->err != ZT_OK)
        return;
    for (unsigned i = 0; i < raw->count; i++) {
        const struct zt_raw_purpose *from = &raw->list[i];
        struct zt_purpose *purpose = &b->c->purposes[i];
        struct zt_place at = zt_place_of(file, "purposes[%u]", i);
        *purpose = (struct zt_purpose){zt_keep(b, from->code), zt_keep(b, from->name_zh),
                                       zt_keep(b, from->name_en), zt_keep(b, from->basis)};
        zt_enter(b, &at, "code", &b->c->purpose_by_code, purpose->code, purpose);
        zt_check_text(b, &at, "name_zh", from->name_zh);
        zt_check_text(b, &at, "basis", from->basis);
    }
    b->c->purpose_count = raw->count;
}

const struct zt_purpose **zt_link_purposes(struct zt_build *b, const struct zt_place *entry, char **codes,
                                           unsigned count)
{
    const struct zt_purpose **purposes = zt_room(b, count, sizeof *purposes);
    if (!purposes)
        return NULL;
    if (!count) {
        struct zt_place at = zt_place_in(entry, "purposes");
        zt_report(b, &at, "catalogue.empty", "name at least one purpose");
    }
    for (unsigned i = 0; i < count; i++) {
        purposes[i] = zt_catalogue_purpose(b->c, codes[i]);
        struct zt_place at = zt_place_in(entry, "purposes[%u]", i);
        if (!purposes[i])
            zt_report_unknown(b, &at, ZT_FILE_PURPOSES, "purpose", codes[i], &b->c->purpose_by_code);
        for (unsigned j = 0; j < i; j++)
            if (purposes[i] && purposes[i] == purposes[j])
                zt_report(b, &at, "catalogue.duplicate", "purpose '%s' is already named", codes[i]);
    }
    return purposes;
}
