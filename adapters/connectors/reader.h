// SPDX-License-Identifier: Apache-2.0
// Formats of dropped files: a reader takes one file apart, row by row.
//
// Rules: as in connector.h. `offset` and `line` tell where the next row begins, so that a reader can be
// opened there again. Values are UTF-8 whatever the file's encoding; a row that does not convert costs that
// row.
#ifndef ZT_ADAPTERS_CONNECTORS_READER_H
#define ZT_ADAPTERS_CONNECTORS_READER_H

#include <stdbool.h>
#include <stdio.h>

#include "adapters/connectors/connector.h"

struct zt_reader {
    FILE *file;       // owned
    const char *name; // of the file, for places; borrowed
    bool gb18030;
    int64_t offset;     // of the next row, bytes from the start
    int64_t line;       // of the next row, 1-based
    struct zt_buf raw;  // the row as it stands in the file
    struct zt_buf text; // its values as UTF-8, each with a NUL
    char place[256];
    // csv: the header's names and the values of the current row, offsets into their buffers
    struct zt_buf head;
    size_t column_count, starts[ZT_ROW_COLUMNS], head_starts[ZT_ROW_COLUMNS];
    const char *names[ZT_ROW_COLUMNS], *values[ZT_ROW_COLUMNS];
};

struct zt_reader_ops {
    const char *name; // "csv", "jsonl"
    // Opens `path` and goes to (offset, line); offset 0 is the start. ZT_E_INPUT: the whole file is unusable.
    enum zt_err (*open)(struct zt_reader *reader, const char *path, const char *name, bool gb18030,
                        int64_t offset, int64_t line, struct zt_fault *fault);
    // ZT_OK, ZT_E_ABSENT at the end, ZT_E_INPUT or ZT_E_LIMIT for one bad row (the next call goes on behind
    // it).
    enum zt_err (*next)(struct zt_reader *reader, struct zt_row *row, struct zt_fault *fault);
};
extern const struct zt_reader_ops zt_reader_csv;
extern const struct zt_reader_ops zt_reader_jsonl;

// Shared by the formats (reader.c).
void zt_reader_close(struct zt_reader *reader); // idempotent
ZT_MUST_USE enum zt_err zt_reader_start(struct zt_reader *reader, const char *path, const char *name,
                                        bool gb18030, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_reader_seek(struct zt_reader *reader, int64_t offset, int64_t line,
                                       struct zt_fault *fault);
// Appends one value of the raw row to `out` as UTF-8 and a NUL. ZT_E_INPUT with rule "file.encoding".
ZT_MUST_USE enum zt_err zt_reader_convert(struct zt_reader *reader, struct zt_bytes raw, struct zt_buf *out,
                                          struct zt_fault *fault);
// "name:line" of the row that begins at `line`.
const char *zt_reader_place(struct zt_reader *reader, int64_t line);

#endif
