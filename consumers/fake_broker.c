// SPDX-License-Identifier: Apache-2.0
#include "consumers/fake_broker.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/test_support.h"

#define START_MS 40000

static bool admit(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN], char user_id[static ZT_USER_ID_MAX])
{
    struct fake_broker *broker = arg;
    if (!atomic_load(&broker->admit) || memcmp(key, broker->party_key, ZT_CURVE_KEY_LEN) != 0)
        return false;
    snprintf(user_id, ZT_USER_ID_MAX, FAKE_PARTY);
    return true;
}

static void serve_one(struct fake_broker *broker, struct zt_sock *sock, struct zt_msg *msg)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    struct zt_buf frame;
    if (zt_wire_open(msg->frame, &type, &body, NULL) != ZT_OK)
        return;
    atomic_fetch_add(&broker->asked, 1);
    zt_buf_init(&frame, ZT_FRAME_ANSWER);
    if (broker->answer(broker, type, body, &frame))
        (void)!zt_sock_send(sock, msg->route, msg->route_len, zt_buf_bytes(&frame));
    zt_buf_fini(&frame);
}

static void *run(void *arg)
{
    struct fake_broker *broker = arg;
    struct zt_net *net = NULL;
    struct zt_sock *sock = NULL;
    struct zt_msg msg;
    const struct zt_listen_options options = {
        .endpoint = "tcp://127.0.0.1:*", .keys = &broker->server, .max_frame = ZT_FRAME_SMALL};
    zt_msg_init(&msg);
    if (zt_net_open(&net) == ZT_OK && zt_net_gate_open(net, admit, broker, NULL) == ZT_OK &&
        zt_sock_listen(net, &options, &sock, broker->endpoint, NULL) == ZT_OK)
        atomic_store(&broker->up, true);
    while (sock && !atomic_load(&broker->stop))
        if (zt_sock_recv_within(sock, &msg, 20) == ZT_OK)
            serve_one(broker, sock, &msg);
    zt_msg_fini(&msg);
    zt_sock_close(&sock);
    zt_net_close(&net);
    return NULL;
}

static void write_profile(const struct fake_broker *broker, const char *more)
{
    char text[4096];
    int len =
        snprintf(text, sizeof text,
                 "party: " FAKE_PARTY "\nkey: party\nserver_public: server.pub\ncounter: %s\ndesk: %s\n%s",
                 broker->endpoint, broker->endpoint, more);
    assert_in_range(len, 1, sizeof text - 1);
    assert_int_equal(zt_file_replace(broker->profile, zt_bytes_str(text), 0600, NULL), ZT_OK);
}

void fake_broker_start(struct fake_broker *broker, fake_answer_fn *answer, void *arg, const char *more)
{
    char stem[PATH_MAX + 16];
    memset(broker, 0, sizeof *broker);
    make_test_dir(broker->dir);
    snprintf(broker->profile, sizeof broker->profile, "%s/profile.yaml", broker->dir);
    broker->answer = answer;
    broker->arg = arg;
    atomic_store(&broker->admit, true);
    assert_int_equal(zt_curve_keys_new(&broker->server), ZT_OK);
    assert_int_equal(zt_curve_keys_new(&broker->party), ZT_OK);
    assert_int_equal(zt_curve_key_bytes(broker->party.public_text, broker->party_key), ZT_OK);
    snprintf(stem, sizeof stem, "%s/server", broker->dir);
    assert_int_equal(zt_curve_keys_save(&broker->server, stem, NULL), ZT_OK);
    snprintf(stem, sizeof stem, "%s/party", broker->dir);
    assert_int_equal(zt_curve_keys_save(&broker->party, stem, NULL), ZT_OK);
    assert_int_equal(pthread_create(&broker->thread, NULL, run, broker), 0);
    int64_t deadline = zt_monotonic_ms() + START_MS;
    while (!atomic_load(&broker->up)) {
        assert_true(zt_monotonic_ms() < deadline);
        sched_yield();
    }
    write_profile(broker, more);
}

void fake_broker_stop(struct fake_broker *broker)
{
    atomic_store(&broker->stop, true);
    pthread_join(broker->thread, NULL);
    remove_test_dir(broker->dir);
}
