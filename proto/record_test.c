// SPDX-License-Identifier: Apache-2.0
#include "base/test_support.h"
#include "proto/codecs.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void limits(void **state)
{
    (void)state;
    static const struct limit_case cases[] = {
        {1, false, 1, 63, "record.type"},      {2, false, 1, 95, "record.key"},
        {5, true, 1, 4, "record.state"},       {6, false, 10, 10, "record.valid_from"},
        {7, false, 10, 10, "record.valid_to"}, {9, true, 0, 1, "record.deleted"},
        {10, false, 0, 12, "record.region"},
    };
    static const struct limit_case subject[] = {
        {1, false, 0, 8, "subject.id_type"},
        {2, false, 0, 64, "subject.number"},
        {3, false, 0, 256, "subject.name"},
    };
    static const struct limit_case field[] = {
        {1, true, 1, UINT32_MAX, "field.tag"},
        {2, false, 0, 12288, "field.text"},
    };
    const struct codec *codec = codec_named("record");
    static const struct nested in_subject = {3, {(const uint8_t *)"\x0a\0", 2}};
    static const struct nested in_field = {11, {(const uint8_t *)"\x08\x01\x12\0", 4}};
    struct zt_record record = sample_record;
    check_limits(codec, &sample_record, &in_subject, subject, COUNT(subject));
    check_limits(codec, &sample_record, &in_field, field, COUNT(field));
    record.fields = NULL; // deleted = 1 is a border too, and excludes fields
    record.field_count = 0;
    check_limits(codec, &record, NULL, cases, COUNT(cases));
    check_required(codec, &sample_record, 1, "record.type");
    check_required(codec, &sample_record, 2, "record.key");
    check_required(codec, &sample_record, 5, "record.state");
    check_count(codec, &sample_record, 3, (struct zt_bytes){(const uint8_t *)"", 0}, 4, "record.subjects");
    check_count(codec, &sample_record, 11, in_field.sample, 256, "record.fields");
}

static void the_encoder_keeps_them_too(void **state)
{
    (void)state;
    char text[ZT_RECORD_MAX_TEXT + 2];
    struct zt_field many[ZT_RECORD_MAX_FIELDS + 1];
    struct zt_subject crowd[ZT_RECORD_MAX_SUBJECTS + 1];
    struct zt_field field = {.tag = 1, .kind = ZT_VALUE_TEXT, .text = text};
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    memset(text, 'x', sizeof text);
    text[ZT_RECORD_MAX_TEXT + 1] = 0;
    memset(crowd, 0, sizeof crowd);
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = (struct zt_field){.tag = 1, .kind = ZT_VALUE_NUMBER};
    struct {
        struct zt_record record;
        enum zt_err code;
    } cases[] = {
        {{.type = "", .key = "k", .state = 1}, ZT_E_INPUT},
        {{.type = "t", .key = NULL, .state = 1}, ZT_E_INPUT},
        {{.type = text, .key = "k", .state = 1}, ZT_E_LIMIT},
        {{.type = "t", .key = "k", .state = 0}, ZT_E_INPUT},
        {{.type = "t", .key = "k", .state = 5}, ZT_E_INPUT},
        {{.type = "t", .key = "k", .state = 1, .valid_from = "2026"}, ZT_E_INPUT},
        {{.type = "t", .key = "\xff", .state = 1}, ZT_E_INPUT},
        {{.type = "t", .key = "k", .state = 1, .fields = &field, .field_count = 1}, ZT_E_LIMIT},
        {{.type = "t", .key = "k", .state = 1, .fields = many, .field_count = COUNT(many)}, ZT_E_LIMIT},
        {{.type = "t", .key = "k", .state = 1, .subjects = crowd, .subject_count = COUNT(crowd)}, ZT_E_LIMIT},
        {{.type = "t", .key = "k", .deleted = true, .fields = many, .field_count = 1}, ZT_E_INPUT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(zt_record_encode(&cases[i].record, &out), cases[i].code);
        assert_int_equal(out.len, 0);
    }
    many[0].kind = 0;
    struct zt_record no_value = {.type = "t", .key = "k", .state = 1, .fields = many, .field_count = 1};
    assert_int_equal(zt_record_encode(&no_value, &out), ZT_E_INPUT);
    many[0] = (struct zt_field){.tag = 0, .kind = ZT_VALUE_NUMBER};
    assert_int_equal(zt_record_encode(&no_value, &out), ZT_E_INPUT);
    text[ZT_RECORD_MAX_TEXT] = 0;
    struct zt_record longest = {.type = "t", .key = "k", .state = 1, .fields = &field, .field_count = 1};
    assert_int_equal(zt_record_encode(&longest, &out), ZT_OK);
    zt_buf_fini(&out);
}

static void a_record_has_48_kib(void **state)
{
    (void)state;
    const struct codec *codec = codec_named("record");
    static uint8_t blob[ZT_RECORD_MAX];
    struct zt_field field = {.tag = 1, .kind = ZT_VALUE_BLOB, .blob = {blob, 0}};
    struct zt_record record = {.type = "t", .key = "k", .state = 1, .fields = &field, .field_count = 1};
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    size_t len = ZT_RECORD_MAX - 64;
    for (enum zt_err rc = ZT_OK; rc == ZT_OK; len++) {
        zt_buf_reset(&out);
        field.blob.len = len;
        rc = zt_record_encode(&record, &out);
        if (rc != ZT_OK)
            assert_int_equal(rc, ZT_E_LIMIT);
        else
            assert_true(out.len <= ZT_RECORD_MAX);
    }
    assert_int_equal(out.len, 0);
    field.blob.len = len - 2;
    assert_int_equal(zt_record_encode(&record, &out), ZT_OK);
    assert_int_equal(out.len, ZT_RECORD_MAX);
    expect_taken(codec, zt_buf_bytes(&out));
    put_number(&out, 4, 1); // some bytes more
    expect_refused(codec, zt_buf_bytes(&out), ZT_E_LIMIT, "record.size");
    zt_buf_fini(&out);
}

static void cross_rules(void **state)
{
    (void)state;
    const struct codec *codec = codec_named("record");
    struct zt_buf good, bad;
    struct zt_bytes body = sample_body(codec, &sample_record, &good);
    zt_buf_init(&bad, 65536);
    put_without(&bad, body, 9);
    put_number(&bad, 9, 1);
    expect_refused(codec, zt_buf_bytes(&bad), ZT_E_INPUT, "record.tombstone");
    zt_buf_reset(&bad);
    put_without(&bad, body, 11);
    put_bytes(&bad, 11, (struct zt_bytes){(const uint8_t *)"\x08\x05", 2}); // a tag without value
    expect_refused(codec, zt_buf_bytes(&bad), ZT_E_INPUT, "record.value");
    zt_buf_reset(&bad);
    put_without(&bad, body, 11);
    put_bytes(&bad, 11, (struct zt_bytes){(const uint8_t *)"\x08\x05\x12\x01x\x18\x02", 7}); // with two
    expect_refused(codec, zt_buf_bytes(&bad), ZT_E_INPUT, "field.number");
    zt_buf_fini(&bad);
    zt_buf_fini(&good);
}

static void absent_texts_are_empty_not_null(void **state)
{
    (void)state;
    const struct codec *codec = codec_named("record");
    struct zt_buf out;
    struct zt_arena arena;
    struct zt_record record;
    zt_arena_init(&arena, 65536);
    assert_int_equal(codec->parse(sample_body(codec, codec->least, &out), &arena, &record, NULL), ZT_OK);
    assert_string_equal(record.valid_from, "");
    assert_string_equal(record.valid_to, "");
    assert_string_equal(record.region, "");
    assert_int_equal(record.subject_count + record.field_count, 0);
    zt_arena_fini(&arena);
    zt_buf_fini(&out);
}

// The bytes that were parsed may go away: everything is in the arena.
static void nothing_points_into_the_input(void **state)
{
    (void)state;
    const struct codec *codec = codec_named("record");
    struct zt_buf out;
    struct zt_arena arena;
    struct zt_record record;
    zt_arena_init(&arena, 65536);
    struct zt_bytes body = sample_body(codec, &sample_record, &out);
    uint8_t *copy = malloc(body.len);
    assert_non_null(copy);
    memcpy(copy, body.data, body.len);
    assert_int_equal(zt_record_parse((struct zt_bytes){copy, body.len}, &arena, &record, NULL), ZT_OK);
    memset(copy, 0xEE, body.len);
    free(copy);
    assert_string_equal(record.type, sample_record.type);
    assert_string_equal(record.subjects[1].name, "潍坊市某公司");
    assert_int_equal(record.fields[1].number, -12345678901);
    assert_memory_equal(record.fields[2].blob.data, "\0\1\2", 3);
    zt_arena_fini(&arena);
    zt_buf_fini(&out);
}

static void finding_a_field(void **state)
{
    (void)state;
    assert_ptr_equal(zt_record_field(&sample_record, 300), &sample_record.fields[2]);
    assert_null(zt_record_field(&sample_record, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits),
        cmocka_unit_test(the_encoder_keeps_them_too),
        cmocka_unit_test(a_record_has_48_kib),
        cmocka_unit_test(cross_rules),
        cmocka_unit_test(absent_texts_are_empty_not_null),
        cmocka_unit_test(nothing_points_into_the_input),
        cmocka_unit_test(finding_a_field),
    };
    return cmocka_run_group_tests_name("proto/record", tests, NULL, NULL);
}
