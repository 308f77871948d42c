// SPDX-License-Identifier: Apache-2.0
// The files as libcyaml reads them: texts and numbers, nothing checked yet. A text that the file does not
// give is NULL.
//
// Almost every key is optional for the schema: what must be there is checked by the link_*.c files, so that
// one run reports all that is missing instead of the first thing only.
#ifndef ZT_CATALOGUE_RAW_H
#define ZT_CATALOGUE_RAW_H

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/yaml.h"

struct zt_raw_department {
    char *id, *name_zh, *name_en, *uscc;
};
struct zt_raw_departments { // departments.yaml
    struct zt_raw_department *list;
    unsigned count;
};

struct zt_raw_code {
    char *code, *zh, *en;
};
struct zt_raw_table {
    char *id, *name_zh, *name_en, *source;
    bool open;
    struct zt_raw_code *codes;
    unsigned code_count;
};
struct zt_raw_tables { // code-tables/*.yaml
    struct zt_raw_table *list;
    unsigned count;
};

struct zt_raw_purpose {
    char *code, *name_zh, *name_en, *basis;
};
struct zt_raw_purposes { // purposes.yaml
    struct zt_raw_purpose *list;
    unsigned count;
};

struct zt_raw_field {
    uint32_t tag;
    char *name, *zh, *pinyin, *kind, *table, *id;
    uint32_t max, scale, grade;
    bool many, required;
};
struct zt_raw_subject {
    char *role, *kind, *id_type, *type, *number, *name;
    bool optional;
};
struct zt_raw_record {
    char *id, *name_zh, *name_en, *subject, *share;
    uint32_t refresh, max_age, retention, grade;
    bool consent;
    struct zt_raw_field *fields;
    unsigned field_count;
    struct zt_raw_subject *subjects;
    unsigned subject_count;
    char **key;
    unsigned key_count;
};
struct zt_raw_records { // record-types/*.yaml
    char *department;
    struct zt_raw_record *list;
    unsigned count;
};

struct zt_raw_condition {
    char *field, *op;
    char **values;
    unsigned value_count;
    int32_t months;
    char *number;
};
struct zt_raw_rule {
    char *type, *need, *latest;
    char **states;
    unsigned state_count;
    struct zt_raw_condition *where;
    unsigned where_count;
};
struct zt_raw_show {
    char *name, *zh, *from;
    bool always;
};
struct zt_raw_cert {
    char *id, *name_zh, *name_en, *type_code, *subject;
    uint32_t validity_days;
    char *restriction_zh, *restriction_en, *objection_zh, *objection_en, *wording_zh, *wording_en;
    struct zt_raw_rule *records;
    unsigned record_count;
    struct zt_raw_show *fields;
    unsigned field_count;
};
struct zt_raw_certs { // certificate-types/*.yaml
    char *department;
    char *restriction_zh, *restriction_en, *objection_zh, *objection_en; // for types that give none
    struct zt_raw_cert *list;
    unsigned count;
};

struct zt_raw_proof {
    char *type;
    bool exempt;
};
struct zt_raw_item {
    char *code, *name_zh, *name_en, *department, *basis, *keywords;
    char **purposes;
    unsigned purpose_count;
    struct zt_raw_proof *proofs;
    unsigned proof_count;
};
struct zt_raw_items { // items/*.yaml
    struct zt_raw_item *list;
    unsigned count;
};

struct zt_raw_source {
    char *id;
    char **record_types;
    unsigned record_type_count;
};
struct zt_raw_party {
    char *id, *name_zh, *name_en, *uscc, *department;
    char **roles;
    unsigned role_count;
    bool revoked;
    char **signing_keys;
    unsigned signing_key_count;
    struct zt_raw_source *sources;
    unsigned source_count;
};
struct zt_raw_parties { // parties/*.yaml
    struct zt_raw_party *list;
    unsigned count;
};

struct zt_raw_grant {
    char *party, *item, *record, *certificate, *officers, *valid_from, *valid_to;
    char **modes;
    unsigned mode_count;
    char **purposes;
    unsigned purpose_count;
    char **fields;
    unsigned field_count;
    bool consent, stale_ok;
};
struct zt_raw_grants { // grants/*.yaml
    struct zt_raw_grant *list;
    unsigned count;
};

struct zt_raw_lock {
    char *type;
    char **tags; // "10 former_name text"
    unsigned tag_count;
};
struct zt_raw_locks { // published.yaml
    struct zt_raw_lock *list;
    unsigned count;
};

extern const cyaml_schema_value_t zt_schema_departments, zt_schema_tables, zt_schema_purposes,
    zt_schema_records, zt_schema_certs, zt_schema_items, zt_schema_parties, zt_schema_grants, zt_schema_locks;
extern const cyaml_schema_value_t zt_schema_text; // one text of a list of texts

// Shorthand of the schema files. A text key, and a list of mappings or texts with its count.
#define ZT_TEXT_KEY(yaml, structure, member)                                                                 \
    CYAML_FIELD_STRING_PTR(yaml, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, 0,             \
                           CYAML_UNLIMITED)
#define ZT_UINT_KEY(yaml, structure, member) CYAML_FIELD_UINT(yaml, CYAML_FLAG_OPTIONAL, structure, member)
#define ZT_BOOL_KEY(yaml, structure, member) ZT_YAML_FIELD_BOOL(yaml, CYAML_FLAG_OPTIONAL, structure, member)
#define ZT_LIST_KEY(yaml, structure, member, counter, entry)                                                 \
    CYAML_FIELD_SEQUENCE_COUNT(yaml, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, counter,   \
                               entry, 0, CYAML_UNLIMITED)

#endif
