// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

// Bytes that must follow a lead byte, with the narrower range of the second byte (RFC 3629 section 4).
struct lead {
    size_t tail;
    uint8_t low, high;
};

static struct lead lead_of(uint8_t byte)
{
    if (byte >= 0xC2 && byte <= 0xDF)
        return (struct lead){1, 0x80, 0xBF};
    if (byte >= 0xE0 && byte <= 0xEF)
        return (struct lead){2, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF};
    if (byte >= 0xF0 && byte <= 0xF4)
        return (struct lead){3, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF};
    return (struct lead){0, 0, 0};
}

// Length of the character at `at`, 0 when it is not one.
static size_t character(struct zt_bytes text, size_t at)
{
    uint8_t byte = text.data[at];
    if (byte == 0)
        return 0;
    if (byte < 0x80)
        return 1;
    struct lead lead = lead_of(byte);
    if (lead.tail == 0 || lead.tail > text.len - at - 1)
        return 0;
    if (text.data[at + 1] < lead.low || text.data[at + 1] > lead.high)
        return 0;
    for (size_t i = 2; i <= lead.tail; i++)
        if ((text.data[at + i] & 0xC0) != 0x80)
            return 0;
    return lead.tail + 1;
}

bool zt_utf8_valid(struct zt_bytes text)
{
    for (size_t at = 0; at < text.len;) {
        size_t len = character(text, at);
        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

size_t zt_utf8_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((uint8_t)*text & 0xC0) != 0x80;
    return count;
}
