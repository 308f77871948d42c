// SPDX-License-Identifier: Apache-2.0
#include "adapters/kit/convert.h"

#include <string.h>

#include <jansson.h>

#include "base/text.h"

static enum zt_err refuse(const struct zt_map_field *map, const char *rule, const char *text,
                          struct zt_fault *fault)
{
    return zt_fault_set(fault, ZT_E_INPUT, rule, map->column, "%s: %s", map->column, text);
}

static enum zt_err keep(const struct zt_map_field *map, struct zt_arena *arena, const char *text,
                        const char **out, struct zt_fault *fault)
{
    const char *kept = zt_arena_strdup(arena, text);
    if (!kept)
        return zt_fault_set(fault, ZT_E_LIMIT, "row.memory", map->column,
                            "%s: this row needs more memory than a row may", map->column);
    *out = kept;
    return ZT_OK;
}

static enum zt_err as_date(const struct zt_map_field *map, const char *text, struct zt_arena *arena,
                           const char **out, struct zt_fault *fault)
{
    char day[ZT_DATE_LEN + 1];
    if (!zt_normal_date(text, day))
        return refuse(map, "row.date", "is no calendar day such as 20260331", fault);
    return keep(map, arena, day, out, fault);
}

static enum zt_err as_time(const struct zt_map_field *map, const char *text, struct zt_arena *arena,
                           const char **out, struct zt_fault *fault)
{
    char time[ZT_TIME_LEN + 1];
    int64_t ms;
    if (!zt_normal_time(text, &ms))
        return refuse(map, "row.time", "is no moment such as 2026-03-31 09:30:00", fault);
    zt_time_of_ms(ms, time);
    return keep(map, arena, time, out, fault);
}

static enum zt_err as_number(const struct zt_map_field *map, const char *text, struct zt_arena *arena,
                             const char **out, struct zt_fault *fault)
{
    char number[ZT_NORMAL_NUMBER_MAX];
    if (!zt_normal_number(text, number))
        return refuse(map, "row.number", "is no number such as 12345.67", fault);
    return keep(map, arena, number, out, fault);
}

static enum zt_err as_fen(const struct zt_map_field *map, const char *text, struct zt_arena *arena,
                          const char **out, struct zt_fault *fault)
{
    char number[32];
    int64_t fen;
    if (zt_parse_i64(text, INT64_MIN, INT64_MAX, &fen) != ZT_OK)
        return refuse(map, "row.number", "is no whole number of fen", fault);
    zt_format_decimal(fen, 2, number);
    return keep(map, arena, number, out, fault);
}

static enum zt_err as_boolean(const struct zt_map_field *map, const char *text, const char **out,
                              struct zt_fault *fault)
{
    bool value;
    if (!zt_normal_boolean(text, &value))
        return refuse(map, "row.boolean", "is neither 1 nor 0 (Y, N, true, false, 是, 否)", fault);
    *out = value ? "true" : "false";
    return ZT_OK;
}

static enum zt_err as_month(const struct zt_map_field *map, const char *text, struct zt_arena *arena,
                            const char **out, struct zt_fault *fault)
{
    char month[7];
    if (!zt_normal_month(text, month))
        return refuse(map, "row.month", "is no month such as 202603", fault);
    return keep(map, arena, month, out, fault);
}

// Case and blanks of an identifier are mended here; whether it is right is the catalogue's to say.
static enum zt_err as_identifier(const struct zt_map_field *map, const char *text, struct zt_arena *arena,
                                 const char **out, struct zt_fault *fault)
{
    char normal[ZT_ID_MAX + 1];
    return keep(map, arena, zt_id_normalise(text, normal, sizeof normal) == ZT_OK ? normal : text, out,
                fault);
}

static enum zt_err as_kind(const struct zt_map_field *map, const struct zt_field_type *type, const char *text,
                           struct zt_arena *arena, const char **out, struct zt_fault *fault)
{
    switch (type->kind) {
    case ZT_KIND_DATE:
        return as_date(map, text, arena, out, fault);
    case ZT_KIND_TIMESTAMP:
        return as_time(map, text, arena, out, fault);
    case ZT_KIND_INTEGER:
    case ZT_KIND_DECIMAL:
    case ZT_KIND_MONEY:
        return as_number(map, text, arena, out, fault);
    case ZT_KIND_BOOLEAN:
        return as_boolean(map, text, out, fault);
    case ZT_KIND_ID:
        return as_identifier(map, text, arena, out, fault);
    default:
        *out = text;
        return ZT_OK;
    }
}

static bool keeps_its_width(const struct zt_map_field *map, const struct zt_field_type *type)
{
    return type->kind == ZT_KIND_TEXT && map->as == ZT_AS_KIND && !map->codes;
}

enum zt_err zt_convert_value(const struct zt_map_field *map, const struct zt_field_type *type,
                             const char *raw, struct zt_arena *arena, const char **out,
                             struct zt_fault *fault)
{
    const char *text = NULL;
    enum zt_err rc =
        keeps_its_width(map, type) ? zt_normal_text(raw, arena, &text) : zt_normal_narrow(raw, arena, &text);
    if (rc != ZT_OK)
        return zt_fault_set(fault, ZT_E_LIMIT, "row.memory", map->column,
                            "%s: this row needs more memory than a row may", map->column);
    if (!text || (map->blank && strcmp(text, map->blank) == 0)) {
        *out = NULL;
        return ZT_OK;
    }
    if (map->codes) {
        const char *code = zt_normal_code(map->codes, map->code_count, text);
        if (!code)
            return refuse(map, "row.code", "is a code that the mapping does not know", fault);
        *out = code;
        return ZT_OK;
    }
    switch (map->as) {
    case ZT_AS_MONTH:
        return as_month(map, text, arena, out, fault);
    case ZT_AS_FEN:
        return as_fen(map, text, arena, out, fault);
    case ZT_AS_NARROW:
        *out = text;
        return ZT_OK;
    default:
        return as_kind(map, type, text, arena, out, fault);
    }
}

// The text of one element; NULL when it is neither text nor number, or the object has no such member.
static const char *element_text(const struct zt_map_field *map, const json_t *element, struct zt_arena *arena)
{
    const json_t *value = map->member ? json_object_get(element, map->member) : element;
    if (json_is_string(value))
        return zt_arena_strdup(arena, json_string_value(value));
    if (json_is_integer(value))
        return zt_arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return NULL;
}

static enum zt_err take_elements(const struct zt_map_field *map, const json_t *list, struct zt_arena *arena,
                                 const char *const **values, size_t *count, struct zt_fault *fault)
{
    size_t len = json_array_size(list);
    const char **texts = len <= ZT_LIST_MAX ? zt_arena_alloc(arena, (len + 1) * sizeof *texts) : NULL;
    if (!texts)
        return refuse(map, "row.list", "is a list of more elements than a record may have", fault);
    for (size_t i = 0; i < len; i++) {
        texts[i] = element_text(map, json_array_get(list, i), arena);
        if (!texts[i])
            return refuse(map, "row.list", "has an element that is not as the mapping says", fault);
    }
    *values = texts;
    *count = len;
    return ZT_OK;
}

enum zt_err zt_convert_list(const struct zt_map_field *map, const char *raw, struct zt_arena *arena,
                            const char *const **values, size_t *count, struct zt_fault *fault)
{
    if (*raw != '[') {
        const char **one = zt_arena_alloc(arena, sizeof *one);
        if (!one)
            return refuse(map, "row.list", "needs more memory than a row may", fault);
        *one = raw;
        *values = one;
        *count = 1;
        return ZT_OK;
    }
    json_t *list = json_loads(raw, JSON_REJECT_DUPLICATES, NULL);
    enum zt_err rc = json_is_array(list) ? take_elements(map, list, arena, values, count, fault)
                                         : refuse(map, "row.list", "is no JSON list", fault);
    json_decref(list);
    return rc;
}
