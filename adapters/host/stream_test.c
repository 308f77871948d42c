// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/stream_fixture.h"

#include <signal.h>
#include <sys/resource.h>

static const char *trouble_rule(void)
{
    int64_t since;
    const struct zt_fault *trouble = zt_stream_trouble(f.stream, &since);
    return trouble ? trouble->rule : "";
}

static void restart_adapter(void)
{
    zt_stream_close(&f.stream);
    open_stream();
}

static void every_row_arrives_once_and_the_file_is_put_away(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 95, 0);
    settle_down();
    assert_int_equal(held(0, 95), 95);
    assert_int_equal(f.broker.keys.count, 95);
    assert_int_equal(f.broker.batches, 10);
    struct zt_stream_counts counts = zt_stream_counts(f.stream);
    assert_int_equal(counts.rows, 95);
    assert_int_equal(counts.accepted, 95);
    assert_int_equal(counts.ignored + counts.rejected + counts.quarantined, 0);
    assert_false(exists("a.jsonl"));
    assert_true(exists("done/a.jsonl"));
    assert_string_equal(trouble_rule(), "");
}

static void no_more_is_under_way_than_the_window(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 200, 0);
    turn();
    exchange(); // HELLO, WELCOME
    for (int i = 0; i < 20; i++)
        turn();
    assert_int_equal(f.broker.in.count, 4);
    assert_int_equal(zt_stream_counts(f.stream).batches_under_way, 4);
    assert_true(zt_stream_counts(f.stream).rows < 60); // and it reads no further
    settle_down();
    assert_int_equal(held(0, 200), 200);
}

static void a_heartbeat_says_how_complete_it_is(void **state)
{
    (void)state;
    int64_t before = zt_now_ms();
    drop_file("a.jsonl", 0, 15, 0);
    settle_down();
    turn();
    exchange();
    assert_true(f.broker.heartbeats >= 1);
    assert_true(f.broker.heartbeat.complete_as_of >= before &&
                f.broker.heartbeat.complete_as_of <= zt_now_ms());
    assert_int_equal(f.broker.heartbeat.rows, 15);
    assert_int_equal(f.broker.heartbeat.quarantined, 0);
    uint64_t sent = f.broker.heartbeats;
    f.now += 1;
    turn();
    assert_int_equal(f.broker.in.count, 0); // not again at once
    f.now += 6000;
    turn(); // looks at the source first
    turn();
    exchange();
    assert_true(f.broker.heartbeats > sent);
}

static void nobody_claims_to_be_complete_with_a_row_in_quarantine(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 20, 20);
    settle_down();
    turn();
    exchange();
    assert_int_equal(held(0, 20), 19);
    assert_int_equal(zt_stream_counts(f.stream).quarantined, 1);
    assert_int_equal(f.broker.heartbeat.complete_as_of, 0);
    assert_int_equal(f.broker.heartbeat.quarantined, 1);
}

static void bad_rows_cost_only_themselves(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 100, 7);
    settle_down();
    assert_int_equal(held(0, 100), 86);
    assert_int_equal(zt_stream_counts(f.stream).quarantined, 14);
    restart_adapter(); // the last bad rows were behind the last batch: they are read again, not written again
    drop_file("b.jsonl", 100, 1, 0);
    settle_down();
    assert_int_equal(zt_stream_counts(f.stream).quarantined, 14);
    assert_int_equal(held(0, 101), 87);
}

static void a_file_of_nothing_but_bad_rows_is_put_away_too(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 12, 1);
    settle_down();
    assert_int_equal(zt_stream_counts(f.stream).quarantined, 12);
    assert_false(exists("a.jsonl"));
    assert_true(exists("done/a.jsonl"));
    assert_int_equal(f.broker.batches, 0);
}

static void a_broker_that_is_away_is_waited_for(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 30, 0);
    f.broker.away = true;
    for (int i = 0; i < 50; i++) {
        turn();
        f.now = zt_stream_wake(f.stream, f.now);
    }
    assert_string_equal(trouble_rule(), "broker.away");
    f.broker.away = false;
    settle_down();
    assert_int_equal(held(0, 30), 30);
    assert_string_equal(trouble_rule(), "");
}

static bool refuses(void *arg)
{
    return ((struct model_broker *)arg)->away;
}

static void a_key_that_is_not_admitted_is_told_as_such(void **state)
{
    (void)state;
    f.broker.away = true;
    f.shared.refused = refuses;
    turn();
    assert_string_equal(trouble_rule(), ""); // a moment of it is no trouble
    for (int i = 0; i < 30; i++) {
        f.now = zt_stream_wake(f.stream, f.now);
        turn();
    }
    assert_string_equal(trouble_rule(), "broker.refused");
    f.broker.away = false;
    settle_down();
    assert_string_equal(trouble_rule(), "");
}

static void what_a_dead_broker_had_not_committed_is_sent_again_byte_for_byte(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 40, 0);
    turn();
    exchange();
    for (int i = 0; i < 8; i++)
        turn();
    assert_int_equal(f.broker.in.count, 4);
    struct zt_buf first;
    zt_buf_init(&first, ZT_FRAME_BATCH);
    zt_buf_put(&first, f.broker.in.frames[0].data, f.broker.in.frames[0].len);
    model_wire_cut(&f.broker.in); // the connection is cut with everything on it
    f.now += 60000;
    turn(); // notices the silence
    assert_string_equal(trouble_rule(), "broker.silent");
    turn();
    exchange(); // HELLO, WELCOME
    assert_string_equal(trouble_rule(), "");
    turn();
    assert_true(zt_bytes_equal(zt_buf_bytes(&first), zt_buf_bytes(&f.broker.in.frames[0])));
    zt_buf_fini(&first);
    settle_down();
    assert_int_equal(held(0, 40), 40);
    assert_int_equal(f.broker.batches, 4);
    assert_int_equal(zt_stream_counts(f.stream).rows, 40); // nothing was read twice
}

static void acks_that_were_lost_are_made_good_by_the_welcome(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 40, 0);
    turn();
    exchange();
    for (int i = 0; i < 8; i++)
        turn();
    while (f.broker.in.count > 0)
        model_take(&f.broker, &f.broker.in);
    model_wire_cut(&f.broker.out);
    f.now += 60000;
    settle_down();
    assert_int_equal(held(0, 40), 40);
    assert_int_equal(f.broker.batches, 4);
    assert_int_equal(f.broker.repeats, 0);
    assert_true(exists("done/a.jsonl"));
}

static void a_new_adapter_goes_on_where_the_old_one_was(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 100, 0);
    turn();
    exchange();
    for (int i = 0; i < 8; i++)
        turn();
    for (int i = 0; i < 3; i++)
        model_take(&f.broker, &f.broker.in);
    model_wire_cut(&f.broker.in);
    model_wire_cut(&f.broker.out);
    restart_adapter();
    settle_down();
    assert_int_equal(held(0, 100), 100);
    assert_int_equal(zt_stream_counts(f.stream).rows, 70);
    assert_int_equal(f.broker.batches, 10);
}

static void a_predecessors_late_batch_costs_no_row(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 12, 0);
    turn();
    exchange();
    for (int i = 0; i < 4; i++)
        turn(); // batch 1: rows 0-9, batch 2: rows 10-11
    assert_int_equal(f.broker.in.count, 2);
    f.broker.old_in = f.broker.in; // still on its way when the adapter dies
    f.broker.in.count = 0;
    drop_file("b.jsonl", 12, 30, 0);
    restart_adapter();
    f.config.batch_records = 25; // so that the new batches hold other rows under the same numbers
    zt_stream_close(&f.stream);
    open_stream();
    turn();
    exchange(); // WELCOME says 0
    turn();
    while (f.broker.old_in.count > 0) // and now the old ones arrive, before ours
        model_take(&f.broker, &f.broker.old_in);
    settle_down();
    assert_int_equal(f.broker.gaps, 2); // refused, both
    assert_int_equal(held(0, 42), 42);
    assert_int_equal(f.broker.keys.count, 42);
}

static void a_broker_from_a_backup_gets_everything_again(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 50, 0);
    settle_down();
    drop_file("b.jsonl", 50, 20, 0);
    turn();
    f.now += 2000;
    for (int i = 0; i < 4; i++)
        turn();
    // It was at batch 5; now it is at 0 and has nothing, and what is under way is a gap to it.
    f.broker.seq = 0;
    f.broker.cursor_len = 0;
    zt_idset_fini(&f.broker.keys);
    settle_down();
    assert_true(f.broker.gaps > 0);
    assert_int_equal(held(50, 20), 20); // a.jsonl lies in done/: a person puts it back, nothing is lost
    assert_true(exists("done/a.jsonl"));
}

static void a_refusal_is_told_and_asked_again(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 10, 0);
    f.broker.refuse = "publish.unknown-source";
    turn();
    exchange();
    assert_string_equal(trouble_rule(), "publish.unknown-source");
    assert_true(zt_stream_wake(f.stream, f.now) > f.now + 3000);
    f.broker.refuse = NULL;
    settle_down();
    assert_int_equal(held(0, 10), 10);
    assert_string_equal(trouble_rule(), "");
}

static void a_batch_that_is_refused_is_not_lost(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 10, 0);
    turn();
    exchange();
    turn();
    turn();
    model_wire_cut(&f.broker.in);
    zt_stream_ack(
        f.stream,
        &(struct zt_ack){
            .source = "hpf.unit", .seq = 1, .taken = false, .rule = "publish.signature", .text = "no"},
        f.now);
    assert_string_equal(trouble_rule(), "publish.signature");
    settle_down();
    assert_int_equal(held(0, 10), 10);
}

static void records_that_the_broker_rejects_go_to_quarantine(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 10, 0);
    f.broker.reject_key = "U0000004";
    settle_down();
    assert_int_equal(held(0, 10), 9);
    struct zt_stream_counts counts = zt_stream_counts(f.stream);
    assert_int_equal(counts.rejected, 1);
    assert_int_equal(counts.quarantined, 1);
    struct zt_buf text;
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/quarantine/hpf.unit.jsonl", f.dir);
    zt_buf_init(&text, 65536);
    assert_int_equal(zt_file_read(path, &text, NULL), ZT_OK);
    assert_non_null(strstr(zt_buf_text(&text), "\"place\":\"a.jsonl:5\",\"rule\":\"record.type\""));
    zt_buf_fini(&text);
}

static void a_source_that_is_away_is_asked_again(void **state)
{
    (void)state;
    char away[PATH_MAX + 16];
    snprintf(away, sizeof away, "%s.away", f.folder);
    drop_file("a.jsonl", 0, 10, 0);
    assert_int_equal(rename(f.folder, away), 0);
    turn();
    exchange();
    int64_t pause = 0;
    for (int i = 0; i < 6; i++) {
        turn();
        assert_string_equal(trouble_rule(), "file.folder");
        pause = zt_stream_wake(f.stream, f.now) - f.now;
        f.now += pause;
    }
    assert_true(pause > 10000); // it does not hammer
    assert_int_equal(rename(away, f.folder), 0);
    settle_down();
    assert_int_equal(held(0, 10), 10);
    assert_string_equal(trouble_rule(), "");
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_quarantine_that_cannot_be_written_stops_before_the_row(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 10, 4); // rows 3 and 7 are bad
    signal(SIGXFSZ, SIG_IGN);       // write(2) fails instead, as on a full disk
    limit_files(100);
    turn();
    exchange();
    turn();
    exchange();
    assert_string_equal(trouble_rule(), "quarantine.write");
    assert_int_equal(held(0, 10), 3); // what stands before it is not held up
    limit_files(RLIM_INFINITY);
    settle_down(); // by itself, when there is room again
    assert_int_equal(held(0, 10), 8);
    assert_int_equal(zt_stream_counts(f.stream).quarantined, 2);
    assert_string_equal(trouble_rule(), "");
}

static void once_ends_when_the_heartbeat_has_arrived(void **state)
{
    (void)state;
    f.shared.once = true;
    drop_file("a.jsonl", 0, 25, 0);
    bool answered_all = false;
    for (int i = 0; i < 100 && !zt_stream_done(f.stream); i++) {
        turn();
        if (f.broker.heartbeats == 0)
            assert_false(zt_stream_done(f.stream));
        exchange();
        answered_all = held(0, 25) == 25 && f.broker.heartbeats == 1;
        f.now += 10;
    }
    assert_true(zt_stream_done(f.stream));
    assert_true(answered_all);
}

static void a_dataset_that_nobody_knows_is_refused(void **state)
{
    (void)state;
    struct zt_stream *other = NULL;
    struct zt_dataset_config dataset = f.dataset;
    dataset.name = (char *)(uintptr_t) "loans";
    assert_int_equal(zt_stream_open(&f.shared, &dataset, &other, &f.fault), ZT_E_CONFIG);
    assert_string_equal(f.fault.rule, "config.dataset");
    dataset = f.dataset;
    dataset.connector = (char *)(uintptr_t) "pigeon";
    assert_int_equal(zt_stream_open(&f.shared, &dataset, &other, &f.fault), ZT_E_CONFIG);
    assert_string_equal(f.fault.rule, "config.connector");
    assert_null(other);
}

static void a_position_of_another_connector_means_from_the_start(void **state)
{
    (void)state;
    drop_file("a.jsonl", 0, 10, 0);
    memcpy(f.broker.cursor, "2026\nRK1", 8);
    f.broker.cursor_len = 8;
    f.broker.seq = 3;
    settle_down();
    assert_int_equal(held(0, 10), 10);
    assert_int_equal(f.broker.seq, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_arrives_once_and_the_file_is_put_away, enter, leave),
        cmocka_unit_test_setup_teardown(no_more_is_under_way_than_the_window, enter, leave),
        cmocka_unit_test_setup_teardown(a_heartbeat_says_how_complete_it_is, enter, leave),
        cmocka_unit_test_setup_teardown(nobody_claims_to_be_complete_with_a_row_in_quarantine, enter, leave),
        cmocka_unit_test_setup_teardown(bad_rows_cost_only_themselves, enter, leave),
        cmocka_unit_test_setup_teardown(a_file_of_nothing_but_bad_rows_is_put_away_too, enter, leave),
        cmocka_unit_test_setup_teardown(a_broker_that_is_away_is_waited_for, enter, leave),
        cmocka_unit_test_setup_teardown(a_key_that_is_not_admitted_is_told_as_such, enter, leave),
        cmocka_unit_test_setup_teardown(what_a_dead_broker_had_not_committed_is_sent_again_byte_for_byte,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(acks_that_were_lost_are_made_good_by_the_welcome, enter, leave),
        cmocka_unit_test_setup_teardown(a_new_adapter_goes_on_where_the_old_one_was, enter, leave),
        cmocka_unit_test_setup_teardown(a_predecessors_late_batch_costs_no_row, enter, leave),
        cmocka_unit_test_setup_teardown(a_broker_from_a_backup_gets_everything_again, enter, leave),
        cmocka_unit_test_setup_teardown(a_refusal_is_told_and_asked_again, enter, leave),
        cmocka_unit_test_setup_teardown(a_batch_that_is_refused_is_not_lost, enter, leave),
        cmocka_unit_test_setup_teardown(records_that_the_broker_rejects_go_to_quarantine, enter, leave),
        cmocka_unit_test_setup_teardown(a_source_that_is_away_is_asked_again, enter, leave),
        cmocka_unit_test_setup_teardown(a_quarantine_that_cannot_be_written_stops_before_the_row, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(once_ends_when_the_heartbeat_has_arrived, enter, leave),
        cmocka_unit_test_setup_teardown(a_dataset_that_nobody_knows_is_refused, enter, leave),
        cmocka_unit_test_setup_teardown(a_position_of_another_connector_means_from_the_start, enter, leave),
    };
    return cmocka_run_group_tests(tests, enter_program, leave_program);
}
