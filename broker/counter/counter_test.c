// SPDX-License-Identifier: Apache-2.0
// The counter as its consumers see it: questions over CURVE, answers, and the entry of each in the ledger.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "broker/control.h"
#include "broker/counter/hall.h"
#include "broker/counter/policy.h"
#include "broker/ledger/mail.h"
#include "proto/wire.h"

static struct zt_hall hall;

static int open_hall(void **state)
{
    (void)state;
    zt_hall_open(&hall, 0);
    zt_world_all_heard(&hall.world, zt_now_ms());
    zt_world_put(&hall.world, &(struct zt_world_record){.type = "ps.person",
                                                        .key = "ann",
                                                        .number = WORLD_ANN,
                                                        .name = "安娜",
                                                        .values = "id_no=" WORLD_ANN ";name=安娜;sex=2"});
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    zt_hall_close(&hall);
    return 0;
}

static void assert_pseudonym(struct zt_bytes subject, const char *number)
{
    uint8_t pseudonym[ZT_PSEUDONYM_LEN];
    assert_int_equal(zt_pseudonym(hall.world.store, "111", number, pseudonym), ZT_OK);
    assert_int_equal(subject.len, sizeof pseudonym);
    assert_memory_equal(subject.data, pseudonym, sizeof pseudonym);
}

static void a_lookup_and_its_entry(void **state)
{
    (void)state;
    const char *names[] = {"sex", "name"};
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    uint8_t question_hash[ZT_HASH_LEN];
    q.fields = names;
    q.field_count = 2;
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    struct zt_bytes sent = {hall.frame.data + ZT_WIRE_HEAD, hall.frame.len - ZT_WIRE_HEAD};
    assert_int_equal(zt_hash_of(ZT_SM3, sent, question_hash), ZT_OK);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.found_count, 1);
    assert_int_equal(answer.found[0].field_count, 2);
    assert_int_equal(answer.freshness.state, ZT_FRESH);
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_int_equal(entry.kind, ZT_ENTRY_ANSWER);
    assert_string_equal(entry.party, "hall");
    assert_string_equal(entry.officer, "W-7");
    assert_string_equal(entry.item, "item.one");
    assert_string_equal(entry.purpose, "p.check");
    assert_string_equal(entry.case_no, "C-1");
    assert_string_equal(entry.type, "ps.person");
    assert_int_equal(entry.mode, ZT_MODE_FETCH);
    assert_pseudonym(entry.subject, WORLD_ANN);
    assert_int_equal(entry.asked_count, 2);
    assert_int_equal(entry.asked[0], 3);
    assert_int_equal(entry.asked[1], 2);
    assert_int_equal(entry.given_count, 2);
    assert_memory_equal(entry.request_hash.data, question_hash, ZT_HASH_LEN);
    assert_int_equal(entry.intent, 0);
    assert_true(llabs(entry.time - zt_now_ms()) < HALL_WAIT_MS);
}

static void a_check_and_its_entry(void **state)
{
    (void)state;
    struct zt_claim claims[] = {{"name", "安娜"}, {"sex", "1"}, {"birth", "1990-03-07"}};
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_VERIFY, "ps.person", WORLD_ANN);
    q.claims = claims;
    q.claim_count = 3;
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.found_count, 0);
    assert_int_equal(answer.verdict_count, 3);
    assert_int_equal(answer.verdicts[0].verdict, ZT_MATCH);
    assert_int_equal(answer.verdicts[1].verdict, ZT_MISMATCH);
    assert_int_equal(answer.verdicts[2].verdict, ZT_VERDICT_UNKNOWN);
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_int_equal(entry.mode, ZT_MODE_VERIFY);
    assert_int_equal(entry.asked_count, 3);
}

static void refusals_are_entries_with_their_subject(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    const char *names[] = {"name", "address"};
    q.fields = names;
    q.field_count = 2;
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    assert_int_equal(answer.status, ZT_STATUS_DENIED);
    assert_string_equal(answer.rule, "grant.field");
    assert_null(strstr(answer.text_en, "address"));
    assert_int_equal(answer.found_count, 0);
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_int_equal(entry.kind, ZT_ENTRY_DENIAL);
    assert_pseudonym(entry.subject, WORLD_ANN);
    assert_int_equal(entry.asked_count, 2);
    assert_int_equal(entry.given_count, 0);
}

static void a_party_that_may_not_ask(void **state)
{
    (void)state;
    struct zt_sock *auditor = zt_hall_connect(&hall, "audit-office");
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    zt_hall_send(&hall, auditor, &q);
    struct zt_answer answer = zt_hall_recv(&hall, auditor);
    assert_string_equal(answer.rule, "party.role");
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_string_equal(entry.party, "audit-office");
    assert_int_equal(entry.kind, ZT_ENTRY_DENIAL);
    zt_sock_close(&auditor);
}

static void malformed_subjects(void **state)
{
    (void)state;
    static const struct {
        const char *id_type, *number, *type, *rule;
    } cases[] = {
        {"111", "370702199003070116", "ps.person", "gb11643.check"},
        {"111", "37070219900307011", "ps.person", "gb11643.length"},
        {"111", "370702209903070113", "ps.person", "gb11643.future"},
        {"111", "", "ps.person", "subject.missing"},
        {"", WORLD_ANN, "ps.person", "subject.missing"},
        {"999", WORLD_ANN, "ps.person", "subject.id-type"},
        {"citizen", WORLD_ANN, "ps.person", "subject.id-type"},
        {"001", WORLD_ANN, "mr.firm", "gb32100."},
        {"001", WORLD_FIRM, "ps.person", "subject.kind"},
        {"111", WORLD_ANN, "mr.firm", "subject.kind"},
        {"111", WORLD_ANN, "ps.place", "subject.kind"},
        {"000", "1234", "ps.person", "subject.kind"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, cases[i].type, cases[i].number);
        q.subject.id_type = cases[i].id_type;
        struct zt_answer answer = zt_hall_ask(&hall, &q);
        assert_int_equal(answer.status, ZT_STATUS_INVALID);
        if (strncmp(answer.rule, cases[i].rule, strlen(cases[i].rule)) != 0)
            fail_msg("case %zu: want %s, got %s", i, cases[i].rule, answer.rule);
        struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
        assert_int_equal(entry.kind, ZT_ENTRY_DENIAL);
        assert_int_equal(entry.subject.len, 0);
    }
}

static void the_same_id_twice(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    assert_int_equal(zt_hall_ask(&hall, &q).status, ZT_STATUS_OK);
    struct zt_answer answer = zt_hall_ask(&hall, &q);
    assert_int_equal(answer.status, ZT_STATUS_INVALID);
    assert_string_equal(answer.rule, "request.repeat");
    assert_int_equal(zt_hall_entry_of(&hall, &answer).kind, ZT_ENTRY_DENIAL);
    q.type = "ps.car"; // the id, not the question, is what repeats
    answer = zt_hall_ask(&hall, &q);
    assert_string_equal(answer.rule, "request.repeat");
}

static void send_bytes(const void *bytes, size_t len)
{
    zt_hall_send_frame(hall.consumer, (struct zt_bytes){bytes, len});
}

// A question whose body is broken behind its id is told so; frames without an id are counted only.
static void broken_frames(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    uint64_t size = zt_ledger_size(hall.ledger);
    uint64_t malformed = atomic_load(&hall.options.counts.malformed);
    assert_int_equal(zt_request_encode(&q, &hall.frame), ZT_OK);
    hall.frame.data[hall.frame.len - 1] ^= 0x80;
    send_bytes(hall.frame.data, hall.frame.len);
    struct zt_answer answer = zt_hall_recv(&hall, hall.consumer);
    assert_memory_equal(answer.id, q.id, sizeof q.id);
    assert_int_equal(answer.status, ZT_STATUS_INVALID);
    struct zt_entry entry = zt_hall_entry_of(&hall, &answer);
    assert_int_equal(entry.kind, ZT_ENTRY_DENIAL);
    assert_string_equal(entry.party, "hall");
    assert_int_equal(entry.subject.len, 0);
    send_bytes("", 0);
    send_bytes("ZT", 2);
    send_bytes("ZT\x02\x10", 4);
    send_bytes("ZT\x01\x11", 4);
    send_bytes("ZT\x01\x10", 4);
    send_bytes("ZT\x01\x10\xff\xff\xff\xff", 8);
    zt_hall_assert_silent(&hall, hall.consumer); // one more question, and it alone is answered
    assert_int_equal(zt_ledger_size(hall.ledger), size + 2);
    assert_int_equal(atomic_load(&hall.options.counts.malformed), malformed + 6);
}

// Every cut of a good question: answered or counted, and the counter lives.
static void questions_cut_anywhere(void **state)
{
    (void)state;
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    struct zt_buf whole;
    zt_buf_init(&whole, ZT_FRAME_SMALL);
    uint64_t size = zt_ledger_size(hall.ledger), malformed = atomic_load(&hall.options.counts.malformed);
    assert_int_equal(zt_request_encode(&q, &whole), ZT_OK);
    for (size_t len = 0; len < whole.len; len++)
        send_bytes(whole.data, len);
    q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    zt_hall_send(&hall, hall.consumer, &q);
    size_t answered = 0;
    for (bool last = false; !last; answered++) {
        struct zt_answer answer = zt_hall_recv(&hall, hall.consumer);
        last = memcmp(answer.id, q.id, sizeof q.id) == 0;
        assert_true(last || answer.status != ZT_STATUS_OK);
    }
    assert_int_equal(zt_ledger_size(hall.ledger), size + answered);
    assert_int_equal(atomic_load(&hall.options.counts.malformed) - malformed + answered, whole.len + 1);
    zt_buf_fini(&whole);
}

#define MANY 1500

static void many_at_once(void **state)
{
    (void)state;
    static uint8_t seen[MANY];
    struct zt_request first = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    uint64_t size = zt_ledger_size(hall.ledger), batches = atomic_load(&hall.options.counts.batches);
    uint32_t base = hall.next_id;
    zt_hall_send(&hall, hall.consumer, &first);
    for (uint32_t i = 1; i < MANY; i++) {
        struct zt_request q =
            zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", i % 3 ? WORLD_ANN : WORLD_CAT);
        zt_hall_send(&hall, hall.consumer, &q);
    }
    memset(seen, 0, sizeof seen);
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t id;
        struct zt_answer answer = zt_hall_recv(&hall, hall.consumer);
        memcpy(&id, answer.id, sizeof id);
        assert_true(id >= base && id < base + MANY);
        assert_int_equal(seen[id - base]++, 0);
        assert_int_equal(answer.ledger_index, size + (id - base)); // in the order of the questions
        zt_hall_entry_of(&hall, &answer);
        zt_arena_reset(&hall.world.arena);
    }
    assert_int_equal(zt_ledger_size(hall.ledger), size + MANY);
    assert_true(atomic_load(&hall.options.counts.batches) - batches < MANY); // shared appends
}

static void mail_of_other_threads(void **state)
{
    (void)state;
    struct zt_mail *mail;
    struct zt_entry entry = {.kind = ZT_ENTRY_CONFIG, .time = 1, .party = "broker", .note = "rules"};
    struct zt_buf bytes;
    uint64_t index, size = zt_ledger_size(hall.ledger);
    uint8_t hash[1][ZT_HASH_LEN];
    zt_buf_init(&bytes, ZT_ENTRY_MAX);
    assert_int_equal(zt_entry_encode(&entry, &bytes), ZT_OK);
    struct zt_bytes list[] = {zt_buf_bytes(&bytes)};
    assert_int_equal(zt_mail_open(hall.net, &mail, NULL), ZT_OK);
    assert_int_equal(zt_mail_call(mail, list, 1, HALL_WAIT_MS, &index, hash), ZT_OK);
    assert_int_equal(index, size);
    assert_string_equal(zt_hall_entry(&hall, index, hash[0]).note, "rules");
    zt_mail_close(&mail);
    zt_buf_fini(&bytes);
}

// Read your writes: who asks after the commit sees it, also when the counter was busy before.
static void a_committed_record_is_seen(void **state)
{
    (void)state;
    for (uint64_t version = 2; version < 30; version++) {
        struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "mr.firm", WORLD_FIRM);
        zt_world_put(&hall.world, &(struct zt_world_record){.type = "mr.firm",
                                                            .key = "firm",
                                                            .number = WORLD_FIRM,
                                                            .version = version,
                                                            .values = "uscc=" WORLD_FIRM ";name=甲"});
        struct zt_answer answer = zt_hall_ask(&hall, &q);
        assert_int_equal(answer.status, ZT_STATUS_OK);
        assert_int_equal(answer.found[0].version, version);
    }
}

// Records of so many Chinese characters under the key of a place.
static struct zt_answer ask_places(const char *place, size_t characters, bool one)
{
    char values[6000], text[5500], key[16];
    for (size_t i = 0; i < characters; i++)
        memcpy(text + 3 * i, "字", 3);
    for (unsigned i = 0; i < ZT_FOUND_MAX; i++) {
        snprintf(key, sizeof key, "%.8s-%02u", place, i);
        snprintf(values, sizeof values, "code=%s;text=%.*s", key, (int)(3 * characters), text);
        zt_world_put(&hall.world, &(struct zt_world_record){
                                      .type = "ps.place", .key = key, .number = place, .values = values});
    }
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.place", place);
    q.subject.id_type = "000";
    q.key = one ? key : "";
    return zt_hall_ask(&hall, &q);
}

static void an_answer_that_is_too_large(void **state)
{
    (void)state;
    struct zt_answer answer = ask_places("small", 1300, false);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.found_count, ZT_FOUND_MAX);
    zt_hall_entry_of(&hall, &answer);
    answer = ask_places("large", 1700, false); // 64 of these are more than a frame of 256 KiB
    assert_int_equal(answer.status, ZT_STATUS_INVALID);
    assert_string_equal(answer.rule, "answer.size");
    assert_int_equal(answer.found_count, 0);
    assert_int_equal(zt_hall_entry_of(&hall, &answer).given_count, 0);
    answer = ask_places("large", 1700, true); // and this is what the text advises
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.found_count, 1);
}

static void a_peer_that_is_gone(void **state)
{
    (void)state;
    uint64_t size = zt_ledger_size(hall.ledger);
    struct zt_sock *leaver = zt_hall_connect(&hall, "counter-bank");
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    zt_hall_send(&hall, leaver, &q);
    zt_sock_close(&leaver);
    zt_hall_assert_silent(&hall, hall.consumer);
    assert_true(zt_ledger_size(hall.ledger) >= size + 1); // the counter goes on, whoever left
}

static struct zt_catalogue *reload(const char *extra_grants)
{
    struct zt_catalogue *fresh = zt_world_reload(&hall.world, extra_grants);
    struct zt_control control = {.act = ZT_CONTROL_CATALOGUE, .catalogue = fresh};
    struct zt_msg msg;
    struct zt_sock *pipe = zt_actor_pipe(hall.counter);
    assert_int_equal(zt_control_send(pipe, &control), ZT_OK);
    zt_msg_init(&msg);
    assert_int_equal(zt_sock_recv_within(pipe, &msg, HALL_WAIT_MS), ZT_OK);
    assert_int_equal(zt_control_parse(msg.frame, &control, NULL), ZT_OK);
    zt_msg_fini(&msg);
    assert_int_equal(control.act, ZT_CONTROL_TAKEN);
    assert_ptr_equal(control.catalogue, fresh);
    return fresh;
}

static void a_new_catalogue_counts_at_once(void **state)
{
    (void)state;
    struct zt_sock *bank = zt_hall_connect(&hall, "counter-bank");
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "mr.firm", WORLD_FIRM);
    zt_hall_send(&hall, bank, &q);
    assert_string_equal(zt_hall_recv(&hall, bank).rule, "grant.none");
    struct zt_catalogue *fresh = reload("- party: counter-bank\n"
                                        "  item: item.one\n"
                                        "  record: mr.firm\n"
                                        "  modes: [fetch]\n"
                                        "  purposes: [p.check]\n"
                                        "  fields: [name]\n");
    q = zt_hall_question(&hall, ZT_MODE_FETCH, "mr.firm", WORLD_FIRM);
    zt_hall_send(&hall, bank, &q);
    struct zt_answer answer = zt_hall_recv(&hall, bank);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.found[0].field_count, 1);
    struct zt_catalogue *old = reload(NULL); // and it may be taken away again
    q = zt_hall_question(&hall, ZT_MODE_FETCH, "mr.firm", WORLD_FIRM);
    zt_hall_send(&hall, bank, &q);
    assert_string_equal(zt_hall_recv(&hall, bank).rule, "grant.none");
    zt_sock_close(&bank);
    zt_catalogue_release(&fresh); // the counter has let go of it; the sanitizers would see what it still used
    zt_catalogue_release(&old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lookup_and_its_entry),
        cmocka_unit_test(a_check_and_its_entry),
        cmocka_unit_test(refusals_are_entries_with_their_subject),
        cmocka_unit_test(a_party_that_may_not_ask),
        cmocka_unit_test(malformed_subjects),
        cmocka_unit_test(the_same_id_twice),
        cmocka_unit_test(broken_frames),
        cmocka_unit_test(questions_cut_anywhere),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(mail_of_other_threads),
        cmocka_unit_test(a_committed_record_is_seen),
        cmocka_unit_test(an_answer_that_is_too_large),
        cmocka_unit_test(a_peer_that_is_gone),
        cmocka_unit_test(a_new_catalogue_counts_at_once),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
