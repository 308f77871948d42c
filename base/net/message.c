// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/net/inner.h"

#define DROPPED_IN_A_ROW 1000 // then the caller gets a turn

// libzmq's queues are a handover of memory between threads, which an uninstrumented library hides from the
// thread sanitizer.
#ifdef __SANITIZE_THREAD__
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#define HANDED_OVER(sock)                                                                                    \
    do {                                                                                                     \
        if ((sock)->local)                                                                                   \
            __tsan_release(&(sock)->net->sync);                                                              \
    } while (0)
#define TAKEN_OVER(sock)                                                                                     \
    do {                                                                                                     \
        if ((sock)->local)                                                                                   \
            __tsan_acquire(&(sock)->net->sync);                                                              \
    } while (0)
#else
#define HANDED_OVER(sock) (void)(sock)
#define TAKEN_OVER(sock)  (void)(sock)
#endif

void zt_msg_init(struct zt_msg *msg)
{
    *msg = (struct zt_msg){0};
}

void zt_msg_fini(struct zt_msg *msg)
{
    if (msg->hold) {
        zmq_msg_close(msg->hold);
        free(msg->hold);
    }
    *msg = (struct zt_msg){0};
}

static enum zt_err hold_message(struct zt_msg *msg)
{
    if (msg->hold)
        return ZT_OK;
    msg->hold = malloc(sizeof(zmq_msg_t));
    if (!msg->hold)
        return ZT_E_NOMEM;
    zmq_msg_init(msg->hold);
    return ZT_OK;
}

static enum zt_err code_of_errno(void)
{
    switch (zmq_errno()) {
    case EAGAIN:
        return ZT_E_TIMEOUT;
    case ETERM:
        return ZT_E_STATE;
    case EHOSTUNREACH:
        return ZT_E_PEER;
    default:
        return ZT_E_IO;
    }
}

static enum zt_err take_part(struct zt_sock *sock, zmq_msg_t *part)
{
    while (zmq_msg_recv(part, sock->zmq, ZMQ_DONTWAIT) < 0)
        if (zmq_errno() != EINTR)
            return code_of_errno();
    return ZT_OK;
}

static void drop_rest(struct zt_sock *sock, zmq_msg_t *part)
{
    while (zmq_msg_more(part) && take_part(sock, part) == ZT_OK)
        ;
}

// Takes one whole message off the socket; *fits says whether it is one of ours.
static enum zt_err take_message(struct zt_sock *sock, struct zt_msg *msg, bool *fits)
{
    zmq_msg_t *part = msg->hold;
    enum zt_err rc;
    *fits = true;
    msg->route_len = 0;
    ZT_TRY(take_part(sock, part));
    if (sock->kind == ZT_SOCK_ROUTER) {
        size_t len = zmq_msg_size(part);
        *fits = len <= sizeof msg->route && zmq_msg_more(part);
        if (*fits) {
            memcpy(msg->route, zmq_msg_data(part), len);
            msg->route_len = len;
            ZT_TRY(take_part(sock, part));
        }
    }
    if (zmq_msg_more(part))
        *fits = false;
    drop_rest(sock, part);
out:
    return rc;
}

static void name_user(struct zt_msg *msg)
{
    const char *user = zmq_msg_gets(msg->hold, "User-Id");
    size_t len = user ? strnlen(user, sizeof msg->user - 1) : 0;
    if (len)
        memcpy(msg->user, user, len);
    msg->user[len] = 0;
}

enum zt_err zt_sock_recv(struct zt_sock *sock, struct zt_msg *msg)
{
    enum zt_err rc;
    bool fits = false;
    ZT_TRY(hold_message(msg));
    for (unsigned i = 0; !fits; i++) {
        if (i == DROPPED_IN_A_ROW)
            return ZT_E_INPUT;
        ZT_TRY(take_message(sock, msg, &fits));
        if (!fits)
            sock->dropped++;
    }
    TAKEN_OVER(sock);
    if (!sock->local)
        name_user(msg);
    else
        msg->user[0] = 0;
    msg->frame = (struct zt_bytes){zmq_msg_data(msg->hold), zmq_msg_size(msg->hold)};
out:
    return rc;
}

static enum zt_err give_part(struct zt_sock *sock, const void *data, size_t len, int flags)
{
    while (zmq_send(sock->zmq, data, len, flags | ZMQ_DONTWAIT) < 0) {
        if (zmq_errno() == EINTR)
            continue;
        enum zt_err rc = code_of_errno();
        return rc == ZT_E_TIMEOUT ? ZT_E_LIMIT : rc;
    }
    return ZT_OK;
}

enum zt_err zt_sock_send(struct zt_sock *sock, const uint8_t *route, size_t route_len, struct zt_bytes frame)
{
    enum zt_err rc;
    HANDED_OVER(sock);
    if (sock->kind == ZT_SOCK_ROUTER)
        ZT_TRY(give_part(sock, route, route_len, ZMQ_SNDMORE));
    rc = give_part(sock, frame.data, frame.len, 0);
out:
    if (rc == ZT_E_LIMIT)
        zt_link_mend(sock);
    return rc;
}

uint64_t zt_sock_dropped(const struct zt_sock *sock)
{
    return sock->dropped;
}
