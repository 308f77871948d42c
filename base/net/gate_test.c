// SPDX-License-Identifier: Apache-2.0
// Who gets in, and that the gate is never taken for closed when it is open. The long matrix of attacks is
// tests/faults/zap_matrix.c.
#include <sched.h>

#include "base/net/inner.h"
#include "base/net/test_support.h"

static void gate_opens_and_proves_itself(void **state)
{
    struct city *city = *state;
    struct zt_fault fault = {0};
    uint64_t admitted, refused;
    for (int i = 0; i < 5; i++)
        must(zt_net_gate_check(city->net, &fault), &fault);
    zt_net_gate_counts(city->net, &admitted, &refused);
    assert_int_equal(admitted + refused, 0); // probes are not counted
}

static void a_registered_party_is_served(void **state)
{
    struct city *city = *state;
    uint64_t admitted, refused;
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "hello");
    zt_net_gate_counts(city->net, &admitted, &refused);
    assert_int_equal(admitted, 1);
    assert_int_equal(refused, 0);
    zt_sock_close(&client);
}

static void a_stranger_is_counted_and_kept_out(void **state)
{
    struct city *city = *state;
    struct zt_curve_keys stranger;
    struct zt_fault fault = {0};
    struct zt_msg msg;
    uint64_t admitted, refused;
    zt_msg_init(&msg);
    must(zt_curve_keys_new(&stranger), &fault);
    struct zt_sock *client = connect_as(city, &stranger);
    await_link(client, ZT_LINK_REFUSED);
    assert_int_equal(zt_sock_send(client, NULL, 0, zt_bytes_str("let me in")), ZT_E_LIMIT);
    assert_int_equal(zt_sock_recv(city->sock, &msg), ZT_E_TIMEOUT);
    zt_net_gate_counts(city->net, &admitted, &refused);
    assert_int_equal(admitted, 0);
    assert_true(refused >= 1);
    zt_msg_fini(&msg);
    zt_sock_close(&client);
}

// What revocation means here: the session lives on, so the User-Id must be looked at on each message.
static void a_session_outlives_its_admission(void **state)
{
    struct city *city = *state;
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "before");
    atomic_store(&city->known, false);
    exchange(city, client, "party-1", "after");
    struct zt_sock *second = connect_as(city, &city->party);
    await_link(second, ZT_LINK_REFUSED);
    zt_sock_close(&second);
    zt_sock_close(&client);
}

static bool admit_all(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN],
                      char user_id[static ZT_USER_ID_MAX])
{
    (void)key;
    snprintf(user_id, ZT_USER_ID_MAX, "%s", (const char *)arg);
    return true;
}

static bool admit_none(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN],
                       char user_id[static ZT_USER_ID_MAX])
{
    (void)arg;
    (void)key;
    snprintf(user_id, ZT_USER_ID_MAX, "somebody"); // a name alone admits nobody
    return false;
}

static void a_gate_that_admits_strangers_stays_shut(void **state)
{
    (void)state;
    struct zt_net *net = NULL;
    struct zt_fault fault = {0};
    must(zt_net_open(&net), &fault);
    assert_int_equal(zt_net_gate_open(net, admit_all, (void *)"everybody", &fault), ZT_E_DENIED);
    assert_string_equal(fault.rule, "net.gate-open");
    assert_int_equal(zt_net_gate_check(net, &fault), ZT_E_STATE);
    // Without a name nobody is admitted, whatever the answer is.
    must(zt_net_gate_open(net, admit_all, (void *)"", &fault), &fault);
    zt_net_gate_kill(net);
    must(zt_net_gate_open(net, admit_none, NULL, &fault), &fault);
    assert_int_equal(zt_net_gate_open(net, admit_none, NULL, &fault), ZT_E_STATE);
    zt_net_close(&net);
}

static void a_taken_handler_address_is_noticed(void **state)
{
    (void)state;
    struct zt_net *net = NULL;
    struct zt_sock *other = NULL;
    struct zt_fault fault = {0};
    must(zt_net_open(&net), &fault);
    must(zt_sock_new(net, ZMQ_REP, ZT_SOCK_REPLY, &other, &fault), &fault);
    assert_int_equal(zmq_bind(other->zmq, "inproc://zeromq.zap.01"), 0);
    assert_int_equal(zt_net_gate_open(net, admit_none, NULL, &fault), ZT_E_STATE);
    assert_string_equal(fault.rule, "net.gate");
    zt_sock_close(&other);
    zt_net_close(&net);
}

static void a_dead_handler_lets_nobody_in(void **state)
{
    struct city *city = *state;
    struct zt_fault fault = {0};
    struct zt_msg msg;
    char bound[ZT_ENDPOINT_MAX];
    struct zt_sock *second = NULL;
    zt_msg_init(&msg);
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "before");
    zt_net_gate_kill(city->net);
    zt_net_gate_kill(city->net);
    assert_int_equal(zt_net_gate_check(city->net, &fault), ZT_E_STATE);
    struct zt_listen_options options = {"tcp://127.0.0.1:*", &city->server, ZT_FRAME_SMALL, 0};
    assert_int_equal(zt_sock_listen(city->net, &options, &second, bound, &fault), ZT_E_STATE);
    assert_string_equal(fault.rule, "net.gate");
    struct zt_sock *late = connect_as(city, &city->party);
    assert_int_equal(send_within(late, "anybody there?", 1000), ZT_E_LIMIT);
    assert_int_equal(zt_sock_recv(city->sock, &msg), ZT_E_TIMEOUT);
    // A new handler restores the service without a new bind.
    must(zt_net_gate_open(city->net, admit_party, city, &fault), &fault);
    exchange(city, late, "party-1", "after");
    exchange(city, client, "party-1", "still");
    zt_msg_fini(&msg);
    zt_sock_close(&late);
    zt_sock_close(&client);
}

struct slow {
    struct city *city;
    atomic_bool hang, hanging;
};

static bool admit_slowly(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN],
                         char user_id[static ZT_USER_ID_MAX])
{
    struct slow *slow = arg;
    while (atomic_load(&slow->hang)) {
        atomic_store(&slow->hanging, true);
        sched_yield();
    }
    return admit_party(slow->city, key, user_id);
}

static void a_hung_handler_lets_nobody_in(void **state)
{
    struct city *city = *state;
    struct slow slow = {.city = city};
    struct zt_fault fault = {0};
    struct zt_msg msg;
    char bound[ZT_ENDPOINT_MAX];
    struct zt_sock *second = NULL;
    zt_msg_init(&msg);
    zt_net_gate_kill(city->net);
    must(zt_net_gate_open(city->net, admit_slowly, &slow, &fault), &fault);
    atomic_store(&slow.hang, true);
    assert_int_equal(zt_net_gate_check(city->net, &fault), ZT_E_TIMEOUT);
    assert_string_equal(fault.rule, "net.gate-silent");
    assert_true(atomic_load(&slow.hanging));
    struct zt_listen_options options = {"tcp://127.0.0.1:*", &city->server, ZT_FRAME_SMALL, 0};
    assert_int_equal(zt_sock_listen(city->net, &options, &second, bound, &fault), ZT_E_STATE);
    struct zt_sock *client = connect_as(city, &city->party);
    assert_int_equal(send_within(client, "anybody there?", 1000), ZT_E_LIMIT);
    assert_int_equal(zt_sock_recv(city->sock, &msg), ZT_E_TIMEOUT);
    atomic_store(&slow.hang, false);
    exchange(city, client, "party-1", "awake");
    must(zt_net_gate_check(city->net, &fault), &fault);
    zt_msg_fini(&msg);
    zt_sock_close(&client);
}

static void new_admission_data(void **state)
{
    struct city *city = *state, *other = calloc(1, sizeof *other);
    struct zt_fault fault = {0};
    assert_non_null(other);
    struct zt_sock *client = connect_as(city, &city->party);
    exchange(city, client, "party-1", "known");
    // `other` knows nobody.
    must(zt_net_gate_swap(city->net, other), &fault);
    struct zt_sock *late = connect_as(city, &city->party);
    await_link(late, ZT_LINK_REFUSED);
    for (int i = 0; i < 100; i++)
        must(zt_net_gate_swap(city->net, i % 2 ? city : other), &fault);
    must(zt_net_gate_swap(city->net, city), &fault);
    free(other); // from the return on it is not used
    exchange(city, late, "party-1", "known again");
    zt_sock_close(&late);
    zt_sock_close(&client);
    zt_net_gate_kill(city->net);
    assert_int_equal(zt_net_gate_swap(city->net, city), ZT_E_STATE);
}

// The handler speaks for two domains; a listener of any third one is refused everybody.
static void a_foreign_domain_admits_nobody(void **state)
{
    struct city *city = *state;
    struct zt_fault fault = {0};
    struct zt_sock *listener = NULL, *client = NULL;
    struct zt_msg msg;
    zt_msg_init(&msg);
    must(zt_sock_new(city->net, ZMQ_ROUTER, ZT_SOCK_ROUTER, &listener, &fault), &fault);
    must(zt_sock_set_server(listener, &city->server, "another domain", &fault), &fault);
    assert_int_equal(zmq_bind(listener->zmq, own_endpoint("domain")), 0);
    client = connect_to(city, own_endpoint("domain"), &city->party);
    await_link(client, ZT_LINK_REFUSED); // a domain that is not ours admits nobody
    assert_int_equal(zt_sock_recv(listener, &msg), ZT_E_TIMEOUT);
    zt_msg_fini(&msg);
    zt_sock_close(&client);
    zt_sock_close(&listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gate_opens_and_proves_itself, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_registered_party_is_served, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_stranger_is_counted_and_kept_out, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_session_outlives_its_admission, open_city, close_city),
        cmocka_unit_test(a_gate_that_admits_strangers_stays_shut),
        cmocka_unit_test(a_taken_handler_address_is_noticed),
        cmocka_unit_test_setup_teardown(a_dead_handler_lets_nobody_in, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_hung_handler_lets_nobody_in, open_city, close_city),
        cmocka_unit_test_setup_teardown(new_admission_data, open_city, close_city),
        cmocka_unit_test_setup_teardown(a_foreign_domain_admits_nobody, open_city, close_city),
    };
    return cmocka_run_group_tests_name("base/net/gate", tests, NULL, NULL);
}
