// SPDX-License-Identifier: Apache-2.0
// JSON lines: one object a line. Members become columns; numbers, booleans and nested values become their
// text.
#include "adapters/connectors/reader.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

// Enough to give back any amount below 10^13 yuan with its two decimals, and no digits that nobody wrote.
#define REAL_DIGITS 15

static enum zt_err jsonl_open(struct zt_reader *reader, const char *path, const char *name, bool gb18030,
                              int64_t offset, int64_t line, struct zt_fault *fault)
{
    enum zt_err rc = zt_reader_start(reader, path, name, gb18030, fault);
    if (rc == ZT_OK && offset > 0)
        rc = zt_reader_seek(reader, offset, line, fault);
    if (rc != ZT_OK)
        zt_reader_close(reader);
    return rc;
}

// One line without its end into reader->raw. A line that is too long is read to its end all the same.
static enum zt_err read_line(struct zt_reader *reader, struct zt_fault *fault)
{
    zt_buf_reset(&reader->raw);
    int64_t consumed = 0;
    int c;
    while ((c = getc_unlocked(reader->file)) != EOF) {
        consumed++;
        if (c == '\n')
            break;
        zt_buf_put_u8(&reader->raw, (uint8_t)c);
    }
    if (consumed == 0)
        return ferror(reader->file) ? zt_fault_errno(fault, "file.read", reader->name, "cannot be read")
                                    : ZT_E_ABSENT;
    zt_reader_place(reader, reader->line);
    reader->offset += consumed;
    reader->line++;
    if (reader->raw.err != ZT_OK)
        return zt_fault_set(fault, ZT_E_LIMIT, "jsonl.size", reader->place, "is longer than 256 KiB");
    while (reader->raw.len && reader->raw.data[reader->raw.len - 1] == '\r')
        reader->raw.len--;
    return ZT_OK;
}

// The text of one member behind what is already in `out`; JSON null has none.
static enum zt_err put_value(const json_t *value, struct zt_buf *out)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        zt_buf_put_str(out, json_string_value(value));
        break;
    case JSON_INTEGER:
        zt_buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL: {
        char text[32];
        snprintf(text, sizeof text, "%.*g", REAL_DIGITS, json_real_value(value));
        if (strtod(text, NULL) != json_real_value(value))
            return ZT_E_INPUT; // more digits than a double holds: some of them would be lost
        zt_buf_put_str(out, text);
        break;
    }
    case JSON_TRUE:
    case JSON_FALSE:
        zt_buf_put_str(out, json_is_true(value) ? "true" : "false");
        break;
    default: {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII);
        if (!text)
            return ZT_E_NOMEM;
        zt_buf_put_str(out, text);
        free(text);
    }
    }
    zt_buf_put_u8(out, 0);
    return out->err;
}

static enum zt_err take_members(struct zt_reader *reader, const json_t *object, struct zt_fault *fault)
{
    if (json_object_size(object) > ZT_ROW_COLUMNS)
        return zt_fault_set(fault, ZT_E_LIMIT, "jsonl.columns", reader->place, "has more than 256 members");
    size_t name_at[ZT_ROW_COLUMNS], value_at[ZT_ROW_COLUMNS];
    bool is_null[ZT_ROW_COLUMNS];
    size_t count = 0;
    zt_buf_reset(&reader->text);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        name_at[count] = reader->text.len;
        zt_buf_put(&reader->text, key, strlen(key) + 1);
        value_at[count] = reader->text.len;
        is_null[count] = json_is_null(value);
        enum zt_err rc = is_null[count] ? ZT_OK : put_value(value, &reader->text);
        if (rc == ZT_E_INPUT)
            return zt_fault_set(fault, ZT_E_INPUT, "jsonl.number", reader->place,
                                "has a number of more than 15 digits with a fraction: write it as text");
        if (rc != ZT_OK)
            return zt_fault_set(fault, ZT_E_LIMIT, "jsonl.size", reader->place, "is longer than 256 KiB");
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        reader->names[i] = (const char *)reader->text.data + name_at[i];
        reader->values[i] = is_null[i] ? NULL : (const char *)reader->text.data + value_at[i];
    }
    reader->column_count = count;
    return ZT_OK;
}

static enum zt_err parse_line(struct zt_reader *reader, struct zt_fault *fault)
{
    zt_buf_reset(&reader->head);
    enum zt_err rc = zt_reader_convert(reader, zt_buf_bytes(&reader->raw), &reader->head, fault);
    if (rc != ZT_OK)
        return rc;
    json_error_t error;
    json_t *object = json_loads((const char *)reader->head.data, JSON_REJECT_DUPLICATES, &error);
    if (!object)
        // jansson's own text may quote the row: only its position is told.
        return zt_fault_set(fault, ZT_E_INPUT, "jsonl.syntax", reader->place,
                            "is not a JSON object without duplicate members (RFC 8259), see column %d",
                            error.column);
    rc = json_is_object(object)
             ? take_members(reader, object, fault)
             : zt_fault_set(fault, ZT_E_INPUT, "jsonl.object", reader->place, "is not an object");
    json_decref(object);
    return rc;
}

static enum zt_err jsonl_next(struct zt_reader *reader, struct zt_row *row, struct zt_fault *fault)
{
    enum zt_err rc;
    do {
        rc = read_line(reader, fault);
    } while (rc == ZT_OK && reader->raw.len == 0);
    if (rc == ZT_OK)
        rc = parse_line(reader, fault);
    if (rc != ZT_OK)
        return rc;
    *row = (struct zt_row){.names = reader->names,
                           .values = reader->values,
                           .count = reader->column_count,
                           .place = reader->place};
    return ZT_OK;
}

const struct zt_reader_ops zt_reader_jsonl = {.name = "jsonl", .open = jsonl_open, .next = jsonl_next};
