// SPDX-License-Identifier: Apache-2.0
// Certificate types: who issues, under which GB/T 36904 type code, for how long, with which sentences.
#include <string.h>

#include "catalogue/build.h"
#include "catalogue/rules.h"

#define USCC_LEN      18
#define TYPE_CODE_LEN 21
#define VALIDITY_MAX  36500 // days: a hundred years is a slip of the pen

static const char *const subject_words[] = {
    [ZT_PERSON] = "person",
    [ZT_ORGANISATION] = "organisation",
    [ZT_EITHER] = "either",
    [ZT_THING] = NULL,
};

static void check_type_code(struct zt_build *b, const struct zt_place *cert, const char *code,
                            const struct zt_cert_type *type, struct zt_index *codes)
{
    struct zt_place at = zt_place_in(cert, "type_code");
    if (!zt_check_text(b, cert, "type_code", code))
        return;
    if (strlen(code) != TYPE_CODE_LEN || strspn(code + USCC_LEN, "0123456789") != TYPE_CODE_LEN - USCC_LEN) {
        zt_report(b, &at, "catalogue.type-code",
                  "'%s' is no type code: the 18 characters of the body that defines it and 3 digits (GB/T "
                  "36904)",
                  code);
        return;
    }
    char uscc[USCC_LEN + 1] = {0};
    memcpy(uscc, code, USCC_LEN);
    zt_check_uscc(b, &at, uscc);
    const struct zt_cert_type *other = zt_index_put(codes, zt_bytes_str(type->type_code), type);
    if (other)
        zt_report(b, &at, "catalogue.duplicate-type-code", "type code '%s' is already that of '%s'", code,
                  other->id);
}

static const char *own_or(const char *own, const char *shared)
{
    return zt_text_is(own) ? own : shared;
}

static void link_sentences(struct zt_build *b, const struct zt_place *at, const struct zt_raw_certs *file,
                           const struct zt_raw_cert *raw, struct zt_cert_type *type)
{
    const char *restriction_zh = own_or(raw->restriction_zh, file->restriction_zh);
    const char *restriction_en = own_or(raw->restriction_en, file->restriction_en);
    const char *objection_zh = own_or(raw->objection_zh, file->objection_zh);
    const char *objection_en = own_or(raw->objection_en, file->objection_en);
    zt_check_text(b, at, "restriction_zh", restriction_zh);
    zt_check_text(b, at, "restriction_en", restriction_en);
    zt_check_text(b, at, "objection_zh", objection_zh);
    zt_check_text(b, at, "objection_en", objection_en);
    zt_check_text(b, at, "wording_zh", raw->wording_zh);
    zt_check_text(b, at, "wording_en", raw->wording_en);
    type->restriction_zh = zt_keep(b, restriction_zh);
    type->restriction_en = zt_keep(b, restriction_en);
    type->objection_zh = zt_keep(b, objection_zh);
    type->objection_en = zt_keep(b, objection_en);
    type->wording_zh = zt_keep(b, raw->wording_zh);
    type->wording_en = zt_keep(b, raw->wording_en);
}

static const struct zt_department *issuer_of(struct zt_build *b, const struct zt_raw_file *file,
                                             const char *id)
{
    struct zt_place at = zt_place_of(file, "department");
    if (!zt_text_is(id)) {
        zt_report(b, &at, "catalogue.missing", "'department' must be given: it issues these certificates");
        return NULL;
    }
    const struct zt_department *department = zt_catalogue_department(b->c, id);
    if (!department)
        zt_report_unknown(b, &at, ZT_FILE_DEPARTMENTS, "department", id, &b->c->department_by_id);
    return department;
}

static void link_cert(struct zt_build *b, const struct zt_place *at, const struct zt_raw_certs *file,
                      const struct zt_raw_cert *raw, struct zt_cert_type *type, struct zt_index *codes)
{
    type->id = zt_keep(b, raw->id);
    type->name_zh = zt_keep(b, raw->name_zh);
    type->name_en = zt_keep(b, raw->name_en);
    type->type_code = zt_keep(b, raw->type_code);
    type->validity_days = raw->validity_days;
    zt_enter(b, at, "id", &b->c->cert_by_id, type->id, type);
    zt_check_text(b, at, "name_zh", raw->name_zh);
    zt_check_text(b, at, "name_en", raw->name_en);
    check_type_code(b, at, raw->type_code, type, codes);
    struct zt_place key = zt_place_in(at, "validity_days");
    if (raw->validity_days > VALIDITY_MAX)
        zt_report(b, &key, "catalogue.validity", "%u days is more than %d; 0 means no fixed end",
                  raw->validity_days, VALIDITY_MAX);
    key = zt_place_in(at, "subject");
    int kind = zt_check_word(b, &key, "catalogue.subject", raw->subject, subject_words,
                             sizeof subject_words / sizeof *subject_words);
    type->subject_kind = kind < 0 ? ZT_EITHER : (enum zt_subject_kind)kind;
    link_sentences(b, at, file, raw, type);
    zt_link_cert_rules(b, at, raw, type);
    zt_link_cert_fields(b, at, raw, type);
}

void zt_link_certs(struct zt_build *b)
{
    size_t total = 0;
    const struct zt_raw_file *file;
    for (file = zt_build_next(b, ZT_FILE_CERTS, NULL); file; file = zt_build_next(b, ZT_FILE_CERTS, file))
        total += ((const struct zt_raw_certs *)file->data)->count;
    struct zt_index codes = {0};
    b->c->certs = zt_room(b, total, sizeof *b->c->certs);
    zt_room_index(b, &b->c->cert_by_id, total);
    zt_room_index(b, &codes, total);
    if (b->err != ZT_OK)
        return;
    for (file = zt_build_next(b, ZT_FILE_CERTS, NULL); file; file = zt_build_next(b, ZT_FILE_CERTS, file)) {
        const struct zt_raw_certs *raw = file->data;
        const struct zt_department *issuer = issuer_of(b, file, raw->department);
        for (unsigned i = 0; i < raw->count && b->err == ZT_OK; i++) {
            struct zt_place at = zt_place_of(file, "certificate_types[%u]", i);
            struct zt_cert_type *type = &b->c->certs[b->c->cert_count++];
            type->issuer = issuer;
            link_cert(b, &at, raw, &raw->list[i], type, &codes);
        }
    }
}
