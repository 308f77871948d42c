// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/yaml_parts.h"

// A file of 4 MiB of short list entries becomes at most this much data; a schema mistake or a hostile file
// stops here.
#define MEMORY_MAX ((size_t)64 * 1024 * 1024)

const cyaml_strval_t zt_yaml_booleans[ZT_YAML_BOOLEANS] = {{"false", 0}, {"true", 1}};

struct load {
    size_t used; // bytes under way
    size_t log_len;
    char log[ZT_YAML_LOG_MAX];
};

// realloc and free with a running sum. What was loaded is freed by zt_yaml_free with the plain free, so no
// header is put before the bytes.
static void *allocate(void *ctx, void *ptr, size_t size)
{
    struct load *load = ctx;
    size_t old = ptr ? malloc_usable_size(ptr) : 0;
    if (size == 0) {
        load->used -= old;
        free(ptr);
        return NULL;
    }
    if (size > MEMORY_MAX || load->used - old > MEMORY_MAX - size)
        return NULL;
    void *grown = realloc(ptr, size);
    if (grown)
        load->used += malloc_usable_size(grown) - old;
    return grown;
}

static void collect(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

static void collect(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
{
    (void)level;
    struct load *load = ctx;
    size_t room = sizeof load->log - load->log_len;
    int len = vsnprintf(load->log + load->log_len, room, fmt, args);
    if (len > 0)
        load->log_len += (size_t)len < room ? (size_t)len : room - 1;
}

static enum zt_err load_text(const char *path, struct zt_bytes text, const cyaml_schema_value_t *schema,
                             void **out, unsigned *count, struct zt_fault *fault)
{
    enum zt_err rc = zt_yaml_scan(path, text, fault);
    if (rc != ZT_OK)
        return rc;
    struct load load = {.used = 0};
    const cyaml_config_t config = {.log_fn = collect,
                                   .log_ctx = &load,
                                   .log_level = CYAML_LOG_WARNING,
                                   .mem_fn = allocate,
                                   .mem_ctx = &load,
                                   .flags = CYAML_CFG_NO_ALIAS};
    void *data = NULL;
    unsigned entries = 0;
    cyaml_err_t verdict =
        cyaml_load_data(text.data, text.len, &config, schema, &data, count ? &entries : NULL);
    if (verdict != CYAML_OK)
        return zt_yaml_explain(path, text, verdict, load.log, fault);
    *out = data;
    if (count)
        *count = entries;
    return ZT_OK;
}

static enum zt_err load_file(const char *path, const cyaml_schema_value_t *schema, void **out,
                             unsigned *count, struct zt_fault *fault)
{
    struct zt_buf text;
    zt_buf_init(&text, ZT_YAML_MAX_FILE);
    enum zt_err rc = zt_file_read(path, &text, fault);
    if (rc == ZT_OK)
        rc = load_text(path, zt_buf_bytes(&text), schema, out, count, fault);
    zt_buf_fini(&text);
    return rc;
}

enum zt_err zt_yaml_load(const char *path, const cyaml_schema_value_t *schema, void **out,
                         struct zt_fault *fault)
{
    return load_file(path, schema, out, NULL, fault);
}

enum zt_err zt_yaml_load_list(const char *path, const cyaml_schema_value_t *schema, void **out,
                              unsigned *count, struct zt_fault *fault)
{
    return load_file(path, schema, out, count, fault);
}

void zt_yaml_free(const cyaml_schema_value_t *schema, void **data, unsigned count)
{
    const cyaml_config_t config = {.mem_fn = cyaml_mem, .flags = CYAML_CFG_NO_ALIAS};
    // Fails only for arguments that zt_yaml_load would have refused.
    (void)cyaml_free(&config, schema, *data, count);
    *data = NULL;
}
