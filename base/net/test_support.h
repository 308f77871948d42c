// SPDX-License-Identifier: Apache-2.0
// Test support of base/net: a server with a gate that knows one party, and clients of all kinds.
#ifndef ZT_BASE_NET_TEST_SUPPORT_H
#define ZT_BASE_NET_TEST_SUPPORT_H

#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/net/net.h"
#include "base/test_support.h"

#define WAIT_MS 30000 // no test waits longer for what must come

// One process with its gate and one public endpoint. `party` is admitted as "party-1" while `known` is true.
struct city {
    struct zt_net *net;
    struct zt_curve_keys server, party;
    uint8_t party_key[ZT_CURVE_KEY_LEN];
    atomic_bool known;
    struct zt_sock *sock;
    char endpoint[ZT_ENDPOINT_MAX];
};

static inline bool admit_party(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN],
                               char user_id[static ZT_USER_ID_MAX])
{
    struct city *city = arg;
    if (!atomic_load(&city->known) || memcmp(key, city->party_key, ZT_CURVE_KEY_LEN) != 0)
        return false;
    snprintf(user_id, ZT_USER_ID_MAX, "party-1");
    return true;
}

static inline void must(enum zt_err rc, const struct zt_fault *fault)
{
    if (rc != ZT_OK)
        fail_msg("%s: %s: %s %s", zt_err_name(rc), fault->rule, fault->text, fault->place);
}

// An abstract ipc endpoint that no other run of a test has.
static inline const char *own_endpoint(const char *name)
{
    static char endpoint[ZT_ENDPOINT_MAX];
    snprintf(endpoint, sizeof endpoint, "ipc://@zt-test-%s-%ld", name, (long)getpid());
    return endpoint;
}

static inline void listen_at(struct city *city, const char *endpoint, struct zt_sock **sock,
                             char bound[static ZT_ENDPOINT_MAX])
{
    struct zt_fault fault = {0};
    struct zt_listen_options options = {
        .endpoint = endpoint, .keys = &city->server, .max_frame = ZT_FRAME_SMALL};
    must(zt_sock_listen(city->net, &options, sock, bound, &fault), &fault);
}

static inline int open_city(void **state)
{
    struct zt_fault fault = {0};
    struct city *city = calloc(1, sizeof *city);
    assert_non_null(city);
    must(zt_net_open(&city->net), &fault);
    must(zt_curve_keys_new(&city->server), &fault);
    must(zt_curve_keys_new(&city->party), &fault);
    must(zt_curve_key_bytes(city->party.public_text, city->party_key), &fault);
    atomic_store(&city->known, true);
    must(zt_net_gate_open(city->net, admit_party, city, &fault), &fault);
    listen_at(city, "tcp://127.0.0.1:*", &city->sock, city->endpoint);
    *state = city;
    return 0;
}

static inline int close_city(void **state)
{
    struct city *city = *state;
    zt_sock_close(&city->sock);
    zt_net_close(&city->net);
    free(city);
    return 0;
}

static inline struct zt_sock *connect_to(struct city *city, const char *endpoint,
                                         const struct zt_curve_keys *keys)
{
    struct zt_fault fault = {0};
    struct zt_sock *sock = NULL;
    struct zt_connect_options options = {.endpoint = endpoint,
                                         .keys = keys,
                                         .server_public = city->server.public_text,
                                         .max_frame = ZT_FRAME_SMALL};
    must(zt_sock_connect(city->net, &options, &sock, &fault), &fault);
    return sock;
}

static inline struct zt_sock *connect_as(struct city *city, const struct zt_curve_keys *keys)
{
    return connect_to(city, city->endpoint, keys);
}

// Waits until the connection stands like this.
static inline void await_link(struct zt_sock *sock, enum zt_link link)
{
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    while (zt_sock_link(sock) != link) {
        bool ready;
        assert_true(zt_monotonic_ms() < deadline);
        (void)!zt_sock_wait(&sock, 1, 10, &ready);
    }
}

// Sends as soon as there is a connection.
static inline enum zt_err send_within(struct zt_sock *sock, const char *text, int timeout_ms)
{
    int64_t deadline = zt_monotonic_ms() + timeout_ms;
    enum zt_err rc;
    while ((rc = zt_sock_send(sock, NULL, 0, zt_bytes_str(text))) == ZT_E_LIMIT) {
        bool ready;
        if (zt_monotonic_ms() > deadline)
            break;
        (void)!zt_sock_wait(&sock, 1, 10, &ready);
    }
    return rc;
}

static inline void expect_frame(struct zt_sock *sock, struct zt_msg *msg, const char *text)
{
    struct zt_fault fault = {0};
    must(zt_sock_recv_within(sock, msg, WAIT_MS), &fault);
    assert_int_equal(msg->frame.len, strlen(text));
    assert_memory_equal(msg->frame.data, text, msg->frame.len);
}

// A question of the client arrives under its name, and the answer comes back.
static inline void exchange(struct city *city, struct zt_sock *client, const char *user, const char *text)
{
    struct zt_msg msg;
    struct zt_fault fault = {0};
    zt_msg_init(&msg);
    must(send_within(client, text, WAIT_MS), &fault);
    expect_frame(city->sock, &msg, text);
    assert_string_equal(msg.user, user);
    must(zt_sock_send(city->sock, msg.route, msg.route_len, zt_bytes_str("answer")), &fault);
    expect_frame(client, &msg, "answer");
    zt_msg_fini(&msg);
}

#endif
