// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/inbox.h"

#include <string.h>

#include "base/log.h"
#include "proto/wire.h"

void zt_inbox_init(struct zt_inbox *inbox)
{
    inbox->count = 0;
    zt_msg_init(&inbox->msg);
    zt_arena_init(&inbox->arena, ZT_INBOX_COST + ZT_INBOX_COST_MESSAGE);
}

void zt_inbox_fini(struct zt_inbox *inbox)
{
    zt_msg_fini(&inbox->msg);
    zt_arena_fini(&inbox->arena);
}

static enum zt_err parse(struct zt_inbox *inbox, struct zt_bytes body, struct zt_letter *letter,
                         struct zt_fault *fault)
{
    inbox->arena.max = inbox->arena.used + ZT_INBOX_COST_MESSAGE; // what this one message may cost
    struct zt_request *request = zt_arena_alloc(&inbox->arena, sizeof *request);
    if (!request)
        return zt_fault_set(fault, ZT_E_NOMEM, "trouble.memory", "", "no memory for a question");
    enum zt_err rc = zt_request_parse(body, &inbox->arena, request, fault);
    if (rc == ZT_OK) {
        letter->request = request;
        memcpy(letter->id, request->id, sizeof letter->id);
    }
    return rc;
}

static enum zt_err read_frame(struct zt_inbox *inbox, struct zt_letter *letter, struct zt_fault *fault)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    enum zt_err rc = zt_wire_open(inbox->msg.frame, &type, &body, fault);
    if (rc == ZT_OK && type != ZT_WIRE_REQUEST)
        rc = zt_fault_set(fault, ZT_E_INPUT, "wire.type", "frame", "type %d is not spoken at the counter",
                          type);
    if (rc != ZT_OK)
        return rc;
    rc = zt_hash_of(ZT_SM3, body, letter->hash);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "trouble.crypto", "", "a question could not be hashed");
    rc = parse(inbox, body, letter, fault);
    // A question that does not parse is told so when it names itself.
    if (rc != ZT_OK && zt_request_peek(body, letter->id) == ZT_OK)
        letter->rule = zt_arena_strdup(&inbox->arena, fault->rule);
    return rc;
}

static void take(struct zt_inbox *inbox, struct zt_counter_counts *counts)
{
    struct zt_letter *letter = &inbox->letters[inbox->count];
    struct zt_fault fault = {.rule = ""};
    memset(letter, 0, sizeof *letter);
    letter->route_len = inbox->msg.route_len;
    memcpy(letter->route, inbox->msg.route, inbox->msg.route_len);
    memcpy(letter->user, inbox->msg.user, sizeof letter->user);
    if (read_frame(inbox, letter, &fault) == ZT_OK || letter->rule) {
        inbox->count++;
        return;
    }
    atomic_fetch_add(&counts->malformed, 1);
    zt_log_debug("ZT-COUNTER-MALFORMED", "%s: a frame is no question: %s", letter->user, fault.rule);
}

bool zt_inbox_drain(struct zt_inbox *inbox, struct zt_sock *sock, struct zt_counter_counts *counts)
{
    inbox->count = 0;
    zt_arena_reset(&inbox->arena);
    // Also frames that are dropped count, so that a flood of them does not hold up the batch.
    for (size_t taken = 0; taken < ZT_COUNTER_BATCH && inbox->arena.used < ZT_INBOX_COST; taken++) {
        if (zt_sock_recv(sock, &inbox->msg) != ZT_OK)
            return false;
        take(inbox, counts);
    }
    return true;
}
