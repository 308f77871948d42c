// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/id/id.h"

#define LABEL_WIDTH 25
#define LONG_NUMBER 15
#define VALUE_MAX   ((size_t)64 * 1024)

// Blocks of Unicode 15 whose characters are two columns wide (East Asian Width W and F), joined where the
// gaps hold nothing that we print.
static const struct {
    uint32_t first, last;
} wide[] = {{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
            {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};

// One code point of valid UTF-8; a broken one counts as a single byte.
static uint32_t take(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;
    size_t len = at[0] < 0x80 ? 1 : at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : at[0] >= 0xC0 ? 2 : 1;
    uint32_t code = len == 1 ? at[0] : at[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            *text += 1;
            return 0xFFFD;
        }
        code = code << 6 | (at[i] & 0x3F);
    }
    *text += len;
    return code;
}

static size_t width_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (code >= wide[i].first && code <= wide[i].last)
            return 2;
    return 1;
}

// C0, DEL, C1, and the marks that turn the direction of writing.
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFFFD;
}

size_t zt_text_width(const char *text)
{
    size_t width = 0;
    while (*text)
        width += width_of(take(&text));
    return width;
}

void zt_put_text(const char *text)
{
    while (*text) {
        const char *start = text;
        if (is_control(take(&text)))
            putchar('?');
        else
            fwrite(start, 1, (size_t)(text - start), stdout);
    }
}

void zt_put_cell(const char *text, size_t width)
{
    size_t used = zt_text_width(text);
    zt_put_text(text);
    do // one blank even behind a text that is too wide
        putchar(' ');
    while (++used < width);
}

void zt_put_row(const char *label, const char *value)
{
    zt_put_cell(label, LABEL_WIDTH);
    zt_put_text(value);
    putchar('\n');
}

void zt_put_rowf(const char *label, const char *fmt, ...)
{
    char value[1024];
    va_list list;
    va_start(list, fmt);
    vsnprintf(value, sizeof value, fmt, list);
    va_end(list);
    zt_put_row(label, value);
}

void zt_local_time(int64_t ms, char text[static ZT_LOCAL_TIME_LEN + 1])
{
    char utc[ZT_TIME_LEN + 1];
    if (ms == 0) {
        snprintf(text, ZT_LOCAL_TIME_LEN + 1, "-");
        return;
    }
    zt_time_of_ms(ms + INT64_C(8) * 3600 * 1000, utc); // official time in China: UTC+8 everywhere, all year
    memcpy(text, utc, ZT_LOCAL_TIME_LEN);
    text[10] = ' ';
    text[ZT_LOCAL_TIME_LEN] = 0;
}

// A person's number is one that holds, or one with a slip that is as long as a number of a person.
static bool is_persons(const char *value)
{
    char today[ZT_DATE_LEN + 1];
    enum zt_id_kind kind = zt_id_guess(value);
    if (kind == ZT_ID_UNKNOWN || kind == ZT_ID_USCC || kind == ZT_ID_LICENCE)
        return false;
    zt_date_of_ms(zt_now_ms(), today);
    return strlen(value) >= LONG_NUMBER || zt_id_check(kind, value, today, NULL) == ZT_OK;
}

const char *zt_shown_number(const char *value, bool show, char *out, size_t out_size)
{
    if (show || !is_persons(value))
        return value;
    zt_id_mask(value, out, out_size);
    return out;
}
