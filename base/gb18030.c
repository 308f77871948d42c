// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <iconv.h>

#include "base/text.h"

#define CHUNK 4096

// Converts into one more chunk of `out`; sets *done at the end of the input.
static enum zt_err step(iconv_t converter, char **in, size_t *left, struct zt_buf *out, bool *done)
{
    size_t room = out->max - out->len < CHUNK ? out->max - out->len : CHUNK;
    char *at = (char *)zt_buf_extend(out, room);
    if (!at)
        return out->err;
    size_t free_room = room;
    size_t result = iconv(converter, in, left, &at, &free_room);
    int reason = errno;
    out->len -= free_room;
    *done = result != (size_t)-1;
    if (*done)
        return ZT_OK;
    if (reason != E2BIG)
        return ZT_E_INPUT;
    if (free_room == room) { // not even one character fits below the maximum
        out->err = ZT_E_LIMIT;
        return ZT_E_LIMIT;
    }
    return ZT_OK;
}

enum zt_err zt_gb18030_to_utf8(struct zt_bytes in, struct zt_buf *out, size_t *bad_at)
{
    if (out->err != ZT_OK)
        return out->err;
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1)
        return ZT_E_IO;
    size_t start = out->len;
    char *from = (char *)(uintptr_t)in.data; // iconv takes char ** but does not write
    size_t left = in.len;
    enum zt_err rc = ZT_OK;
    for (bool done = left == 0; !done && rc == ZT_OK;)
        rc = step(converter, &from, &left, out, &done);
    iconv_close(converter);
    if (rc == ZT_E_INPUT) {
        out->len = start;
        *bad_at = in.len - left;
    }
    return rc;
}
