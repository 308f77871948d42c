// SPDX-License-Identifier: Apache-2.0
// The checking program says "good" of a good ledger and finds every kind of damage.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/clock.h"
#include "broker/ledger/fixture.h"
#include "broker/ledger/stand_in.h"
#include "broker/ledger/state.h"
#include "proto/ledger.h"

#define NAME    "zhitong.example/ledger/test-key"
#define ENTRIES 600
#define WAIT_MS 20000

static char dir[PATH_MAX], out[PATH_MAX + 64], vkey_file[PATH_MAX + 64], segment[PATH_MAX];
static struct stand_in signer;

static void put_entries(struct zt_ledger *ledger)
{
    for (int i = 0; i < ENTRIES; i++) {
        struct zt_entry entry = {.kind = ZT_ENTRY_ANSWER,
                                 .time = 1795320000000 + i,
                                 .party = "hall",
                                 .officer = "o-7",
                                 .status = ZT_STATUS_OK,
                                 .case_no = "2026-0001"};
        struct zt_buf encoded;
        uint64_t first;
        uint8_t hash[1][ZT_HASH_LEN];
        zt_buf_init(&encoded, ZT_ENTRY_MAX);
        assert_int_equal(zt_entry_encode(&entry, &encoded), ZT_OK);
        struct zt_bytes bytes = zt_buf_bytes(&encoded);
        assert_int_equal(zt_ledger_append(ledger, &bytes, 1, &first, hash), ZT_OK);
        zt_buf_fini(&encoded);
    }
}

static void seal(struct zt_net *net, struct zt_ledger *ledger)
{
    char endpoint[ZT_ENDPOINT_MAX];
    struct zt_actor *signing, *sealing;
    (void)!snprintf(endpoint, sizeof endpoint, "ipc://%.200s/signer.sock", dir);
    signer.endpoint = endpoint;
    signer.name = NAME;
    struct zt_sealer_options options = {ledger, endpoint, 5};
    assert_int_equal(zt_actor_start(net, "signer", stand_in_run, &signer, &signing), ZT_OK);
    assert_int_equal(zt_actor_start(net, "sealer", zt_sealer_run, &options, &sealing), ZT_OK);
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    struct zt_sock *pipe = zt_actor_pipe(sealing);
    bool ready;
    while (zt_ledger_sealed(ledger) < ENTRIES && zt_monotonic_ms() < end)
        (void)!zt_sock_wait(&pipe, 1, 2, &ready);
    zt_actor_stop(&sealing);
    zt_actor_stop(&signing);
    assert_int_equal(zt_ledger_sealed(ledger), ENTRIES);
}

static int setup(void **state)
{
    (void)state;
    struct zt_net *net;
    struct zt_buf vkey;
    fixture_folder(dir);
    (void)!snprintf(out, sizeof out, "%s/out", dir);
    (void)!snprintf(vkey_file, sizeof vkey_file, "%s/ledger.vkey", dir);
    assert_int_equal(zt_net_open(&net), ZT_OK);
    assert_int_equal(zt_key_new(ZT_ED25519, &signer.key), ZT_OK);
    struct zt_ledger *ledger = fixture_open(dir, 0);
    put_entries(ledger);
    seal(net, ledger);
    zt_segment_path(ledger->journal_dir, 0, segment);
    zt_ledger_close(&ledger);
    zt_net_close(&net);
    zt_buf_init(&vkey, 1024);
    assert_int_equal(zt_note_vkey(signer.key, NAME, &vkey), ZT_OK);
    zt_buf_put_str(&vkey, "\n");
    fixture_write(vkey_file, vkey.data, vkey.len);
    zt_buf_fini(&vkey);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_key_destroy(&signer.key);
    zt_buf_fini(&signer.last_note);
    fixture_remove(dir);
    return 0;
}

static int run(const char *options)
{
    char command[4 * PATH_MAX];
    int len = snprintf(command, sizeof command, "'%s' '%s' %s >'%s' 2>&1", LEDGER_CHECK, dir, options, out);
    assert_true(len > 0 && (size_t)len < sizeof command);
    int status = system(command);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static bool said(const char *text)
{
    size_t len;
    uint8_t *data = fixture_read(out, &len);
    data[len] = '\0';
    bool found = strstr((char *)data, text) != NULL;
    free(data);
    return found;
}

static int run_with_key(void)
{
    char options[PATH_MAX + 80];
    (void)!snprintf(options, sizeof options, "--vkey '%s'", vkey_file);
    return run(options);
}

static void good_ledger(void **state)
{
    (void)state;
    assert_int_equal(run(""), 0);
    assert_true(
        said("600 entries, 600 sealed (signature not looked at), 0 bytes of an unfinished append: good"));
    assert_int_equal(run_with_key(), 0);
    assert_true(said("600 entries, 600 sealed, 0 bytes"));
    assert_int_equal(run("--json"), 0);
    assert_true(said("{\"index\":599,\"leaf\":\""));
    assert_true(said("\"summary\":true,\"good\":true,\"entries\":600"));
    assert_true(said("\"unparsed\":0"));
    assert_int_equal(run("--entry 7"), 0);
    assert_true(said("{\"index\":7,"));
    assert_true(said("\"party\":\"hall\""));
    assert_true(said("\"time\":\"2026-11-22T04:00:00.007Z\""));
    assert_false(said("{\"index\":8,"));
}

static void wrong_usage(void **state)
{
    (void)state;
    assert_int_equal(run("and more"), 2);
    assert_int_equal(run("--entry -1"), 2);
    assert_int_equal(run("--entry seven"), 2);
    assert_int_equal(run("--nonsense"), 2);
    assert_int_equal(run("--entry 600"), 1);
    assert_true(said("there is no entry 600"));
}

static void a_flipped_bit_anywhere_in_the_journal(void **state)
{
    (void)state;
    size_t len = fixture_size(segment);
    for (size_t at = 0; at < len; at += len / 40) {
        if (at >= 16 && at < 24)
            continue; // the eight bytes that are not used
        fixture_flip(segment, at, 2);
        assert_int_equal(run(""), 1);
        assert_true(said("DAMAGED"));
        fixture_flip(segment, at, 2);
    }
    fixture_flip(segment, len - 1, 2);
    assert_int_equal(run(""), 1); // the last append: only the checkpoint knows
    assert_true(said("the journal has 599 entries, the checkpoint says 600"));
    fixture_flip(segment, len - 1, 2);
    assert_int_equal(run(""), 0);
}

static void a_cut_journal(void **state)
{
    (void)state;
    size_t len;
    uint8_t *data = fixture_read(segment, &len);
    fixture_cut(segment, len - 3);
    assert_int_equal(run(""), 1);
    fixture_write(segment, data, len);
    free(data);
}

static void a_changed_checkpoint(void **state)
{
    (void)state;
    char path[PATH_MAX + 64];
    (void)!snprintf(path, sizeof path, "%s/tiles/checkpoint", dir);
    size_t root = strlen(FIXTURE_ORIGIN) + 5, len = fixture_size(path);
    fixture_flip(path, root, 1);
    assert_int_equal(run(""), 1);
    assert_true(said("do not give the checkpoint's root"));
    fixture_flip(path, root, 1);
    fixture_flip(path, len - 10, 1); // the signature: only who has the key sees it
    assert_int_equal(run(""), 0);
    assert_int_equal(run_with_key(), 1);
    assert_true(said("signature"));
    fixture_flip(path, len - 10, 1);
    assert_int_equal(run_with_key(), 0);
}

static void a_changed_tile(void **state)
{
    (void)state;
    char path[PATH_MAX + 64];
    (void)!snprintf(path, sizeof path, "%s/tiles/tile/1/000.p/2", dir);
    fixture_flip(path, 5, 1);
    assert_int_equal(run(""), 1);
    assert_true(said("the tiles"));
    fixture_flip(path, 5, 1);
}

static void no_ledger(void **state)
{
    (void)state;
    char saved[PATH_MAX];
    memcpy(saved, dir, sizeof saved);
    (void)!snprintf(dir, sizeof dir, "/nonexistent/ledger");
    assert_int_equal(run(""), 1);
    memcpy(dir, saved, sizeof saved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ledger),
        cmocka_unit_test(wrong_usage),
        cmocka_unit_test(a_flipped_bit_anywhere_in_the_journal),
        cmocka_unit_test(a_cut_journal),
        cmocka_unit_test(a_changed_checkpoint),
        cmocka_unit_test(a_changed_tile),
        cmocka_unit_test(no_ledger),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
