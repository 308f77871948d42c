// SPDX-License-Identifier: Apache-2.0
#include "broker/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"

#define PATH_LEN     1024
#define ENDPOINT_LEN 200
#define ORIGIN_LEN   100
#define MAP_MIB_MAX  (16u * 1024 * 1024) // 16 TiB, a quarter of the address space

#define TEXT(name, max)                                                                                      \
    CYAML_FIELD_STRING_PTR(#name, CYAML_FLAG_POINTER, struct zt_broker_config, name, 1, max)

static const cyaml_schema_field_t fields[] = {
    TEXT(state, PATH_LEN),
    TEXT(catalogue, PATH_LEN),
    TEXT(parties, PATH_LEN),
    TEXT(keys, PATH_LEN),
    TEXT(node_key, PATH_LEN),
    TEXT(intake, ENDPOINT_LEN),
    TEXT(counter, ENDPOINT_LEN),
    TEXT(desk, ENDPOINT_LEN),
    TEXT(signer, ENDPOINT_LEN),
    TEXT(origin, ORIGIN_LEN),
    CYAML_FIELD_STRING_PTR("endpoints_file", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                           struct zt_broker_config, endpoints_file, 1, PATH_LEN),
    CYAML_FIELD_UINT("map_size_mib", CYAML_FLAG_OPTIONAL, struct zt_broker_config, map_size_mib),
    CYAML_FIELD_UINT("log_keep", CYAML_FLAG_OPTIONAL, struct zt_broker_config, log_keep),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct zt_broker_config, fields)};

// Replaces *path by DIR/path, where DIR is the folder of `file`.
static enum zt_err resolve(const char *file, char **path)
{
    const char *slash = strrchr(file, '/');
    if (!*path || **path == '/' || !slash)
        return ZT_OK;
    char *joined = NULL;
    if (asprintf(&joined, "%.*s/%s", (int)(slash - file), file, *path) < 0)
        return ZT_E_NOMEM;
    free(*path);
    *path = joined;
    return ZT_OK;
}

static enum zt_err resolve_all(const char *file, struct zt_broker_config *config)
{
    char **paths[] = {&config->state, &config->catalogue, &config->parties,
                      &config->keys,  &config->node_key,  &config->endpoints_file};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        enum zt_err rc = resolve(file, paths[i]);
        if (rc != ZT_OK)
            return rc;
    }
    return ZT_OK;
}

static enum zt_err check(const char *file, const struct zt_broker_config *config, struct zt_fault *fault)
{
    unsigned line = 0, column = 0;
    char place[PATH_LEN + 32];
    if (config->map_size_mib <= MAP_MIB_MAX)
        return ZT_OK;
    (void)!zt_yaml_locate(file, "map_size_mib", &line, &column);
    snprintf(place, sizeof place, "%s:%u:%u", file, line, column);
    return zt_fault_set(fault, ZT_E_CONFIG, "broker.map-size", place, "map_size_mib is at most %u",
                        MAP_MIB_MAX);
}

enum zt_err zt_broker_config_load(const char *path, struct zt_broker_config **config, struct zt_fault *fault)
{
    void *loaded = NULL;
    enum zt_err rc = zt_yaml_load(path, &schema, &loaded, fault);
    if (rc != ZT_OK)
        return rc;
    struct zt_broker_config *new = loaded;
    ZT_TRY(check(path, new, fault));
    rc = resolve_all(path, new);
    if (rc != ZT_OK) {
        zt_fault_set(fault, rc, "broker.config", path, "out of memory");
        goto out;
    }
    *config = new;
    new = NULL;
out:
    zt_broker_config_free(&new);
    return rc;
}

void zt_broker_config_free(struct zt_broker_config **config)
{
    void *loaded = *config;
    *config = NULL;
    if (loaded)
        zt_yaml_free(&schema, &loaded, 0);
}
