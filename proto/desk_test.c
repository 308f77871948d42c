// SPDX-License-Identifier: Apache-2.0
#include "base/test_support.h"
#include "proto/codecs.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void limits_of_a_request(void **state)
{
    (void)state;
    static const struct limit_case request[] = {
        {1, false, 16, 16, "desk.id"},     {3, true, 1, 4, "desk.act"},     {4, false, 0, 64, "desk.officer"},
        {5, false, 0, 256, "desk.reason"}, {8, true, 1, 200, "desk.limit"},
    };
    static const struct limit_case filter[] = {
        {2, false, 0, 64, "filter.party"}, {3, false, 0, 64, "filter.officer"},
        {4, false, 0, 64, "filter.item"},  {5, false, 0, 64, "filter.purpose"},
        {6, false, 0, 64, "filter.type"},  {7, true, 0, 9, "filter.kind"},
        {8, true, 0, 6, "filter.status"},  {11, false, 0, 64, "filter.case_no"},
    };
    static const struct nested in_filter = {6, {NULL, 0}};
    const struct codec *codec = codec_named("desk_request");
    check_limits(codec, codec->full, NULL, request, COUNT(request));
    check_limits(codec, codec->full, &in_filter, filter, COUNT(filter));
    check_required(codec, codec->full, 1, "desk.id");
    check_required(codec, codec->full, 3, "desk.act");
    check_required(codec, codec->full, 8, "desk.limit"); // because it is a search
    expect_taken(codec, (struct zt_bytes){(const uint8_t *)"\x0a\x10"
                                                           "0123456789abcdef"
                                                           "\x18\x03",
                                          20});
}

static void a_request_without_a_filter_asks_for_all(void **state)
{
    (void)state;
    struct zt_arena arena;
    struct zt_desk_request request;
    static const uint8_t body[] = "\x0a\x10"
                                  "0123456789abcdef"
                                  "\x18\x02\x48\x07";
    zt_arena_init(&arena, 65536);
    assert_int_equal(zt_desk_request_parse((struct zt_bytes){body, sizeof body - 1}, &arena, &request, NULL),
                     ZT_OK);
    assert_int_equal(request.act, ZT_DESK_PROVE);
    assert_int_equal(request.index, 7);
    assert_string_equal(request.filter.party, "");
    assert_string_equal(request.filter.subject.number, "");
    assert_string_equal(request.officer, "");
    zt_arena_fini(&arena);
}

static void limits_of_an_answer(void **state)
{
    (void)state;
    static const struct limit_case answer[] = {
        {1, false, 16, 16, "desk.id"},          {2, true, 0, 5, "desk.status"},
        {3, false, 0, 64, "desk.rule"},         {4, false, 0, 511, "desk.text_zh"},
        {5, false, 0, 511, "desk.text_en"},     {8, true, 0, 1, "desk.more"},
        {9, false, 0, 4096, "desk.checkpoint"}, {10, false, 32, 32, "desk.proof"},
        {11, false, 0, 1024, "desk.leaf"},      {15, false, 32, 32, "desk.ledger_hash"},
    };
    static const struct limit_case line[] = {{2, false, 1, 1024, "line.entry"}};
    static const struct limit_case source[] = {
        {1, false, 1, 63, "source.source"},
        {8, true, 0, 2, "source.fresh"},
    };
    static const struct limit_case stat[] = {{1, false, 1, 64, "stat.name"}};
    static const struct nested in_line = {6, {(const uint8_t *)"\x12\x01x", 3}},
                               in_source = {12, {(const uint8_t *)"\x0a\x01x", 3}},
                               in_stat = {13, {(const uint8_t *)"\x0a\x01x", 3}};
    const struct codec *codec = codec_named("desk_answer");
    check_limits(codec, codec->full, NULL, answer, COUNT(answer));
    check_limits(codec, codec->full, &in_line, line, COUNT(line));
    check_limits(codec, codec->full, &in_source, source, COUNT(source));
    check_limits(codec, codec->full, &in_stat, stat, COUNT(stat));
    check_count(codec, codec->full, 6, in_line.sample, 200, "desk.lines");
    check_count(codec, codec->full, 10, zt_bytes_str("hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"), 64, "desk.proof");
    check_count(codec, codec->full, 12, in_source.sample, 256, "desk.sources");
    check_count(codec, codec->full, 13, in_stat.sample, 256, "desk.stats");
}

static void the_encoder_keeps_them_too(void **state)
{
    (void)state;
    const struct zt_desk_answer *sample = codec_named("desk_answer")->full;
    struct zt_desk_request request = *(const struct zt_desk_request *)codec_named("desk_request")->full;
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    request.limit = 0;
    assert_int_equal(zt_desk_request_encode(&request, &out), ZT_E_INPUT);
    request.limit = 201;
    assert_int_equal(zt_desk_request_encode(&request, &out), ZT_E_INPUT);
    request.limit = 200;
    request.filter.status = 7;
    assert_int_equal(zt_desk_request_encode(&request, &out), ZT_E_INPUT);
    struct zt_desk_answer cases[] = {*sample, *sample, *sample, *sample};
    cases[0].line_count = ZT_DESK_PAGE_MAX + 1;
    cases[1].source_count = ZT_DESK_SOURCES_MAX + 1;
    cases[2].stat_count = ZT_DESK_STATS_MAX + 1;
    cases[3].proof_count = ZT_PROOF_MAX + 1;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(zt_desk_answer_encode(&cases[i], &out), ZT_E_LIMIT);
    zt_buf_fini(&out);
}

// A page of the longest entries, with everything else, must fit into one answer.
static void the_largest_page_fits(void **state)
{
    (void)state;
    const struct codec *codec = codec_named("desk_answer");
    static struct zt_desk_line lines[ZT_DESK_PAGE_MAX];
    static uint8_t entry[ZT_ENTRY_MAX];
    struct zt_desk_answer answer = *(const struct zt_desk_answer *)codec->full;
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    for (size_t i = 0; i < ZT_DESK_PAGE_MAX; i++)
        lines[i] = (struct zt_desk_line){UINT64_MAX - i, {entry, sizeof entry}};
    answer.lines = lines;
    answer.line_count = ZT_DESK_PAGE_MAX;
    assert_int_equal(zt_desk_answer_encode(&answer, &out), ZT_OK);
    assert_true(out.len < ZT_WIRE_MAX_ANSWER);
    zt_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_a_request),   cmocka_unit_test(a_request_without_a_filter_asks_for_all),
        cmocka_unit_test(limits_of_an_answer),   cmocka_unit_test(the_encoder_keeps_them_too),
        cmocka_unit_test(the_largest_page_fits),
    };
    return cmocka_run_group_tests_name("proto/desk", tests, NULL, NULL);
}
