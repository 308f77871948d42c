// SPDX-License-Identifier: Apache-2.0
#include "catalogue/raw.h"

static const cyaml_schema_field_t proof_keys[] = {
    ZT_TEXT_KEY("type", struct zt_raw_proof, type),
    ZT_BOOL_KEY("exempt", struct zt_raw_proof, exempt),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t proof = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_proof, proof_keys),
};

static const cyaml_schema_field_t item_keys[] = {
    ZT_TEXT_KEY("code", struct zt_raw_item, code),
    ZT_TEXT_KEY("name_zh", struct zt_raw_item, name_zh),
    ZT_TEXT_KEY("name_en", struct zt_raw_item, name_en),
    ZT_TEXT_KEY("department", struct zt_raw_item, department),
    ZT_TEXT_KEY("basis", struct zt_raw_item, basis),
    ZT_TEXT_KEY("keywords", struct zt_raw_item, keywords),
    ZT_LIST_KEY("purposes", struct zt_raw_item, purposes, purpose_count, &zt_schema_text),
    ZT_LIST_KEY("proofs", struct zt_raw_item, proofs, proof_count, &proof),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t item = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_item, item_keys),
};

static const cyaml_schema_field_t items_file[] = {
    ZT_LIST_KEY("items", struct zt_raw_items, list, count, &item),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_items = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_items, items_file),
};
