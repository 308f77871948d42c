// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 256

bool zt_bytes_equal(struct zt_bytes a, struct zt_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

struct zt_bytes zt_bytes_str(const char *text)
{
    return (struct zt_bytes){(const uint8_t *)text, strlen(text)};
}

void zt_buf_init(struct zt_buf *buf, size_t max)
{
    *buf = (struct zt_buf){.max = max};
}

void zt_buf_fini(struct zt_buf *buf)
{
    if (buf->data)
        explicit_bzero(buf->data, buf->cap);
    free(buf->data);
    *buf = (struct zt_buf){.max = buf->max};
}

void zt_buf_reset(struct zt_buf *buf)
{
    buf->len = 0;
    buf->err = ZT_OK;
}

// One byte more than asked is always kept, so that zt_buf_text can end the text in place.
static bool reserve(struct zt_buf *buf, size_t more)
{
    if (buf->err != ZT_OK)
        return false;
    if (more > buf->max - buf->len) {
        buf->err = ZT_E_LIMIT;
        return false;
    }
    if (more >= SIZE_MAX / 2 - buf->len) { // the sums below must not wrap
        buf->err = ZT_E_NOMEM;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap ? buf->cap : FIRST_CAP;
    while (cap < need)
        cap *= 2;
    // malloc + wipe instead of realloc: a moved buffer must not leave a copy of a secret behind.
    uint8_t *data = malloc(cap);
    if (!data) {
        buf->err = ZT_E_NOMEM;
        return false;
    }
    if (buf->data) {
        memcpy(data, buf->data, buf->len);
        explicit_bzero(buf->data, buf->cap);
        free(buf->data);
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

uint8_t *zt_buf_extend(struct zt_buf *buf, size_t len)
{
    if (!reserve(buf, len))
        return NULL;
    uint8_t *at = buf->data + buf->len;
    buf->len += len;
    return at;
}

void zt_buf_put(struct zt_buf *buf, const void *data, size_t len)
{
    uint8_t *at = zt_buf_extend(buf, len);
    if (at && len)
        memcpy(at, data, len);
}

void zt_buf_put_str(struct zt_buf *buf, const char *text)
{
    zt_buf_put(buf, text, strlen(text));
}

void zt_buf_put_u8(struct zt_buf *buf, uint8_t value)
{
    zt_buf_put(buf, &value, 1);
}

static void put_be(struct zt_buf *buf, uint64_t value, size_t width)
{
    uint8_t *at = zt_buf_extend(buf, width);
    for (size_t i = 0; at && i < width; i++)
        at[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
}

void zt_buf_put_be16(struct zt_buf *buf, uint16_t value)
{
    put_be(buf, value, 2);
}

void zt_buf_put_be32(struct zt_buf *buf, uint32_t value)
{
    put_be(buf, value, 4);
}

void zt_buf_put_be64(struct zt_buf *buf, uint64_t value)
{
    put_be(buf, value, 8);
}

void zt_buf_printf(struct zt_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len >= 0 && reserve(buf, (size_t)len)) {
        vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, fmt, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

struct zt_bytes zt_buf_bytes(const struct zt_buf *buf)
{
    return (struct zt_bytes){buf->data, buf->len};
}

const char *zt_buf_text(struct zt_buf *buf)
{
    if (!reserve(buf, 0))
        return "";
    buf->data[buf->len] = 0;
    return (const char *)buf->data;
}
