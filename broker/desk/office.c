// SPDX-License-Identifier: Apache-2.0
#include "broker/desk/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "broker/ledger/fixture.h"
#include "broker/ledger/state.h"
#include "proto/wire.h"

#define CAP 1024

static void append(struct office *office, struct zt_mailroom *room, bool works)
{
    static struct zt_bytes entries[CAP];
    static uint8_t hashes[CAP][ZT_HASH_LEN];
    uint64_t first = 0;
    size_t count = zt_mailroom_take(room, entries, CAP);
    enum zt_err rc = ZT_E_IO;
    if (count && works)
        rc = zt_ledger_append(office->ledger, entries, count, &first, hashes);
    zt_mailroom_answer(room, rc, first, hashes);
}

// The stand-in for the counter.
static void run_counter(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct office *office = arg;
    struct zt_mailroom *room = NULL;
    enum zt_err rc = zt_mailroom_open(net, &room, NULL);
    if (zt_actor_ready(pipe, rc) == ZT_OK && rc == ZT_OK) {
        struct zt_sock *socks[] = {pipe, zt_mailroom_sock(room)};
        bool ready[2] = {false, false};
        while (!ready[0]) {
            (void)!zt_sock_wait(socks, 2, 5, ready);
            int manner = atomic_load(&office->manner);
            if (manner != OFFICE_COUNTER_JAMMED)
                append(office, room, manner == OFFICE_COUNTER_WORKS);
        }
    }
    zt_mailroom_close(&room);
}

static void open_ledger(struct office *office)
{
    char path[256];
    zt_world_path(&office->world, "ledger", path);
    (void)!snprintf(office->ledger_dir, sizeof office->ledger_dir, "%s", path);
    office->ledger = fixture_open(path, 0);
}

void office_open(struct office *office, void (*change)(struct zt_desk_options *options))
{
    struct zt_fault fault;
    memset(office, 0, sizeof *office);
    zt_world_open(&office->world, NULL);
    open_ledger(office);
    assert_int_equal(zt_net_open(&office->net), ZT_OK);
    assert_int_equal(zt_net_gate_open(office->net, zt_gate_admit, office->world.catalogue, &fault), ZT_OK);
    assert_int_equal(zt_curve_keys_new(&office->keys), ZT_OK);
    assert_int_equal(zt_actor_start(office->net, "counter", run_counter, office, &office->counter), ZT_OK);
    assert_int_equal(zt_mail_open(office->net, &office->mail, NULL), ZT_OK);
    office->options = (struct zt_desk_options){.endpoint = "tcp://127.0.0.1:*",
                                               .keys = &office->keys,
                                               .store = office->world.store,
                                               .ledger = office->ledger,
                                               .catalogue = office->world.catalogue,
                                               .append_ms = 60000}; // no test depends on a quick disk
    if (change)
        change(&office->options);
    enum zt_err rc = zt_actor_start(office->net, "desk", zt_desk_run, &office->options, &office->desk);
    if (rc != ZT_OK)
        fail_msg("%s: %s", office->options.fault.rule, office->options.fault.text);
    zt_arena_init(&office->arena, (size_t)16 * 1024 * 1024);
}

void office_close(struct office *office)
{
    zt_actor_stop(&office->desk);
    zt_actor_stop(&office->sealing);
    zt_actor_stop(&office->signing);
    zt_mail_close(&office->mail);
    zt_actor_stop(&office->counter);
    zt_ledger_close(&office->ledger);
    zt_net_close(&office->net);
    zt_key_destroy(&office->signer.key);
    zt_buf_fini(&office->signer.last_note);
    zt_arena_fini(&office->arena);
    zt_world_close(&office->world);
}

struct zt_sock *office_connect(struct office *office, const char *party)
{
    char path[256], name[128];
    struct zt_curve_keys keys;
    struct zt_fault fault;
    struct zt_sock *sock;
    (void)!snprintf(name, sizeof name, "etc/keys/%s", party);
    zt_world_path(&office->world, name, path);
    assert_int_equal(zt_curve_keys_load(path, &keys, &fault), ZT_OK);
    struct zt_connect_options options = {.endpoint = office->options.bound,
                                         .keys = &keys,
                                         .server_public = office->keys.public_text,
                                         .max_frame = ZT_FRAME_BATCH};
    assert_int_equal(zt_sock_connect(office->net, &options, &sock, &fault), ZT_OK);
    zt_curve_keys_wipe(&keys);
    return sock;
}

struct zt_desk_request office_question(enum zt_desk_act act)
{
    struct zt_desk_request request = {
        .time = zt_now_ms(), .act = act, .officer = "auditor-7", .reason = "file 2026-11", .limit = 200};
    assert_int_equal(zt_random(request.id, sizeof request.id), ZT_OK);
    return request;
}

void office_send(struct office *office, struct zt_sock *sock, const struct zt_desk_request *request,
                 uint8_t *hash)
{
    struct zt_buf frame;
    (void)office;
    zt_buf_init(&frame, ZT_WIRE_MAX_SMALL);
    zt_wire_start(&frame, ZT_WIRE_DESK_REQUEST);
    assert_int_equal(zt_desk_request_encode(request, &frame), ZT_OK);
    if (hash)
        assert_int_equal(
            zt_hash_of(ZT_SM3, (struct zt_bytes){frame.data + ZT_WIRE_HEAD, frame.len - ZT_WIRE_HEAD}, hash),
            ZT_OK);
    int64_t end = zt_monotonic_ms() + OFFICE_WAIT_MS;
    enum zt_err rc = zt_sock_send(sock, NULL, 0, zt_buf_bytes(&frame));
    while (rc == ZT_E_LIMIT && zt_monotonic_ms() < end) { // not connected yet
        bool ready;
        (void)!zt_sock_wait(&sock, 1, 2, &ready);
        rc = zt_sock_send(sock, NULL, 0, zt_buf_bytes(&frame));
    }
    assert_int_equal(rc, ZT_OK);
    zt_buf_fini(&frame);
}

enum zt_err office_receive(struct office *office, struct zt_sock *sock, int ms, struct zt_desk_answer *answer,
                           uint8_t *hash)
{
    struct zt_msg msg;
    enum zt_wire_type type;
    struct zt_bytes body, covered;
    zt_msg_init(&msg);
    enum zt_err rc = zt_sock_recv_within(sock, &msg, ms);
    if (rc == ZT_OK) {
        zt_arena_reset(&office->arena);
        assert_int_equal(zt_wire_open(msg.frame, &type, &body, NULL), ZT_OK);
        assert_int_equal(type, ZT_WIRE_DESK_ANSWER);
        assert_int_equal(zt_desk_answer_parse(body, &office->arena, answer, NULL), ZT_OK);
        assert_int_equal(zt_desk_answer_unsealed(body, answer, &covered), ZT_OK);
        if (hash)
            assert_int_equal(zt_hash_of(ZT_SM3, covered, hash), ZT_OK);
    }
    zt_msg_fini(&msg);
    return rc;
}

struct found {
    struct office *office;
    uint64_t index;
    struct zt_entry entry;
    uint8_t *leaf;
    bool good;
};

static bool take_one(void *arg, uint64_t index, struct zt_bytes entry)
{
    struct found *found = arg;
    assert_int_equal(index, found->index);
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, entry, found->leaf), ZT_OK);
    assert_int_equal(zt_entry_parse(entry, &found->office->arena, &found->entry, NULL), ZT_OK);
    found->good = true;
    return false;
}

struct zt_entry office_entry(struct office *office, uint64_t index, uint8_t leaf[static ZT_HASH_LEN])
{
    struct zt_ledger_reader *reader;
    struct found found = {.office = office, .index = index, .leaf = leaf};
    assert_int_equal(zt_ledger_reader_open(office->ledger, &reader), ZT_OK);
    assert_int_equal(zt_ledger_scan(reader, index, take_one, &found), ZT_OK);
    zt_ledger_reader_close(&reader);
    assert_true(found.good);
    return found.entry;
}

struct zt_entry office_ask(struct office *office, struct zt_sock *sock, const struct zt_desk_request *request,
                           struct zt_desk_answer *answer)
{
    uint8_t request_hash[ZT_HASH_LEN], answer_hash[ZT_HASH_LEN], leaf[ZT_HASH_LEN];
    office_send(office, sock, request, request_hash);
    assert_int_equal(office_receive(office, sock, OFFICE_WAIT_MS, answer, answer_hash), ZT_OK);
    assert_memory_equal(answer->id, request->id, sizeof answer->id);
    struct zt_entry entry = office_entry(office, answer->ledger_index, leaf);
    assert_memory_equal(answer->ledger_hash, leaf, sizeof leaf);
    assert_true(zt_bytes_equal(entry.request_id, (struct zt_bytes){request->id, sizeof request->id}));
    assert_true(zt_bytes_equal(entry.request_hash, (struct zt_bytes){request_hash, ZT_HASH_LEN}));
    assert_true(zt_bytes_equal(entry.answer_hash, (struct zt_bytes){answer_hash, ZT_HASH_LEN}));
    assert_int_equal(entry.status, answer->status);
    assert_string_equal(entry.rule, answer->rule);
    assert_string_equal(entry.officer, request->officer ? request->officer : "");
    return entry;
}

uint64_t office_put(struct office *office, const struct zt_entry *entry)
{
    struct zt_buf encoded;
    uint64_t index;
    uint8_t hash[1][ZT_HASH_LEN];
    zt_buf_init(&encoded, ZT_ENTRY_MAX);
    assert_int_equal(zt_entry_encode(entry, &encoded), ZT_OK);
    struct zt_bytes bytes = zt_buf_bytes(&encoded);
    assert_int_equal(zt_mail_call(office->mail, &bytes, 1, OFFICE_WAIT_MS, &index, hash), ZT_OK);
    zt_buf_fini(&encoded);
    return index;
}

void office_seal(struct office *office)
{
    if (!office->signing) {
        (void)!snprintf(office->signer_endpoint, sizeof office->signer_endpoint, "ipc://%.200s/signer",
                        office->world.root);
        assert_int_equal(zt_key_new(ZT_ED25519, &office->signer.key), ZT_OK);
        office->signer.endpoint = office->signer_endpoint;
        office->signer.name = FIXTURE_ORIGIN;
        office->sealer = (struct zt_sealer_options){office->ledger, office->signer_endpoint, 5};
        assert_int_equal(
            zt_actor_start(office->net, "signer", stand_in_run, &office->signer, &office->signing), ZT_OK);
        assert_int_equal(
            zt_actor_start(office->net, "sealer", zt_sealer_run, &office->sealer, &office->sealing), ZT_OK);
    }
    int64_t end = zt_monotonic_ms() + OFFICE_WAIT_MS;
    struct zt_sock *pipe = zt_actor_pipe(office->sealing);
    bool ready;
    while (zt_ledger_sealed(office->ledger) < zt_ledger_size(office->ledger) && zt_monotonic_ms() < end)
        (void)!zt_sock_wait(&pipe, 1, 2, &ready);
    assert_int_equal(zt_ledger_sealed(office->ledger), zt_ledger_size(office->ledger));
}

bool office_on_disk(struct office *office, const char *text)
{
    char path[PATH_MAX];
    size_t len;
    zt_segment_path(office->ledger->journal_dir, 0, path);
    uint8_t *data = fixture_read(path, &len);
    bool found = memmem(data, len, text, strlen(text)) != NULL;
    free(data);
    return found;
}
