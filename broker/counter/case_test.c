// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static struct zt_arena arena;

static int open_arena(void **state)
{
    (void)state;
    zt_arena_init(&arena, (size_t)1024 * 1024);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    zt_arena_fini(&arena);
    return 0;
}

static const uint8_t id[ZT_REQUEST_ID_LEN] = {9};

static void a_case_refuses_until_it_is_answered(void **state)
{
    (void)state;
    struct zt_request q = {.item = "i"};
    struct zt_case c;
    zt_case_start(&c, "hall", &q, id);
    assert_int_equal(c.answer.status, ZT_STATUS_TROUBLE);
    assert_string_equal(c.answer.rule, "trouble.bug");
    assert_false(c.decision.allow);
    assert_memory_equal(c.answer.id, id, sizeof id);
}

static void refusing_takes_everything_back(void **state)
{
    (void)state;
    struct zt_request q = {.item = "i"};
    struct zt_found found = {.type = "t"};
    struct zt_field_verdict verdict = {"f", ZT_MATCH};
    struct zt_case c;
    zt_case_start(&c, "hall", &q, id);
    zt_case_ok(&c);
    c.answer.found = &found;
    c.answer.found_count = 1;
    c.answer.verdicts = &verdict;
    c.answer.verdict_count = 1;
    c.answer.certificate = "c";
    c.answer.certificate_id = "i";
    c.answer.freshness.as_of = 5;
    zt_case_give(&c, 7);
    zt_case_give(&c, 7);
    assert_int_equal(c.given_count, 1);
    zt_case_refuse(&c, "grant.none");
    assert_int_equal(c.answer.status, ZT_STATUS_DENIED);
    assert_int_equal(c.answer.found_count, 0);
    assert_int_equal(c.answer.verdict_count, 0);
    assert_string_equal(c.answer.certificate, "");
    assert_string_equal(c.answer.certificate_id, "");
    assert_int_equal(c.given_count, 0);
    assert_int_equal(c.answer.freshness.as_of, 5);
}

static void troubles_have_names(void **state)
{
    (void)state;
    static const struct {
        enum zt_err code;
        const char *rule;
    } cases[] = {{ZT_E_CORRUPT, "record.corrupt"}, {ZT_E_NOMEM, "trouble.memory"},
                 {ZT_E_LIMIT, "trouble.limit"},    {ZT_E_IO, "trouble.store"},
                 {ZT_E_CRYPTO, "trouble.crypto"},  {ZT_E_BUG, "trouble.bug"},
                 {ZT_E_STATE, "trouble.bug"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_case c;
        zt_case_start(&c, "hall", NULL, id);
        zt_case_trouble(&c, cases[i].code);
        assert_string_equal(c.answer.rule, cases[i].rule);
        assert_int_equal(c.answer.status, ZT_STATUS_TROUBLE);
    }
}

static void kinds_by_status(void **state)
{
    (void)state;
    static const struct {
        enum zt_status status;
        enum zt_entry_kind kind;
    } cases[] = {{ZT_STATUS_INVALID, ZT_ENTRY_DENIAL}, {ZT_STATUS_OK, ZT_ENTRY_ANSWER},
                 {ZT_STATUS_NONE, ZT_ENTRY_ANSWER},    {ZT_STATUS_UNKNOWN, ZT_ENTRY_ANSWER},
                 {ZT_STATUS_DENIED, ZT_ENTRY_DENIAL},  {ZT_STATUS_TROUBLE, ZT_ENTRY_ANSWER}};
    uint32_t asked[ZT_ASK_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_case c;
        struct zt_entry entry;
        zt_case_start(&c, "hall", NULL, id);
        c.answer.status = cases[i].status;
        zt_case_entry(&c, 1, &arena, asked, &entry);
        assert_int_equal(entry.kind, cases[i].kind);
        assert_int_equal(entry.subject.len, 0);
        assert_string_equal(entry.item, "");
    }
}

static char *repeat(const char *character, size_t times)
{
    size_t len = strlen(character);
    char *text = zt_arena_alloc(&arena, len * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, character, len);
    return text;
}

// Whatever the question holds, its entry can be written: clipped between characters, within ZT_ENTRY_MAX.
static void the_largest_entry_fits(void **state)
{
    (void)state;
    static struct zt_field_type fields[ZT_ASK_MAX];
    static char names[ZT_ASK_MAX][8];
    const char *asked_names[ZT_ASK_MAX];
    for (unsigned i = 0; i < ZT_ASK_MAX; i++) {
        snprintf(names[i], sizeof names[i], "f%u", i);
        fields[i] = (struct zt_field_type){.tag = 16383 - i, .name = names[i]};
        asked_names[i] = names[i];
    }
    struct zt_record_type type = {.id = "t", .fields = fields, .field_count = ZT_ASK_MAX};
    struct zt_request q = {.mode = ZT_MODE_FETCH, .fields = asked_names, .field_count = ZT_ASK_MAX};
    const char *characters[] = {"x", "字", "é", "𝄞"};
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        char *text = repeat(characters[i], 300);
        struct zt_case c;
        struct zt_entry entry;
        struct zt_buf out;
        uint32_t asked[ZT_ASK_MAX];
        uint8_t hash[ZT_HASH_LEN] = {1};
        q.item = q.purpose = q.case_no = q.officer = q.type = text;
        zt_case_start(&c, text, &q, id);
        zt_case_ok(&c);
        c.decision.record = &type;
        c.answer.rule = text;
        c.answer.certificate_id = text;
        c.answer.freshness = (struct zt_freshness){INT64_MAX, text, UINT32_MAX, ZT_STALE};
        c.subject_known = true;
        for (unsigned j = 0; j < ZT_ASK_MAX; j++)
            zt_case_give(&c, fields[j].tag);
        zt_case_entry(&c, INT64_MAX, &arena, asked, &entry);
        entry.answer_hash = (struct zt_bytes){hash, sizeof hash};
        entry.intent = UINT64_MAX;
        assert_int_equal(entry.asked_count, ZT_ASK_MAX);
        assert_int_equal(entry.given_count, ZT_ASK_MAX);
        assert_true(zt_utf8_valid(zt_bytes_str(entry.officer)));
        assert_true(strlen(entry.officer) > 60);
        zt_buf_init(&out, ZT_ENTRY_MAX);
        assert_int_equal(zt_entry_encode(&entry, &out), ZT_OK);
        assert_true(out.len <= ZT_ENTRY_MAX);
        zt_buf_fini(&out);
        zt_arena_reset(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_refuses_until_it_is_answered),
        cmocka_unit_test(refusing_takes_everything_back),
        cmocka_unit_test(troubles_have_names),
        cmocka_unit_test(kinds_by_status),
        cmocka_unit_test(the_largest_entry_fits),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
