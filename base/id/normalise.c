// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/id/id.h"
#include "base/text.h"

// One character of input: an ASCII character, a full-width form (U+FF01..U+FF5E) or a blank of another width.
// 0 for anything else; moves *text behind it.
static char take(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;
    if (at[0] < 0x80) {
        *text += 1;
        return at[0] == '\t' || at[0] == '\r' || at[0] == '\n' ? ' ' : (char)at[0];
    }
    if (at[0] == 0xC2 && at[1] == 0xA0) { // no-break space
        *text += 2;
        return ' ';
    }
    unsigned code = at[1] && at[2] ? (at[0] & 15u) << 12 | (at[1] & 63u) << 6 | (at[2] & 63u) : 0;
    *text += 3;
    if (code == 0x3000 || code == 0xFEFF)
        return ' ';
    return code >= 0xFF01 && code <= 0xFF5E ? (char)(code - 0xFF01 + '!') : 0;
}

enum zt_err zt_id_normalise(const char *value, char *out, size_t out_size)
{
    char text[ZT_LICENCE_MAX];
    size_t len = 0, kept = 0;
    if (!zt_utf8_valid(zt_bytes_str(value)))
        return ZT_E_INPUT;
    while (*value) {
        char c = take(&value);
        if (!c)
            return ZT_E_INPUT;
        if (c == ' ' && len == 0)
            continue;
        if (len == sizeof text - 1 && c != ' ')
            return ZT_E_LIMIT;
        if (len < sizeof text - 1)
            text[len++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        kept = c == ' ' ? kept : len;
    }
    if (kept == 0)
        return ZT_E_INPUT;
    if (kept >= out_size)
        return ZT_E_LIMIT;
    memcpy(out, text, kept);
    out[kept] = 0;
    return ZT_OK;
}
