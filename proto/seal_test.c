// SPDX-License-Identifier: Apache-2.0
// Sealing an answer is the same as encoding it with its place in the ledger, and can be taken off again.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "proto/desk.h"
#include "proto/lookup.h"
#include "proto/wire.h"

static const uint64_t indexes[] = {0, 1, 127, 128, UINT64_C(1) << 40, UINT64_MAX};
static const uint8_t hash[ZT_HASH_LEN] = {9, 8, 7, [31] = 1};

static struct zt_bytes body_of(const struct zt_buf *frame)
{
    return (struct zt_bytes){frame->data + ZT_WIRE_HEAD, frame->len - ZT_WIRE_HEAD};
}

static void answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++) {
        struct zt_answer answer = {.id = {1}, .status = ZT_STATUS_OK, .rule = "r"};
        struct zt_buf sealed, whole, bare;
        struct zt_bytes unsealed;
        zt_buf_init(&sealed, 4096);
        zt_buf_init(&whole, 4096);
        zt_buf_init(&bare, 4096);
        assert_int_equal(zt_answer_encode(&answer, &sealed), ZT_OK);
        assert_int_equal(zt_answer_encode(&answer, &bare), ZT_OK);
        assert_int_equal(zt_answer_seal(&sealed, indexes[i], hash), ZT_OK);
        answer.ledger_index = indexes[i];
        memcpy(answer.ledger_hash, hash, sizeof hash);
        assert_int_equal(zt_answer_encode(&answer, &whole), ZT_OK);
        assert_true(zt_bytes_equal(zt_buf_bytes(&sealed), zt_buf_bytes(&whole)));
        assert_int_equal(zt_answer_unsealed(body_of(&sealed), &answer, &unsealed), ZT_OK);
        assert_true(zt_bytes_equal(unsealed, body_of(&bare)));
        answer.ledger_hash[0] ^= 1;
        assert_int_equal(zt_answer_unsealed(body_of(&sealed), &answer, &unsealed), ZT_E_INPUT);
        zt_buf_fini(&sealed);
        zt_buf_fini(&whole);
        zt_buf_fini(&bare);
    }
}

static void desk_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++) {
        struct zt_desk_answer answer = {.id = {1}, .status = ZT_STATUS_OK, .rule = "r", .checkpoint = "c"};
        struct zt_buf sealed, whole, bare;
        struct zt_bytes unsealed;
        zt_buf_init(&sealed, 4096);
        zt_buf_init(&whole, 4096);
        zt_buf_init(&bare, 4096);
        assert_int_equal(zt_desk_answer_encode(&answer, &sealed), ZT_OK);
        assert_int_equal(zt_desk_answer_encode(&answer, &bare), ZT_OK);
        assert_int_equal(zt_desk_answer_seal(&sealed, indexes[i], hash), ZT_OK);
        answer.ledger_index = indexes[i];
        memcpy(answer.ledger_hash, hash, sizeof hash);
        assert_int_equal(zt_desk_answer_encode(&answer, &whole), ZT_OK);
        assert_true(zt_bytes_equal(zt_buf_bytes(&sealed), zt_buf_bytes(&whole)));
        assert_int_equal(zt_desk_answer_unsealed(body_of(&sealed), &answer, &unsealed), ZT_OK);
        assert_true(zt_bytes_equal(unsealed, body_of(&bare)));
        struct zt_bytes cut = body_of(&sealed);
        while (cut.len > 0) {
            cut.len--;
            assert_int_equal(zt_desk_answer_unsealed(cut, &answer, &unsealed), ZT_E_INPUT);
        }
        zt_buf_fini(&sealed);
        zt_buf_fini(&whole);
        zt_buf_fini(&bare);
    }
}

static void no_room_changes_nothing(void **state)
{
    (void)state;
    struct zt_desk_answer answer = {.id = {1}, .status = ZT_STATUS_OK};
    struct zt_buf frame;
    zt_buf_init(&frame, 40);
    assert_int_equal(zt_desk_answer_encode(&answer, &frame), ZT_OK);
    size_t len = frame.len;
    assert_int_equal(zt_desk_answer_seal(&frame, 5, hash), ZT_E_LIMIT);
    assert_int_equal(frame.len, len);
    zt_buf_fini(&frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(desk_answers),
        cmocka_unit_test(no_room_changes_nothing),
    };
    return cmocka_run_group_tests_name("proto/seal", tests, NULL, NULL);
}
