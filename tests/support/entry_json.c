// SPDX-License-Identifier: Apache-2.0
#include "tests/support/entry_json.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"

json_t *zt_hex_json(struct zt_bytes bytes)
{
    char *text = malloc(2 * bytes.len + 1);
    if (!text)
        return NULL;
    text[0] = '\0';
    if (bytes.len)
        zt_hex_encode(bytes, text);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *time_json(int64_t ms)
{
    char text[ZT_TIME_LEN + 1];
    if (ms <= 0)
        return json_null();
    zt_time_of_ms(ms, text);
    return json_string(text);
}

static json_t *tags_json(const uint32_t *tags, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer(tags[i]));
    return list;
}

static void put_words(json_t *json, const struct zt_entry *entry)
{
    const struct {
        const char *name, *value;
    } words[] = {
        {"party", entry->party},     {"officer", entry->officer}, {"item", entry->item},
        {"purpose", entry->purpose}, {"case", entry->case_no},    {"type", entry->type},
        {"rule", entry->rule},       {"note", entry->note},       {"certificate", entry->certificate}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        json_object_set_new(json, words[i].name, json_string(words[i].value ? words[i].value : ""));
}

static const char *fresh_name(enum zt_fresh fresh)
{
    return fresh == ZT_FRESH ? "fresh" : fresh == ZT_STALE ? "stale" : "unknown";
}

json_t *zt_entry_json(struct zt_bytes encoded, struct zt_arena *arena)
{
    struct zt_entry entry;
    if (zt_entry_parse(encoded, arena, &entry, NULL) != ZT_OK)
        return NULL;
    json_t *json = json_object();
    json_object_set_new(json, "kind", json_string(zt_entry_kind_name(entry.kind)));
    json_object_set_new(json, "time", time_json(entry.time));
    put_words(json, &entry);
    json_object_set_new(json, "mode", entry.mode ? json_string(zt_mode_name(entry.mode)) : json_null());
    json_object_set_new(json, "status", json_string(zt_status_name(entry.status)));
    json_object_set_new(json, "subject", zt_hex_json(entry.subject));
    json_object_set_new(json, "asked", tags_json(entry.asked, entry.asked_count));
    json_object_set_new(json, "given", tags_json(entry.given, entry.given_count));
    json_object_set_new(json, "as_of", time_json(entry.as_of));
    json_object_set_new(json, "fresh", json_string(fresh_name(entry.fresh)));
    json_object_set_new(json, "request_id", zt_hex_json(entry.request_id));
    json_object_set_new(json, "request_hash", zt_hex_json(entry.request_hash));
    json_object_set_new(json, "answer_hash", zt_hex_json(entry.answer_hash));
    // An index, or null: the entry itself holds index + 1 so that 0 is none.
    json_object_set_new(json, "intent",
                        entry.intent ? json_integer((json_int_t)entry.intent - 1) : json_null());
    return json;
}
