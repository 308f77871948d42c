// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/log.h"
#include "broker/desk/internal.h"
#include "proto/wire.h"

static enum zt_err parse(struct zt_desk *desk, struct zt_bytes body, struct zt_question *question,
                         struct zt_fault *fault)
{
    struct zt_desk_request *request = zt_arena_alloc(&desk->arena, sizeof *request);
    if (!request)
        return ZT_E_NOMEM;
    enum zt_err rc = zt_desk_request_parse(body, &desk->arena, request, fault);
    if (rc == ZT_OK) {
        question->request = request;
        memcpy(question->id, request->id, sizeof question->id);
    }
    return rc;
}

static enum zt_err read_frame(struct zt_desk *desk, struct zt_question *question, struct zt_fault *fault)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    enum zt_err rc = zt_wire_open(desk->msg.frame, &type, &body, fault);
    if (rc == ZT_OK && type != ZT_WIRE_DESK_REQUEST)
        rc = zt_fault_set(fault, ZT_E_INPUT, "wire.type", "frame", "type %d is not spoken at the desk", type);
    if (rc == ZT_OK)
        rc = zt_hash_of(ZT_SM3, body, question->hash);
    if (rc != ZT_OK)
        return rc;
    rc = parse(desk, body, question, fault);
    // A question that does not parse is told so when it names itself; its id is the first field of any
    // question.
    if (rc != ZT_OK && zt_request_peek(body, question->id) == ZT_OK)
        question->rule = zt_arena_strdup(&desk->arena, fault->rule);
    return rc;
}

bool zt_question_read(struct zt_desk *desk, struct zt_question *question)
{
    struct zt_fault fault = {.rule = "wire.head"};
    *question = (struct zt_question){.route_len = desk->msg.route_len};
    memcpy(question->route, desk->msg.route, desk->msg.route_len);
    memcpy(question->user, desk->msg.user, sizeof question->user);
    if (read_frame(desk, question, &fault) == ZT_OK || question->rule)
        return true;
    atomic_fetch_add(&desk->options->counts.malformed, 1);
    zt_log_debug("ZT-DESK-MALFORMED", "%s: a frame is no question: %s", question->user, fault.rule);
    return false;
}
