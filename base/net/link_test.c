// SPDX-License-Identifier: Apache-2.0
// How connections come, go and come back.
#include "base/net/test_support.h"
#include "tests/support/rogue.h"

static void a_party_registered_later_gets_in(void **state)
{
    struct city *city = *state;
    uint64_t admitted, refused;
    atomic_store(&city->known, false);
    struct zt_sock *client = connect_as(city, &city->party);
    await_link(client, ZT_LINK_REFUSED);
    assert_int_equal(zt_sock_send(client, NULL, 0, zt_bytes_str("x")), ZT_E_LIMIT);
    zt_net_gate_counts(city->net, &admitted, &refused);
    assert_int_equal(admitted, 0);
    assert_true(refused >= 1);
    atomic_store(&city->known, true);
    exchange(city, client, "party-1", "now");
    assert_int_equal(zt_sock_link(client), ZT_LINK_UP);
    zt_sock_close(&client);
}

static void waiting_alone_mends_the_connection(void **state)
{
    struct city *city = *state;
    uint64_t connected, admitted = 0;
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    bool ready;
    atomic_store(&city->known, false);
    struct zt_sock *client = connect_as(city, &city->party);
    await_link(client, ZT_LINK_REFUSED);
    atomic_store(&city->known, true);
    while (admitted == 0) { // no send, no look at the link
        assert_true(zt_monotonic_ms() < deadline);
        assert_int_equal(zt_sock_wait(&client, 1, 100, &ready), ZT_E_TIMEOUT);
        zt_sock_handshakes(city->sock, &connected, &admitted);
    }
    exchange(city, client, "party-1", "in");
    zt_sock_close(&client);
}

// Until nobody listens there: a socket is closed some time after zt_sock_close.
static void await_free(const char *endpoint)
{
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    for (int fd; (fd = rogue_dial(endpoint)) >= 0; close(fd))
        assert_true(zt_monotonic_ms() < deadline);
}

// At the same port, which is ours again as soon as libzmq's own thread has let it go.
static void listen_again(struct city *city)
{
    struct zt_fault fault = {0};
    struct zt_listen_options options = {city->endpoint, &city->server, ZT_FRAME_SMALL, 0};
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    char bound[ZT_ENDPOINT_MAX];
    while (zt_sock_listen(city->net, &options, &city->sock, bound, &fault) != ZT_OK)
        assert_true(zt_monotonic_ms() < deadline);
}

// What an asker does: a question that went to a server on its way out is lost, so it is asked again until it
// is answered.
static void ask_until_answered(struct city *city, struct zt_sock *client)
{
    struct zt_msg msg;
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    zt_msg_init(&msg);
    do {
        assert_true(zt_monotonic_ms() < deadline);
        (void)!zt_sock_send(client, NULL, 0, zt_bytes_str("question"));
    } while (zt_sock_recv_within(city->sock, &msg, 200) != ZT_OK);
    assert_string_equal(msg.user, "party-1");
    assert_int_equal(zt_sock_send(city->sock, msg.route, msg.route_len, zt_bytes_str("answer")), ZT_OK);
    expect_frame(client, &msg, "answer");
    zt_msg_fini(&msg);
}

static void a_server_that_starts_later_is_found(void **state)
{
    struct city *city = *state;
    zt_sock_close(&city->sock);
    await_free(city->endpoint);
    struct zt_sock *client = connect_as(city, &city->party);
    assert_int_equal(zt_sock_link(client), ZT_LINK_TRYING);
    assert_int_equal(zt_sock_send(client, NULL, 0, zt_bytes_str("x")), ZT_E_LIMIT); // not queued for later
    listen_again(city);
    ask_until_answered(city, client);
    zt_sock_close(&client);
}

static void a_server_that_restarts_is_found_again(void **state)
{
    struct city *city = *state;
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "one");
    zt_sock_close(&city->sock);
    await_link(client, ZT_LINK_TRYING);
    listen_again(city);
    ask_until_answered(city, client);
    zt_sock_close(&client);
}

static void a_wrong_server_is_not_spoken_to(void **state)
{
    struct city *city = *state;
    struct zt_curve_keys other;
    struct zt_fault fault = {0};
    struct zt_sock *client = NULL;
    struct zt_msg msg;
    zt_msg_init(&msg);
    must(zt_curve_keys_new(&other), &fault);
    struct zt_connect_options options = {city->endpoint, &city->party, other.public_text, ZT_FRAME_SMALL, 0};
    must(zt_sock_connect(city->net, &options, &client, &fault), &fault);
    assert_int_equal(send_within(client, "x", 1000), ZT_E_LIMIT);
    assert_int_not_equal(zt_sock_link(client), ZT_LINK_UP);
    assert_int_equal(zt_sock_recv(city->sock, &msg), ZT_E_TIMEOUT);
    zt_msg_fini(&msg);
    zt_sock_close(&client);
}

static void inproc_is_always_up(void **state)
{
    struct city *city = *state;
    struct zt_sock *server = NULL, *client = NULL;
    struct zt_fault fault = {0};
    struct zt_msg msg;
    char bound[ZT_ENDPOINT_MAX];
    struct zt_listen_options listen = {.endpoint = "inproc://ledger", .max_frame = ZT_FRAME_SMALL};
    struct zt_connect_options connect = {.endpoint = "inproc://ledger", .max_frame = ZT_FRAME_SMALL};
    zt_msg_init(&msg);
    must(zt_sock_listen(city->net, &listen, &server, bound, &fault), &fault);
    must(zt_sock_connect(city->net, &connect, &client, &fault), &fault);
    assert_string_equal(bound, "inproc://ledger");
    assert_int_equal(zt_sock_link(client), ZT_LINK_UP);
    must(zt_sock_send(client, NULL, 0, zt_bytes_str("append")), &fault);
    expect_frame(server, &msg, "append");
    assert_string_equal(msg.user, "");
    must(zt_sock_send(server, msg.route, msg.route_len, zt_bytes_str("appended")), &fault);
    expect_frame(client, &msg, "appended");
    zt_msg_fini(&msg);
    zt_sock_close(&client);
    zt_sock_close(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_party_registered_later_gets_in, open_city, close_city),
        cmocka_unit_test_setup_teardown(waiting_alone_mends_the_connection, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_server_that_starts_later_is_found, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_server_that_restarts_is_found_again, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_wrong_server_is_not_spoken_to, open_city, close_city),
        cmocka_unit_test_setup_teardown(inproc_is_always_up, open_city, close_city),
    };
    return cmocka_run_group_tests_name("base/net/link", tests, NULL, NULL);
}
