// SPDX-License-Identifier: Apache-2.0
// Every option that a socket must have, in one place. libzmq's defaults leave a peer unbounded memory, 30 s
// for a handshake and no heartbeat.
#include <stdlib.h>
#include <string.h>

#include "base/net/inner.h"

// A CURVE MESSAGE is its frame and 33 bytes: name 8, nonce 8, proof 16, flags 1 (RFC 26).
#define CURVE_WRAP    33
#define DEFAULT_QUEUE 1000
#define FRAME_LEAST   1024 // the bound also holds for the commands of the CURVE handshake
#define HANDSHAKE_MS  2000
#define LINGER_MS     1000
#define BEAT_MS       2000
#define BEAT_LOST_MS  6000
#define KEEP_IDLE_S   30
#define KEEP_EVERY_S  10
#define KEEP_COUNT    3

enum zt_err zt_sock_new(struct zt_net *net, int type, enum zt_sock_kind kind, struct zt_sock **sock,
                        struct zt_fault *fault)
{
    struct zt_sock *made = calloc(1, sizeof *made);
    if (!made)
        return zt_fault_set(fault, ZT_E_NOMEM, "net.socket", "", "out of memory");
    made->zmq = zmq_socket(net->context, type);
    if (!made->zmq) {
        free(made);
        return zt_net_fault(fault, ZT_E_LIMIT, "net.socket", "", "no further socket can be opened");
    }
    made->net = net;
    made->kind = kind;
    atomic_fetch_add(&net->sockets, 1);
    *sock = made;
    return ZT_OK;
}

void zt_sock_close(struct zt_sock **sock)
{
    struct zt_sock *old = *sock;
    *sock = NULL;
    if (!old)
        return;
    zt_link_end(old);
    if (old->local && old->kind == ZT_SOCK_ROUTER) // the name is free at once, not some time later
        (void)zmq_unbind(old->zmq, old->endpoint);
    zmq_close(old->zmq);
    atomic_fetch_sub(&old->net->sockets, 1);
    free(old);
}

enum zt_err zt_sock_set(struct zt_sock *sock, int option, int value, struct zt_fault *fault)
{
    if (zmq_setsockopt(sock->zmq, option, &value, sizeof value) != 0)
        return zt_net_fault(fault, ZT_E_BUG, "net.option", sock->endpoint, "a socket option is refused");
    return ZT_OK;
}

enum zt_err zt_sock_set_text(struct zt_sock *sock, int option, const char *text, struct zt_fault *fault)
{
    if (zmq_setsockopt(sock->zmq, option, text, strlen(text)) != 0)
        return zt_net_fault(fault, ZT_E_INPUT, "net.option", sock->endpoint, "a socket option is refused");
    return ZT_OK;
}

static enum zt_err set_max_frame(struct zt_sock *sock, size_t max_frame, struct zt_fault *fault)
{
    int64_t max = (int64_t)max_frame + CURVE_WRAP;
    if (max_frame < FRAME_LEAST || max_frame > ZT_FRAME_BATCH)
        return zt_fault_set(fault, ZT_E_BUG, "net.max-frame", sock->endpoint, "say how long a frame may be");
    if (zmq_setsockopt(sock->zmq, ZMQ_MAXMSGSIZE, &max, sizeof max) != 0)
        return zt_net_fault(fault, ZT_E_BUG, "net.option", sock->endpoint, "ZMQ_MAXMSGSIZE is refused");
    return ZT_OK;
}

enum zt_err zt_sock_set_bounds(struct zt_sock *sock, size_t max_frame, int queue, struct zt_fault *fault)
{
    const struct {
        int option, value;
    } settings[] = {
        {ZMQ_SNDHWM, queue > 0 ? queue : DEFAULT_QUEUE},
        {ZMQ_RCVHWM, queue > 0 ? queue : DEFAULT_QUEUE},
        {ZMQ_LINGER, LINGER_MS},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
        {ZMQ_HEARTBEAT_IVL, BEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, BEAT_LOST_MS},
        {ZMQ_HEARTBEAT_TTL, BEAT_LOST_MS},
        {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, KEEP_IDLE_S},
        {ZMQ_TCP_KEEPALIVE_INTVL, KEEP_EVERY_S},
        {ZMQ_TCP_KEEPALIVE_CNT, KEEP_COUNT},
    };
    enum zt_err rc;
    ZT_TRY(set_max_frame(sock, max_frame, fault));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        ZT_TRY(zt_sock_set(sock, settings[i].option, settings[i].value, fault));
out:
    return rc;
}

static bool reads_back(struct zt_sock *sock, int option, int expected)
{
    int value = 0;
    size_t len = sizeof value;
    return zmq_getsockopt(sock->zmq, option, &value, &len) == 0 && value == expected;
}

enum zt_err zt_sock_set_server(struct zt_sock *sock, const struct zt_curve_keys *keys, const char *domain,
                               struct zt_fault *fault)
{
    enum zt_err rc;
    if (!keys->secret_text[0])
        return zt_fault_set(fault, ZT_E_CONFIG, "net.keys", sock->endpoint, "the secret key is missing");
    ZT_TRY(zt_sock_set(sock, ZMQ_CURVE_SERVER, 1, fault));
    ZT_TRY(zt_sock_set_text(sock, ZMQ_CURVE_SECRETKEY, keys->secret_text, fault));
    ZT_TRY(zt_sock_set_text(sock, ZMQ_ZAP_DOMAIN, domain, fault));
    ZT_TRY(zt_sock_set(sock, ZT_ZMQ_ENFORCE_DOMAIN, 1, fault));
    // A library that ignored one of these would let everybody in.
    if (!reads_back(sock, ZT_ZMQ_ENFORCE_DOMAIN, 1) || !reads_back(sock, ZMQ_MECHANISM, ZMQ_CURVE) ||
        !reads_back(sock, ZMQ_CURVE_SERVER, 1))
        rc = zt_fault_set(fault, ZT_E_BUG, "net.enforce", sock->endpoint,
                          "this libzmq does not enforce authentication; the endpoint is not opened");
out:
    return rc;
}

enum zt_err zt_sock_set_client(struct zt_sock *sock, const struct zt_curve_keys *keys,
                               const char *server_public, struct zt_fault *fault)
{
    enum zt_err rc;
    if (!keys->secret_text[0])
        return zt_fault_set(fault, ZT_E_CONFIG, "net.keys", sock->endpoint, "the secret key is missing");
    ZT_TRY(zt_sock_set_text(sock, ZMQ_CURVE_SERVERKEY, server_public, fault));
    ZT_TRY(zt_sock_set_text(sock, ZMQ_CURVE_PUBLICKEY, keys->public_text, fault));
    ZT_TRY(zt_sock_set_text(sock, ZMQ_CURVE_SECRETKEY, keys->secret_text, fault));
    if (!reads_back(sock, ZMQ_MECHANISM, ZMQ_CURVE))
        rc = zt_fault_set(fault, ZT_E_BUG, "net.enforce", sock->endpoint, "this libzmq has no CURVE");
out:
    return rc;
}

bool zt_endpoint_is(const char *endpoint, const char *transport)
{
    return strncmp(endpoint, transport, strlen(transport)) == 0;
}
