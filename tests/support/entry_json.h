// SPDX-License-Identifier: Apache-2.0
// A ledger entry as JSON, for the checking programs of the tests.
#ifndef ZT_TESTS_SUPPORT_ENTRY_JSON_H
#define ZT_TESTS_SUPPORT_ENTRY_JSON_H

#include <jansson.h>

#include "proto/ledger.h"

// New reference: every field of the entry; bytes in hexadecimal, times in RFC 3339 (null when 0). NULL when
// the bytes are no entry.
json_t *zt_entry_json(struct zt_bytes encoded, struct zt_arena *arena);
json_t *zt_hex_json(struct zt_bytes bytes); // new reference

#endif
