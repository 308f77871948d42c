// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/net/inner.h"

#define READY        "READY"
#define STOP         "STOP"
#define THREAD_NAME  16             // of the kernel, with NUL
#define READY_LENGTH (sizeof READY) // its letters and one byte for the code

struct zt_actor {
    struct zt_net *net;
    pthread_t thread;
    struct zt_sock *pipe, *theirs;
    zt_actor_fn *body;
    void *arg;
    char name[THREAD_NAME];
};

static enum zt_err pipe_end(struct zt_net *net, struct zt_sock **sock)
{
    enum zt_err rc;
    ZT_TRY(zt_sock_new(net, ZMQ_PAIR, ZT_SOCK_PAIR, sock, NULL));
    (*sock)->local = true;
    // Unbounded: a control frame is refused only when the other end is gone.
    ZT_TRY(zt_sock_set(*sock, ZMQ_SNDHWM, 0, NULL));
    ZT_TRY(zt_sock_set(*sock, ZMQ_RCVHWM, 0, NULL));
    ZT_TRY(zt_sock_set(*sock, ZMQ_LINGER, 0, NULL));
out:
    return rc;
}

enum zt_err zt_pipe_new(struct zt_net *net, struct zt_sock **mine, struct zt_sock **theirs)
{
    enum zt_err rc;
    struct zt_sock *a = NULL, *b = NULL;
    char name[64];
    snprintf(name, sizeof name, "inproc://zt.pipe.%llu",
             (unsigned long long)atomic_fetch_add(&net->serial, 1));
    ZT_TRY(pipe_end(net, &a));
    ZT_TRY(pipe_end(net, &b));
    if (zmq_bind(a->zmq, name) != 0 || zmq_connect(b->zmq, name) != 0) {
        rc = ZT_E_IO;
        goto out;
    }
    *mine = a;
    *theirs = b;
    a = b = NULL;
out:
    zt_sock_close(&a);
    zt_sock_close(&b);
    return rc;
}

enum zt_err zt_actor_ready(struct zt_sock *pipe, enum zt_err rc)
{
    uint8_t frame[READY_LENGTH] = READY;
    frame[READY_LENGTH - 1] = (uint8_t)rc;
    pipe->told = true;
    return zt_sock_send(pipe, NULL, 0, (struct zt_bytes){frame, sizeof frame});
}

static void *run(void *data)
{
    struct zt_actor *actor = data;
    struct zt_sock *pipe = actor->theirs;
    pthread_setname_np(pthread_self(), actor->name);
    actor->body(actor->net, pipe, actor->arg);
    if (!pipe->told)
        (void)!zt_actor_ready(pipe, ZT_E_BUG);
    zt_sock_close(&pipe);
    return NULL;
}

// Signals belong to the thread that started the actors.
static enum zt_err start_thread(struct zt_actor *actor)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&actor->thread, NULL, run, actor);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed ? ZT_E_LIMIT : ZT_OK;
}

static enum zt_err await_ready(struct zt_actor *actor)
{
    struct zt_msg msg;
    enum zt_err rc;
    zt_msg_init(&msg);
    do
        rc = zt_sock_recv_within(actor->pipe, &msg, -1);
    while (rc == ZT_E_TIMEOUT); // a signal
    if (rc == ZT_OK &&
        (msg.frame.len != READY_LENGTH || memcmp(msg.frame.data, READY, READY_LENGTH - 1) != 0))
        rc = ZT_E_BUG;
    else if (rc == ZT_OK)
        rc = (enum zt_err)msg.frame.data[READY_LENGTH - 1];
    zt_msg_fini(&msg);
    return rc;
}

enum zt_err zt_actor_start(struct zt_net *net, const char *name, zt_actor_fn *body, void *arg,
                           struct zt_actor **actor)
{
    enum zt_err rc;
    struct zt_actor *made = calloc(1, sizeof *made);
    if (!made)
        return ZT_E_NOMEM;
    *made = (struct zt_actor){.net = net, .body = body, .arg = arg};
    snprintf(made->name, sizeof made->name, "%s", name);
    ZT_TRY(zt_pipe_new(net, &made->pipe, &made->theirs));
    rc = start_thread(made);
    if (rc != ZT_OK) {
        zt_sock_close(&made->theirs);
        goto out;
    }
    rc = await_ready(made);
    if (rc != ZT_OK) {
        zt_actor_stop(&made);
        return rc;
    }
    *actor = made;
    made = NULL;
out:
    if (made)
        zt_sock_close(&made->pipe);
    free(made);
    return rc;
}

struct zt_sock *zt_actor_pipe(struct zt_actor *actor)
{
    return actor->pipe;
}

void zt_actor_stop(struct zt_actor **actor)
{
    struct zt_actor *old = *actor;
    *actor = NULL;
    if (!old)
        return;
    // Refused only when the thread has already ended.
    (void)!zt_sock_send(old->pipe, NULL, 0, zt_bytes_str(STOP));
    pthread_join(old->thread, NULL);
    zt_sock_close(&old->pipe);
    free(old);
}
