// SPDX-License-Identifier: Apache-2.0
// Normalisers: what a department's system writes -> the one canonical text of the catalogue.
//
// Rules: pure and thread safe. A blank value (NULL, "", nothing but blanks) is "no value": zt_normal_text
// gives NULL for it and the other functions are not asked. Nothing is guessed: what is not one of the listed
// forms is refused.
#ifndef ZT_ADAPTERS_KIT_NORMAL_H
#define ZT_ADAPTERS_KIT_NORMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"

#define ZT_NORMAL_NUMBER_MAX 40 // the longest number with its NUL: sign, 19 digits, 6 commas, point

// Without blanks at both ends (ASCII blanks and controls, U+00A0, U+3000, a byte order mark), in the arena.
// *out is NULL when nothing is left. ZT_E_NOMEM when the arena is full.
ZT_MUST_USE enum zt_err zt_normal_text(const char *text, struct zt_arena *arena, const char **out);

// The same, and full-width forms (U+FF01..U+FF5E: １２３ＡＢＣ．－) become ASCII: for numbers, days and
// codes, not for names.
ZT_MUST_USE enum zt_err zt_normal_narrow(const char *text, struct zt_arena *arena, const char **out);

// The functions below take a text without blanks, as zt_normal_narrow gives it; false: not of that form.

// "19900307", "1990-03-07", "1990-3-7", "1990/03/07", "1990.03.07", "1990年3月7日", and each of the first two
// with a time behind it -> "1990-03-07"; the day must exist.
bool zt_normal_date(const char *text, char out[static ZT_DATE_LEN + 1]);

// "2026-03-01 12:00:00[.123456]", "20260301120000", "2026-03-01" and "20260301" (midnight), all at UTC+8, and
// RFC 3339 with its own offset -> milliseconds UTC.
bool zt_normal_time(const char *text, int64_t *ms);

// "12345.67", "-0.5", "12,345.67" (groups of three) -> the same without commas.
bool zt_normal_number(const char *text, char out[static ZT_NORMAL_NUMBER_MAX]);

// "202603", "2026-03" -> "202603"
bool zt_normal_month(const char *text, char out[static 7]);

// 1 0, Y N, true false, 是 否, in upper and lower case.
bool zt_normal_boolean(const char *text, bool *out);

// A department's own code -> the catalogue's.
struct zt_code_map {
    const char *from, *to;
};
const char *zt_normal_code(const struct zt_code_map *map, size_t count, const char *from); // NULL: not listed

#endif
