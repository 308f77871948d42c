// SPDX-License-Identifier: Apache-2.0
#include "catalogue/raw.h"

static const cyaml_schema_field_t source_keys[] = {
    ZT_TEXT_KEY("id", struct zt_raw_source, id),
    ZT_LIST_KEY("record_types", struct zt_raw_source, record_types, record_type_count, &zt_schema_text),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t source = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_source, source_keys),
};

static const cyaml_schema_field_t party_keys[] = {
    ZT_TEXT_KEY("id", struct zt_raw_party, id),
    ZT_TEXT_KEY("name_zh", struct zt_raw_party, name_zh),
    ZT_TEXT_KEY("name_en", struct zt_raw_party, name_en),
    ZT_TEXT_KEY("uscc", struct zt_raw_party, uscc),
    ZT_TEXT_KEY("department", struct zt_raw_party, department),
    ZT_LIST_KEY("roles", struct zt_raw_party, roles, role_count, &zt_schema_text),
    ZT_BOOL_KEY("revoked", struct zt_raw_party, revoked),
    ZT_LIST_KEY("signing_keys", struct zt_raw_party, signing_keys, signing_key_count, &zt_schema_text),
    ZT_LIST_KEY("sources", struct zt_raw_party, sources, source_count, &source),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t party = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_party, party_keys),
};

static const cyaml_schema_field_t parties_file[] = {
    ZT_LIST_KEY("parties", struct zt_raw_parties, list, count, &party),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_parties = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_parties, parties_file),
};

static const cyaml_schema_field_t grant_keys[] = {
    ZT_TEXT_KEY("party", struct zt_raw_grant, party),
    ZT_TEXT_KEY("item", struct zt_raw_grant, item),
    ZT_TEXT_KEY("record", struct zt_raw_grant, record),
    ZT_TEXT_KEY("certificate", struct zt_raw_grant, certificate),
    ZT_TEXT_KEY("officers", struct zt_raw_grant, officers),
    ZT_TEXT_KEY("valid_from", struct zt_raw_grant, valid_from),
    ZT_TEXT_KEY("valid_to", struct zt_raw_grant, valid_to),
    ZT_LIST_KEY("modes", struct zt_raw_grant, modes, mode_count, &zt_schema_text),
    ZT_LIST_KEY("purposes", struct zt_raw_grant, purposes, purpose_count, &zt_schema_text),
    ZT_LIST_KEY("fields", struct zt_raw_grant, fields, field_count, &zt_schema_text),
    ZT_BOOL_KEY("consent", struct zt_raw_grant, consent),
    ZT_BOOL_KEY("stale_ok", struct zt_raw_grant, stale_ok),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t grant = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_grant, grant_keys),
};

static const cyaml_schema_field_t grants_file[] = {
    ZT_LIST_KEY("grants", struct zt_raw_grants, list, count, &grant),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_grants = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_grants, grants_file),
};
