// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "proto/publish.h"

#define TEXT_MAX 1024

#define TEXT(key, member)                                                                                    \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, struct zt_adapter_config, member, 1, TEXT_MAX)
#define OPTION(key, member)                                                                                  \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct zt_dataset_config, member,  \
                           1, TEXT_MAX)
#define COUNT(key, member) CYAML_FIELD_UINT(key, CYAML_FLAG_OPTIONAL, struct zt_adapter_config, member)

static const cyaml_schema_field_t dataset_keys[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct zt_dataset_config, name, 1, TEXT_MAX),
    CYAML_FIELD_STRING_PTR("connector", CYAML_FLAG_POINTER, struct zt_dataset_config, connector, 1, TEXT_MAX),
    OPTION("connection", connection),
    OPTION("table", table),
    OPTION("key_column", key_column),
    OPTION("version_column", version_column),
    OPTION("folder", folder),
    OPTION("pattern", pattern),
    OPTION("format", format),
    OPTION("encoding", encoding),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t dataset_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zt_dataset_config, dataset_keys),
};
static const cyaml_schema_field_t keys[] = {
    TEXT("source", source),
    TEXT("plugin", plugin),
    CYAML_FIELD_STRING_PTR("settings", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct zt_adapter_config,
                           settings, 1, TEXT_MAX),
    TEXT("broker", broker),
    TEXT("server_public", server_public),
    TEXT("key", key),
    TEXT("signing_key", signing_key),
    TEXT("signing_key_id", signing_key_id),
    TEXT("catalogue", catalogue),
    TEXT("state", state),
    COUNT("poll_ms", poll_ms),
    COUNT("batch_records", batch_records),
    COUNT("window", window),
    COUNT("heartbeat_ms", heartbeat_ms),
    COUNT("patience_ms", patience_ms),
    CYAML_FIELD_SEQUENCE_COUNT("datasets", CYAML_FLAG_POINTER, struct zt_adapter_config, datasets,
                               dataset_count, &dataset_schema, 1, ZT_DATASETS_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_adapter_config, keys),
};

// A rule that the schema cannot say: `node` is the path of the YAML node that breaks it.
static enum zt_err refuse(struct zt_fault *fault, const char *file, const char *node, const char *rule,
                          const char *text)
{
    char place[sizeof fault->place];
    unsigned line = 0, column = 0;
    if (zt_yaml_locate(file, node, &line, &column) == ZT_OK)
        snprintf(place, sizeof place, "%s:%u:%u", file, line, column);
    else
        snprintf(place, sizeof place, "%s", file);
    return zt_fault_set(fault, ZT_E_CONFIG, rule, place, "%s: %s", node, text);
}

static enum zt_err check_name(struct zt_fault *fault, const char *file, const char *node, const char *name)
{
    static const char *const letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    if (name[strspn(name, letters)])
        return refuse(fault, file, node, "config.name", "a name is made of a-z, 0-9, '_' and '-'");
    return ZT_OK;
}

static enum zt_err check_dataset(const struct zt_adapter_config *config, unsigned index, const char *file,
                                 struct zt_fault *fault)
{
    const struct zt_dataset_config *one = &config->datasets[index];
    char node[64];
    snprintf(node, sizeof node, "datasets[%u].name", index);
    enum zt_err rc = check_name(fault, file, node, one->name);
    if (rc != ZT_OK)
        return rc;
    if (strlen(config->source) + 1 + strlen(one->name) >= ZT_SOURCE_MAX)
        return refuse(fault, file, node, "config.name", "'<source>.<name>' is longer than 63 characters");
    for (unsigned i = 0; i < index; i++)
        if (strcmp(config->datasets[i].name, one->name) == 0)
            return refuse(fault, file, node, "config.duplicate", "this dataset stands here twice");
    return ZT_OK;
}

static enum zt_err set_count(uint32_t *value, uint32_t standard, uint32_t min, uint32_t max, const char *node,
                             const char *file, struct zt_fault *fault)
{
    unsigned line, column;
    if (*value == 0 && zt_yaml_locate(file, node, &line, &column) != ZT_OK) // not there, rather than "0"
        *value = standard;
    if (*value >= min && *value <= max)
        return ZT_OK;
    char text[64];
    snprintf(text, sizeof text, "must be from %u to %u", min, max);
    return refuse(fault, file, node, "config.range", text);
}

static enum zt_err check(struct zt_adapter_config *config, const char *file, struct zt_fault *fault)
{
    enum zt_err rc;
    ZT_TRY(check_name(fault, file, "source", config->source));
    for (unsigned i = 0; i < config->dataset_count; i++)
        ZT_TRY(check_dataset(config, i, file, fault));
    ZT_TRY(set_count(&config->poll_ms, 1000, 10, 86400000, "poll_ms", file, fault));
    ZT_TRY(set_count(&config->batch_records, 500, 1, ZT_BATCH_MAX_RECORDS, "batch_records", file, fault));
    ZT_TRY(set_count(&config->window, 8, 1, 64, "window", file, fault));
    ZT_TRY(set_count(&config->heartbeat_ms, 10000, 100, 86400000, "heartbeat_ms", file, fault));
    ZT_TRY(set_count(&config->patience_ms, 60000, 100, 86400000, "patience_ms", file, fault));
out:
    return rc;
}

// Puts the folder of `file` before a path that does not start with '/'.
static enum zt_err make_whole(const char *file, char **path)
{
    const char *slash = strrchr(file, '/');
    if (!*path || **path == '/' || !slash)
        return ZT_OK;
    char *whole = NULL;
    if (asprintf(&whole, "%.*s/%s", (int)(slash - file), file, *path) < 0)
        return ZT_E_NOMEM;
    free(*path);
    *path = whole;
    return ZT_OK;
}

static enum zt_err make_paths_whole(struct zt_adapter_config *config, const char *file)
{
    char **const paths[] = {&config->plugin,      &config->settings,  &config->server_public, &config->key,
                            &config->signing_key, &config->catalogue, &config->state};
    enum zt_err rc = ZT_OK;
    for (size_t i = 0; i < sizeof paths / sizeof *paths && rc == ZT_OK; i++)
        rc = make_whole(file, paths[i]);
    for (unsigned i = 0; i < config->dataset_count && rc == ZT_OK; i++)
        rc = make_whole(file, &config->datasets[i].folder);
    return rc;
}

enum zt_err zt_adapter_config_load(const char *path, struct zt_adapter_config **config,
                                   struct zt_fault *fault)
{
    void *data = NULL;
    enum zt_err rc = zt_yaml_load(path, &schema, &data, fault);
    if (rc != ZT_OK)
        return rc;
    struct zt_adapter_config *loaded = data;
    rc = check(loaded, path, fault);
    if (rc == ZT_OK)
        rc = make_paths_whole(loaded, path);
    if (rc != ZT_OK) {
        zt_adapter_config_free(&loaded);
        return rc;
    }
    *config = loaded;
    return ZT_OK;
}

void zt_adapter_config_free(struct zt_adapter_config **config)
{
    if (!config || !*config)
        return;
    void *data = *config;
    zt_yaml_free(&schema, &data, 0);
    *config = NULL;
}

struct zt_connector_options zt_dataset_options(const struct zt_dataset_config *dataset)
{
    return (struct zt_connector_options){.name = dataset->name,
                                         .connection = dataset->connection,
                                         .table = dataset->table,
                                         .key_column = dataset->key_column,
                                         .version_column = dataset->version_column,
                                         .folder = dataset->folder,
                                         .pattern = dataset->pattern,
                                         .format = dataset->format,
                                         .encoding = dataset->encoding};
}
