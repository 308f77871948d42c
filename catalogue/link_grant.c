// SPDX-License-Identifier: Apache-2.0
// Grants: which party may get what, for which item and purpose, in which mode.
#include <stdio.h>
#include <string.h>

#include "base/yaml.h"
#include "catalogue/build.h"

static const char *const mode_words[] = {[ZT_MODE_VERIFY] = "verify",
                                         [ZT_MODE_FETCH] = "fetch",
                                         [ZT_MODE_ISSUE] = "issue",
                                         [ZT_MODE_RESOLVE] = "resolve"};

size_t zt_grant_key(char out[static 3 * ZT_NAME_MAX], const char *party, const char *item, const char *type)
{
    int len = snprintf(out, 3 * ZT_NAME_MAX, "%s%c%s%c%s", party, 0, item, 0, type);
    return len < 0 || len >= 3 * ZT_NAME_MAX ? 0 : (size_t)len;
}

static void link_party_and_item(struct zt_build *b, const struct zt_place *at, const struct zt_raw_grant *raw,
                                struct zt_grant *grant)
{
    struct zt_place key = zt_place_in(at, "party");
    if (zt_check_text(b, at, "party", raw->party)) {
        grant->party = zt_catalogue_party(b->c, raw->party);
        if (!grant->party)
            zt_report_unknown(b, &key, ZT_FILE_PARTIES, "party", raw->party, &b->c->party_by_id);
        else if (!(grant->party->roles & (ZT_ROLE_CONSUMER | ZT_ROLE_GATEWAY)))
            zt_report(b, &key, "catalogue.grant-role", "'%s' is no consumer, so it can use no grant",
                      raw->party);
    }
    key = zt_place_in(at, "item");
    if (zt_check_text(b, at, "item", raw->item)) {
        grant->item = zt_catalogue_item(b->c, raw->item);
        if (!grant->item)
            zt_report_unknown(b, &key, ZT_FILE_ITEMS, "item", raw->item, &b->c->item_by_code);
    }
}

static void link_target(struct zt_build *b, const struct zt_place *at, const struct zt_raw_grant *raw,
                        struct zt_grant *grant)
{
    bool record = zt_text_is(raw->record), cert = zt_text_is(raw->certificate);
    struct zt_place key = zt_place_in(at, record ? "record" : "certificate");
    if (record == cert) {
        zt_report(b, &key, "catalogue.grant-target", "a grant names either a 'record' or a 'certificate'");
    } else if (record) {
        grant->record = zt_catalogue_record_type(b->c, raw->record);
        if (!grant->record)
            zt_report_unknown(b, &key, ZT_FILE_RECORDS, "record-type", raw->record, &b->c->record_by_id);
    } else {
        grant->cert = zt_catalogue_cert_type(b->c, raw->certificate);
        if (!grant->cert)
            zt_report_unknown(b, &key, ZT_FILE_CERTS, "certificate-type", raw->certificate,
                              &b->c->cert_by_id);
    }
}

static void link_modes(struct zt_build *b, const struct zt_place *at, const struct zt_raw_grant *raw,
                       struct zt_grant *grant)
{
    struct zt_place key = zt_place_in(at, "modes");
    if (!raw->mode_count)
        zt_report(b, &key, "catalogue.empty", "name at least one mode");
    for (unsigned i = 0; i < raw->mode_count; i++) {
        key = zt_place_in(at, "modes[%u]", i);
        int mode = zt_check_word(b, &key, "catalogue.mode", raw->modes[i], mode_words,
                                 sizeof mode_words / sizeof *mode_words);
        if (mode < 0)
            continue;
        if (grant->record && (mode == ZT_MODE_ISSUE || mode == ZT_MODE_RESOLVE))
            zt_report(b, &key, "catalogue.mode", "'%s' is for certificates; a record is verified or fetched",
                      raw->modes[i]);
        if (grant->cert && (mode == ZT_MODE_VERIFY || mode == ZT_MODE_FETCH))
            zt_report(b, &key, "catalogue.mode", "'%s' is for records; a certificate is issued or resolved",
                      raw->modes[i]);
        grant->modes |= 1U << mode;
    }
}

static void link_fields(struct zt_build *b, const struct zt_place *at, const struct zt_raw_grant *raw,
                        struct zt_grant *grant)
{
    struct zt_place key = zt_place_in(at, "fields");
    if (grant->record && !raw->field_count)
        zt_report(b, &key, "catalogue.empty", "name the fields that may be answered, no more than needed");
    if (grant->cert && raw->field_count)
        zt_report(b, &key, "catalogue.grant-field", "the fields of a certificate are those of its type");
    const struct zt_field_type **fields = zt_room(b, raw->field_count, sizeof *fields);
    if (!fields || !grant->record)
        return;
    if (raw->field_count > ZT_ASK_MAX)
        zt_report(b, &key, "catalogue.grant-field", "at most %d fields", ZT_ASK_MAX);
    for (unsigned i = 0; i < raw->field_count; i++) {
        key = zt_place_in(at, "fields[%u]", i);
        fields[i] = zt_record_type_field(grant->record, raw->fields[i]);
        if (!fields[i])
            zt_report(b, &key, "catalogue.grant-field", "%s has no field '%s'", grant->record->id,
                      raw->fields[i]);
        for (unsigned j = 0; j < i; j++)
            if (fields[i] && fields[i] == fields[j])
                zt_report(b, &key, "catalogue.duplicate", "field '%s' is already named", raw->fields[i]);
    }
    grant->fields = fields;
    grant->field_count = raw->field_count;
}

static void check_purposes(struct zt_build *b, const struct zt_place *at, const struct zt_grant *grant)
{
    for (size_t i = 0; i < grant->purpose_count; i++) {
        struct zt_place key = zt_place_in(at, "purposes[%zu]", i);
        if (grant->item && grant->purposes[i] && !zt_item_has_purpose(grant->item, grant->purposes[i]->code))
            zt_report(b, &key, "catalogue.grant-purpose", "'%s' is no purpose of item %s",
                      grant->purposes[i]->code, grant->item->code);
    }
}

static bool rests_on_consent(const struct zt_grant *grant)
{
    bool consent = grant->record && grant->record->consent;
    for (size_t i = 0; grant->cert && i < grant->cert->record_count; i++)
        consent = consent || (grant->cert->records[i] && grant->cert->records[i]->consent);
    return consent;
}

static void check_terms(struct zt_build *b, const struct zt_place *at, const struct zt_raw_grant *raw,
                        struct zt_grant *grant)
{
    struct zt_place key = zt_place_in(at, "valid_from");
    zt_check_date(b, &key, raw->valid_from);
    key = zt_place_in(at, "valid_to");
    if (zt_check_date(b, &key, raw->valid_to) && *grant->valid_to && *grant->valid_from &&
        strcmp(grant->valid_from, grant->valid_to) > 0)
        zt_report(b, &key, "catalogue.date", "the grant ends on %s, before it begins", grant->valid_to);
    key = zt_place_in(at, "consent");
    if (rests_on_consent(grant) && !raw->consent)
        zt_report(b, &key, "catalogue.grant-consent",
                  "credit data is never given without the subject's consent: write 'consent: true'");
    key = zt_place_in(at, "record");
    if (grant->record && grant->record->share == 'N')
        zt_report(b, &key, "catalogue.grant-share", "%s is not shared", grant->record->id);
}

static void enter(struct zt_build *b, const struct zt_place *at, struct zt_grant *grant)
{
    const char *type = grant->record ? grant->record->id : grant->cert ? grant->cert->id : NULL;
    if (!type || !grant->party || !grant->item)
        return;
    char joined[3 * ZT_NAME_MAX];
    size_t len = zt_grant_key(joined, grant->party->id, grant->item->code, type);
    char *kept = zt_arena_strndup(&b->c->arena, joined, len);
    if (!kept) {
        b->err = ZT_E_NOMEM;
        return;
    }
    const struct zt_grant *other =
        zt_index_put(&b->c->grant_by_key, (struct zt_bytes){(const uint8_t *)kept, len}, grant);
    if (other)
        zt_report(b, at, "catalogue.duplicate", "party, item and type are already granted in %s",
                  other->place);
}

static void link_grant(struct zt_build *b, const struct zt_place *at, const struct zt_raw_grant *raw,
                       struct zt_grant *grant)
{
    grant->consent = raw->consent;
    grant->stale_ok = raw->stale_ok;
    grant->officers = zt_text_is(raw->officers) ? zt_keep(b, raw->officers) : "*";
    grant->valid_from = zt_keep(b, raw->valid_from);
    grant->valid_to = zt_keep(b, raw->valid_to);
    link_party_and_item(b, at, raw, grant);
    link_target(b, at, raw, grant);
    link_modes(b, at, raw, grant);
    link_fields(b, at, raw, grant);
    grant->purposes = zt_link_purposes(b, at, raw->purposes, raw->purpose_count);
    grant->purpose_count = grant->purposes ? raw->purpose_count : 0;
    check_purposes(b, at, grant);
    check_terms(b, at, raw, grant);
    enter(b, at, grant);
}

// "grants/demo.yaml:12": what an explanation shows to people.
static const char *place_text(struct zt_build *b, const struct zt_raw_file *file, unsigned line)
{
    const char *text = zt_arena_printf(&b->c->arena, "%s:%u", file->name, line);
    if (!text)
        b->err = ZT_E_NOMEM;
    return text ? text : "";
}

static void link_file(struct zt_build *b, const struct zt_raw_file *file)
{
    const struct zt_raw_grants *raw = file->data;
    unsigned *lines = zt_room(b, raw->count, sizeof *lines);
    if (!lines)
        return;
    if (raw->count && zt_yaml_entry_lines(file->path, "grants", lines, raw->count) != ZT_OK) {
        struct zt_place at = zt_place_of(file, "grants");
        zt_report(b, &at, "catalogue.changed", "the file changed while it was read; load again");
        return;
    }
    for (unsigned i = 0; i < raw->count && b->err == ZT_OK; i++) {
        struct zt_place at = zt_place_of(file, "grants[%u]", i);
        struct zt_grant *grant = &b->c->grants[b->c->grant_count++];
        grant->place = place_text(b, file, lines[i]);
        link_grant(b, &at, &raw->list[i], grant);
    }
}

void zt_link_grants(struct zt_build *b)
{
    size_t total = 0;
    const struct zt_raw_file *file;
    for (file = zt_build_next(b, ZT_FILE_GRANTS, NULL); file; file = zt_build_next(b, ZT_FILE_GRANTS, file))
        total += ((const struct zt_raw_grants *)file->data)->count;
    b->c->grants = zt_room(b, total, sizeof *b->c->grants);
    zt_room_index(b, &b->c->grant_by_key, total);
    for (file = zt_build_next(b, ZT_FILE_GRANTS, NULL); file && b->err == ZT_OK;
         file = zt_build_next(b, ZT_FILE_GRANTS, file))
        link_file(b, file);
}
