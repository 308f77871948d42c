// SPDX-License-Identifier: Apache-2.0
// For unit tests: published vectors are written as hex text with blanks wherever they help the eye.
#ifndef ZT_TESTS_SUPPORT_VECTORS_H
#define ZT_TESTS_SUPPORT_VECTORS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

// Decodes `hex` into a static ring of buffers; a wrong digit ends the test program.
static inline struct zt_bytes zt_vector(const char *hex)
{
    static uint8_t ring[16][4096];
    static unsigned next;
    uint8_t *at = ring[next++ % 16];
    size_t digits = 0;
    for (const char *p = hex; *p; p++) {
        const char *all = "0123456789abcdef0123456789ABCDEF", *found = strchr(all, *p);
        if (*p == ' ')
            continue;
        if (!found || digits / 2 >= sizeof ring[0])
            abort();
        uint8_t value = (uint8_t)((found - all) % 16);
        at[digits / 2] = (uint8_t)(digits % 2 ? at[digits / 2] | value : value << 4);
        digits++;
    }
    if (digits % 2)
        abort();
    return (struct zt_bytes){at, digits / 2};
}

#endif
