// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/lookup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "broker/counter/subject.h"
#include "broker/counter/world.h"

#define HOUR   ((int64_t)3600 * 1000)
#define SECOND ((int64_t)1000)

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

static struct zt_request question(enum zt_mode mode, const char *type, const char *number)
{
    return (struct zt_request){.id = {1},
                               .mode = mode,
                               .item = "item.one",
                               .purpose = "p.check",
                               .case_no = "C-1",
                               .officer = "W-7",
                               .subject = {"111", number, ""},
                               .type = type,
                               .consent = "token",
                               .key = ""};
}

static struct zt_view view;
static struct zt_sources *sources;

// Asks at `now`; the answer's parts live in the world's arena until the next question.
static struct zt_case ask(struct zt_request *q, int64_t now)
{
    struct zt_case c;
    zt_arena_reset(&world.arena);
    zt_sources_destroy(&sources);
    assert_int_equal(zt_sources_new(world.catalogue, &sources), ZT_OK);
    view = zt_world_view(&world, sources, now);
    q->time = now;
    zt_case_start(&c, "hall", q, q->id);
    assert_int_equal(c.answer.status, ZT_STATUS_TROUBLE); // whatever forgets to answer, refuses
    c.decision = zt_policy_decide(world.catalogue, "hall", q, now);
    assert_true(c.decision.allow);
    assert_null(zt_subject_take(&view, &c));
    if (q->mode == ZT_MODE_VERIFY)
        zt_lookup_verify(&view, &c);
    else
        zt_lookup_fetch(&view, &c);
    return c;
}

static int end_question(void **state)
{
    (void)state;
    zt_sources_destroy(&sources);
    return 0;
}

static void assert_refused(const struct zt_case *c, enum zt_status status, const char *rule)
{
    if (c->answer.status != status || strcmp(c->answer.rule, rule) != 0)
        print_error("want %s, got %s (%s)\n", rule, c->answer.rule, zt_status_name(c->answer.status));
    assert_int_equal(c->answer.status, status);
    assert_string_equal(c->answer.rule, rule);
    assert_true(strlen(c->answer.text_zh) > 0);
    assert_int_equal(c->answer.found_count, 0);
    assert_int_equal(c->answer.verdict_count, 0);
    assert_int_equal(c->given_count, 0);
}

static void put_ann(void)
{
    zt_world_put(&world,
                 &(struct zt_world_record){
                     .type = "ps.person",
                     .key = "ann",
                     .number = WORLD_ANN,
                     .name = "安娜",
                     .values = "id_no=" WORLD_ANN ";name=安娜;sex=2;birth=1990-03-07;address=秘密路1号;"
                               "nick=娜娜;nick=小安;married=true;seen=2026-11-01T00:00:00.000Z;"
                               "height=1.68;children=2;wealth=12345.67"});
}

static const struct zt_field *field_of(const struct zt_found *found, const char *name)
{
    const struct zt_record_type *type = zt_catalogue_record_type(world.catalogue, found->type);
    const struct zt_field_type *wanted = zt_record_type_field(type, name);
    assert_non_null(wanted);
    for (size_t i = 0; i < found->field_count; i++)
        if (found->fields[i].tag == wanted->tag)
            return &found->fields[i];
    return NULL;
}

static void fetch_gives_the_granted_fields_only(void **state)
{
    (void)state;
    struct zt_request q = question(ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    put_ann();
    zt_world_all_heard(&world, WORLD_NOW);
    struct zt_case c = ask(&q, WORLD_NOW + 10 * SECOND);
    assert_int_equal(c.answer.status, ZT_STATUS_OK);
    assert_string_equal(c.answer.rule, "");
    assert_string_equal(c.answer.text_zh, "");
    assert_int_equal(c.answer.found_count, 1);
    const struct zt_found *found = &c.answer.found[0];
    assert_string_equal(found->key, "ann");
    assert_int_equal(found->field_count, 11); // ten fields, one of them twice; not the address
    assert_null(field_of(found, "address"));
    assert_string_equal(field_of(found, "name")->text, "安娜");
    assert_int_equal(field_of(found, "wealth")->number, 1234567);
    assert_int_equal(c.given_count, 10);
    assert_int_equal(c.answer.freshness.state, ZT_FRESH);
    assert_int_equal(c.answer.freshness.as_of, WORLD_NOW);
    assert_string_equal(c.answer.freshness.source, "public_security.person");
    assert_int_equal(c.answer.freshness.max_age, 3600);
    assert_int_equal(found->freshness.as_of, WORLD_NOW);
}

static void fetch_gives_what_was_asked_only(void **state)
{
    (void)state;
    const char *names[] = {"nick"};
    struct zt_request q = question(ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    q.fields = names;
    q.field_count = 1;
    put_ann();
    zt_world_all_heard(&world, WORLD_NOW);
    struct zt_case c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.found[0].field_count, 2); // the list
    assert_int_equal(c.given_count, 1);
    assert_int_equal(c.given[0], 6);
}

static void the_name_must_be_the_subjects(void **state)
{
    (void)state;
    struct zt_request q = question(ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    put_ann();
    zt_world_all_heard(&world, WORLD_NOW);
    q.subject.name = "安娜";
    struct zt_case c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.status, ZT_STATUS_OK);
    q.subject.name = "安";
    c = ask(&q, WORLD_NOW);
    assert_refused(&c, ZT_STATUS_INVALID, "subject.name");
}

static void records_without_a_name_take_any(void **state)
{
    (void)state;
    struct zt_request q = question(ZT_MODE_FETCH, "ps.car", WORLD_CAT);
    zt_world_put(&world, &(struct zt_world_record){
                             .type = "ps.car", .key = "鲁G1", .number = WORLD_CAT, .values = "plate=鲁G1"});
    zt_world_all_heard(&world, WORLD_NOW);
    q.subject.name = "谁";
    struct zt_case c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.status, ZT_STATUS_OK);
}

static void put_cars(unsigned count)
{
    char key[16], values[64];
    for (unsigned i = 0; i < count; i++) {
        snprintf(key, sizeof key, "car-%03u", i);
        snprintf(values, sizeof values, "plate=car-%03u;brand=b", i);
        zt_world_put(&world, &(struct zt_world_record){
                                 .type = "ps.car", .key = key, .number = WORLD_BEN, .values = values});
    }
}

static void several_records_up_to_the_limit(void **state)
{
    (void)state;
    struct zt_request q = question(ZT_MODE_FETCH, "ps.car", WORLD_BEN);
    put_cars(ZT_FOUND_MAX);
    zt_world_all_heard(&world, WORLD_NOW);
    struct zt_case c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.status, ZT_STATUS_OK);
    assert_int_equal(c.answer.found_count, ZT_FOUND_MAX);
    q.key = "car-063";
    c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.found_count, 1);
    assert_string_equal(c.answer.found[0].key, "car-063");
    put_cars(ZT_FOUND_MAX + 1);
    q.key = "";
    c = ask(&q, WORLD_NOW);
    assert_refused(&c, ZT_STATUS_INVALID, "record.many");
    q.key = "car-064"; // named, it is found beyond the limit, too
    c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.status, ZT_STATUS_OK);
    q.key = "car-065";
    c = ask(&q, WORLD_NOW);
    assert_refused(&c, ZT_STATUS_NONE, "record.none");
}

// The truth table of "there is none" and "nobody knows".
static void none_is_said_by_a_complete_and_fresh_source_only(void **state)
{
    (void)state;
    static const struct {
        int64_t batch, heartbeat, complete; // before now, in seconds; -1: never
        enum zt_status status;
        const char *rule;
    } cases[] = {
        {0, 0, 0, ZT_STATUS_NONE, "record.none"},
        {7200, 10, 3600, ZT_STATUS_NONE, "record.none"},
        {7200, 10, 3601, ZT_STATUS_UNKNOWN, "fresh.incomplete"},
        {10, 10, -1, ZT_STATUS_UNKNOWN, "fresh.incomplete"},
        {3601, 3601, 3601, ZT_STATUS_UNKNOWN, "fresh.stale"},
        {7200, -1, 3600, ZT_STATUS_NONE, "record.none"}, // a comparison of the whole is a sign of life
        {-1, -1, -1, ZT_STATUS_UNKNOWN, "fresh.unknown"},
    };
    struct zt_request q = question(ZT_MODE_FETCH, "ps.person", WORLD_CAT);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t t[3] = {cases[i].batch, cases[i].heartbeat, cases[i].complete};
        for (size_t j = 0; j < 3; j++)
            t[j] = t[j] < 0 ? 0 : WORLD_NOW - t[j] * SECOND;
        zt_world_heard(&world, "public_security.person", t[0], t[1], t[2]);
        struct zt_case c = ask(&q, WORLD_NOW);
        assert_refused(&c, cases[i].status, cases[i].rule);
        if (cases[i].status == ZT_STATUS_NONE)
            assert_int_equal(c.answer.freshness.as_of, t[2]); // so it was when the whole was compared
    }
}

static void nobody_publishes_it(void **state)
{
    (void)state;
    struct zt_request q = question(ZT_MODE_FETCH, "ps.silent", WORLD_ANN);
    struct zt_case c = ask(&q, WORLD_NOW);
    assert_refused(&c, ZT_STATUS_UNKNOWN, "source.none");
    assert_int_equal(c.answer.freshness.state, ZT_FRESH_UNKNOWN);
}

static void stale_is_unknown_unless_the_grant_allows_it(void **state)
{
    (void)state;
    struct zt_request person = question(ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    struct zt_request car = question(ZT_MODE_FETCH, "ps.car", WORLD_CAT); // stale_ok, max_age 60 s
    put_ann();
    zt_world_all_heard(&world, WORLD_NOW);
    struct zt_case c = ask(&person, WORLD_NOW + HOUR);
    assert_int_equal(c.answer.status, ZT_STATUS_OK);
    c = ask(&person, WORLD_NOW + HOUR + 1);
    assert_refused(&c, ZT_STATUS_UNKNOWN, "fresh.stale");
    assert_int_equal(c.answer.freshness.state, ZT_STALE);
    c = ask(&car, WORLD_NOW + 60 * SECOND);
    assert_int_equal(c.answer.freshness.state, ZT_FRESH);
    assert_string_equal(c.answer.text_en, "");
    c = ask(&car, WORLD_NOW + 61 * SECOND);
    assert_int_equal(c.answer.status, ZT_STATUS_OK); // marked, never silently
    assert_string_equal(c.answer.rule, "");
    assert_int_equal(c.answer.freshness.state, ZT_STALE);
    assert_int_equal(c.answer.freshness.as_of, WORLD_NOW);
    assert_int_equal(c.answer.found[0].freshness.state, ZT_STALE);
    assert_true(strlen(c.answer.text_zh) > 0);
    car.subject.number = WORLD_ANN; // none there: stale_ok does not turn silence into "none"
    c = ask(&car, WORLD_NOW + 61 * SECOND);
    assert_refused(&c, ZT_STATUS_UNKNOWN, "fresh.stale");
}

static void a_record_whose_source_was_never_heard(void **state)
{
    (void)state;
    struct zt_request car = question(ZT_MODE_FETCH, "ps.car", WORLD_CAT);
    zt_world_heard(&world, "public_security.car", 0, 0, 0);
    struct zt_case c = ask(&car, WORLD_NOW);
    assert_refused(&c, ZT_STATUS_UNKNOWN, "fresh.unknown");
}

static void the_slowest_of_several_streams_counts(void **state)
{
    (void)state;
    struct zt_known known;
    const struct zt_record_type *loan = zt_catalogue_record_type(world.catalogue, "pb.loan");
    zt_world_heard(&world, "pboc.loan_a", WORLD_NOW, WORLD_NOW, WORLD_NOW);
    zt_world_heard(&world, "pboc.loan_b", WORLD_NOW - HOUR, 0, WORLD_NOW - HOUR);
    assert_int_equal(zt_sources_new(world.catalogue, &sources), ZT_OK);
    view = zt_world_view(&world, sources, WORLD_NOW);
    assert_int_equal(zt_sources_known(sources, view.read, loan, WORLD_NOW, &known), ZT_OK);
    assert_string_equal(known.freshness.source, "pboc.loan_b");
    assert_int_equal(known.freshness.as_of, WORLD_NOW - HOUR);
    assert_true(known.complete);
    assert_int_equal(zt_sources_known(sources, view.read, loan, WORLD_NOW + 1, &known), ZT_OK);
    assert_false(known.complete);
    assert_string_equal(known.rule, "fresh.stale");
}

static void claims_of_the_future_prove_nothing(void **state)
{
    (void)state;
    struct zt_known known;
    const struct zt_record_type *person = zt_catalogue_record_type(world.catalogue, "ps.person");
    assert_int_equal(zt_sources_new(world.catalogue, &sources), ZT_OK);
    zt_world_heard(&world, "public_security.person", WORLD_NOW, 0, WORLD_NOW + ZT_FRESH_AHEAD_MS + 1);
    view = zt_world_view(&world, sources, WORLD_NOW);
    assert_int_equal(zt_sources_known(sources, view.read, person, WORLD_NOW, &known), ZT_OK);
    assert_int_equal(known.freshness.as_of, WORLD_NOW); // the batch still counts
    assert_int_equal(known.complete_as_of, 0);
    assert_string_equal(known.rule, "fresh.incomplete");
    zt_world_heard(&world, "public_security.person", 0, WORLD_NOW + ZT_FRESH_AHEAD_MS, 0);
    view = zt_world_view(&world, sources, WORLD_NOW);
    zt_sources_new_snapshot(sources);
    assert_int_equal(zt_sources_known(sources, view.read, person, WORLD_NOW, &known), ZT_OK);
    assert_int_equal(known.freshness.as_of, WORLD_NOW); // a little ahead is a clock, not a claim
    assert_int_equal(known.freshness.state, ZT_FRESH);
}

static void the_worse_of_two(void **state)
{
    (void)state;
    struct zt_freshness a = {10, "a", 60, ZT_FRESH}, b = {5, "b", 60, ZT_STALE},
                        u = {0, "", 60, ZT_FRESH_UNKNOWN};
    struct zt_freshness worst = zt_fresh_worst(a, b);
    assert_int_equal(worst.as_of, 5);
    assert_int_equal(worst.state, ZT_STALE);
    worst = zt_fresh_worst(b, a);
    assert_string_equal(worst.source, "b");
    b.as_of = 20; // newer, but stale by its own limit
    worst = zt_fresh_worst(a, b);
    assert_int_equal(worst.as_of, 10);
    assert_int_equal(worst.state, ZT_STALE);
    worst = zt_fresh_worst(a, u);
    assert_int_equal(worst.state, ZT_FRESH_UNKNOWN);
    assert_int_equal(worst.as_of, 0);
}

static enum zt_verdict verdict_of(const char *field, const char *value)
{
    struct zt_claim claims[] = {{field, value}};
    struct zt_request q = question(ZT_MODE_VERIFY, "ps.person", WORLD_ANN);
    q.claims = claims;
    q.claim_count = 1;
    struct zt_case c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.status, ZT_STATUS_OK);
    assert_int_equal(c.answer.found_count, 0); // never data
    assert_int_equal(c.answer.verdict_count, 1);
    assert_string_equal(c.answer.verdicts[0].field, field);
    assert_int_equal(c.given_count, 1);
    return c.answer.verdicts[0].verdict;
}

static void verify_compares_values_not_spellings(void **state)
{
    (void)state;
    put_ann();
    zt_world_all_heard(&world, WORLD_NOW);
    assert_int_equal(verdict_of("name", "安娜"), ZT_MATCH);
    assert_int_equal(verdict_of("name", "安"), ZT_MISMATCH);
    assert_int_equal(verdict_of("birth", "1990-03-07"), ZT_MATCH);
    assert_int_equal(verdict_of("birth", "1990-03-08"), ZT_MISMATCH);
    assert_int_equal(verdict_of("sex", "1"), ZT_MISMATCH);
    assert_int_equal(verdict_of("married", "true"), ZT_MATCH);
    assert_int_equal(verdict_of("married", "false"), ZT_MISMATCH);
    assert_int_equal(verdict_of("wealth", "12345.67"), ZT_MATCH);
    assert_int_equal(verdict_of("wealth", "12345.6"), ZT_MISMATCH);
    assert_int_equal(verdict_of("height", "1.68"), ZT_MATCH);
    assert_int_equal(verdict_of("children", "2"), ZT_MATCH);
    assert_int_equal(verdict_of("seen", "2026-11-01T08:00:00+08:00"), ZT_MATCH); // the same moment
    assert_int_equal(verdict_of("nick", "小安"), ZT_MATCH);                      // one of the list
    assert_int_equal(verdict_of("nick", "安安"), ZT_MISMATCH);
}

static void a_field_that_is_not_on_record_is_unknown(void **state)
{
    (void)state;
    zt_world_put(&world, &(struct zt_world_record){.type = "ps.person",
                                                   .key = "ann",
                                                   .number = WORLD_ANN,
                                                   .version = 2,
                                                   .values = "id_no=" WORLD_ANN ";name=安娜"});
    zt_world_all_heard(&world, WORLD_NOW);
    assert_int_equal(verdict_of("birth", "1990-03-07"), ZT_VERDICT_UNKNOWN);
    assert_int_equal(verdict_of("name", "安娜"), ZT_MATCH);
}

static void claims_that_are_no_values(void **state)
{
    (void)state;
    static const struct {
        const char *field, *value;
    } cases[] = {
        {"birth", "7.3.1990"}, {"sex", "9"}, {"wealth", "1.234"}, {"children", "two"}, {"id_no", "1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_claim claims[] = {{"name", "安娜"}, {cases[i].field, cases[i].value}};
        struct zt_request q = question(ZT_MODE_VERIFY, "ps.person", WORLD_ANN);
        q.claims = claims;
        q.claim_count = 2;
        struct zt_case c = ask(&q, WORLD_NOW);
        assert_int_equal(c.answer.status, ZT_STATUS_INVALID);
        assert_true(strchr(c.answer.rule, '.') != NULL);
        assert_int_equal(c.answer.verdict_count, 0);
        assert_null(strstr(c.answer.text_en, cases[i].value));
    }
}

static void verify_means_one_record_in_force(void **state)
{
    (void)state;
    struct zt_claim claims[] = {{"plate", "p-1"}};
    struct zt_request q = question(ZT_MODE_VERIFY, "ps.car", WORLD_ANN);
    struct zt_world_record car = {.type = "ps.car", .key = "p-1", .number = WORLD_ANN, .values = "plate=p-1"};
    q.claims = claims;
    q.claim_count = 1;
    zt_world_put(&world, &car);
    zt_world_all_heard(&world, WORLD_NOW);
    struct zt_case c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.verdicts[0].verdict, ZT_MATCH);
    zt_world_put(&world, &(struct zt_world_record){
                             .type = "ps.car", .key = "p-2", .number = WORLD_ANN, .values = "plate=p-2"});
    c = ask(&q, WORLD_NOW);
    assert_refused(&c, ZT_STATUS_INVALID, "record.many");
    q.key = "p-2";
    c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.verdicts[0].verdict, ZT_MISMATCH);
    q.key = "";
    car.version = 2;
    car.state = ZT_STATE_CANCELLED; // only p-2 is left
    zt_world_put(&world, &car);
    c = ask(&q, WORLD_NOW);
    assert_int_equal(c.answer.verdicts[0].verdict, ZT_MISMATCH);
    q.key = "p-1";
    c = ask(&q, WORLD_NOW);
    assert_refused(&c, ZT_STATUS_NONE, "record.not-in-force");
}

static void in_force(void **state)
{
    (void)state;
    static const struct {
        enum zt_record_state state;
        const char *from, *to;
        bool yes;
    } cases[] = {
        {ZT_STATE_VALID, "", "", true},
        {ZT_STATE_CHANGED, "", "", true},
        {ZT_STATE_REVOKED, "", "", false},
        {ZT_STATE_CANCELLED, "", "", false},
        {0, "", "", false},
        {ZT_STATE_VALID, "2026-11-22", "2026-11-22", true},
        {ZT_STATE_VALID, "2026-11-23", "", false},
        {ZT_STATE_VALID, "", "2026-11-21", false},
        {ZT_STATE_VALID, NULL, NULL, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_record record = {
            .state = cases[i].state, .valid_from = cases[i].from, .valid_to = cases[i].to};
        assert_int_equal(zt_record_in_force(&record, "2026-11-22"), cases[i].yes);
    }
}

static void deleted_records_are_gone(void **state)
{
    (void)state;
    struct zt_request q = question(ZT_MODE_FETCH, "ps.car", WORLD_CAT);
    zt_world_put(&world,
                 &(struct zt_world_record){
                     .type = "ps.car", .key = "鲁G1", .number = WORLD_CAT, .version = 2, .deleted = true});
    zt_world_all_heard(&world, WORLD_NOW);
    struct zt_case c = ask(&q, WORLD_NOW);
    assert_refused(&c, ZT_STATUS_NONE, "record.none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(fetch_gives_the_granted_fields_only, end_question),
        cmocka_unit_test_teardown(fetch_gives_what_was_asked_only, end_question),
        cmocka_unit_test_teardown(the_name_must_be_the_subjects, end_question),
        cmocka_unit_test_teardown(records_without_a_name_take_any, end_question),
        cmocka_unit_test_teardown(several_records_up_to_the_limit, end_question),
        cmocka_unit_test_teardown(none_is_said_by_a_complete_and_fresh_source_only, end_question),
        cmocka_unit_test_teardown(nobody_publishes_it, end_question),
        cmocka_unit_test_teardown(stale_is_unknown_unless_the_grant_allows_it, end_question),
        cmocka_unit_test_teardown(a_record_whose_source_was_never_heard, end_question),
        cmocka_unit_test_teardown(the_slowest_of_several_streams_counts, end_question),
        cmocka_unit_test_teardown(claims_of_the_future_prove_nothing, end_question),
        cmocka_unit_test_teardown(the_worse_of_two, end_question),
        cmocka_unit_test_teardown(verify_compares_values_not_spellings, end_question),
        cmocka_unit_test_teardown(a_field_that_is_not_on_record_is_unknown, end_question),
        cmocka_unit_test_teardown(claims_that_are_no_values, end_question),
        cmocka_unit_test_teardown(verify_means_one_record_in_force, end_question),
        cmocka_unit_test_teardown(in_force, end_question),
        cmocka_unit_test_teardown(deleted_records_are_gone, end_question),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
