// SPDX-License-Identifier: Apache-2.0
// What tests of mappings share: the shipped catalogue, rows written as "column=value", and an emit that keeps
// what a plugin hands over, after the host's own check.
#ifndef ZT_ADAPTERS_KIT_TEST_SUPPORT_H
#define ZT_ADAPTERS_KIT_TEST_SUPPORT_H

#include "adapters/kit/row.h"
#include "base/test_support.h"
#include "catalogue/catalogue.h"

#define TEST_TODAY   "2026-11-22"
#define TEST_COLUMNS 64
#define TEST_COLUMN  64
#define TEST_RECORDS 4

struct test_row {
    char names[TEST_COLUMNS][TEST_COLUMN];
    const char *name_list[TEST_COLUMNS], *values[TEST_COLUMNS];
    struct zt_row row;
};

struct test_emit {
    struct zt_emit emit;
    struct zt_catalogue *catalogue;
    struct zt_arena arena, kept;
    struct zt_record records[TEST_RECORDS];
    size_t count;
    struct zt_fault fault;
};

static inline enum zt_err keep_record(struct zt_emit *emit, const struct zt_record *record,
                                      struct zt_fault *fault)
{
    struct test_emit *t = emit->host;
    struct zt_buf bytes;
    enum zt_err rc = zt_record_check(emit->catalogue, record, emit->today, fault);
    if (rc != ZT_OK)
        return rc;
    assert_true(t->count < TEST_RECORDS);
    zt_buf_init(&bytes, ZT_RECORD_MAX);
    assert_int_equal(zt_record_encode(record, &bytes), ZT_OK);
    assert_int_equal(zt_record_parse(zt_buf_bytes(&bytes), &t->kept, &t->records[t->count++], fault), ZT_OK);
    zt_buf_fini(&bytes);
    return ZT_OK;
}

static inline int test_emit_open(struct test_emit *t)
{
    char path[PATH_MAX];
    const char *source = getenv("ZT_SOURCE_DIR");
    *t = (struct test_emit){.count = 0};
    snprintf(path, sizeof path, "%s/catalogue", source ? source : ".");
    zt_arena_init(&t->arena, 4 * 1024 * 1024);
    zt_arena_init(&t->kept, 16 * 1024 * 1024);
    if (zt_catalogue_load(path, NULL, &t->catalogue, NULL) != ZT_OK)
        return -1;
    t->emit = (struct zt_emit){
        .catalogue = t->catalogue, .arena = &t->arena, .today = TEST_TODAY, .add = keep_record, .host = t};
    return 0;
}

static inline void test_emit_reset(struct test_emit *t)
{
    zt_arena_reset(&t->arena);
    zt_arena_reset(&t->kept);
    t->count = 0;
    memset(&t->fault, 0, sizeof t->fault);
}

static inline int test_emit_close(struct test_emit *t)
{
    zt_arena_fini(&t->arena);
    zt_arena_fini(&t->kept);
    zt_catalogue_release(&t->catalogue);
    return 0;
}

// Pairs "column=value", ended by NULL; "column" alone is a column without a value. Values are borrowed.
static inline void test_row_set(struct test_row *r, const char *const *pairs)
{
    size_t count = 0;
    for (; pairs[count]; count++) {
        const char *equals = strchr(pairs[count], '=');
        size_t len = equals ? (size_t)(equals - pairs[count]) : strlen(pairs[count]);
        assert_true(count < TEST_COLUMNS && len < TEST_COLUMN);
        memcpy(r->names[count], pairs[count], len);
        r->names[count][len] = 0;
        r->name_list[count] = r->names[count];
        r->values[count] = equals ? equals + 1 : NULL;
    }
    r->row = (struct zt_row){r->name_list, r->values, count, "test:1"};
}

// The value of one column, which the row must have.
static inline void test_row_change(struct test_row *r, const char *column, const char *value)
{
    for (size_t i = 0; i < r->row.count; i++) {
        if (strcmp(r->name_list[i], column) != 0)
            continue;
        r->values[i] = value;
        return;
    }
    fail_msg("the row has no column %s", column);
}

// The row without one column.
static inline void test_row_drop(struct test_row *r, const char *column)
{
    for (size_t i = 0; i < r->row.count; i++) {
        if (strcmp(r->name_list[i], column) != 0)
            continue;
        r->row.count--;
        r->name_list[i] = r->name_list[r->row.count];
        r->values[i] = r->values[r->row.count];
        return;
    }
    fail_msg("the row has no column %s", column);
}

// The canonical text of a field of the first record kept; "" when it has none.
static inline const char *kept_text(struct test_emit *t, const char *field)
{
    const struct zt_record_type *type = zt_catalogue_record_type(t->catalogue, t->records[0].type);
    const struct zt_field_type *ft = zt_record_type_field(type, field);
    assert_non_null(ft);
    const struct zt_field *f = zt_record_field(&t->records[0], ft->tag);
    const char *text = f ? zt_value_text(ft, f, &t->kept) : "";
    return text ? text : "";
}

#endif
