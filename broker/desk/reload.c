// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/control.h"
#include "broker/desk/internal.h"

static struct zt_waiting *under_way(struct zt_desk *desk)
{
    for (size_t i = 0; i < ZT_DESK_SLOTS; i++)
        if (desk->waiting[i].stage == ZT_WAIT_WISH || desk->waiting[i].stage == ZT_WAIT_MAIN)
            return &desk->waiting[i];
    return NULL;
}

// The wish is an entry of its own: an act of an operator is in the ledger before it has any effect.
static enum zt_err mail_wish(struct zt_desk *desk, const struct zt_question *question)
{
    struct zt_desk_answer open = {.status = ZT_STATUS_UNKNOWN, .rule = "reload.wish"};
    enum zt_err rc = zt_desk_entry(desk, question, &open, NULL);
    struct zt_waiting *waiting = rc == ZT_OK ? zt_desk_slot(desk, question) : NULL;
    if (!waiting)
        return rc == ZT_OK ? ZT_E_LIMIT : rc;
    waiting->stage = ZT_WAIT_WISH;
    waiting->act = ZT_DESK_RELOAD;
    (void)!snprintf(waiting->officer, sizeof waiting->officer, "%s", question->request->officer);
    (void)!snprintf(waiting->reason, sizeof waiting->reason, "%s", question->request->reason);
    rc = zt_desk_mail(desk, waiting);
    if (rc != ZT_OK)
        zt_desk_release(desk, waiting);
    return rc;
}

void zt_desk_reload(struct zt_desk *desk, const struct zt_question *question)
{
    struct zt_desk_answer answer = {.status = ZT_STATUS_TROUBLE};
    memcpy(answer.id, question->id, sizeof answer.id);
    if (under_way(desk)) {
        zt_desk_refuse(&answer, "desk.reloading");
        zt_desk_reply(desk, question, &answer);
        return;
    }
    enum zt_err rc = mail_wish(desk, question);
    if (rc != ZT_OK) {
        zt_desk_trouble(&answer, rc);
        zt_desk_reply(desk, question, &answer);
    }
}

void zt_desk_wished(struct zt_desk *desk, struct zt_waiting *waiting)
{
    struct zt_control wish = {.act = ZT_CONTROL_RELOAD};
    waiting->stage = ZT_WAIT_MAIN;
    waiting->deadline = zt_monotonic_ms() + ZT_DESK_RELOAD_MS;
    if (zt_control_send(desk->pipe, &wish) == ZT_OK)
        return;
    struct zt_fault fault;
    zt_fault_set(&fault, ZT_E_PEER, "trouble.main", "", "the broker's main thread does not answer");
    zt_desk_reloaded(desk, &fault);
}

// The rule that the new catalogue breaks is the answer; the operator mends the file that its text names.
static void fill(struct zt_desk *desk, const struct zt_fault *fault, struct zt_desk_answer *answer)
{
    if (fault->code == ZT_OK) {
        zt_desk_ok(answer);
        return;
    }
    zt_desk_refuse(answer, fault->code == ZT_E_CONFIG ? "reload.refused" : "trouble.main");
    const char *rule = zt_arena_strdup(&desk->arena, fault->rule);
    const char *text = zt_arena_strdup(&desk->arena, fault->text);
    if (rule && text && fault->code == ZT_E_CONFIG) {
        answer->rule = rule;
        answer->text_en = text;
    }
}

void zt_desk_reloaded(struct zt_desk *desk, const struct zt_fault *fault)
{
    uint8_t hash[ZT_HASH_LEN];
    struct zt_desk_answer answer = {.status = ZT_STATUS_TROUBLE};
    struct zt_waiting *waiting = under_way(desk);
    if (!waiting || waiting->stage != ZT_WAIT_MAIN)
        return; // a reload that was not asked for here, or took too long
    zt_arena_reset(&desk->arena);
    desk->now = zt_now_ms();
    memcpy(answer.id, waiting->id, sizeof answer.id);
    fill(desk, fault, &answer);
    enum zt_err rc = zt_desk_encode(desk, &answer, hash);
    if (rc == ZT_OK)
        rc = zt_desk_outcome(desk, waiting, &answer, hash);
    if (rc == ZT_OK) {
        zt_buf_put(&waiting->answer, desk->frame.data, desk->frame.len);
        rc = waiting->answer.err;
    }
    waiting->stage = ZT_WAIT_ENTRY;
    if (rc == ZT_OK)
        rc = zt_desk_mail(desk, waiting);
    if (rc != ZT_OK) {
        zt_log_error("ZT-DESK-RELOAD", "the outcome of a reload could not be told: %s", zt_err_name(rc));
        zt_desk_release(desk, waiting);
    }
}
