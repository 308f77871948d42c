// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/text.h"

void zt_hex_encode(struct zt_bytes in, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < in.len; i++) {
        out[2 * i] = digits[in.data[i] >> 4];
        out[2 * i + 1] = digits[in.data[i] & 15];
    }
    out[2 * in.len] = 0;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

enum zt_err zt_hex_decode(const char *hex, uint8_t *out, size_t out_len)
{
    if (strlen(hex) != 2 * out_len)
        return ZT_E_INPUT;
    for (size_t i = 0; i < 2 * out_len; i++)
        if (digit(hex[i]) < 0)
            return ZT_E_INPUT;
    for (size_t i = 0; i < out_len; i++)
        out[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    return ZT_OK;
}
