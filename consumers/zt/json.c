// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/json.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"

void zt_json_put(json_t *object)
{
    if (!object || json_dumpf(object, stdout, JSON_INDENT(2)) != 0)
        fputs("null", stdout);
    putchar('\n');
    json_decref(object);
}

json_t *zt_json_text(const char *text)
{
    return json_string(text ? text : "");
}

json_t *zt_json_time(int64_t ms)
{
    char text[ZT_TIME_LEN + 1];
    if (ms == 0)
        return json_null();
    zt_time_of_ms(ms, text);
    return json_string(text);
}

json_t *zt_json_hex(struct zt_bytes bytes)
{
    char text[2 * 64 + 1];
    if (bytes.len > 64)
        return json_null();
    zt_hex_encode(bytes, text);
    return json_string(text);
}

json_t *zt_json_freshness(const struct zt_freshness *freshness)
{
    return json_pack("{ss so so si}", "state", zt_fresh_name(freshness->state), "as_of",
                     zt_json_time(freshness->as_of), "source", zt_json_text(freshness->source), "max_age_s",
                     (int)freshness->max_age);
}

json_t *zt_json_ledger(uint64_t index, const uint8_t hash[static ZT_HASH_LEN])
{
    return json_pack("{sI so}", "index", (json_int_t)index, "hash",
                     zt_json_hex((struct zt_bytes){hash, ZT_HASH_LEN}));
}
