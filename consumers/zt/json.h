// SPDX-License-Identifier: Apache-2.0
// What programs see with --json: one object on stdout. Keys are stable: they are added, never renamed.
#ifndef ZT_CONSUMERS_ZT_JSON_H
#define ZT_CONSUMERS_ZT_JSON_H

#include <jansson.h>

#include "proto/lookup.h"

void zt_json_put(json_t *object); // prints and releases it; what is missing for want of memory ends in null

json_t *zt_json_text(const char *text); // "" when NULL
json_t *zt_json_time(int64_t ms);       // RFC 3339, null for 0
json_t *zt_json_hex(struct zt_bytes bytes);
// {"state", "as_of", "source", "max_age_s"}
json_t *zt_json_freshness(const struct zt_freshness *freshness);
// {"index", "hash"}: the receipt that `zt audit verify --receipt` takes
json_t *zt_json_ledger(uint64_t index, const uint8_t hash[static ZT_HASH_LEN]);

#endif
