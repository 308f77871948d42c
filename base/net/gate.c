// SPDX-License-Identifier: Apache-2.0
// The ZAP handler (RFC 27): libzmq asks it over inproc://zeromq.zap.01 at each handshake. Two domains: the
// public one asks `admit`; the probe's own also knows one key that never leaves this process, so that a check
// can show an admission without touching the parties.
#include <stdlib.h>
#include <string.h>

#include "base/net/inner.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
#define ZAP_VERSION  "1.0"
#define CONFIRM_MS   5000
#define FIRST_CHECKS 5
#define SWAP         "SWAP"

// Frames of a request, in order.
enum {
    AT_VERSION,
    AT_ID,
    AT_DOMAIN,
    AT_ADDRESS,
    AT_ROUTE,
    AT_MECHANISM,
    AT_KEY,
    PARTS,
};

struct zt_gate {
    zt_admit_fn *admit;
    void *arg;
    struct zt_curve_keys server, friend_keys, stranger_keys;
    uint8_t friend_key[ZT_CURVE_KEY_LEN];
};

struct request {
    uint8_t parts[PARTS][ZT_ENDPOINT_MAX];
    size_t lens[PARTS];
    bool whole;
};

static bool part_is(const struct request *request, unsigned at, const char *text)
{
    return request->lens[at] == strlen(text) && memcmp(request->parts[at], text, request->lens[at]) == 0;
}

// False when nothing is there.
static bool take_request(void *zmq, struct request *request)
{
    int more = 1;
    size_t count = 0;
    *request = (struct request){0};
    for (; more; count++) {
        uint8_t spare[ZT_ENDPOINT_MAX];
        size_t len = sizeof more;
        bool room = count < PARTS;
        int got = zmq_recv(zmq, room ? request->parts[count] : spare, ZT_ENDPOINT_MAX, ZMQ_DONTWAIT);
        if (got < 0 || zmq_getsockopt(zmq, ZMQ_RCVMORE, &more, &len) != 0)
            return false;
        if (room) // a part longer than its place is cut, and then equals nothing
            request->lens[count] = (size_t)got;
    }
    request->whole = count == PARTS;
    return true;
}

static void reply(void *zmq, const struct request *request, const char *user)
{
    const char *code = user ? "200" : "400", *text = user ? "OK" : "not admitted";
    const struct {
        const void *data;
        size_t len;
    } parts[] = {
        {ZAP_VERSION, strlen(ZAP_VERSION)},
        {request->parts[AT_ID], request->lens[AT_ID] < ZT_ENDPOINT_MAX ? request->lens[AT_ID] : 0},
        {code, strlen(code)},
        {text, strlen(text)},
        {user ? user : "", user ? strlen(user) : 0},
        {"", 0},
    };
    const size_t count = sizeof parts / sizeof *parts;
    for (size_t i = 0; i < count; i++)
        if (zmq_send(zmq, parts[i].data, parts[i].len, ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0)) < 0)
            return;
}

static void answer_one(struct zt_net *net, const struct zt_gate *gate, void *zmq,
                       const struct request *request)
{
    char user[ZT_USER_ID_MAX] = "";
    const uint8_t *key = request->parts[AT_KEY];
    bool good = request->whole && part_is(request, AT_VERSION, ZAP_VERSION) &&
                part_is(request, AT_MECHANISM, "CURVE") && request->lens[AT_KEY] == ZT_CURVE_KEY_LEN;
    bool probe = part_is(request, AT_DOMAIN, ZT_ZAP_PROBE_DOMAIN);
    bool known = probe || part_is(request, AT_DOMAIN, ZT_ZAP_DOMAIN);
    if (good && probe && memcmp(key, gate->friend_key, sizeof gate->friend_key) == 0)
        memcpy(user, ZT_PROBE_USER, sizeof ZT_PROBE_USER);
    else
        good = good && known && gate->admit(gate->arg, key, user) && user[0];
    user[sizeof user - 1] = 0;
    reply(zmq, request, good ? user : NULL);
    if (!probe)
        atomic_fetch_add(good ? &net->admitted : &net->refused, 1);
}

// The owner's words: SWAP and a new argument for `admit` is confirmed; anything else means stop.
static bool obey(struct zt_gate *gate, struct zt_sock *pipe, struct zt_msg *msg)
{
    const size_t word = sizeof SWAP - 1;
    while (zt_sock_recv(pipe, msg) == ZT_OK) {
        if (msg->frame.len != word + sizeof gate->arg || memcmp(msg->frame.data, SWAP, word) != 0)
            return false;
        memcpy(&gate->arg, msg->frame.data + word, sizeof gate->arg);
        if (zt_sock_send(pipe, NULL, 0, zt_bytes_str(SWAP)) != ZT_OK)
            return false;
    }
    return true;
}

static void serve(struct zt_net *net, struct zt_gate *gate, struct zt_sock *zap, struct zt_sock *pipe)
{
    struct zt_sock *socks[] = {zap, pipe};
    struct zt_msg msg;
    zt_msg_init(&msg);
    for (bool on = true; on;) {
        bool ready[2];
        struct request request;
        enum zt_err rc = zt_sock_wait(socks, 2, -1, ready);
        if (rc == ZT_E_TIMEOUT)
            continue;
        if (rc != ZT_OK)
            break;
        while (ready[0] && take_request(zap->zmq, &request))
            answer_one(net, gate, zap->zmq, &request);
        if (ready[1])
            on = obey(gate, pipe, &msg);
    }
    zt_msg_fini(&msg);
}

static void gate_body(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct zt_gate *gate = arg;
    struct zt_sock *zap = NULL;
    enum zt_err rc = zt_sock_new(net, ZMQ_REP, ZT_SOCK_REPLY, &zap, NULL);
    if (rc == ZT_OK)
        rc = zt_sock_set(zap, ZMQ_LINGER, 0, NULL);
    if (rc == ZT_OK && zmq_bind(zap->zmq, ZAP_ENDPOINT) != 0)
        rc = ZT_E_STATE;
    if (zt_actor_ready(pipe, rc) == ZT_OK && rc == ZT_OK)
        serve(net, gate, zap, pipe);
    // Closing alone frees the address some time later, and the next handler would not find it free.
    if (zap)
        (void)zmq_unbind(zap->zmq, ZAP_ENDPOINT);
    zt_sock_close(&zap);
}

static void free_gate(struct zt_gate *gate)
{
    if (!gate)
        return;
    zt_curve_keys_wipe(&gate->server);
    zt_curve_keys_wipe(&gate->friend_keys);
    zt_curve_keys_wipe(&gate->stranger_keys);
    free(gate);
}

static enum zt_err new_gate(zt_admit_fn *admit, void *arg, struct zt_gate **gate)
{
    enum zt_err rc;
    struct zt_gate *made = calloc(1, sizeof *made);
    if (!made)
        return ZT_E_NOMEM;
    made->admit = admit;
    made->arg = arg;
    ZT_TRY(zt_curve_keys_new(&made->server));
    ZT_TRY(zt_curve_keys_new(&made->friend_keys));
    ZT_TRY(zt_curve_keys_new(&made->stranger_keys));
    ZT_TRY(zt_curve_key_bytes(made->friend_keys.public_text, made->friend_key));
    *gate = made;
    made = NULL;
out:
    free_gate(made);
    return rc;
}

// A machine that is busy starting may be slow; only silence is worth another try.
static enum zt_err prove(struct zt_net *net, struct zt_fault *fault)
{
    enum zt_err rc = ZT_E_TIMEOUT;
    for (int i = 0; i < FIRST_CHECKS && rc == ZT_E_TIMEOUT; i++)
        rc = zt_net_gate_check(net, fault);
    return rc;
}

enum zt_err zt_net_gate_open(struct zt_net *net, zt_admit_fn *admit, void *arg, struct zt_fault *fault)
{
    if (net->gate)
        return zt_fault_set(fault, ZT_E_STATE, "net.gate", "", "the gate is already open");
    enum zt_err rc = new_gate(admit, arg, &net->gate_state);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "net.gate", "", "the gate's own keys cannot be made");
    rc = zt_actor_start(net, "zt-gate", gate_body, net->gate_state, &net->gate);
    if (rc != ZT_OK)
        (void)zt_fault_set(fault, rc, "net.gate", ZAP_ENDPOINT, "the handler cannot be started");
    else
        rc = prove(net, fault);
    if (rc != ZT_OK)
        zt_net_gate_kill(net);
    return rc;
}

enum zt_err zt_net_gate_check(struct zt_net *net, struct zt_fault *fault)
{
    const struct zt_gate *gate = net->gate_state;
    if (!gate)
        return zt_fault_set(fault, ZT_E_STATE, "net.gate", "", "the gate is not open");
    enum zt_err rc = zt_gate_probe(net, &gate->server, &gate->friend_keys, &gate->stranger_keys, fault);
    atomic_store(&net->gate_open, rc == ZT_OK);
    return rc;
}

enum zt_err zt_net_gate_swap(struct zt_net *net, void *arg)
{
    uint8_t frame[sizeof SWAP - 1 + sizeof arg];
    struct zt_msg msg;
    enum zt_err rc;
    if (!net->gate)
        return ZT_E_STATE;
    memcpy(frame, SWAP, sizeof SWAP - 1);
    memcpy(frame + sizeof SWAP - 1, &arg, sizeof arg);
    zt_msg_init(&msg);
    ZT_TRY(zt_sock_send(zt_actor_pipe(net->gate), NULL, 0, (struct zt_bytes){frame, sizeof frame}));
    rc = zt_sock_recv_within(zt_actor_pipe(net->gate), &msg, CONFIRM_MS);
out:
    zt_msg_fini(&msg);
    return rc;
}

void zt_net_gate_counts(const struct zt_net *net, uint64_t *admitted, uint64_t *refused)
{
    *admitted = atomic_load(&net->admitted);
    *refused = atomic_load(&net->refused);
}

void zt_net_gate_kill(struct zt_net *net)
{
    atomic_store(&net->gate_open, false);
    zt_actor_stop(&net->gate);
    free_gate(net->gate_state);
    net->gate_state = NULL;
}
