// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "consumers/zt/show.h"

json_t *zt_answer_json(const char *command, const struct zt_request *request, const struct zt_answer *answer)
{
    return json_pack("{ss ss so so so so so so so}", "command", command, "status",
                     zt_status_name(answer->status), "rule", zt_json_text(answer->rule), "text_zh",
                     zt_json_text(answer->text_zh), "text_en", zt_json_text(answer->text_en), "type",
                     zt_json_text(request->type), "freshness", zt_json_freshness(&answer->freshness),
                     "ledger", zt_json_ledger(answer->ledger_index, answer->ledger_hash), "request_id",
                     zt_json_hex((struct zt_bytes){answer->id, ZT_REQUEST_ID_LEN}));
}

// Numbers and truth values as such, everything else as the catalogue's canonical text; money and decimals
// too, because a JSON number is not exact.
static json_t *value_json(struct zt_session *session, const struct zt_field_type *type,
                          const struct zt_field *field)
{
    if (type && type->kind == ZT_KIND_BOOLEAN && field->kind == ZT_VALUE_NUMBER)
        return json_boolean(field->number != 0);
    if (field->kind == ZT_VALUE_NUMBER && (!type || type->kind == ZT_KIND_INTEGER))
        return json_integer((json_int_t)field->number);
    const char *text = type ? zt_value_text(type, field, &session->arena) : field->text;
    return text ? json_string(text) : json_null();
}

// A field that comes more than once becomes a list.
static void add_field(json_t *fields, const char *name, bool many, json_t *value)
{
    json_t *there = json_object_get(fields, name);
    if (!there && !many) {
        json_object_set_new(fields, name, value);
        return;
    }
    if (!json_is_array(there)) {
        json_t *list = json_array();
        if (there)
            json_array_append(list, there);
        json_object_set_new(fields, name, list);
        there = list;
    }
    json_array_append_new(there, value);
}

static json_t *fields_json(struct zt_session *session, const struct zt_found *found)
{
    const struct zt_record_type *type = zt_session_record_type(session, found->type);
    json_t *fields = json_object();
    for (size_t i = 0; i < found->field_count; i++) {
        const struct zt_field *field = &found->fields[i];
        const struct zt_field_type *known = type ? zt_record_type_tag(type, field->tag) : NULL;
        const char *name = known ? known->name : zt_arena_printf(&session->arena, "#%u", field->tag);
        if (name)
            add_field(fields, name, known && known->many, value_json(session, known, field));
    }
    return fields;
}

json_t *zt_found_json(struct zt_session *session, const struct zt_found *found)
{
    return json_pack("{so so sI ss so so so so}", "type", zt_json_text(found->type), "key",
                     zt_json_text(found->key), "version", (json_int_t)found->version, "state",
                     zt_record_state_name(found->state), "valid_from", zt_json_text(found->valid_from),
                     "valid_to", zt_json_text(found->valid_to), "fields", fields_json(session, found),
                     "freshness", zt_json_freshness(&found->freshness));
}
