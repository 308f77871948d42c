// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "broker/counter/consent.h"
#include "broker/counter/world.h"

static struct zt_world world;

static int open_world(void **state)
{
    (void)state;
    zt_world_open(&world, NULL);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    zt_world_close(&world);
    return 0;
}

struct question {
    const char *user;
    struct zt_request q;
    int64_t now;
};

static struct question fetch_person(void)
{
    return (struct question){.user = "hall",
                             .now = WORLD_NOW,
                             .q = {.id = {1},
                                   .time = WORLD_NOW,
                                   .mode = ZT_MODE_FETCH,
                                   .item = "item.one",
                                   .purpose = "p.check",
                                   .case_no = "C-1",
                                   .officer = "W-7",
                                   .subject = {"111", WORLD_ANN, ""},
                                   .type = "ps.person",
                                   .consent = "",
                                   .key = ""}};
}

static struct zt_decision decide(const struct question *question)
{
    return zt_policy_decide(world.catalogue, question->user, &question->q, question->now);
}

static void assert_denied(const struct zt_decision *d, const char *rule)
{
    assert_false(d->allow);
    assert_string_equal(d->rule, rule);
    assert_true(strlen(d->text_zh) > 0);
    assert_true(strlen(d->text_en) > 0);
    assert_int_equal(d->field_count, 0);
}

static void zero_denies(void **state)
{
    (void)state;
    struct zt_decision nothing = {0};
    assert_false(nothing.allow);
}

static void fetch_names_every_granted_field(void **state)
{
    (void)state;
    struct question question = fetch_person();
    struct zt_decision d = decide(&question);
    assert_true(d.allow);
    assert_string_equal(d.rule, "allow");
    assert_int_equal(d.field_count, 10);
    for (size_t i = 0; i < d.field_count; i++)
        assert_string_not_equal(d.fields[i]->name, "address"); // recorded, but not granted
    assert_string_equal(d.party->id, "hall");
    assert_string_equal(d.item->code, "item.one");
    assert_string_equal(d.record->id, "ps.person");
    assert_null(d.cert);
    assert_false(d.consent);
}

static void fetch_names_only_what_was_asked(void **state)
{
    (void)state;
    const char *names[] = {"sex", "name", "sex"}; // asked twice, answered once
    struct question question = fetch_person();
    question.q.fields = names;
    question.q.field_count = 3;
    struct zt_decision d = decide(&question);
    assert_true(d.allow);
    assert_int_equal(d.field_count, 2);
    assert_string_equal(d.fields[0]->name, "sex");
    assert_string_equal(d.fields[1]->name, "name");
}

// One line per rule: what is changed in a question that is otherwise allowed, and which rule decides.
struct rule_case {
    const char *rule;
    void (*change)(struct question *question);
};

static const char long_text[] = "1234567890123456789012345678901234567890123456789012345678901234+";
static const char *const one_address[] = {"name", "address"};
static const char *const no_such_field[] = {"name", "shoe_size"};
static struct zt_claim claim_sex[] = {{"sex", "2"}};
static struct zt_claim claim_address[] = {{"sex", "2"}, {"address", "x"}};
static struct zt_claim claim_unknown[] = {{"shoe_size", "42"}};

#define CHANGE(name, ...)                                                                                    \
    static void name(struct question *question)                                                              \
    {                                                                                                        \
        struct zt_request *q = &question->q;                                                                 \
        (void)q;                                                                                             \
        __VA_ARGS__                                                                                          \
    }
CHANGE(stranger, question->user = "nobody";)
CHANGE(no_user, question->user = "";)
CHANGE(null_user, question->user = NULL;)
CHANGE(long_user, question->user = long_text;)
CHANGE(revoked, question->user = "gone";)
CHANGE(auditor, question->user = "audit-office";)
CHANGE(operator, question->user = "operations";)
CHANGE(producer, question->user = "police";)
CHANGE(identity, question->user = "face-login";)
CHANGE(early, q->time = WORLD_NOW - ZT_POLICY_SKEW_MS - 1;)
CHANGE(late, q->time = WORLD_NOW + ZT_POLICY_SKEW_MS + 1;)
CHANGE(far_past, q->time = INT64_MIN;)
CHANGE(far_future, q->time = INT64_MAX;)
CHANGE(no_mode, q->mode = 0;)
CHANGE(odd_mode, q->mode = ZT_MODE_RESOLVE + 1;)
CHANGE(no_item, q->item = "";)
CHANGE(null_item, q->item = NULL;)
CHANGE(long_item, q->item = long_text;)
CHANGE(no_purpose, q->purpose = "";)
CHANGE(long_purpose, q->purpose = long_text;)
CHANGE(no_case, q->case_no = "";)
CHANGE(null_case, q->case_no = NULL;)
CHANGE(long_case, q->case_no = long_text;)
CHANGE(no_officer, q->officer = "";)
CHANGE(long_officer, q->officer = long_text;)
CHANGE(no_type, q->type = "";)
CHANGE(long_type, q->type = long_text;)
CHANGE(unknown_item, q->item = "item.three";)
CHANGE(unknown_purpose, q->purpose = "p.spy";)
CHANGE(purpose_of_another_item, q->purpose = "p.other";)
CHANGE(unknown_type, q->type = "ps.ghost";)
CHANGE(certificate_as_record, q->type = "person_card";)
CHANGE(record_as_certificate, q->mode = ZT_MODE_ISSUE; q->alg = ZT_ES256;)
CHANGE(claims_in_fetch, q->claims = claim_sex; q->claim_count = 1;)
CHANGE(verify_without_claims, q->mode = ZT_MODE_VERIFY;)
CHANGE(verify_too_many, q->mode = ZT_MODE_VERIFY; q->claims = claim_sex; q->claim_count = ZT_ASK_MAX + 1;)
CHANGE(fetch_too_many, q->fields = (const char **)one_address; q->field_count = ZT_ASK_MAX + 1;)
CHANGE(fields_in_verify, q->mode = ZT_MODE_VERIFY; q->claims = claim_sex; q->claim_count = 1;
       q->fields = (const char **)one_address; q->field_count = 1;)
CHANGE(no_algorithm, q->mode = ZT_MODE_ISSUE; q->type = "person_card"; q->purpose = "p.prove";)
CHANGE(ledger_algorithm, q->mode = ZT_MODE_ISSUE; q->type = "person_card"; q->purpose = "p.prove";
       q->alg = ZT_ED25519;)
CHANGE(other_party, question->user = "counter-bank";)
CHANGE(other_item, q->item = "item.two"; q->type = "pb.loan";)
CHANGE(not_yet, q->item = "item.two";)
CHANGE(no_more, q->item = "item.two"; q->type = "ps.car";)
CHANGE(mode_not_granted, q->type = "mr.firm"; q->mode = ZT_MODE_VERIFY; q->claims = claim_sex;
       q->claim_count = 1;)
CHANGE(purpose_not_granted, q->purpose = "p.prove";)
CHANGE(officer_not_granted, q->officer = "X-7";)
CHANGE(officer_prefix, q->officer = "W";)
CHANGE(unknown_field, q->fields = (const char **)no_such_field; q->field_count = 2;)
CHANGE(unknown_claim, q->mode = ZT_MODE_VERIFY; q->claims = claim_unknown; q->claim_count = 1;)
CHANGE(field_not_granted, q->fields = (const char **)one_address; q->field_count = 2;)
CHANGE(claim_not_granted, q->mode = ZT_MODE_VERIFY; q->claims = claim_address; q->claim_count = 2;)
CHANGE(no_consent, q->type = "pb.loan";)
CHANGE(null_consent, q->type = "pb.loan"; q->consent = NULL;)
CHANGE(no_consent_for_certificate, q->mode = ZT_MODE_ISSUE; q->type = "loan_state"; q->purpose = "p.prove";
       q->alg = ZT_SM2;)

static const struct rule_case rule_cases[] = {{"party.unknown", stranger}, {"party.unknown", no_user},
                                              {"party.unknown", null_user}, {"party.unknown", long_user},
                                              {"party.revoked", revoked}, {"party.role", auditor},
                                              {
                                                  "party.role",
                                                  operator},
                                                  {"party.role", producer},
                                                  {"party.role", identity},
                                                  {"request.time", early},
                                                  {"request.time", late},
                                                  {"request.time", far_past},
                                                  {"request.time", far_future},
                                                  {"request.mode", no_mode},
                                                  {"request.mode", odd_mode},
                                                  {"request.item", no_item},
                                                  {"request.item", null_item},
                                                  {"request.item", long_item},
                                                  {"request.purpose", no_purpose},
                                                  {"request.purpose", long_purpose},
                                                  {"request.case", no_case},
                                                  {"request.case", null_case},
                                                  {"request.case", long_case},
                                                  {"request.officer", no_officer},
                                                  {"request.officer", long_officer},
                                                  {"request.type", no_type},
                                                  {"request.type", long_type},
                                                  {"item.unknown", unknown_item},
                                                  {"purpose.unknown", unknown_purpose},
                                                  {"purpose.item", purpose_of_another_item},
                                                  {"type.unknown", unknown_type},
                                                  {"type.unknown", certificate_as_record},
                                                  {"type.unknown", record_as_certificate},
                                                  {"request.claims", claims_in_fetch},
                                                  {"request.claims", verify_without_claims},
                                                  {"request.claims", verify_too_many},
                                                  {"request.fields", fetch_too_many},
                                                  {"request.fields", fields_in_verify},
                                                  {"request.alg", no_algorithm},
                                                  {"request.alg", ledger_algorithm},
                                                  {"grant.none", other_party},
                                                  {"grant.none", other_item},
                                                  {"grant.expired", not_yet},
                                                  {"grant.expired", no_more},
                                                  {"grant.mode", mode_not_granted},
                                                  {"grant.purpose", purpose_not_granted},
                                                  {"grant.officer", officer_not_granted},
                                                  {"grant.officer", officer_prefix},
                                                  {"field.unknown", unknown_field},
                                                  {"field.unknown", unknown_claim},
                                                  {"grant.field", field_not_granted},
                                                  {"grant.field", claim_not_granted},
                                                  {"consent.needed", no_consent},
                                                  {"consent.needed", null_consent},
                                                  {"consent.needed", no_consent_for_certificate},
};

static void each_rule_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rule_cases / sizeof *rule_cases; i++) {
        struct question question = fetch_person();
        rule_cases[i].change(&question);
        struct zt_decision d = decide(&question);
        if (d.allow || strcmp(d.rule, rule_cases[i].rule) != 0)
            print_error("case %zu: want %s, got %s\n", i, rule_cases[i].rule, d.rule);
        assert_denied(&d, rule_cases[i].rule);
    }
}

// Of two broken rules the one that comes first in the order decides: each case's change on top of each other
// that comes later, when both can stand together.
static void the_first_broken_rule_decides(void **state)
{
    (void)state;
    struct question question = fetch_person();
    stranger(&question);
    late(&question);
    unknown_item(&question);
    struct zt_decision d = decide(&question);
    assert_denied(&d, "party.unknown");
    question.user = "hall";
    d = decide(&question);
    assert_denied(&d, "request.time");
    question.q.time = WORLD_NOW;
    officer_not_granted(&question);
    d = decide(&question);
    assert_denied(&d, "item.unknown");
    question.q.item = "item.one";
    field_not_granted(&question);
    d = decide(&question);
    assert_denied(&d, "grant.officer");
    question.q.officer = "W-1";
    d = decide(&question);
    assert_denied(&d, "grant.field");
}

static void the_time_window_is_inclusive(void **state)
{
    (void)state;
    struct question question = fetch_person();
    for (int sign = -1; sign <= 1; sign += 2) {
        question.q.time = WORLD_NOW + sign * ZT_POLICY_SKEW_MS;
        struct zt_decision d = decide(&question);
        assert_true(d.allow);
        d = zt_policy_decide_within(world.catalogue, "hall", &question.q, WORLD_NOW, ZT_POLICY_SKEW_MS - 1);
        assert_denied(&d, "request.time");
    }
}

// The bank's grant is for one day; days are those of China.
static void grants_begin_and_end_at_midnight_in_china(void **state)
{
    (void)state;
    static const struct {
        int64_t now;
        bool allow;
    } cases[] = {
        {INT64_C(1795276799999), false}, // 2026-11-21T23:59:59.999+08:00
        {INT64_C(1795276800000), true},  // 2026-11-22T00:00:00+08:00
        {INT64_C(1795363199999), true},  // 2026-11-22T23:59:59.999+08:00
        {INT64_C(1795363200000), false},
    };
    struct question question = fetch_person();
    struct zt_claim claims[] = {{"birth", "1990-03-07"}};
    question.user = "counter-bank";
    question.q.item = "item.two";
    question.q.officer = "teller-3";
    question.q.mode = ZT_MODE_VERIFY;
    question.q.claims = claims;
    question.q.claim_count = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        question.now = question.q.time = cases[i].now;
        struct zt_decision d = decide(&question);
        assert_int_equal(d.allow, cases[i].allow);
        if (!cases[i].allow)
            assert_denied(&d, "grant.expired");
    }
}

static void certificates_show_no_fields_here(void **state)
{
    (void)state;
    struct question question = fetch_person();
    question.q.mode = ZT_MODE_ISSUE;
    question.q.type = "person_card";
    question.q.purpose = "p.prove";
    question.q.alg = ZT_ES256;
    struct zt_decision d = decide(&question);
    assert_true(d.allow);
    assert_int_equal(d.field_count, 0);
    assert_string_equal(d.cert->id, "person_card");
    assert_null(d.record);
    question.q.mode = ZT_MODE_RESOLVE;
    d = decide(&question);
    assert_true(d.allow);
}

static void consent_is_a_second_step(void **state)
{
    (void)state;
    struct question question = fetch_person();
    question.q.type = "pb.loan";
    question.q.consent = "no.token.at-all";
    struct zt_decision d = decide(&question);
    assert_true(d.allow);
    assert_true(d.consent);
    d = zt_policy_consent(world.catalogue, &d, &question.q, WORLD_NOW);
    assert_false(d.allow);
    assert_memory_equal(d.rule, "consent.", 8);
    assert_int_equal(d.field_count, 0);
}

static void consent_step_leaves_the_rest_alone(void **state)
{
    (void)state;
    struct question question = fetch_person();
    struct zt_decision d = decide(&question),
                       same = zt_policy_consent(world.catalogue, &d, &question.q, WORLD_NOW);
    assert_true(same.allow);
    assert_int_equal(same.field_count, d.field_count);
    stranger(&question);
    d = decide(&question);
    same = zt_policy_consent(world.catalogue, &d, &question.q, WORLD_NOW);
    assert_denied(&same, "party.unknown");
}

static void parties_alone(void **state)
{
    (void)state;
    assert_true(zt_policy_party(world.catalogue, "hall").allow);
    assert_string_equal(zt_policy_party(world.catalogue, "gone").rule, "party.revoked");
    assert_string_equal(zt_policy_party(world.catalogue, "police").rule, "party.role");
    assert_string_equal(zt_policy_party(world.catalogue, "x").rule, "party.unknown");
    assert_false(zt_policy_party(world.catalogue, "gone").allow);
}

static void patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool fits;
    } cases[] = {
        {"", "", true},         {"", "a", false},           {"*", "", true},         {"*", "anyone", true},
        {"?", "", false},       {"?", "a", true},           {"?", "ab", false},      {"a", "a", true},
        {"a", "b", false},      {"W-*", "W-", true},        {"W-*", "W-17", true},   {"W-*", "V-17", false},
        {"W-*", "W", false},    {"*-7", "W-7", true},       {"*-7", "W-77", false},  {"*-7", "W-7-7", true},
        {"a*b*c", "abc", true}, {"a*b*c", "axxbyyc", true}, {"a*b*c", "acb", false}, {"**", "x", true},
        {"a?c", "abc", true},   {"a?c", "ac", false},       {"[ab]", "a", false},    {"[ab]", "[ab]", true},
        {"*a", "aaaa", true},   {"a*a", "a", false},        {"A*", "a", false},      {"\\*", "\\x", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(zt_glob(cases[i].pattern, cases[i].text), cases[i].fits);
    // No blow-up: this takes ages with a matcher that tries every way of dividing the text.
    assert_false(
        zt_glob("*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero_denies),
        cmocka_unit_test(fetch_names_every_granted_field),
        cmocka_unit_test(fetch_names_only_what_was_asked),
        cmocka_unit_test(each_rule_alone),
        cmocka_unit_test(the_first_broken_rule_decides),
        cmocka_unit_test(the_time_window_is_inclusive),
        cmocka_unit_test(grants_begin_and_end_at_midnight_in_china),
        cmocka_unit_test(certificates_show_no_fields_here),
        cmocka_unit_test(consent_is_a_second_step),
        cmocka_unit_test(consent_step_leaves_the_rest_alone),
        cmocka_unit_test(parties_alone),
        cmocka_unit_test(patterns),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
