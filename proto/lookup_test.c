// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "base/test_support.h"
#include "proto/codecs.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define NOTHING      ((struct zt_bytes){NULL, 0})

static void limits_of_a_request(void **state)
{
    (void)state;
    static const struct limit_case request[] = {
        {1, false, 16, 16, "lookup.id"},        {3, true, 1, 4, "lookup.mode"},
        {4, false, 0, 64, "lookup.item"},       {5, false, 0, 64, "lookup.purpose"},
        {6, false, 0, 64, "lookup.case_no"},    {7, false, 0, 64, "lookup.officer"},
        {9, false, 0, 63, "lookup.type"},       {10, false, 1, 64, "lookup.fields"},
        {12, false, 0, 4096, "lookup.consent"}, {13, false, 0, 95, "lookup.key"},
        {14, true, 0, 2, "lookup.alg"},
    };
    static const struct limit_case subject[] = {
        {1, false, 0, 8, "subject.id_type"},
        {2, false, 0, 64, "subject.number"},
        {3, false, 0, 256, "subject.name"},
    };
    static const struct limit_case claim[] = {
        {1, false, 1, 64, "claim.field"},
        {2, false, 0, 12288, "claim.value"},
    };
    static const struct nested in_subject = {8, {NULL, 0}},
                               in_claim = {11, {(const uint8_t *)"\x0a\x01x", 3}};
    const struct codec *codec = codec_named("request");
    struct zt_request fetch = sample_request;
    fetch.mode = ZT_MODE_FETCH;
    check_limits(codec, &fetch, NULL, request + 2, COUNT(request) - 2);
    check_limits(codec, &sample_request, NULL, request, 2);
    check_limits(codec, &sample_request, &in_subject, subject, COUNT(subject));
    check_limits(codec, &sample_request, &in_claim, claim, COUNT(claim));
    check_required(codec, &sample_request, 1, "lookup.id");
    check_required(codec, &sample_request, 3, "lookup.mode");
    check_required(codec, &sample_request, 14, "lookup.alg"); // because a certificate is asked for
    check_count(codec, &sample_request, 10, zt_bytes_str("f"), 64, "lookup.fields");
    check_count(codec, &sample_request, 11, in_claim.sample, 64, "lookup.claims");
}

static void limits_of_an_answer(void **state)
{
    (void)state;
    static const struct limit_case answer[] = {
        {1, false, 16, 16, "answer.id"},
        {2, true, 0, 5, "answer.status"},
        {3, false, 0, 64, "answer.rule"},
        {4, false, 0, 511, "answer.text_zh"},
        {5, false, 0, 511, "answer.text_en"},
        {8, false, 0, 65536, "answer.certificate"},
        {9, false, 0, 127, "answer.certificate_id"},
        {12, false, 32, 32, "answer.ledger_hash"},
    };
    static const struct limit_case found[] = {
        {1, false, 1, 63, "found.type"},      {2, false, 0, 95, "found.key"},
        {4, true, 0, 4, "found.state"},       {5, false, 10, 10, "found.valid_from"},
        {6, false, 10, 10, "found.valid_to"},
    };
    static const struct limit_case freshness[] = {
        {2, false, 0, 63, "freshness.source"},
        {3, true, 0, UINT32_MAX, "freshness.max_age"},
        {4, true, 0, 2, "freshness.state"},
    };
    static const struct limit_case verdict[] = {
        {1, false, 1, 64, "verdict.field"},
        {2, true, 0, 2, "verdict.verdict"},
    };
    static const struct nested in_found = {6, {(const uint8_t *)"\x0a\x01t", 3}},
                               in_freshness = {10, {NULL, 0}},
                               in_verdict = {7,
                                             {(const uint8_t *)"\x0a\x01"
                                                               "f",
                                              3}};
    const struct codec *codec = codec_named("answer");
    check_limits(codec, &sample_answer, NULL, answer, COUNT(answer));
    check_limits(codec, &sample_answer, &in_found, found, COUNT(found));
    check_limits(codec, &sample_answer, &in_freshness, freshness, COUNT(freshness));
    check_limits(codec, &sample_answer, &in_verdict, verdict, COUNT(verdict));
    check_count(codec, &sample_answer, 6, in_found.sample, 64, "answer.found");
    check_count(codec, &sample_answer, 7, in_verdict.sample, 64, "answer.verdicts");
}

static void the_encoder_keeps_them_too(void **state)
{
    (void)state;
    struct zt_request request = sample_request;
    struct zt_answer answer = sample_answer;
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    request.alg = 0;
    assert_int_equal(zt_request_encode(&request, &out), ZT_E_INPUT);
    request.mode = ZT_MODE_FETCH;
    assert_int_equal(zt_request_encode(&request, &out), ZT_OK);
    request.mode = 0;
    assert_int_equal(zt_request_encode(&request, &out), ZT_E_INPUT);
    request = sample_request;
    request.field_count = ZT_ASK_MAX + 1;
    assert_int_equal(zt_request_encode(&request, &out), ZT_E_LIMIT);
    request = sample_request;
    request.claim_count = ZT_ASK_MAX + 1;
    assert_int_equal(zt_request_encode(&request, &out), ZT_E_LIMIT);
    request = sample_request;
    request.officer = "a name that goes on and on, far beyond what an entry of the ledger could hold";
    assert_int_equal(zt_request_encode(&request, &out), ZT_E_LIMIT);
    answer.found_count = ZT_FOUND_MAX + 1;
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_E_LIMIT);
    answer = sample_answer;
    answer.verdict_count = ZT_ASK_MAX + 1;
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_E_LIMIT);
    answer = sample_answer;
    answer.status = 6;
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_E_INPUT);
    struct zt_found found = {
        .type = "t", .fields = sample_record.fields, .field_count = ZT_RECORD_MAX_FIELDS + 1};
    answer = (struct zt_answer){.found = &found, .found_count = 1};
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_E_LIMIT);
    struct zt_field bad = {.tag = 1};
    found = (struct zt_found){.type = "t", .fields = &bad, .field_count = 1};
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_E_INPUT);
    assert_int_equal(out.len, 0);
    zt_buf_fini(&out);
}

static void an_answer_stays_within_256_kib(void **state)
{
    (void)state;
    static char text[ZT_RECORD_MAX_TEXT + 1];
    struct zt_field fields[40];
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    memset(text, 't', sizeof text - 1);
    for (size_t i = 0; i < COUNT(fields); i++)
        fields[i] = (struct zt_field){.tag = 1, .kind = ZT_VALUE_TEXT, .text = text};
    struct zt_found found = {.type = "t", .fields = fields, .field_count = 21};
    struct zt_answer answer = {.found = &found, .found_count = 1};
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_OK);
    found.field_count = 22;
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_E_LIMIT);
    zt_buf_fini(&out);
}

// 64 records of 60 fields each: what the budget of fields must allow.
static void a_large_answer_comes_through(void **state)
{
    (void)state;
    struct zt_field fields[60];
    struct zt_found found[ZT_FOUND_MAX];
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    for (uint32_t i = 0; i < COUNT(fields); i++)
        fields[i] = (struct zt_field){.tag = i + 1, .kind = ZT_VALUE_NUMBER, .number = i};
    for (size_t i = 0; i < COUNT(found); i++)
        found[i] = (struct zt_found){.type = "t", .fields = fields, .field_count = COUNT(fields)};
    struct zt_answer answer = {.found = found, .found_count = COUNT(found)};
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_OK);
    expect_taken(codec_named("answer"), (struct zt_bytes){out.data + ZT_WIRE_HEAD, out.len - ZT_WIRE_HEAD});
    zt_buf_fini(&out);
}

// The least time of some parses, so that a busy machine does not count.
static int64_t refused_within(const struct codec *codec, struct zt_bytes bad)
{
    int64_t least = INT64_MAX;
    for (int turn = 0; turn < 10; turn++) {
        union {
            uint8_t bytes[CODEC_VALUE_MAX];
            max_align_t align;
        } value;
        struct zt_arena arena;
        zt_arena_init(&arena, 64 * ZT_WIRE_MAX_BATCH);
        int64_t began = zt_monotonic_ns();
        enum zt_err rc = codec->parse(bad, &arena, &value, NULL);
        int64_t took = zt_monotonic_ns() - began;
        assert_true(rc == ZT_E_INPUT || rc == ZT_E_LIMIT);
        assert_int_equal(arena.used, 0);
        least = took < least ? took : least;
        zt_arena_fini(&arena);
    }
    return least;
}

// 1 MiB of empty items in each field of each message: refused at once, nothing allocated.
static void hostile_lists_cost_nothing(void **state)
{
    (void)state;
    int64_t worst = 0;
    struct zt_buf bad;
    zt_buf_init(&bad, ZT_WIRE_MAX_BATCH);
    for (uint32_t tag = 1; tag < 24; tag++) {
        zt_buf_reset(&bad);
        for (size_t n = 0; n < ZT_WIRE_MAX_BATCH / 3; n++)
            put_bytes(&bad, tag, NOTHING);
        for (size_t i = 0; i < codec_count; i++) {
            int64_t took = refused_within(&codecs[i], zt_buf_bytes(&bad));
            worst = took > worst ? took : worst;
        }
    }
    zt_buf_fini(&bad);
    print_message("           1 MiB of empty items in any field: at most %lld ns\n", (long long)worst);
    assert_true(worst < 1000000);
}

static void names(void **state)
{
    (void)state;
    enum zt_mode mode = 77;
    enum zt_entry_kind kind = 77;
    for (int i = 1; i <= 4; i++) {
        assert_int_equal(zt_mode_parse(zt_mode_name((enum zt_mode)i), &mode), ZT_OK);
        assert_int_equal(mode, i);
    }
    for (int i = 1; i <= 9; i++) {
        assert_int_equal(zt_entry_kind_parse(zt_entry_kind_name((enum zt_entry_kind)i), &kind), ZT_OK);
        assert_int_equal(kind, i);
    }
    static const char *const wrong[] = {"", "unknown", "Verify", "verify ", "answers"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        mode = 77;
        assert_int_equal(zt_mode_parse(wrong[i], &mode), ZT_E_INPUT);
        assert_int_equal(mode, 77);
        assert_int_equal(zt_entry_kind_parse(wrong[i], &kind), ZT_E_INPUT);
    }
    assert_string_equal(zt_mode_name(0), "unknown");
    assert_string_equal(zt_mode_name((enum zt_mode) - 1), "unknown");
    assert_string_equal(zt_mode_name(5), "unknown");
    assert_string_equal(zt_mode_name(ZT_MODE_RESOLVE), "resolve");
    assert_string_equal(zt_entry_kind_name(0), "unknown");
    assert_string_equal(zt_entry_kind_name(10), "unknown");
    assert_string_equal(zt_entry_kind_name(ZT_ENTRY_INTENT), "intent");
    assert_string_equal(zt_status_name(ZT_STATUS_INVALID), "invalid");
    assert_string_equal(zt_status_name(ZT_STATUS_OK), "ok");
    assert_string_equal(zt_status_name(ZT_STATUS_TROUBLE), "trouble");
    assert_string_equal(zt_status_name(6), "unknown");
    assert_string_equal(zt_fresh_name(ZT_STALE), "stale");
    assert_string_equal(zt_fresh_name(ZT_FRESH), "fresh");
    assert_string_equal(zt_fresh_name(3), "unknown");
    assert_string_equal(zt_verdict_name(ZT_MATCH), "match");
    assert_string_equal(zt_verdict_name(ZT_MISMATCH), "mismatch");
    assert_string_equal(zt_verdict_name(3), "unknown");
    assert_string_equal(zt_record_state_name(ZT_STATE_VALID), "valid");
    assert_string_equal(zt_record_state_name(ZT_STATE_CANCELLED), "cancelled");
    assert_string_equal(zt_record_state_name(0), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_a_request),
        cmocka_unit_test(limits_of_an_answer),
        cmocka_unit_test(the_encoder_keeps_them_too),
        cmocka_unit_test(an_answer_stays_within_256_kib),
        cmocka_unit_test(a_large_answer_comes_through),
        cmocka_unit_test(hostile_lists_cost_nothing),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests_name("proto/lookup", tests, NULL, NULL);
}
