// SPDX-License-Identifier: Apache-2.0
// One value of a source -> the canonical text that zt_value_parse takes.
#ifndef ZT_ADAPTERS_KIT_CONVERT_H
#define ZT_ADAPTERS_KIT_CONVERT_H

#include "adapters/kit/mapping.h"

// The host stops a table with this fault instead of sending each of its rows to quarantine.
#define ZT_RULE_COLUMN_MISSING "row.column-missing"

// *out is NULL for an empty value; it lives in the arena. ZT_E_INPUT with rule "row.*" and the column.
ZT_MUST_USE enum zt_err zt_convert_value(const struct zt_map_field *map, const struct zt_field_type *type,
                                         const char *raw, struct zt_arena *arena, const char **out,
                                         struct zt_fault *fault);

// The elements of a JSON list (of texts, numbers, or objects with `member`), at most ZT_LIST_MAX; a value
// that is no list counts as its only element.
#define ZT_LIST_MAX 32
ZT_MUST_USE enum zt_err zt_convert_list(const struct zt_map_field *map, const char *raw,
                                        struct zt_arena *arena, const char *const **values, size_t *count,
                                        struct zt_fault *fault);

#endif
