// SPDX-License-Identifier: Apache-2.0
#include "broker/intake/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/control.h"
#include "broker/intake/internal.h"
#include "broker/log/apply.h"

#define TEND_MS       60000 // the store's housekeeping
#define TURN_MESSAGES 256   // before the control pipe is looked at again

static void close_all(struct zt_intake *intake)
{
    zt_group_fini(intake);
    zt_denials_fini(intake);
    if (intake->sock)
        zt_sock_close(&intake->sock);
    zt_mail_close(&intake->mail);
    zt_keyring_clear(&intake->ring);
    zt_speakers_fini(&intake->speakers);
    zt_catalogue_release(&intake->catalogue);
    zt_arena_fini(&intake->arena);
    zt_buf_fini(&intake->item);
    zt_buf_fini(&intake->scratch);
    free(intake);
}

static enum zt_err open_all(struct zt_net *net, struct zt_intake_options *options, struct zt_intake **intake)
{
    struct zt_intake *new = calloc(1, sizeof *new);
    if (!new)
        return zt_fault_set(&options->fault, ZT_E_NOMEM, "intake.memory", "intake", "out of memory");
    new->options = options;
    new->catalogue = zt_catalogue_hold(options->catalogue);
    zt_arena_init(&new->arena, ZT_APPLY_ARENA);
    zt_buf_init(&new->item, ZT_FRAME_BATCH + ZT_ITEM_HEAD_MAX);
    zt_buf_init(&new->scratch, ZT_FRAME_SMALL);
    struct zt_listen_options listen = {.endpoint = options->endpoint,
                                       .keys = options->keys,
                                       .max_frame = ZT_FRAME_BATCH,
                                       .queue = ZT_INTAKE_QUEUE};
    enum zt_err rc;
    ZT_TRY(zt_mail_open(net, &new->mail, &options->fault));
    ZT_TRY(zt_sock_listen(net, &listen, &new->sock, options->bound, &options->fault));
    *intake = new;
    return ZT_OK;
out:
    close_all(new);
    return rc;
}

static void take_catalogue(struct zt_intake *intake, struct zt_sock *pipe, struct zt_catalogue *catalogue)
{
    struct zt_control taken = {.act = ZT_CONTROL_TAKEN, .catalogue = catalogue};
    zt_keyring_clear(&intake->ring); // its entries point into the old catalogue
    zt_catalogue_release(&intake->catalogue);
    intake->catalogue = zt_catalogue_hold(catalogue);
    if (zt_control_send(pipe, &taken) != ZT_OK)
        zt_broker_die("ZT-INTAKE-CONTROL", "the main thread does not listen");
}

// True: stop.
static bool obey(struct zt_intake *intake, struct zt_sock *pipe, struct zt_msg *msg)
{
    while (zt_sock_recv(pipe, msg) == ZT_OK) {
        struct zt_control control;
        struct zt_fault fault = {0};
        if (zt_control_parse(msg->frame, &control, &fault) != ZT_OK)
            zt_log_fault("ZT-INTAKE-CONTROL", &fault);
        else if (control.act == ZT_CONTROL_STOP)
            return true;
        else if (control.act == ZT_CONTROL_CATALOGUE)
            take_catalogue(intake, pipe, control.catalogue);
    }
    return false;
}

// One turn: as many groups as it takes to read what has arrived.
static enum zt_err turn(struct zt_intake *intake, struct zt_msg *msg)
{
    enum zt_err rc;
    ZT_TRY(zt_denials_settle(intake));
    for (int i = 0; i < TURN_MESSAGES && !zt_denials_full(intake); i++) {
        if (zt_sock_recv(intake->sock, msg) != ZT_OK)
            break;
        ZT_TRY(zt_intake_handle(intake, msg));
        if (zt_group_full(intake))
            ZT_TRY(zt_group_settle(intake));
    }
    rc = zt_group_settle(intake);
out:
    return rc;
}

static void serve(struct zt_intake *intake, struct zt_sock *pipe)
{
    struct zt_msg msg;
    int64_t tended = zt_monotonic_ms();
    bool stop = false;
    zt_msg_init(&msg);
    while (!stop) {
        // With its list of refusals full, intake reads no more until the ledger has answered.
        struct zt_sock *socks[] = {pipe, zt_mail_sock(intake->mail), intake->sock};
        bool ready[3];
        (void)!zt_sock_wait(socks, zt_denials_full(intake) ? 2 : 3, TEND_MS, ready);
        enum zt_err rc = turn(intake, &msg);
        if (rc != ZT_OK)
            zt_broker_die("ZT-INTAKE-STORE", "the store failed (%s)", zt_err_name(rc));
        stop = obey(intake, pipe, &msg);
        if (zt_monotonic_ms() - tended >= TEND_MS) {
            zt_store_tend(intake->options->store);
            tended = zt_monotonic_ms();
        }
    }
    zt_msg_fini(&msg);
}

void zt_intake_run(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct zt_intake *intake = NULL;
    enum zt_err rc = open_all(net, arg, &intake);
    if (zt_actor_ready(pipe, rc) == ZT_OK && rc == ZT_OK)
        serve(intake, pipe);
    if (intake)
        close_all(intake);
}
