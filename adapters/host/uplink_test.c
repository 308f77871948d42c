// SPDX-License-Identifier: Apache-2.0
// The connection against a ROUTER with CURVE and the gate, in one process.
#include "adapters/host/uplink.h"

#include "base/clock.h"
#include "base/test_support.h"
#include "proto/wire.h"

#define WAIT_MS 5000

static char dir[PATH_MAX], stem[PATH_MAX + 16], server_stem[PATH_MAX + 16], server_pub[PATH_MAX + 16];
static struct zt_net *net; // the broker's side
static struct zt_sock *broker;
static struct zt_msg msg;
static char bound[ZT_ENDPOINT_MAX];
static struct zt_curve_keys server, ours;
static struct zt_adapter_config config;
static struct zt_uplink uplink;
static struct zt_fault fault;
static _Atomic bool admits; // asked on the gate's thread
static uint8_t our_key[ZT_CURVE_KEY_LEN];

static bool admit(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN], char user_id[static ZT_USER_ID_MAX])
{
    (void)arg;
    snprintf(user_id, ZT_USER_ID_MAX, "tax");
    return admits && memcmp(key, our_key, sizeof our_key) == 0;
}

static int enter(void **state)
{
    (void)state;
    make_test_dir(dir);
    snprintf(stem, sizeof stem, "%s/tax", dir);
    snprintf(server_stem, sizeof server_stem, "%s/broker", dir);
    snprintf(server_pub, sizeof server_pub, "%s/broker.pub", dir);
    admits = true;
    assert_int_equal(zt_curve_keys_new(&ours), ZT_OK);
    assert_int_equal(zt_curve_key_bytes(ours.public_text, our_key), ZT_OK);
    assert_int_equal(zt_curve_keys_new(&server), ZT_OK);
    assert_int_equal(zt_curve_keys_save(&ours, stem, &fault), ZT_OK);
    assert_int_equal(zt_curve_keys_save(&server, server_stem, &fault), ZT_OK);
    assert_int_equal(zt_net_open(&net), ZT_OK);
    assert_int_equal(zt_net_gate_open(net, admit, NULL, &fault), ZT_OK);
    struct zt_listen_options options = {
        .endpoint = "tcp://127.0.0.1:*", .keys = &server, .max_frame = ZT_FRAME_BATCH};
    assert_int_equal(zt_sock_listen(net, &options, &broker, bound, &fault), ZT_OK);
    zt_msg_init(&msg);
    config = (struct zt_adapter_config){.broker = bound, .key = stem, .server_public = server_pub};
    return 0;
}

static int leave(void **state)
{
    (void)state;
    zt_uplink_close(&uplink);
    zt_uplink_close(&uplink);
    zt_msg_fini(&msg);
    zt_sock_close(&broker);
    zt_net_close(&net);
    remove_test_dir(dir);
    return 0;
}

struct seen {
    size_t welcomes, acks;
    uint64_t seq;
    char source[ZT_SOURCE_MAX];
};

static void take(void *arg, const struct zt_uplink_answer *answer)
{
    struct seen *seen = arg;
    snprintf(seen->source, sizeof seen->source, "%s", answer->source);
    if (answer->welcome) {
        seen->welcomes++;
        seen->seq = answer->welcome->seq;
    } else {
        seen->acks++;
        seen->seq = answer->ack->seq;
    }
}

// Until the connection stands and the broker has the frame.
static void send_hello(void)
{
    struct zt_buf frame;
    struct zt_hello hello = {.source = "tax.payment", .program = "test"};
    zt_buf_init(&frame, ZT_FRAME_SMALL);
    assert_int_equal(zt_hello_encode(&hello, &frame), ZT_OK);
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    struct seen seen = {0};
    while (zt_uplink_send(&uplink, zt_buf_bytes(&frame)) != ZT_OK && zt_monotonic_ms() < end)
        assert_int_equal(zt_uplink_wait(&uplink, 10, take, &seen), ZT_OK);
    zt_buf_fini(&frame);
    assert_int_equal(zt_sock_recv_within(broker, &msg, WAIT_MS), ZT_OK);
}

static void answer(struct zt_bytes frame)
{
    assert_int_equal(zt_sock_send(broker, msg.route, msg.route_len, frame), ZT_OK);
}

static void wait_for(struct seen *seen, size_t answers)
{
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    while (seen->welcomes + seen->acks < answers && zt_monotonic_ms() < end)
        assert_int_equal(zt_uplink_wait(&uplink, 50, take, seen), ZT_OK);
    assert_int_equal(seen->welcomes + seen->acks, answers);
}

static void answers_of_both_kinds_arrive(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct zt_buf frame;
    assert_int_equal(zt_uplink_open(&config, &uplink, &fault), ZT_OK);
    send_hello();
    assert_string_equal(msg.user, "tax");
    zt_buf_init(&frame, ZT_FRAME_SMALL);
    struct zt_welcome welcome = {.source = "tax.payment", .seq = 7, .rule = "", .text = ""};
    assert_int_equal(zt_welcome_encode(&welcome, &frame), ZT_OK);
    answer(zt_buf_bytes(&frame));
    wait_for(&seen, 1);
    assert_int_equal(seen.welcomes, 1);
    assert_int_equal(seen.seq, 7);
    assert_string_equal(seen.source, "tax.payment");
    struct zt_ack ack = {.source = "tax.income", .seq = 9, .taken = true, .rule = "", .text = ""};
    assert_int_equal(zt_ack_encode(&ack, &frame), ZT_OK);
    answer(zt_buf_bytes(&frame));
    wait_for(&seen, 2);
    assert_int_equal(seen.acks, 1);
    assert_string_equal(seen.source, "tax.income");
    zt_buf_fini(&frame);
    assert_false(zt_uplink_refused(&uplink));
}

static void what_is_no_answer_is_dropped(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct zt_buf frame;
    assert_int_equal(zt_uplink_open(&config, &uplink, &fault), ZT_OK);
    send_hello();
    zt_buf_init(&frame, ZT_FRAME_SMALL);
    struct zt_welcome welcome = {.source = "tax.payment", .seq = 1, .rule = "", .text = ""};
    assert_int_equal(zt_welcome_encode(&welcome, &frame), ZT_OK);
    for (size_t len = 0; len < ZT_WIRE_HEAD + 2 + strlen("tax.payment");
         len++) // cut before its source is whole
        answer((struct zt_bytes){frame.data, len});
    answer(msg.frame); // a HELLO is not for us
    answer(zt_bytes_str("ZT\x01\x7fgarbage"));
    answer(zt_buf_bytes(&frame));
    wait_for(&seen, 1);
    assert_int_equal(seen.seq, 1);
    zt_buf_fini(&frame);
}

static void a_key_that_is_not_admitted_is_known(void **state)
{
    (void)state;
    admits = false;
    struct seen seen = {0};
    assert_int_equal(zt_uplink_open(&config, &uplink, &fault), ZT_OK);
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    while (!zt_uplink_refused(&uplink) && zt_monotonic_ms() < end)
        assert_int_equal(zt_uplink_wait(&uplink, 20, take, &seen), ZT_OK);
    assert_true(zt_uplink_refused(&uplink));
    assert_int_equal(zt_uplink_send(&uplink, zt_bytes_str("x")), ZT_E_LIMIT);
}

static void keys_and_endpoint_are_checked(void **state)
{
    (void)state;
    char missing[PATH_MAX + 16];
    snprintf(missing, sizeof missing, "%s/none", dir);
    struct zt_adapter_config bad = config;
    bad.key = missing;
    assert_int_not_equal(zt_uplink_open(&bad, &uplink, &fault), ZT_OK);
    bad = config;
    bad.server_public = missing;
    assert_int_not_equal(zt_uplink_open(&bad, &uplink, &fault), ZT_OK);
    bad = config;
    bad.broker = (char *)(uintptr_t) "carrier://pigeon";
    assert_int_not_equal(zt_uplink_open(&bad, &uplink, &fault), ZT_OK);
    assert_string_not_equal(fault.rule, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_of_both_kinds_arrive, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_no_answer_is_dropped, enter, leave),
        cmocka_unit_test_setup_teardown(a_key_that_is_not_admitted_is_known, enter, leave),
        cmocka_unit_test_setup_teardown(keys_and_endpoint_are_checked, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
