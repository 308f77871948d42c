// SPDX-License-Identifier: Apache-2.0
// The city as data: what exists, who may ask what, and which words people read. Loaded from a folder of YAML
// files, immutable afterwards, shared by reference.
//
// Rules: zt_catalogue_load is all or nothing and collects every error. A catalogue is read only, so any
// thread may read it; hold/release count references and are thread safe. Pointers into it live as long as a
// reference is held. Finding by name is a hash look-up: its cost does not depend on the catalogue's size.
#ifndef ZT_CATALOGUE_CATALOGUE_H
#define ZT_CATALOGUE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto/hash.h"
#include "base/crypto/sign.h"
#include "base/err.h"
#include "base/id/id.h"
#include "base/net/net.h"
#include "proto/lookup.h"

enum zt_kind { // of a field
    ZT_KIND_TEXT = 1,
    ZT_KIND_INTEGER,
    ZT_KIND_DECIMAL, // scaled by 10^scale
    ZT_KIND_MONEY,   // fen
    ZT_KIND_DATE,
    ZT_KIND_TIMESTAMP,
    ZT_KIND_BOOLEAN,
    ZT_KIND_CODE, // of `table`
    ZT_KIND_ID,   // identifier of kind `id_kind`, or of any kind
    ZT_KIND_BINARY,
};
const char *zt_kind_name(enum zt_kind kind); // "text", "money", ...
enum zt_subject_kind { ZT_PERSON = 1, ZT_ORGANISATION = 2, ZT_EITHER = 3, ZT_THING = 4 };

struct zt_code {
    const char *code, *name_zh, *name_en;
};
struct zt_code_table {
    const char *id; // "T-SEX"
    const char *name_zh, *name_en, *source;
    const struct zt_code *codes;
    size_t code_count;
    bool open; // we hold a part of it: other codes of digits and the same length are taken too
};
struct zt_department {
    const char *id; // "civil_affairs"
    const char *name_zh, *name_en;
    const char *uscc;
};
struct zt_field_type {
    uint32_t tag; // never reused
    const char *name, *name_zh, *pinyin;
    enum zt_kind kind;
    unsigned max_len; // text: characters; integer, decimal, money: digits; binary: bytes
    unsigned scale;   // for decimals
    const struct zt_code_table *table;
    enum zt_id_kind id_kind; // ZT_ID_UNKNOWN: any
    unsigned grade;          // 1..4
    bool many, required;
};
struct zt_record_type {
    const char *id; // "ca.marriage_registration"
    const char *name_zh, *name_en;
    const struct zt_department *department;
    enum zt_subject_kind subject_kind;
    char share;         // 'U', 'C', 'N'
    unsigned refresh;   // 1..7
    uint32_t max_age;   // seconds
    uint32_t retention; // months
    unsigned grade;
    bool consent; // never without the subject's consent (credit data)
    const struct zt_field_type *fields;
    size_t field_count;
    const struct zt_subject_rule *subjects; // whom it is about: catalogue/rules.h
    size_t subject_count;
    const struct zt_field_type *const *key; // fields whose values, joined by "+", make the record's key;
    size_t key_count;                       // none: the source has a key of its own
};
// One thing a certificate shows.
struct zt_cert_field {
    const char *name, *name_zh; // claim name in the statement and label on paper
    const struct zt_record_type *record;
    const struct zt_field_type *field; // NULL: the envelope field named in `envelope`
    const char *envelope;              // "valid_from", "valid_to", "state", "region" or NULL
    bool disclosable;                  // own salted digest: the holder may leave it out
};
struct zt_cert_type {
    const char *id; // "hpf_personal_deposit"
    const char *name_zh, *name_en;
    const char *type_code; // 21 characters of GB/T 36904
    enum zt_subject_kind subject_kind;
    const struct zt_department *issuer;
    unsigned validity_days; // 0: while the source record is in force
    bool proof_of_none;     // says that no record exists: only from a fresh, complete source
    const struct zt_record_type *const *records; // that it rests on; the first must exist
    size_t record_count;
    const struct zt_cert_field *fields;
    size_t field_count;
    const char *restriction_zh, *objection_zh, *wording_zh;
    const char *restriction_en, *objection_en, *wording_en;
    const struct zt_cert_rule *rules; // what must be on record, or must not be: catalogue/rules.h
    size_t rule_count;
};
struct zt_purpose {
    const char *code, *name_zh, *name_en, *basis; // legal basis
};
struct zt_item {
    const char *code; // "hpf.withdraw.commercial-loan"
    const char *name_zh, *name_en;
    const struct zt_department *department;
    const struct zt_purpose *const *purposes;
    size_t purpose_count;
    const struct zt_cert_type *const *proofs; // that the item asks for
    size_t proof_count;
    const bool *exempt;   // beside proofs: obtained by sharing, the applicant brings nothing
    const char *basis;    // legal basis or published source of the item
    const char *keywords; // further words that people search for, Chinese and English
};

enum zt_role { // bits; operator, auditor and producer/consumer exclude each other
    ZT_ROLE_PRODUCER = 1,
    ZT_ROLE_CONSUMER = 2,
    ZT_ROLE_AUDITOR = 4,
    ZT_ROLE_OPERATOR = 8,
    ZT_ROLE_IDENTITY = 16,
    ZT_ROLE_GATEWAY = 32,
};
struct zt_party_key { // a signing key: a department's for batches, an identity provider's for consent
    const char *key_id;
    enum zt_sig_alg alg;
    struct zt_bytes spki; // DER
};
struct zt_party {
    const char *id; // "hpf-centre-app": also the User-Id of its connections
    const char *name_zh, *name_en, *uscc;
    unsigned roles;
    bool revoked;
    bool has_curve;
    uint8_t curve[ZT_CURVE_KEY_LEN];
    const struct zt_party_key *keys;
    size_t key_count;
    const char *const *sources; // producer: streams it may publish, "civil_affairs.marriage"
    size_t source_count;
    const struct zt_department
        *department; // producer: whose record types it may publish; NULL: `record_types` says
    const struct zt_record_type *const *record_types;
    size_t record_type_count;
};
struct zt_grant {
    const struct zt_party *party;
    const struct zt_item *item;
    const struct zt_record_type *record; // one of record, cert is set
    const struct zt_cert_type *cert;
    unsigned modes; // bit (1 << enum zt_mode)
    const struct zt_purpose *const *purposes;
    size_t purpose_count;
    const struct zt_field_type *const *fields; // of `record`; none with cert
    size_t field_count;
    bool consent;                      // a consent token is needed
    bool stale_ok;                     // a stale answer may be served, marked
    const char *officers;              // glob, "*" for any
    const char *valid_from, *valid_to; // YYYY-MM-DD; "" open
    const char *place;                 // "grants/demo.yaml:12" for explanations
};
struct zt_source_info { // which record types a stream carries, for freshness
    const char *id;
    const struct zt_party *party;
    const struct zt_record_type *const *record_types;
    size_t record_type_count;
};

struct zt_catalogue;

struct zt_faults { // every error of one load
    struct zt_fault *list;
    size_t count, cap;
};
void zt_faults_fini(struct zt_faults *faults);

// Reads DIR (layout: catalogue/README.md). `parties_dir`: a second folder with parties/*.yaml and
// grants/*.yaml of this installation, or NULL. On failure *out is untouched and `faults` (emptied first, may
// be NULL) holds every error with file:line:column.
ZT_MUST_USE enum zt_err zt_catalogue_load(const char *dir, const char *parties_dir, struct zt_catalogue **out,
                                          struct zt_faults *faults);
struct zt_catalogue *zt_catalogue_hold(struct zt_catalogue *catalogue);
void zt_catalogue_release(struct zt_catalogue **catalogue);
const uint8_t *
zt_catalogue_digest(const struct zt_catalogue *catalogue); // SM3 over all its files, ZT_HASH_LEN bytes

// Finders; NULL when there is none.
const struct zt_department *zt_catalogue_department(const struct zt_catalogue *c, const char *id);
const struct zt_code_table *zt_catalogue_code_table(const struct zt_catalogue *c, const char *id);
const struct zt_record_type *zt_catalogue_record_type(const struct zt_catalogue *c, const char *id);
const struct zt_cert_type *zt_catalogue_cert_type(const struct zt_catalogue *c, const char *id);
const struct zt_purpose *zt_catalogue_purpose(const struct zt_catalogue *c, const char *code);
const struct zt_item *zt_catalogue_item(const struct zt_catalogue *c, const char *code);
const struct zt_party *zt_catalogue_party(const struct zt_catalogue *c, const char *id);
const struct zt_party *zt_catalogue_party_by_curve(const struct zt_catalogue *c,
                                                   const uint8_t key[static ZT_CURVE_KEY_LEN]);
// The grant of (party, item, type) where type is a record or certificate type id; NULL when none.
const struct zt_grant *zt_catalogue_grant(const struct zt_catalogue *c, const char *party, const char *item,
                                          const char *type);
const struct zt_source_info *zt_catalogue_source(const struct zt_catalogue *c, const char *id);
// The stream that carries a record type (the first when several); NULL when none does.
const struct zt_source_info *zt_catalogue_source_of(const struct zt_catalogue *c,
                                                    const struct zt_record_type *type);

const struct zt_field_type *zt_record_type_field(const struct zt_record_type *type, const char *name);
const struct zt_field_type *zt_record_type_tag(const struct zt_record_type *type, uint32_t tag);
const struct zt_code *zt_code_table_find(const struct zt_code_table *table, const char *code);
bool zt_item_has_purpose(const struct zt_item *item, const char *purpose);
bool zt_grant_has_purpose(const struct zt_grant *grant, const char *purpose);
bool zt_grant_has_field(const struct zt_grant *grant, uint32_t tag);

// For listings: all of a kind, in file order.
size_t zt_catalogue_departments(const struct zt_catalogue *c, const struct zt_department **first);
size_t zt_catalogue_code_tables(const struct zt_catalogue *c, const struct zt_code_table **first);
size_t zt_catalogue_purposes(const struct zt_catalogue *c, const struct zt_purpose **first);
size_t zt_catalogue_record_types(const struct zt_catalogue *c, const struct zt_record_type **first);
size_t zt_catalogue_cert_types(const struct zt_catalogue *c, const struct zt_cert_type **first);
size_t zt_catalogue_items(const struct zt_catalogue *c, const struct zt_item **first);
size_t zt_catalogue_parties(const struct zt_catalogue *c, const struct zt_party **first);
size_t zt_catalogue_sources(const struct zt_catalogue *c, const struct zt_source_info **first);
size_t zt_catalogue_grants(const struct zt_catalogue *c, const struct zt_grant **first);

// Values, one rule for all rooms (catalogue/value.c).
// Text as a person or a source writes it in canonical form ("1990-03-07", "12345.67", "true") -> field.
// Checks kind, length, code table, identifier. The text is copied to the arena. Rules: "value.integer",
// "value.date", "value.code"...
ZT_MUST_USE enum zt_err zt_value_parse(const struct zt_field_type *type, const char *text,
                                       struct zt_arena *arena, struct zt_field *field,
                                       struct zt_fault *fault);
// Checks a field that came over the wire against its type.
ZT_MUST_USE enum zt_err zt_value_check(const struct zt_field_type *type, const struct zt_field *field,
                                       struct zt_fault *fault);
// The canonical text of a field, in the arena; money "12345.67", timestamps RFC 3339, binary base64url.
const char *zt_value_text(const struct zt_field_type *type, const struct zt_field *field,
                          struct zt_arena *arena);
// A whole record against its type: required fields, tags, kinds, subjects' identifiers, dates of the
// envelope.
ZT_MUST_USE enum zt_err zt_record_check(const struct zt_catalogue *c, const struct zt_record *record,
                                        const char *today, struct zt_fault *fault);

#endif
