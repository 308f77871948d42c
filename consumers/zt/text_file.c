// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/text_file.h"

#include <string.h>

#include "base/file.h"

#define MODE 0600 // what we write is about a person

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum zt_err zt_text_read(const char *path, struct zt_buf *text, struct zt_fault *fault)
{
    enum zt_err rc = zt_file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, text, fault);
    if (rc != ZT_OK)
        return rc;
    while (text->len && is_blank(text->data[text->len - 1]))
        text->len--;
    size_t lead = 0;
    while (lead < text->len && is_blank(text->data[lead]))
        lead++;
    if (lead) {
        memmove(text->data, text->data + lead, text->len - lead);
        text->len -= lead;
    }
    return ZT_OK;
}

enum zt_err zt_text_write(const char *path, const char *text, struct zt_fault *fault)
{
    struct zt_buf line;
    size_t len = strlen(text);
    zt_buf_init(&line, len + 1);
    zt_buf_put(&line, text, len);
    zt_buf_put_u8(&line, '\n');
    enum zt_err rc = line.err == ZT_OK ? zt_file_replace(path, zt_buf_bytes(&line), MODE, fault)
                                       : zt_fault_set(fault, line.err, "file.write", path, "out of memory");
    zt_buf_fini(&line);
    return rc;
}
