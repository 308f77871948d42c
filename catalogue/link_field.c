// SPDX-License-Identifier: Apache-2.0
// One field of a record type: its kind and what goes with the kind.
#include <string.h>

#include "catalogue/build.h"
#include "proto/record.h"

#define DIGITS_MAX 18 // what an int64_t holds whatever the digits are
#define SCALE_MAX  9
#define TAG_MAX    0xffffU
#define GRADE_MAX  4

static const char *const kind_words[] = {
    [ZT_KIND_TEXT] = "text",       [ZT_KIND_INTEGER] = "integer", [ZT_KIND_DECIMAL] = "decimal",
    [ZT_KIND_MONEY] = "money",     [ZT_KIND_DATE] = "date",       [ZT_KIND_TIMESTAMP] = "timestamp",
    [ZT_KIND_BOOLEAN] = "boolean", [ZT_KIND_CODE] = "code",       [ZT_KIND_ID] = "id",
    [ZT_KIND_BINARY] = "binary",
};

const char *zt_kind_name(enum zt_kind kind)
{
    return (size_t)kind < sizeof kind_words / sizeof *kind_words && kind_words[kind] ? kind_words[kind]
                                                                                     : "unknown";
}

static unsigned greatest_max(enum zt_kind kind)
{
    switch (kind) {
    case ZT_KIND_TEXT:
        return ZT_RECORD_MAX_TEXT / 3; // three bytes a Chinese character
    case ZT_KIND_INTEGER:
    case ZT_KIND_DECIMAL:
    case ZT_KIND_MONEY:
        return DIGITS_MAX;
    case ZT_KIND_BINARY:
        return ZT_RECORD_MAX;
    default:
        return 0;
    }
}

static void check_max(struct zt_build *b, const struct zt_place *at, const struct zt_raw_field *raw,
                      enum zt_kind kind)
{
    unsigned greatest = greatest_max(kind);
    struct zt_place key = zt_place_in(at, "max");
    if (greatest && (raw->max < 1 || raw->max > greatest))
        zt_report(b, &key, "catalogue.max", "a %s field needs 'max' from 1 to %u, this has %u",
                  kind_words[kind], greatest, raw->max);
    else if (!greatest && raw->max)
        zt_report(b, &key, "catalogue.max", "a %s field has no 'max'", kind_words[kind]);
    key = zt_place_in(at, "scale");
    if (kind == ZT_KIND_DECIMAL && (raw->scale < 1 || raw->scale > SCALE_MAX || raw->scale > raw->max))
        zt_report(b, &key, "catalogue.scale", "a decimal field needs 'scale' from 1 to %d, not above 'max'",
                  SCALE_MAX);
    else if (kind != ZT_KIND_DECIMAL && raw->scale)
        zt_report(b, &key, "catalogue.scale", "only a decimal field has a 'scale'; money has 2 by itself");
}

static void link_table(struct zt_build *b, const struct zt_place *at, const struct zt_raw_field *raw,
                       struct zt_field_type *field)
{
    struct zt_place key = zt_place_in(at, "table");
    if (field->kind == ZT_KIND_CODE && !zt_text_is(raw->table)) {
        zt_report(b, &key, "catalogue.code-table", "a code field names its 'table'");
    } else if (field->kind != ZT_KIND_CODE && zt_text_is(raw->table)) {
        zt_report(b, &key, "catalogue.code-table", "only a field of kind code has a 'table'");
    } else if (zt_text_is(raw->table)) {
        field->table = zt_catalogue_code_table(b->c, raw->table);
        if (!field->table)
            zt_report_unknown(b, &key, ZT_FILE_TABLES, "table", raw->table, &b->c->table_by_id);
    }
}

static void link_id(struct zt_build *b, const struct zt_place *at, const struct zt_raw_field *raw,
                    struct zt_field_type *field)
{
    struct zt_place key = zt_place_in(at, "id");
    if (!zt_text_is(raw->id))
        return;
    if (field->kind != ZT_KIND_ID)
        zt_report(b, &key, "catalogue.id-kind", "only a field of kind id names a kind of identifier");
    else if (zt_id_kind_parse(raw->id, &field->id_kind) != ZT_OK)
        zt_report(b, &key, "catalogue.id-kind",
                  "'%s' is no kind of identifier; write citizen, uscc, hmt-resident, foreign-permanent, "
                  "passport, home-return, taiwan-permit or licence, or leave it out for any",
                  raw->id);
}

static void check_tag(struct zt_build *b, const struct zt_place *at, uint32_t tag)
{
    struct zt_place key = zt_place_in(at, "tag");
    if (tag == 0)
        zt_report(b, &key, "catalogue.tag-zero", "a field needs a 'tag' from 1 to %u that is never reused",
                  TAG_MAX);
    else if (tag > TAG_MAX)
        zt_report(b, &key, "catalogue.tag", "tag %u is above %u", tag, TAG_MAX);
}

void zt_link_field(struct zt_build *b, const struct zt_place *at, const struct zt_raw_field *raw,
                   unsigned record_grade, struct zt_field_type *field)
{
    *field = (struct zt_field_type){
        .tag = raw->tag,
        .name = zt_keep(b, raw->name),
        .name_zh = zt_keep(b, raw->zh),
        .pinyin = zt_keep(b, raw->pinyin),
        .max_len = raw->max,
        .scale = raw->scale,
        .grade = raw->grade ? raw->grade : record_grade,
        .many = raw->many,
        .required = raw->required,
    };
    zt_check_name(b, at, "name", raw->name);
    zt_check_text(b, at, "zh", raw->zh);
    check_tag(b, at, raw->tag);
    struct zt_place key = zt_place_in(at, "grade");
    if (raw->grade > GRADE_MAX)
        zt_report(b, &key, "catalogue.grade", "grade is 1 to %d, this is %u", GRADE_MAX, raw->grade);
    key = zt_place_in(at, "kind");
    int kind = zt_check_word(b, &key, "catalogue.kind", raw->kind, kind_words,
                             sizeof kind_words / sizeof *kind_words);
    if (kind < 0)
        return;
    field->kind = (enum zt_kind)kind;
    if (field->kind == ZT_KIND_MONEY)
        field->scale = 2;
    check_max(b, at, raw, field->kind);
    link_table(b, at, raw, field);
    link_id(b, at, raw, field);
}
