// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proto/wire.h"

#define WAIT_MS   30000
#define FRAME_MAX 1024 // bytes of a question, on average
#define SAMPLE    997  // every so manieth answer is parsed in full
#define ARENA_MAX ((size_t)4 * 1024 * 1024)

static void die(const char *what, const char *why)
{
    fprintf(stderr, "lookup_bench: %s: %s\n", what, why);
    exit(1);
}

static void must(enum zt_err rc, const char *what, const struct zt_fault *fault)
{
    if (rc != ZT_OK)
        die(what, fault && fault->text[0] ? fault->text : zt_err_name(rc));
}

void bench_frames_init(struct bench_frames *frames, size_t cap)
{
    *frames = (struct bench_frames){.cap = cap, .ends = calloc(cap, sizeof *frames->ends)};
    zt_buf_init(&frames->bytes, cap * FRAME_MAX + ZT_FRAME_SMALL);
    if (!frames->ends)
        die("memory", "none");
}

void bench_frames_fini(struct bench_frames *frames)
{
    zt_buf_fini(&frames->bytes);
    free(frames->ends);
}

void bench_frames_add(struct bench_frames *frames, struct zt_bytes frame)
{
    zt_buf_put(&frames->bytes, frame.data, frame.len);
    must(frames->count < frames->cap ? frames->bytes.err : ZT_E_LIMIT, "questions", NULL);
    frames->ends[frames->count++] = frames->bytes.len;
}

struct zt_bytes bench_frame(const struct bench_frames *frames, size_t i)
{
    size_t start = i ? frames->ends[i - 1] : 0;
    return (struct zt_bytes){frames->bytes.data + start, frames->ends[i] - start};
}

void bench_open(struct bench_load *load)
{
    struct zt_fault fault = {.text = ""};
    must(zt_curve_keys_load(load->key_stem, &load->keys, &fault), load->key_stem, &fault);
    must(zt_curve_public_load(load->server_file, load->server_public, &fault), load->server_file, &fault);
    must(zt_net_open(&load->net), "net", NULL);
    zt_msg_init(&load->msg);
    zt_arena_init(&load->arena, ARENA_MAX);
    if (load->connections < 1 || load->connections > BENCH_CONNECTIONS_MAX)
        die("--connections", "1 to 16");
}

void bench_close(struct bench_load *load)
{
    zt_msg_fini(&load->msg);
    zt_arena_fini(&load->arena);
    zt_net_close(&load->net);
    zt_curve_keys_wipe(&load->keys);
}

struct bench_peer bench_connect(struct bench_load *load, const char *endpoint, const char *server_public)
{
    struct bench_peer peer = {.question_len = 0};
    struct zt_connect_options options = {.endpoint = endpoint,
                                         .keys = &load->keys,
                                         .server_public = server_public ? server_public : load->server_public,
                                         .max_frame = ZT_FRAME_ANSWER,
                                         .queue = (int)load->outstanding + 1};
    struct zt_fault fault = {.text = ""};
    for (size_t i = 0; i < load->connections; i++)
        must(zt_sock_connect(load->net, &options, &peer.socks[i], &fault), endpoint, &fault);
    return peer;
}

void bench_disconnect(struct bench_load *load, struct bench_peer *peer)
{
    for (size_t i = 0; i < load->connections; i++)
        zt_sock_close(&peer->socks[i]);
}

static void send_one(struct zt_sock *sock, struct zt_bytes frame)
{
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    enum zt_err rc;
    while ((rc = zt_sock_send(sock, NULL, 0, frame)) == ZT_E_LIMIT && zt_monotonic_ms() < end) {
        bool ready;
        (void)!zt_sock_wait(&sock, 1, 1, &ready);
    }
    must(rc, "send", NULL);
}

static struct zt_answer parse_answer(struct bench_load *load)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    struct zt_answer answer;
    struct zt_fault fault = {.text = ""};
    zt_arena_reset(&load->arena);
    must(zt_wire_open(load->msg.frame, &type, &body, &fault), "answer", &fault);
    must(zt_answer_parse(body, &load->arena, &answer, &fault), "answer", &fault);
    return answer;
}

static void check_answer(struct bench_load *load)
{
    struct zt_answer answer = parse_answer(load);
    static const uint8_t none[ZT_HASH_LEN];
    if (answer.status != ZT_STATUS_OK)
        die("the answer is no answer", answer.rule);
    if (memcmp(answer.ledger_hash, none, sizeof none) == 0)
        die("the answer", "is not ledgered");
}

void bench_probe(struct bench_load *load, struct bench_peer *peer, const struct bench_frames *frames)
{
    send_one(peer->socks[0], bench_frame(frames, 0));
    must(zt_sock_recv_within(peer->socks[0], &load->msg, WAIT_MS), "first answer", NULL);
    check_answer(load);
    peer->question_len = bench_frame(frames, 0).len;
    peer->answer_len = load->msg.frame.len;
}

void bench_lone(struct bench_load *load, struct bench_peer *peer, const struct bench_frames *frames,
                bool lookups, int64_t *took)
{
    for (size_t i = 0; i < frames->count; i++) {
        int64_t start = zt_monotonic_ns();
        send_one(peer->socks[0], bench_frame(frames, i));
        must(zt_sock_recv_within(peer->socks[0], &load->msg, WAIT_MS), "answer", NULL);
        took[i] = zt_monotonic_ns() - start;
        if (lookups)
            check_answer(load);
    }
}

// Takes what has come over one connection and sends as many new questions.
static size_t turn(struct bench_load *load, struct zt_sock *sock, const struct bench_frames *frames,
                   size_t *sent, size_t received, bool lookups)
{
    size_t taken = 0;
    while (zt_sock_recv(sock, &load->msg) == ZT_OK) {
        taken++;
        if (lookups && (received + taken) % SAMPLE == 0)
            check_answer(load);
        if (*sent < frames->count)
            send_one(sock, bench_frame(frames, (*sent)++));
    }
    return taken;
}

int64_t bench_many(struct bench_load *load, struct bench_peer *peer, const struct bench_frames *frames,
                   bool lookups)
{
    size_t sent = 0, received = 0;
    bool ready[BENCH_CONNECTIONS_MAX];
    int64_t start = zt_monotonic_ns();
    for (; sent < load->outstanding; sent++)
        send_one(peer->socks[sent % load->connections], bench_frame(frames, sent));
    while (received < frames->count) {
        must(zt_sock_wait(peer->socks, load->connections, WAIT_MS, ready), "answers", NULL);
        for (size_t i = 0; i < load->connections; i++)
            if (ready[i])
                received += turn(load, peer->socks[i], frames, &sent, received, lookups);
    }
    return zt_monotonic_ns() - start;
}
