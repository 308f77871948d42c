// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/claims.h"

#include <string.h>

enum zt_err zt_claims_init(struct zt_claims *claims, struct zt_arena *arena)
{
    struct zt_statement_claim *list = zt_arena_alloc(arena, ZT_STATEMENT_CLAIMS * sizeof *list);
    if (!list)
        return ZT_E_NOMEM;
    *claims = (struct zt_claims){.arena = arena, .list = list};
    return ZT_OK;
}

static const char *state_text(enum zt_record_state state)
{
    // Codes of the record envelope: 01 in force, 02 changed, 03 revoked, 04 cancelled.
    static const char *const texts[] = {[ZT_STATE_VALID] = "01",
                                        [ZT_STATE_CHANGED] = "02",
                                        [ZT_STATE_REVOKED] = "03",
                                        [ZT_STATE_CANCELLED] = "04"};
    return (size_t)state < sizeof texts / sizeof *texts && texts[state] ? texts[state] : "";
}

static const char *envelope_text(const char *name, const struct zt_record *record)
{
    const char *text = "";
    if (strcmp(name, "valid_from") == 0)
        text = record->valid_from;
    else if (strcmp(name, "valid_to") == 0)
        text = record->valid_to;
    else if (strcmp(name, "region") == 0)
        text = record->region;
    else if (strcmp(name, "state") == 0)
        text = state_text(record->state);
    return text ? text : "";
}

// NULL when memory is short, "" when the record does not carry the field.
static const char *field_text(struct zt_arena *arena, const struct zt_field_type *type,
                              const struct zt_record *record)
{
    const char *text = "";
    for (size_t i = 0; text && i < record->field_count; i++) {
        if (record->fields[i].tag != type->tag)
            continue;
        const char *one = zt_value_text(type, &record->fields[i], arena);
        if (!one)
            return NULL;
        text = text[0] ? zt_arena_printf(arena, "%s;%s", text, one) : one;
    }
    return text;
}

static enum zt_err add(struct zt_claims *claims, const struct zt_cert_field *field, const char *value)
{
    if (claims->count == ZT_STATEMENT_CLAIMS)
        return ZT_E_LIMIT;
    claims->list[claims->count++] =
        (struct zt_statement_claim){field->name, field->name_zh, value, field->disclosable};
    return ZT_OK;
}

enum zt_err zt_claims_add(struct zt_claims *claims, const struct zt_cert_type *type,
                          const struct zt_record *record)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct zt_cert_field *field = &type->fields[i];
        if (strcmp(field->record->id, record->type) != 0)
            continue;
        const char *value = field->field ? field_text(claims->arena, field->field, record)
                                         : envelope_text(field->envelope, record);
        if (!value)
            return ZT_E_NOMEM;
        enum zt_err rc = value[0] ? add(claims, field, value) : ZT_OK;
        if (rc != ZT_OK)
            return rc;
    }
    return ZT_OK;
}
