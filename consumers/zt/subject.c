// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/subject.h"

#include <string.h>

#include "base/id/id.h"

#define CODE_LEN 3

static bool is_code(const char *kind)
{
    return strlen(kind) == CODE_LEN && strspn(kind, "0123456789") == CODE_LEN;
}

enum zt_err zt_subject_parse(const char *text, struct zt_arena *arena, struct zt_subject *subject)
{
    const char *colon = strchr(text, ':');
    char number[ZT_ID_MAX + 1];
    if (!colon || zt_id_normalise(colon + 1, number, sizeof number) != ZT_OK)
        return ZT_E_INPUT;
    const char *kind_text = zt_arena_strndup(arena, text, (size_t)(colon - text));
    const char *copy = zt_arena_strdup(arena, number);
    explicit_bzero(number, sizeof number);
    if (!kind_text || !copy)
        return ZT_E_NOMEM;
    enum zt_id_kind kind;
    if (zt_id_kind_parse(kind_text, &kind) == ZT_OK && *zt_id_kind_code(kind))
        kind_text = zt_id_kind_code(kind);
    else if (!is_code(kind_text))
        return ZT_E_INPUT;
    *subject = (struct zt_subject){kind_text, copy, ""};
    return ZT_OK;
}
