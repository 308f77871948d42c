// SPDX-License-Identifier: Apache-2.0
// The proof that the gate works: over a private CURVE endpoint a stranger must be turned away by the handler
// itself, and a friend must get a message through under its own name. Silence is a failure too.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/net/inner.h"
#include "base/text.h"

#define PROBE_MS   1000 // each of the two
#define PROBE_WORD "probe"
#define ZAP_DENIED 400

static enum zt_err name_endpoint(char endpoint[static ZT_ENDPOINT_MAX])
{
    uint8_t random[8];
    char hex[2 * sizeof random + 1];
    enum zt_err rc = zt_random(random, sizeof random);
    if (rc != ZT_OK)
        return rc;
    zt_hex_encode((struct zt_bytes){random, sizeof random}, hex);
    snprintf(endpoint, ZT_ENDPOINT_MAX, "ipc://@zt-probe-%ld-%s", (long)getpid(), hex);
    return ZT_OK;
}

static enum zt_err open_server(struct zt_net *net, const struct zt_curve_keys *keys, const char *endpoint,
                               struct zt_sock **server, struct zt_fault *fault)
{
    enum zt_err rc;
    ZT_TRY(zt_sock_new(net, ZMQ_ROUTER, ZT_SOCK_ROUTER, server, fault));
    ZT_TRY(zt_sock_set_bounds(*server, ZT_FRAME_SMALL, 0, fault));
    ZT_TRY(zt_sock_set(*server, ZMQ_LINGER, 0, fault));
    ZT_TRY(zt_sock_set_server(*server, keys, ZT_ZAP_PROBE_DOMAIN, fault));
    if (zmq_bind((*server)->zmq, endpoint) != 0)
        rc = zt_net_fault(fault, ZT_E_IO, "net.gate", endpoint, "the probe's endpoint cannot be bound");
out:
    return rc;
}

static enum zt_err open_client(struct zt_net *net, const struct zt_curve_keys *keys,
                               const char *server_public, const char *endpoint, struct zt_sock **client,
                               struct zt_fault *fault)
{
    enum zt_err rc;
    ZT_TRY(zt_sock_new(net, ZMQ_DEALER, ZT_SOCK_DEALER, client, fault));
    ZT_TRY(zt_sock_set_bounds(*client, ZT_FRAME_SMALL, 0, fault));
    ZT_TRY(zt_sock_set(*client, ZMQ_LINGER, 0, fault));
    ZT_TRY(zt_sock_set_client(*client, keys, server_public, fault));
    ZT_TRY(zt_link_watch(*client, fault));
    if (zmq_connect((*client)->zmq, endpoint) != 0)
        rc = zt_net_fault(fault, ZT_E_IO, "net.gate", endpoint, "the probe cannot connect");
out:
    return rc;
}

static uint16_t first_event(struct zt_sock *client, uint32_t *value)
{
    int64_t deadline = zt_monotonic_ms() + PROBE_MS;
    for (int64_t left = PROBE_MS; left > 0; left = deadline - zt_monotonic_ms()) {
        uint16_t event = zt_link_event(client->watch, (int)left, value);
        if (event != 0 && event != ZMQ_EVENT_DISCONNECTED && event != ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)
            return event;
    }
    return 0;
}

static enum zt_err probe_stranger(struct zt_sock *client, struct zt_fault *fault)
{
    uint32_t value = 0;
    // Its word is queued at once, to get through wherever it can; it may have been refused already.
    (void)!zt_sock_send(client, NULL, 0, zt_bytes_str(PROBE_WORD));
    uint16_t event = first_event(client, &value);
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && value == ZAP_DENIED)
        return ZT_OK;
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        return zt_fault_set(fault, ZT_E_DENIED, "net.gate-open", "", "the gate lets a stranger in");
    return zt_fault_set(fault, ZT_E_TIMEOUT, "net.gate-silent", "", "the gate does not answer");
}

static enum zt_err probe_friend(struct zt_sock *client, struct zt_sock *server, struct zt_fault *fault)
{
    struct zt_msg msg;
    zt_msg_init(&msg);
    enum zt_err rc = zt_sock_send(client, NULL, 0, zt_bytes_str(PROBE_WORD));
    if (rc == ZT_OK)
        rc = zt_sock_recv_within(server, &msg, PROBE_MS);
    if (rc != ZT_OK)
        (void)zt_fault_set(fault, rc, "net.gate-shut", "", "the gate does not admit a key that it knows");
    else if (strcmp(msg.user, ZT_PROBE_USER) != 0)
        rc = zt_fault_set(fault, ZT_E_DENIED, "net.gate-name", "", "the gate does not name who it admits");
    zt_msg_fini(&msg);
    return rc;
}

enum zt_err zt_gate_probe(struct zt_net *net, const struct zt_curve_keys *server,
                          const struct zt_curve_keys *friend_keys, const struct zt_curve_keys *stranger_keys,
                          struct zt_fault *fault)
{
    enum zt_err rc;
    char endpoint[ZT_ENDPOINT_MAX];
    struct zt_sock *listener = NULL, *stranger = NULL, *known = NULL;
    ZT_TRY(name_endpoint(endpoint));
    ZT_TRY(open_server(net, server, endpoint, &listener, fault));
    ZT_TRY(open_client(net, stranger_keys, server->public_text, endpoint, &stranger, fault));
    ZT_TRY(probe_stranger(stranger, fault));
    ZT_TRY(open_client(net, friend_keys, server->public_text, endpoint, &known, fault));
    ZT_TRY(probe_friend(known, listener, fault));
out:
    zt_sock_close(&known);
    zt_sock_close(&stranger);
    zt_sock_close(&listener);
    return rc;
}
