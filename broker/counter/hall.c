// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/hall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "proto/wire.h"

static bool admit(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN], char user_id[static ZT_USER_ID_MAX])
{
    const struct zt_party *party = zt_catalogue_party_by_curve(arg, key);
    if (party)
        snprintf(user_id, ZT_USER_ID_MAX, "%s", party->id);
    return party != NULL;
}

void zt_hall_open(struct zt_hall *hall, int64_t signer_timeout_ms)
{
    struct zt_fault fault = {.text = ""};
    char dir[256];
    memset(hall, 0, sizeof *hall);
    zt_msg_init(&hall->msg);
    zt_buf_init(&hall->frame, ZT_FRAME_BATCH);
    zt_world_open(&hall->world, NULL);
    zt_world_path(&hall->world, "ledger", dir);
    struct zt_ledger_options ledger = {.dir = dir, .origin = "zhitong.example/ledger/test"};
    assert_int_equal(zt_ledger_open(&ledger, &hall->ledger, &fault), ZT_OK);
    assert_int_equal(zt_ledger_reader_open(hall->ledger, &hall->reader), ZT_OK);
    assert_int_equal(zt_net_open(&hall->net), ZT_OK);
    assert_int_equal(zt_net_gate_open(hall->net, admit, hall->world.catalogue, &fault), ZT_OK);
    assert_int_equal(zt_curve_keys_new(&hall->server), ZT_OK);
    fake_signer_start(&hall->signer, hall->net, hall->world.root);
    hall->options = (struct zt_counter_options){.endpoint = "tcp://127.0.0.1:*",
                                                .keys = &hall->server,
                                                .signer = hall->signer.endpoint,
                                                .store = hall->world.store,
                                                .ledger = hall->ledger,
                                                .catalogue = hall->world.catalogue,
                                                .signer_timeout_ms = signer_timeout_ms};
    enum zt_err rc = zt_actor_start(hall->net, "counter", zt_counter_run, &hall->options, &hall->counter);
    if (rc != ZT_OK)
        fail_msg("%s: %s", hall->options.fault.rule, hall->options.fault.text);
    hall->consumer = zt_hall_connect(hall, "hall");
}

void zt_hall_close(struct zt_hall *hall)
{
    if (hall->consumer)
        zt_sock_close(&hall->consumer);
    zt_actor_stop(&hall->counter);
    fake_signer_end(&hall->signer);
    zt_msg_fini(&hall->msg);
    zt_buf_fini(&hall->frame);
    if (hall->reader)
        zt_ledger_reader_close(&hall->reader);
    zt_ledger_close(&hall->ledger);
    zt_net_close(&hall->net);
    zt_world_close(&hall->world);
}

struct zt_sock *zt_hall_connect(struct zt_hall *hall, const char *party)
{
    char name[128], path[256];
    struct zt_fault fault = {.text = ""};
    struct zt_curve_keys keys;
    struct zt_sock *sock;
    snprintf(name, sizeof name, "etc/keys/%s", party);
    zt_world_path(&hall->world, name, path);
    assert_int_equal(zt_curve_keys_load(path, &keys, &fault), ZT_OK);
    struct zt_connect_options options = {.endpoint = hall->options.bound,
                                         .keys = &keys,
                                         .server_public = hall->server.public_text,
                                         .max_frame = ZT_FRAME_ANSWER,
                                         .queue = 4096};
    assert_int_equal(zt_sock_connect(hall->net, &options, &sock, &fault), ZT_OK);
    zt_curve_keys_wipe(&keys);
    return sock;
}

struct zt_request zt_hall_question(struct zt_hall *hall, enum zt_mode mode, const char *type,
                                   const char *number)
{
    bool firm = strlen(number) == 18 && number[0] == '9';
    struct zt_request q = {.time = zt_now_ms(),
                           .mode = mode,
                           .item = "item.one",
                           .purpose = "p.check",
                           .case_no = "C-1",
                           .officer = "W-7",
                           .subject = {firm ? "001" : "111", number, ""},
                           .type = type,
                           .consent = "",
                           .key = ""};
    uint32_t id = ++hall->next_id;
    memcpy(q.id, &id, sizeof id);
    q.id[ZT_REQUEST_ID_LEN - 1] = 1;
    return q;
}

struct zt_request zt_hall_issue(struct zt_hall *hall, const char *type, const char *number,
                                enum zt_sig_alg alg)
{
    struct zt_request q = zt_hall_question(hall, ZT_MODE_ISSUE, type, number);
    q.purpose = "p.prove";
    q.alg = alg;
    return q;
}

void zt_hall_send_frame(struct zt_sock *sock, struct zt_bytes frame)
{
    int64_t end = zt_monotonic_ms() + HALL_WAIT_MS;
    enum zt_err rc;
    // A DEALER that is still shaking hands says ZT_E_LIMIT; the wait gives it time.
    while ((rc = zt_sock_send(sock, NULL, 0, frame)) == ZT_E_LIMIT && zt_monotonic_ms() < end) {
        bool ready;
        (void)!zt_sock_wait(&sock, 1, 5, &ready);
    }
    assert_int_equal(rc, ZT_OK);
}

void zt_hall_send(struct zt_hall *hall, struct zt_sock *sock, const struct zt_request *request)
{
    assert_int_equal(zt_request_encode(request, &hall->frame), ZT_OK);
    zt_hall_send_frame(sock, zt_buf_bytes(&hall->frame));
}

struct zt_answer zt_hall_recv(struct zt_hall *hall, struct zt_sock *sock)
{
    struct zt_answer answer;
    enum zt_wire_type type;
    struct zt_fault fault = {.text = ""};
    assert_int_equal(zt_sock_recv_within(sock, &hall->msg, HALL_WAIT_MS), ZT_OK);
    assert_int_equal(zt_wire_open(hall->msg.frame, &type, &hall->body, &fault), ZT_OK);
    assert_int_equal(type, ZT_WIRE_ANSWER);
    enum zt_err rc = zt_answer_parse(hall->body, &hall->world.arena, &answer, &fault);
    if (rc != ZT_OK)
        fail_msg("%s: %s", fault.rule, fault.text);
    return answer;
}

struct zt_answer zt_hall_ask(struct zt_hall *hall, const struct zt_request *request)
{
    zt_hall_send(hall, hall->consumer, request);
    struct zt_answer answer = zt_hall_recv(hall, hall->consumer);
    assert_memory_equal(answer.id, request->id, sizeof answer.id);
    return answer;
}

void zt_hall_assert_silent(struct zt_hall *hall, struct zt_sock *sock)
{
    struct zt_msg msg;
    struct zt_request q = zt_hall_question(hall, ZT_MODE_FETCH, "ps.person", WORLD_CAT);
    zt_hall_ask(hall, &q);
    zt_msg_init(&msg);
    assert_int_equal(zt_sock_recv(sock, &msg), ZT_E_TIMEOUT);
    zt_msg_fini(&msg);
}

struct wanted {
    struct zt_hall *hall;
    struct zt_entry entry;
    uint8_t hash[ZT_HASH_LEN];
    bool found;
};

static bool take_entry(void *arg, uint64_t index, struct zt_bytes bytes)
{
    struct wanted *wanted = arg;
    (void)index;
    assert_int_equal(zt_merkle_leaf(ZT_SHA256, bytes, wanted->hash), ZT_OK);
    assert_int_equal(zt_entry_parse(bytes, &wanted->hall->world.arena, &wanted->entry, NULL), ZT_OK);
    wanted->found = true;
    return false;
}

struct zt_entry zt_hall_entry(struct zt_hall *hall, uint64_t index, const uint8_t *hash)
{
    struct wanted wanted = {.hall = hall};
    assert_int_equal(zt_ledger_scan(hall->reader, index, take_entry, &wanted), ZT_OK);
    assert_true(wanted.found);
    if (hash)
        assert_memory_equal(wanted.hash, hash, ZT_HASH_LEN);
    return wanted.entry;
}

struct zt_entry zt_hall_entry_of(struct zt_hall *hall, const struct zt_answer *answer)
{
    struct zt_entry entry = zt_hall_entry(hall, answer->ledger_index, answer->ledger_hash);
    struct zt_bytes unsealed;
    uint8_t hash[ZT_HASH_LEN];
    assert_int_equal(zt_answer_unsealed(hall->body, answer, &unsealed), ZT_OK);
    assert_int_equal(zt_hash_of(ZT_SM3, unsealed, hash), ZT_OK);
    assert_int_equal(entry.answer_hash.len, ZT_HASH_LEN);
    assert_memory_equal(entry.answer_hash.data, hash, ZT_HASH_LEN);
    assert_int_equal(entry.request_id.len, ZT_REQUEST_ID_LEN);
    assert_memory_equal(entry.request_id.data, answer->id, ZT_REQUEST_ID_LEN);
    assert_int_equal(entry.status, answer->status);
    assert_string_equal(entry.rule, answer->rule);
    assert_int_equal(entry.as_of, answer->freshness.as_of);
    assert_int_equal(entry.fresh, answer->freshness.state);
    return entry;
}
