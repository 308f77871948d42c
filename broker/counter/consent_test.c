// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/consent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "broker/counter/world.h"
#include "certs/consent.h"

static struct zt_world world;
static struct zt_key *face_login, *police;

static struct zt_key *load(const char *name)
{
    char path[256];
    struct zt_key *key;
    struct zt_fault fault;
    zt_world_path(&world, name, path);
    assert_int_equal(zt_key_load_private(path, &key, &fault), ZT_OK);
    return key;
}

static int open_world(void **state)
{
    (void)state;
    zt_world_open(&world, NULL);
    face_login = load("private/face-login-1.pem");
    police = load("private/police-1.pem");
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    zt_key_destroy(&face_login);
    zt_key_destroy(&police);
    zt_world_close(&world);
    return 0;
}

static struct zt_consent good(void)
{
    struct zt_consent consent = {.alg = ZT_ES256,
                                 .key_id = "face-login-1",
                                 .issuer = "face-login",
                                 .consumer = "hall",
                                 .purpose = "p.check",
                                 .scope = {"pb.loan", "ps.person"},
                                 .scope_count = 2,
                                 .issued_at = WORLD_NOW - 1000,
                                 .expires_at = WORLD_NOW + 60000};
    assert_int_equal(zt_consent_subject("111", WORLD_ANN, consent.subject), ZT_OK);
    return consent;
}

static struct zt_request question(const char *token)
{
    return (struct zt_request){.time = WORLD_NOW,
                               .mode = ZT_MODE_FETCH,
                               .item = "item.one",
                               .purpose = "p.check",
                               .case_no = "C-1",
                               .officer = "W-7",
                               .subject = {"111", WORLD_ANN, ""},
                               .type = "pb.loan",
                               .consent = token,
                               .key = ""};
}

// Both steps, as the counter takes them.
static struct zt_decision decide_at(const struct zt_consent *consent, struct zt_key *key, int64_t now)
{
    struct zt_buf token;
    struct zt_fault fault;
    zt_buf_init(&token, ZT_CONSENT_MAX);
    assert_int_equal(zt_consent_sign(key, consent, &token, &fault), ZT_OK);
    struct zt_request q = question(zt_buf_text(&token));
    q.time = now;
    struct zt_decision d = zt_policy_decide(world.catalogue, "hall", &q, now);
    assert_true(d.allow);
    assert_true(d.consent);
    assert_int_equal(d.field_count, 2);
    d = zt_policy_consent(world.catalogue, &d, &q, now);
    zt_buf_fini(&token);
    return d;
}

static const char *rule_of(const struct zt_consent *consent, struct zt_key *key)
{
    struct zt_decision d = decide_at(consent, key, WORLD_NOW);
    assert_int_equal(d.allow, strcmp(d.rule, "allow") == 0);
    assert_int_equal(d.field_count, d.allow ? 2 : 0);
    assert_true(d.allow || strlen(d.text_zh) > 0);
    return d.rule;
}

static void a_good_token_allows(void **state)
{
    (void)state;
    struct zt_consent consent = good();
    assert_string_equal(rule_of(&consent, face_login), "allow");
}

static void each_broken_part_denies(void **state)
{
    (void)state;
    struct zt_consent consent = good();
    assert_string_equal(rule_of(&consent, police), "consent.signature"); // another's key
    consent = good();
    assert_int_equal(zt_consent_subject("111", WORLD_BEN, consent.subject), ZT_OK);
    assert_string_equal(rule_of(&consent, face_login), "consent.subject");
    consent = good();
    snprintf(consent.consumer, sizeof consent.consumer, "%s", "counter-bank");
    assert_string_equal(rule_of(&consent, face_login), "consent.audience");
    consent = good();
    snprintf(consent.purpose, sizeof consent.purpose, "%s", "p.prove");
    assert_string_equal(rule_of(&consent, face_login), "consent.purpose");
    consent = good();
    snprintf(consent.scope[0], sizeof consent.scope[0], "%s", "loan_state");
    assert_string_equal(rule_of(&consent, face_login), "consent.scope");
    consent = good();
    consent.issued_at = WORLD_NOW - 5000;
    consent.expires_at = WORLD_NOW - 1000;
    assert_string_equal(rule_of(&consent, face_login), "consent.expired");
    consent = good();
    consent.issued_at = WORLD_NOW + 10 * ZT_CONSENT_SKEW_MS;
    consent.expires_at = WORLD_NOW + 20 * ZT_CONSENT_SKEW_MS;
    assert_string_equal(rule_of(&consent, face_login), "consent.expired");
}

static void only_identity_providers_vouch(void **state)
{
    (void)state;
    struct zt_consent consent = good();
    snprintf(consent.issuer, sizeof consent.issuer, "%s",
             "police"); // a registered party with a registered key, but a producer
    snprintf(consent.key_id, sizeof consent.key_id, "%s", "police-1");
    assert_string_equal(rule_of(&consent, police), "consent.issuer");
    consent = good();
    snprintf(consent.issuer, sizeof consent.issuer, "%s", "nobody");
    assert_string_equal(rule_of(&consent, face_login), "consent.issuer");
    consent = good();
    snprintf(consent.key_id, sizeof consent.key_id, "%s", "face-login-2");
    assert_string_equal(rule_of(&consent, face_login), "consent.key");
    consent = good();
    snprintf(consent.key_id, sizeof consent.key_id, "%s", "police-1"); // registered, but not this provider's
    assert_string_equal(rule_of(&consent, police), "consent.key");
}

static void consent_ends_while_it_is_used(void **state)
{
    (void)state;
    struct zt_consent consent = good();
    assert_true(decide_at(&consent, face_login, WORLD_NOW + 59000).allow);
    assert_string_equal(decide_at(&consent, face_login, WORLD_NOW + 61000).rule, "consent.expired");
}

static void texts_that_are_no_tokens(void **state)
{
    (void)state;
    static const char *const texts[] = {"x", "..", "a.b.c", "e30.e30.e30", "e30.e30.", "{}", "令牌"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct zt_request q = question(texts[i]);
        struct zt_decision d = zt_policy_decide(world.catalogue, "hall", &q, WORLD_NOW);
        assert_true(d.allow && d.consent);
        d = zt_policy_consent(world.catalogue, &d, &q, WORLD_NOW);
        assert_false(d.allow);
        assert_string_equal(d.rule, "consent.form");
    }
}

static void every_changed_character_denies(void **state)
{
    (void)state;
    struct zt_consent consent = good();
    struct zt_buf token;
    struct zt_fault fault;
    zt_buf_init(&token, ZT_CONSENT_MAX);
    assert_int_equal(zt_consent_sign(face_login, &consent, &token, &fault), ZT_OK);
    for (size_t i = 0; i < token.len; i++) {
        uint8_t kept = token.data[i];
        token.data[i] = kept == 'A' ? 'B' : 'A';
        struct zt_request q = question(zt_buf_text(&token));
        struct zt_decision d = zt_policy_decide(world.catalogue, "hall", &q, WORLD_NOW);
        d = zt_policy_consent(world.catalogue, &d, &q, WORLD_NOW);
        assert_false(d.allow);
        token.data[i] = kept;
    }
    zt_buf_fini(&token);
}

static void no_consent_asked_no_token_read(void **state)
{
    (void)state;
    struct zt_request q = question("not a token");
    q.type = "ps.car";
    struct zt_decision d = zt_policy_decide(world.catalogue, "hall", &q, WORLD_NOW);
    d = zt_policy_consent(world.catalogue, &d, &q, WORLD_NOW);
    assert_true(d.allow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_token_allows),
        cmocka_unit_test(each_broken_part_denies),
        cmocka_unit_test(only_identity_providers_vouch),
        cmocka_unit_test(consent_ends_while_it_is_used),
        cmocka_unit_test(texts_that_are_no_tokens),
        cmocka_unit_test(every_changed_character_denies),
        cmocka_unit_test(no_consent_asked_no_token_read),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
