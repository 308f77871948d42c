// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

static const char url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char std_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(struct zt_bytes in, const char *alphabet, bool padded, struct zt_buf *out)
{
    for (size_t i = 0; i < in.len; i += 3) {
        size_t have = in.len - i < 3 ? in.len - i : 3;
        uint32_t word = (uint32_t)in.data[i] << 16;
        word |= have > 1 ? (uint32_t)in.data[i + 1] << 8 : 0;
        word |= have > 2 ? in.data[i + 2] : 0;
        char group[4];
        for (size_t c = 0; c < 4; c++)
            group[c] = c <= have ? alphabet[word >> (18 - 6 * c) & 63] : '=';
        zt_buf_put(out, group, padded ? 4 : have + 1);
    }
}

void zt_base64url_encode(struct zt_bytes in, struct zt_buf *out)
{
    encode(in, url_alphabet, false, out);
}

void zt_base64_encode(struct zt_bytes in, struct zt_buf *out)
{
    encode(in, std_alphabet, true, out);
}

static int value_of(uint8_t c, const char *alphabet)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == (uint8_t)alphabet[62])
        return 62;
    return c == (uint8_t)alphabet[63] ? 63 : -1;
}

// One text per value: the bits behind the last byte must be zero, else two texts would mean the same.
static enum zt_err check(struct zt_bytes in, const char *alphabet)
{
    if (in.len % 4 == 1)
        return ZT_E_INPUT;
    for (size_t i = 0; i < in.len; i++)
        if (value_of(in.data[i], alphabet) < 0)
            return ZT_E_INPUT;
    if (in.len % 4 == 2 && (value_of(in.data[in.len - 1], alphabet) & 15))
        return ZT_E_INPUT;
    if (in.len % 4 == 3 && (value_of(in.data[in.len - 1], alphabet) & 3))
        return ZT_E_INPUT;
    return ZT_OK;
}

static enum zt_err decode(struct zt_bytes in, const char *alphabet, struct zt_buf *out)
{
    enum zt_err rc = check(in, alphabet);
    if (rc != ZT_OK)
        return rc;
    uint8_t *at = zt_buf_extend(out, in.len / 4 * 3 + (in.len % 4 ? in.len % 4 - 1 : 0));
    if (!at)
        return out->err;
    uint32_t word = 0;
    for (size_t i = 0; i < in.len; i++) {
        word = word << 6 | (uint32_t)value_of(in.data[i], alphabet);
        if (i % 4 != 0)
            *at++ = (uint8_t)(word >> (6 - 2 * (i % 4)));
    }
    return ZT_OK;
}

enum zt_err zt_base64url_decode(struct zt_bytes in, struct zt_buf *out)
{
    return decode(in, url_alphabet, out);
}

enum zt_err zt_base64_decode(struct zt_bytes in, struct zt_buf *out)
{
    if (in.len % 4 != 0)
        return ZT_E_INPUT;
    for (int pad = 0; pad < 2 && in.len && in.data[in.len - 1] == '='; pad++)
        in.len--;
    return decode(in, std_alphabet, out);
}
