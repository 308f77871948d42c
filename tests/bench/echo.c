// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/echo.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#define ROUTE_MAX 256

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void serve(void *router, size_t len)
{
    char route[ROUTE_MAX], *answer = calloc(1, len + 1);
    zmq_msg_t message;
    if (!answer)
        die("echo: memory");
    zmq_msg_init(&message);
    for (;;) {
        int route_len = zmq_recv(router, route, sizeof route, 0);
        if (route_len < 0 || zmq_msg_recv(&message, router, 0) < 0)
            die("echo: recv");
        zmq_send(router, route, (size_t)route_len, ZMQ_SNDMORE);
        zmq_send(router, answer, len, 0);
    }
}

static void run(int control, const char *secret)
{
    int one = 1, queue = 0;
    size_t len;
    char endpoint[256];
    size_t endpoint_len = sizeof endpoint;
    void *context = zmq_ctx_new(), *router = zmq_socket(context, ZMQ_ROUTER);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    zmq_setsockopt(router, ZMQ_CURVE_SERVER, &one, sizeof one);
    zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, secret, strlen(secret));
    zmq_setsockopt(router, ZMQ_SNDHWM, &queue, sizeof queue);
    zmq_setsockopt(router, ZMQ_RCVHWM, &queue, sizeof queue);
    if (zmq_bind(router, "tcp://127.0.0.1:*") != 0 ||
        zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, endpoint, &endpoint_len) != 0)
        die("echo: bind");
    if (write(control, endpoint, sizeof endpoint) != sizeof endpoint)
        die("echo: control");
    if (read(control, &len, sizeof len) != sizeof len)
        exit(0);
    serve(router, len);
}

void echo_start(struct echo_child *child)
{
    int pair[2];
    char secret[41];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || zmq_curve_keypair(child->public_text, secret) != 0)
        die("echo");
    child->pid = fork();
    if (child->pid < 0)
        die("echo: fork");
    if (child->pid == 0) {
        close(pair[0]);
        run(pair[1], secret);
    }
    close(pair[1]);
    child->control = pair[0];
    if (read(child->control, child->endpoint, sizeof child->endpoint) != sizeof child->endpoint)
        die("echo: no endpoint");
}

void echo_answer_with(struct echo_child *child, size_t len)
{
    if (write(child->control, &len, sizeof len) != sizeof len)
        die("echo: control");
}

void echo_stop(struct echo_child *child)
{
    kill(child->pid, SIGKILL);
    waitpid(child->pid, NULL, 0);
    close(child->control);
}
