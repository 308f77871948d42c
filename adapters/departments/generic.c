// SPDX-License-Identifier: Apache-2.0
// The generic plugin: a department by a YAML file instead of C. The file says for each dataset which column
// becomes which field of which record type; docs/write-an-adapter.md has every key.
#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/departments/generic.h"
#include "base/yaml.h"

#define TEXT_MAX 256
#define LIST_MAX 256

#define TEXT(key, structure, member)                                                                         \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, 1, TEXT_MAX)
#define OPTIONAL(key, structure, member)                                                                     \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, 1, TEXT_MAX)

static const cyaml_strval_t conversions[] = {
    {"kind", ZT_AS_KIND}, {"narrow", ZT_AS_NARROW}, {"month", ZT_AS_MONTH}, {"fen", ZT_AS_FEN}};

static const cyaml_schema_field_t code_keys[] = {
    TEXT("from", struct zt_raw_code_pair, from),
    TEXT("to", struct zt_raw_code_pair, to),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t code_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_code_pair, code_keys)};

static const cyaml_schema_field_t field_keys[] = {
    TEXT("field", struct zt_raw_map_field, field),
    OPTIONAL("column", struct zt_raw_map_field, column),
    OPTIONAL("constant", struct zt_raw_map_field, constant),
    OPTIONAL("blank", struct zt_raw_map_field, blank),
    OPTIONAL("member", struct zt_raw_map_field, member),
    CYAML_FIELD_ENUM("as", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct zt_raw_map_field, as, conversions,
                     sizeof conversions / sizeof *conversions),
    ZT_YAML_FIELD_BOOL("list", CYAML_FLAG_OPTIONAL, struct zt_raw_map_field, list),
    ZT_YAML_FIELD_BOOL("optional", CYAML_FLAG_OPTIONAL, struct zt_raw_map_field, optional),
    CYAML_FIELD_SEQUENCE_COUNT("codes", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct zt_raw_map_field,
                               codes, code_count, &code_schema, 1, LIST_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t field_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_map_field, field_keys)};

static const cyaml_schema_field_t subject_keys[] = {
    OPTIONAL("id_type", struct zt_raw_map_subject, id_type),
    OPTIONAL("type_column", struct zt_raw_map_subject, type_column),
    TEXT("number_column", struct zt_raw_map_subject, number_column),
    OPTIONAL("name_column", struct zt_raw_map_subject, name_column),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t subject_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_map_subject, subject_keys)};

static const cyaml_schema_field_t dataset_keys[] = {
    TEXT("name", struct zt_raw_map_dataset, name),
    OPTIONAL("name_zh", struct zt_raw_map_dataset, name_zh),
    OPTIONAL("name_en", struct zt_raw_map_dataset, name_en),
    TEXT("record_type", struct zt_raw_map_dataset, record_type),
    OPTIONAL("key", struct zt_raw_map_dataset, key),
    TEXT("changed", struct zt_raw_map_dataset, changed),
    OPTIONAL("region", struct zt_raw_map_dataset, region),
    OPTIONAL("valid_from", struct zt_raw_map_dataset, valid_from),
    OPTIONAL("valid_to", struct zt_raw_map_dataset, valid_to),
    CYAML_FIELD_SEQUENCE_COUNT("subjects", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                               struct zt_raw_map_dataset, subjects, subject_count, &subject_schema, 1,
                               ZT_RECORD_MAX_SUBJECTS),
    CYAML_FIELD_SEQUENCE_COUNT("fields", CYAML_FLAG_POINTER, struct zt_raw_map_dataset, fields, field_count,
                               &field_schema, 1, LIST_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t dataset_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_raw_map_dataset, dataset_keys)};

static const cyaml_schema_field_t file_keys[] = {
    TEXT("department", struct zt_raw_map_file, department),
    CYAML_FIELD_SEQUENCE_COUNT("datasets", CYAML_FLAG_POINTER, struct zt_raw_map_file, datasets,
                               dataset_count, &dataset_schema, 1, LIST_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_raw_map_file, file_keys)};

struct generic {
    struct zt_raw_map_file *file;
    struct zt_mapping *mappings; // borrow their texts from `file`
    struct zt_dataset *datasets;
    size_t count;
};

static void close_generic(void *self)
{
    struct generic *generic = self;
    if (!generic)
        return;
    for (size_t i = 0; i < generic->count && generic->mappings; i++)
        zt_generic_mapping_fini(&generic->mappings[i]);
    free(generic->mappings);
    free(generic->datasets);
    if (generic->file) {
        void *data = generic->file;
        zt_yaml_free(&file_schema, &data, 0);
    }
    free(generic);
}

// Puts file:line:column in front of what zt_mapping_check found.
static enum zt_err at_line(const char *file, size_t dataset, const struct zt_fault *why,
                           struct zt_fault *fault)
{
    char node[64], place[sizeof fault->place];
    unsigned line = 0, column = 0;
    snprintf(node, sizeof node, "datasets[%zu]", dataset);
    if (zt_yaml_locate(file, node, &line, &column) == ZT_OK)
        snprintf(place, sizeof place, "%s:%u:%u", file, line, column);
    else
        snprintf(place, sizeof place, "%s", file);
    return zt_fault_set(fault, why->code, why->rule, place, "%s", why->text);
}

static enum zt_err take_dataset(struct generic *generic, size_t i, const char *settings,
                                const struct zt_catalogue *catalogue, struct zt_fault *fault)
{
    const struct zt_raw_map_dataset *raw = &generic->file->datasets[i];
    struct zt_fault why;
    generic->datasets[i] = (struct zt_dataset){raw->name, raw->name_zh ? raw->name_zh : raw->name,
                                               raw->name_en ? raw->name_en : raw->name};
    for (size_t other = 0; other < i; other++) {
        if (strcmp(generic->datasets[other].name, raw->name) != 0)
            continue;
        zt_fault_set(&why, ZT_E_CONFIG, "mapping.dataset", raw->name, "dataset %s stands here twice",
                     raw->name);
        return at_line(settings, i, &why, fault);
    }
    enum zt_err rc = zt_generic_mapping_init(&generic->mappings[i], raw, &why);
    if (rc == ZT_OK)
        rc = zt_mapping_check(&generic->mappings[i], catalogue, &why);
    return rc == ZT_OK ? ZT_OK : at_line(settings, i, &why, fault);
}

static enum zt_err open_generic(const struct zt_catalogue *catalogue, const char *settings, void **self,
                                struct zt_fault *fault)
{
    void *data = NULL;
    if (!*settings)
        return zt_fault_set(fault, ZT_E_CONFIG, "plugin.settings", "settings",
                            "the generic plugin needs a mapping file: set `settings`");
    struct generic *generic = calloc(1, sizeof *generic);
    if (!generic)
        return zt_fault_set(fault, ZT_E_NOMEM, "plugin.memory", settings, "out of memory");
    *self = generic;
    enum zt_err rc = zt_yaml_load(settings, &file_schema, &data, fault);
    if (rc != ZT_OK)
        return rc;
    generic->file = data;
    generic->mappings = calloc(generic->file->dataset_count, sizeof *generic->mappings);
    generic->datasets = calloc(generic->file->dataset_count, sizeof *generic->datasets);
    if (!generic->mappings || !generic->datasets)
        return zt_fault_set(fault, ZT_E_NOMEM, "plugin.memory", settings, "out of memory");
    generic->count = generic->file->dataset_count;
    for (size_t i = 0; i < generic->count && rc == ZT_OK; i++)
        rc = take_dataset(generic, i, settings, catalogue, fault);
    return rc;
}

static const struct zt_dataset *list_datasets(void *self, size_t *count)
{
    const struct generic *generic = self;
    *count = generic->count;
    return generic->datasets;
}

static enum zt_err map_generic(void *self, size_t dataset, const struct zt_row *row, struct zt_emit *emit,
                               struct zt_fault *fault)
{
    const struct generic *generic = self;
    return zt_mapping_apply(&generic->mappings[dataset], row, emit, fault);
}

extern const struct zt_plugin zt_plugin;
__attribute__((visibility("default"))) const struct zt_plugin zt_plugin = {
    .abi = ZT_PLUGIN_ABI,
    .name = "generic",
    .doc_zh = "通用映射",
    .doc_en = "generic mapping",
    .list = list_datasets,
    .open = open_generic,
    .map = map_generic,
    .close = close_generic,
};
