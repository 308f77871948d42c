// SPDX-License-Identifier: Apache-2.0
#include "certs/consent.h"

#include <jansson.h>

#include "base/file.h"
#include "base/test_support.h"
#include "base/text.h"
#include "certs/jws.h"

#define NOW INT64_C(1795321291000) // 2026-11-22T04:21:31Z

// Made by the openssl command line (dgst -sha256 -sign; pkeyutl -rawin -digest sm3 with the usual id), not by
// this code: a citizen number of the test vectors, good from 04:20:00Z to 04:50:00Z.
static const char es256_token[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImNpdHktZmFjZS1sb2dpbi0xIiwidHlwIjoiY29uc2VudCtqd3QifQ.eyJhdWQ"
    "iOiJocGYtY2VudHJlLWFwcCIsImV4cCI6MTc5NTMyMzAwMCwiaWF0IjoxNzk1MzIxMjAwLCJpc3MiOiJjaXR5LWZhY"
    "2UtbG9naW4iLCJqdGkiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R3IiwicHVycG9zZSI6ImhwZi13aXRoZHJhd2FsIiw"
    "ic2NvcGUiOlsicGIuY29tbWVyY2lhbF9ob3VzaW5nX2xvYW4iLCJwYi5sb2FuX3JlcGF5bWVudF9kZXRhaWwiXSwic"
    "3ViIjoiclNjN2F5cUhBQ1RQblhSLVdjNTVYU0RabF9lSjNUekNzRTBQV0dzOXFwSSJ9.wFKG7QnyQHtYn6AMKGYPNc"
    "9P7oNpFU333hr2zMC4QF7dYtp-Z7xfk14tIuZkbggW64c3lsh_ENPiz6qmnBE8wQ";
static const char es256_public[] = "-----BEGIN PUBLIC KEY-----\n"
                                   "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEB6D4t3OrsQJvyI6+ULn675nTj7MW\n"
                                   "04knVaeOa1ftPjkPY/o4H2O0p+fVTezSVXRq//j+ApVsQ3WhnjHu0pZUOA==\n"
                                   "-----END PUBLIC KEY-----\n";
static const char sm2_token[] =
    "eyJhbGciOiJTTTIiLCJraWQiOiJjaXR5LWZhY2UtbG9naW4tMSIsInR5cCI6ImNvbnNlbnQrand0In0.eyJhdWQiOi"
    "JocGYtY2VudHJlLWFwcCIsImV4cCI6MTc5NTMyMzAwMCwiaWF0IjoxNzk1MzIxMjAwLCJpc3MiOiJjaXR5LWZhY2Ut"
    "bG9naW4iLCJqdGkiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R3IiwicHVycG9zZSI6ImhwZi13aXRoZHJhd2FsIiwic2"
    "NvcGUiOlsicGIuY29tbWVyY2lhbF9ob3VzaW5nX2xvYW4iLCJwYi5sb2FuX3JlcGF5bWVudF9kZXRhaWwiXSwic3Vi"
    "IjoiclNjN2F5cUhBQ1RQblhSLVdjNTVYU0RabF9lSjNUekNzRTBQV0dzOXFwSSJ9.s6K_tgEg11oFVtAtR-Cbn6qXr"
    "zbOQIHuedQ3Gk5NBfoj9vWLtBexUADcilwqsau0F74OecCRqHsSJrMd-0fC4g";
static const char sm2_public[] = "-----BEGIN PUBLIC KEY-----\n"
                                 "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEE1C1GiEb09D5WUS6sGKLf1gyTN/R\n"
                                 "ql0XShdrumbZvWJSeToOahewN+4697ZINXygrk+7KMDop1ZzU8xVV7gtnA==\n"
                                 "-----END PUBLIC KEY-----\n";

static const struct zt_consent_wanted wanted = {
    "111", "370202199003079980", "hpf-centre-app", "hpf-withdrawal", "pb.commercial_housing_loan", NOW};

static struct zt_key *public_key(const char *pem)
{
    char dir[PATH_MAX], path[PATH_MAX + 8];
    struct zt_key *key = NULL;
    make_test_dir(dir);
    snprintf(path, sizeof path, "%s/key", dir);
    assert_int_equal(zt_file_replace(path, zt_bytes_str(pem), 0644, NULL), ZT_OK);
    assert_int_equal(zt_key_load_public(path, &key, NULL), ZT_OK);
    remove_test_dir(dir);
    return key;
}

static void expect(const char *token, struct zt_key *key, const struct zt_consent_wanted *asked,
                   const char *rule)
{
    struct zt_fault fault = {.rule = ""};
    struct zt_consent out = {.scope_count = 99};
    enum zt_err rc = zt_consent_verify(zt_bytes_str(token), key, asked, &out, &fault);
    assert_string_equal(fault.rule, rule ? rule : "");
    assert_int_equal(rc, rule ? ZT_E_DENIED : ZT_OK);
    assert_int_equal(zt_consent_verify(zt_bytes_str(token), key, asked, NULL, NULL), rc);
    if (rule) {
        assert_int_equal(fault.code, ZT_E_DENIED);
        assert_int_equal(out.scope_count, 99);
    }
}

static void tokens_of_another_program_are_accepted(void **state)
{
    (void)state;
    struct zt_key *es256 = public_key(es256_public), *sm2 = public_key(sm2_public);
    expect(es256_token, es256, &wanted, NULL);
    expect(sm2_token, sm2, &wanted, NULL);
    expect(es256_token, sm2, &wanted, "consent.signature");
    expect(sm2_token, es256, &wanted, "consent.signature");
    struct zt_consent said;
    assert_int_equal(zt_consent_read(zt_bytes_str(es256_token), &said, NULL), ZT_OK);
    assert_int_equal(said.alg, ZT_ES256);
    assert_string_equal(said.issuer, "city-face-login");
    assert_string_equal(said.key_id, "city-face-login-1");
    assert_int_equal(said.scope_count, 2);
    assert_string_equal(said.scope[1], "pb.loan_repayment_detail");
    assert_int_equal(said.expires_at, INT64_C(1795323000000));
    zt_key_destroy(&es256);
    zt_key_destroy(&sm2);
}

// Each expectation wrong alone gives its own rule; the first in the order decides when several are.
static void every_rule_denies(void **state)
{
    (void)state;
    struct zt_key *key = public_key(es256_public), *other = NULL;
    assert_int_equal(zt_key_new(ZT_ES256, &other), ZT_OK);
    struct zt_consent_wanted w = wanted;
    w.now_ms = INT64_C(1795323000000) - 1;
    expect(es256_token, key, &w, NULL);
    w.now_ms++; // the very second it expires
    expect(es256_token, key, &w, "consent.expired");
    w.now_ms = INT64_C(1795321200000) - ZT_CONSENT_SKEW_MS;
    expect(es256_token, key, &w, NULL);
    w.now_ms--;
    expect(es256_token, key, &w, "consent.expired");
    w.type = "ps.resident_identity";
    expect(es256_token, key, &w, "consent.scope");
    w.type = "pb.commercial_housing_loan2";
    expect(es256_token, key, &w, "consent.scope");
    w.purpose = "hpf-loan";
    expect(es256_token, key, &w, "consent.purpose");
    w.consumer = "bank-of-weifang";
    expect(es256_token, key, &w, "consent.audience");
    w.number = "370703198512319996";
    expect(es256_token, key, &w, "consent.subject");
    w.number = wanted.number;
    w.id_type = "414";
    expect(es256_token, key, &w, "consent.subject");
    expect(es256_token, other, &w, "consent.signature");
    expect("a.b.c", other, &w, "consent.form");
    zt_key_destroy(&key);
    zt_key_destroy(&other);
}

static void no_changed_character_passes(void **state)
{
    (void)state;
    const char *tokens[] = {es256_token, sm2_token};
    const char *publics[] = {es256_public, sm2_public};
    for (size_t t = 0; t < 2; t++) {
        struct zt_key *key = public_key(publics[t]);
        size_t len = strlen(tokens[t]);
        char *text = strdup(tokens[t]);
        assert_non_null(text);
        for (size_t i = 0; i < len; i++) {
            char before = text[i];
            text[i] = before == 'A' ? 'B' : 'A';
            assert_int_equal(zt_consent_verify(zt_bytes_str(text), key, &wanted, NULL, NULL), ZT_E_DENIED);
            text[i] = '\n';
            assert_int_equal(zt_consent_verify(zt_bytes_str(text), key, &wanted, NULL, NULL), ZT_E_DENIED);
            text[i] = before;
        }
        free(text);
        for (size_t cut = 0; cut < len; cut++) {
            char *part = strndup(tokens[t], cut);
            assert_non_null(part);
            assert_int_equal(zt_consent_verify(zt_bytes_str(part), key, &wanted, NULL, NULL), ZT_E_DENIED);
            free(part);
        }
        zt_key_destroy(&key);
    }
}

static struct zt_consent sample(enum zt_sig_alg alg)
{
    struct zt_consent consent = {.alg = alg, .scope_count = 1, .issued_at = NOW, .expires_at = NOW + 60000};
    snprintf(consent.key_id, sizeof consent.key_id, "k-1");
    snprintf(consent.issuer, sizeof consent.issuer, "idp");
    snprintf(consent.consumer, sizeof consent.consumer, "hpf-centre-app");
    snprintf(consent.purpose, sizeof consent.purpose, "hpf-withdrawal");
    snprintf(consent.scope[0], sizeof consent.scope[0], "pb.commercial_housing_loan");
    assert_int_equal(zt_consent_subject("111", "370202199003079980", consent.subject), ZT_OK);
    return consent;
}

static void signed_tokens_verify(void **state)
{
    (void)state;
    static const enum zt_sig_alg algs[] = {ZT_ES256, ZT_SM2};
    for (size_t i = 0; i < 2; i++) {
        struct zt_key *key = NULL;
        struct zt_buf first, second;
        zt_buf_init(&first, ZT_CONSENT_MAX);
        zt_buf_init(&second, ZT_CONSENT_MAX);
        assert_int_equal(zt_key_new(algs[i], &key), ZT_OK);
        struct zt_consent consent = sample(algs[i]), back;
        assert_int_equal(zt_consent_sign(key, &consent, &first, NULL), ZT_OK);
        assert_int_equal(zt_consent_sign(key, &consent, &second, NULL), ZT_OK);
        expect(zt_buf_text(&first), key, &wanted, NULL);
        assert_int_equal(zt_consent_read(zt_buf_bytes(&first), &back, NULL), ZT_OK);
        struct zt_consent again;
        assert_int_equal(zt_consent_read(zt_buf_bytes(&second), &again, NULL), ZT_OK);
        assert_string_not_equal(back.token_id, again.token_id); // fresh
        assert_int_equal(strlen(back.token_id), 22);
        assert_int_equal(back.expires_at / 1000, consent.expires_at / 1000);
        assert_null(strstr(zt_buf_text(&first), "370202"));
        zt_buf_fini(&first);
        zt_buf_fini(&second);
        zt_key_destroy(&key);
    }
}

static void what_cannot_be_read_is_not_signed(void **state)
{
    (void)state;
    struct zt_key *key = NULL;
    struct zt_buf token;
    struct zt_fault fault;
    assert_int_equal(zt_key_new(ZT_ES256, &key), ZT_OK);
    zt_buf_init(&token, ZT_CONSENT_MAX);
    struct zt_consent wrong[6];
    for (size_t i = 0; i < 6; i++)
        wrong[i] = sample(ZT_ES256);
    wrong[0].expires_at = wrong[0].issued_at;
    wrong[1].scope_count = 0;
    wrong[2].issuer[0] = 0;
    snprintf(wrong[3].purpose, sizeof wrong[3].purpose, "two words");
    snprintf(wrong[4].scope[0], sizeof wrong[4].scope[0], "直通");
    wrong[5].issued_at = -1000;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(zt_consent_sign(key, &wrong[i], &token, &fault), ZT_E_INPUT);
        assert_string_equal(fault.rule, "consent.form");
        assert_int_equal(token.len, 0);
    }
    struct zt_consent consent = sample(ZT_SM2);
    assert_int_equal(zt_consent_sign(key, &consent, &token, &fault), ZT_E_CRYPTO);
    assert_string_equal(fault.rule, "consent.key");
    consent = sample(ZT_ES256);
    consent.scope_count = ZT_CONSENT_SCOPE_MAX + 1;
    assert_int_equal(zt_consent_sign(key, &consent, &token, &fault), ZT_E_LIMIT);
    zt_buf_fini(&token);
    zt_buf_init(&token, 10);
    consent = sample(ZT_ES256);
    assert_int_equal(zt_consent_sign(key, &consent, &token, &fault), ZT_E_LIMIT);
    zt_buf_fini(&token);
    zt_key_destroy(&key);
}

// Signed by the right key, but not what a token must be.
static void odd_tokens_are_no_tokens(void **state)
{
    (void)state;
#define SUB  "\"sub\":\"rSc7ayqHACTPnXR-Wc55XSDZl_eJ3TzCsE0PWGs9qpI\""
#define REST "\"aud\":\"hpf-centre-app\",\"purpose\":\"hpf-withdrawal\",\"iat\":1795321200,\"jti\":\"x\""
#define GOOD "{\"iss\":\"a\"," SUB "," REST ",\"exp\":1795323000,\"scope\":[\"pb.commercial_housing_loan\"]}"
#define HEAD "{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"consent+jwt\"}"
    static const char *const cases[][3] = {
        {HEAD, GOOD, NULL},
        {"{\"alg\":\"none\",\"kid\":\"k\",\"typ\":\"consent+jwt\"}", GOOD, "consent.form"},
        {"{\"alg\":\"EdDSA\",\"kid\":\"k\",\"typ\":\"consent+jwt\"}", GOOD, "consent.form"},
        {"{\"alg\":\"SM2\",\"kid\":\"k\",\"typ\":\"consent+jwt\"}", GOOD, "consent.signature"},
        {"{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"JWT\"}", GOOD, "consent.form"},
        {"{\"alg\":\"ES256\",\"typ\":\"consent+jwt\"}", GOOD, "consent.form"},
        {"{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"consent+jwt\",\"crit\":[]}", GOOD, "consent.form"},
        {"{\"alg\":\"ES256\",\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"consent+jwt\"}", GOOD, "consent.form"},
        {"[]", GOOD, "consent.form"},
        {HEAD, "[]", "consent.form"},
        {HEAD, "{}", "consent.form"},
        {HEAD, "\"x\"", "consent.form"},
        {HEAD, GOOD " {}", "consent.form"},
        {HEAD, "{\"iss\":\"a\"," SUB "," REST ",\"exp\":1795323000,\"scope\":\"pb.commercial_housing_loan\"}",
         "consent.form"},
        {HEAD, "{\"iss\":\"a\"," SUB "," REST ",\"exp\":1795323000,\"scope\":[]}", "consent.form"},
        {HEAD, "{\"iss\":\"a\"," SUB "," REST ",\"exp\":1795323000,\"scope\":[1]}", "consent.form"},
        {HEAD, "{\"iss\":\"a\"," SUB "," REST ",\"exp\":1795323000.5,\"scope\":[\"t\"]}", "consent.form"},
        {HEAD, "{\"iss\":\"a\"," SUB "," REST ",\"exp\":\"1795323000\",\"scope\":[\"t\"]}", "consent.form"},
        {HEAD, "{\"iss\":\"a\"," SUB "," REST ",\"exp\":9795323000000,\"scope\":[\"t\"]}", "consent.form"},
        {HEAD, "{\"iss\":\"a\"," SUB "," REST ",\"exp\":1795321200,\"scope\":[\"t\"]}", "consent.form"},
        {HEAD, "{\"iss\":7," SUB "," REST ",\"exp\":1795323000,\"scope\":[\"t\"]}", "consent.form"},
        {HEAD, "{\"iss\":\"a\",\"sub\":\"rSc7\"," REST ",\"exp\":1795323000,\"scope\":[\"t\"]}",
         "consent.form"},
        {HEAD, "{\"iss\":\"a\",\"sub\":\"370202199003079980\"," REST ",\"exp\":1795323000,\"scope\":[\"t\"]}",
         "consent.form"},
    };
    struct zt_key *key = NULL;
    assert_int_equal(zt_key_new(ZT_ES256, &key), ZT_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_buf token;
        uint8_t sig[ZT_SIG_LEN];
        zt_buf_init(&token, 2 * ZT_CONSENT_MAX);
        zt_base64url_encode(zt_bytes_str(cases[i][0]), &token);
        zt_buf_put_u8(&token, '.');
        zt_base64url_encode(zt_bytes_str(cases[i][1]), &token);
        assert_int_equal(zt_sign(key, zt_buf_bytes(&token), sig), ZT_OK);
        zt_buf_put_u8(&token, '.');
        zt_base64url_encode((struct zt_bytes){sig, sizeof sig}, &token);
        expect(zt_buf_text(&token), key, &wanted, cases[i][2]);
        zt_buf_put_str(&token, ".x");
        expect(zt_buf_text(&token), key, &wanted, "consent.form");
        zt_buf_fini(&token);
    }
    char *endless = calloc(1, ZT_CONSENT_MAX + 2);
    assert_non_null(endless);
    memset(endless, 'A', ZT_CONSENT_MAX + 1);
    expect(endless, key, &wanted, "consent.form");
    free(endless);
    zt_key_destroy(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_of_another_program_are_accepted),
        cmocka_unit_test(every_rule_denies),
        cmocka_unit_test(no_changed_character_passes),
        cmocka_unit_test(signed_tokens_verify),
        cmocka_unit_test(what_cannot_be_read_is_not_signed),
        cmocka_unit_test(odd_tokens_are_no_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
