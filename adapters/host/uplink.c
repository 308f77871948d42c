// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/uplink.h"

#include "base/log.h"
#include "proto/wire.h"

#define ANSWER_MEMORY ((size_t)1024 * 1024) // an ACK that refuses a whole batch, each record with its text

static enum zt_err load_keys(const struct zt_adapter_config *config, struct zt_curve_keys *keys,
                             char server[static ZT_CURVE_TEXT_LEN + 1], struct zt_fault *fault)
{
    enum zt_err rc = zt_curve_keys_load(config->key, keys, fault);
    return rc == ZT_OK ? zt_curve_public_load(config->server_public, server, fault) : rc;
}

enum zt_err zt_uplink_open(const struct zt_adapter_config *config, struct zt_uplink *link,
                           struct zt_fault *fault)
{
    struct zt_curve_keys keys = {0};
    char server[ZT_CURVE_TEXT_LEN + 1];
    *link = (struct zt_uplink){0};
    zt_msg_init(&link->msg);
    zt_arena_init(&link->arena, ANSWER_MEMORY);
    enum zt_err rc;
    ZT_TRY(load_keys(config, &keys, server, fault));
    rc = zt_net_open(&link->net);
    if (rc != ZT_OK) {
        zt_fault_set(fault, rc, "net.open", config->broker, "no sockets: %s", zt_err_name(rc));
        goto out;
    }
    const struct zt_connect_options options = {.endpoint = config->broker,
                                               .keys = &keys,
                                               .server_public = server,
                                               .max_frame = ZT_FRAME_BATCH,
                                               .queue = 2 * ZT_UPLINK_BATCHES};
    rc = zt_sock_connect(link->net, &options, &link->sock, fault);
out:
    zt_curve_keys_wipe(&keys);
    if (rc != ZT_OK)
        zt_uplink_close(link);
    return rc;
}

void zt_uplink_close(struct zt_uplink *link)
{
    zt_msg_fini(&link->msg);
    zt_arena_fini(&link->arena);
    zt_sock_close(&link->sock);
    zt_net_close(&link->net);
}

enum zt_err zt_uplink_send(void *link, struct zt_bytes frame)
{
    return zt_sock_send(((struct zt_uplink *)link)->sock, NULL, 0, frame);
}

bool zt_uplink_refused(void *link)
{
    return zt_sock_link(((struct zt_uplink *)link)->sock) == ZT_LINK_REFUSED;
}

static enum zt_err take_answer(struct zt_uplink *link, zt_uplink_fn *take, void *arg, struct zt_fault *fault)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    struct zt_welcome welcome;
    struct zt_ack ack;
    zt_arena_reset(&link->arena);
    enum zt_err rc = zt_wire_open(link->msg.frame, &type, &body, fault);
    if (rc != ZT_OK)
        return rc;
    struct zt_uplink_answer answer = {0};
    if (type == ZT_WIRE_WELCOME) {
        rc = zt_welcome_parse(body, &link->arena, &welcome, fault);
        answer = (struct zt_uplink_answer){.welcome = &welcome, .source = welcome.source};
    } else if (type == ZT_WIRE_ACK) {
        rc = zt_ack_parse(body, &link->arena, &ack, fault);
        answer = (struct zt_uplink_answer){.ack = &ack, .source = ack.source};
    } else {
        rc = zt_fault_set(fault, ZT_E_PEER, "wire.type", "broker", "an answer of type %d is not for us",
                          (int)type);
    }
    if (rc == ZT_OK)
        take(arg, &answer);
    return rc;
}

enum zt_err zt_uplink_wait(struct zt_uplink *link, int timeout_ms, zt_uplink_fn *take, void *arg)
{
    bool ready = false;
    enum zt_err rc = zt_sock_wait(&link->sock, 1, timeout_ms, &ready);
    if (rc != ZT_OK && rc != ZT_E_TIMEOUT)
        return rc;
    while ((rc = zt_sock_recv(link->sock, &link->msg)) == ZT_OK) {
        struct zt_fault fault;
        if (take_answer(link, take, arg, &fault) != ZT_OK)
            zt_log_fault("ZT-ADAPTER-ANSWER", &fault);
    }
    return rc == ZT_E_TIMEOUT ? ZT_OK : rc;
}
