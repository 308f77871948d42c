// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/net/inner.h"

#define IO_THREADS  1
#define MAX_SOCKETS 1023 // libzmq's own default: sockets, not connections

// libzmq starts its threads with the first socket, and each blocks signals only once it runs: until then a
// SIGTERM could go to one of them and be lost to the program. So they are started with all signals blocked.
static enum zt_err start_threads(struct zt_net *net)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    net->first = zmq_socket(net->context, ZMQ_PAIR);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return net->first ? ZT_OK : ZT_E_LIMIT;
}

enum zt_err zt_net_open_with(int io_threads, int max_sockets, struct zt_net **net)
{
    struct zt_net *made = calloc(1, sizeof *made);
    if (!made)
        return ZT_E_NOMEM;
    made->context = zmq_ctx_new();
    if (!made->context) {
        free(made);
        return ZT_E_NOMEM;
    }
    enum zt_err rc = ZT_E_CONFIG;
    if (zmq_ctx_set(made->context, ZMQ_IO_THREADS, io_threads) == 0 &&
        zmq_ctx_set(made->context, ZMQ_MAX_SOCKETS, max_sockets + 1) == 0)
        rc = start_threads(made);
    if (rc != ZT_OK) {
        zmq_ctx_term(made->context);
        free(made);
        return rc;
    }
    *net = made;
    return ZT_OK;
}

enum zt_err zt_net_open(struct zt_net **net)
{
    return zt_net_open_with(IO_THREADS, MAX_SOCKETS, net);
}

void zt_net_close(struct zt_net **net)
{
    struct zt_net *old = *net;
    *net = NULL;
    if (!old)
        return;
    zt_net_gate_kill(old);
    // With a socket left, terminating would wait for ever; the leak is what a sanitizer then reports.
    if (atomic_load(&old->sockets) != 0)
        return;
    zmq_close(old->first);
    while (zmq_ctx_term(old->context) != 0 && zmq_errno() == EINTR)
        ;
    free(old);
}

enum zt_err zt_net_fault(struct zt_fault *fault, enum zt_err code, const char *rule, const char *place,
                         const char *what)
{
    return zt_fault_set(fault, code, rule, place, "%s: %s", what, zmq_strerror(zmq_errno()));
}
