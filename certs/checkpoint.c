// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "certs/note.h"

#define SIZE_DIGITS 19 // of INT64_MAX, the largest tree
#define ORIGIN_ROOM sizeof(((struct zt_checkpoint *)0)->origin)

void zt_checkpoint_write(const struct zt_checkpoint *checkpoint, struct zt_buf *out)
{
    zt_buf_printf(out, "%s\n%" PRIu64 "\n", checkpoint->origin, checkpoint->size);
    zt_base64_encode((struct zt_bytes){checkpoint->root, sizeof checkpoint->root}, out);
    zt_buf_put_u8(out, '\n');
}

// The next line without its newline; false at the end of the text.
static bool take_line(struct zt_bytes *text, struct zt_bytes *line)
{
    const uint8_t *end = text->len ? memchr(text->data, '\n', text->len) : NULL;
    if (!end)
        return false;
    line->data = text->data;
    line->len = (size_t)(end - text->data);
    text->data = end + 1;
    text->len -= line->len + 1;
    return true;
}

static bool read_origin(struct zt_bytes line, char origin[static ORIGIN_ROOM])
{
    if (line.len == 0 || line.len >= ORIGIN_ROOM || !zt_utf8_valid(line))
        return false;
    for (size_t i = 0; i < line.len; i++)
        if (line.data[i] < ' ' || line.data[i] == 0x7f)
            return false;
    memcpy(origin, line.data, line.len);
    origin[line.len] = 0;
    return true;
}

static bool read_size(struct zt_bytes line, uint64_t *size)
{
    char text[SIZE_DIGITS + 1];
    int64_t value;
    if (line.len == 0 || line.len > SIZE_DIGITS || (line.data[0] == '0' && line.len > 1))
        return false;
    for (size_t i = 0; i < line.len; i++) // a NUL too would end the text below
        if (line.data[i] < '0' || line.data[i] > '9')
            return false;
    memcpy(text, line.data, line.len);
    text[line.len] = 0;
    if (zt_parse_i64(text, 0, INT64_MAX, &value) != ZT_OK)
        return false;
    *size = (uint64_t)value;
    return true;
}

static bool read_root(struct zt_bytes line, uint8_t root[static ZT_HASH_LEN])
{
    struct zt_buf raw;
    zt_buf_init(&raw, ZT_HASH_LEN);
    bool good = zt_base64_decode(line, &raw) == ZT_OK && raw.len == ZT_HASH_LEN;
    if (good)
        memcpy(root, raw.data, ZT_HASH_LEN);
    zt_buf_fini(&raw);
    return good;
}

enum zt_err zt_checkpoint_parse(struct zt_bytes note, struct zt_checkpoint *out, struct zt_fault *fault)
{
    struct zt_checkpoint parsed = {.size = 0};
    struct zt_bytes line;
    if (note.len > ZT_NOTE_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "checkpoint.form", "", "longer than %d bytes", ZT_NOTE_MAX);
    if (!take_line(&note, &line) || !read_origin(line, parsed.origin))
        return zt_fault_set(fault, ZT_E_INPUT, "checkpoint.form", "line 1", "no origin");
    if (!take_line(&note, &line) || !read_size(line, &parsed.size))
        return zt_fault_set(fault, ZT_E_INPUT, "checkpoint.form", "line 2", "no decimal tree size");
    if (!take_line(&note, &line) || !read_root(line, parsed.root))
        return zt_fault_set(fault, ZT_E_INPUT, "checkpoint.form", "line 3", "no base64 of 32 bytes");
    *out = parsed;
    return ZT_OK;
}
