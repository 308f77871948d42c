// SPDX-License-Identifier: Apache-2.0
#include "broker/log/item.h"

#include <string.h>

#define ITEM_VERSION 1
#define FIXED        ((size_t)11)

void zt_log_item_encode(const struct zt_log_item *item, struct zt_buf *out)
{
    uint16_t count = 0;
    for (size_t i = 0; i < ZT_BATCH_MAX_RECORDS; i++)
        count = (uint16_t)(count + item->refused[i]);
    zt_buf_put_u8(out, ITEM_VERSION);
    zt_buf_put_be64(out, (uint64_t)item->received_at);
    zt_buf_put_be16(out, count);
    for (size_t i = 0; i < ZT_BATCH_MAX_RECORDS; i++)
        if (item->refused[i])
            zt_buf_put_be16(out, (uint16_t)i);
    zt_buf_put(out, item->body.data, item->body.len);
}

static uint64_t get_be(const uint8_t *at, size_t width)
{
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value = value << 8 | at[i];
    return value;
}

enum zt_err zt_log_item_parse(struct zt_bytes bytes, struct zt_log_item *item)
{
    if (bytes.len < FIXED || bytes.data[0] != ITEM_VERSION)
        return ZT_E_CORRUPT;
    size_t count = (size_t)get_be(bytes.data + 9, 2);
    if (count > ZT_BATCH_MAX_RECORDS || bytes.len - FIXED < 2 * count)
        return ZT_E_CORRUPT;
    struct zt_log_item out = {.received_at = (int64_t)get_be(bytes.data + 1, 8)};
    size_t least = 0;
    for (size_t i = 0; i < count; i++) {
        size_t index = (size_t)get_be(bytes.data + FIXED + 2 * i, 2);
        if (index < least || index >= ZT_BATCH_MAX_RECORDS)
            return ZT_E_CORRUPT;
        out.refused[index] = true;
        least = index + 1;
    }
    out.body = (struct zt_bytes){bytes.data + FIXED + 2 * count, bytes.len - FIXED - 2 * count};
    *item = out;
    return ZT_OK;
}
