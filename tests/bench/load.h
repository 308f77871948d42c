// SPDX-License-Identifier: Apache-2.0
// For benchmarks: a client that keeps so many questions under way over a few CURVE connections. It drives any
// server that answers each frame with one frame.
#ifndef ZT_TESTS_BENCH_LOAD_H
#define ZT_TESTS_BENCH_LOAD_H

#include "base/net/net.h"
#include "proto/lookup.h"

#define BENCH_CONNECTIONS_MAX 16

struct bench_frames { // one behind the other
    struct zt_buf bytes;
    size_t *ends;
    size_t count, cap;
};
void bench_frames_init(struct bench_frames *frames, size_t cap);
void bench_frames_fini(struct bench_frames *frames);
void bench_frames_add(struct bench_frames *frames, struct zt_bytes frame);
struct zt_bytes bench_frame(const struct bench_frames *frames, size_t i);

struct bench_load {
    const char *counter, *server_file, *key_stem;
    size_t outstanding, connections;
    struct zt_net *net;
    struct zt_curve_keys keys;
    char server_public[ZT_CURVE_TEXT_LEN + 1];
    struct zt_msg msg;
    struct zt_arena arena;
};
struct bench_peer {
    struct zt_sock *socks[BENCH_CONNECTIONS_MAX];
    size_t question_len, answer_len;
};
// All end the program with a message when something fails.
void bench_open(struct bench_load *load);
void bench_close(struct bench_load *load);
struct bench_peer bench_connect(struct bench_load *load, const char *endpoint, const char *server_public);
void bench_disconnect(struct bench_load *load, struct bench_peer *peer);
// Asks once and notes the sizes; the answer must be "ok".
void bench_probe(struct bench_load *load, struct bench_peer *peer, const struct bench_frames *frames);
// One at a time over the first connection; took[i] in ns. `lookups`: every answer must be a ledgered "ok".
void bench_lone(struct bench_load *load, struct bench_peer *peer, const struct bench_frames *frames,
                bool lookups, int64_t *took);
// All frames with load->outstanding under way; ns from the first send to the last answer.
int64_t bench_many(struct bench_load *load, struct bench_peer *peer, const struct bench_frames *frames,
                   bool lookups);

#endif
