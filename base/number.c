// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/text.h"

#define SCALE_MAX 18 // 10^18 is the largest power of ten in an int64_t

// Takes one more decimal digit in; counts downwards because the negative range is the larger one.
static bool push(int64_t *negative, char digit)
{
    return !__builtin_mul_overflow(*negative, 10, negative) &&
           !__builtin_sub_overflow(*negative, digit - '0', negative);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Reads digits from *text on; false when there is none or they do not fit.
static bool read_digits(const char **text, int64_t *negative)
{
    const char *start = *text;
    for (; is_digit(**text); (*text)++)
        if (!push(negative, **text))
            return false;
    return *text != start;
}

static enum zt_err finish(bool minus, int64_t negative, int64_t min, int64_t max, int64_t *out)
{
    int64_t value = negative;
    if (!minus && __builtin_sub_overflow(0, negative, &value))
        return ZT_E_INPUT;
    if (value < min || value > max)
        return ZT_E_INPUT;
    *out = value;
    return ZT_OK;
}

enum zt_err zt_parse_i64(const char *text, int64_t min, int64_t max, int64_t *out)
{
    bool minus = *text == '-';
    text += minus;
    int64_t negative = 0;
    if (!read_digits(&text, &negative) || *text)
        return ZT_E_INPUT;
    return finish(minus, negative, min, max, out);
}

enum zt_err zt_parse_decimal(const char *text, unsigned scale, int64_t *out)
{
    if (scale > SCALE_MAX)
        return ZT_E_BUG;
    bool minus = *text == '-';
    text += minus;
    int64_t negative = 0;
    if (!read_digits(&text, &negative))
        return ZT_E_INPUT;
    size_t decimals = 0;
    if (*text == '.') {
        const char *start = ++text;
        if (!read_digits(&text, &negative))
            return ZT_E_INPUT;
        decimals = (size_t)(text - start);
    }
    if (*text || decimals > scale)
        return ZT_E_INPUT;
    for (; decimals < scale; decimals++)
        if (!push(&negative, '0'))
            return ZT_E_INPUT;
    return finish(minus, negative, INT64_MIN, INT64_MAX, out);
}

void zt_format_decimal(int64_t value, unsigned scale, char out[static 32])
{
    if (scale > SCALE_MAX)
        scale = SCALE_MAX;
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char digits[24], *at = digits + sizeof digits;
    *--at = 0;
    for (unsigned i = 0; i <= scale || magnitude; i++, magnitude /= 10) {
        if (i == scale && scale > 0)
            *--at = '.';
        *--at = (char)('0' + magnitude % 10);
    }
    if (value < 0)
        *--at = '-';
    memcpy(out, at, (size_t)(digits + sizeof digits - at));
}
