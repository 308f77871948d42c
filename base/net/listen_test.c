// SPDX-License-Identifier: Apache-2.0
// What may be opened, and that every option which keeps a peer in bounds is really set.
#include <sys/stat.h>

#include "base/net/inner.h"
#include "base/net/test_support.h"

static int64_t option_of(struct zt_sock *sock, int option)
{
    int64_t wide = 0;
    int value = 0;
    size_t len = option == ZMQ_MAXMSGSIZE ? sizeof wide : sizeof value;
    assert_int_equal(
        zmq_getsockopt(sock->zmq, option, option == ZMQ_MAXMSGSIZE ? (void *)&wide : &value, &len), 0);
    return option == ZMQ_MAXMSGSIZE ? wide : value;
}

static void check_bounds(struct zt_sock *sock, int64_t max_frame, int64_t queue)
{
    assert_true(option_of(sock, ZMQ_MAXMSGSIZE) == max_frame + 33);
    assert_int_equal(option_of(sock, ZMQ_SNDHWM), queue);
    assert_int_equal(option_of(sock, ZMQ_RCVHWM), queue);
    assert_in_range(option_of(sock, ZMQ_HANDSHAKE_IVL), 1, 2000);
    assert_in_range(option_of(sock, ZMQ_LINGER), 0, 1000);
    assert_in_range(option_of(sock, ZMQ_HEARTBEAT_IVL), 1, 10000);
    assert_in_range(option_of(sock, ZMQ_HEARTBEAT_TIMEOUT), 1, 10000);
    assert_in_range(option_of(sock, ZMQ_HEARTBEAT_TTL), 1, 10000);
    assert_int_equal(option_of(sock, ZMQ_TCP_KEEPALIVE), 1);
}

static void every_mandatory_option_reads_back(void **state)
{
    struct city *city = *state;
    char domain[32];
    size_t len = sizeof domain;
    check_bounds(city->sock, ZT_FRAME_SMALL, 1000);
    assert_int_equal(option_of(city->sock, ZMQ_MECHANISM), ZMQ_CURVE);
    assert_int_equal(option_of(city->sock, ZMQ_CURVE_SERVER), 1);
    assert_int_equal(option_of(city->sock, 93), 1); // ZMQ_ZAP_ENFORCE_DOMAIN
    assert_in_range(option_of(city->sock, ZMQ_BACKLOG), 512, 4096);
    assert_int_equal(zmq_getsockopt(city->sock->zmq, ZMQ_ZAP_DOMAIN, domain, &len), 0);
    assert_string_equal(domain, "zhitong");

    struct zt_sock *client = connect_as(city, &city->party);
    check_bounds(client, ZT_FRAME_SMALL, 1000);
    assert_int_equal(option_of(client, ZMQ_MECHANISM), ZMQ_CURVE);
    assert_int_equal(option_of(client, ZMQ_CURVE_SERVER), 0);
    assert_int_equal(option_of(client, ZMQ_IMMEDIATE), 1);
    assert_in_range(option_of(client, ZMQ_RECONNECT_IVL), 10, 1000);
    assert_in_range(option_of(client, ZMQ_RECONNECT_IVL_MAX), 500, 5000);
    assert_in_range(option_of(client, ZMQ_CONNECT_TIMEOUT), 500, 10000);
    zt_sock_close(&client);
}

static void the_queue_and_the_frame_are_the_callers(void **state)
{
    struct city *city = *state;
    struct zt_fault fault = {0};
    struct zt_sock *sock = NULL;
    char bound[ZT_ENDPOINT_MAX];
    struct zt_listen_options options = {"tcp://127.0.0.1:*", &city->server, ZT_FRAME_BATCH, 7};
    must(zt_sock_listen(city->net, &options, &sock, bound, &fault), &fault);
    check_bounds(sock, ZT_FRAME_BATCH, 7);
    zt_sock_close(&sock);
}

static void what_may_not_be_opened(void **state)
{
    struct city *city = *state;
    struct zt_curve_keys half = city->server;
    char longest[ZT_ENDPOINT_MAX + 16];
    memset(half.secret_text, 0, sizeof half.secret_text);
    snprintf(longest, sizeof longest, "ipc:///tmp/%0*d", ZT_ENDPOINT_MAX, 0);
    const struct {
        struct zt_listen_options options;
        enum zt_err code;
        const char *rule;
    } cases[] = {
        {{"tcp://127.0.0.1:*", NULL, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.keys"},
        {{"tcp://127.0.0.1:*", &half, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.keys"},
        {{"udp://127.0.0.1:*", &city->server, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.endpoint"},
        {{"ws://127.0.0.1:*", &city->server, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.endpoint"},
        {{"", &city->server, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.endpoint"},
        {{longest, &city->server, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.endpoint"},
        {{"tcp://127.0.0.1:*", &city->server, 0, 0}, ZT_E_BUG, "net.max-frame"},
        {{"tcp://127.0.0.1:*", &city->server, 100, 0}, ZT_E_BUG, "net.max-frame"},
        {{"tcp://127.0.0.1:*", &city->server, ZT_FRAME_BATCH + 1, 0}, ZT_E_BUG, "net.max-frame"},
        {{city->endpoint, &city->server, ZT_FRAME_SMALL, 0}, ZT_E_IO, "net.bind"},
        {{"ipc:///nowhere/at/all", NULL, ZT_FRAME_SMALL, 0}, ZT_E_IO, "net.bind"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_sock *sock = NULL;
        struct zt_fault fault = {0};
        char bound[ZT_ENDPOINT_MAX] = "untouched";
        assert_int_equal(zt_sock_listen(city->net, &cases[i].options, &sock, bound, &fault), cases[i].code);
        assert_string_equal(fault.rule, cases[i].rule);
        assert_null(sock);
        assert_string_equal(bound, "untouched");
    }
}

static void where_one_may_not_connect(void **state)
{
    struct city *city = *state;
    struct zt_curve_keys half = city->party;
    memset(half.secret_text, 0, sizeof half.secret_text);
    const struct {
        struct zt_connect_options options;
        enum zt_err code;
        const char *rule;
    } cases[] = {
        {{city->endpoint, NULL, city->server.public_text, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.keys"},
        {{city->endpoint, &half, city->server.public_text, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.keys"},
        {{city->endpoint, &city->party, NULL, ZT_FRAME_SMALL, 0}, ZT_E_CONFIG, "net.server-key"},
        {{city->endpoint, &city->party, "not a key", ZT_FRAME_SMALL, 0}, ZT_E_INPUT, "net.option"},
        {{"http://x", &city->party, city->server.public_text, ZT_FRAME_SMALL, 0},
         ZT_E_CONFIG,
         "net.endpoint"},
        {{"tcp://x:notaport", &city->party, city->server.public_text, ZT_FRAME_SMALL, 0},
         ZT_E_CONFIG,
         "net.connect"},
        {{city->endpoint, &city->party, city->server.public_text, 1, 0}, ZT_E_BUG, "net.max-frame"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_sock *sock = NULL;
        struct zt_fault fault = {0};
        assert_int_equal(zt_sock_connect(city->net, &cases[i].options, &sock, &fault), cases[i].code);
        assert_string_equal(fault.rule, cases[i].rule);
        assert_null(sock);
    }
}

static void nothing_is_bound_before_the_gate(void **state)
{
    (void)state;
    struct zt_net *net = NULL;
    struct zt_sock *sock = NULL;
    struct zt_curve_keys keys;
    struct zt_fault fault = {0};
    char bound[ZT_ENDPOINT_MAX];
    const char *const endpoints[] = {"tcp://127.0.0.1:*", own_endpoint("early")};
    must(zt_net_open(&net), &fault);
    must(zt_curve_keys_new(&keys), &fault);
    for (size_t i = 0; i < 2; i++) {
        struct zt_listen_options options = {endpoints[i], &keys, ZT_FRAME_SMALL, 0};
        assert_int_equal(zt_sock_listen(net, &options, &sock, bound, &fault), ZT_E_STATE);
        assert_string_equal(fault.rule, "net.gate");
    }
    zt_net_close(&net);
}

// The signer's socket: no keys, the folder's mode keeps others out, and the file's too.
static void ipc_without_keys(void **state)
{
    struct city *city = *state;
    char folder[PATH_MAX], endpoint[PATH_MAX + 32], bound[ZT_ENDPOINT_MAX];
    struct zt_sock *server = NULL, *client = NULL;
    struct zt_fault fault = {0};
    struct zt_msg msg;
    struct stat info;
    zt_msg_init(&msg);
    make_test_dir(folder);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/signer", folder);
    struct zt_listen_options listen = {.endpoint = endpoint, .max_frame = ZT_FRAME_BATCH};
    struct zt_connect_options connect = {.endpoint = endpoint, .max_frame = ZT_FRAME_BATCH};
    must(zt_sock_listen(city->net, &listen, &server, bound, &fault), &fault);
    assert_string_equal(bound, endpoint);
    assert_int_equal(stat(endpoint + strlen("ipc://"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    must(zt_sock_connect(city->net, &connect, &client, &fault), &fault);
    must(send_within(client, "sign this", WAIT_MS), &fault);
    expect_frame(server, &msg, "sign this");
    assert_string_equal(msg.user, "");
    must(zt_sock_send(server, msg.route, msg.route_len, zt_bytes_str("signed")), &fault);
    expect_frame(client, &msg, "signed");
    zt_msg_fini(&msg);
    zt_sock_close(&client);
    zt_sock_close(&server);
    remove_test_dir(folder);
}

static void ipc_with_keys_asks_the_gate(void **state)
{
    struct city *city = *state;
    struct zt_curve_keys stranger;
    struct zt_sock *server = NULL;
    struct zt_fault fault = {0};
    struct zt_msg msg;
    char bound[ZT_ENDPOINT_MAX];
    zt_msg_init(&msg);
    must(zt_curve_keys_new(&stranger), &fault);
    listen_at(city, own_endpoint("keys"), &server, bound);
    struct zt_sock *bad = connect_to(city, bound, &stranger);
    await_link(bad, ZT_LINK_REFUSED);
    struct zt_sock *good = connect_to(city, bound, &city->party);
    must(send_within(good, "hello", WAIT_MS), &fault);
    expect_frame(server, &msg, "hello");
    assert_string_equal(msg.user, "party-1");
    zt_msg_fini(&msg);
    zt_sock_close(&good);
    zt_sock_close(&bad);
    zt_sock_close(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_mandatory_option_reads_back, open_city, close_city),
        cmocka_unit_test_setup_teardown(the_queue_and_the_frame_are_the_callers, open_city, close_city),
        cmocka_unit_test_setup_teardown(what_may_not_be_opened, open_city, close_city),
        cmocka_unit_test_setup_teardown(where_one_may_not_connect, open_city, close_city),
        cmocka_unit_test(nothing_is_bound_before_the_gate),
        cmocka_unit_test_setup_teardown(ipc_without_keys, open_city, close_city),
        cmocka_unit_test_setup_teardown(ipc_with_keys_asks_the_gate, open_city, close_city),
    };
    return cmocka_run_group_tests_name("base/net/listen", tests, NULL, NULL);
}
