// SPDX-License-Identifier: Apache-2.0
// Relational tables through unixODBC, in pages by key: WHERE (version, key) > (?, ?) ORDER BY version, key
// LIMIT n. Pages bound the memory on every driver (MariaDB's keeps whole results), and a lost connection
// costs one page.
//
// Cursor: "<version>\n<key>" as the driver writes them. Everything is fetched as text; a value that does not
// fit its buffer is an error of that row, never cut. The MariaDB driver writes no NUL on truncation, so
// lengths come from the indicators only.
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapters/connectors/connector.h"
#include "base/text.h"

#define PAGE_ROWS     1000
#define BLOCK_ROWS    50   // fetched at once
#define CELL_MIN      64   // bytes of a cell's buffer: numbers, dates
#define CELL_MAX      8192 // texts longer than this are refused (records take 4,096 bytes a text)
#define COLUMN_NAME   128
#define QUERY_MAX     1024
#define COLUMNS_MAX   (ZT_ROW_COLUMNS * (2 * COLUMN_NAME + 8))
#define LOGIN_SECONDS 5
#define QUERY_SECONDS 60

struct column {
    char name[COLUMN_NAME];
    SQLSMALLINT type;
    SQLULEN size;
    size_t width; // bytes of one cell, its NUL included
    char *cells;  // BLOCK_ROWS * width
    SQLLEN lengths[BLOCK_ROWS];
};

struct odbc_connector {
    struct zt_connector base;
    char *name, *connection, *table, *key_column, *version_column;
    SQLHENV env;
    SQLHDBC dbc;
    SQLHSTMT stmt; // open while a page is being read
    char quote[8];
    struct column *columns;
    size_t column_count, key, version;
    bool nulls_checked;
    SQLULEN block_rows, block_at;
    unsigned page_rows;
    char last_version[CELL_MAX], last_key[CELL_MAX]; // of the last row given
    char cursor[ZT_CURSOR_MAX + 1];
    struct zt_buf text;
    const char *names[ZT_ROW_COLUMNS], *values[ZT_ROW_COLUMNS];
    char place[256];
};

static bool failed(SQLRETURN rc)
{
    return !SQL_SUCCEEDED(rc);
}

// --- errors ---

static void disconnect(struct odbc_connector *self)
{
    if (self->stmt)
        SQLFreeHandle(SQL_HANDLE_STMT, self->stmt);
    self->stmt = NULL;
    if (self->dbc) {
        SQLDisconnect(self->dbc);
        SQLFreeHandle(SQL_HANDLE_DBC, self->dbc);
    }
    self->dbc = NULL;
    for (size_t i = 0; i < self->column_count; i++)
        free(self->columns[i].cells);
    free(self->columns);
    self->columns = NULL;
    self->column_count = 0;
    self->block_rows = self->block_at = 0;
}

// Turns the driver's diagnosis into a fault. The next call connects again, whatever it was.
static enum zt_err source_fault(struct odbc_connector *self, SQLSMALLINT kind, SQLHANDLE handle,
                                const char *what, struct zt_fault *fault)
{
    SQLCHAR state[6] = "", text[256] = "";
    SQLINTEGER native = 0;
    SQLSMALLINT len = 0;
    if (handle)
        (void)SQLGetDiagRec(kind, handle, 1, state, &native, text, sizeof text, &len);
    // Class 08: connection exception (ISO 9075).
    bool gone = strncmp((const char *)state, "08", 2) == 0 || kind == SQL_HANDLE_DBC;
    SQLINTEGER dead = SQL_CD_FALSE;
    if (!gone && self->dbc && !failed(SQLGetConnectAttr(self->dbc, SQL_ATTR_CONNECTION_DEAD, &dead, 0, NULL)))
        gone = dead == SQL_CD_TRUE;
    enum zt_err rc = zt_fault_set(fault, gone ? ZT_E_PEER : ZT_E_IO, gone ? "odbc.connection" : "odbc.query",
                                  self->place, "%s: %s %s", what, state, text);
    disconnect(self);
    return rc;
}

static enum zt_err row_fault(struct odbc_connector *self, enum zt_err code, const char *rule,
                             const char *column, const char *text, struct zt_fault *fault)
{
    return zt_fault_set(fault, code, rule, self->place, "column %s %s", column, text);
}

// --- open and close ---

static void odbc_close(struct zt_connector **connector)
{
    struct odbc_connector *self = (struct odbc_connector *)*connector;
    if (!self)
        return;
    disconnect(self);
    if (self->env)
        SQLFreeHandle(SQL_HANDLE_ENV, self->env);
    if (self->connection)
        explicit_bzero(self->connection, strlen(self->connection)); // may hold a password
    free(self->name);
    free(self->connection);
    free(self->table);
    free(self->key_column);
    free(self->version_column);
    zt_buf_fini(&self->text);
    free(self);
    *connector = NULL;
}

static enum zt_err copy_option(const struct zt_connector_options *options, const char *option,
                               const char *value, char **copy, struct zt_fault *fault)
{
    char place[128];
    if (!value || !*value || strlen(value) >= QUERY_MAX / 4) {
        snprintf(place, sizeof place, "dataset %s: %s", options->name, option);
        return zt_fault_set(fault, ZT_E_CONFIG, "connector.option", place,
                            "is missing or longer than 255 bytes");
    }
    *copy = strdup(value);
    return *copy ? ZT_OK : ZT_E_NOMEM;
}

static enum zt_err take_cursor(struct odbc_connector *self, struct zt_bytes cursor, struct zt_fault *fault)
{
    if (cursor.len == 0)
        return ZT_OK;
    const char *end = cursor.len <= ZT_CURSOR_MAX ? memchr(cursor.data, '\n', cursor.len) : NULL;
    if (!end || memchr(cursor.data, 0, cursor.len))
        return zt_fault_set(fault, ZT_E_INPUT, "connector.cursor", "odbc",
                            "the stored position is not one of this connector");
    int version_len = (int)(end - (const char *)cursor.data), key_len = (int)cursor.len - version_len - 1;
    snprintf(self->last_version, sizeof self->last_version, "%.*s", version_len, (const char *)cursor.data);
    snprintf(self->last_key, sizeof self->last_key, "%.*s", key_len, end + 1);
    memcpy(self->cursor, cursor.data, cursor.len);
    return ZT_OK;
}

static enum zt_err odbc_open(const struct zt_connector_options *options, struct zt_bytes cursor,
                             struct zt_connector **connector, struct zt_fault *fault)
{
    struct odbc_connector *self = calloc(1, sizeof *self);
    if (!self)
        return ZT_E_NOMEM;
    struct zt_connector *base = &self->base;
    self->base.ops = &zt_connector_odbc;
    zt_buf_init(&self->text, ZT_ROW_BYTES);
    enum zt_err rc;
    ZT_TRY(copy_option(options, "name", options->name, &self->name, fault));
    ZT_TRY(copy_option(options, "connection", options->connection, &self->connection, fault));
    ZT_TRY(copy_option(options, "table", options->table, &self->table, fault));
    ZT_TRY(copy_option(options, "key_column", options->key_column, &self->key_column, fault));
    ZT_TRY(copy_option(options, "version_column", options->version_column, &self->version_column, fault));
    ZT_TRY(take_cursor(self, cursor, fault));
    snprintf(self->place, sizeof self->place, "table %s", self->table);
    if (failed(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &self->env)) ||
        failed(SQLSetEnvAttr(self->env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0)))
        ZT_TRY(zt_fault_set(fault, ZT_E_IO, "odbc.manager", self->place,
                            "the ODBC driver manager does not start"));
    *connector = base;
    return ZT_OK;
out:
    odbc_close(&base);
    return rc;
}

// --- connecting ---

static enum zt_err connect_source(struct odbc_connector *self, struct zt_fault *fault)
{
    snprintf(self->place, sizeof self->place, "table %s", self->table);
    if (failed(SQLAllocHandle(SQL_HANDLE_DBC, self->env, &self->dbc)))
        return source_fault(self, SQL_HANDLE_ENV, self->env, "no connection handle", fault);
    (void)SQLSetConnectAttr(self->dbc, SQL_ATTR_LOGIN_TIMEOUT, (SQLPOINTER)(uintptr_t)LOGIN_SECONDS, 0);
    SQLRETURN rc = SQLDriverConnect(self->dbc, NULL, (SQLCHAR *)self->connection, SQL_NTS, NULL, 0, NULL,
                                    SQL_DRIVER_NOPROMPT);
    if (failed(rc))
        return source_fault(self, SQL_HANDLE_DBC, self->dbc, "cannot connect", fault);
    SQLSMALLINT len = 0;
    if (failed(SQLGetInfo(self->dbc, SQL_IDENTIFIER_QUOTE_CHAR, self->quote, sizeof self->quote, &len)))
        self->quote[0] = 0;
    return ZT_OK;
}

static enum zt_err new_statement(struct odbc_connector *self, struct zt_fault *fault)
{
    if (failed(SQLAllocHandle(SQL_HANDLE_STMT, self->dbc, &self->stmt)))
        return source_fault(self, SQL_HANDLE_DBC, self->dbc, "no statement handle", fault);
    // odbc-mariadb 3.1.15 ignores this; the server's own limit has to serve there.
    (void)SQLSetStmtAttr(self->stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)(uintptr_t)QUERY_SECONDS, 0);
    return ZT_OK;
}

static void end_statement(struct odbc_connector *self)
{
    SQLFreeHandle(SQL_HANDLE_STMT, self->stmt);
    self->stmt = NULL;
}

// The identifier in the driver's quotes; a dot separates schema and table. Quotes inside are doubled.
static void put_identifier(const struct odbc_connector *self, const char *name, bool dotted,
                           struct zt_buf *out)
{
    const char *quote = self->quote[0] == ' ' ? "" : self->quote;
    zt_buf_put_str(out, quote);
    for (; *name; name++) {
        if (dotted && *name == '.') {
            zt_buf_printf(out, "%s.%s", quote, quote);
            continue;
        }
        zt_buf_put(out, name, 1);
        if (*quote && *name == *quote)
            zt_buf_put(out, name, 1);
    }
    zt_buf_put_str(out, quote);
}

// A column is always named through its table: SQLite takes a quoted name that it does not know for a text.
static void put_column(const struct odbc_connector *self, const char *name, struct zt_buf *out)
{
    zt_buf_put_str(out, "t.");
    put_identifier(self, name, false, out);
}

// The columns by name, as they were when they were bound: after a change of the table SELECT * would put
// other values into the same cells.
static void put_columns(const struct odbc_connector *self, struct zt_buf *out)
{
    for (size_t i = 0; i < self->column_count; i++) {
        zt_buf_put_str(out, i ? ", " : "");
        put_column(self, self->columns[i].name, out);
    }
}

enum query { QUERY_SHAPE, QUERY_NULLS, QUERY_FIRST, QUERY_NEXT };

static void put_query(const struct odbc_connector *self, enum query kind, struct zt_buf *out)
{
    struct zt_buf key, version, table;
    zt_buf_init(&key, QUERY_MAX);
    zt_buf_init(&version, QUERY_MAX);
    zt_buf_init(&table, QUERY_MAX);
    put_column(self, self->key_column, &key);
    put_column(self, self->version_column, &version);
    put_identifier(self, self->table, true, &table);
    const char *k = zt_buf_text(&key), *v = zt_buf_text(&version), *t = zt_buf_text(&table);
    struct zt_buf columns;
    zt_buf_init(&columns, COLUMNS_MAX);
    put_columns(self, &columns);
    const char *c = zt_buf_text(&columns);
    if (kind == QUERY_SHAPE)
        zt_buf_printf(out, "SELECT * FROM %s t WHERE 1 = 0", t);
    else if (kind == QUERY_NULLS)
        zt_buf_printf(out, "SELECT COUNT(*) FROM %s t WHERE %s IS NULL OR %s IS NULL", t, v, k);
    else if (kind == QUERY_FIRST)
        zt_buf_printf(out,
                      "SELECT %s FROM %s t WHERE %s IS NOT NULL AND %s IS NOT NULL ORDER BY %s, %s LIMIT %d",
                      c, t, v, k, v, k, PAGE_ROWS);
    else
        zt_buf_printf(out,
                      "SELECT %s FROM %s t WHERE (%s > ? OR (%s = ? AND %s > ?)) AND %s IS NOT NULL "
                      "ORDER BY %s, %s LIMIT %d",
                      c, t, v, v, k, k, v, k, PAGE_ROWS);
    zt_buf_fini(&columns);
    zt_buf_fini(&key);
    zt_buf_fini(&version);
    zt_buf_fini(&table);
}

static enum zt_err execute(struct odbc_connector *self, enum query kind, struct zt_fault *fault)
{
    struct zt_buf query;
    zt_buf_init(&query, 4 * QUERY_MAX + COLUMNS_MAX);
    put_query(self, kind, &query);
    SQLRETURN rc = SQLExecDirect(self->stmt, (SQLCHAR *)(uintptr_t)zt_buf_text(&query), SQL_NTS);
    zt_buf_fini(&query);
    if (failed(rc) && rc != SQL_NO_DATA)
        return source_fault(self, SQL_HANDLE_STMT, self->stmt, "the query was refused", fault);
    return ZT_OK;
}

// --- the table's shape ---

static enum zt_err describe_column(struct odbc_connector *self, size_t i, struct zt_fault *fault)
{
    struct column *column = &self->columns[i];
    SQLSMALLINT len = 0, decimals = 0, nullable = 0;
    if (failed(SQLDescribeCol(self->stmt, (SQLUSMALLINT)(i + 1), (SQLCHAR *)column->name, sizeof column->name,
                              &len, &column->type, &column->size, &decimals, &nullable)))
        return source_fault(self, SQL_HANDLE_STMT, self->stmt, "a column cannot be described", fault);
    // A character may take four bytes; what a driver calls unlimited gets the largest cell.
    size_t bytes = column->size == 0 || column->size > CELL_MAX / 4 ? CELL_MAX : 4 * (size_t)column->size + 1;
    column->width = bytes < CELL_MIN ? CELL_MIN : bytes;
    column->cells = calloc(BLOCK_ROWS, column->width);
    self->names[i] = column->name;
    return column->cells ? ZT_OK : ZT_E_NOMEM;
}

static enum zt_err find_column(const struct odbc_connector *self, const char *option, const char *name,
                               size_t *index, struct zt_fault *fault)
{
    for (size_t i = 0; i < self->column_count; i++) {
        if (strcasecmp(self->columns[i].name, name) == 0) {
            *index = i;
            return ZT_OK;
        }
    }
    return zt_fault_set(fault, ZT_E_IO, "odbc.column", self->place, "has no column \"%s\" (%s)", name,
                        option);
}

static enum zt_err describe_table(struct odbc_connector *self, struct zt_fault *fault)
{
    enum zt_err rc = new_statement(self, fault);
    if (rc == ZT_OK)
        rc = execute(self, QUERY_SHAPE, fault);
    if (rc != ZT_OK)
        return rc;
    SQLSMALLINT count = 0;
    if (failed(SQLNumResultCols(self->stmt, &count)) || count <= 0 || (size_t)count > ZT_ROW_COLUMNS)
        return source_fault(self, SQL_HANDLE_STMT, self->stmt, "needs 1 to 256 columns", fault);
    self->columns = calloc((size_t)count, sizeof *self->columns);
    if (!self->columns)
        return ZT_E_NOMEM;
    self->column_count = (size_t)count;
    for (size_t i = 0; i < self->column_count; i++) {
        rc = describe_column(self, i, fault);
        if (rc != ZT_OK)
            return rc;
    }
    end_statement(self);
    rc = find_column(self, "key_column", self->key_column, &self->key, fault);
    if (rc == ZT_OK)
        rc = find_column(self, "version_column", self->version_column, &self->version, fault);
    return rc;
}

// --- pages ---

static enum zt_err bind_text(struct odbc_connector *self, SQLUSMALLINT number, const struct column *column,
                             char *text, SQLLEN *len, struct zt_fault *fault)
{
    *len = (SQLLEN)strlen(text);
    SQLULEN size = column->size ? column->size : CELL_MAX;
    if (failed(SQLBindParameter(self->stmt, number, SQL_PARAM_INPUT, SQL_C_CHAR, column->type, size, 0, text,
                                *len + 1, len)))
        return source_fault(self, SQL_HANDLE_STMT, self->stmt, "the position cannot be bound", fault);
    return ZT_OK;
}

static enum zt_err bind_cells(struct odbc_connector *self, struct zt_fault *fault)
{
    SQLHSTMT stmt = self->stmt;
    if (failed(SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)(uintptr_t)BLOCK_ROWS, 0)) ||
        failed(SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &self->block_rows, 0)))
        return source_fault(self, SQL_HANDLE_STMT, stmt, "block fetch is refused", fault);
    for (size_t i = 0; i < self->column_count; i++) {
        struct column *column = &self->columns[i];
        if (failed(SQLBindCol(stmt, (SQLUSMALLINT)(i + 1), SQL_C_CHAR, column->cells, (SQLLEN)column->width,
                              column->lengths)))
            return source_fault(self, SQL_HANDLE_STMT, stmt, "a column cannot be bound", fault);
    }
    return ZT_OK;
}

static enum zt_err open_page(struct odbc_connector *self, struct zt_fault *fault)
{
    enum zt_err rc = new_statement(self, fault);
    SQLLEN lengths[3];
    bool first = !self->cursor[0];
    if (rc == ZT_OK && !first) {
        const struct column *version = &self->columns[self->version], *key = &self->columns[self->key];
        rc = bind_text(self, 1, version, self->last_version, &lengths[0], fault);
        if (rc == ZT_OK)
            rc = bind_text(self, 2, version, self->last_version, &lengths[1], fault);
        if (rc == ZT_OK)
            rc = bind_text(self, 3, key, self->last_key, &lengths[2], fault);
    }
    if (rc == ZT_OK)
        rc = bind_cells(self, fault);
    if (rc == ZT_OK)
        rc = execute(self, first ? QUERY_FIRST : QUERY_NEXT, fault);
    self->page_rows = 0;
    self->block_rows = self->block_at = 0;
    return rc;
}

// Rows without version or key cannot be ordered: reading passes over them, so they are counted and reported,
// once a connection.
static enum zt_err check_nulls(struct odbc_connector *self, struct zt_fault *fault)
{
    self->nulls_checked = true;
    enum zt_err rc = new_statement(self, fault);
    if (rc == ZT_OK)
        rc = execute(self, QUERY_NULLS, fault);
    if (rc != ZT_OK)
        return rc;
    char count[CELL_MIN] = "0";
    SQLLEN len = 0;
    if (!failed(SQLFetch(self->stmt)))
        (void)SQLGetData(self->stmt, 1, SQL_C_CHAR, count, sizeof count, &len);
    end_statement(self);
    if (strcmp(count, "0") == 0)
        return ZT_E_ABSENT;
    snprintf(self->place, sizeof self->place, "table %s", self->table);
    return zt_fault_set(fault, ZT_E_INPUT, "odbc.version-null", self->place,
                        "%s rows have no %s or no %s and cannot be read; the department must fill them",
                        count, self->version_column, self->key_column);
}

// Steps to the next row of the page; ZT_E_ABSENT when the page is used up.
static enum zt_err step(struct odbc_connector *self, struct zt_fault *fault)
{
    if (self->block_at < self->block_rows)
        return ZT_OK;
    if (self->page_rows > 0 && self->block_rows < BLOCK_ROWS)
        return ZT_E_ABSENT;
    self->block_rows = self->block_at = 0;
    SQLRETURN rc = SQLFetch(self->stmt);
    if (rc == SQL_NO_DATA)
        return ZT_E_ABSENT;
    if (failed(rc))
        return source_fault(self, SQL_HANDLE_STMT, self->stmt, "the rows cannot be fetched", fault);
    return self->block_rows > 0 ? ZT_OK : ZT_E_ABSENT;
}

// --- rows ---

// The text of one cell; *text is NULL for SQL NULL. Cells that did not fit carry a length of at least their
// width.
static enum zt_err take_cell(struct odbc_connector *self, size_t i, SQLULEN at, size_t *offset, bool *null,
                             struct zt_fault *fault)
{
    const struct column *column = &self->columns[i];
    SQLLEN len = column->lengths[at];
    *null = len == SQL_NULL_DATA;
    if (*null)
        return ZT_OK;
    if (len < 0 || (size_t)len >= column->width)
        return row_fault(self, ZT_E_LIMIT, "odbc.truncated", column->name, "is longer than its buffer",
                         fault);
    struct zt_bytes value = {(const uint8_t *)column->cells + at * column->width, (size_t)len};
    if (!zt_utf8_valid(value))
        return row_fault(self, ZT_E_INPUT, "odbc.encoding", column->name,
                         "is not UTF-8; set the connection's charset", fault);
    *offset = self->text.len;
    zt_buf_put(&self->text, value.data, value.len);
    zt_buf_put_u8(&self->text, 0);
    return self->text.err;
}

// The position moves on even when a cell is bad: the row goes to quarantine, not into a loop.
static enum zt_err take_position(struct odbc_connector *self, SQLULEN at, struct zt_fault *fault)
{
    const struct column *version = &self->columns[self->version], *key = &self->columns[self->key];
    SQLLEN version_len = version->lengths[at], key_len = key->lengths[at];
    if (version_len < 0 || key_len < 0 || version_len + key_len + 1 > ZT_CURSOR_MAX)
        return source_fault(self, SQL_HANDLE_STMT, self->stmt,
                            "version and key together are longer than 511 bytes", fault);
    char cursor[sizeof self->cursor];
    snprintf(self->last_version, sizeof self->last_version, "%.*s", (int)version_len,
             version->cells + at * version->width);
    snprintf(self->last_key, sizeof self->last_key, "%.*s", (int)key_len, key->cells + at * key->width);
    snprintf(cursor, sizeof cursor, "%.*s\n%.*s", (int)version_len, self->last_version, (int)key_len,
             self->last_key);
    // Only rows behind the position were asked for: the same one again means that its text lost digits.
    if (strcmp(cursor, self->cursor) == 0) {
        disconnect(self);
        return zt_fault_set(fault, ZT_E_IO, "odbc.precision", self->table,
                            "column %s has more digits than the driver writes, so it cannot order the rows",
                            self->version_column);
    }
    memcpy(self->cursor, cursor, sizeof cursor);
    snprintf(self->place, sizeof self->place, "table %s row %.64s", self->table, self->last_key);
    return ZT_OK;
}

static enum zt_err take_row(struct odbc_connector *self, struct zt_row *row, struct zt_fault *fault)
{
    SQLULEN at = self->block_at++;
    self->page_rows++;
    enum zt_err rc = take_position(self, at, fault);
    size_t offsets[ZT_ROW_COLUMNS] = {0};
    bool nulls[ZT_ROW_COLUMNS];
    zt_buf_reset(&self->text);
    for (size_t i = 0; rc == ZT_OK && i < self->column_count; i++)
        rc = take_cell(self, i, at, &offsets[i], &nulls[i], fault);
    if (rc != ZT_OK)
        return rc;
    for (size_t i = 0; i < self->column_count; i++)
        self->values[i] = nulls[i] ? NULL : (const char *)self->text.data + offsets[i];
    *row = (struct zt_row){
        .names = self->names, .values = self->values, .count = self->column_count, .place = self->place};
    return ZT_OK;
}

static enum zt_err ready(struct odbc_connector *self, struct zt_fault *fault)
{
    enum zt_err rc = ZT_OK;
    if (!self->dbc) {
        self->nulls_checked = false;
        rc = connect_source(self, fault);
        if (rc == ZT_OK)
            rc = describe_table(self, fault);
    }
    if (rc == ZT_OK && !self->stmt)
        rc = open_page(self, fault);
    if (rc != ZT_OK && self->dbc)
        disconnect(self);
    return rc;
}

static enum zt_err odbc_next(struct zt_connector *connector, struct zt_row *row, struct zt_fault *fault)
{
    struct odbc_connector *self = (struct odbc_connector *)connector;
    for (;;) {
        enum zt_err rc = ready(self, fault);
        if (rc == ZT_OK)
            rc = step(self, fault);
        else
            return rc;
        if (rc == ZT_OK)
            return take_row(self, row, fault);
        if (rc != ZT_E_ABSENT)
            return rc;
        bool full = self->page_rows == PAGE_ROWS;
        end_statement(self);
        if (!full)
            return self->nulls_checked ? ZT_E_ABSENT : check_nulls(self, fault);
    }
}

static struct zt_bytes odbc_cursor(const struct zt_connector *connector)
{
    return zt_bytes_str(((const struct odbc_connector *)connector)->cursor);
}

static void odbc_settled(struct zt_connector *connector, struct zt_bytes cursor)
{
    (void)connector; // the table stays as it is
    (void)cursor;
}

const struct zt_connector_ops zt_connector_odbc = {
    .name = "odbc",
    .open = odbc_open,
    .next = odbc_next,
    .cursor = odbc_cursor,
    .settled = odbc_settled,
    .close = odbc_close,
};
