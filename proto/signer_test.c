// SPDX-License-Identifier: Apache-2.0
#include "base/test_support.h"
#include "proto/codecs.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define HASH         "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"

static void limits_of_a_request(void **state)
{
    (void)state;
    static const struct limit_case request[] = {
        {2, true, 1, 3, "signer.act"},       {4, true, 0, 3, "signer.alg"},
        {5, false, 0, 64, "signer.issuer"},  {6, false, 1, 65536, "signer.messages"},
        {7, false, 0, 255, "signer.origin"}, {10, false, 32, 32, "signer.root"},
        {11, false, 32, 32, "signer.proof"},
    };
    const struct codec *codec = codec_named("sign_request");
    struct zt_sign_request checkpoint = *(const struct zt_sign_request *)codec->full;
    checkpoint.act = ZT_SIGN_CHECKPOINT; // which needs neither alg nor messages
    check_limits(codec, &checkpoint, NULL, request, COUNT(request));
    check_required(codec, codec->full, 2, "signer.act");
    check_required(codec, codec->full, 4, "signer.alg");
    check_required(codec, codec->full, 6, "signer.messages");
    check_count(codec, codec->full, 6, zt_bytes_str("m"), 1024, "signer.messages");
    check_count(codec, codec->full, 11, zt_bytes_str(HASH), 64, "signer.proof");
}

static void limits_of_an_answer(void **state)
{
    (void)state;
    static const struct limit_case answer[] = {
        {2, true, 0, ZT_E_BUG, "signer.code"}, {3, false, 0, 63, "signer.rule"},
        {4, false, 0, 511, "signer.text"},     {5, false, 0, 63, "signer.key_id"},
        {6, true, 0, 3, "signer.alg"},         {7, false, 64, 64, "signer.signatures"},
        {8, false, 1, 4096, "signer.chain"},   {9, false, 0, 4096, "signer.note"},
    };
    const struct codec *codec = codec_named("sign_answer");
    check_limits(codec, codec->full, NULL, answer, COUNT(answer));
    check_count(codec, codec->full, 7, zt_bytes_str(HASH HASH), 1024, "signer.signatures");
    check_count(codec, codec->full, 8, zt_bytes_str("der"), 8, "signer.chain");
}

static void the_encoder_keeps_them_too(void **state)
{
    (void)state;
    const struct zt_sign_request *request = codec_named("sign_request")->full;
    const struct zt_sign_answer *answer = codec_named("sign_answer")->full;
    struct zt_sign_request requests[] = {*request, *request, *request, *request};
    struct zt_sign_answer answers[] = {*answer, *answer};
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    requests[0].message_count = ZT_SIGN_MAX + 1;
    requests[1].proof_count = ZT_PROOF_MAX + 1;
    requests[2].message_count = 0;
    requests[3].alg = 0;
    assert_int_equal(zt_sign_request_encode(&requests[0], &out), ZT_E_LIMIT);
    assert_int_equal(zt_sign_request_encode(&requests[1], &out), ZT_E_LIMIT);
    assert_int_equal(zt_sign_request_encode(&requests[2], &out), ZT_E_INPUT);
    assert_int_equal(zt_sign_request_encode(&requests[3], &out), ZT_E_INPUT);
    answers[0].signature_count = ZT_SIGN_MAX + 1;
    answers[1].chain_count = ZT_CHAIN_MAX + 1;
    assert_int_equal(zt_sign_answer_encode(&answers[0], &out), ZT_E_LIMIT);
    assert_int_equal(zt_sign_answer_encode(&answers[1], &out), ZT_E_LIMIT);
    zt_buf_fini(&out);
}

// A full request of ordinary statements, and its answer, fit into a frame.
static void a_thousand_signatures_fit(void **state)
{
    (void)state;
    static uint8_t statement[900];
    static struct zt_bytes messages[ZT_SIGN_MAX], signatures[ZT_SIGN_MAX];
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    for (size_t i = 0; i < ZT_SIGN_MAX; i++) {
        messages[i] = (struct zt_bytes){statement, sizeof statement};
        signatures[i] = (struct zt_bytes){statement, ZT_SIG_LEN};
    }
    struct zt_sign_request request = {.act = ZT_SIGN_MESSAGES,
                                      .alg = ZT_SM2,
                                      .issuer = "i",
                                      .messages = messages,
                                      .message_count = ZT_SIGN_MAX};
    struct zt_sign_answer answer = {.signatures = signatures, .signature_count = ZT_SIGN_MAX};
    assert_int_equal(zt_sign_request_encode(&request, &out), ZT_OK);
    assert_int_equal(zt_sign_answer_encode(&answer, &out), ZT_OK);
    zt_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_a_request),
        cmocka_unit_test(limits_of_an_answer),
        cmocka_unit_test(the_encoder_keeps_them_too),
        cmocka_unit_test(a_thousand_signatures_fit),
    };
    return cmocka_run_group_tests_name("proto/signer", tests, NULL, NULL);
}
