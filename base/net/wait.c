// SPDX-License-Identifier: Apache-2.0
#include <errno.h>

#include "base/clock.h"
#include "base/net/inner.h"

#define SLICE_MS 1000 // so that refused connections are tried again while we wait

static int slice_of(int64_t deadline)
{
    if (deadline < 0)
        return SLICE_MS;
    int64_t left = deadline - zt_monotonic_ms();
    if (left < 0)
        return 0;
    return left < SLICE_MS ? (int)left : SLICE_MS;
}

enum zt_err zt_sock_wait(struct zt_sock *const *socks, size_t count, int timeout_ms, bool *ready)
{
    zmq_pollitem_t items[ZT_WAIT_MAX];
    int64_t deadline = timeout_ms < 0 ? -1 : zt_monotonic_ms() + timeout_ms;
    if (count > ZT_WAIT_MAX)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < count; i++) {
        items[i] = (zmq_pollitem_t){.socket = socks[i]->zmq, .events = ZMQ_POLLIN};
        ready[i] = false;
    }
    for (;;) {
        int slice = slice_of(deadline);
        int found = zmq_poll(items, (int)count, slice);
        if (found > 0)
            break;
        if (found < 0)
            return zmq_errno() == EINTR ? ZT_E_TIMEOUT : ZT_E_STATE;
        for (size_t i = 0; i < count; i++)
            zt_link_mend(socks[i]);
        if (deadline >= 0 && zt_monotonic_ms() >= deadline)
            return ZT_E_TIMEOUT;
    }
    for (size_t i = 0; i < count; i++) {
        ready[i] = items[i].revents & ZMQ_POLLIN;
        if (socks[i]->kind == ZT_SOCK_ROUTER) // its monitor must not pile up
            zt_link_mend(socks[i]);
    }
    return ZT_OK;
}

enum zt_err zt_sock_recv_within(struct zt_sock *sock, struct zt_msg *msg, int timeout_ms)
{
    int64_t deadline = zt_monotonic_ms() + timeout_ms;
    for (;;) {
        bool ready;
        enum zt_err rc = zt_sock_recv(sock, msg);
        if (rc != ZT_E_TIMEOUT)
            return rc;
        int64_t left = deadline - zt_monotonic_ms();
        if (timeout_ms >= 0 && left <= 0)
            return ZT_E_TIMEOUT;
        rc = zt_sock_wait(&sock, 1, timeout_ms < 0 ? -1 : (int)left, &ready);
        if (rc != ZT_OK)
            return rc;
    }
}

int zt_sock_fd(struct zt_sock *sock)
{
    int fd = -1;
    size_t len = sizeof fd;
    if (zmq_getsockopt(sock->zmq, ZMQ_FD, &fd, &len) != 0)
        return -1;
    return fd;
}
