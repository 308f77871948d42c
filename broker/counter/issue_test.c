// SPDX-License-Identifier: Apache-2.0
// Certificates at the counter: intents, the signer in all its moods, outcomes; and resolve.
#include "broker/counter/issue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "broker/control.h"
#include "broker/counter/hall.h"
#include "broker/counter/pending.h"
#include "certs/verify.h"

#define TIMEOUT_MS 400 // of the signer, in tests where it is silent
#define DAY        ((int64_t)86400 * 1000)

static struct zt_hall hall;

static int open_with(int64_t timeout_ms)
{
    zt_hall_open(&hall, timeout_ms);
    zt_world_all_heard(&hall.world, zt_now_ms());
    zt_world_put(&hall.world, &(struct zt_world_record){
                                  .type = "ps.person",
                                  .key = "ann",
                                  .number = WORLD_ANN,
                                  .name = "安娜",
                                  .values = "id_no=" WORLD_ANN ";name=安娜;sex=2;birth=1990-03-07;nick=娜娜;"
                                            "nick=小安;wealth=12345.67"});
    zt_world_put(&hall.world, &(struct zt_world_record){.type = "ps.person",
                                                        .key = "ben",
                                                        .number = WORLD_BEN,
                                                        .name = "本",
                                                        .values = "id_no=" WORLD_BEN ";name=本;sex=1"});
    zt_world_put(&hall.world, &(struct zt_world_record){.type = "ps.car",
                                                        .key = "p-1",
                                                        .number = WORLD_BEN,
                                                        .valid_to = "2099-12-31",
                                                        .values = "id_no=" WORLD_BEN ";plate=p-1;brand=b"});
    return 0;
}

// However busy the machine is, the signer that answers answers within this.
static int open_patient(void **state)
{
    (void)state;
    return open_with(HALL_WAIT_MS);
}

static int open_impatient(void **state)
{
    (void)state;
    return open_with(TIMEOUT_MS);
}

static int close_hall(void **state)
{
    (void)state;
    zt_hall_close(&hall);
    return 0;
}

// What a valid certificate says, checked as anybody would with the roots alone.
static struct zt_verified read_certificate(const char *compact)
{
    struct zt_verified verified;
    struct zt_trust *trust;
    char dir[256];
    struct zt_fault fault = {.text = ""};
    zt_world_path(&hall.world, "trust", dir);
    assert_int_equal(zt_dir_make(dir, 0700, &fault), ZT_OK);
    fake_signer_roots(&hall.signer, dir);
    assert_int_equal(zt_trust_open(dir, &trust, &fault), ZT_OK);
    assert_int_equal(
        zt_certificate_verify(zt_bytes_str(compact), trust, zt_now_ms(), &hall.world.arena, &verified),
        ZT_OK);
    for (size_t i = 0; !verified.valid && i < ZT_CHECK_STEPS; i++)
        print_error("%s: %s\n", verified.steps[i].name, verified.steps[i].text);
    assert_true(verified.valid);
    zt_trust_close(&trust);
    return verified;
}

static const char *claim_of(const struct zt_statement *statement, const char *name)
{
    for (size_t i = 0; i < statement->claim_count; i++)
        if (strcmp(statement->claims[i].name, name) == 0)
            return statement->claims[i].value;
    return NULL;
}

static void today_and(int days, char date[static ZT_DATE_LEN + 1])
{
    zt_date_of_ms(zt_now_ms() + days * DAY, date);
}

static void a_certificate(enum zt_sig_alg alg)
{
    struct zt_request q = zt_hall_issue(&hall, "person_card", WORLD_ANN, alg);
    uint64_t size = zt_ledger_size(hall.ledger);
    char today[ZT_DATE_LEN + 1];
    today_and(0, today);
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    struct zt_entry outcome = zt_hall_entry_of(&hall, &answer);
    assert_int_equal(outcome.kind, ZT_ENTRY_ISSUE);
    assert_string_equal(outcome.certificate, answer.certificate_id);
    assert_int_equal(outcome.intent, size + 1); // index of the intent, plus one
    assert_int_equal(answer.ledger_index, size + 1);
    struct zt_entry intent = zt_hall_entry(&hall, size, NULL);
    assert_int_equal(intent.kind, ZT_ENTRY_INTENT);
    assert_string_equal(intent.type, "person_card");
    assert_memory_equal(intent.request_id.data, q.id, sizeof q.id);
    assert_int_equal(intent.subject.len, ZT_PSEUDONYM_LEN);
    struct zt_verified verified = read_certificate(answer.certificate);
    const struct zt_statement *s = &verified.statement;
    assert_int_equal(verified.alg, alg);
    assert_string_equal(s->id, answer.certificate_id);
    assert_string_equal(s->type, "person_card");
    assert_string_equal(s->issuer, "public_security");
    assert_string_equal(s->holder_number, WORLD_ANN);
    assert_string_equal(s->holder_name, "安娜");
    assert_string_equal(s->item, "item.one");
    assert_string_equal(s->purpose, "p.prove");
    assert_string_equal(s->case_no, "C-1");
    assert_string_equal(s->restriction_zh, "该信息仅限用于办理“提取公积金”事项使用。");
    assert_string_equal(s->valid_from, today);
    assert_string_equal(s->valid_to, today); // one day: this one
    assert_int_equal(s->ledger_index, size);
    assert_string_equal(claim_of(s, "name"), "安娜");
    assert_string_equal(claim_of(s, "birth"), "1990-03-07");
    assert_string_equal(claim_of(s, "nick"), "娜娜;小安");
    assert_string_equal(claim_of(s, "wealth"), "12345.67");
    assert_string_equal(claim_of(s, "state"), "01");
    assert_null(claim_of(s, "plate")); // she has no car: optional
    assert_int_equal(s->source_count, 1);
    assert_string_equal(s->sources[0].record_type, "ps.person");
    assert_int_equal(s->sources[0].version, 1);
    assert_int_equal(strlen(s->sources[0].digest), 64);
}

static void certificates_of_both_kinds(void **state)
{
    (void)state;
    a_certificate(ZT_ES256);
    a_certificate(ZT_SM2);
    assert_int_equal(atomic_load(&hall.signer.key_questions), 2); // one per algorithm, then remembered
    a_certificate(ZT_ES256);
    assert_int_equal(atomic_load(&hall.signer.key_questions), 2);
}

// The identifier's serial is the day and the intent's index: no two are the same, and it leads to the ledger.
static void the_identifier_names_the_intent(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_issue(&hall, "person_card", WORLD_ANN, ZT_ES256);
    char today[ZT_DATE_LEN + 1], serial[64];
    struct zt_fault fault;
    today_and(0, today);
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    snprintf(serial, sizeof serial, ".%.4s%.2s%.2s%012llu.001.", today, today + 5, today + 8,
             (unsigned long long)entry.intent - 1);
    assert_non_null(strstr(answer.certificate_id, serial));
    assert_non_null(strstr(answer.certificate_id, ".113707000042775090001.113707000042775090."));
    assert_int_equal(zt_id_check(ZT_ID_LICENCE, answer.certificate_id, today, &fault), ZT_OK);
}

static struct zt_answer issue(const char *type, const char *number)
{
    struct zt_request q = zt_hall_issue(&hall, type, number, ZT_ES256);
    return zt_hall_ask(&hall, &q);
}

// Refused or unknown before the signer is asked: one entry, no intent.
static void assert_settled(const char *type, const char *number, enum zt_status status, const char *rule)
{
    uint64_t size = zt_ledger_size(hall.ledger);
    struct zt_answer answer = issue(type, number);
    if (strcmp(answer.rule, rule) != 0)
        fail_msg("%s: want %s, got %s", type, rule, answer.rule);
    assert_int_equal(answer.status, status);
    assert_string_equal(answer.certificate, "");
    assert_string_equal(answer.certificate_id, "");
    assert_int_equal(zt_ledger_size(hall.ledger), size + 1);
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_true(entry.kind == ZT_ENTRY_ANSWER || entry.kind == ZT_ENTRY_DENIAL);
    assert_int_equal(entry.intent, 0);
}

static void what_the_records_do_not_allow(void **state)
{
    (void)state;
    assert_settled("person_card", WORLD_CAT, ZT_STATUS_NONE, "record.none");
    assert_settled("no_car", WORLD_BEN, ZT_STATUS_NONE, "issue.exists");
    assert_settled("car_license", WORLD_ANN, ZT_STATUS_NONE, "record.none");
    assert_settled("firm_state", WORLD_FIRM, ZT_STATUS_NONE, "record.none");
    zt_world_put(&hall.world, &(struct zt_world_record){.type = "ps.car",
                                                        .key = "p-9",
                                                        .number = WORLD_ANN,
                                                        .state = ZT_STATE_CANCELLED,
                                                        .values = "id_no=" WORLD_ANN ";plate=p-9"});
    assert_settled("car_license", WORLD_ANN, ZT_STATUS_NONE, "record.not-in-force");
    assert_int_equal(atomic_load(&hall.signer.key_questions), 0);
}

static void a_proof_of_none(void **state)
{
    (void)state;
    struct zt_answer answer = issue("no_car", WORLD_ANN);
    char last[ZT_DATE_LEN + 1];
    assert_int_equal(answer.status, ZT_STATUS_OK);
    struct zt_verified verified = read_certificate(answer.certificate);
    today_and(29, last); // thirty days with the first
    assert_string_equal(verified.statement.valid_to, last);
    assert_string_equal(claim_of(&verified.statement, "name"), "安娜");
    assert_int_equal(verified.statement.source_count, 1); // the person; there is no car to point at
}

// Only a source that is fresh and complete can say that there is nothing, whatever a grant allows.
static void a_proof_of_none_needs_a_complete_source(void **state)
{
    (void)state;
    int64_t now = zt_now_ms();
    zt_world_heard(&hall.world, "public_security.car", now, now, 0);
    assert_settled("no_car", WORLD_ANN, ZT_STATUS_UNKNOWN, "fresh.incomplete");
    zt_world_heard(&hall.world, "public_security.car", now, now, now - 61000);
    assert_settled("no_car", WORLD_ANN, ZT_STATUS_UNKNOWN, "fresh.incomplete");
    zt_world_heard(&hall.world, "public_security.car", now - 61000, 0, now - 61000);
    assert_settled("no_car", WORLD_ANN, ZT_STATUS_UNKNOWN, "fresh.stale");
    assert_settled("no_car", WORLD_BEN, ZT_STATUS_UNKNOWN, "fresh.stale"); // not even "there is one"
    zt_world_heard(&hall.world, "public_security.car", 0, 0, 0);
    assert_settled("no_car", WORLD_ANN, ZT_STATUS_UNKNOWN, "fresh.unknown");
    zt_world_heard(&hall.world, "public_security.car", now, now, now);
    assert_int_equal(issue("no_car", WORLD_ANN).status, ZT_STATUS_OK);
}

static void stale_sources(void **state)
{
    (void)state;
    int64_t now = zt_now_ms(), old = now - 2 * 3600 * 1000;
    zt_world_heard(&hall.world, "public_security.person", old, old, old);
    assert_settled("person_card", WORLD_ANN, ZT_STATUS_UNKNOWN, "fresh.stale");
    zt_world_heard(&hall.world, "public_security.car", old, old, old);
    struct zt_answer answer = issue("car_license", WORLD_BEN); // its grant says stale_ok
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.freshness.state, ZT_STALE);
    assert_int_equal(answer.freshness.as_of, old);
    struct zt_verified verified = read_certificate(answer.certificate);
    assert_int_equal(verified.statement.sources[0].as_of, old);     // the certificate says so, too
    assert_string_equal(verified.statement.valid_to, "2099-12-31"); // as long as the record
    assert_string_equal(claim_of(&verified.statement, "until"), "2099-12-31");
    assert_settled("car_license", WORLD_ANN, ZT_STATUS_UNKNOWN, "fresh.stale"); // "none" is never said stale
}

static void an_optional_record_is_shown_when_it_is_there(void **state)
{
    (void)state;
    struct zt_answer answer = issue("person_card", WORLD_BEN);
    struct zt_verified verified = read_certificate(answer.certificate);
    assert_string_equal(claim_of(&verified.statement, "plate"), "p-1");
    assert_int_equal(verified.statement.source_count, 2);
    zt_world_heard(&hall.world, "public_security.car", 0, 0, 0); // ann has none: that source is not asked
    answer = issue("person_card", WORLD_ANN);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.freshness.state, ZT_FRESH);
    assert_settled("person_card", WORLD_BEN, ZT_STATUS_UNKNOWN, "fresh.unknown"); // it would have to be shown
}

static void the_holder_must_be_named_right(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_issue(&hall, "person_card", WORLD_ANN, ZT_ES256);
    q.subject.name = "本";
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    assert_string_equal(answer.rule, "subject.name");
    assert_int_equal(answer.status, ZT_STATUS_INVALID);
}

// --- the signer in its moods ---

static void set_manner(enum fake_manner manner)
{
    atomic_store(&hall.signer.manner, manner);
}

// An intent and an outcome that names it; nothing left the house.
static void assert_trouble(const char *rule)
{
    uint64_t size = zt_ledger_size(hall.ledger);
    struct zt_answer answer = issue("person_card", WORLD_ANN);
    if (strcmp(answer.rule, rule) != 0)
        fail_msg("want %s, got %s", rule, answer.rule);
    assert_int_equal(answer.status, ZT_STATUS_TROUBLE);
    assert_string_equal(answer.certificate, "");
    assert_string_equal(answer.certificate_id, "");
    assert_true(strlen(answer.text_zh) > 0);
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_int_equal(entry.kind, ZT_ENTRY_ANSWER);
    assert_int_equal(entry.intent, size + 1);
    assert_string_equal(entry.certificate, "");
    assert_int_equal(zt_hall_entry(&hall, size, NULL).kind, ZT_ENTRY_INTENT);
    assert_int_equal(zt_ledger_size(hall.ledger), size + 2);
}

static void a_signer_that_misbehaves(void **state)
{
    (void)state;
    static const struct {
        enum fake_manner manner;
        const char *rule;
    } cases[] = {{FAKE_REFUSES, "signer.no-key"},
                 {FAKE_SHORT, "signer.answer"},
                 {FAKE_REFUSES_SIGNS, "signer.no-key"},
                 {FAKE_TOO_FEW, "signer.answer"},
                 {FAKE_OTHER_KEY, "signer.key-changed"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_manner(cases[i].manner);
        assert_trouble(cases[i].rule);
    }
    set_manner(FAKE_GARBAGE); // frames that are no answers are passed over
    assert_int_equal(issue("person_card", WORLD_ANN).status, ZT_STATUS_OK);
    set_manner(FAKE_SIGNS); // and afterwards all is well again
    assert_int_equal(issue("person_card", WORLD_ANN).status, ZT_STATUS_OK);
}

static void a_signer_that_is_silent(void **state)
{
    (void)state;
    set_manner(FAKE_SILENT);
    assert_trouble("signer.timeout");
    set_manner(FAKE_SILENT_KEYS);
    assert_trouble("signer.timeout");
}

static void a_signer_with_new_keys(void **state)
{
    (void)state;
    assert_int_equal(issue("person_card", WORLD_ANN).status, ZT_STATUS_OK);
    atomic_fetch_add(&hall.signer.generation, 1);
    struct zt_answer answer = issue("person_card", WORLD_ANN); // its text is made again with the new key
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_string_equal(read_certificate(answer.certificate).key_id, "public_security-ES256-1");
    assert_int_equal(atomic_load(&hall.signer.key_questions), 2);
}

static void a_signer_that_is_away_for_a_moment(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_issue(&hall, "person_card", WORLD_ANN, ZT_ES256);
    fake_signer_stop(&hall.signer);
    zt_hall_send(&hall, hall.consumer, &q);
    zt_hall_assert_silent(&hall, hall.consumer); // a lookup in between is answered, the certificate is not
    fake_signer_start(&hall.signer, hall.net, hall.world.root);
    struct zt_answer answer = zt_hall_recv(&hall, hall.consumer);
    assert_memory_equal(answer.id, q.id, sizeof q.id);
    assert_int_equal(answer.status, ZT_STATUS_OK);
}

static void lookups_never_wait_for_the_signer(void **state)
{
    (void)state;
    enum { slow = 8 };
    set_manner(FAKE_SILENT);
    for (size_t i = 0; i < slow; i++) {
        struct zt_request q = zt_hall_issue(&hall, "person_card", WORLD_ANN, ZT_ES256);
        zt_hall_send(&hall, hall.consumer, &q);
    }
    for (size_t i = 0; i < 100; i++) {
        struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
        struct zt_answer answer = zt_hall_ask(&hall, &q); // asserts that it is this answer, not another
        assert_int_equal(answer.status, ZT_STATUS_OK);
    }
    set_manner(FAKE_SIGNS); // the question about the key is repeated, and all of them come
    for (size_t i = 0; i < slow; i++)
        assert_int_equal(zt_hall_recv(&hall, hall.consumer).status, ZT_STATUS_OK);
}

static void more_than_can_be_under_way(void **state)
{
    (void)state;
    enum { under_way = ZT_ISSUES_MAX, many = under_way + 40 };
    size_t busy = 0, signed_count = 0;
    set_manner(FAKE_SILENT_KEYS); // holds all of them until the key is told
    for (size_t i = 0; i < many; i++) {
        struct zt_request q = zt_hall_issue(&hall, "person_card", WORLD_ANN, ZT_ES256);
        zt_hall_send(&hall, hall.consumer, &q);
    }
    for (size_t i = 0; i < many; i++) {
        struct zt_answer answer = zt_hall_recv(&hall, hall.consumer);
        busy += strcmp(answer.rule, "issue.busy") == 0;
        signed_count += answer.status == ZT_STATUS_OK;
        zt_hall_entry_of(&hall, &answer);
        zt_arena_reset(&hall.world.arena);
        if (busy == many - under_way)
            set_manner(FAKE_SIGNS); // the key is asked for again, and all go
    }
    assert_int_equal(busy, many - under_way);
    assert_int_equal(signed_count, under_way);
    assert_true(atomic_load(&hall.signer.sign_questions) < under_way); // many texts in one request
    assert_int_equal(atomic_load(&hall.signer.messages), under_way);
}

static void told_to_stop_with_one_under_way(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_issue(&hall, "person_card", WORLD_ANN, ZT_ES256);
    uint64_t size = zt_ledger_size(hall.ledger);
    set_manner(FAKE_SILENT);
    zt_hall_send(&hall, hall.consumer, &q);
    while (zt_ledger_size(hall.ledger) == size) { // until the intent is there
        bool ready;
        (void)!zt_sock_wait(&hall.consumer, 1, 5, &ready);
    }
    zt_actor_stop(&hall.counter);
    // The reply was sent, but the connection ended at once behind it, so it may not arrive; the entry is
    // there.
    struct zt_entry entry = zt_hall_entry(&hall, size + 1, NULL);
    assert_string_equal(entry.rule, "trouble.stopping");
    assert_int_equal(entry.status, ZT_STATUS_TROUBLE);
    assert_int_equal(entry.intent, size + 1);
    assert_memory_equal(entry.request_id.data, q.id, sizeof q.id);
}

// Revoked while the signer is at work: what it signed does not leave.
static void revoked_in_between(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_issue(&hall, "person_card", WORLD_ANN, ZT_ES256);
    uint64_t size = zt_ledger_size(hall.ledger);
    fake_signer_stop(&hall.signer);
    zt_hall_send(&hall, hall.consumer, &q);
    while (zt_ledger_size(hall.ledger) == size) {
        bool ready;
        (void)!zt_sock_wait(&hall.consumer, 1, 5, &ready);
    }
    struct zt_catalogue *fresh = zt_world_revoke(&hall.world, "hall");
    struct zt_control control = {.act = ZT_CONTROL_CATALOGUE, .catalogue = fresh};
    struct zt_msg msg;
    zt_msg_init(&msg);
    assert_int_equal(zt_control_send(zt_actor_pipe(hall.counter), &control), ZT_OK);
    assert_int_equal(zt_sock_recv_within(zt_actor_pipe(hall.counter), &msg, HALL_WAIT_MS), ZT_OK);
    zt_msg_fini(&msg);
    fake_signer_start(&hall.signer, hall.net, hall.world.root);
    struct zt_answer answer = zt_hall_recv(&hall, hall.consumer);
    assert_string_equal(answer.rule, "party.revoked");
    assert_string_equal(answer.certificate, "");
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_int_equal(entry.kind, ZT_ENTRY_DENIAL);
    assert_int_equal(entry.intent, size + 1);
    assert_int_equal(atomic_load(&hall.signer.messages), 1); // it was signed, and kept back
    zt_catalogue_release(&fresh);
}

// --- resolve ---

static enum zt_verdict verdict_of(const struct zt_answer *answer, const char *type)
{
    for (size_t i = 0; i < answer->verdict_count; i++)
        if (strcmp(answer->verdicts[i].field, type) == 0)
            return answer->verdicts[i].verdict;
    fail_msg("no verdict on %s", type);
    return ZT_VERDICT_UNKNOWN;
}

static struct zt_request resolve_question(const char *number)
{
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_RESOLVE, "", number);
    q.purpose = "p.prove";
    return q;
}

static void resolve_says_what_could_be_had(void **state)
{
    (void)state;
    struct zt_request q = resolve_question(WORLD_BEN);
    uint64_t size = zt_ledger_size(hall.ledger);
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.verdict_count, 3); // not the loan (no consent), not the firm's (another subject)
    assert_int_equal(verdict_of(&answer, "person_card"), ZT_MATCH);
    assert_int_equal(verdict_of(&answer, "car_license"), ZT_MATCH);
    assert_int_equal(verdict_of(&answer, "no_car"), ZT_MISMATCH);
    assert_int_equal(answer.found_count, 0);
    assert_string_equal(answer.certificate, "");
    assert_int_equal(zt_ledger_size(hall.ledger), size + 1); // one look, one entry, nothing signed
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_int_equal(entry.mode, ZT_MODE_RESOLVE);
    assert_int_equal(entry.subject.len, ZT_PSEUDONYM_LEN);
    zt_world_heard(&hall.world, "public_security.car", 0, 0, 0);
    q = resolve_question(WORLD_BEN);
    answer = zt_hall_ask(&hall, &q);
    assert_int_equal(verdict_of(&answer, "car_license"), ZT_VERDICT_UNKNOWN);
    assert_int_equal(verdict_of(&answer, "no_car"), ZT_VERDICT_UNKNOWN);
    assert_int_equal(answer.freshness.state, ZT_FRESH_UNKNOWN);
}

static void resolve_of_one_type(void **state)
{
    (void)state;
    struct zt_request q = resolve_question(WORLD_ANN);
    q.type = "no_car";
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    assert_int_equal(answer.verdict_count, 1);
    assert_int_equal(verdict_of(&answer, "no_car"), ZT_MATCH);
}

static void resolve_refuses(void **state)
{
    (void)state;
    struct zt_request q = resolve_question(WORLD_ANN);
    q.purpose = "p.check"; // no certificate of the item may be had for it
    assert_string_equal(zt_hall_ask(&hall, &q).rule, "grant.purpose");
    q = resolve_question(WORLD_ANN);
    q.item = "item.two";
    assert_string_equal(zt_hall_ask(&hall, &q).rule, "purpose.item");
    q = resolve_question(WORLD_ANN);
    q.item = "item.two";
    q.purpose = "p.other";
    assert_string_equal(zt_hall_ask(&hall, &q).rule, "grant.none");
    q = resolve_question(WORLD_ANN);
    q.item = "nothing";
    assert_string_equal(zt_hall_ask(&hall, &q).rule, "item.unknown");
    q = resolve_question("370702199003070116");
    assert_string_equal(zt_hall_ask(&hall, &q).rule, "gb11643.check");
    q = resolve_question(WORLD_ANN);
    zt_hall_ask(&hall, &q);
    assert_string_equal(zt_hall_ask(&hall, &q).rule, "request.repeat");
    q = resolve_question(WORLD_ANN);
    q.type = "ps.person"; // no certificate type
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    assert_int_not_equal(answer.status, ZT_STATUS_OK);
}

#define PATIENT(name)   cmocka_unit_test_setup_teardown(name, open_patient, close_hall)
#define IMPATIENT(name) cmocka_unit_test_setup_teardown(name, open_impatient, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PATIENT(certificates_of_both_kinds),
        PATIENT(the_identifier_names_the_intent),
        PATIENT(what_the_records_do_not_allow),
        PATIENT(a_proof_of_none),
        PATIENT(a_proof_of_none_needs_a_complete_source),
        PATIENT(stale_sources),
        PATIENT(an_optional_record_is_shown_when_it_is_there),
        PATIENT(the_holder_must_be_named_right),
        PATIENT(a_signer_that_misbehaves),
        IMPATIENT(a_signer_that_is_silent),
        PATIENT(a_signer_with_new_keys),
        PATIENT(a_signer_that_is_away_for_a_moment),
        PATIENT(lookups_never_wait_for_the_signer),
        PATIENT(more_than_can_be_under_way),
        PATIENT(told_to_stop_with_one_under_way),
        PATIENT(revoked_in_between),
        PATIENT(resolve_says_what_could_be_had),
        PATIENT(resolve_of_one_type),
        PATIENT(resolve_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
