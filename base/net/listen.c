// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/net/inner.h"

#define IPC      "ipc://"
#define BACKLOG  1024
#define IPC_MODE 0600

// A stranger's reach decides what an endpoint needs: none inside the process, the folder's mode for ipc, keys
// and a proven gate for everything else.
static enum zt_err check_endpoint(const struct zt_net *net, const struct zt_listen_options *options,
                                  struct zt_fault *fault)
{
    const char *endpoint = options->endpoint;
    bool inproc = zt_endpoint_is(endpoint, "inproc://"), ipc = zt_endpoint_is(endpoint, IPC);
    if (!inproc && !ipc && !zt_endpoint_is(endpoint, "tcp://"))
        return zt_fault_set(fault, ZT_E_CONFIG, "net.endpoint", endpoint,
                            "an endpoint starts with tcp://, ipc:// or inproc://");
    if (strlen(endpoint) >= ZT_ENDPOINT_MAX)
        return zt_fault_set(fault, ZT_E_CONFIG, "net.endpoint", endpoint, "the endpoint is too long");
    if (inproc)
        return ZT_OK;
    if (!ipc && !options->keys)
        return zt_fault_set(fault, ZT_E_CONFIG, "net.keys", endpoint, "a network endpoint needs CURVE keys");
    if (options->keys && !atomic_load(&net->gate_open))
        return zt_fault_set(fault, ZT_E_STATE, "net.gate", endpoint,
                            "the gate is not open and proven; nothing is bound before it is");
    return ZT_OK;
}

static enum zt_err prepare(struct zt_sock *sock, const struct zt_listen_options *options,
                           struct zt_fault *fault)
{
    enum zt_err rc;
    ZT_TRY(zt_sock_set_bounds(sock, options->max_frame, options->queue, fault));
    ZT_TRY(zt_sock_set(sock, ZMQ_ROUTER_MANDATORY, 1, fault));
    ZT_TRY(zt_sock_set(sock, ZMQ_ROUTER_HANDOVER, 0, fault));
    ZT_TRY(zt_sock_set(sock, ZMQ_BACKLOG, BACKLOG, fault));
    if (!sock->local)
        ZT_TRY(zt_link_watch(sock, fault));
    if (options->keys && !sock->local)
        ZT_TRY(zt_sock_set_server(sock, options->keys, ZT_ZAP_DOMAIN, fault));
out:
    return rc;
}

// Others on the machine must not reach a socket file even when its folder is open by mistake.
static enum zt_err close_socket_file(const struct zt_sock *sock, struct zt_fault *fault)
{
    const char *path = sock->endpoint + strlen(IPC);
    if (!zt_endpoint_is(sock->endpoint, IPC) || path[0] == '@')
        return ZT_OK;
    if (chmod(path, IPC_MODE) != 0)
        return zt_fault_errno(fault, "net.mode", path, "chmod of the socket file");
    return ZT_OK;
}

enum zt_err zt_sock_listen(struct zt_net *net, const struct zt_listen_options *options, struct zt_sock **sock,
                           char bound[static ZT_ENDPOINT_MAX], struct zt_fault *fault)
{
    enum zt_err rc;
    struct zt_sock *made = NULL;
    ZT_TRY(check_endpoint(net, options, fault));
    ZT_TRY(zt_sock_new(net, ZMQ_ROUTER, ZT_SOCK_ROUTER, &made, fault));
    snprintf(made->endpoint, sizeof made->endpoint, "%s", options->endpoint);
    made->local = zt_endpoint_is(options->endpoint, "inproc://");
    ZT_TRY(prepare(made, options, fault));
    if (zmq_bind(made->zmq, options->endpoint) != 0) {
        rc = zt_net_fault(fault, ZT_E_IO, "net.bind", options->endpoint, "the endpoint cannot be bound");
        goto out;
    }
    size_t len = sizeof made->endpoint;
    if (zmq_getsockopt(made->zmq, ZMQ_LAST_ENDPOINT, made->endpoint, &len) != 0) {
        rc = zt_net_fault(fault, ZT_E_IO, "net.bind", options->endpoint, "its real endpoint is not known");
        goto out;
    }
    ZT_TRY(close_socket_file(made, fault));
    memcpy(bound, made->endpoint, ZT_ENDPOINT_MAX);
    *sock = made;
    made = NULL;
out:
    zt_sock_close(&made);
    return rc;
}
