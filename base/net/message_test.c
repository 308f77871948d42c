// SPDX-License-Identifier: Apache-2.0
// What arrives, what is dropped and counted, and what a sender is told.
#include "base/net/inner.h"
#include "base/net/test_support.h"

static void await_dropped(struct zt_sock *sock, uint64_t count)
{
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    struct zt_msg msg;
    zt_msg_init(&msg);
    while (zt_sock_dropped(sock) < count) {
        bool ready;
        assert_true(zt_monotonic_ms() < deadline);
        assert_int_equal(zt_sock_recv(sock, &msg), ZT_E_TIMEOUT);
        (void)!zt_sock_wait(&sock, 1, 10, &ready);
    }
    assert_int_equal(zt_sock_dropped(sock), count);
    zt_msg_fini(&msg);
}

// A client that sets the routing id that others will see.
static struct zt_sock *connect_with_route(struct city *city, const void *route, size_t len)
{
    struct zt_sock *sock = NULL;
    struct zt_fault fault = {0};
    must(zt_sock_new(city->net, ZMQ_DEALER, ZT_SOCK_DEALER, &sock, &fault), &fault);
    snprintf(sock->endpoint, sizeof sock->endpoint, "%s", city->endpoint);
    must(zt_sock_set_bounds(sock, ZT_FRAME_SMALL, 0, &fault), &fault);
    must(zt_sock_set_client(sock, &city->party, city->server.public_text, &fault), &fault);
    must(zt_sock_set(sock, ZMQ_IMMEDIATE, 1, &fault), &fault);
    must(zt_link_watch(sock, &fault), &fault);
    assert_int_equal(zmq_setsockopt(sock->zmq, ZMQ_ROUTING_ID, route, len), 0);
    assert_int_equal(zmq_connect(sock->zmq, city->endpoint), 0);
    return sock;
}

static void send_parts(struct zt_sock *sock, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(zmq_send(sock->zmq, "part", 4, i + 1 < count ? ZMQ_SNDMORE : 0), 4);
}

static void several_frames_are_dropped_and_counted(void **state)
{
    struct city *city = *state;
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "first");
    for (int parts = 2; parts <= 12; parts++)
        send_parts(client, parts);
    await_dropped(city->sock, 11);
    exchange(city, client, "party-1", "and on"); // nothing of them is left in the way
    assert_int_equal(zt_sock_dropped(city->sock), 11);
    zt_sock_close(&client);
}

static void a_dealer_drops_them_too(void **state)
{
    struct city *city = *state;
    struct zt_sock *client = connect_as(city, &city->party);
    struct zt_msg msg;
    zt_msg_init(&msg);
    assert_int_equal(send_within(client, "hello", WAIT_MS), ZT_OK);
    expect_frame(city->sock, &msg, "hello");
    assert_int_equal(zmq_send(city->sock->zmq, msg.route, msg.route_len, ZMQ_SNDMORE), (int)msg.route_len);
    send_parts(city->sock, 3);
    assert_int_equal(zt_sock_send(city->sock, msg.route, msg.route_len, zt_bytes_str("good")), ZT_OK);
    expect_frame(client, &msg, "good");
    assert_int_equal(zt_sock_dropped(client), 1);
    zt_msg_fini(&msg);
    zt_sock_close(&client);
}

static void a_flood_of_them_gives_the_caller_a_turn(void **state)
{
    struct city *city = *state;
    struct zt_sock *a = NULL, *b = NULL;
    struct zt_msg msg;
    zt_msg_init(&msg);
    assert_int_equal(zt_pipe_new(city->net, &a, &b), ZT_OK);
    for (int i = 0; i < 1500; i++)
        send_parts(b, 2);
    assert_int_equal(zt_sock_send(b, NULL, 0, zt_bytes_str("end")), ZT_OK);
    assert_int_equal(zt_sock_recv(a, &msg), ZT_E_INPUT);
    assert_int_equal(zt_sock_dropped(a), 1000);
    expect_frame(a, &msg, "end");
    assert_int_equal(zt_sock_dropped(a), 1500);
    zt_msg_fini(&msg);
    zt_sock_close(&a);
    zt_sock_close(&b);
}

static void a_route_too_long_is_dropped(void **state)
{
    struct city *city = *state;
    uint8_t route[ZT_ROUTE_MAX + 1];
    memset(route, 'r', sizeof route);
    struct zt_sock *longest = connect_with_route(city, route, ZT_ROUTE_MAX);
    exchange(city, longest, "party-1", "fits");
    struct zt_sock *longer = connect_with_route(city, route, ZT_ROUTE_MAX + 1);
    assert_int_equal(send_within(longer, "does not fit", WAIT_MS), ZT_OK);
    await_dropped(city->sock, 1);
    zt_sock_close(&longer);
    zt_sock_close(&longest);
}

// The second to claim a routing id gets neither a word in nor the other's answers.
static void an_impostor_gets_no_answer(void **state)
{
    struct city *city = *state;
    struct zt_msg question, msg;
    zt_msg_init(&question);
    zt_msg_init(&msg);
    struct zt_sock *victim = connect_with_route(city, "victim", 6);
    assert_int_equal(send_within(victim, "question", WAIT_MS), ZT_OK);
    expect_frame(city->sock, &question, "question");
    struct zt_sock *impostor = connect_with_route(city, "victim", 6);
    for (int i = 0; i < 10; i++)
        (void)!send_within(impostor, "stolen", 100);
    assert_int_equal(zt_sock_recv(city->sock, &msg), ZT_E_TIMEOUT);
    assert_int_equal(zt_sock_send(city->sock, question.route, question.route_len, zt_bytes_str("secret")),
                     ZT_OK);
    expect_frame(victim, &msg, "secret");
    assert_int_equal(zt_sock_recv(impostor, &msg), ZT_E_TIMEOUT);
    zt_msg_fini(&msg);
    zt_msg_fini(&question);
    zt_sock_close(&impostor);
    zt_sock_close(&victim);
}

static void the_longest_frame_passes_and_one_more_byte_does_not(void **state)
{
    struct city *city = *state;
    struct zt_msg msg;
    zt_msg_init(&msg);
    char *text = calloc(1, ZT_FRAME_SMALL + 2);
    assert_non_null(text);
    memset(text, 'f', ZT_FRAME_SMALL);
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "first");
    exchange(city, client, "party-1", text);
    text[ZT_FRAME_SMALL] = 'f';
    assert_int_equal(zt_sock_send(client, NULL, 0, zt_bytes_str(text)), ZT_OK);
    // The server cuts the connection; the client comes back by itself.
    uint64_t connected, admitted = 0;
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    for (bool ready; admitted < 2; zt_sock_handshakes(city->sock, &connected, &admitted)) {
        assert_true(zt_monotonic_ms() < deadline);
        assert_int_equal(zt_sock_wait(&city->sock, 1, 10, &ready), ZT_E_TIMEOUT); // and nothing arrives
    }
    assert_int_equal(zt_sock_recv(city->sock, &msg), ZT_E_TIMEOUT);
    exchange(city, client, "party-1", "again");
    free(text);
    zt_msg_fini(&msg);
    zt_sock_close(&client);
}

// Promise of the header: nothing is lost silently. What was taken arrives; the rest was refused.
static void a_peer_that_does_not_read(void **state)
{
    struct city *city = *state;
    struct zt_msg msg;
    struct zt_fault fault = {0};
    struct zt_sock *server = NULL, *client = NULL;
    char bound[ZT_ENDPOINT_MAX], block[8192];
    enum { IN_A_ROW = 200 }; // refusals a millisecond apart: the sockets' own buffers are full too
    unsigned taken = 0, refused = 0, row = 0, arrived = 0;
    struct zt_listen_options listen = {"tcp://127.0.0.1:*", &city->server, ZT_FRAME_SMALL, 10};
    zt_msg_init(&msg);
    must(zt_sock_listen(city->net, &listen, &server, bound, &fault), &fault);
    struct zt_connect_options connect = {bound, &city->party, city->server.public_text, ZT_FRAME_SMALL, 10};
    must(zt_sock_connect(city->net, &connect, &client, &fault), &fault);
    must(send_within(client, "all of it, please", WAIT_MS), &fault);
    expect_frame(server, &msg, "all of it, please");
    memset(block, 'b', sizeof block);
    while (row < IN_A_ROW) {
        enum zt_err rc = zt_sock_send(server, msg.route, msg.route_len,
                                      (struct zt_bytes){(const uint8_t *)block, sizeof block});
        assert_true(rc == ZT_OK || rc == ZT_E_LIMIT);
        taken += rc == ZT_OK;
        refused += rc != ZT_OK;
        row = rc == ZT_OK ? 0 : row + 1;
        bool ready;
        if (rc != ZT_OK)
            assert_int_equal(zt_sock_wait(&server, 1, 1, &ready), ZT_E_TIMEOUT);
    }
    while (arrived < taken) {
        must(zt_sock_recv_within(client, &msg, WAIT_MS), &fault);
        assert_int_equal(msg.frame.len, sizeof block);
        arrived++;
    }
    assert_int_equal(zt_sock_recv_within(client, &msg, 50), ZT_E_TIMEOUT);
    print_message("           %u taken and arrived, %u refused, 0 lost\n", taken, refused);
    zt_msg_fini(&msg);
    zt_sock_close(&client);
    zt_sock_close(&server);
}

static void a_peer_that_is_gone(void **state)
{
    struct city *city = *state;
    struct zt_msg msg;
    zt_msg_init(&msg);
    struct zt_sock *client = connect_as(city, &city->party);
    assert_int_equal(send_within(client, "bye", WAIT_MS), ZT_OK);
    expect_frame(city->sock, &msg, "bye");
    zt_sock_close(&client);
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    enum zt_err rc;
    while ((rc = zt_sock_send(city->sock, msg.route, msg.route_len, zt_bytes_str("late"))) == ZT_OK ||
           rc == ZT_E_LIMIT) { // until the queue to it is taken down, which takes a look at the socket
        bool ready;
        assert_true(zt_monotonic_ms() < deadline);
        (void)!zt_sock_wait(&city->sock, 1, 0, &ready);
    }
    assert_int_equal(rc, ZT_E_PEER);
    assert_int_equal(zt_sock_send(city->sock, (const uint8_t *)"nobody", 6, zt_bytes_str("x")), ZT_E_PEER);
    zt_msg_fini(&msg);
}

static void empty_frames_and_reuse(void **state)
{
    struct city *city = *state;
    struct zt_msg msg;
    struct zt_fault fault = {0};
    zt_msg_init(&msg);
    zt_msg_fini(&msg); // before any use
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "");
    for (int i = 0; i < 200; i++) {
        must(zt_sock_send(client, NULL, 0, zt_bytes_str("again")), &fault);
        expect_frame(city->sock, &msg, "again");
    }
    assert_int_equal(zt_sock_recv(city->sock, &msg), ZT_E_TIMEOUT);
    zt_msg_fini(&msg);
    zt_msg_fini(&msg);
    zt_sock_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(several_frames_are_dropped_and_counted, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_dealer_drops_them_too, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_flood_of_them_gives_the_caller_a_turn, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_route_too_long_is_dropped, open_city, close_city),
        cmocka_unit_test_setup_teardown(an_impostor_gets_no_answer, open_city, close_city),
        cmocka_unit_test_setup_teardown(the_longest_frame_passes_and_one_more_byte_does_not, open_city,
                                        close_city),
        cmocka_unit_test_setup_teardown(a_peer_that_does_not_read, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_peer_that_is_gone, open_city, close_city),
        cmocka_unit_test_setup_teardown(empty_frames_and_reuse, open_city, close_city),
    };
    return cmocka_run_group_tests_name("base/net/message", tests, NULL, NULL);
}
