// SPDX-License-Identifier: Apache-2.0
// The desk over real CURVE sockets: who may ask what, and every question an entry before its answer.
#include "broker/desk/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "broker/control.h"
#include "broker/desk/office.h"
#include "proto/wire.h"

static struct office office;

static int setup(void **state)
{
    (void)state;
    office_open(&office, NULL);
    return 0;
}

static void quick(struct zt_desk_options *options)
{
    options->append_ms = 2000; // long enough for a disk under load, when the counter works
}

static int setup_quick(void **state)
{
    (void)state;
    office_open(&office, quick);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    office_close(&office);
    return 0;
}

static void expect_refusal(struct zt_sock *sock, const struct zt_desk_request *request, enum zt_status status,
                           const char *rule)
{
    struct zt_desk_answer answer;
    struct zt_entry entry = office_ask(&office, sock, request, &answer);
    assert_int_equal(answer.status, status);
    assert_string_equal(answer.rule, rule);
    assert_true(answer.text_zh[0] != '\0' && answer.text_en[0] != '\0');
    assert_int_equal(answer.line_count + answer.source_count + answer.stat_count + answer.proof_count, 0);
    assert_int_equal(answer.leaf.len, 0);
    assert_int_equal(entry.kind, ZT_ENTRY_DENIAL);
}

static void roles(void **state)
{
    (void)state;
    static const struct {
        const char *party;
        bool may[5]; // by act
    } cases[] = {
        {"audit-office", {false, true, true, true, false}},
        {"operations", {false, false, false, true, true}},
        {"hall", {false}},         // a consumer
        {"counter-bank", {false}}, // another
        {"police", {false}},       // a producer
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_sock *sock = office_connect(&office, cases[i].party);
        for (int act = ZT_DESK_SEARCH; act <= ZT_DESK_RELOAD; act++) {
            struct zt_desk_request request = office_question((enum zt_desk_act)act);
            struct zt_desk_answer answer;
            if (!cases[i].may[act]) {
                expect_refusal(sock, &request, ZT_STATUS_DENIED, "desk.role");
            } else if (act != ZT_DESK_RELOAD) {
                struct zt_entry entry = office_ask(&office, sock, &request, &answer);
                assert_int_not_equal(answer.status, ZT_STATUS_DENIED);
                assert_string_equal(entry.party, cases[i].party);
                assert_int_equal(entry.kind, i == 0 ? ZT_ENTRY_AUDIT : ZT_ENTRY_ADMIN);
                assert_non_null(strstr(entry.note, "reason=file 2026-11"));
            }
        }
        zt_sock_close(&sock);
    }
    assert_int_equal(atomic_load(&office.options.counts.denials), 2 + 1 + 3 * 4 - 0);
}

static void officer_and_reason_are_required(void **state)
{
    (void)state;
    struct zt_sock *sock = office_connect(&office, "audit-office");
    struct zt_desk_request request = office_question(ZT_DESK_STATUS);
    request.officer = "";
    expect_refusal(sock, &request, ZT_STATUS_INVALID, "request.officer");
    request = office_question(ZT_DESK_STATUS);
    request.reason = " \t";
    expect_refusal(sock, &request, ZT_STATUS_INVALID, "desk.reason");
    request = office_question(ZT_DESK_STATUS);
    request.time -= 5 * 60 * 1000 + 5000;
    expect_refusal(sock, &request, ZT_STATUS_INVALID, "request.time");
    request = office_question(ZT_DESK_STATUS);
    request.time += 5 * 60 * 1000 + 5000;
    expect_refusal(sock, &request, ZT_STATUS_INVALID, "request.time");
    zt_sock_close(&sock);
}

static const struct zt_desk_stat *stat_of(const struct zt_desk_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->stat_count; i++)
        if (strcmp(answer->stats[i].name, name) == 0)
            return &answer->stats[i];
    fail_msg("no figure %s", name);
    return NULL;
}

static enum zt_fresh fresh_of(const struct zt_desk_answer *answer, const char *source)
{
    for (size_t i = 0; i < answer->source_count; i++)
        if (strcmp(answer->sources[i].source, source) == 0)
            return answer->sources[i].fresh;
    fail_msg("no source %s", source);
    return ZT_FRESH_UNKNOWN;
}

static void status_shows_sources_and_figures(void **state)
{
    (void)state;
    int64_t now = zt_now_ms();
    struct zt_desk_answer answer;
    struct zt_sock *sock = office_connect(&office, "operations");
    zt_world_heard(&office.world, "public_security.person", now, now, now);
    zt_world_heard(&office.world, "pboc.loan_a", now - INT64_C(400) * 86400000, 0, 0);
    struct zt_desk_request request = office_question(ZT_DESK_STATUS);
    office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.source_count, 5);
    assert_int_equal(fresh_of(&answer, "public_security.person"), ZT_FRESH);
    assert_int_equal(fresh_of(&answer, "pboc.loan_a"), ZT_STALE);
    assert_int_equal(fresh_of(&answer, "pboc.loan_b"), ZT_FRESH_UNKNOWN);
    assert_int_equal(stat_of(&answer, "ledger.size")->value, 0);
    assert_int_equal(stat_of(&answer, "catalogue.sources")->value, 5);
    assert_true(stat_of(&answer, "store.map_size")->value > 0);
    request = office_question(ZT_DESK_STATUS);
    office_ask(&office, sock, &request, &answer);
    assert_int_equal(stat_of(&answer, "ledger.size")->value, 1);
    assert_int_equal(stat_of(&answer, "desk.statuses")->value, 1);
    zt_sock_close(&sock);
}

static void proofs(void **state)
{
    (void)state;
    struct zt_desk_answer answer;
    struct zt_sock *sock = office_connect(&office, "audit-office");
    struct zt_entry entry = {.kind = ZT_ENTRY_ANSWER, .time = 1, .party = "hall", .case_no = "c-1"};
    for (int i = 0; i < 300; i++)
        office_put(&office, &entry);
    struct zt_desk_request request = office_question(ZT_DESK_PROVE);
    request.index = 7;
    office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_UNKNOWN);
    assert_string_equal(answer.rule, "ledger.unsealed");
    office_seal(&office);
    request = office_question(ZT_DESK_PROVE);
    request.index = 7;
    struct zt_entry own = office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(own.kind, ZT_ENTRY_AUDIT);
    assert_non_null(strstr(own.note, "act=prove"));
    assert_non_null(strstr(own.note, "index=7"));
    struct zt_checkpoint checkpoint;
    struct zt_proof proof = {.count = answer.proof_count};
    uint8_t leaf[ZT_HASH_LEN];
    assert_int_equal(zt_checkpoint_parse(zt_bytes_str(answer.checkpoint), &checkpoint, NULL), ZT_OK);
    for (size_t i = 0; i < proof.count; i++)
        memcpy(proof.hashes[i], answer.proof[i].data, ZT_HASH_LEN);
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, answer.leaf, leaf), ZT_OK);
    assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, 7, checkpoint.size, leaf, &proof, checkpoint.root),
                     ZT_OK);
    request = office_question(ZT_DESK_PROVE);
    request.index = 1000000;
    office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_NONE);
    assert_string_equal(answer.rule, "ledger.absent");
    zt_sock_close(&sock);
}

// Frames cut at every byte, and others: who names a question is told which rule it breaks, others are
// dropped, and the desk goes on.
static void malformed_frames(void **state)
{
    (void)state;
    struct zt_buf frame;
    struct zt_desk_answer answer;
    struct zt_sock *sock = office_connect(&office, "audit-office");
    struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
    office_ask(&office, sock, &request, &answer); // connected
    zt_buf_init(&frame, 4096);
    zt_wire_start(&frame, ZT_WIRE_DESK_REQUEST);
    request = office_question(ZT_DESK_SEARCH);
    assert_int_equal(zt_desk_request_encode(&request, &frame), ZT_OK);
    size_t told = 0, sent = 0;
    for (size_t len = 0; len < frame.len; len++, sent++)
        assert_int_equal(zt_sock_send(sock, NULL, 0, (struct zt_bytes){frame.data, len}), ZT_OK);
    frame.data[3] = ZT_WIRE_REQUEST; // of another window
    assert_int_equal(zt_sock_send(sock, NULL, 0, zt_buf_bytes(&frame)), ZT_OK);
    zt_buf_fini(&frame);
    while (told + atomic_load(&office.options.counts.malformed) < sent + 1) {
        uint8_t leaf[ZT_HASH_LEN];
        if (office_receive(&office, sock, 5, &answer, NULL) != ZT_OK)
            continue;
        // Some cuts leave a whole message that lacks its last fields; those break another rule, or none.
        assert_memory_equal(answer.id, request.id, sizeof request.id);
        struct zt_entry entry = office_entry(&office, answer.ledger_index, leaf);
        assert_int_equal(entry.kind, answer.status == ZT_STATUS_OK ? ZT_ENTRY_AUDIT : ZT_ENTRY_DENIAL);
        told++;
    }
    request = office_question(ZT_DESK_STATUS);
    office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_true(told > 10);
    zt_sock_close(&sock);
}

static void nothing_leaves_before_its_entry(void **state)
{
    (void)state;
    struct zt_desk_answer answer;
    struct zt_sock *audit = office_connect(&office, "audit-office"), *hall = office_connect(&office, "hall");
    struct zt_desk_request request = office_question(ZT_DESK_STATUS),
                           denied = office_question(ZT_DESK_STATUS);
    atomic_store(&office.manner, OFFICE_COUNTER_JAMMED);
    office_send(&office, audit, &request, NULL);
    office_send(&office, hall, &denied, NULL);
    assert_int_equal(office_receive(&office, audit, 150, &answer, NULL), ZT_E_TIMEOUT);
    assert_int_equal(office_receive(&office, hall, 50, &answer, NULL), ZT_E_TIMEOUT); // not even "denied"
    assert_int_equal(zt_ledger_size(office.ledger), 0);
    atomic_store(&office.manner, OFFICE_COUNTER_WORKS);
    assert_int_equal(office_receive(&office, audit, OFFICE_WAIT_MS, &answer, NULL), ZT_OK);
    assert_int_equal(office_receive(&office, hall, OFFICE_WAIT_MS, &answer, NULL), ZT_OK);
    assert_int_equal(zt_ledger_size(office.ledger), 2);
    zt_sock_close(&audit);
    zt_sock_close(&hall);
}

static void broken_ledger_means_silence(void **state)
{
    (void)state;
    struct zt_desk_answer answer;
    struct zt_sock *sock = office_connect(&office, "audit-office");
    struct zt_desk_request request = office_question(ZT_DESK_STATUS);
    atomic_store(&office.manner, OFFICE_COUNTER_BROKEN);
    office_send(&office, sock, &request, NULL);
    int64_t end = zt_monotonic_ms() + OFFICE_WAIT_MS;
    while (atomic_load(&office.options.counts.undelivered) == 0 && zt_monotonic_ms() < end)
        assert_int_equal(office_receive(&office, sock, 20, &answer, NULL), ZT_E_TIMEOUT);
    assert_int_equal(atomic_load(&office.options.counts.undelivered), 1);
    assert_int_equal(office_receive(&office, sock, 50, &answer, NULL), ZT_E_TIMEOUT);
    zt_sock_close(&sock);
}

static void late_receipts_answer_nobody(void **state)
{
    (void)state;
    struct zt_desk_answer answer;
    struct zt_sock *sock = office_connect(&office, "audit-office");
    struct zt_desk_request late = office_question(ZT_DESK_STATUS), next = office_question(ZT_DESK_STATUS);
    atomic_store(&office.manner, OFFICE_COUNTER_JAMMED);
    office_send(&office, sock, &late, NULL);
    int64_t end = zt_monotonic_ms() + OFFICE_WAIT_MS;
    while (atomic_load(&office.options.counts.undelivered) == 0 && zt_monotonic_ms() < end)
        assert_int_equal(office_receive(&office, sock, 20, &answer, NULL), ZT_E_TIMEOUT);
    atomic_store(&office.manner, OFFICE_COUNTER_WORKS);
    office_ask(&office, sock, &next, &answer); // the first answer that comes is of the second question
    assert_int_equal(answer.status, ZT_STATUS_OK);
    zt_sock_close(&sock);
}

static void busy(void **state)
{
    (void)state;
    static const int asked = 100;
    struct zt_desk_answer answer;
    struct zt_sock *sock = office_connect(&office, "audit-office");
    int answered = 0, refused = 0;
    atomic_store(&office.manner, OFFICE_COUNTER_JAMMED);
    for (int i = 0; i < asked; i++) {
        struct zt_desk_request request = office_question(ZT_DESK_PROVE);
        office_send(&office, sock, &request, NULL);
    }
    int64_t end = zt_monotonic_ms() + OFFICE_WAIT_MS;
    while (atomic_load(&office.options.counts.busy) < ZT_DESK_WAITING && zt_monotonic_ms() < end)
        assert_int_equal(office_receive(&office, sock, 5, &answer, NULL), ZT_E_TIMEOUT);
    atomic_store(&office.manner, OFFICE_COUNTER_WORKS);
    for (int i = 0; i < asked; i++) {
        assert_int_equal(office_receive(&office, sock, OFFICE_WAIT_MS, &answer, NULL), ZT_OK);
        if (strcmp(answer.rule, "desk.busy") == 0)
            refused++;
        else
            answered++;
    }
    assert_true(refused >= ZT_DESK_WAITING && answered >= ZT_DESK_WAITING);
    assert_int_equal(zt_ledger_size(office.ledger), asked); // "busy" too is an entry
    zt_sock_close(&sock);
}

static void expect_control(enum zt_control_act act, struct zt_control *control)
{
    struct zt_msg msg;
    zt_msg_init(&msg);
    assert_int_equal(zt_sock_recv_within(zt_actor_pipe(office.desk), &msg, OFFICE_WAIT_MS), ZT_OK);
    assert_int_equal(zt_control_parse(msg.frame, control, NULL), ZT_OK);
    assert_int_equal(control->act, act);
    zt_msg_fini(&msg);
}

static void tell(const struct zt_control *control)
{
    assert_int_equal(zt_control_send(zt_actor_pipe(office.desk), control), ZT_OK);
}

static void reload_done(void **state)
{
    (void)state;
    uint8_t leaf[ZT_HASH_LEN];
    struct zt_control control, done = {.act = ZT_CONTROL_RELOADED};
    struct zt_desk_answer answer;
    struct zt_sock *sock = office_connect(&office, "operations");
    struct zt_desk_request request = office_question(ZT_DESK_RELOAD),
                           second = office_question(ZT_DESK_RELOAD);
    office_send(&office, sock, &request, NULL);
    expect_control(ZT_CONTROL_RELOAD, &control);
    struct zt_entry wish = office_entry(&office, 0, leaf); // durable before main hears of it
    assert_int_equal(wish.kind, ZT_ENTRY_ADMIN);
    assert_string_equal(wish.rule, "reload.wish");
    expect_refusal(sock, &second, ZT_STATUS_TROUBLE, "desk.reloading");
    tell(&done);
    assert_int_equal(office_receive(&office, sock, OFFICE_WAIT_MS, &answer, NULL), ZT_OK);
    assert_memory_equal(answer.id, request.id, sizeof answer.id);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    struct zt_entry outcome = office_entry(&office, answer.ledger_index, leaf);
    assert_memory_equal(answer.ledger_hash, leaf, sizeof leaf);
    assert_int_equal(outcome.kind, ZT_ENTRY_ADMIN);
    assert_int_equal(outcome.intent, 1);
    assert_string_equal(outcome.officer, "auditor-7");
    assert_non_null(strstr(outcome.note, "act=reload; done; reason=file 2026-11"));
    zt_sock_close(&sock);
}

static void reload_refused(void **state)
{
    (void)state;
    struct zt_control control, refused = {.act = ZT_CONTROL_RELOADED};
    struct zt_desk_answer answer;
    struct zt_sock *sock = office_connect(&office, "operations");
    for (int i = 0; i < 2; i++) { // the second shows that the first left nothing behind
        struct zt_desk_request request = office_question(ZT_DESK_RELOAD);
        office_send(&office, sock, &request, NULL);
        expect_control(ZT_CONTROL_RELOAD, &control);
        zt_fault_set(&refused.fault, ZT_E_CONFIG, "catalogue.tag", "x.yaml:7", "x.yaml:7:3: tag 9 twice");
        tell(&refused);
        assert_int_equal(office_receive(&office, sock, OFFICE_WAIT_MS, &answer, NULL), ZT_OK);
        assert_int_equal(answer.status, ZT_STATUS_INVALID);
        assert_string_equal(answer.rule, "catalogue.tag");
        assert_string_equal(answer.text_en, "x.yaml:7:3: tag 9 twice");
        assert_true(answer.text_zh[0] != '\0');
    }
    zt_sock_close(&sock);
}

// A new catalogue in which the auditor is revoked: the open session is refused from the next question on.
static void revoked_in_an_open_session(void **state)
{
    (void)state;
    char dir[512], etc[256], command[1024];
    struct zt_control control;
    struct zt_desk_answer answer;
    struct zt_faults faults = {0};
    struct zt_catalogue *newer = NULL;
    struct zt_sock *sock = office_connect(&office, "audit-office");
    struct zt_desk_request request = office_question(ZT_DESK_STATUS);
    office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    zt_world_path(&office.world, "etc", etc);
    (void)!snprintf(command, sizeof command,
                    "sed -i '/id: audit-office/s/roles: \\[auditor\\]/roles: [auditor], revoked: true/' "
                    "%s/parties/parties.yaml",
                    etc);
    assert_int_equal(system(command), 0);
    (void)!snprintf(dir, sizeof dir, "%s/tests/samples/small-city/catalogue", getenv("ZT_SOURCE_DIR"));
    assert_int_equal(zt_catalogue_load(dir, etc, &newer, &faults), ZT_OK);
    zt_faults_fini(&faults);
    tell(&(struct zt_control){.act = ZT_CONTROL_CATALOGUE, .catalogue = newer});
    expect_control(ZT_CONTROL_TAKEN, &control);
    assert_ptr_equal(control.catalogue, newer);
    zt_catalogue_release(&newer); // the desk has its own reference
    request = office_question(ZT_DESK_STATUS);
    expect_refusal(sock, &request, ZT_STATUS_DENIED, "party.revoked");
    zt_sock_close(&sock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(roles, setup, teardown),
        cmocka_unit_test_setup_teardown(officer_and_reason_are_required, setup, teardown),
        cmocka_unit_test_setup_teardown(status_shows_sources_and_figures, setup, teardown),
        cmocka_unit_test_setup_teardown(proofs, setup, teardown),
        cmocka_unit_test_setup_teardown(malformed_frames, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_leaves_before_its_entry, setup, teardown),
        cmocka_unit_test_setup_teardown(broken_ledger_means_silence, setup, teardown),
        cmocka_unit_test_setup_teardown(late_receipts_answer_nobody, setup_quick, teardown),
        cmocka_unit_test_setup_teardown(busy, setup, teardown),
        cmocka_unit_test_setup_teardown(reload_done, setup, teardown),
        cmocka_unit_test_setup_teardown(reload_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(revoked_in_an_open_session, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
