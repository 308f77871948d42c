// SPDX-License-Identifier: Apache-2.0
#include "catalogue/raw.h"

static const cyaml_schema_field_t field_keys[] = {
    ZT_UINT_KEY("tag", struct zt_raw_field, tag),
    ZT_TEXT_KEY("name", struct zt_raw_field, name),
    ZT_TEXT_KEY("zh", struct zt_raw_field, zh),
    ZT_TEXT_KEY("pinyin", struct zt_raw_field, pinyin),
    ZT_TEXT_KEY("kind", struct zt_raw_field, kind),
    ZT_TEXT_KEY("table", struct zt_raw_field, table),
    ZT_TEXT_KEY("id", struct zt_raw_field, id),
    ZT_UINT_KEY("max", struct zt_raw_field, max),
    ZT_UINT_KEY("scale", struct zt_raw_field, scale),
    ZT_UINT_KEY("grade", struct zt_raw_field, grade),
    ZT_BOOL_KEY("many", struct zt_raw_field, many),
    ZT_BOOL_KEY("required", struct zt_raw_field, required),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t field = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_field, field_keys),
};

static const cyaml_schema_field_t subject_keys[] = {
    ZT_TEXT_KEY("role", struct zt_raw_subject, role),
    ZT_TEXT_KEY("kind", struct zt_raw_subject, kind),
    ZT_TEXT_KEY("id_type", struct zt_raw_subject, id_type),
    ZT_TEXT_KEY("type", struct zt_raw_subject, type),
    ZT_TEXT_KEY("number", struct zt_raw_subject, number),
    ZT_TEXT_KEY("name", struct zt_raw_subject, name),
    ZT_BOOL_KEY("optional", struct zt_raw_subject, optional),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t subject = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_subject, subject_keys),
};

static const cyaml_schema_field_t record_keys[] = {
    ZT_TEXT_KEY("id", struct zt_raw_record, id),
    ZT_TEXT_KEY("name_zh", struct zt_raw_record, name_zh),
    ZT_TEXT_KEY("name_en", struct zt_raw_record, name_en),
    ZT_TEXT_KEY("subject", struct zt_raw_record, subject),
    ZT_TEXT_KEY("share", struct zt_raw_record, share),
    ZT_UINT_KEY("refresh", struct zt_raw_record, refresh),
    ZT_UINT_KEY("max_age", struct zt_raw_record, max_age),
    ZT_UINT_KEY("retention", struct zt_raw_record, retention),
    ZT_UINT_KEY("grade", struct zt_raw_record, grade),
    ZT_BOOL_KEY("consent", struct zt_raw_record, consent),
    ZT_LIST_KEY("fields", struct zt_raw_record, fields, field_count, &field),
    ZT_LIST_KEY("subjects", struct zt_raw_record, subjects, subject_count, &subject),
    ZT_LIST_KEY("key", struct zt_raw_record, key, key_count, &zt_schema_text),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t record = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_record, record_keys),
};

static const cyaml_schema_field_t records_file[] = {
    ZT_TEXT_KEY("department", struct zt_raw_records, department),
    ZT_LIST_KEY("record_types", struct zt_raw_records, list, count, &record),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_records = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_records, records_file),
};

static const cyaml_schema_field_t lock_keys[] = {
    ZT_TEXT_KEY("type", struct zt_raw_lock, type),
    ZT_LIST_KEY("tags", struct zt_raw_lock, tags, tag_count, &zt_schema_text),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t lock = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_lock, lock_keys),
};

static const cyaml_schema_field_t locks_file[] = {
    ZT_LIST_KEY("published", struct zt_raw_locks, list, count, &lock),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t zt_schema_locks = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_locks, locks_file),
};
