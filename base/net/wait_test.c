// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <signal.h>
#include <sys/time.h>

#include "base/net/inner.h"
#include "base/net/test_support.h"

static int open_net(void **state)
{
    return zt_net_open((struct zt_net **)state) == ZT_OK ? 0 : -1;
}

static int close_net(void **state)
{
    zt_net_close((struct zt_net **)state);
    return 0;
}

static void nothing_comes_in_time(void **state)
{
    struct zt_sock *a = NULL, *b = NULL;
    struct zt_msg msg;
    bool ready = true;
    zt_msg_init(&msg);
    assert_int_equal(zt_pipe_new(*state, &a, &b), ZT_OK);
    int64_t start = zt_monotonic_ms();
    assert_int_equal(zt_sock_wait(&a, 1, 60, &ready), ZT_E_TIMEOUT);
    assert_true(zt_monotonic_ms() - start >= 59);
    assert_false(ready);
    assert_int_equal(zt_sock_wait(&a, 1, 0, &ready), ZT_E_TIMEOUT);
    assert_int_equal(zt_sock_recv(a, &msg), ZT_E_TIMEOUT);
    start = zt_monotonic_ms();
    assert_int_equal(zt_sock_recv_within(a, &msg, 60), ZT_E_TIMEOUT);
    assert_true(zt_monotonic_ms() - start >= 59);
    zt_msg_fini(&msg);
    zt_sock_close(&a);
    zt_sock_close(&b);
}

static void each_of_sixteen_is_told_apart(void **state)
{
    struct zt_sock *mine[ZT_WAIT_MAX + 1], *theirs[ZT_WAIT_MAX + 1];
    bool ready[ZT_WAIT_MAX + 1];
    struct zt_msg msg;
    zt_msg_init(&msg);
    for (int i = 0; i <= ZT_WAIT_MAX; i++)
        assert_int_equal(zt_pipe_new(*state, &mine[i], &theirs[i]), ZT_OK);
    for (int i = 0; i < ZT_WAIT_MAX; i++) {
        assert_int_equal(zt_sock_send(theirs[i], NULL, 0, zt_bytes_str("x")), ZT_OK);
        assert_int_equal(zt_sock_wait(mine, ZT_WAIT_MAX, WAIT_MS, ready), ZT_OK);
        for (int j = 0; j < ZT_WAIT_MAX; j++)
            assert_int_equal(ready[j], i == j);
        assert_int_equal(zt_sock_recv(mine[i], &msg), ZT_OK);
    }
    assert_int_equal(zt_sock_wait(mine, ZT_WAIT_MAX + 1, 0, ready), ZT_E_LIMIT);
    zt_msg_fini(&msg);
    for (int i = 0; i <= ZT_WAIT_MAX; i++) {
        zt_sock_close(&mine[i]);
        zt_sock_close(&theirs[i]);
    }
}

static void ignore_signal(int number)
{
    (void)number;
}

static void a_signal_ends_the_wait(void **state)
{
    struct zt_sock *a = NULL, *b = NULL;
    bool ready;
    struct sigaction action = {.sa_handler = ignore_signal}, before;
    struct itimerval soon = {.it_value = {0, 30000}, .it_interval = {0, 30000}}, off = {0};
    assert_int_equal(zt_pipe_new(*state, &a, &b), ZT_OK);
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &soon, NULL);
    assert_int_equal(zt_sock_wait(&a, 1, -1, &ready), ZT_E_TIMEOUT); // would be for ever
    setitimer(ITIMER_REAL, &off, NULL);
    sigaction(SIGALRM, &before, NULL);
    zt_sock_close(&a);
    zt_sock_close(&b);
}

static void the_descriptor_of_a_foreign_loop(void **state)
{
    struct zt_sock *a = NULL, *b = NULL;
    struct zt_msg msg;
    zt_msg_init(&msg);
    assert_int_equal(zt_pipe_new(*state, &a, &b), ZT_OK);
    struct pollfd item = {.fd = zt_sock_fd(a), .events = POLLIN};
    assert_true(item.fd >= 0);
    while (zt_sock_recv(a, &msg) == ZT_OK)
        ;
    for (int i = 0; i < 3; i++)
        assert_int_equal(zt_sock_send(b, NULL, 0, zt_bytes_str("x")), ZT_OK);
    int seen = 0;
    while (seen < 3) { // edge-triggered: drain on every turn
        assert_int_equal(poll(&item, 1, WAIT_MS), 1);
        while (zt_sock_recv(a, &msg) == ZT_OK)
            seen++;
    }
    zt_msg_fini(&msg);
    zt_sock_close(&a);
    zt_sock_close(&b);
}

static void opening_and_closing(void **state)
{
    (void)state;
    struct zt_net *net = NULL;
    struct zt_sock *none = NULL;
    assert_int_equal(zt_net_open_with(2, 4, &net), ZT_OK);
    struct zt_sock *a = NULL, *b = NULL, *c = NULL, *d = NULL;
    assert_int_equal(zt_pipe_new(net, &a, &b), ZT_OK);
    assert_int_equal(zt_pipe_new(net, &c, &d), ZT_OK);
    struct zt_sock *e = NULL, *f = NULL;
    assert_int_equal(zt_pipe_new(net, &e, &f), ZT_E_LIMIT); // four sockets and no more
    assert_null(e);
    zt_sock_close(&a);
    zt_sock_close(&b);
    zt_sock_close(&c);
    zt_sock_close(&d);
    zt_sock_close(&none);
    zt_net_close(&net);
    assert_null(net);
    zt_net_close(&net);
    assert_int_equal(zt_net_open_with(-1, 10, &net), ZT_E_CONFIG);
    assert_null(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_comes_in_time, open_net, close_net),
        cmocka_unit_test_setup_teardown(each_of_sixteen_is_told_apart, open_net, close_net),
        cmocka_unit_test_setup_teardown(a_signal_ends_the_wait, open_net, close_net),
        cmocka_unit_test_setup_teardown(the_descriptor_of_a_foreign_loop, open_net, close_net),
        cmocka_unit_test(opening_and_closing),
    };
    return cmocka_run_group_tests_name("base/net/wait", tests, NULL, NULL);
}
