// SPDX-License-Identifier: Apache-2.0
// Everybody who may not come in tries to, over tcp and ipc, with the gate in every state it can be in. Not
// one message may arrive, and the registered party must be served after each row. The last test is the
// negative control: without enforcement the same stranger does get through, so this program can go red.
#include <errno.h>
#include <stdatomic.h>

#include "base/net/inner.h"
#include "base/net/test_support.h"
#include "tests/support/rogue.h"

#define TRIES    100
#define ROW_MS   60000
#define TURN_MS  10
#define ZAP_NAME "inproc://zeromq.zap.01"

static struct city *city;
static struct zt_sock *ipc_sock;
static char ipc_endpoint[ZT_ENDPOINT_MAX];
static struct zt_curve_keys stranger, other_server;
static unsigned total_tries, total_admitted;

static unsigned drain(struct zt_sock *sock)
{
    unsigned count = 0;
    struct zt_msg msg;
    zt_msg_init(&msg);
    while (zt_sock_recv(sock, &msg) == ZT_OK)
        count++;
    zt_msg_fini(&msg);
    return count;
}

static void turn(unsigned *arrived)
{
    struct zt_sock *socks[] = {city->sock, ipc_sock};
    bool ready[2];
    (void)!zt_sock_wait(socks, 2, TURN_MS, ready);
    *arrived += drain(city->sock) + drain(ipc_sock);
}

static uint64_t admitted_so_far(void)
{
    uint64_t connected, one, two;
    zt_sock_handshakes(city->sock, &connected, &one);
    zt_sock_handshakes(ipc_sock, &connected, &two);
    return one + two;
}

static void report(const char *name, unsigned tries, unsigned arrived, uint64_t handshakes)
{
    printf("  %-46s %4u attempts, %u admitted, %u messages\n", name, tries, (unsigned)handshakes, arrived);
    total_tries += tries;
    total_admitted += arrived + (unsigned)handshakes;
    assert_int_equal(arrived, 0);
    assert_int_equal(handshakes, 0);
}

static void party_is_served(void)
{
    static const char *const texts[] = {"over tcp", "over ipc"};
    struct zt_sock *own = city->sock;
    for (int i = 0; i < 2; i++) {
        city->sock = i ? ipc_sock : own;
        struct zt_sock *client = connect_to(city, i ? ipc_endpoint : city->endpoint, &city->party);
        exchange(city, client, "party-1", texts[i]);
        zt_sock_close(&client);
    }
    city->sock = own;
}

// TRIES libzmq clients over each transport, until the handshake of each one has failed.
static void storm(const char *name, enum rogue_mechanism mechanism, const struct zt_curve_keys *keys,
                  const char *server_public)
{
    static struct rogue rogues[TRIES];
    uint64_t before = admitted_so_far();
    unsigned arrived = 0;
    for (int transport = 0; transport < 2; transport++) {
        int64_t deadline = zt_monotonic_ms() + ROW_MS;
        for (int i = 0; i < TRIES; i++)
            assert_true(rogue_open(city->net, mechanism, transport ? ipc_endpoint : city->endpoint, keys,
                                   server_public, &rogues[i]));
        for (int ended = 0; ended < TRIES;) {
            assert_true(zt_monotonic_ms() < deadline);
            turn(&arrived);
            ended = 0;
            for (int i = 0; i < TRIES; i++) {
                rogue_follow(&rogues[i]);
                assert_false(rogues[i].up);
                ended += rogues[i].ended;
            }
        }
        for (int i = 0; i < TRIES; i++)
            rogue_close(&rogues[i]);
    }
    turn(&arrived);
    report(name, 2 * TRIES, arrived, admitted_so_far() - before);
}

static void with_wrong_keys(void **state)
{
    (void)state;
    const char *server = city->server.public_text;
    uint64_t admitted, refused, before;
    storm("NULL mechanism, no key", ROGUE_NULL, NULL, NULL);
    storm("PLAIN mechanism, user and password", ROGUE_PLAIN, NULL, NULL);
    zt_net_gate_counts(city->net, &admitted, &before);
    storm("CURVE, unknown key", ROGUE_CURVE, &stranger, server);
    party_is_served();
    atomic_store(&city->known, false); // the party is revoked
    storm("CURVE, revoked key", ROGUE_CURVE, &city->party, server);
    atomic_store(&city->known, true);
    zt_net_gate_counts(city->net, &admitted, &refused);
    assert_true(refused - before >= 4 * TRIES); // each is asked about and counted
    storm("CURVE, right key, wrong server key", ROGUE_CURVE, &city->party, other_server.public_text);
    party_is_served();
}

// One raw connection: says its piece, reads until the other side ends it.
struct call {
    int fd;
    size_t sent, len;
    uint8_t bytes[ROGUE_BYTES];
};

static void talk(struct call *call)
{
    uint8_t answer[512];
    while (call->sent < call->len) {
        ssize_t done = write(call->fd, call->bytes + call->sent, call->len - call->sent);
        if (done <= 0)
            break;
        call->sent += (size_t)done;
    }
    ssize_t got;
    while ((got = read(call->fd, answer, sizeof answer)) > 0)
        ;
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        close(call->fd);
        call->fd = -1;
    }
}

static void raw_row(enum rogue_raw kind)
{
    static struct call calls[TRIES];
    uint64_t before = admitted_so_far();
    unsigned arrived = 0;
    for (int transport = 0; transport < 2; transport++) {
        int64_t deadline = zt_monotonic_ms() + ROW_MS;
        int open = TRIES;
        for (int i = 0; i < TRIES; i++) {
            calls[i].fd = rogue_dial(transport ? ipc_endpoint : city->endpoint);
            assert_true(calls[i].fd >= 0);
            calls[i].len = rogue_raw_bytes(kind, calls[i].bytes);
            calls[i].sent = 0;
        }
        while (open > 0) { // the server must end each of them: by itself, or by its limit on handshakes
            assert_true(zt_monotonic_ms() < deadline);
            turn(&arrived);
            open = 0;
            for (int i = 0; i < TRIES; i++) {
                if (calls[i].fd >= 0)
                    talk(&calls[i]);
                open += calls[i].fd >= 0;
            }
        }
    }
    turn(&arrived);
    report(rogue_raw_name(kind), 2 * TRIES, arrived, admitted_so_far() - before);
}

static void with_raw_bytes(void **state)
{
    (void)state;
    uint64_t connected, admitted, connected_ipc;
    for (int kind = 0; kind < ROGUE_RAWS; kind++)
        raw_row((enum rogue_raw)kind);
    zt_sock_handshakes(city->sock, &connected, &admitted);
    zt_sock_handshakes(ipc_sock, &connected_ipc, &admitted);
    assert_true(connected + connected_ipc >= 2 * TRIES * ROGUE_RAWS); // every attempt is counted
    party_is_served();
}

static void with_a_dead_handler(void **state)
{
    (void)state;
    struct zt_fault fault = {0};
    const char *server = city->server.public_text;
    zt_net_gate_kill(city->net);
    storm("handler dead, unknown key", ROGUE_CURVE, &stranger, server);
    storm("handler dead, registered key", ROGUE_CURVE, &city->party, server);
    must(zt_net_gate_open(city->net, admit_party, city, &fault), &fault);
    party_is_served();
}

// Handlers that are not ours, at the handler's address.
enum lie { LIE_300, LIE_500, LIE_VERSION, LIE_ID, LIE_SHORT, LIE_CODE, LIE_EMPTY, LIE_HUNG, LIES };
static const char *const lie_names[] = {
    [LIE_300] = "handler says 300",        [LIE_500] = "handler says 500",
    [LIE_VERSION] = "wrong ZAP version",   [LIE_ID] = "wrong request id",
    [LIE_SHORT] = "reply of two frames",   [LIE_CODE] = "status code 'OK'",
    [LIE_EMPTY] = "reply of empty frames", [LIE_HUNG] = "handler hung",
};

static void lie_to(void *zmq, enum lie lie, const char *id)
{
    const char *parts[] = {"1.0", id, "200", "OK", "party-1", ""};
    size_t count = 6;
    if (lie == LIE_300)
        parts[2] = "300";
    if (lie == LIE_500)
        parts[2] = "500";
    if (lie == LIE_VERSION)
        parts[0] = "2.0";
    if (lie == LIE_ID)
        parts[1] = "not this one";
    if (lie == LIE_SHORT)
        count = 2;
    if (lie == LIE_CODE)
        parts[2] = "OK";
    for (size_t i = 0; i < count; i++)
        (void)zmq_send(zmq, parts[i], lie == LIE_EMPTY ? 0 : strlen(parts[i]),
                       ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0));
}

static void liar(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct zt_sock *zap = NULL;
    struct zt_msg msg;
    enum lie lie = *(const enum lie *)arg;
    bool ready[2] = {false};
    zt_msg_init(&msg);
    enum zt_err rc = zt_sock_new(net, ZMQ_REP, ZT_SOCK_REPLY, &zap, NULL);
    if (rc == ZT_OK && zmq_bind(zap->zmq, ZAP_NAME) != 0)
        rc = ZT_E_STATE;
    if (zt_actor_ready(pipe, rc) != ZT_OK || rc != ZT_OK)
        goto out;
    for (;;) {
        struct zt_sock *socks[] = {pipe, zap};
        (void)!zt_sock_wait(socks, lie == LIE_HUNG ? 1 : 2, -1, ready);
        if (ready[0])
            break;
        char part[256], id[256] = "";
        int more = 1, count = 0;
        for (size_t len = sizeof more; more; count++) {
            int got = zmq_recv(zap->zmq, part, sizeof part - 1, ZMQ_DONTWAIT);
            if (got < 0)
                break;
            part[got < (int)sizeof part - 1 ? got : (int)sizeof part - 1] = 0;
            if (count == 1)
                memcpy(id, part, sizeof id);
            zmq_getsockopt(zap->zmq, ZMQ_RCVMORE, &more, &len);
        }
        if (count)
            lie_to(zap->zmq, lie, id);
    }
out:
    if (zap)
        (void)zmq_unbind(zap->zmq, ZAP_NAME);
    zt_sock_close(&zap);
    zt_msg_fini(&msg);
}

static void with_a_lying_handler(void **state)
{
    (void)state;
    struct zt_fault fault = {0};
    zt_net_gate_kill(city->net);
    for (enum lie lie = 0; lie < LIES; lie++) {
        struct zt_actor *actor = NULL;
        assert_int_equal(zt_actor_start(city->net, "liar", liar, &lie, &actor), ZT_OK);
        storm(lie_names[lie], ROGUE_CURVE, &stranger, city->server.public_text);
        zt_actor_stop(&actor);
    }
    must(zt_net_gate_open(city->net, admit_party, city, &fault), &fault);
    party_is_served();
}

static void with_a_handler_that_comes_and_goes(void **state)
{
    (void)state;
    static struct rogue rogues[TRIES];
    struct zt_fault fault = {0};
    uint64_t before = admitted_so_far();
    unsigned arrived = 0;
    for (int i = 0; i < TRIES; i++)
        assert_true(rogue_open(city->net, ROGUE_CURVE, i % 2 ? ipc_endpoint : city->endpoint, &stranger,
                               city->server.public_text, &rogues[i]));
    for (int round = 0; round < 20; round++) {
        zt_net_gate_kill(city->net);
        turn(&arrived);
        must(zt_net_gate_open(city->net, admit_party, city, &fault), &fault);
        turn(&arrived);
        for (int i = 0; i < TRIES; i++)
            rogue_follow(&rogues[i]);
    }
    for (int i = 0; i < TRIES; i++)
        rogue_close(&rogues[i]);
    turn(&arrived);
    report("handler restarted 20 times", TRIES, arrived, admitted_so_far() - before);
    party_is_served();
}

static void control_without_enforcement_the_stranger_is_in(void **state)
{
    (void)state;
    struct zt_fault fault = {0};
    struct rogue rogue;
    char word[64];
    char endpoint[ZT_ENDPOINT_MAX];
    snprintf(endpoint, sizeof endpoint, "%s", own_endpoint("careless"));
    zt_net_gate_kill(city->net);
    void *listener = rogue_careless_listener(city->net, &city->server, endpoint);
    assert_non_null(listener);
    assert_true(rogue_open(city->net, ROGUE_CURVE, endpoint, &stranger, city->server.public_text, &rogue));
    zmq_pollitem_t item = {.socket = listener, .events = ZMQ_POLLIN};
    assert_int_equal(zmq_poll(&item, 1, WAIT_MS), 1);
    assert_true(zmq_recv(listener, word, sizeof word, 0) > 0); // its route
    assert_int_equal(zmq_recv(listener, word, sizeof word, 0), (int)sizeof ROGUE_WORD - 1);
    assert_memory_equal(word, ROGUE_WORD, sizeof ROGUE_WORD - 1);
    printf("  %-46s    1 attempt, 1 admitted: this test can go red\n", "CONTROL: enforcement off");
    rogue_close(&rogue);
    zmq_close(listener);
    must(zt_net_gate_open(city->net, admit_party, city, &fault), &fault);
    party_is_served();
}

static int open_all(void **state)
{
    struct zt_fault fault = {0};
    if (open_city(state) != 0)
        return -1;
    city = *state;
    must(zt_curve_keys_new(&stranger), &fault);
    must(zt_curve_keys_new(&other_server), &fault);
    listen_at(city, own_endpoint("matrix"), &ipc_sock, ipc_endpoint);
    return 0;
}

static int close_all(void **state)
{
    printf("zap-matrix: %u attempts, %u admitted\n", total_tries, total_admitted);
    zt_sock_close(&ipc_sock);
    return close_city(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_wrong_keys),
        cmocka_unit_test(with_raw_bytes),
        cmocka_unit_test(with_a_dead_handler),
        cmocka_unit_test(with_a_lying_handler),
        cmocka_unit_test(with_a_handler_that_comes_and_goes),
        cmocka_unit_test(control_without_enforcement_the_stranger_is_in),
    };
    return cmocka_run_group_tests_name("faults/zap-matrix", tests, open_all, close_all);
}
