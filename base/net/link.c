// SPDX-License-Identifier: Apache-2.0
// How connections stand, by libzmq's monitor. A ROUTER counts handshakes. For a DEALER more is needed: libzmq
// 4.3.4 gives up for good when the server answers a handshake with an error (key not admitted), so a party
// that is registered a minute later would stay out until its program is restarted. We connect again.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/net/inner.h"

#define RETRY_MS      1000
#define SERVER_EVENTS (ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
#define CLIENT_EVENTS                                                                                        \
    (ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | \
     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED)

enum zt_err zt_link_open(struct zt_net *net, void *zmq, int events, void **watch, struct zt_fault *fault)
{
    char name[64];
    int unbounded = 0, no_linger = 0;
    snprintf(name, sizeof name, "inproc://zt.watch.%llu",
             (unsigned long long)atomic_fetch_add(&net->serial, 1));
    if (zmq_socket_monitor(zmq, name, events) != 0)
        return zt_net_fault(fault, ZT_E_LIMIT, "net.watch", name, "the connection cannot be watched");
    void *made = zmq_socket(net->context, ZMQ_PAIR);
    // Unbounded, because libzmq's own thread would stand still when an event found no room.
    if (!made || zmq_setsockopt(made, ZMQ_RCVHWM, &unbounded, sizeof unbounded) != 0 ||
        zmq_setsockopt(made, ZMQ_LINGER, &no_linger, sizeof no_linger) != 0 || zmq_connect(made, name) != 0) {
        enum zt_err rc = zt_net_fault(fault, ZT_E_LIMIT, "net.watch", name, "no further socket");
        zmq_socket_monitor(zmq, NULL, 0);
        if (made)
            zmq_close(made);
        return rc;
    }
    *watch = made;
    return ZT_OK;
}

uint16_t zt_link_event(void *watch, int timeout_ms, uint32_t *value)
{
    uint16_t event = 0;
    uint8_t head[sizeof event + sizeof *value], address[ZT_ENDPOINT_MAX];
    zmq_pollitem_t item = {.socket = watch, .events = ZMQ_POLLIN};
    if (timeout_ms > 0 && zmq_poll(&item, 1, timeout_ms) <= 0)
        return 0;
    if (zmq_recv(watch, head, sizeof head, ZMQ_DONTWAIT) != (int)sizeof head)
        return 0;
    (void)zmq_recv(watch, address, sizeof address, ZMQ_DONTWAIT);
    memcpy(&event, head, sizeof event);
    memcpy(value, head + sizeof event, sizeof *value);
    return event;
}

enum zt_err zt_link_watch(struct zt_sock *sock, struct zt_fault *fault)
{
    int events = sock->kind == ZT_SOCK_ROUTER ? SERVER_EVENTS : CLIENT_EVENTS;
    return zt_link_open(sock->net, sock->zmq, events, &sock->watch, fault);
}

static void follow(struct zt_sock *sock)
{
    uint32_t value;
    for (uint16_t event; (event = zt_link_event(sock->watch, 0, &value)) != 0;) {
        switch (event) {
        case ZMQ_EVENT_ACCEPTED:
            sock->connected++;
            break;
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
            sock->admitted++;
            sock->link = ZT_LINK_UP;
            break;
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
            sock->link = ZT_LINK_REFUSED;
            sock->retry_at = zt_monotonic_ms() + RETRY_MS;
            break;
        default:
            if (sock->link == ZT_LINK_UP)
                sock->link = ZT_LINK_TRYING;
        }
    }
}

void zt_link_mend(struct zt_sock *sock)
{
    if (!sock->watch)
        return;
    follow(sock);
    if (sock->link != ZT_LINK_REFUSED || zt_monotonic_ms() < sock->retry_at)
        return;
    sock->retry_at = zt_monotonic_ms() + RETRY_MS;
    (void)zmq_disconnect(sock->zmq, sock->endpoint);
    (void)zmq_connect(sock->zmq, sock->endpoint);
}

enum zt_link zt_sock_link(struct zt_sock *sock)
{
    if (!sock->watch)
        return ZT_LINK_UP;
    zt_link_mend(sock);
    return sock->link;
}

void zt_sock_handshakes(struct zt_sock *sock, uint64_t *connected, uint64_t *admitted)
{
    zt_link_mend(sock);
    *connected = sock->connected;
    *admitted = sock->admitted;
}

void zt_link_end(struct zt_sock *sock)
{
    if (!sock->watch)
        return;
    zmq_socket_monitor(sock->zmq, NULL, 0);
    zmq_close(sock->watch);
    sock->watch = NULL;
}
