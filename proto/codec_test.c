// SPDX-License-Identifier: Apache-2.0
// What holds for every message alike: twins are inverse, every field travels, no damage and no shortage of
// memory does more than a refusal.
#include "base/test_support.h"
#include "proto/codecs.h"

#define FLIP_ARENA ((size_t)4 * 1024 * 1024)

// Exactly as long as the bytes, so that the address sanitizer sees a read behind the end.
static uint8_t *copy_exact(struct zt_bytes bytes)
{
    uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    assert_non_null(copy);
    if (bytes.len)
        memcpy(copy, bytes.data, bytes.len);
    return copy;
}

// Parses; what parses must encode again, to bytes that parse to the same bytes. True when it parsed.
static bool survives(const struct codec *codec, struct zt_bytes body, struct zt_buf *again)
{
    union {
        uint8_t bytes[CODEC_VALUE_MAX];
        max_align_t align;
    } value;
    struct zt_arena arena;
    struct zt_fault fault = {0};
    zt_arena_init(&arena, FLIP_ARENA);
    enum zt_err rc = codec->parse(body, &arena, &value, &fault);
    if (rc == ZT_OK)
        assert_int_equal(codec->encode(&value, again), ZT_OK);
    else
        assert_true(fault.code == rc && fault.rule[0]);
    zt_arena_fini(&arena);
    return rc == ZT_OK;
}

static struct zt_bytes body_of(const struct codec *codec, const struct zt_buf *frame)
{
    return (struct zt_bytes){frame->data + codec_head(codec), frame->len - codec_head(codec)};
}

static void twins_are_inverse(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_count * 2; i++) {
        const struct codec *codec = &codecs[i / 2];
        struct zt_buf first, again;
        struct zt_bytes body = sample_body(codec, i % 2 ? codec->full : codec->least, &first);
        zt_buf_init(&again, ZT_WIRE_MAX_BATCH);
        assert_true(survives(codec, body, &again));
        assert_true(zt_bytes_equal(zt_buf_bytes(&first), zt_buf_bytes(&again)));
        zt_buf_fini(&first);
        zt_buf_fini(&again);
    }
}

static void frames_carry_their_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_count; i++) {
        struct zt_buf out;
        enum zt_wire_type type;
        struct zt_bytes body;
        sample_body(&codecs[i], codecs[i].full, &out);
        if (codecs[i].type != ZT_WIRE_NONE) {
            assert_int_equal(zt_wire_open(zt_buf_bytes(&out), &type, &body, NULL), ZT_OK);
            assert_int_equal(type, codecs[i].type);
            assert_int_equal(body.len, out.len - ZT_WIRE_HEAD);
        }
        zt_buf_fini(&out);
    }
}

static void every_field_travels(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_count; i++) {
        struct zt_buf out, more;
        struct zt_bytes body = sample_body(&codecs[i], codecs[i].full, &out);
        zt_buf_init(&more, ZT_WIRE_MAX_BATCH);
        zt_buf_put(&more, body.data, body.len);
        if (strcmp(codecs[i].name, "record") == 0)
            put_number(&more, 9, 1); // `deleted` excludes the fields; the tombstone shows it
        if (strcmp(codecs[i].name, "tombstone") != 0)
            assert_every_field(codecs[i].descriptor, zt_buf_bytes(&more));
        zt_buf_fini(&more);
        zt_buf_fini(&out);
    }
}

static void truncation_at_every_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_count; i++) {
        struct zt_buf out, again;
        struct zt_bytes body = sample_body(&codecs[i], codecs[i].full, &out);
        zt_buf_init(&again, ZT_WIRE_MAX_BATCH);
        for (size_t len = 0; len < body.len; len++) {
            uint8_t *copy = copy_exact((struct zt_bytes){body.data, len});
            zt_buf_reset(&again);
            // A cut between two fields leaves a message; our encoding is canonical, so it stays the same.
            if (survives(&codecs[i], (struct zt_bytes){copy, len}, &again))
                assert_true(zt_bytes_equal((struct zt_bytes){copy, len}, body_of(&codecs[i], &again)));
            free(copy);
        }
        zt_buf_fini(&again);
        zt_buf_fini(&out);
    }
}

static void every_bit_flipped(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_count; i++) {
        struct zt_buf out, once, twice;
        struct zt_bytes body = sample_body(&codecs[i], codecs[i].full, &out);
        uint8_t *copy = copy_exact(body);
        zt_buf_init(&once, ZT_WIRE_MAX_BATCH);
        zt_buf_init(&twice, ZT_WIRE_MAX_BATCH);
        for (size_t bit = 0; bit < body.len * 8; bit++) {
            copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
            zt_buf_reset(&once);
            zt_buf_reset(&twice);
            if (survives(&codecs[i], (struct zt_bytes){copy, body.len}, &once)) {
                assert_true(survives(&codecs[i], body_of(&codecs[i], &once), &twice));
                assert_true(zt_bytes_equal(zt_buf_bytes(&once), zt_buf_bytes(&twice)));
            }
            copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        zt_buf_fini(&once);
        zt_buf_fini(&twice);
        free(copy);
        zt_buf_fini(&out);
    }
}

// The arena's maximum is the cost limit: every smaller one is a clean refusal.
static void parsing_within_any_arena(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_count; i++) {
        struct zt_buf out;
        struct zt_bytes body = sample_body(&codecs[i], codecs[i].full, &out);
        enum zt_err rc = ZT_E_LIMIT;
        for (size_t max = 0; rc != ZT_OK; max += 16) {
            union {
                uint8_t bytes[CODEC_VALUE_MAX];
                max_align_t align;
            } value;
            struct zt_arena arena;
            struct zt_fault fault = {0};
            assert_true(max < FLIP_ARENA);
            zt_arena_init(&arena, max);
            rc = codecs[i].parse(body, &arena, &value, &fault);
            if (rc != ZT_OK) {
                assert_int_equal(rc, ZT_E_LIMIT);
                assert_string_equal(fault.rule, "wire.cost");
            }
            zt_arena_fini(&arena);
        }
        zt_buf_fini(&out);
    }
}

static void encoding_into_any_buffer(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_count; i++) {
        struct zt_buf whole;
        sample_body(&codecs[i], codecs[i].full, &whole);
        for (size_t max = 0; max <= whole.len; max++) {
            struct zt_buf out;
            zt_buf_init(&out, max);
            assert_int_equal(codecs[i].encode(codecs[i].full, &out), max < whole.len ? ZT_E_LIMIT : ZT_OK);
            assert_int_equal(out.len, max < whole.len ? 0 : whole.len);
            zt_buf_fini(&out);
        }
        zt_buf_fini(&whole);
    }
}

static void bare_messages_are_appended(void **state)
{
    (void)state;
    struct zt_buf out;
    zt_buf_init(&out, 4096);
    zt_buf_put_str(&out, "before");
    assert_int_equal(zt_record_encode(&sample_record, &out), ZT_OK);
    assert_memory_equal(out.data, "before", 6);
    size_t len = out.len;
    struct zt_record bad = sample_record;
    bad.type = "";
    assert_int_equal(zt_record_encode(&bad, &out), ZT_E_INPUT);
    assert_int_equal(out.len, len);
    zt_buf_fini(&out);
}

static void peeks_the_id_of_any_question(void **state)
{
    (void)state;
    struct zt_request request = {.id = {1, 2, 3, [15] = 16}, .mode = ZT_MODE_FETCH, .item = "i"};
    struct zt_buf out;
    uint8_t id[ZT_REQUEST_ID_LEN], none[ZT_REQUEST_ID_LEN] = {0};
    zt_buf_init(&out, 4096);
    assert_int_equal(zt_request_encode(&request, &out), ZT_OK);
    struct zt_bytes body = {out.data + ZT_WIRE_HEAD, out.len - ZT_WIRE_HEAD};
    memset(id, 0, sizeof id);
    for (size_t len = 0; len < 2 + ZT_REQUEST_ID_LEN; len++) {
        assert_int_equal(zt_request_peek((struct zt_bytes){body.data, len}, id), ZT_E_INPUT);
        assert_memory_equal(id, none, sizeof id);
    }
    assert_int_equal(zt_request_peek((struct zt_bytes){body.data, 2 + ZT_REQUEST_ID_LEN}, id), ZT_OK);
    assert_memory_equal(id, request.id, sizeof id);
    out.data[ZT_WIRE_HEAD + 1] = ZT_REQUEST_ID_LEN - 1; // an id of another length is none
    assert_int_equal(zt_request_peek(body, id), ZT_E_INPUT);
    zt_buf_fini(&out);
}

static void identifiers_of_certificates_fit(void **state)
{
    (void)state;
    char id[ZT_LICENCE_LEN + 2];
    memset(id, '1', sizeof id);
    id[ZT_LICENCE_LEN] = '\0';
    struct zt_answer answer = {.status = ZT_STATUS_OK, .certificate_id = id};
    struct zt_entry entry = {.kind = ZT_ENTRY_ISSUE, .certificate = id};
    struct zt_buf out;
    zt_buf_init(&out, 4096);
    assert_int_equal(zt_answer_encode(&answer, &out), ZT_OK);
    zt_buf_reset(&out);
    assert_int_equal(zt_entry_encode(&entry, &out), ZT_OK);
    id[ZT_LICENCE_LEN] = '1';
    id[ZT_LICENCE_LEN + 1] = '\0';
    zt_buf_reset(&out);
    assert_int_not_equal(zt_answer_encode(&answer, &out), ZT_OK);
    assert_int_not_equal(zt_entry_encode(&entry, &out), ZT_OK);
    zt_buf_fini(&out);
}

static void all_zero_structs_never_crash(void **state)
{
    (void)state;
    static const union {
        uint8_t bytes[CODEC_VALUE_MAX];
        max_align_t align;
    } nothing;
    for (size_t i = 0; i < codec_count; i++) {
        struct zt_buf out;
        zt_buf_init(&out, 4096);
        enum zt_err rc = codecs[i].encode(&nothing, &out);
        assert_true(rc == ZT_OK || rc == ZT_E_INPUT);
        zt_buf_fini(&out);
        struct zt_fault fault;
        union {
            uint8_t bytes[CODEC_VALUE_MAX];
            max_align_t align;
        } value;
        struct zt_arena arena;
        zt_arena_init(&arena, 4096);
        assert_int_equal(codecs[i].parse((struct zt_bytes){NULL, 0}, &arena, &value, &fault), rc);
        zt_arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twins_are_inverse),
        cmocka_unit_test(frames_carry_their_type),
        cmocka_unit_test(every_field_travels),
        cmocka_unit_test(truncation_at_every_byte),
        cmocka_unit_test(every_bit_flipped),
        cmocka_unit_test(parsing_within_any_arena),
        cmocka_unit_test(encoding_into_any_buffer),
        cmocka_unit_test(bare_messages_are_appended),
        cmocka_unit_test(peeks_the_id_of_any_question),
        cmocka_unit_test(identifiers_of_certificates_fit),
        cmocka_unit_test(all_zero_structs_never_crash),
    };
    return cmocka_run_group_tests_name("proto/codec", tests, NULL, NULL);
}
