// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "catalogue/value.h"

static enum zt_err refuse(const struct zt_field_type *type, const char *rule, const char *what,
                          struct zt_fault *fault)
{
    return zt_fault_set(fault, ZT_E_INPUT, rule, type->name, "'%s' is no %s", type->name, what);
}

static enum zt_err parse_boolean(const struct zt_field_type *type, const char *text, int64_t *number,
                                 struct zt_fault *fault)
{
    bool yes = !strcmp(text, "true");
    if (!yes && strcmp(text, "false") != 0)
        return refuse(type, "value.boolean", "boolean: write true or false", fault);
    *number = yes;
    return ZT_OK;
}

static enum zt_err parse_number(const struct zt_field_type *type, const char *text, int64_t *number,
                                struct zt_fault *fault)
{
    switch (type->kind) {
    case ZT_KIND_BOOLEAN:
        return parse_boolean(type, text, number, fault);
    case ZT_KIND_TIMESTAMP:
        if (zt_time_to_ms(text, number) != ZT_OK)
            return refuse(type, "value.timestamp", "RFC 3339 time like 2026-11-22T04:21:31+08:00", fault);
        return ZT_OK;
    case ZT_KIND_INTEGER:
        if (zt_parse_i64(text, INT64_MIN, INT64_MAX, number) != ZT_OK)
            return refuse(type, "value.integer", "whole number", fault);
        return ZT_OK;
    default:
        if (zt_parse_decimal(text, type->scale, number) != ZT_OK)
            return zt_fault_set(fault, ZT_E_INPUT,
                                type->kind == ZT_KIND_MONEY ? "value.money" : "value.decimal", type->name,
                                "'%s' is no number with at most %u decimals", type->name, type->scale);
        return ZT_OK;
    }
}

static enum zt_err parse_blob(const struct zt_field_type *type, const char *text, struct zt_arena *arena,
                              struct zt_bytes *blob, struct zt_fault *fault)
{
    struct zt_buf bytes;
    zt_buf_init(&bytes, type->max_len);
    enum zt_err rc = zt_base64url_decode(zt_bytes_str(text), &bytes);
    if (rc == ZT_E_LIMIT)
        rc = zt_fault_set(fault, ZT_E_INPUT, "value.length", type->name, "'%s' has more than %u bytes",
                          type->name, type->max_len);
    else if (rc != ZT_OK)
        rc = refuse(type, "value.binary", "base64url text", fault);
    uint8_t *kept = rc == ZT_OK ? zt_arena_alloc(arena, bytes.len + 1) : NULL;
    if (kept) {
        if (bytes.len)
            memcpy(kept, bytes.data, bytes.len);
        *blob = (struct zt_bytes){kept, bytes.len};
    } else if (rc == ZT_OK) {
        rc = zt_fault_set(fault, ZT_E_NOMEM, "value.memory", type->name, "no room for '%s'", type->name);
    }
    zt_buf_fini(&bytes);
    return rc;
}

enum zt_err zt_value_parse(const struct zt_field_type *type, const char *text, struct zt_arena *arena,
                           struct zt_field *field, struct zt_fault *fault)
{
    struct zt_field parsed = {.tag = type->tag, .kind = zt_value_kind_of(type->kind)};
    enum zt_err rc = ZT_OK;
    if (!text || !*text)
        return zt_fault_set(fault, ZT_E_INPUT, "value.empty", type->name,
                            "'%s' is empty; leave the field out instead", type->name);
    if (parsed.kind == ZT_VALUE_NUMBER) {
        rc = parse_number(type, text, &parsed.number, fault);
    } else if (parsed.kind == ZT_VALUE_BLOB) {
        rc = parse_blob(type, text, arena, &parsed.blob, fault);
    } else {
        // Checked before it is copied: a text that is too long costs nothing.
        parsed.text = text;
    }
    if (rc == ZT_OK)
        rc = zt_value_check(type, &parsed, fault);
    if (rc == ZT_OK && parsed.kind == ZT_VALUE_TEXT) {
        parsed.text = zt_arena_strdup(arena, text);
        if (!parsed.text)
            rc = zt_fault_set(fault, ZT_E_NOMEM, "value.memory", type->name, "no room for '%s'", type->name);
    }
    if (rc == ZT_OK)
        *field = parsed;
    return rc;
}
