// SPDX-License-Identifier: Apache-2.0
// What people see: rows and columns of Chinese and English on a terminal. Texts from outside are shown
// without control characters, so that no record can move the cursor.
#ifndef ZT_CONSUMERS_ZT_PRINT_H
#define ZT_CONSUMERS_ZT_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

// Columns that a text takes: 2 for a wide East Asian character, 1 for others. Independent of the locale.
size_t zt_text_width(const char *text);

void zt_put_text(const char *text); // cleaned
void zt_put_cell(const char *text,
                 size_t width); // cleaned, filled up to `width` columns with blanks, at least one
void zt_put_row(const char *label, const char *value);
void zt_put_rowf(const char *label, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

// "2026-11-22 12:21:31" as clocks in China show it; "-" for 0.
#define ZT_LOCAL_TIME_LEN 19
void zt_local_time(int64_t ms, char text[static ZT_LOCAL_TIME_LEN + 1]);

// A number of a person is masked unless `show`; anything else is shown as it is. `out` has room for the
// value.
const char *zt_shown_number(const char *value, bool show, char *out, size_t out_size);

#endif
