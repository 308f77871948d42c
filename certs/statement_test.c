// SPDX-License-Identifier: Apache-2.0
// Making a statement: what is refused before anything is signed, and what the text looks like.
#include "certs/statement.h"

#include <jansson.h>

#include "base/crypto/hash.h"
#include "base/test_support.h"
#include "base/text.h"
#include "tests/support/certificate.h"

static struct zt_bytes chain[] = {{(const uint8_t *)"leaf", 4}, {(const uint8_t *)"issuing", 7}};

static enum zt_err prepare(const struct zt_statement *statement, const struct zt_signing_key *key,
                           struct zt_fault *fault)
{
    struct zt_buf input, disclosures;
    zt_buf_init(&input, ZT_STATEMENT_MAX);
    zt_buf_init(&disclosures, ZT_STATEMENT_MAX);
    enum zt_err rc = zt_statement_prepare(statement, key, &input, &disclosures, fault);
    zt_buf_fini(&input);
    zt_buf_fini(&disclosures);
    return rc;
}

static void assert_refused(const struct zt_statement *statement, const char *rule)
{
    struct zt_signing_key key = {"k", ZT_ES256, chain, 2};
    struct zt_fault fault = {.code = ZT_OK};
    assert_int_not_equal(prepare(statement, &key, &fault), ZT_OK);
    assert_string_equal(fault.rule, rule);
}

static void refused_members(void **state)
{
    (void)state;
    struct zt_statement s;
    s = zt_sample_statement(), s.id = "1.2.3", assert_refused(&s, "gbt36904.root");
    s = zt_sample_statement(), s.issuer_uscc = "11370700MB9X0012XB", assert_refused(&s, "gb32100.check");
    s = zt_sample_statement(), s.type = "", assert_refused(&s, "statement.type");
    s = zt_sample_statement(), s.type = "A type", assert_refused(&s, "statement.type");
    s = zt_sample_statement(), s.type = NULL, assert_refused(&s, "statement.type");
    s = zt_sample_statement(), s.valid_from = "", assert_refused(&s, "statement.validity");
    s = zt_sample_statement(), s.valid_from = NULL, assert_refused(&s, "statement.validity");
    s = zt_sample_statement(), s.valid_from = "2026-02-30", assert_refused(&s, "statement.validity");
    s = zt_sample_statement(), s.valid_to = "2026-11-21", assert_refused(&s, "statement.validity");
    s = zt_sample_statement(), s.valid_to = "soon", assert_refused(&s, "statement.validity");
    s = zt_sample_statement(), s.issued_at = 0, assert_refused(&s, "statement.members");
    s = zt_sample_statement(), s.ledger_index = UINT64_C(1) << 53, assert_refused(&s, "statement.members");
    s = zt_sample_statement(), s.source_count = 0, assert_refused(&s, "statement.sources");
    s = zt_sample_statement(), s.source_count = 65, assert_refused(&s, "statement.sources");
    s = zt_sample_statement(), s.title_zh = "\xff", assert_refused(&s, "statement.members");
    s = zt_sample_statement(), s.holder_name = "\xc3", assert_refused(&s, "statement.members");
    s = zt_sample_statement(), s.case_no = "\xed\xa0\x80", assert_refused(&s, "statement.members");
}

static void refused_claims(void **state)
{
    (void)state;
    static const char *const names[] = {"",
                                        "A",
                                        "a-b",
                                        "1a",
                                        "_sd",
                                        "...",
                                        "iss",
                                        "exp",
                                        "use",
                                        "jti",
                                        "labels",
                                        "sources",
                                        "title",
                                        "holder_name",
                                        "vct",
                                        "cnf",
                                        "a b",
                                        "é",
                                        "status",
                                        "ledger",
                                        "sub",
                                        "objection",
                                        "aud",
                                        "_sd_alg",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    static struct zt_statement_claim claims[65];
    struct zt_statement statement = zt_sample_statement();
    statement.claims = claims;
    statement.claim_count = 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        claims[0] = (struct zt_statement_claim){names[i], "标签", "value", i % 2};
        assert_refused(&statement, "statement.claims");
    }
    claims[0] = (struct zt_statement_claim){NULL, "标签", "value", true};
    assert_refused(&statement, "statement.claims");
    claims[0] = (struct zt_statement_claim){"name", NULL, "value", true};
    assert_refused(&statement, "statement.claims");
    claims[0] = (struct zt_statement_claim){"name", "标签", NULL, true};
    assert_refused(&statement, "statement.claims");
    claims[0] = claims[1] = (struct zt_statement_claim){"name", "标签", "value", true};
    statement.claim_count = 2;
    assert_refused(&statement, "statement.claims");
}

static void claim_limit(void **state)
{
    (void)state;
    static struct zt_statement_claim claims[65];
    static char names[65][8];
    struct zt_statement statement = zt_sample_statement();
    struct zt_signing_key key = {"k", ZT_SM2, chain, 2};
    for (size_t i = 0; i < 65; i++) {
        snprintf(names[i], sizeof names[i], "c%zu", i);
        claims[i] = (struct zt_statement_claim){names[i], "标签", "value", true};
    }
    statement.claims = claims;
    statement.claim_count = 64;
    assert_int_equal(prepare(&statement, &key, NULL), ZT_OK);
    statement.claim_count = 65;
    assert_refused(&statement, "statement.claims");
}

static void refused_keys(void **state)
{
    (void)state;
    static const char long_id[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    struct zt_statement statement = zt_sample_statement();
    const struct zt_signing_key keys[] = {
        {"k", ZT_ED25519, chain, 2}, {"k", (enum zt_sig_alg)0, chain, 2},
        {"", ZT_SM2, chain, 2},      {NULL, ZT_SM2, chain, 2},
        {"k", ZT_SM2, chain, 0},     {"k", ZT_SM2, chain, 7},
        {long_id, ZT_SM2, chain, 2},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_int_equal(prepare(&statement, &keys[i], NULL), ZT_E_INPUT);
}

static void too_large(void **state)
{
    (void)state;
    static char text[ZT_STATEMENT_MAX];
    memset(text, 'a', sizeof text - 1);
    struct zt_statement statement = zt_sample_statement();
    statement.objection_zh = text;
    assert_refused(&statement, "statement.members");
    uint8_t sig[ZT_SIG_LEN] = {0};
    struct zt_buf compact;
    zt_buf_init(&compact, ZT_STATEMENT_MAX);
    assert_int_equal(zt_statement_finish(zt_bytes_str(text), sig, zt_bytes_str("~"), &compact), ZT_E_LIMIT);
    assert_int_equal(zt_statement_finish(zt_bytes_str("a.b"), sig, zt_bytes_str(""), &compact), ZT_E_BUG);
    assert_int_equal(zt_statement_finish(zt_bytes_str("a.b"), sig, zt_bytes_str("x~"), &compact), ZT_E_BUG);
    assert_int_equal(zt_statement_finish(zt_bytes_str(""), sig, zt_bytes_str("~"), &compact), ZT_E_BUG);
    assert_int_equal(compact.len, 0);
    zt_buf_fini(&compact);
}

static json_t *part(struct zt_bytes base64)
{
    struct zt_buf raw;
    zt_buf_init(&raw, ZT_STATEMENT_MAX);
    assert_int_equal(zt_base64url_decode(base64, &raw), ZT_OK);
    json_t *value = json_loadb((const char *)raw.data, raw.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(value);
    zt_buf_fini(&raw);
    return value;
}

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    assert_non_null(value);
    return value;
}

// Every claim name once, the plain ones in the payload, the others as digests only.
static void assert_payload(const json_t *payload, enum zt_sig_alg alg)
{
    assert_string_equal(text(payload, "iss"), "urn:uscc:" ZT_PKI_USCC);
    assert_string_equal(text(payload, "vct"), "urn:zhitong:certificate:ca_marriage");
    assert_string_equal(text(payload, "jti"), ZT_SAMPLE_ID);
    assert_string_equal(text(payload, "_sd_alg"), alg == ZT_SM2 ? "sm3" : "sha-256");
    assert_string_equal(text(payload, "state"), "20");
    assert_null(json_object_get(payload, "spouse_name"));
    assert_null(json_object_get(payload, "holder_number"));
    assert_int_equal(json_integer_value(json_object_get(payload, "iat")), ZT_SAMPLE_NOW / 1000);
    // 2026-11-22 00:00 and 2026-12-22 00:00 at UTC+8
    assert_int_equal(json_integer_value(json_object_get(payload, "nbf")), 1795276800);
    assert_int_equal(json_integer_value(json_object_get(payload, "exp")), 1797868800);
    assert_int_equal(json_integer_value(json_object_get(payload, "ledger")), 4711);
    assert_string_equal(text(json_object_get(payload, "use"), "case"), "HPF20261122000001");
    assert_string_equal(text(json_object_get(payload, "labels"), "spouse_name"), "配偶姓名");
    const json_t *source = json_array_get(json_object_get(payload, "sources"), 0);
    assert_string_equal(text(source, "version"), "3");
    assert_string_equal(text(source, "as_of"), "2026-11-22T03:59:00.000Z");
    const json_t *digests = json_object_get(payload, "_sd");
    assert_int_equal(json_array_size(digests), 5);
    for (size_t i = 1; i < 5; i++) // sorted, and so distinct
        assert_true(strcmp(json_string_value(json_array_get(digests, i - 1)),
                           json_string_value(json_array_get(digests, i))) < 0);
}

// The digest of each disclosure, made here by the words of RFC 9901 alone, is in "_sd".
static void assert_disclosures(struct zt_bytes all, const json_t *payload, enum zt_sig_alg alg)
{
    static const char *const order[] = {"holder_id_type", "holder_number", "holder_name", "spouse_name",
                                        "registered_on"};
    const uint8_t *at = all.data + 1, *end = all.data + all.len;
    for (size_t i = 0; i < 5; i++) {
        const uint8_t *tilde = memchr(at, '~', (size_t)(end - at));
        struct zt_bytes one = {at, (size_t)(tilde - at)};
        json_t *array = part(one);
        uint8_t hash[ZT_HASH_LEN];
        struct zt_buf digest;
        bool found = false;
        zt_buf_init(&digest, 64);
        assert_int_equal(strlen(json_string_value(json_array_get(array, 0))), 22); // 16 bytes of salt
        assert_string_equal(json_string_value(json_array_get(array, 1)), order[i]);
        assert_int_equal(zt_hash_of(alg == ZT_SM2 ? ZT_SM3 : ZT_SHA256, one, hash), ZT_OK);
        zt_base64url_encode((struct zt_bytes){hash, sizeof hash}, &digest);
        for (size_t k = 0; k < 5; k++)
            found = found || strcmp(json_string_value(json_array_get(json_object_get(payload, "_sd"), k)),
                                    zt_buf_text(&digest)) == 0;
        assert_true(found);
        zt_buf_fini(&digest);
        json_decref(array);
        at = tilde + 1;
    }
    assert_ptr_equal(at, end);
}

static void text_form(void **state)
{
    (void)state;
    for (int alg = ZT_ES256; alg <= ZT_SM2; alg++) {
        struct zt_statement statement = zt_sample_statement();
        struct zt_signing_key key = {"a-key", (enum zt_sig_alg)alg, chain, 2};
        struct zt_buf input, disclosures;
        zt_buf_init(&input, ZT_STATEMENT_MAX);
        zt_buf_init(&disclosures, ZT_STATEMENT_MAX);
        assert_int_equal(zt_statement_prepare(&statement, &key, &input, &disclosures, NULL), ZT_OK);
        const uint8_t *dot = memchr(input.data, '.', input.len);
        json_t *header = part((struct zt_bytes){input.data, (size_t)(dot - input.data)});
        json_t *payload = part((struct zt_bytes){dot + 1, (size_t)(input.data + input.len - dot - 1)});
        assert_int_equal(json_object_size(header), 4);
        assert_string_equal(text(header, "alg"), alg == ZT_SM2 ? "SM2" : "ES256");
        assert_string_equal(text(header, "typ"), "dc+sd-jwt");
        assert_string_equal(text(header, "kid"), "a-key");
        assert_string_equal(json_string_value(json_array_get(json_object_get(header, "x5c"), 0)), "bGVhZg==");
        assert_payload(payload, (enum zt_sig_alg)alg);
        assert_disclosures(zt_buf_bytes(&disclosures), payload, (enum zt_sig_alg)alg);
        json_decref(header);
        json_decref(payload);
        zt_buf_fini(&input);
        zt_buf_fini(&disclosures);
    }
}

static void salts_are_fresh(void **state)
{
    (void)state;
    struct zt_statement statement = zt_sample_statement();
    struct zt_signing_key key = {"k", ZT_ES256, chain, 2};
    struct zt_buf input, first, second;
    zt_buf_init(&input, 2 * ZT_STATEMENT_MAX);
    zt_buf_init(&first, ZT_STATEMENT_MAX);
    zt_buf_init(&second, ZT_STATEMENT_MAX);
    assert_int_equal(zt_statement_prepare(&statement, &key, &input, &first, NULL), ZT_OK);
    assert_int_equal(zt_statement_prepare(&statement, &key, &input, &second, NULL), ZT_OK);
    assert_false(zt_bytes_equal(zt_buf_bytes(&first), zt_buf_bytes(&second)));
    zt_buf_fini(&input);
    zt_buf_fini(&first);
    zt_buf_fini(&second);
}

static void full_buffers(void **state)
{
    (void)state;
    struct zt_statement statement = zt_sample_statement();
    struct zt_signing_key key = {"k", ZT_ES256, chain, 2};
    struct zt_buf room, small;
    for (size_t max = 0; max < 400; max += 13) {
        zt_buf_init(&room, ZT_STATEMENT_MAX);
        zt_buf_init(&small, max);
        assert_int_equal(zt_statement_prepare(&statement, &key, &small, &room, NULL), ZT_E_LIMIT);
        zt_buf_fini(&small);
        zt_buf_reset(&room);
        zt_buf_init(&small, max);
        enum zt_err rc = zt_statement_prepare(&statement, &key, &room, &small, NULL);
        assert_int_equal(rc, max < 250 ? ZT_E_LIMIT : rc);
        zt_buf_fini(&small);
        zt_buf_fini(&room);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_members), cmocka_unit_test(refused_claims), cmocka_unit_test(claim_limit),
        cmocka_unit_test(refused_keys),    cmocka_unit_test(too_large),      cmocka_unit_test(text_form),
        cmocka_unit_test(salts_are_fresh), cmocka_unit_test(full_buffers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
