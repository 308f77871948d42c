// SPDX-License-Identifier: Apache-2.0
#include "adapters/connectors/reader.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

void zt_reader_close(struct zt_reader *reader)
{
    if (reader->file)
        fclose(reader->file);
    reader->file = NULL;
    zt_buf_fini(&reader->raw);
    zt_buf_fini(&reader->text);
    zt_buf_fini(&reader->head);
}

enum zt_err zt_reader_start(struct zt_reader *reader, const char *path, const char *name, bool gb18030,
                            struct zt_fault *fault)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return zt_fault_errno(fault, "file.open", name, "cannot be opened; check its owner and mode");
    reader->file = file;
    reader->name = name;
    reader->gb18030 = gb18030;
    reader->offset = 0;
    reader->line = 1;
    reader->column_count = 0;
    zt_buf_init(&reader->raw, ZT_ROW_BYTES);
    // UTF-8 needs at most twice the bytes of GB18030 text, and each value gets a NUL.
    zt_buf_init(&reader->text, 2 * ZT_ROW_BYTES + ZT_ROW_COLUMNS);
    zt_buf_init(&reader->head, 2 * ZT_ROW_BYTES + ZT_ROW_COLUMNS);
    return ZT_OK;
}

enum zt_err zt_reader_seek(struct zt_reader *reader, int64_t offset, int64_t line, struct zt_fault *fault)
{
    if (fseeko(reader->file, (off_t)offset, SEEK_SET) != 0)
        return zt_fault_errno(fault, "file.seek", reader->name,
                              "cannot go to the place where reading stopped");
    reader->offset = offset;
    reader->line = line;
    return ZT_OK;
}

enum zt_err zt_reader_convert(struct zt_reader *reader, struct zt_bytes raw, struct zt_buf *out,
                              struct zt_fault *fault)
{
    if (!reader->gb18030) {
        if (!zt_utf8_valid(raw))
            return zt_fault_set(fault, ZT_E_INPUT, "file.encoding", reader->place,
                                "is not valid UTF-8; if the file is GB18030, say so in `encoding`");
        zt_buf_put(out, raw.data, raw.len);
        zt_buf_put_u8(out, 0);
        return out->err;
    }
    size_t bad_at = 0, from = out->len;
    if (zt_gb18030_to_utf8(raw, out, &bad_at) != ZT_OK)
        return zt_fault_set(fault, ZT_E_INPUT, "file.encoding", reader->place,
                            "byte %zu of the value is not GB18030; check the file's encoding", bad_at);
    if (out->len > from && !zt_utf8_valid((struct zt_bytes){out->data + from, out->len - from}))
        return zt_fault_set(fault, ZT_E_INPUT, "file.encoding", reader->place, "holds a NUL character");
    zt_buf_put_u8(out, 0);
    return out->err;
}

const char *zt_reader_place(struct zt_reader *reader, int64_t line)
{
    snprintf(reader->place, sizeof reader->place, "%s:%lld", reader->name, (long long)line);
    return reader->place;
}
