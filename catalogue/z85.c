// SPDX-License-Identifier: Apache-2.0
#include "catalogue/z85.h"

#include <string.h>

static const char alphabet[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

static bool group_of(const char *text, uint8_t out[static 4])
{
    uint64_t value = 0;
    for (int i = 0; i < 5; i++) {
        const char *at = strchr(alphabet, text[i]);
        if (!at)
            return false;
        value = value * 85 + (uint64_t)(at - alphabet);
    }
    if (value > UINT32_MAX)
        return false;
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
    return true;
}

enum zt_err zt_z85_key(const char *text, uint8_t key[static ZT_CURVE_KEY_LEN])
{
    uint8_t bytes[ZT_CURVE_KEY_LEN];
    if (strlen(text) != ZT_CURVE_TEXT_LEN)
        return ZT_E_INPUT;
    for (size_t i = 0; i < ZT_CURVE_KEY_LEN / 4; i++)
        if (!group_of(text + 5 * i, bytes + 4 * i))
            return ZT_E_INPUT;
    memcpy(key, bytes, sizeof bytes);
    return ZT_OK;
}
