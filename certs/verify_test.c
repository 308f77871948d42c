// SPDX-License-Identifier: Apache-2.0
#include "certs/verify.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/test_support.h"
#include "base/text.h"
#include "tests/support/certificate.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static const enum zt_sig_alg algs[] = {ZT_ES256, ZT_SM2};

// One authority of each kind, whose roots stand side by side in one folder.
static struct zt_pki pkis[2];
static struct zt_trust *trust;
static struct zt_arena arena;
static char dir[PATH_MAX];

static const struct zt_pki_wish wishes[] = {{.alg = ZT_ES256}, {.alg = ZT_SM2}};

// The sample, issued today: the certificates above it go by the real clock too.
static struct zt_statement sample(void)
{
    static char from[ZT_DATE_LEN + 1], to[ZT_DATE_LEN + 1];
    struct zt_statement statement = zt_sample_statement();
    zt_date_of_ms(zt_now_ms(), from);
    zt_date_of_ms(zt_now_ms() + 29 * DAY_MS, to);
    statement.issued_at = zt_now_ms();
    statement.valid_from = from;
    statement.valid_to = to;
    return statement;
}

static int open_all(void **state)
{
    (void)state;
    make_test_dir(dir);
    for (size_t i = 0; i < 2; i++) {
        char path[PATH_MAX + 16];
        zt_pki_make(&wishes[i], &pkis[i]);
        snprintf(path, sizeof path, "%s/%zu.pem", dir, i);
        zt_pki_write_root(&pkis[i], path);
    }
    zt_arena_init(&arena, (size_t)1024 * 1024);
    return zt_trust_open(dir, &trust, NULL) == ZT_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    zt_trust_close(&trust);
    zt_arena_fini(&arena);
    zt_pki_free(&pkis[0]);
    zt_pki_free(&pkis[1]);
    remove_test_dir(dir);
    return 0;
}

static struct zt_verified verify_at(struct zt_bytes compact, int64_t at_ms)
{
    struct zt_verified verified;
    zt_arena_reset(&arena);
    assert_int_equal(zt_certificate_verify(compact, trust, at_ms, &arena, &verified), ZT_OK);
    return verified;
}

static const char *first_failure(const struct zt_verified *verified)
{
    for (size_t i = 0; i < ZT_CHECK_STEPS; i++)
        if (verified->steps[i].result != ZT_CHECK_PASS)
            return verified->steps[i].name;
    return "";
}

static void assert_fails_at(struct zt_bytes compact, const char *step)
{
    struct zt_verified verified = verify_at(compact, zt_now_ms());
    assert_false(verified.valid);
    assert_string_equal(first_failure(&verified), step);
}

static void good_certificates(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zt_buf compact;
        struct zt_statement made = sample();
        zt_sample_certificate(&made, &pkis[i], &compact);
        struct zt_verified verified = verify_at(zt_buf_bytes(&compact), zt_now_ms());
        assert_string_equal(first_failure(&verified), "");
        assert_true(verified.valid);
        assert_int_equal((int)verified.alg, (int)algs[i]);
        assert_string_equal(verified.key_id, "civil_affairs-test");
        assert_int_equal(verified.undisclosed, 0);
        const struct zt_statement *said = &verified.statement;
        assert_string_equal(said->id, ZT_SAMPLE_ID);
        assert_string_equal(said->type, made.type);
        assert_string_equal(said->title_zh, made.title_zh);
        assert_string_equal(said->title_en, made.title_en);
        assert_string_equal(said->issuer, made.issuer);
        assert_string_equal(said->issuer_zh, made.issuer_zh);
        assert_string_equal(said->issuer_uscc, made.issuer_uscc);
        assert_string_equal(said->holder_id_type, made.holder_id_type);
        assert_string_equal(said->holder_number, made.holder_number);
        assert_string_equal(said->holder_name, made.holder_name);
        assert_int_equal(said->issued_at / 1000, made.issued_at / 1000);
        assert_string_equal(said->valid_from, made.valid_from);
        assert_string_equal(said->valid_to, made.valid_to);
        assert_string_equal(said->item, made.item);
        assert_string_equal(said->item_zh, made.item_zh);
        assert_string_equal(said->purpose, made.purpose);
        assert_string_equal(said->case_no, made.case_no);
        assert_string_equal(said->restriction_zh, made.restriction_zh);
        assert_string_equal(said->objection_zh, made.objection_zh);
        assert_int_equal(said->ledger_index, made.ledger_index);
        assert_int_equal(said->source_count, 1);
        assert_string_equal(said->sources[0].record_type, made.sources[0].record_type);
        assert_string_equal(said->sources[0].key_digest, made.sources[0].key_digest);
        assert_string_equal(said->sources[0].digest, made.sources[0].digest);
        assert_int_equal(said->sources[0].version, 3);
        assert_int_equal(said->sources[0].as_of, made.sources[0].as_of);
        assert_int_equal(said->claim_count, 3);
        for (size_t k = 0; k < 3; k++) {
            assert_string_equal(said->claims[k].name, made.claims[k].name);
            assert_string_equal(said->claims[k].name_zh, made.claims[k].name_zh);
            assert_string_equal(said->claims[k].value, made.claims[k].value);
            assert_int_equal(said->claims[k].disclosable, made.claims[k].disclosable);
        }
        zt_buf_fini(&compact);
    }
}

// One changed character anywhere is noticed, at the step its place belongs to.
static void one_changed_character(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zt_buf compact;
        struct zt_statement made = sample();
        zt_sample_certificate(&made, &pkis[i], &compact);
        size_t dots[2] = {0}, found = 0, tilde = 0;
        for (size_t at = 0; at < compact.len && !tilde; at++) {
            if (compact.data[at] == '.' && found < 2)
                dots[found++] = at;
            if (compact.data[at] == '~')
                tilde = at;
        }
        for (size_t at = 0; at < compact.len; at += 7) {
            uint8_t was = compact.data[at];
            compact.data[at] = was == 'A' ? 'B' : 'A';
            struct zt_verified verified = verify_at(zt_buf_bytes(&compact), zt_now_ms());
            assert_false(verified.valid);
            if (at > dots[0] && at < tilde && verified.steps[0].result == ZT_CHECK_PASS)
                assert_int_not_equal(verified.steps[4].result, ZT_CHECK_PASS); // signature
            if (at > tilde && verified.steps[0].result == ZT_CHECK_PASS)
                assert_string_equal(first_failure(&verified), "disclosures");
            compact.data[at] = was;
        }
        zt_buf_fini(&compact);
    }
}

static void cut_anywhere(void **state)
{
    (void)state;
    struct zt_buf compact;
    struct zt_statement made = sample();
    zt_sample_certificate(&made, &pkis[0], &compact);
    for (size_t len = 0; len < compact.len; len++) {
        struct zt_verified verified = verify_at((struct zt_bytes){compact.data, len}, zt_now_ms());
        // A cut right behind a tilde is what a holder does who shows less; all else is broken.
        bool fewer = len > 0 && compact.data[len - 1] == '~';
        assert_int_equal(verified.valid, fewer);
    }
    zt_buf_fini(&compact);
}

static void validity(void **state)
{
    (void)state;
    struct zt_buf compact;
    struct zt_statement made = sample();
    static char from[ZT_DATE_LEN + 1];
    zt_date_of_ms(zt_now_ms() + DAY_MS, from); // tomorrow only
    made.valid_from = made.valid_to = from;
    zt_sample_certificate(&made, &pkis[0], &compact);
    assert_fails_at(zt_buf_bytes(&compact), "validity");
    int32_t day = 0;
    assert_int_equal(zt_date_to_days(from, &day), ZT_OK);
    int64_t first = day * DAY_MS - 8 * 3600 * 1000;
    static const struct {
        int64_t offset;
        bool valid;
    } rows[] = {{-1, false}, {0, true}, {1, true}, {DAY_MS - 1, true}, {DAY_MS, false}, {DAY_MS + 1, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(verify_at(zt_buf_bytes(&compact), first + rows[i].offset).valid, rows[i].valid);
    zt_buf_fini(&compact);
    made.valid_to = ""; // no fixed end
    zt_sample_certificate(&made, &pkis[0], &compact);
    struct zt_verified verified = verify_at(zt_buf_bytes(&compact), first + 30 * DAY_MS);
    assert_true(verified.valid);
    assert_string_equal(verified.statement.valid_to, "");
    zt_buf_fini(&compact);
}

static void foreign_authority(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zt_pki other;
        struct zt_buf compact;
        struct zt_statement made = sample();
        zt_pki_make(&wishes[i], &other);
        zt_sample_certificate(&made, &other, &compact);
        assert_fails_at(zt_buf_bytes(&compact), "chain");
        zt_buf_fini(&compact);
        zt_pki_free(&other);
    }
}

// A department of good standing that says it is another one.
static void other_issuer(void **state)
{
    (void)state;
    struct zt_buf compact;
    struct zt_statement made = sample();
    made.issuer_uscc = "11370700MB9X00138A";
    zt_sample_certificate(&made, &pkis[0], &compact);
    assert_fails_at(zt_buf_bytes(&compact), "issuer");
    zt_buf_fini(&compact);
}

// Takes a good certificate, lets `change` work on header and payload, signs it again with the right key.
typedef void change_fn(json_t *header, json_t *payload);

static void put_json(const json_t *value, struct zt_buf *out)
{
    char *text = json_dumps(value, JSON_COMPACT);
    zt_base64url_encode(zt_bytes_str(text), out);
    free(text);
}

static json_t *take_json(const uint8_t *from, const uint8_t *to)
{
    struct zt_buf raw;
    zt_buf_init(&raw, ZT_STATEMENT_MAX);
    assert_int_equal(zt_base64url_decode((struct zt_bytes){from, (size_t)(to - from)}, &raw), ZT_OK);
    json_t *value = json_loadb((const char *)raw.data, raw.len, 0, NULL);
    zt_buf_fini(&raw);
    assert_non_null(value);
    return value;
}

static void remake(size_t which, change_fn *change, struct zt_buf *out)
{
    struct zt_buf compact;
    struct zt_statement made = sample();
    uint8_t sig[ZT_SIG_LEN];
    zt_sample_certificate(&made, &pkis[which], &compact);
    const uint8_t *dot = memchr(compact.data, '.', compact.len);
    const uint8_t *tilde = memchr(compact.data, '~', compact.len);
    const uint8_t *dot2 = memchr(dot + 1, '.', (size_t)(tilde - dot - 1));
    json_t *header = take_json(compact.data, dot), *payload = take_json(dot + 1, dot2);
    change(header, payload);
    zt_buf_init(out, ZT_STATEMENT_MAX);
    put_json(header, out);
    zt_buf_put_u8(out, '.');
    put_json(payload, out);
    assert_int_equal(zt_sign(pkis[which].leaf, zt_buf_bytes(out), sig), ZT_OK);
    zt_buf_put_u8(out, '.');
    zt_base64url_encode((struct zt_bytes){sig, sizeof sig}, out);
    zt_buf_put(out, tilde, (size_t)(compact.data + compact.len - tilde));
    json_decref(header);
    json_decref(payload);
    zt_buf_fini(&compact);
}

static void nothing(json_t *header, json_t *payload)
{
    (void)header, (void)payload;
}
static void alg_none(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "alg", json_string("none"));
}
static void alg_hs256(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "alg", json_string("HS256"));
}
static void alg_eddsa(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "alg", json_string("EdDSA"));
}
static void alg_other(json_t *header, json_t *payload)
{
    (void)payload;
    bool sm2 = strcmp(json_string_value(json_object_get(header, "alg")), "SM2") == 0;
    json_object_set_new(header, "alg", json_string(sm2 ? "ES256" : "SM2"));
}
static void alg_number(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "alg", json_integer(1));
}
static void header_crit(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "crit", json_pack("[s]", "b64"));
}
static void header_jwk(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "jwk", json_object());
}
static void header_typ(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "typ", json_string("JWT"));
}
static void header_kid_empty(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "kid", json_string(""));
}
static void x5c_empty(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "x5c", json_array());
}
static void x5c_text(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "x5c", json_string("AAAA"));
}
static void x5c_junk(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "x5c", json_pack("[s]", "AAAA"));
}
static void x5c_url_alphabet(json_t *header, json_t *payload)
{
    (void)payload;
    json_object_set_new(header, "x5c", json_pack("[s]", "A-_A"));
}
static void x5c_leaf_only(json_t *header, json_t *payload)
{
    (void)payload;
    json_array_remove(json_object_get(header, "x5c"), 1);
}
static void x5c_seven(json_t *header, json_t *payload)
{
    (void)payload;
    json_t *x5c = json_object_get(header, "x5c");
    while (json_array_size(x5c) < 7)
        json_array_append(x5c, json_array_get(x5c, 1));
}
static void no_iss(json_t *header, json_t *payload)
{
    (void)header;
    json_object_del(payload, "iss");
}
static void iss_url(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "iss", json_string("https://example.org"));
}
static void other_vct(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "vct", json_string("urn:other"));
}
static void exp_text(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "exp", json_string("never"));
}
static void exp_real(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "exp", json_real(1e15));
}
static void exp_huge(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "exp", json_integer(INT64_MAX));
}
static void nbf_low(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "nbf", json_integer(INT64_MIN));
}
static void claim_object(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "state", json_pack("{s:s}", "...", "x"));
}
static void claim_upper(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "State", json_string("20"));
}
static void plain_holder(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "holder_name", json_string("somebody"));
}
static void plain_twin(json_t *header, json_t *payload) // of a disclosed claim
{
    (void)header;
    json_object_set_new(payload, "spouse_name", json_string("somebody"));
}
static void no_sd(json_t *header, json_t *payload)
{
    (void)header;
    json_object_del(payload, "_sd");
}
static void sd_short(json_t *header, json_t *payload)
{
    (void)header;
    json_array_append_new(json_object_get(payload, "_sd"), json_string("AAAA"));
}
static void sd_twice(json_t *header, json_t *payload)
{
    (void)header;
    json_t *list = json_object_get(payload, "_sd");
    json_array_append(list, json_array_get(list, 0));
}
static void sd_one_less(json_t *header, json_t *payload)
{
    (void)header;
    json_array_remove(json_object_get(payload, "_sd"), 2);
}
static void sd_decoy(json_t *header, json_t *payload)
{
    (void)header;
    json_array_append_new(json_object_get(payload, "_sd"),
                          json_string("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}
static void sd_alg_other(json_t *header, json_t *payload)
{
    (void)header;
    bool sm3 = strcmp(json_string_value(json_object_get(payload, "_sd_alg")), "sm3") == 0;
    json_object_set_new(payload, "_sd_alg", json_string(sm3 ? "sha-256" : "sm3"));
}
static void jti_check(json_t *header, json_t *payload)
{
    (void)header;
    char id[] = ZT_SAMPLE_ID;
    id[sizeof id - 2] = '5';
    json_object_set_new(payload, "jti", json_string(id));
}
static void ledger_negative(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "ledger", json_integer(-1));
}
static void sources_empty(json_t *header, json_t *payload)
{
    (void)header;
    json_array_clear(json_object_get(payload, "sources"));
}
static void source_version(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(json_array_get(json_object_get(payload, "sources"), 0), "version",
                        json_string("18446744073709551616"));
}
static void source_as_of(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(json_array_get(json_object_get(payload, "sources"), 0), "as_of",
                        json_string("yesterday"));
}
static void source_digest(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(json_array_get(json_object_get(payload, "sources"), 0), "digest",
                        json_string("66c7"));
}
static void no_labels(json_t *header, json_t *payload)
{
    (void)header;
    json_object_del(payload, "labels");
}

// What a signer of good standing could still get wrong, or forge: each ends at its own step.
static void well_signed_but_wrong(void **state)
{
    (void)state;
    static const struct {
        change_fn *change;
        const char *step;
    } rows[] = {
        {nothing, ""},
        {alg_none, "algorithm"},
        {alg_hs256, "algorithm"},
        {alg_eddsa, "algorithm"},
        {alg_other, "algorithm"},
        {alg_number, "form"},
        {header_crit, "form"},
        {header_jwk, "form"},
        {header_typ, "form"},
        {header_kid_empty, "form"},
        {x5c_empty, "form"},
        {x5c_text, "form"},
        {x5c_junk, "algorithm"},
        {x5c_url_alphabet, "form"},
        {x5c_leaf_only, "chain"},
        {x5c_seven, "form"},
        {no_iss, "form"},
        {iss_url, "form"},
        {other_vct, "form"},
        {exp_text, "form"},
        {exp_real, "form"},
        {exp_huge, "form"},
        {nbf_low, "form"},
        {claim_object, "form"},
        {claim_upper, "form"},
        {plain_holder, "form"},
        {plain_twin, "disclosures"},
        {no_sd, "form"},
        {sd_short, "form"},
        {sd_twice, "disclosures"},
        {sd_one_less, "disclosures"},
        {sd_decoy, ""},
        {sd_alg_other, "algorithm"},
        {jti_check, "identifier"},
        {ledger_negative, "form"},
        {sources_empty, "form"},
        {source_version, "form"},
        {source_as_of, "form"},
        {source_digest, "form"},
        {no_labels, "form"},
    };
    for (size_t which = 0; which < 2; which++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct zt_buf compact;
            remake(which, rows[i].change, &compact);
            struct zt_verified verified = verify_at(zt_buf_bytes(&compact), zt_now_ms());
            assert_string_equal(first_failure(&verified), rows[i].step);
            assert_int_equal(verified.valid, *rows[i].step == 0);
            if (rows[i].change == sd_decoy)
                assert_int_equal(verified.undisclosed, 1);
            zt_buf_fini(&compact);
        }
    }
}

static void append_disclosure(struct zt_buf *compact, const char *json)
{
    zt_base64url_encode(zt_bytes_str(json), compact);
    zt_buf_put_u8(compact, '~');
}

static void foreign_disclosures(void **state)
{
    (void)state;
    static const struct {
        const char *json, *step;
    } rows[] = {
        {"[\"c2FsdA\",\"grade\",\"first\"]", "disclosures"}, // well formed, of no digest
        {"[\"c2FsdA\",\"grade\"]", "form"},
        {"[\"c2FsdA\",\"grade\",\"first\",\"more\"]", "form"},
        {"[\"c2FsdA\",\"grade\",1]", "form"},
        {"[\"c2FsdA\",\"grade\",{\"_sd\":[]}]", "form"},
        {"[1,\"grade\",\"first\"]", "form"},
        {"[\"c2FsdA\",\"_sd\",\"first\"]", "form"},
        {"[\"c2FsdA\",\"...\",\"first\"]", "form"},
        {"{}", "form"},
        {"", "form"},
        {"[\"c2FsdA\",\"grade\",\"\\u0000\"]", "form"},
        {"[\"c2FsdA\",\"grade\",\"\xff\"]", "form"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zt_buf compact;
        struct zt_statement made = sample();
        zt_sample_certificate(&made, &pkis[1], &compact);
        append_disclosure(&compact, rows[i].json);
        assert_fails_at(zt_buf_bytes(&compact), rows[i].step);
        zt_buf_fini(&compact);
    }
}

static void disclosure_twice(void **state)
{
    (void)state;
    struct zt_buf compact;
    struct zt_statement made = sample();
    zt_sample_certificate(&made, &pkis[0], &compact);
    const uint8_t *tilde = memchr(compact.data, '~', compact.len);
    const uint8_t *next = memchr(tilde + 1, '~', compact.len - (size_t)(tilde + 1 - compact.data));
    char first[512];
    size_t len = (size_t)(next - tilde);
    assert_true(len < sizeof first);
    memcpy(first, tilde + 1, len);
    zt_buf_put(&compact, first, len);
    assert_fails_at(zt_buf_bytes(&compact), "disclosures");
    zt_buf_fini(&compact);
}

static void showing_less(void **state)
{
    (void)state;
    static const char *const names[] = {"registered_on", "holder_name"};
    for (size_t i = 0; i < 2; i++) {
        struct zt_buf compact, less;
        struct zt_statement made = sample();
        zt_buf_init(&less, ZT_STATEMENT_MAX);
        zt_sample_certificate(&made, &pkis[i], &compact);
        assert_int_equal(zt_certificate_disclose(zt_buf_bytes(&compact), names, 2, &less, NULL), ZT_OK);
        struct zt_verified verified = verify_at(zt_buf_bytes(&less), zt_now_ms());
        assert_true(verified.valid);
        assert_int_equal(verified.undisclosed, 3);
        assert_string_equal(verified.statement.holder_name, made.holder_name);
        assert_string_equal(verified.statement.holder_number, "");
        assert_int_equal(verified.statement.claim_count, 2);
        assert_null(memmem(less.data, less.len, "spouse", 6));
        zt_buf_reset(&less);
        assert_int_equal(zt_certificate_disclose(zt_buf_bytes(&compact), NULL, 0, &less, NULL), ZT_OK);
        verified = verify_at(zt_buf_bytes(&less), zt_now_ms());
        assert_true(verified.valid);
        assert_int_equal(verified.undisclosed, 5);
        zt_buf_fini(&compact);
        zt_buf_fini(&less);
    }
}

static void showing_what_is_not_there(void **state)
{
    (void)state;
    static const char *const absent[] = {"holder_name", "salary"}, *const plain[] = {"state"};
    struct zt_buf compact, less;
    struct zt_fault fault;
    struct zt_statement made = sample();
    zt_buf_init(&less, ZT_STATEMENT_MAX);
    zt_sample_certificate(&made, &pkis[0], &compact);
    assert_int_equal(zt_certificate_disclose(zt_buf_bytes(&compact), absent, 2, &less, &fault), ZT_E_ABSENT);
    assert_string_equal(fault.place, "salary");
    assert_int_equal(zt_certificate_disclose(zt_buf_bytes(&compact), plain, 1, &less, &fault), ZT_E_ABSENT);
    assert_int_equal(less.len, 0);
    assert_int_equal(zt_certificate_disclose(zt_bytes_str("a.b.c~"), plain, 1, &less, &fault), ZT_E_INPUT);
    zt_buf_fini(&compact);
    zt_buf_fini(&less);
}

static void texts_that_are_no_certificates(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",     "~",   ".",        "..",           "..~",   "a.b.c",           "a.b.c~",
        "a.b~", "~~~", "a~b.c.d~", "e30.e30.e30~", "....~", "\xff.\xff.\xff~", "{}.{}.{}~"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_fails_at(zt_bytes_str(texts[i]), "form");
    static char large[ZT_STATEMENT_MAX + 2];
    memset(large, 'A', sizeof large - 1);
    large[sizeof large - 2] = '~';
    assert_fails_at(zt_bytes_str(large), "form");
    struct zt_verified verified = verify_at(zt_bytes_str("a.b.c~"), zt_now_ms());
    for (size_t i = 1; i < ZT_CHECK_STEPS; i++)
        assert_int_equal((int)verified.steps[i].result, ZT_CHECK_SKIPPED);
}

static void escape_iss(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "iss", json_string("urn:uscc:\x1b[2Jtrusted"));
}
static void escape_member(json_t *header, json_t *payload)
{
    (void)header;
    json_object_set_new(payload, "\x1b[2J", json_string("x"));
}
static void long_iss(json_t *header, json_t *payload)
{
    (void)header;
    char text[1000] = "urn:uscc:";
    for (size_t len = strlen(text); len + 4 < sizeof text; len += 3)
        memcpy(text + len, "政", 4);
    json_object_set_new(payload, "iss", json_string(text));
}

// What a forger writes into the text must not steer the terminal of the clerk who checks it, nor break its
// characters where the report is cut.
static void reports_are_printable(void **state)
{
    (void)state;
    static change_fn *const changes[] = {escape_iss, escape_member, long_iss};
    static const char *const steps[] = {"issuer", "form", "issuer"};
    for (size_t i = 0; i < 3; i++) {
        struct zt_buf compact;
        remake(0, changes[i], &compact);
        struct zt_verified verified = verify_at(zt_buf_bytes(&compact), zt_now_ms());
        assert_string_equal(first_failure(&verified), steps[i]);
        for (size_t k = 0; k < ZT_CHECK_STEPS; k++) {
            assert_true(zt_utf8_valid(zt_bytes_str(verified.steps[k].text)));
            for (const char *at = verified.steps[k].text; *at; at++)
                assert_true((unsigned char)*at >= ' ');
        }
        zt_buf_fini(&compact);
    }
}

static void small_arena(void **state)
{
    (void)state;
    struct zt_buf compact;
    struct zt_statement made = sample();
    zt_sample_certificate(&made, &pkis[0], &compact);
    for (size_t max = 0; max < 8000; max += 97) { // too little memory is never a verdict
        struct zt_arena small;
        struct zt_verified verified;
        zt_arena_init(&small, max);
        enum zt_err rc = zt_certificate_verify(zt_buf_bytes(&compact), trust, zt_now_ms(), &small, &verified);
        assert_true(rc == ZT_E_NOMEM ? !verified.valid : rc == ZT_OK && verified.valid);
        zt_arena_fini(&small);
    }
    zt_buf_fini(&compact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_certificates),
        cmocka_unit_test(one_changed_character),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(validity),
        cmocka_unit_test(foreign_authority),
        cmocka_unit_test(other_issuer),
        cmocka_unit_test(well_signed_but_wrong),
        cmocka_unit_test(foreign_disclosures),
        cmocka_unit_test(disclosure_twice),
        cmocka_unit_test(showing_less),
        cmocka_unit_test(showing_what_is_not_there),
        cmocka_unit_test(texts_that_are_no_certificates),
        cmocka_unit_test(reports_are_printable),
        cmocka_unit_test(small_arena),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
