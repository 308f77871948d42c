// SPDX-License-Identifier: Apache-2.0
#include "broker/desk/desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/control.h"
#include "broker/desk/internal.h"
#include "proto/wire.h"

#define SCRATCH_COST ((size_t)64 * 1024)
#define TURN         16   // questions between two looks at the other sockets
#define PARTING_MS   1000 // for the answers under way when told to stop

static void serve(struct zt_desk *desk, struct zt_question *question)
{
    struct zt_desk_answer answer = {.status = ZT_STATUS_TROUBLE};
    memcpy(answer.id, question->id, sizeof answer.id);
    const char *rule = zt_question_admit(desk, question);
    if (rule) {
        if (strcmp(rule, "desk.busy") == 0)
            atomic_fetch_add(&desk->options->counts.busy, 1);
        zt_desk_refuse(&answer, rule);
    } else if (question->request->act == ZT_DESK_RELOAD) {
        zt_desk_reload(desk, question);
        return;
    } else {
        zt_desk_act_info(question->request->act)->serve(desk, question, &answer);
    }
    zt_desk_reply(desk, question, &answer);
}

static void take_questions(struct zt_desk *desk)
{
    for (int i = 0; i < TURN && desk->waiting_count < ZT_DESK_SLOTS; i++) {
        struct zt_question question;
        if (zt_sock_recv(desk->router, &desk->msg) != ZT_OK)
            return;
        desk->now = zt_now_ms();
        if (zt_question_read(desk, &question))
            serve(desk, &question);
        explicit_bzero(&question, sizeof question);
        zt_arena_reset(&desk->arena); // it may hold the number of a person who was searched for
    }
}

static void take_catalogue(struct zt_desk *desk, struct zt_catalogue *catalogue)
{
    struct zt_control taken = {.act = ZT_CONTROL_TAKEN, .catalogue = catalogue};
    struct zt_catalogue *held = zt_catalogue_hold(catalogue);
    zt_catalogue_release(&desk->catalogue);
    desk->catalogue = held;
    if (zt_control_send(desk->pipe, &taken) != ZT_OK)
        zt_log_error("ZT-DESK-CONTROL", "main could not be told that the catalogue was taken");
}

// True when told to stop.
static bool serve_control(struct zt_desk *desk)
{
    while (zt_sock_recv(desk->pipe, &desk->msg) == ZT_OK) {
        struct zt_control control;
        if (zt_control_parse(desk->msg.frame, &control, NULL) != ZT_OK)
            continue;
        if (control.act == ZT_CONTROL_STOP)
            return true;
        if (control.act == ZT_CONTROL_CATALOGUE)
            take_catalogue(desk, control.catalogue);
        else if (control.act == ZT_CONTROL_RELOADED)
            zt_desk_reloaded(desk, &control.fault);
    }
    return false;
}

static void run(struct zt_desk *desk)
{
    for (;;) {
        struct zt_sock *socks[] = {desk->pipe, zt_mail_sock(desk->mail), desk->router};
        bool ready[3] = {false, false, false};
        // With all slots taken the questions wait in the socket: that is the backpressure.
        size_t count = desk->waiting_count < ZT_DESK_SLOTS ? 3 : 2;
        enum zt_err rc = zt_sock_wait(socks, count, zt_desk_patience(desk), ready);
        if (rc != ZT_OK && rc != ZT_E_TIMEOUT) {
            zt_log_error("ZT-DESK-WAIT", "waiting for messages failed: %s", zt_err_name(rc));
            return;
        }
        if (ready[0] && serve_control(desk))
            return;
        if (ready[1])
            zt_desk_receipts(desk);
        if (ready[2])
            take_questions(desk);
        zt_desk_expire(desk);
    }
}

// Told to stop: answers whose entries are on their way still leave; no question is taken any more.
static void finish(struct zt_desk *desk)
{
    int64_t now = zt_monotonic_ms(), end = now + PARTING_MS;
    for (; desk->waiting_count && now < end; now = zt_monotonic_ms()) {
        struct zt_sock *sock = zt_mail_sock(desk->mail);
        bool ready;
        if (zt_sock_wait(&sock, 1, (int)(end - now), &ready) == ZT_OK)
            zt_desk_receipts(desk);
        zt_desk_expire(desk);
    }
}

static enum zt_err open_desk(struct zt_desk *desk, struct zt_net *net)
{
    enum zt_err rc;
    struct zt_desk_options *o = desk->options;
    struct zt_listen_options listen = {.endpoint = o->endpoint, .keys = o->keys, .max_frame = ZT_FRAME_SMALL};
    zt_msg_init(&desk->msg);
    zt_arena_init(&desk->arena, ZT_DESK_COST);
    zt_arena_init(&desk->scratch, SCRATCH_COST);
    zt_buf_init(&desk->frame, zt_wire_max(ZT_WIRE_DESK_ANSWER));
    zt_buf_init(&desk->entry, ZT_ENTRY_MAX);
    desk->catalogue = zt_catalogue_hold(o->catalogue);
    ZT_TRY(zt_store_reader(o->store, &desk->read));
    zt_store_reset(desk->read);
    ZT_TRY(zt_ledger_reader_open(o->ledger, &desk->reader));
    ZT_TRY(zt_mail_open(net, &desk->mail, &o->fault));
    ZT_TRY(zt_sock_listen(net, &listen, &desk->router, o->bound, &o->fault));
out:
    if (rc != ZT_OK && o->fault.code == ZT_OK)
        zt_fault_set(&o->fault, rc, "desk.start", o->endpoint, "the desk cannot start: %s", zt_err_name(rc));
    return rc;
}

static void close_desk(struct zt_desk *desk)
{
    for (size_t i = 0; i < ZT_DESK_SLOTS; i++)
        if (desk->waiting[i].stage != ZT_WAIT_FREE)
            zt_desk_release(desk, &desk->waiting[i]);
    if (desk->router)
        zt_sock_close(&desk->router);
    zt_mail_close(&desk->mail);
    zt_ledger_reader_close(&desk->reader);
    if (desk->read)
        zt_store_reader_close(&desk->read);
    zt_catalogue_release(&desk->catalogue);
    zt_msg_fini(&desk->msg);
    zt_arena_fini(&desk->arena);
    zt_arena_fini(&desk->scratch);
    zt_buf_fini(&desk->frame);
    zt_buf_fini(&desk->entry);
}

void zt_desk_run(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct zt_desk *desk = calloc(1, sizeof *desk);
    if (!desk) {
        (void)!zt_actor_ready(pipe, ZT_E_NOMEM);
        return;
    }
    desk->options = arg;
    desk->options->fault.code = ZT_OK;
    desk->pipe = pipe;
    enum zt_err rc = open_desk(desk, net);
    enum zt_err told = zt_actor_ready(pipe, rc);
    if (rc == ZT_OK && told == ZT_OK) {
        run(desk);
        finish(desk);
    }
    close_desk(desk);
    free(desk);
}
