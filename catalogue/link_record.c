// SPDX-License-Identifier: Apache-2.0
// Record types: their fields, whom they are about, how they are shared.
#include <string.h>

#include "catalogue/build.h"
#include "catalogue/rules.h"

#define REFRESH_MAX 7
#define GRADE_MAX   4

// How old an answer may be when the file does not say: a little more than the refresh cycle. Cycles are the
// city platform's: 1 at once, 2 daily, 3 weekly, 4 monthly, 5 quarterly, 6 half-yearly, 7 yearly.
static const uint32_t default_max_age[REFRESH_MAX + 1] = {
    0, 3600, 2 * 86400, 10 * 86400, 40 * 86400, 100 * 86400, 200 * 86400, 400 * 86400,
};
#define DEFAULT_RETENTION 36 // months: sharing logs are kept three years (Order 790, article 12)

static const char *const subject_words[] = {
    [ZT_PERSON] = "person",
    [ZT_ORGANISATION] = "organisation",
    [ZT_EITHER] = "either",
    [ZT_THING] = "thing",
};

static void link_fields(struct zt_build *b, const struct zt_place *record, const struct zt_raw_record *raw,
                        struct zt_record_type *type)
{
    struct zt_field_type *fields = zt_room(b, raw->field_count, sizeof *fields);
    if (!fields)
        return;
    type->fields = fields;
    if (!raw->field_count)
        zt_report(b, record, "catalogue.empty", "a record type has at least one field");
    for (unsigned i = 0; i < raw->field_count; i++) {
        struct zt_place at = zt_place_in(record, "fields[%u]", i);
        zt_link_field(b, &at, &raw->fields[i], type->grade, &fields[i]);
        for (unsigned j = 0; j < i; j++) {
            struct zt_place key = zt_place_in(&at, "tag");
            if (fields[i].tag && fields[i].tag == fields[j].tag)
                zt_report(b, &key, "catalogue.duplicate-tag", "tag %u is already that of field '%s'",
                          fields[i].tag, fields[j].name);
            key = zt_place_in(&at, "name");
            if (*fields[i].name && !strcmp(fields[i].name, fields[j].name))
                zt_report(b, &key, "catalogue.duplicate-field", "field '%s' is already there",
                          fields[i].name);
        }
        type->field_count = i + 1;
    }
}

static void link_key(struct zt_build *b, const struct zt_place *record, const struct zt_raw_record *raw,
                     struct zt_record_type *type)
{
    const struct zt_field_type **key = zt_room(b, raw->key_count, sizeof *key);
    if (!key)
        return;
    for (unsigned i = 0; i < raw->key_count; i++) {
        struct zt_place at = zt_place_in(record, "key[%u]", i);
        key[i] = zt_record_type_field(type, raw->key[i]);
        if (!key[i])
            zt_report(b, &at, "catalogue.unknown-field", "%s has no field '%s'", type->id, raw->key[i]);
        else if (key[i]->many || !key[i]->required)
            zt_report(b, &at, "catalogue.key", "a field of the key is required and single; '%s' is not",
                      raw->key[i]);
    }
    type->key = key;
    type->key_count = raw->key_count;
}

static void check_sharing(struct zt_build *b, const struct zt_place *at, const struct zt_raw_record *raw)
{
    struct zt_place key = zt_place_in(at, "share");
    if (!raw->share || strlen(raw->share) != 1 || !strchr("UCN", raw->share[0]))
        zt_report(b, &key, "catalogue.share",
                  "share is U (unconditional), C (conditional) or N (not shared), this is '%s'",
                  raw->share ? raw->share : "");
    key = zt_place_in(at, "refresh");
    if (raw->refresh < 1 || raw->refresh > REFRESH_MAX)
        zt_report(b, &key, "catalogue.refresh", "refresh is 1 (at once) to 7 (yearly), this is %u",
                  raw->refresh);
    key = zt_place_in(at, "grade");
    if (raw->grade < 1 || raw->grade > GRADE_MAX)
        zt_report(b, &key, "catalogue.grade", "grade is 1 to %d, this is %u", GRADE_MAX, raw->grade);
}

static const struct zt_department *department_of(struct zt_build *b, const struct zt_raw_file *file,
                                                 const char *id)
{
    struct zt_place at = zt_place_of(file, "department");
    if (!zt_text_is(id)) {
        zt_report(b, &at, "catalogue.missing", "'department' must be given");
        return NULL;
    }
    const struct zt_department *department = zt_catalogue_department(b->c, id);
    if (!department)
        zt_report_unknown(b, &at, ZT_FILE_DEPARTMENTS, "department", id, &b->c->department_by_id);
    return department;
}

static void link_record(struct zt_build *b, const struct zt_place *at, const struct zt_raw_record *raw,
                        const struct zt_department *department, struct zt_record_type *type)
{
    uint32_t refresh = raw->refresh <= REFRESH_MAX ? raw->refresh : 0;
    *type = (struct zt_record_type){
        .id = zt_keep(b, raw->id),
        .name_zh = zt_keep(b, raw->name_zh),
        .name_en = zt_keep(b, raw->name_en),
        .department = department,
        .share = raw->share ? raw->share[0] : 'N',
        .refresh = refresh,
        .max_age = raw->max_age ? raw->max_age : default_max_age[refresh],
        .retention = raw->retention ? raw->retention : DEFAULT_RETENTION,
        .grade = raw->grade,
        .consent = raw->consent,
    };
    zt_enter(b, at, "id", &b->c->record_by_id, type->id, type);
    zt_check_text(b, at, "name_zh", raw->name_zh);
    zt_check_text(b, at, "name_en", raw->name_en);
    check_sharing(b, at, raw);
    struct zt_place key = zt_place_in(at, "subject");
    int kind = zt_check_word(b, &key, "catalogue.subject", raw->subject, subject_words,
                             sizeof subject_words / sizeof *subject_words);
    type->subject_kind = kind < 0 ? ZT_THING : (enum zt_subject_kind)kind;
    link_fields(b, at, raw, type);
    link_key(b, at, raw, type);
    zt_link_subjects(b, at, raw, type);
}

void zt_link_records(struct zt_build *b)
{
    size_t total = 0;
    const struct zt_raw_file *file;
    for (file = zt_build_next(b, ZT_FILE_RECORDS, NULL); file; file = zt_build_next(b, ZT_FILE_RECORDS, file))
        total += ((const struct zt_raw_records *)file->data)->count;
    b->c->records = zt_room(b, total, sizeof *b->c->records);
    zt_room_index(b, &b->c->record_by_id, total);
    if (b->err != ZT_OK)
        return;
    for (file = zt_build_next(b, ZT_FILE_RECORDS, NULL); file;
         file = zt_build_next(b, ZT_FILE_RECORDS, file)) {
        const struct zt_raw_records *raw = file->data;
        const struct zt_department *department = department_of(b, file, raw->department);
        for (unsigned i = 0; i < raw->count && b->err == ZT_OK; i++) {
            struct zt_place at = zt_place_of(file, "record_types[%u]", i);
            link_record(b, &at, &raw->list[i], department, &b->c->records[b->c->record_count++]);
        }
    }
}
