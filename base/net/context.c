// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdlib.h>

#include "base/net/inner.h"

#define IO_THREADS  1
#define MAX_SOCKETS 1023 // libzmq's own default: sockets, not connections

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
    if (zmq_ctx_set(made->context, ZMQ_IO_THREADS, io_threads) != 0 ||
        zmq_ctx_set(made->context, ZMQ_MAX_SOCKETS, max_sockets) != 0) {
        zmq_ctx_term(made->context);
        free(made);
        return ZT_E_CONFIG;
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
    while (zmq_ctx_term(old->context) != 0 && zmq_errno() == EINTR)
        ;
    free(old);
}

enum zt_err zt_net_fault(struct zt_fault *fault, enum zt_err code, const char *rule, const char *place,
                         const char *what)
{
    return zt_fault_set(fault, code, rule, place, "%s: %s", what, zmq_strerror(zmq_errno()));
}
