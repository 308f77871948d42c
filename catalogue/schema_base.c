// SPDX-License-Identifier: Apache-2.0
#include "catalogue/raw.h"

const cyaml_schema_value_t zt_schema_text = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t department_keys[] = {
    ZT_TEXT_KEY("id", struct zt_raw_department, id),
    ZT_TEXT_KEY("name_zh", struct zt_raw_department, name_zh),
    ZT_TEXT_KEY("name_en", struct zt_raw_department, name_en),
    ZT_TEXT_KEY("uscc", struct zt_raw_department, uscc),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t department = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_department, department_keys),
};

static const cyaml_schema_field_t departments_file[] = {
    ZT_LIST_KEY("departments", struct zt_raw_departments, list, count, &department),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_departments = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_departments, departments_file),
};

static const cyaml_schema_field_t code_keys[] = {
    ZT_TEXT_KEY("code", struct zt_raw_code, code),
    ZT_TEXT_KEY("zh", struct zt_raw_code, zh),
    ZT_TEXT_KEY("en", struct zt_raw_code, en),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t code = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_code, code_keys),
};

static const cyaml_schema_field_t table_keys[] = {
    ZT_TEXT_KEY("id", struct zt_raw_table, id),
    ZT_TEXT_KEY("name_zh", struct zt_raw_table, name_zh),
    ZT_TEXT_KEY("name_en", struct zt_raw_table, name_en),
    ZT_TEXT_KEY("source", struct zt_raw_table, source),
    ZT_BOOL_KEY("open", struct zt_raw_table, open),
    ZT_LIST_KEY("codes", struct zt_raw_table, codes, code_count, &code),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t table = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_table, table_keys),
};

static const cyaml_schema_field_t tables_file[] = {
    ZT_LIST_KEY("tables", struct zt_raw_tables, list, count, &table),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_tables = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_tables, tables_file),
};

static const cyaml_schema_field_t purpose_keys[] = {
    ZT_TEXT_KEY("code", struct zt_raw_purpose, code),
    ZT_TEXT_KEY("name_zh", struct zt_raw_purpose, name_zh),
    ZT_TEXT_KEY("name_en", struct zt_raw_purpose, name_en),
    ZT_TEXT_KEY("basis", struct zt_raw_purpose, basis),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t purpose = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_purpose, purpose_keys),
};

static const cyaml_schema_field_t purposes_file[] = {
    ZT_LIST_KEY("purposes", struct zt_raw_purposes, list, count, &purpose),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_purposes = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_purposes, purposes_file),
};
