// SPDX-License-Identifier: Apache-2.0
// A whole intake for its tests: the shipped catalogue with an installation of fresh keys, a real gate, store
// and log, and an owner of the ledger that writes down what it is sent and answers when it is told to.
#ifndef ZT_BROKER_INTAKE_INTAKE_FIXTURE_H
#define ZT_BROKER_INTAKE_INTAKE_FIXTURE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "broker/control.h"
#include "broker/gate.h"
#include "broker/intake/intake.h"
#include "broker/ledger/mail.h"
#include "broker/store/store_fixture.h"
#include "catalogue/test_support.h"
#include "proto/wire.h"
#include "tests/support/sample.h"

#define WAIT_MS 20000

struct counter_stub { // stands where the counter is: owns the mailroom
    atomic_bool hold; // take letters but do not answer yet
    atomic_uint entries;
    pthread_mutex_t lock;
    struct {
        char party[64], rule[64], note[64];
        enum zt_entry_kind kind;
    } seen[64];
};

struct zt_intake_fixture {
    struct zt_store_fixture base;
    char installation[PATH_MAX];
    struct zt_net *net;
    struct zt_catalogue *catalogue;
    struct counter_stub stub;
    struct zt_actor *stub_actor, *actor;
    struct zt_log *log;
    struct zt_intake_options options;
    struct zt_curve_keys server, party, other; // party: ZT_SAMPLE_PARTY, other: "civil-affairs"
    struct zt_key *key;
    struct zt_arena arena;
    struct zt_buf frame;
    struct zt_msg msg;
};

static inline void stub_note(struct counter_stub *stub, struct zt_bytes bytes)
{
    struct zt_arena arena;
    struct zt_entry entry;
    zt_arena_init(&arena, 1 << 16);
    pthread_mutex_lock(&stub->lock);
    unsigned at = atomic_load(&stub->entries) % 64;
    assert_int_equal(zt_entry_parse(bytes, &arena, &entry, NULL), ZT_OK);
    snprintf(stub->seen[at].party, 64, "%s", entry.party);
    snprintf(stub->seen[at].rule, 64, "%s", entry.rule);
    snprintf(stub->seen[at].note, 64, "%s", entry.note);
    stub->seen[at].kind = entry.kind;
    atomic_fetch_add(&stub->entries, 1);
    pthread_mutex_unlock(&stub->lock);
    zt_arena_fini(&arena);
}

static inline void stub_run(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct counter_stub *stub = arg;
    struct zt_mailroom *room = NULL;
    struct zt_msg msg;
    struct zt_bytes entries[ZT_MAIL_ENTRIES];
    static uint8_t hashes[ZT_MAIL_ENTRIES][ZT_HASH_LEN];
    size_t taken = 0;
    zt_msg_init(&msg);
    enum zt_err rc = zt_mailroom_open(net, &room, NULL);
    if (zt_actor_ready(pipe, rc) != ZT_OK || rc != ZT_OK)
        return;
    for (;;) {
        struct zt_sock *socks[] = {pipe, zt_mailroom_sock(room)};
        bool ready[2];
        (void)!zt_sock_wait(socks, taken ? 1 : 2, 10, ready);
        if (zt_sock_recv(pipe, &msg) == ZT_OK)
            break;
        if (taken == 0) {
            taken = zt_mailroom_take(room, entries, ZT_MAIL_ENTRIES);
            for (size_t i = 0; i < taken; i++)
                stub_note(stub, entries[i]);
        }
        if (taken > 0 && !atomic_load(&stub->hold)) {
            assert_int_equal(zt_mailroom_answer(room, ZT_OK, 7, hashes), 0);
            taken = 0;
        }
    }
    zt_mailroom_close(&room);
    zt_msg_fini(&msg);
}

static inline void must(enum zt_err rc, const struct zt_fault *fault)
{
    if (rc != ZT_OK)
        fail_msg("%s: %s: %s %s", zt_err_name(rc), fault->rule, fault->text, fault->place);
}

// Replaces the keys that make_installation made by ones that we hold.
static inline void hold_keys(struct zt_intake_fixture *f)
{
    char path[PATH_MAX], keys[PATH_MAX], line[64];
    struct zt_fault fault = {0};
    join_path(keys, f->installation, "keys");
    must(zt_curve_keys_new(&f->server), &fault);
    must(zt_curve_keys_new(&f->party), &fault);
    must(zt_curve_keys_new(&f->other), &fault);
    join_path(path, keys, ZT_SAMPLE_PARTY ".pub");
    snprintf(line, sizeof line, "%s\n", f->party.public_text);
    write_text(path, line);
    join_path(path, keys, "civil-affairs.pub");
    snprintf(line, sizeof line, "%s\n", f->other.public_text);
    write_text(path, line);
    join_path(path, keys, ZT_SAMPLE_KEY_ID ".pem");
    must(zt_key_new(ZT_SM2, &f->key), &fault);
    must(zt_key_save_public(f->key, path, &fault), &fault);
}

static inline void start_intake(struct zt_intake_fixture *f)
{
    f->options = (struct zt_intake_options){.endpoint = "tcp://127.0.0.1:*",
                                            .keys = &f->server,
                                            .store = f->base.store,
                                            .log = f->log,
                                            .catalogue = f->catalogue,
                                            .log_keep = f->options.log_keep};
    enum zt_err rc = zt_actor_start(f->net, "intake", zt_intake_run, &f->options, &f->actor);
    must(rc, &f->options.fault);
}

static inline int intake_setup_with(void **state, uint64_t map_size)
{
    struct zt_intake_fixture *f = calloc(1, sizeof *f);
    struct zt_fault fault = {0};
    assert_non_null(f);
    f->base.map_size = map_size;
    fixture_init(&f->base);
    join_path(f->installation, f->base.dir, "etc");
    assert_int_equal(mkdir(f->installation, 0700), 0);
    make_installation(f->installation);
    hold_keys(f);
    zt_arena_init(&f->arena, (size_t)16 << 20);
    zt_buf_init(&f->frame, ZT_FRAME_BATCH);
    zt_msg_init(&f->msg);
    assert_int_equal(pthread_mutex_init(&f->stub.lock, NULL), 0);
    f->catalogue = load_shipped(f->installation);
    must(zt_net_open(&f->net), &fault);
    must(zt_net_gate_open(f->net, zt_gate_admit, f->catalogue, &fault), &fault);
    must(zt_log_embedded_open(f->base.store, &f->log), &fault);
    must(zt_actor_start(f->net, "counter", stub_run, &f->stub, &f->stub_actor), &fault);
    start_intake(f);
    *state = f;
    return 0;
}

static inline int intake_setup(void **state)
{
    return intake_setup_with(state, 0);
}

static inline int intake_teardown(void **state)
{
    struct zt_intake_fixture *f = *state;
    zt_actor_stop(&f->actor);
    zt_actor_stop(&f->stub_actor);
    zt_msg_fini(&f->msg);
    zt_net_close(&f->net);
    zt_catalogue_release(&f->catalogue);
    f->log->ops->close(&f->log);
    zt_key_destroy(&f->key);
    zt_arena_fini(&f->arena);
    zt_buf_fini(&f->frame);
    pthread_mutex_destroy(&f->stub.lock);
    fixture_fini(&f->base);
    free(f);
    return 0;
}

static inline struct zt_sock *producer(struct zt_intake_fixture *f, const struct zt_curve_keys *keys)
{
    struct zt_sock *sock = NULL;
    struct zt_fault fault = {0};
    struct zt_connect_options options = {.endpoint = f->options.bound,
                                         .keys = keys,
                                         .server_public = f->server.public_text,
                                         .max_frame = ZT_FRAME_BATCH};
    must(zt_sock_connect(f->net, &options, &sock, &fault), &fault);
    return sock;
}

// Until the connection is up.
static inline void send_frame(struct zt_sock *sock, struct zt_bytes frame)
{
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    enum zt_err rc;
    do {
        rc = zt_sock_send(sock, NULL, 0, frame);
        struct zt_sock *socks[] = {sock};
        bool ready[1];
        if (rc != ZT_OK)
            (void)!zt_sock_wait(socks, 1, 5, ready);
    } while (rc == ZT_E_LIMIT && zt_monotonic_ms() < end);
    assert_int_equal(rc, ZT_OK);
}

static inline enum zt_wire_type receive(struct zt_intake_fixture *f, struct zt_sock *sock,
                                        struct zt_bytes *body)
{
    enum zt_wire_type type = ZT_WIRE_NONE;
    assert_int_equal(zt_sock_recv_within(sock, &f->msg, WAIT_MS), ZT_OK);
    assert_int_equal(zt_wire_open(f->msg.frame, &type, body, NULL), ZT_OK);
    return type;
}

static inline void await_ack(struct zt_intake_fixture *f, struct zt_sock *sock, struct zt_ack *ack)
{
    struct zt_bytes body;
    zt_arena_reset(&f->arena);
    assert_int_equal(receive(f, sock, &body), ZT_WIRE_ACK);
    assert_int_equal(zt_ack_parse(body, &f->arena, ack, NULL), ZT_OK);
}

static inline void await_welcome(struct zt_intake_fixture *f, struct zt_sock *sock,
                                 struct zt_welcome *welcome)
{
    struct zt_bytes body;
    zt_arena_reset(&f->arena);
    assert_int_equal(receive(f, sock, &body), ZT_WIRE_WELCOME);
    assert_int_equal(zt_welcome_parse(body, &f->arena, welcome, NULL), ZT_OK);
}

static inline void hello(struct zt_intake_fixture *f, struct zt_sock *sock, const char *source,
                         struct zt_welcome *welcome)
{
    struct zt_hello message = {.source = source, .program = "test 1"};
    zt_buf_reset(&f->frame);
    assert_int_equal(zt_hello_encode(&message, &f->frame), ZT_OK);
    send_frame(sock, zt_buf_bytes(&f->frame));
    await_welcome(f, sock, welcome);
}

// A batch under construction; what a test wants to be wrong it changes before send_batch.
struct draft {
    struct zt_batch batch;
    struct zt_sample samples[8];
    struct zt_buf encoded[8];
    struct zt_bytes records[8];
    uint8_t signature[ZT_SIG_LEN];
    const char *key_id;
    bool spoil_signature;
};

static inline void draft_init(struct draft *draft, uint64_t seq, unsigned first_person, size_t count,
                              uint64_t version)
{
    memset(draft, 0, sizeof *draft);
    draft->batch = (struct zt_batch){.source = ZT_SAMPLE_SOURCE,
                                     .seq = seq,
                                     .cursor = zt_bytes_str("cursor"),
                                     .made_at = zt_now_ms(),
                                     .records = draft->records,
                                     .record_count = count};
    draft->key_id = ZT_SAMPLE_KEY_ID;
    for (size_t i = 0; i < count; i++) {
        zt_sample_account(first_person + (unsigned)i, version, &draft->samples[i]);
        zt_buf_init(&draft->encoded[i], ZT_RECORD_MAX);
    }
}

static inline void encode_records(struct draft *draft)
{
    for (size_t i = 0; i < draft->batch.record_count; i++) {
        if (draft->records[i].data)
            continue; // given by the test
        zt_buf_reset(&draft->encoded[i]);
        assert_int_equal(zt_record_encode(&draft->samples[i].record, &draft->encoded[i]), ZT_OK);
        draft->records[i] = zt_buf_bytes(&draft->encoded[i]);
    }
}

static inline void send_batch(struct zt_intake_fixture *f, struct zt_sock *sock, struct draft *draft)
{
    encode_records(draft);
    assert_int_equal(zt_sample_sign(&draft->batch, draft->key_id, f->key, draft->signature), ZT_OK);
    if (draft->spoil_signature)
        draft->signature[5] ^= 1;
    zt_buf_reset(&f->frame);
    assert_int_equal(zt_batch_encode(&draft->batch, &f->frame), ZT_OK);
    send_frame(sock, zt_buf_bytes(&f->frame));
    for (size_t i = 0; i < draft->batch.record_count; i++)
        zt_buf_fini(&draft->encoded[i]);
}

static inline void publish(struct zt_intake_fixture *f, struct zt_sock *sock, struct draft *draft,
                           struct zt_ack *ack)
{
    send_batch(f, sock, draft);
    await_ack(f, sock, ack);
    for (size_t i = 0; i < ack->reject_count; i++)
        print_message("record %u: %s: %s\n", ack->rejects[i].index, ack->rejects[i].rule,
                      ack->rejects[i].text);
}

static inline bool find_any(void *arg, const struct zt_stored *stored)
{
    *(uint64_t *)arg = stored->record.version;
    return false;
}

// The version in the store, 0 for none.
static inline uint64_t stored_version(struct zt_intake_fixture *f, unsigned person)
{
    char number[ZT_SAMPLE_NUMBER_LEN + 1];
    uint8_t subject[ZT_PSEUDONYM_LEN];
    struct zt_store_read *read = NULL;
    uint64_t version = 0;
    zt_sample_number(person, number);
    assert_int_equal(zt_pseudonym(f->base.store, "111", number, subject), ZT_OK);
    assert_int_equal(zt_store_reader(f->base.store, &read), ZT_OK);
    assert_int_equal(zt_store_renew(read), ZT_OK);
    struct zt_arena arena;
    zt_arena_init(&arena, 1 << 20);
    assert_int_equal(zt_store_find(read, subject, ZT_SAMPLE_TYPE, &arena, find_any, &version), ZT_OK);
    zt_arena_fini(&arena);
    zt_store_reader_close(&read);
    return version;
}

#endif
