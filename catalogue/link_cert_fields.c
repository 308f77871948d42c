// SPDX-License-Identifier: Apache-2.0
// What a certificate type shows, and from where: "ps.resident_identity.name", or "hf.unit_account@valid_from"
// for a part of the record's envelope.
#include <stdio.h>
#include <string.h>

#include "catalogue/build.h"
#include "catalogue/rules.h"

// As many claims as a statement takes: certs/statement.h.
#define CLAIMS_MAX 64

static const char *const envelope_words[] = {"valid_from", "valid_to", "state", "region"};

static void link_envelope(struct zt_build *b, const struct zt_place *at, const char *name,
                          struct zt_cert_field *field)
{
    int word = zt_check_word(b, at, "catalogue.envelope", name, envelope_words,
                             sizeof envelope_words / sizeof *envelope_words);
    field->envelope = word < 0 ? NULL : envelope_words[word];
}

static void link_field_of(struct zt_build *b, const struct zt_place *at, const char *name,
                          struct zt_cert_field *field)
{
    field->field = zt_record_type_field(field->record, name);
    if (!field->field)
        zt_report(b, at, "catalogue.unknown-field", "%s has no field '%s'", field->record->id, name);
    else if (field->field->kind == ZT_KIND_BINARY)
        zt_report(b, at, "catalogue.certificate-field", "'%s' is binary; a certificate shows text", name);
}

static bool rests_on(const struct zt_cert_type *type, const struct zt_record_type *record)
{
    for (size_t i = 0; i < type->rule_count; i++)
        if (type->rules[i].record == record && type->rules[i].need != ZT_NEED_NONE)
            return true;
    return false;
}

static void link_from(struct zt_build *b, const struct zt_place *at, const char *from,
                      const struct zt_cert_type *type, struct zt_cert_field *field)
{
    char record[2 * ZT_NAME_MAX];
    const char *sign = strchr(from, '@');
    const char *mark = sign ? sign : strrchr(from, '.');
    if (!mark || mark == from || (size_t)(mark - from) >= sizeof record) {
        zt_report(b, at, "catalogue.from", "'%s': write record_type.field or record_type@valid_to", from);
        return;
    }
    snprintf(record, sizeof record, "%.*s", (int)(mark - from), from);
    field->record = zt_catalogue_record_type(b->c, record);
    if (!field->record) {
        zt_report_unknown(b, at, ZT_FILE_RECORDS, "record-type", record, &b->c->record_by_id);
        return;
    }
    if (!rests_on(type, field->record))
        zt_report(b, at, "catalogue.not-derived",
                  "%s is not among the 'records' that must or may be there, so it shows nothing", record);
    if (sign)
        link_envelope(b, at, mark + 1, field);
    else
        link_field_of(b, at, mark + 1, field);
}

// What the statement itself says, and what the formats around it keep for themselves: certs/claims.c has the
// same list and refuses to sign such a claim (RFC 7519, draft-ietf-oauth-sd-jwt-vc, RFC 9901,
// docs/certificate-format.md).
static bool claim_reserved(const char *name)
{
    static const char *const names[] = {
        "iss",           "sub",
        "aud",           "exp",
        "nbf",           "iat",
        "jti",           "vct",
        "cnf",           "status",
        "_sd",           "_sd_alg",
        "title",         "title_en",
        "issuer",        "use",
        "restriction",   "objection",
        "sources",       "ledger",
        "labels",        "holder_id_type",
        "holder_number", "holder_name",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

static bool claim_taken(const struct zt_cert_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(fields[i].name, name))
            return true;
    return false;
}

void zt_link_cert_fields(struct zt_build *b, const struct zt_place *cert, const struct zt_raw_cert *raw,
                         struct zt_cert_type *type)
{
    struct zt_cert_field *fields = zt_room(b, raw->field_count, sizeof *fields);
    if (!fields)
        return;
    struct zt_place list = zt_place_in(cert, "fields");
    if (!raw->field_count && !type->proof_of_none)
        zt_report(b, &list, "catalogue.empty", "a certificate shows at least one field");
    if (raw->field_count > CLAIMS_MAX)
        zt_report(b, &list, "catalogue.certificate-field", "a certificate shows at most %d fields",
                  CLAIMS_MAX);
    for (unsigned i = 0; i < raw->field_count; i++) {
        const struct zt_raw_show *show = &raw->fields[i];
        struct zt_place at = zt_place_in(cert, "fields[%u]", i), key = zt_place_in(&at, "name");
        fields[i].name = zt_keep(b, show->name);
        fields[i].name_zh = zt_keep(b, show->zh);
        fields[i].disclosable = !show->always;
        if (zt_check_name(b, &at, "name", show->name) && claim_taken(fields, i, show->name))
            zt_report(b, &key, "catalogue.duplicate-field", "'%s' is already shown", show->name);
        if (zt_text_is(show->name) && claim_reserved(show->name))
            zt_report(b, &key, "catalogue.reserved-claim",
                      "'%s' means something else in every certificate; choose another name", show->name);
        zt_check_text(b, &at, "zh", show->zh);
        key = zt_place_in(&at, "from");
        if (zt_check_text(b, &at, "from", show->from))
            link_from(b, &key, show->from, type, &fields[i]);
    }
    type->fields = fields;
    type->field_count = raw->field_count;
}
