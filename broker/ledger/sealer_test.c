// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "broker/ledger/fixture.h"
#include "broker/ledger/stand_in.h"
#include "broker/ledger/state.h"

#define WAIT_MS 40000
#define NAME    "zhitong.example/ledger/test-key"

static char dir[PATH_MAX], endpoint[ZT_ENDPOINT_MAX];
static struct zt_net *net;
static struct zt_ledger *ledger;
static struct stand_in signer;
static struct zt_actor *signing, *sealing;
static struct zt_sealer_options options;
static struct zt_buf vkey;

static void start_signer(void)
{
    signer.endpoint = endpoint;
    signer.name = NAME;
    assert_int_equal(zt_actor_start(net, "signer", stand_in_run, &signer, &signing), ZT_OK);
}

static void start_sealer(void)
{
    options = (struct zt_sealer_options){ledger, endpoint, 5};
    assert_int_equal(zt_actor_start(net, "sealer", zt_sealer_run, &options, &sealing), ZT_OK);
}

static int setup(void **state)
{
    (void)state;
    fixture_folder(dir);
    (void)!snprintf(endpoint, sizeof endpoint, "ipc://%.200s/signer.sock", dir);
    assert_int_equal(zt_net_open(&net), ZT_OK);
    memset(&signer, 0, sizeof signer);
    assert_int_equal(zt_key_new(ZT_ED25519, &signer.key), ZT_OK);
    zt_buf_init(&vkey, 1024);
    assert_int_equal(zt_note_vkey(signer.key, NAME, &vkey), ZT_OK);
    ledger = fixture_open(dir, 100000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atomic_store(&signer.manner, STAND_IN_HONEST); // or the sealer waits for it at its end
    zt_actor_stop(&sealing);
    zt_actor_stop(&signing);
    zt_ledger_close(&ledger);
    zt_net_close(&net);
    zt_key_destroy(&signer.key);
    zt_buf_fini(&signer.last_note);
    zt_buf_fini(&vkey);
    fixture_remove(dir);
    return 0;
}

static void reopen(void)
{
    zt_actor_stop(&sealing);
    zt_ledger_close(&ledger);
    ledger = fixture_open(dir, 100000);
}

static void nap(void)
{
    struct zt_sock *pipe = zt_actor_pipe(signing ? signing : sealing);
    bool ready;
    (void)!zt_sock_wait(&pipe, 1, 2, &ready); // nothing comes; a bounded wait between two looks
}

static void wait_sealed(uint64_t size)
{
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    while (zt_ledger_sealed(ledger) < size && zt_monotonic_ms() < end)
        nap();
    assert_int_equal(zt_ledger_sealed(ledger), size);
}

static void wait_asked(unsigned long times)
{
    unsigned long goal = atomic_load(&signer.asked) + times;
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    while (atomic_load(&signer.asked) < goal && zt_monotonic_ms() < end)
        nap();
    assert_true(atomic_load(&signer.asked) >= goal);
}

static void wait_failed(enum zt_err code)
{
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    while (zt_ledger_failure(ledger) == ZT_OK && zt_monotonic_ms() < end)
        nap();
    assert_int_equal(zt_ledger_failure(ledger), code);
}

// The checkpoint is signed, says the root of the entries, and every 97th entry is proved to be in it.
static void check_checkpoint(uint64_t size)
{
    struct zt_edge edge;
    uint8_t root[ZT_HASH_LEN], leaf[ZT_HASH_LEN], room[ZT_ENTRY_MAX];
    struct zt_ledger_reader *reader;
    struct zt_buf note, entry;
    struct zt_proof proof;
    struct zt_checkpoint checkpoint;
    struct zt_bytes body;
    zt_edge_init(&edge, ZT_SHA256);
    for (uint64_t i = 0; i < size; i++) {
        assert_int_equal(zt_merkle_leaf(ZT_SHA256, fixture_entry(i, room), leaf), ZT_OK);
        assert_int_equal(zt_edge_add(&edge, leaf), ZT_OK);
    }
    assert_int_equal(zt_edge_root(&edge, root), ZT_OK);
    zt_buf_init(&note, ZT_NOTE_MAX);
    zt_buf_init(&entry, ZT_ENTRY_MAX);
    assert_int_equal(zt_ledger_reader_open(ledger, &reader), ZT_OK);
    for (uint64_t i = 0; i < size; i += i + 97 < size ? 97 : size - 1 - i ? size - 1 - i : 1) {
        zt_buf_reset(&note);
        zt_buf_reset(&entry);
        assert_int_equal(zt_ledger_prove(reader, i, &note, &entry, &proof), ZT_OK);
        assert_true(zt_bytes_equal(zt_buf_bytes(&entry), fixture_entry(i, room)));
        assert_int_equal(zt_merkle_leaf(ZT_SHA256, zt_buf_bytes(&entry), leaf), ZT_OK);
        assert_int_equal(zt_merkle_verify_inclusion(ZT_SHA256, i, size, leaf, &proof, root), ZT_OK);
    }
    assert_int_equal(zt_note_verify(zt_buf_bytes(&note), zt_buf_text(&vkey), &body, NULL), ZT_OK);
    assert_int_equal(zt_checkpoint_parse(zt_buf_bytes(&note), &checkpoint, NULL), ZT_OK);
    assert_int_equal(checkpoint.size, size);
    assert_string_equal(checkpoint.origin, FIXTURE_ORIGIN);
    assert_memory_equal(checkpoint.root, root, sizeof root);
    uint64_t before = entry.len;
    assert_int_equal(zt_ledger_prove(reader, size, &note, &entry, &proof), ZT_E_ABSENT);
    assert_int_equal(entry.len, before);
    zt_ledger_reader_close(&reader);
    zt_buf_fini(&note);
    zt_buf_fini(&entry);
}

static void seals_what_was_appended(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {1, 2, 255, 256, 257, 1000, 3000};
    uint64_t size = 0;
    start_signer();
    start_sealer();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fixture_append(ledger, size, (size_t)(sizes[i] - size), 100);
        size = sizes[i];
        wait_sealed(size);
        check_checkpoint(size);
    }
}

static void nothing_sealed_is_absent(void **state)
{
    (void)state;
    struct zt_ledger_reader *reader;
    struct zt_buf note, entry;
    struct zt_proof proof;
    fixture_append(ledger, 0, 3, 3);
    zt_buf_init(&note, ZT_NOTE_MAX);
    zt_buf_init(&entry, ZT_ENTRY_MAX);
    assert_int_equal(zt_ledger_reader_open(ledger, &reader), ZT_OK);
    assert_int_equal(zt_ledger_prove(reader, 0, &note, &entry, &proof), ZT_E_ABSENT);
    zt_ledger_reader_close(&reader);
    zt_buf_fini(&note);
    zt_buf_fini(&entry);
}

static void goes_on_after_a_restart(void **state)
{
    (void)state;
    start_signer();
    for (uint64_t size = 0; size < 1200; size += 300) {
        start_sealer();
        fixture_append(ledger, size, 300, 64);
        wait_sealed(size + 300);
        check_checkpoint(size + 300);
        reopen();
        assert_int_equal(zt_ledger_sealed(ledger), size + 300);
    }
}

static void clean_end_leaves_nothing_unsealed(void **state)
{
    (void)state;
    start_signer();
    for (uint64_t size = 0; size < 400; size += 40) {
        start_sealer();
        fixture_append(ledger, size, 40, 10);
        reopen(); // stops the sealer at once
        assert_int_equal(zt_ledger_sealed(ledger), size + 40);
    }
}

static void signer_away_then_back(void **state)
{
    (void)state;
    start_sealer(); // there is no signer at all
    fixture_append(ledger, 0, 500, 50);
    start_signer();
    wait_sealed(500);
    zt_actor_stop(&signing);
    fixture_append(ledger, 500, 700, 50);
    assert_int_equal(zt_ledger_failure(ledger), ZT_OK);
    assert_int_equal(fixture_check(ledger), 1200);
    start_signer();
    wait_sealed(1200);
    check_checkpoint(1200);
}

static void signer_that_has_no_key_yet(void **state)
{
    (void)state;
    atomic_store(&signer.manner, STAND_IN_NO_KEY);
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 10, 10);
    wait_asked(3); // it goes on asking
    assert_int_equal(zt_ledger_failure(ledger), ZT_OK);
    atomic_store(&signer.manner, STAND_IN_HONEST);
    wait_sealed(10);
}

// The signer has signed, but the answer never came: it knows more than we do.
static void lost_answer(void **state)
{
    (void)state;
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 100, 10);
    wait_sealed(100);
    atomic_store(&signer.manner, STAND_IN_FORGETS);
    fixture_append(ledger, 100, 100, 10);
    wait_asked(1);
    reopen();
    assert_int_equal(zt_ledger_sealed(ledger), 100);
    atomic_store(&signer.manner, STAND_IN_HONEST);
    start_sealer();
    wait_sealed(200);
    check_checkpoint(200);
}

static void lies_and_garbage_are_not_published(void **state)
{
    (void)state;
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 100, 10);
    wait_sealed(100);
    atomic_store(&signer.manner, STAND_IN_GARBAGE);
    fixture_append(ledger, 100, 5, 5);
    wait_asked(2);
    assert_int_equal(zt_ledger_sealed(ledger), 100);
    atomic_store(&signer.manner, STAND_IN_LIES);
    wait_asked(2);
    assert_int_equal(zt_ledger_sealed(ledger), 100);
    check_checkpoint(100);
}

static void refusal_for_good_stops_the_ledger(void **state)
{
    (void)state;
    uint64_t first;
    uint8_t hash[1][ZT_HASH_LEN];
    struct zt_bytes entry = zt_bytes_str("x");
    atomic_store(&signer.manner, STAND_IN_REFUSES);
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 10, 10);
    wait_failed(ZT_E_CORRUPT);
    assert_int_equal(zt_ledger_append(ledger, &entry, 1, &first, hash), ZT_E_CORRUPT);
}

// Yesterday's copy of the whole folder: it fits in itself, and only the signer knows better.
static void restored_backup_is_found_by_the_signer(void **state)
{
    (void)state;
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 100, 10);
    wait_sealed(100);
    zt_actor_stop(&sealing);
    zt_ledger_close(&ledger);
    char backup[PATH_MAX + 8];
    (void)!snprintf(backup, sizeof backup, "%s.backup", dir);
    fixture_shell("cp -a '%s' '%s'", dir, backup);
    ledger = fixture_open(dir, 100000);
    start_sealer();
    fixture_append(ledger, 100, 100, 10);
    wait_sealed(200);
    zt_actor_stop(&sealing);
    zt_ledger_close(&ledger);
    fixture_shell("rm -r '%s/journal' '%s/tiles' && cp -a '%s/journal' '%s/tiles' '%s'", dir, dir, backup,
                  backup, dir);
    ledger = fixture_open(dir, 100000);
    assert_int_equal(zt_ledger_size(ledger), 100);
    start_sealer();
    fixture_append(ledger, 100, 1, 1);
    wait_failed(ZT_E_CORRUPT);
    fixture_remove(backup);
}

// A byte of the journal changes on disk between the append and the sealing.
static void changed_byte_is_found_before_sealing(void **state)
{
    (void)state;
    char path[PATH_MAX];
    fixture_append(ledger, 0, 100, 10);
    zt_segment_path(ledger->journal_dir, 0, path);
    fixture_flip(path, 1000, 1);
    start_signer();
    start_sealer();
    wait_failed(ZT_E_CORRUPT);
    assert_int_equal(atomic_load(&signer.signed_notes), 0);
}

// Somebody replaces an entry and its check too (the salt is no secret on the machine): the recomputed root is
// not the one of what was acknowledged.
static void replaced_entry_is_found_before_sealing(void **state)
{
    (void)state;
    char path[PATH_MAX];
    size_t len;
    struct zt_bytes word = zt_bytes_str("entry that was acknowledged");
    struct zt_journal_record record = {zt_bytes_str("entry that was never so good"), true, 0, {0}};
    uint8_t hash[1][ZT_HASH_LEN];
    uint64_t first;
    assert_int_equal(zt_ledger_append(ledger, &word, 1, &first, hash), ZT_OK);
    record.entry.len = word.len;
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, record.entry, record.leaf), ZT_OK);
    zt_segment_path(ledger->journal_dir, 0, path);
    uint8_t *data = fixture_read(path, &len);
    zt_record_put(ledger->journal.salt, 0, &record, data + ZT_SEGMENT_HEAD);
    fixture_write(path, data, len);
    free(data);
    start_signer();
    start_sealer();
    wait_failed(ZT_E_CORRUPT);
    assert_int_equal(atomic_load(&signer.signed_notes), 0);
}

static void checkpoint_guards_the_tail(void **state)
{
    (void)state;
    char path[PATH_MAX];
    struct zt_fault fault;
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 100, 10);
    wait_sealed(100);
    zt_actor_stop(&sealing);
    zt_segment_path(ledger->journal_dir, 0, path);
    zt_ledger_close(&ledger);
    size_t len = fixture_size(path);
    fixture_cut(path, len - 1); // looks like a torn tail, but these entries were sealed
    assert_int_equal(fixture_try(dir, &fault), ZT_E_CORRUPT);
    assert_string_equal(fault.rule, "ledger.rollback");
    assert_int_equal(fixture_size(path), len - 1);
    ledger = NULL;
}

static void tiles_are_made_anew(void **state)
{
    (void)state;
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 700, 70);
    wait_sealed(700);
    zt_actor_stop(&sealing);
    zt_ledger_close(&ledger);
    fixture_shell("rm -r '%s/tiles/tile'", dir);
    ledger = fixture_open(dir, 100000); // the checkpoint's root is recomputed from the journal
    start_sealer();
    fixture_append(ledger, 700, 20, 20);
    wait_sealed(720);
    check_checkpoint(720);
    reopen();
    fixture_shell("rm -r '%s/tiles'", dir);
    zt_ledger_close(&ledger);
    ledger = fixture_open(dir, 100000);
    assert_int_equal(zt_ledger_sealed(ledger), 0);
    start_sealer();
    wait_sealed(720); // the signer says what it signed last
    check_checkpoint(720);
}

static void damaged_checkpoint_refuses_to_open(void **state)
{
    (void)state;
    char path[PATH_MAX];
    struct zt_fault fault;
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 300, 70);
    wait_sealed(300);
    zt_actor_stop(&sealing);
    zt_ledger_checkpoint_path(ledger->tiles_dir, path);
    zt_ledger_close(&ledger);
    size_t len;
    uint8_t *data = fixture_read(path, &len);
    size_t root_at = strlen(FIXTURE_ORIGIN) + 1 + strlen("300") + 1;
    data[root_at] = data[root_at] == 'A' ? 'B' : 'A';
    fixture_write(path, data, len);
    assert_int_equal(fixture_try(dir, &fault), ZT_E_CORRUPT);
    assert_string_equal(fault.rule, "ledger.damage");
    fixture_write(path, (const uint8_t *)"nothing\n", 8);
    assert_int_equal(fixture_try(dir, &fault), ZT_E_CORRUPT);
    assert_string_equal(fault.rule, "ledger.checkpoint");
    fixture_write(path, (const uint8_t *)"else.example/log\n", 17);
    free(data);
    struct zt_checkpoint other = {"else.example/log", 300, {0}};
    struct zt_buf body;
    zt_buf_init(&body, 200);
    zt_checkpoint_write(&other, &body);
    fixture_write(path, body.data, body.len);
    zt_buf_fini(&body);
    assert_int_equal(fixture_try(dir, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "ledger.origin");
    ledger = NULL;
}

static void tiles_that_cannot_be_written_are_tried_again(void **state)
{
    (void)state;
    char path[PATH_MAX + 64];
    (void)!snprintf(path, sizeof path, "%s/tiles/tile", dir);
    fixture_write(path, (const uint8_t *)"in the way", 10);
    start_signer();
    start_sealer();
    fixture_append(ledger, 0, 600, 100);
    int64_t end = zt_monotonic_ms() + 100;
    while (zt_monotonic_ms() < end)
        nap();
    assert_int_equal(zt_ledger_sealed(ledger), 0);
    assert_int_equal(zt_ledger_failure(ledger), ZT_OK);
    assert_int_equal(unlink(path), 0);
    wait_sealed(600);
    check_checkpoint(600);
}

static void appends_while_sealing(void **state)
{
    (void)state;
    start_signer();
    start_sealer();
    for (uint64_t size = 0; size < 40000; size += 500)
        fixture_append(ledger, size, 500, 250);
    wait_sealed(40000);
    check_checkpoint(40000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(seals_what_was_appended, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_sealed_is_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(goes_on_after_a_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(clean_end_leaves_nothing_unsealed, setup, teardown),
        cmocka_unit_test_setup_teardown(signer_away_then_back, setup, teardown),
        cmocka_unit_test_setup_teardown(signer_that_has_no_key_yet, setup, teardown),
        cmocka_unit_test_setup_teardown(lost_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(lies_and_garbage_are_not_published, setup, teardown),
        cmocka_unit_test_setup_teardown(refusal_for_good_stops_the_ledger, setup, teardown),
        cmocka_unit_test_setup_teardown(restored_backup_is_found_by_the_signer, setup, teardown),
        cmocka_unit_test_setup_teardown(changed_byte_is_found_before_sealing, setup, teardown),
        cmocka_unit_test_setup_teardown(replaced_entry_is_found_before_sealing, setup, teardown),
        cmocka_unit_test_setup_teardown(checkpoint_guards_the_tail, setup, teardown),
        cmocka_unit_test_setup_teardown(tiles_are_made_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(damaged_checkpoint_refuses_to_open, setup, teardown),
        cmocka_unit_test_setup_teardown(tiles_that_cannot_be_written_are_tried_again, setup, teardown),
        cmocka_unit_test_setup_teardown(appends_while_sealing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
