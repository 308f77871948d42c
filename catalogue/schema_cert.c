// SPDX-License-Identifier: Apache-2.0
#include "catalogue/raw.h"

static const cyaml_schema_field_t condition_keys[] = {
    ZT_TEXT_KEY("field", struct zt_raw_condition, field),
    ZT_TEXT_KEY("op", struct zt_raw_condition, op),
    ZT_LIST_KEY("values", struct zt_raw_condition, values, value_count, &zt_schema_text),
    CYAML_FIELD_INT("months", CYAML_FLAG_OPTIONAL, struct zt_raw_condition, months),
    ZT_TEXT_KEY("number", struct zt_raw_condition, number),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t condition = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_condition, condition_keys),
};

static const cyaml_schema_field_t rule_keys[] = {
    ZT_TEXT_KEY("type", struct zt_raw_rule, type),
    ZT_TEXT_KEY("need", struct zt_raw_rule, need),
    ZT_TEXT_KEY("latest", struct zt_raw_rule, latest),
    ZT_LIST_KEY("states", struct zt_raw_rule, states, state_count, &zt_schema_text),
    ZT_LIST_KEY("where", struct zt_raw_rule, where, where_count, &condition),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t rule = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_rule, rule_keys),
};

static const cyaml_schema_field_t show_keys[] = {
    ZT_TEXT_KEY("name", struct zt_raw_show, name),
    ZT_TEXT_KEY("zh", struct zt_raw_show, zh),
    ZT_TEXT_KEY("from", struct zt_raw_show, from),
    ZT_BOOL_KEY("always", struct zt_raw_show, always),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t show = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_show, show_keys),
};

static const cyaml_schema_field_t cert_keys[] = {
    ZT_TEXT_KEY("id", struct zt_raw_cert, id),
    ZT_TEXT_KEY("name_zh", struct zt_raw_cert, name_zh),
    ZT_TEXT_KEY("name_en", struct zt_raw_cert, name_en),
    ZT_TEXT_KEY("type_code", struct zt_raw_cert, type_code),
    ZT_TEXT_KEY("subject", struct zt_raw_cert, subject),
    ZT_UINT_KEY("validity_days", struct zt_raw_cert, validity_days),
    ZT_TEXT_KEY("restriction_zh", struct zt_raw_cert, restriction_zh),
    ZT_TEXT_KEY("restriction_en", struct zt_raw_cert, restriction_en),
    ZT_TEXT_KEY("objection_zh", struct zt_raw_cert, objection_zh),
    ZT_TEXT_KEY("objection_en", struct zt_raw_cert, objection_en),
    ZT_TEXT_KEY("wording_zh", struct zt_raw_cert, wording_zh),
    ZT_TEXT_KEY("wording_en", struct zt_raw_cert, wording_en),
    ZT_LIST_KEY("records", struct zt_raw_cert, records, record_count, &rule),
    ZT_LIST_KEY("fields", struct zt_raw_cert, fields, field_count, &show),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t cert = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_cert, cert_keys),
};

static const cyaml_schema_field_t certs_file[] = {
    ZT_TEXT_KEY("department", struct zt_raw_certs, department),
    ZT_TEXT_KEY("restriction_zh", struct zt_raw_certs, restriction_zh),
    ZT_TEXT_KEY("restriction_en", struct zt_raw_certs, restriction_en),
    ZT_TEXT_KEY("objection_zh", struct zt_raw_certs, objection_zh),
    ZT_TEXT_KEY("objection_en", struct zt_raw_certs, objection_en),
    ZT_LIST_KEY("certificate_types", struct zt_raw_certs, list, count, &cert),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_certs = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_certs, certs_file),
};
