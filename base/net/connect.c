// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "base/net/inner.h"

#define RECONNECT_MS     100
#define RECONNECT_MAX_MS 2000
#define CONNECT_MS       3000

static enum zt_err check_endpoint(const struct zt_connect_options *options, struct zt_fault *fault)
{
    const char *endpoint = options->endpoint;
    bool tcp = zt_endpoint_is(endpoint, "tcp://");
    if ((!tcp && !zt_endpoint_is(endpoint, "ipc://") && !zt_endpoint_is(endpoint, "inproc://")) ||
        strlen(endpoint) >= ZT_ENDPOINT_MAX)
        return zt_fault_set(fault, ZT_E_CONFIG, "net.endpoint", endpoint,
                            "an endpoint starts with tcp://, ipc:// or inproc://");
    if (tcp && !options->keys)
        return zt_fault_set(fault, ZT_E_CONFIG, "net.keys", endpoint, "a network endpoint needs CURVE keys");
    if (options->keys && !options->server_public)
        return zt_fault_set(fault, ZT_E_CONFIG, "net.server-key", endpoint,
                            "the public key of the server is needed to know that it is the server");
    return ZT_OK;
}

static enum zt_err prepare(struct zt_sock *sock, const struct zt_connect_options *options,
                           struct zt_fault *fault)
{
    enum zt_err rc;
    ZT_TRY(zt_sock_set_bounds(sock, options->max_frame, options->queue, fault));
    if (sock->local)
        goto out;
    ZT_TRY(zt_sock_set(sock, ZMQ_IMMEDIATE, 1, fault));
    ZT_TRY(zt_sock_set(sock, ZMQ_RECONNECT_IVL, RECONNECT_MS, fault));
    ZT_TRY(zt_sock_set(sock, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS, fault));
    ZT_TRY(zt_sock_set(sock, ZMQ_CONNECT_TIMEOUT, CONNECT_MS, fault));
    if (options->keys)
        ZT_TRY(zt_sock_set_client(sock, options->keys, options->server_public, fault));
    ZT_TRY(zt_link_watch(sock, fault));
out:
    return rc;
}

enum zt_err zt_sock_connect(struct zt_net *net, const struct zt_connect_options *options,
                            struct zt_sock **sock, struct zt_fault *fault)
{
    enum zt_err rc;
    struct zt_sock *made = NULL;
    ZT_TRY(check_endpoint(options, fault));
    ZT_TRY(zt_sock_new(net, ZMQ_DEALER, ZT_SOCK_DEALER, &made, fault));
    snprintf(made->endpoint, sizeof made->endpoint, "%s", options->endpoint);
    made->local = zt_endpoint_is(options->endpoint, "inproc://");
    ZT_TRY(prepare(made, options, fault));
    if (zmq_connect(made->zmq, options->endpoint) != 0) {
        rc = zt_net_fault(fault, ZT_E_CONFIG, "net.connect", options->endpoint, "the endpoint is not usable");
        goto out;
    }
    *sock = made;
    made = NULL;
out:
    zt_sock_close(&made);
    return rc;
}
