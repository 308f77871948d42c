// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/serve.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "certs/signerd/sandbox.h"
#include "proto/wire.h"

#define IPC       "ipc://"
#define ARENA_MAX ((size_t)4 * 1024 * 1024) // a request of 1 MiB, parsed, and 1,024 signatures

struct loop {
    struct zt_serve *serve;
    struct zt_sock *socks[2]; // the pipe, the router
    struct zt_msg msg;
    struct zt_arena arena;
    struct zt_buf out;
};

static enum zt_err start(struct zt_net *net, struct loop *loop)
{
    struct zt_fault *fault = &loop->serve->fault;
    char bound[ZT_ENDPOINT_MAX];
    const struct zt_listen_options options = {.endpoint = loop->serve->endpoint,
                                              .max_frame = zt_wire_max(ZT_WIRE_SIGN_REQUEST)};
    enum zt_err rc = zt_sock_listen(net, &options, &loop->socks[1], bound, fault);
    if (rc == ZT_OK)
        rc = zt_sandbox_enter(fault);
    return rc;
}

// What cannot be parsed cannot be answered: it names no ticket. It is the broker's fault, and logged.
static void serve_one(struct loop *loop)
{
    struct zt_fault fault = {.code = ZT_OK};
    struct zt_sign_request request;
    struct zt_sign_answer answer;
    enum zt_wire_type type;
    struct zt_bytes body;
    zt_arena_reset(&loop->arena);
    zt_buf_reset(&loop->out);
    enum zt_err rc = zt_wire_open(loop->msg.frame, &type, &body, &fault);
    if (rc == ZT_OK && type != ZT_WIRE_SIGN_REQUEST)
        rc = zt_fault_set(&fault, ZT_E_INPUT, "signer.type", "", "not a request to a signer");
    if (rc == ZT_OK)
        rc = zt_sign_request_parse(body, &loop->arena, &request, &fault);
    if (rc != ZT_OK) {
        zt_log_fault("ZT-SIGNER-BAD-REQUEST", &fault);
        return;
    }
    zt_signer_answer(loop->serve->signer, &request, &loop->arena, &answer);
    rc = zt_sign_answer_encode(&answer, &loop->out);
    if (rc == ZT_OK)
        rc = zt_sock_send(loop->socks[1], loop->msg.route, loop->msg.route_len, zt_buf_bytes(&loop->out));
    if (rc != ZT_OK)
        zt_log_warn("ZT-SIGNER-UNHEARD", "an answer could not be sent: %s", zt_err_name(rc));
}

// True when STOP came.
static bool serve_ready(struct loop *loop, const bool ready[2])
{
    if (ready[0] && zt_sock_recv(loop->socks[0], &loop->msg) == ZT_OK)
        return true;
    while (ready[1] && zt_sock_recv(loop->socks[1], &loop->msg) == ZT_OK)
        serve_one(loop);
    return false;
}

static void serve_all(struct loop *loop)
{
    bool stop = false;
    while (!stop) {
        bool ready[2] = {false, false};
        enum zt_err rc = zt_sock_wait(loop->socks, 2, -1, ready);
        if (rc != ZT_OK && rc != ZT_E_TIMEOUT) {
            loop->serve->failed = true;
            zt_fault_set(&loop->serve->fault, rc, "signer.wait", loop->serve->endpoint, "the sockets failed");
            kill(getpid(), SIGTERM); // wakes main
            return;
        }
        stop = serve_ready(loop, ready);
    }
}

void zt_serve_run(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct loop loop = {.serve = arg, .socks = {pipe, NULL}};
    zt_msg_init(&loop.msg);
    zt_arena_init(&loop.arena, ARENA_MAX);
    zt_buf_init(&loop.out, zt_wire_max(ZT_WIRE_SIGN_ANSWER));
    enum zt_err rc = start(net, &loop);
    if (zt_actor_ready(pipe, rc) == ZT_OK && rc == ZT_OK)
        serve_all(&loop);
    zt_buf_fini(&loop.out);
    zt_arena_fini(&loop.arena);
    zt_msg_fini(&loop.msg);
    zt_sock_close(&loop.socks[1]);
    if (rc == ZT_OK) // libzmq leaves the file, and its being there means "up" to whoever waits for us
        (void)unlink(loop.serve->endpoint + strlen(IPC));
}
