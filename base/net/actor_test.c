// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

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

struct life {
    enum zt_err code; // what it reports
    bool silent;      // returns without reporting
    atomic_bool running, ended;
};

static bool is_stop(const struct zt_msg *msg)
{
    return msg->frame.len == 4 && memcmp(msg->frame.data, "STOP", 4) == 0;
}

// Echoes every frame until STOP.
static void echo(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    (void)net;
    struct life *life = arg;
    struct zt_msg msg;
    zt_msg_init(&msg);
    atomic_store(&life->running, true);
    if (!life->silent && zt_actor_ready(pipe, life->code) == ZT_OK && life->code == ZT_OK) {
        while (zt_sock_recv_within(pipe, &msg, -1) == ZT_OK && !is_stop(&msg))
            if (zt_sock_send(pipe, NULL, 0, msg.frame) != ZT_OK)
                break;
    }
    zt_msg_fini(&msg);
    atomic_store(&life->ended, true);
}

static void life_of_an_actor(void **state)
{
    struct zt_net *net = *state;
    struct life life = {0};
    struct zt_actor *actor = NULL;
    struct zt_msg msg;
    zt_msg_init(&msg);
    assert_int_equal(zt_actor_start(net, "echo-with-a-long-name", echo, &life, &actor), ZT_OK);
    assert_true(atomic_load(&life.running));
    for (int i = 0; i < 5000; i++) // more than any high-water mark
        assert_int_equal(zt_sock_send(zt_actor_pipe(actor), NULL, 0, zt_bytes_str("ping")), ZT_OK);
    for (int i = 0; i < 5000; i++)
        expect_frame(zt_actor_pipe(actor), &msg, "ping");
    zt_actor_stop(&actor);
    assert_true(atomic_load(&life.ended));
    assert_null(actor);
    zt_actor_stop(&actor);
    zt_msg_fini(&msg);
}

static void a_failed_start_reports_its_code(void **state)
{
    struct zt_net *net = *state;
    struct life life = {.code = ZT_E_CONFIG};
    struct zt_actor *actor = NULL;
    assert_int_equal(zt_actor_start(net, "fails", echo, &life, &actor), ZT_E_CONFIG);
    assert_null(actor);
    assert_true(atomic_load(&life.ended));
}

static void a_silent_end_is_a_bug_not_a_hang(void **state)
{
    struct zt_net *net = *state;
    struct life life = {.silent = true};
    struct zt_actor *actor = NULL;
    assert_int_equal(zt_actor_start(net, "silent", echo, &life, &actor), ZT_E_BUG);
    assert_null(actor);
}

static void quits(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    (void)net;
    (void)arg;
    (void)!zt_actor_ready(pipe, ZT_OK);
}

static void an_actor_that_ended_by_itself_can_be_stopped(void **state)
{
    struct zt_net *net = *state;
    struct zt_actor *actor = NULL;
    int64_t deadline = zt_monotonic_ms() + WAIT_MS;
    assert_int_equal(zt_actor_start(net, "quits", quits, NULL, &actor), ZT_OK);
    while (zt_sock_send(zt_actor_pipe(actor), NULL, 0, zt_bytes_str("x")) == ZT_OK)
        assert_true(zt_monotonic_ms() < deadline); // refused once its end is closed
    zt_actor_stop(&actor);
}

// Memory changes hands with a message: the thread sanitizer must see it so, or it finds races in good
// programs.
struct parcel {
    int value;
    struct parcel *next;
};

static void add_one(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    (void)net;
    (void)arg;
    struct zt_msg msg;
    zt_msg_init(&msg);
    if (zt_actor_ready(pipe, ZT_OK) == ZT_OK) {
        while (zt_sock_recv_within(pipe, &msg, -1) == ZT_OK && !is_stop(&msg)) {
            struct parcel *parcel;
            memcpy(&parcel, msg.frame.data, sizeof parcel);
            for (struct parcel *at = parcel; at; at = at->next)
                at->value++;
            (void)!zt_sock_send(pipe, NULL, 0, (struct zt_bytes){(uint8_t *)&parcel, sizeof parcel});
        }
    }
    zt_msg_fini(&msg);
}

static void memory_changes_hands(void **state)
{
    struct zt_net *net = *state;
    struct zt_actor *actor = NULL;
    struct zt_msg msg;
    enum { MANY = 1000 }; // in one go, so that most find the queue not empty and wake nobody
    struct parcel *parcels[MANY];
    zt_msg_init(&msg);
    assert_int_equal(zt_actor_start(net, "parcels", add_one, NULL, &actor), ZT_OK);
    for (int i = 0; i < MANY; i++) {
        parcels[i] = calloc(1, sizeof *parcels[i]);
        assert_non_null(parcels[i]);
        *parcels[i] = (struct parcel){i, i % 2 ? calloc(1, sizeof **parcels) : NULL};
        assert_int_equal(zt_sock_send(zt_actor_pipe(actor), NULL, 0,
                                      (struct zt_bytes){(uint8_t *)&parcels[i], sizeof parcels[i]}),
                         ZT_OK);
    }
    for (int i = 0; i < MANY; i++) {
        struct parcel *back;
        assert_int_equal(zt_sock_recv_within(zt_actor_pipe(actor), &msg, WAIT_MS), ZT_OK);
        memcpy(&back, msg.frame.data, sizeof back);
        assert_ptr_equal(back, parcels[i]);
        assert_int_equal(back->value, i + 1);
        if (back->next)
            assert_int_equal(back->next->value, 1);
        free(back->next);
        free(back);
    }
    zt_actor_stop(&actor);
    zt_msg_fini(&msg);
}

static volatile sig_atomic_t signals_seen;
static void count_signal(int number)
{
    (void)number;
    signals_seen++;
}

static void signals_stay_with_the_owner(void **state)
{
    struct zt_net *net = *state;
    struct life life = {0};
    struct zt_actor *actor = NULL;
    struct sigaction action = {.sa_handler = count_signal}, before;
    sigset_t block, old;
    assert_int_equal(zt_actor_start(net, "echo", echo, &life, &actor), ZT_OK);
    sigaction(SIGUSR1, &action, &before);
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &block, &old);
    // Blocked here, and no other thread may take it: it stays pending until we let it in.
    kill(getpid(), SIGUSR1);
    struct zt_msg msg;
    zt_msg_init(&msg);
    assert_int_equal(zt_sock_send(zt_actor_pipe(actor), NULL, 0, zt_bytes_str("turn")), ZT_OK);
    expect_frame(zt_actor_pipe(actor), &msg, "turn");
    assert_int_equal(signals_seen, 0);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    assert_int_equal(signals_seen, 1);
    sigaction(SIGUSR1, &before, NULL);
    zt_msg_fini(&msg);
    zt_actor_stop(&actor);
}

static void many_actors_at_once(void **state)
{
    struct zt_net *net = *state;
    enum { MANY = 15 };
    struct life lives[MANY];
    struct zt_actor *actors[MANY];
    struct zt_sock *pipes[MANY];
    bool ready[MANY], seen[MANY] = {false};
    memset(lives, 0, sizeof lives);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(zt_actor_start(net, "many", echo, &lives[i], &actors[i]), ZT_OK);
        pipes[i] = zt_actor_pipe(actors[i]);
        assert_int_equal(zt_sock_send(pipes[i], NULL, 0, zt_bytes_str("x")), ZT_OK);
    }
    struct zt_msg msg;
    zt_msg_init(&msg);
    for (int left = MANY; left > 0;) {
        assert_int_equal(zt_sock_wait(pipes, MANY, WAIT_MS, ready), ZT_OK);
        for (int i = 0; i < MANY; i++) {
            if (!ready[i])
                continue;
            assert_false(seen[i]);
            expect_frame(pipes[i], &msg, "x");
            seen[i] = true;
            left--;
        }
    }
    zt_msg_fini(&msg);
    for (int i = 0; i < MANY; i++)
        zt_actor_stop(&actors[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(life_of_an_actor, open_net, close_net),
        cmocka_unit_test_setup_teardown(a_failed_start_reports_its_code, open_net, close_net),
        cmocka_unit_test_setup_teardown(a_silent_end_is_a_bug_not_a_hang, open_net, close_net),
        cmocka_unit_test_setup_teardown(an_actor_that_ended_by_itself_can_be_stopped, open_net, close_net),
        cmocka_unit_test_setup_teardown(memory_changes_hands, open_net, close_net),
        cmocka_unit_test_setup_teardown(signals_stay_with_the_owner, open_net, close_net),
        cmocka_unit_test_setup_teardown(many_actors_at_once, open_net, close_net),
    };
    return cmocka_run_group_tests_name("base/net/actor", tests, NULL, NULL);
}
