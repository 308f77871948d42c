// SPDX-License-Identifier: Apache-2.0
// What the connectors' tests share: a temporary folder, files in it, rows as text.
#ifndef ZT_ADAPTERS_CONNECTORS_TEST_SUPPORT_H
#define ZT_ADAPTERS_CONNECTORS_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adapters/connectors/connector.h"

struct folder {
    char path[64];
};

static inline int setup_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof *folder);
    if (!folder)
        return -1;
    snprintf(folder->path, sizeof folder->path, "/tmp/zt-connector-XXXXXX");
    *state = folder;
    return mkdtemp(folder->path) ? 0 : -1;
}

static inline int teardown_folder(void **state)
{
    struct folder *folder = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder->path);
    int rc = system(command);
    free(folder);
    return rc;
}

static inline void write_file(const struct folder *folder, const char *name, const void *data, size_t len)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static inline void write_text(const struct folder *folder, const char *name, const char *text)
{
    write_file(folder, name, text, strlen(text));
}

// "name=value|name=value" of a row; NULL is written as ~.
static inline const char *row_text(const struct zt_row *row)
{
    static char text[4096];
    size_t len = 0;
    text[0] = 0;
    for (size_t i = 0; i < row->count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s=%s", i ? "|" : "", row->names[i],
                                row->values[i] ? row->values[i] : "~");
    return text;
}

static inline void expect_row(struct zt_connector *connector, const char *expected)
{
    struct zt_row row;
    struct zt_fault fault = {0};
    enum zt_err rc = connector->ops->next(connector, &row, &fault);
    if (rc != ZT_OK)
        print_error("%s %s %s\n", fault.rule, fault.place, fault.text);
    assert_int_equal(rc, ZT_OK);
    assert_string_equal(row_text(&row), expected);
}

static inline void expect_fault(struct zt_connector *connector, enum zt_err code, const char *rule,
                                const char *place)
{
    struct zt_row row;
    struct zt_fault fault = {0};
    enum zt_err rc = connector->ops->next(connector, &row, &fault);
    if (rc != code)
        print_error("%s %s %s\n", fault.rule, fault.place, fault.text);
    assert_int_equal(rc, code);
    assert_string_equal(fault.rule, rule);
    if (place)
        assert_string_equal(fault.place, place);
}

static inline void expect_end(struct zt_connector *connector)
{
    struct zt_row row;
    struct zt_fault fault = {0};
    assert_int_equal(connector->ops->next(connector, &row, &fault), ZT_E_ABSENT);
}

static inline struct zt_connector *open_files(const struct folder *folder, const char *format,
                                              const char *encoding, const char *cursor)
{
    struct zt_connector_options options = {
        .name = "test", .folder = folder->path, .pattern = "*", .format = format, .encoding = encoding};
    struct zt_connector *connector = NULL;
    struct zt_fault fault = {0};
    assert_int_equal(zt_connector_file.open(&options, zt_bytes_str(cursor), &connector, &fault), ZT_OK);
    return connector;
}

#endif
