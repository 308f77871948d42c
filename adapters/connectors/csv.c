// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it: a header, commas, quotes doubled inside quotes, CRLF or LF. Rows are cut in the
// file's own bytes: the trail bytes of GB18030 are never ',' '"' CR or LF.
#include "adapters/connectors/reader.h"

#include <string.h>

struct cut { // state of cutting one row
    struct zt_reader *reader;
    size_t count;           // columns so far
    int64_t consumed;       // bytes
    int64_t lines;          // line ends seen
    int64_t first_line_end; // bytes up to and with the first line end: where to go on after a bad row
};

static int get(struct cut *cut)
{
    int c = getc_unlocked(cut->reader->file);
    if (c == EOF)
        return EOF;
    cut->consumed++;
    if (c == '\n') {
        cut->lines++;
        if (cut->first_line_end == 0)
            cut->first_line_end = cut->consumed;
    }
    return c;
}

static int peek(struct cut *cut)
{
    int c = getc_unlocked(cut->reader->file);
    if (c != EOF)
        ungetc(c, cut->reader->file);
    return c;
}

// Goes on with the line after the one where the bad row began: an open quote must not swallow good rows
// behind it.
static enum zt_err give_up(struct cut *cut, enum zt_err code, const char *rule, const char *text,
                           struct zt_fault *fault)
{
    struct zt_reader *reader = cut->reader;
    while (cut->first_line_end == 0 && get(cut) != EOF) {
    }
    int64_t skip = cut->first_line_end ? cut->first_line_end : cut->consumed;
    enum zt_err rc = zt_fault_set(fault, code, rule, zt_reader_place(reader, reader->line), "%s", text);
    struct zt_fault ignored;
    if (zt_reader_seek(reader, reader->offset + skip, reader->line + 1, &ignored) != ZT_OK)
        return zt_fault_set(fault, ZT_E_IO, "file.seek", reader->place, "cannot go on behind a bad row");
    return rc;
}

static enum zt_err begin_value(struct cut *cut, struct zt_fault *fault)
{
    if (cut->count == ZT_ROW_COLUMNS)
        return give_up(cut, ZT_E_LIMIT, "csv.columns", "has more than 256 columns", fault);
    cut->reader->starts[cut->count++] = cut->reader->raw.len;
    return ZT_OK;
}

// Inside quotes; returns after the closing one.
static enum zt_err cut_quoted(struct cut *cut, struct zt_fault *fault)
{
    for (;;) {
        int c = get(cut);
        if (c == EOF)
            return give_up(cut, ZT_E_INPUT, "csv.truncated", "ends inside quotes; the file may be cut off",
                           fault);
        if (c == '"') {
            if (peek(cut) != '"')
                return ZT_OK;
            (void)get(cut);
        }
        zt_buf_put_u8(&cut->reader->raw, (uint8_t)c);
        if (cut->reader->raw.err != ZT_OK)
            return give_up(cut, ZT_E_LIMIT, "csv.size", "is longer than 256 KiB; is a quote left open?",
                           fault);
    }
}

static bool ends_row(struct cut *cut, int c)
{
    if (c == '\r' && peek(cut) == '\n')
        c = get(cut);
    return c == '\n' || c == EOF;
}

// One value and the separator behind it; *last says whether it ended the row.
static enum zt_err cut_value(struct cut *cut, bool *last, struct zt_fault *fault)
{
    bool quoted = peek(cut) == '"';
    if (quoted) {
        (void)get(cut);
        enum zt_err rc = cut_quoted(cut, fault);
        if (rc != ZT_OK)
            return rc;
    }
    for (;;) {
        int c = get(cut);
        if (c == ',' || ends_row(cut, c)) {
            *last = c != ',';
            return ZT_OK;
        }
        if (quoted || c == '"')
            return give_up(cut, ZT_E_INPUT, "csv.quote",
                           "has a quote in the wrong place (RFC 4180 section 2)", fault);
        zt_buf_put_u8(&cut->reader->raw, (uint8_t)c);
        if (cut->reader->raw.err != ZT_OK)
            return give_up(cut, ZT_E_LIMIT, "csv.size", "is longer than 256 KiB", fault);
    }
}

// Cuts one row into reader->raw and starts[]; on success the reader stands behind it.
static enum zt_err cut_row(struct zt_reader *reader, size_t *count, struct zt_fault *fault)
{
    struct cut cut = {.reader = reader};
    zt_buf_reset(&reader->raw);
    if (peek(&cut) == EOF)
        return ferror(reader->file) ? zt_fault_errno(fault, "file.read", reader->name, "cannot be read")
                                    : ZT_E_ABSENT;
    bool last = false;
    while (!last) {
        enum zt_err rc = begin_value(&cut, fault);
        if (rc == ZT_OK)
            rc = cut_value(&cut, &last, fault);
        if (rc != ZT_OK)
            return rc;
    }
    *count = cut.count;
    reader->offset += cut.consumed;
    reader->line += cut.lines ? cut.lines : 1;
    return ZT_OK;
}

static struct zt_bytes raw_value(const struct zt_reader *reader, size_t i, size_t count)
{
    size_t end = i + 1 < count ? reader->starts[i + 1] : reader->raw.len;
    if (end == 0) // the buffer may not even exist yet
        return (struct zt_bytes){(const uint8_t *)"", 0};
    return (struct zt_bytes){reader->raw.data + reader->starts[i], end - reader->starts[i]};
}

static enum zt_err convert_row(struct zt_reader *reader, size_t count, struct zt_buf *out, size_t *starts,
                               struct zt_fault *fault)
{
    zt_buf_reset(out);
    for (size_t i = 0; i < count; i++) {
        starts[i] = out->len;
        enum zt_err rc = zt_reader_convert(reader, raw_value(reader, i, count), out, fault);
        if (rc != ZT_OK)
            return rc;
    }
    return ZT_OK;
}

static enum zt_err check_header(struct zt_reader *reader, struct zt_fault *fault)
{
    for (size_t i = 0; i < reader->column_count; i++) {
        if (!*reader->names[i])
            return zt_fault_set(fault, ZT_E_INPUT, "csv.header", reader->place, "column %zu has no name",
                                i + 1);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(reader->names[i], reader->names[j]) == 0)
                return zt_fault_set(fault, ZT_E_INPUT, "csv.header", reader->place,
                                    "column \"%s\" is there twice", reader->names[i]);
        }
    }
    return ZT_OK;
}

static enum zt_err read_header(struct zt_reader *reader, struct zt_fault *fault)
{
    size_t count = 0;
    enum zt_err rc = cut_row(reader, &count, fault);
    if (rc == ZT_E_ABSENT)
        return zt_fault_set(fault, ZT_E_INPUT, "csv.header", reader->name,
                            "the file is empty: a header is needed");
    zt_reader_place(reader, 1);
    if (rc == ZT_OK)
        rc = convert_row(reader, count, &reader->head, reader->head_starts, fault);
    if (rc != ZT_OK)
        return rc == ZT_E_IO ? rc : ZT_E_INPUT;
    reader->column_count = count;
    for (size_t i = 0; i < count; i++)
        reader->names[i] = (const char *)reader->head.data + reader->head_starts[i];
    // A byte order mark is no part of the first name.
    if (strncmp(reader->names[0], "\xEF\xBB\xBF", 3) == 0)
        reader->names[0] += 3;
    return check_header(reader, fault);
}

static enum zt_err csv_open(struct zt_reader *reader, const char *path, const char *name, bool gb18030,
                            int64_t offset, int64_t line, struct zt_fault *fault)
{
    enum zt_err rc = zt_reader_start(reader, path, name, gb18030, fault);
    if (rc != ZT_OK)
        return rc;
    rc = read_header(reader, fault);
    if (rc == ZT_OK && offset > reader->offset)
        rc = zt_reader_seek(reader, offset, line, fault);
    if (rc != ZT_OK)
        zt_reader_close(reader);
    return rc;
}

static bool is_blank(const struct zt_reader *reader, size_t count)
{
    return count == 1 && reader->raw.len == 0;
}

static enum zt_err csv_next(struct zt_reader *reader, struct zt_row *row, struct zt_fault *fault)
{
    size_t count = 0;
    int64_t line;
    do {
        line = reader->line;
        enum zt_err rc = cut_row(reader, &count, fault);
        if (rc != ZT_OK)
            return rc;
    } while (is_blank(reader, count) && reader->column_count > 1);
    zt_reader_place(reader, line);
    if (count != reader->column_count)
        return zt_fault_set(fault, ZT_E_INPUT, "csv.columns", reader->place,
                            "has %zu columns, the header has %zu", count, reader->column_count);
    size_t starts[ZT_ROW_COLUMNS];
    enum zt_err rc = convert_row(reader, count, &reader->text, starts, fault);
    if (rc != ZT_OK)
        return rc;
    for (size_t i = 0; i < count; i++)
        reader->values[i] = (const char *)reader->text.data + starts[i];
    *row = (struct zt_row){
        .names = reader->names, .values = reader->values, .count = count, .place = reader->place};
    return ZT_OK;
}

const struct zt_reader_ops zt_reader_csv = {.name = "csv", .open = csv_open, .next = csv_next};
