// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>

#include "base/clock.h"
#include "base/text.h"
#include "catalogue/value.h"

static const char *blob_text(struct zt_bytes blob, struct zt_arena *arena)
{
    struct zt_buf text;
    zt_buf_init(&text, blob.len / 3 * 4 + 8);
    zt_base64url_encode(blob, &text);
    const char *kept = text.err == ZT_OK ? zt_arena_strndup(arena, zt_buf_text(&text), text.len) : NULL;
    zt_buf_fini(&text);
    return kept;
}

const char *zt_value_text(const struct zt_field_type *type, const struct zt_field *field,
                          struct zt_arena *arena)
{
    char text[32];
    switch (type->kind) {
    case ZT_KIND_BOOLEAN:
        return field->number ? "true" : "false";
    case ZT_KIND_INTEGER:
        return zt_arena_printf(arena, "%" PRId64, field->number);
    case ZT_KIND_DECIMAL:
    case ZT_KIND_MONEY:
        zt_format_decimal(field->number, type->scale, text);
        return zt_arena_strdup(arena, text);
    case ZT_KIND_TIMESTAMP:
        zt_time_of_ms(field->number, text);
        return zt_arena_strdup(arena, text);
    case ZT_KIND_BINARY:
        return blob_text(field->blob, arena);
    default:
        return field->text ? zt_arena_strdup(arena, field->text) : "";
    }
}
