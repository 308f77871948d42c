// SPDX-License-Identifier: Apache-2.0
#include "broker/intake/intake_fixture.h"

static void expect_last_denial(struct zt_intake_fixture *f, unsigned count, const char *party,
                               const char *rule)
{
    assert_int_equal(atomic_load(&f->stub.entries), count);
    pthread_mutex_lock(&f->stub.lock);
    unsigned at = (count - 1) % 64;
    assert_int_equal(f->stub.seen[at].kind, ZT_ENTRY_DENIAL);
    assert_string_equal(f->stub.seen[at].party, party);
    assert_string_equal(f->stub.seen[at].rule, rule);
    pthread_mutex_unlock(&f->stub.lock);
}

static void a_new_source_begins_at_zero(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct zt_welcome welcome;
    hello(f, sock, ZT_SAMPLE_SOURCE, &welcome);
    assert_string_equal(welcome.rule, "");
    assert_int_equal(welcome.seq, 0);
    assert_int_equal(welcome.cursor.len, 0);
    zt_sock_close(&sock);
}

static void a_batch_is_taken_and_known_afterwards(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    struct zt_welcome welcome;
    draft_init(&draft, 1, 10, 3, 5);
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    assert_string_equal(ack.source, ZT_SAMPLE_SOURCE);
    assert_int_equal(ack.seq, 1);
    assert_int_equal(ack.accepted, 3);
    assert_int_equal(ack.ignored, 0);
    assert_int_equal(ack.reject_count, 0);
    assert_int_equal(stored_version(f, 10), 5);
    assert_int_equal(stored_version(f, 12), 5);
    assert_int_equal(stored_version(f, 13), 0);
    hello(f, sock, ZT_SAMPLE_SOURCE, &welcome);
    assert_int_equal(welcome.seq, 1);
    assert_true(zt_bytes_equal(welcome.cursor, zt_bytes_str("cursor")));
    // The same versions again in the next batch are ignored, and counted.
    draft_init(&draft, 2, 10, 3, 5);
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    assert_int_equal(ack.accepted, 0);
    assert_int_equal(ack.ignored, 3);
    zt_sock_close(&sock);
    assert_int_equal(atomic_load(&f->options.counts.batches), 2);
    assert_int_equal(atomic_load(&f->options.counts.records), 3);
    assert_int_equal(atomic_load(&f->options.counts.ignored), 3);
    assert_int_equal(atomic_load(&f->options.counts.denials), 0);
}

static void a_repeat_is_acknowledged_without_effect(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    draft_init(&draft, 1, 10, 1, 6); // other contents under the same number
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    assert_int_equal(ack.accepted, 0);
    assert_int_equal(stored_version(f, 10), 5);
    assert_int_equal(atomic_load(&f->options.counts.repeats), 1);
    zt_sock_close(&sock);
}

// The batches of an adapter that was killed come late: its successor has asked where to begin.
static void only_who_last_said_hello_may_send(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *old = producer(f, &f->party), *new = producer(f, &f->party);
    struct zt_welcome welcome;
    struct draft draft;
    struct zt_ack ack;
    hello(f, old, ZT_SAMPLE_SOURCE, &welcome);
    hello(f, new, ZT_SAMPLE_SOURCE, &welcome);
    assert_int_equal(welcome.seq, 0);
    draft_init(&draft, 1, 1, 1, 5);
    publish(f, old, &draft, &ack);
    assert_false(ack.taken);
    assert_string_equal(ack.rule, "publish.gap");
    assert_int_equal(stored_version(f, 1), 0);
    draft_init(&draft, 1, 2, 1, 5);
    publish(f, new, &draft, &ack);
    assert_true(ack.taken);
    assert_int_equal(stored_version(f, 2), 5);
    hello(f, old, ZT_SAMPLE_SOURCE, &welcome); // it lives after all, and takes the stream back
    assert_int_equal(welcome.seq, 1);
    draft_init(&draft, 2, 1, 1, 5);
    publish(f, old, &draft, &ack);
    assert_true(ack.taken);
    zt_sock_close(&old);
    zt_sock_close(&new);
}

static void a_gap_is_told_and_nothing_is_kept(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    draft_init(&draft, 2, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_false(ack.taken);
    assert_string_equal(ack.rule, "publish.gap");
    assert_int_equal(stored_version(f, 10), 0);
    assert_int_equal(atomic_load(&f->stub.entries), 0); // not a matter of rights
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    zt_sock_close(&sock);
}

static void many_batches_under_way_are_answered_in_order(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct zt_ack ack;
    for (uint64_t seq = 1; seq <= 12; seq++) {
        struct draft draft;
        draft_init(&draft, seq, (unsigned)seq * 10, 4, seq);
        send_batch(f, sock, &draft);
    }
    for (uint64_t seq = 1; seq <= 12; seq++) {
        await_ack(f, sock, &ack);
        assert_true(ack.taken);
        assert_int_equal(ack.seq, seq);
        assert_int_equal(stored_version(f, (unsigned)seq * 10), seq);
    }
    zt_sock_close(&sock);
}

static void a_bad_record_is_rejected_and_its_neighbours_are_in(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    draft_init(&draft, 1, 10, 7, 5);
    draft.records[1] = zt_bytes_str("\xff\xff\xff");           // not a record
    draft.samples[2].record.type = "no.such_type";             // not in the catalogue
    draft.samples[3].record.type = "ca.marriage_registration"; // another department's
    draft.samples[4].record.subject_count = 0;                 // about nobody
    draft.samples[5].fields[4].text = "77";                    // not in the code table
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    assert_int_equal(ack.accepted, 2);
    assert_int_equal(ack.reject_count, 5);
    static const char *const rules[] = {NULL, "publish.type-unknown", "publish.type-stream", "record.subject",
                                        NULL};
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(ack.rejects[i].index, i + 1);
        assert_true(strlen(ack.rejects[i].rule) > 0 && strlen(ack.rejects[i].text) > 0);
        if (rules[i])
            assert_string_equal(ack.rejects[i].rule, rules[i]);
    }
    assert_int_equal(stored_version(f, 10), 5);
    assert_int_equal(stored_version(f, 16), 5);
    for (unsigned person = 11; person <= 15; person++)
        assert_int_equal(stored_version(f, person), 0);
    assert_int_equal(atomic_load(&f->options.counts.rejected), 5);
    zt_sock_close(&sock);
}

static void a_wrong_signature_or_key_is_refused(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    draft_init(&draft, 1, 10, 1, 5);
    draft.spoil_signature = true;
    publish(f, sock, &draft, &ack);
    assert_false(ack.taken);
    assert_string_equal(ack.rule, "publish.signature");
    expect_last_denial(f, 1, ZT_SAMPLE_PARTY, "publish.signature");
    draft_init(&draft, 1, 10, 1, 5);
    draft.key_id = "civil-affairs-batch-1"; // exists, but is another party's
    publish(f, sock, &draft, &ack);
    assert_string_equal(ack.rule, "publish.key");
    expect_last_denial(f, 2, ZT_SAMPLE_PARTY, "publish.key");
    struct zt_key *own = f->key;
    assert_int_equal(zt_key_new(ZT_SM2, &f->key), ZT_OK); // right name, wrong key
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_string_equal(ack.rule, "publish.signature");
    zt_key_destroy(&f->key);
    assert_int_equal(zt_key_new(ZT_ES256, &f->key), ZT_OK); // right name, other algorithm
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_string_equal(ack.rule, "publish.key");
    zt_key_destroy(&f->key);
    f->key = own;
    assert_int_equal(stored_version(f, 10), 0);
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    zt_sock_close(&sock);
}

static void every_signed_part_is_covered(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct zt_ack ack;
    for (int part = 0; part < 4; part++) {
        struct draft draft;
        draft_init(&draft, 1, 10, 2, 5);
        encode_records(&draft);
        assert_int_equal(zt_sample_sign(&draft.batch, draft.key_id, f->key, draft.signature), ZT_OK);
        if (part == 0)
            draft.batch.cursor = zt_bytes_str("cursoR");
        else if (part == 1)
            draft.batch.made_at++;
        else if (part == 2)
            draft.batch.record_count = 1;
        else
            draft.records[0] = draft.records[1];
        zt_buf_reset(&f->frame);
        assert_int_equal(zt_batch_encode(&draft.batch, &f->frame), ZT_OK);
        send_frame(sock, zt_buf_bytes(&f->frame));
        await_ack(f, sock, &ack);
        assert_false(ack.taken);
        assert_string_equal(ack.rule, "publish.signature");
        zt_buf_fini(&draft.encoded[0]);
        zt_buf_fini(&draft.encoded[1]);
    }
    zt_sock_close(&sock);
}

static void somebody_elses_stream_is_refused(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->other);
    struct draft draft;
    struct zt_ack ack;
    struct zt_welcome welcome;
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_false(ack.taken);
    assert_string_equal(ack.rule, "publish.source");
    assert_string_equal(ack.source, ZT_SAMPLE_SOURCE);
    assert_int_equal(ack.seq, 1);
    expect_last_denial(f, 1, "civil-affairs", "publish.source");
    hello(f, sock, ZT_SAMPLE_SOURCE, &welcome);
    assert_string_equal(welcome.rule, "publish.source");
    assert_int_equal(welcome.seq, 0);
    hello(f, sock, "no.such.stream", &welcome);
    assert_string_equal(welcome.rule, "publish.unknown-source");
    expect_last_denial(f, 3, "civil-affairs", "publish.unknown-source");
    // What the sender calls a stream does not get into the ledger unless it is one.
    assert_string_equal(f->stub.seen[0].note, ZT_SAMPLE_SOURCE);
    assert_string_equal(f->stub.seen[2].note, "");
    zt_sock_close(&sock);
}

static void no_refusal_is_told_before_the_ledger_has_it(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *other = producer(f, &f->other), *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    atomic_store(&f->stub.hold, true);
    draft_init(&draft, 1, 10, 1, 5);
    send_batch(f, other, &draft);
    // The counter has the entry, and has not confirmed it; others are served meanwhile.
    for (int64_t end = zt_monotonic_ms() + WAIT_MS; atomic_load(&f->stub.entries) == 0;) {
        struct zt_welcome welcome;
        assert_true(zt_monotonic_ms() < end);
        hello(f, sock, ZT_SAMPLE_SOURCE, &welcome);
    }
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    assert_int_equal(zt_sock_recv(other, &f->msg), ZT_E_TIMEOUT);
    atomic_store(&f->stub.hold, false);
    await_ack(f, other, &ack);
    assert_string_equal(ack.rule, "publish.source");
    zt_sock_close(&other);
    zt_sock_close(&sock);
}

static void malformed_messages_are_refused_and_ledgered(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct zt_ack ack;
    static const char *const bad[] = {"",           "x",          "ZT",     "ZT\1\3",   "ZT\1\3\xff\xff",
                                      "ZT\1\1\xff", "ZT\1\4\xff", "ZT\2\3", "ZT\1\x7f", "ZT\1\x10"};
    unsigned count = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zt_bytes body;
        send_frame(sock, zt_bytes_str(bad[i]));
        count++;
        if (i == 5) { // a HELLO is answered by a WELCOME
            assert_int_equal(receive(f, sock, &body), ZT_WIRE_WELCOME);
            continue;
        }
        await_ack(f, sock, &ack);
        assert_false(ack.taken);
        assert_true(strlen(ack.rule) > 0);
        assert_string_equal(ack.source, "-");
    }
    assert_int_equal(atomic_load(&f->stub.entries), count);
    assert_int_equal(atomic_load(&f->options.counts.denials), count);
    struct zt_welcome welcome;
    hello(f, sock, ZT_SAMPLE_SOURCE, &welcome);
    assert_string_equal(welcome.rule, "");
    zt_sock_close(&sock);
}

static void a_batch_cut_anywhere_is_refused(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    draft_init(&draft, 1, 10, 1, 5);
    encode_records(&draft);
    assert_int_equal(zt_sample_sign(&draft.batch, draft.key_id, f->key, draft.signature), ZT_OK);
    zt_buf_reset(&f->frame);
    assert_int_equal(zt_batch_encode(&draft.batch, &f->frame), ZT_OK);
    for (size_t len = 0; len < f->frame.len; len++) {
        send_frame(sock, (struct zt_bytes){f->frame.data, len});
        await_ack(f, sock, &ack);
        assert_false(ack.taken);
    }
    send_frame(sock, zt_buf_bytes(&f->frame));
    await_ack(f, sock, &ack);
    assert_true(ack.taken);
    zt_buf_fini(&draft.encoded[0]);
    zt_sock_close(&sock);
}

static void a_heartbeat_is_stored(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct zt_store_read *read = NULL;
    struct zt_source_row row;
    struct zt_ack ack;
    int64_t now = zt_now_ms();
    struct zt_heartbeat beat = {.source = ZT_SAMPLE_SOURCE,
                                .cursor = zt_bytes_str("far ahead"),
                                .source_time = now,
                                .complete_as_of = now - 1000,
                                .rows = 9,
                                .quarantined = 2};
    for (int round = 0; round < 3; round++) {
        zt_buf_reset(&f->frame);
        assert_int_equal(zt_heartbeat_encode(&beat, &f->frame), ZT_OK);
        send_frame(sock, zt_buf_bytes(&f->frame));
        await_ack(f, sock, &ack);
        assert_int_equal(ack.taken, round < 2);
        beat.complete_as_of = round == 0 ? 5 : now + 3600000; // an older claim, then one about the future
    }
    assert_string_equal(ack.rule, "publish.time");
    assert_int_equal(zt_store_reader(f->base.store, &read), ZT_OK);
    assert_int_equal(zt_store_renew(read), ZT_OK);
    assert_int_equal(zt_store_source(read, ZT_SAMPLE_SOURCE, &row), ZT_OK);
    assert_int_equal(row.complete_as_of, now - 1000);
    assert_int_equal(row.quarantined, 2);
    assert_true(row.last_heartbeat >= now);
    assert_int_equal(row.last_batch, 0);
    assert_int_equal(row.cursor_len, 0); // only a batch moves the place where the producer resumes
    zt_store_reader_close(&read);
    zt_sock_close(&sock);
}

static void swap_catalogue(struct zt_intake_fixture *f)
{
    struct zt_control control = {.act = ZT_CONTROL_CATALOGUE, .catalogue = load_shipped(f->installation)},
                      back;
    assert_int_equal(zt_control_send(zt_actor_pipe(f->actor), &control), ZT_OK);
    assert_int_equal(zt_sock_recv_within(zt_actor_pipe(f->actor), &f->msg, WAIT_MS), ZT_OK);
    assert_int_equal(zt_control_parse(f->msg.frame, &back, NULL), ZT_OK);
    assert_int_equal(back.act, ZT_CONTROL_TAKEN);
    assert_ptr_equal(back.catalogue, control.catalogue);
    assert_int_equal(zt_net_gate_swap(f->net, control.catalogue), ZT_OK);
    zt_catalogue_release(&f->catalogue);
    f->catalogue = control.catalogue;
}

static void edit_producers(struct zt_intake_fixture *f, const char *sed)
{
    char path[PATH_MAX], command[3 * PATH_MAX];
    join_path(path, f->installation, "parties/producers.yaml");
    snprintf(command, sizeof command, "sed -i '%s' '%s'", sed, path);
    assert_int_equal(system(command), 0);
}

// Revoked in an open session: the handshake was long ago, so each message is judged.
static void a_revoked_party_is_refused_in_its_open_session(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    edit_producers(f, "s/^  - id: " ZT_SAMPLE_PARTY "$/&\\n    revoked: true/");
    swap_catalogue(f);
    draft_init(&draft, 2, 10, 1, 6);
    publish(f, sock, &draft, &ack);
    assert_false(ack.taken);
    assert_string_equal(ack.rule, "publish.party");
    expect_last_denial(f, 1, ZT_SAMPLE_PARTY, "publish.party");
    assert_int_equal(stored_version(f, 10), 5);
    zt_sock_close(&sock);
}

static void a_rotated_signing_key_counts_at_once(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack;
    char path[PATH_MAX], keys[PATH_MAX];
    struct zt_fault fault = {0};
    draft_init(&draft, 1, 10, 1, 5);
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    struct zt_key *old = f->key;
    join_path(keys, f->installation, "keys");
    join_path(path, keys, ZT_SAMPLE_KEY_ID ".pem");
    assert_int_equal(zt_key_new(ZT_SM2, &f->key), ZT_OK);
    must(zt_key_save_public(f->key, path, &fault), &fault);
    swap_catalogue(f);
    struct zt_key *new = f->key;
    f->key = old;
    draft_init(&draft, 2, 10, 1, 6);
    publish(f, sock, &draft, &ack);
    assert_string_equal(ack.rule, "publish.signature");
    f->key = new;
    draft_init(&draft, 2, 10, 1, 6);
    publish(f, sock, &draft, &ack);
    assert_true(ack.taken);
    zt_key_destroy(&old);
    zt_sock_close(&sock);
}

static void the_log_keeps_what_was_signed_and_no_more_than_told(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_ack ack;
    zt_actor_stop(&f->actor);
    f->options.log_keep = 3;
    start_intake(f);
    struct zt_sock *sock = producer(f, &f->party);
    for (uint64_t seq = 1; seq <= 8; seq++) {
        struct draft draft;
        draft_init(&draft, seq, 10, 1, seq);
        publish(f, sock, &draft, &ack);
        assert_true(ack.taken);
    }
    zt_sock_close(&sock);
    assert_int_equal(f->log->ops->wait(f->log, 0, 8, 0), ZT_OK);
    assert_int_equal(f->log->ops->read(f->log, 0, 5, 0, NULL, NULL), ZT_E_ABSENT);
    assert_int_equal(f->log->ops->read(f->log, 0, 6, 0, NULL, NULL), ZT_OK);
}

static int small_setup(void **state)
{
    return intake_setup_with(state, 512 * 1024);
}

// Everybody in the group hears of it, what was acknowledged stays, and look-ups and greetings go on.
static void a_full_store_refuses_batches_and_goes_on(void **state)
{
    struct zt_intake_fixture *f = *state;
    struct zt_sock *sock = producer(f, &f->party);
    struct draft draft;
    struct zt_ack ack = {.taken = true};
    struct zt_welcome welcome;
    uint64_t seq = 0;
    while (ack.taken) {
        assert_true(seq < 1000);
        seq++;
        draft_init(&draft, seq, (unsigned)seq * 8, 8, 5);
        publish(f, sock, &draft, &ack);
    }
    assert_string_equal(ack.rule, "store.full");
    assert_true(seq > 5);
    assert_int_equal(stored_version(f, (unsigned)seq * 8), 0);
    for (unsigned person = 8; person < seq * 8; person++)
        assert_int_equal(stored_version(f, person), 5);
    for (int i = 0; i < 6; i++) { // several under way
        draft_init(&draft, seq + (uint64_t)i, (unsigned)seq * 8, 8, 5);
        send_batch(f, sock, &draft);
    }
    for (int i = 0; i < 6; i++) {
        await_ack(f, sock, &ack);
        assert_false(ack.taken);
        assert_true(strcmp(ack.rule, "store.full") == 0 || strcmp(ack.rule, "publish.gap") == 0);
    }
    hello(f, sock, ZT_SAMPLE_SOURCE, &welcome);
    assert_string_equal(welcome.rule, "");
    assert_int_equal(welcome.seq, seq - 1);
    assert_true(atomic_load(&f->options.counts.full) >= 2);
    assert_int_equal(atomic_load(&f->options.counts.batches), seq - 1);
    zt_sock_close(&sock);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, intake_setup, intake_teardown)
    const struct CMUnitTest tests[] = {
        T(a_new_source_begins_at_zero),
        T(a_batch_is_taken_and_known_afterwards),
        T(a_repeat_is_acknowledged_without_effect),
        T(only_who_last_said_hello_may_send),
        T(a_gap_is_told_and_nothing_is_kept),
        T(many_batches_under_way_are_answered_in_order),
        T(a_bad_record_is_rejected_and_its_neighbours_are_in),
        T(a_wrong_signature_or_key_is_refused),
        T(every_signed_part_is_covered),
        T(somebody_elses_stream_is_refused),
        T(no_refusal_is_told_before_the_ledger_has_it),
        T(malformed_messages_are_refused_and_ledgered),
        T(a_batch_cut_anywhere_is_refused),
        T(a_heartbeat_is_stored),
        T(a_revoked_party_is_refused_in_its_open_session),
        T(a_rotated_signing_key_counts_at_once),
        T(the_log_keeps_what_was_signed_and_no_more_than_told),
        cmocka_unit_test_setup_teardown(a_full_store_refuses_batches_and_goes_on, small_setup,
                                        intake_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
