// SPDX-License-Identifier: Apache-2.0
#include "consumers/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proto/wire.h"

#define RETRY_MS 10 // between two looks at a connection that is being made

struct zt_client {
    struct zt_net *net;
    struct zt_curve_keys keys;
    char server_public[ZT_CURVE_TEXT_LEN + 1];
    char *counter_endpoint, *desk_endpoint;
    struct zt_sock *counter, *desk; // NULL until they are needed
    struct zt_msg msg;
    struct zt_buf frame;
};

static bool copy_endpoint(const char *from, char **to)
{
    *to = from ? strdup(from) : NULL;
    return !from || *to;
}

enum zt_err zt_client_open(struct zt_net *net, const struct zt_profile *profile, struct zt_client **client,
                           struct zt_fault *fault)
{
    struct zt_client *opened = calloc(1, sizeof *opened);
    if (!opened)
        return zt_fault_set(fault, ZT_E_NOMEM, "client.memory", "", "out of memory");
    enum zt_err rc = ZT_E_BUG;
    opened->net = net;
    zt_msg_init(&opened->msg);
    zt_buf_init(&opened->frame, ZT_FRAME_SMALL);
    ZT_TRY(zt_curve_keys_load(profile->key, &opened->keys, fault));
    ZT_TRY(zt_curve_public_load(profile->server_public, opened->server_public, fault));
    if (!copy_endpoint(profile->counter, &opened->counter_endpoint) ||
        !copy_endpoint(profile->desk, &opened->desk_endpoint))
        ZT_TRY(zt_fault_set(fault, ZT_E_NOMEM, "client.memory", "", "out of memory"));
    *client = opened;
    opened = NULL;
out:
    zt_client_close(&opened);
    return rc;
}

void zt_client_close(struct zt_client **client)
{
    struct zt_client *closed = *client;
    if (!closed)
        return;
    zt_sock_close(&closed->counter);
    zt_sock_close(&closed->desk);
    zt_msg_fini(&closed->msg);
    zt_buf_fini(&closed->frame);
    zt_curve_keys_wipe(&closed->keys);
    free(closed->counter_endpoint);
    free(closed->desk_endpoint);
    free(closed);
    *client = NULL;
}

static enum zt_err need(struct zt_client *client, const char *endpoint, const char *what,
                        struct zt_sock **sock, struct zt_fault *fault)
{
    if (*sock)
        return ZT_OK;
    if (!endpoint)
        return zt_fault_set(fault, ZT_E_CONFIG, "client.endpoint", what,
                            "the profile does not say where the broker's %s is", what);
    const struct zt_connect_options options = {.endpoint = endpoint,
                                               .keys = &client->keys,
                                               .server_public = client->server_public,
                                               .max_frame = ZT_FRAME_ANSWER};
    return zt_sock_connect(client->net, &options, sock, fault);
}

static enum zt_err late(struct zt_sock *sock, const char *endpoint, struct zt_fault *fault)
{
    static const char *const texts[] = {
        [ZT_LINK_TRYING] = "no connection: is the broker running there, and is server_public its key?",
        [ZT_LINK_UP] = "no answer in time; ask again",
        [ZT_LINK_REFUSED] = "the broker does not admit our key",
    };
    enum zt_link link = zt_sock_link(sock);
    if (link == ZT_LINK_REFUSED)
        return zt_fault_set(fault, ZT_E_DENIED, "client.refused", endpoint, "%s", texts[link]);
    return zt_fault_set(fault, ZT_E_TIMEOUT, "client.timeout", endpoint, "%s", texts[link]);
}

// Sends as soon as the connection stands.
static enum zt_err send_until(struct zt_client *client, struct zt_sock *sock, const char *endpoint,
                              int64_t deadline, struct zt_fault *fault)
{
    for (;;) {
        enum zt_err rc = zt_sock_send(sock, NULL, 0, zt_buf_bytes(&client->frame));
        if (rc == ZT_OK)
            return ZT_OK;
        if (rc != ZT_E_LIMIT)
            return zt_fault_set(fault, rc, "client.send", endpoint, "cannot send: %s", zt_err_name(rc));
        if (zt_sock_link(sock) == ZT_LINK_REFUSED || zt_monotonic_ms() >= deadline)
            return late(sock, endpoint, fault);
        bool ready; // nothing comes before we asked: this only lets the connection go on
        (void)!zt_sock_wait(&sock, 1, RETRY_MS, &ready);
    }
}

// The body of the next message of the wanted type; the view dies with the next call.
static enum zt_err receive(struct zt_client *client, struct zt_sock *sock, const char *endpoint,
                           enum zt_wire_type wanted, int64_t deadline, struct zt_bytes *body,
                           struct zt_fault *fault)
{
    int64_t left = deadline - zt_monotonic_ms();
    enum zt_err rc = zt_sock_recv_within(sock, &client->msg, left > 0 ? (int)left : 0);
    if (rc == ZT_E_TIMEOUT)
        return late(sock, endpoint, fault);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "client.receive", endpoint, "cannot receive: %s", zt_err_name(rc));
    enum zt_wire_type type;
    if (zt_wire_open(client->msg.frame, &type, body, NULL) != ZT_OK || type != wanted)
        return zt_fault_set(fault, ZT_E_PEER, "client.answer", endpoint, "what came back is no answer");
    return ZT_OK;
}

static enum zt_err fill_id(uint8_t id[static ZT_REQUEST_ID_LEN], int64_t *time)
{
    static const uint8_t none[ZT_REQUEST_ID_LEN];
    if (memcmp(id, none, sizeof none) != 0)
        return ZT_OK;
    *time = zt_now_ms();
    return zt_random(id, ZT_REQUEST_ID_LEN);
}

static enum zt_err receive_answer(struct zt_client *client, int64_t deadline, struct zt_arena *arena,
                                  struct zt_answer *answer, struct zt_fault *fault)
{
    struct zt_bytes body;
    enum zt_err rc =
        receive(client, client->counter, client->counter_endpoint, ZT_WIRE_ANSWER, deadline, &body, fault);
    return rc == ZT_OK ? zt_answer_parse(body, arena, answer, fault) : rc;
}

static enum zt_err encode_request(struct zt_client *client, struct zt_request *request,
                                  struct zt_fault *fault)
{
    enum zt_err rc = fill_id(request->id, &request->time);
    zt_buf_reset(&client->frame);
    if (rc == ZT_OK)
        rc = zt_request_encode(request, &client->frame);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "client.question", "", "the question breaks a limit of the protocol");
    return ZT_OK;
}

enum zt_err zt_client_ask(struct zt_client *client, struct zt_request *request, int timeout_ms,
                          struct zt_arena *arena, struct zt_answer *answer, struct zt_fault *fault)
{
    int64_t deadline = zt_monotonic_ms() + timeout_ms;
    struct zt_answer got;
    enum zt_err rc = ZT_E_BUG;
    ZT_TRY(need(client, client->counter_endpoint, "counter", &client->counter, fault));
    ZT_TRY(encode_request(client, request, fault));
    ZT_TRY(send_until(client, client->counter, client->counter_endpoint, deadline, fault));
    do
        ZT_TRY(receive_answer(client, deadline, arena, &got, fault));
    while (memcmp(got.id, request->id, ZT_REQUEST_ID_LEN) !=
           0); // an answer that came too late for its question
    *answer = got;
out:
    return rc;
}

enum zt_err zt_client_desk(struct zt_client *client, struct zt_desk_request *request, int timeout_ms,
                           struct zt_arena *arena, struct zt_desk_answer *answer, struct zt_fault *fault)
{
    int64_t deadline = zt_monotonic_ms() + timeout_ms;
    struct zt_desk_answer got;
    struct zt_bytes body;
    enum zt_err rc = ZT_E_BUG;
    ZT_TRY(need(client, client->desk_endpoint, "desk", &client->desk, fault));
    ZT_TRY(fill_id(request->id, &request->time));
    zt_buf_reset(&client->frame);
    rc = zt_desk_request_encode(request, &client->frame);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "client.question", "", "the question breaks a limit of the protocol");
    ZT_TRY(send_until(client, client->desk, client->desk_endpoint, deadline, fault));
    do {
        ZT_TRY(receive(client, client->desk, client->desk_endpoint, ZT_WIRE_DESK_ANSWER, deadline, &body,
                       fault));
        ZT_TRY(zt_desk_answer_parse(body, arena, &got, fault));
    } while (memcmp(got.id, request->id, ZT_REQUEST_ID_LEN) != 0);
    *answer = got;
out:
    return rc;
}

enum zt_err zt_client_send(struct zt_client *client, struct zt_request *request)
{
    enum zt_err rc = need(client, client->counter_endpoint, "counter", &client->counter, NULL);
    if (rc == ZT_OK)
        rc = encode_request(client, request, NULL);
    return rc == ZT_OK ? zt_sock_send(client->counter, NULL, 0, zt_buf_bytes(&client->frame)) : rc;
}

enum zt_err zt_client_recv(struct zt_client *client, int timeout_ms, struct zt_arena *arena,
                           struct zt_answer *answer, struct zt_fault *fault)
{
    enum zt_err rc = need(client, client->counter_endpoint, "counter", &client->counter, fault);
    return rc == ZT_OK ? receive_answer(client, zt_monotonic_ms() + timeout_ms, arena, answer, fault) : rc;
}
