// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/counter.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/control.h"
#include "broker/counter/serve.h"
#include "broker/counter/signing.h"

#define WORK_COST         ((size_t)16 * 1024 * 1024) // bytes that answering one question may take
#define SIGNER_TIMEOUT_MS 5000
#define SIGNER_POLL_MS    50   // while the signer is not connected and something waits for it
#define KEY_POLL_MS       500  // while a certificate is under way: lost questions about keys are repeated
#define QUEUE             8192 // replies or questions of one peer that may wait

enum { PIPE, CONSUMERS, MAIL, SIGNER, SOCKS };

struct counter {
    struct zt_counter_options *options;
    struct zt_sock *pipe, *consumers;
    struct zt_mailroom *mail;
    struct zt_pending *pending;
    struct zt_signing *signing;
    struct zt_sources *sources;
    struct zt_inbox inbox;
    struct zt_arena work;
    struct zt_msg control;
    struct zt_serving serving;
    bool more, stop; // frames may wait that the socket does not announce again; told to stop
};

static enum zt_err take_catalogue(struct counter *self, struct zt_catalogue *catalogue)
{
    struct zt_sources *sources;
    enum zt_err rc = zt_sources_new(catalogue, &sources);
    if (rc != ZT_OK)
        return rc;
    struct zt_catalogue *old = self->serving.catalogue;
    self->serving.catalogue = zt_catalogue_hold(catalogue);
    self->serving.view.catalogue = catalogue;
    zt_sources_destroy(&self->sources);
    self->sources = self->serving.view.sources = sources;
    if (old)
        zt_catalogue_release(&old);
    return ZT_OK;
}

static enum zt_err open_sockets(struct counter *self, struct zt_net *net)
{
    struct zt_counter_options *o = self->options;
    enum zt_err rc;
    ZT_TRY(zt_mailroom_open(net, &self->mail, &o->fault));
    ZT_TRY(zt_pending_new(&self->pending));
    ZT_TRY(zt_signing_open(net, o->signer, self->pending, &self->signing, &o->fault));
    struct zt_listen_options listen = {
        .endpoint = o->endpoint, .keys = o->keys, .max_frame = ZT_FRAME_SMALL, .queue = QUEUE};
    ZT_TRY(zt_sock_listen(net, &listen, &self->consumers, o->bound, &o->fault));
out:
    return rc;
}

static enum zt_err open_all(struct counter *self, struct zt_net *net)
{
    struct zt_counter_options *o = self->options;
    struct zt_serving *serving = &self->serving;
    enum zt_err rc;
    zt_inbox_init(&self->inbox);
    zt_arena_init(&self->work, WORK_COST);
    zt_msg_init(&self->control);
    serving->view.store = o->store;
    serving->view.arena = &self->work;
    serving->skew_ms = o->skew_ms ? o->skew_ms : ZT_POLICY_SKEW_MS;
    ZT_TRY(take_catalogue(self, o->catalogue));
    ZT_TRY(zt_replay_new(ZT_REPLAY_WINDOW_MS, &serving->replay));
    ZT_TRY(zt_store_reader(o->store, &serving->view.read));
    zt_store_reset(serving->view.read);
    ZT_TRY(open_sockets(self, net));
    serving->pending = self->pending;
    struct zt_round_options options = {o->ledger, self->mail, self->consumers, &o->counts};
    ZT_TRY(zt_round_new(&options, &serving->round));
out:
    if (rc != ZT_OK && o->fault.code == ZT_OK)
        zt_fault_set(&o->fault, rc, "counter.start", "counter", "the counter cannot start: %s",
                     zt_err_name(rc));
    return rc;
}

static void close_all(struct counter *self)
{
    struct zt_serving *serving = &self->serving;
    zt_round_destroy(&serving->round);
    if (self->consumers)
        zt_sock_close(&self->consumers);
    zt_signing_close(&self->signing);
    zt_pending_destroy(&self->pending);
    zt_mailroom_close(&self->mail);
    if (serving->view.read)
        zt_store_reader_close(&serving->view.read);
    if (serving->replay)
        zt_replay_destroy(&serving->replay);
    zt_sources_destroy(&self->sources);
    if (serving->catalogue)
        zt_catalogue_release(&serving->catalogue);
    zt_arena_fini(&self->work);
    zt_inbox_fini(&self->inbox);
    zt_msg_fini(&self->control);
}

static void take_control(struct counter *self)
{
    while (zt_sock_recv(self->pipe, &self->control) == ZT_OK) {
        struct zt_control control;
        struct zt_fault fault;
        if (zt_control_parse(self->control.frame, &control, &fault) != ZT_OK) {
            zt_log_fault("ZT-COUNTER-CONTROL", &fault);
            continue;
        }
        if (control.act == ZT_CONTROL_STOP)
            self->stop = true;
        if (control.act != ZT_CONTROL_CATALOGUE)
            continue;
        // Without a confirmation main keeps the old one for us, and says so to the operator.
        enum zt_err rc = take_catalogue(self, control.catalogue);
        control.act = ZT_CONTROL_TAKEN;
        if (rc == ZT_OK)
            rc = zt_control_send(self->pipe, &control);
        if (rc != ZT_OK)
            zt_log_error("ZT-COUNTER-CATALOGUE", "the new catalogue was not taken: %s", zt_err_name(rc));
    }
}

static void set_now(struct counter *self)
{
    self->serving.view.now = zt_now_ms();
    zt_date_of_ms(self->serving.view.now, self->serving.view.today);
}

// Makes what was added durable, sends it, and lets the certificates begin whose intents are durable now.
static void flush(struct counter *self)
{
    struct zt_round *round = self->serving.round;
    int64_t timeout = self->options->signer_timeout_ms ? self->options->signer_timeout_ms : SIGNER_TIMEOUT_MS;
    uint64_t index;
    zt_round_flush(round);
    for (struct zt_issue *issue; (issue = zt_round_next_intent(round, &index));)
        zt_signing_start(issue, index, self->serving.view.now, zt_monotonic_ms() + timeout);
    zt_round_clear(round);
}

// A snapshot that is younger than every question of the batch: who asks after an acknowledgement sees it.
static void serve_inbox(struct counter *self)
{
    struct zt_serving *serving = &self->serving;
    if (self->inbox.count == 0)
        return;
    serving->snapshot = zt_store_renew(serving->view.read);
    if (serving->snapshot != ZT_OK)
        zt_log_error("ZT-COUNTER-STORE", "the store cannot be read: %s", zt_err_name(serving->snapshot));
    zt_sources_new_snapshot(self->sources);
    for (size_t i = 0; i < self->inbox.count; i++) {
        if (zt_round_full(serving->round))
            flush(self);
        zt_serve_letter(serving, &self->inbox.letters[i]);
    }
    zt_store_reset(serving->view.read);
}

static void finish_issues(struct counter *self)
{
    size_t at = 0;
    for (struct zt_issue *issue;
         zt_pending_count(self->pending) && (issue = zt_pending_next(self->pending, &at));) {
        if (issue->step != ZT_ISSUE_DONE)
            continue;
        if (zt_round_full(self->serving.round))
            flush(self);
        zt_serve_outcome(&self->serving, issue);
    }
}

// What is still under way when we are told to stop gets its outcome, too.
static void give_up_issues(struct counter *self)
{
    size_t at = 0;
    for (struct zt_issue *issue; (issue = zt_pending_next(self->pending, &at));) {
        issue->rule = issue->step == ZT_ISSUE_DONE ? issue->rule : "trouble.stopping";
        issue->step = ZT_ISSUE_DONE;
    }
    finish_issues(self);
    flush(self);
}

static int timeout_ms(struct counter *self)
{
    if (self->more || zt_mailroom_waiting(self->mail))
        return 0;
    int64_t deadline = zt_pending_deadline(self->pending);
    if (deadline == INT64_MAX)
        return -1;
    int64_t now = zt_monotonic_ms(), left = deadline > now ? deadline - now : 0;
    int64_t most = zt_signing_blocked(self->signing) ? SIGNER_POLL_MS : KEY_POLL_MS;
    return (int)(left < most ? left : most);
}

static void turn(struct counter *self, const bool *ready)
{
    if (ready[PIPE])
        take_control(self);
    self->more = zt_inbox_drain(&self->inbox, self->consumers, &self->options->counts);
    zt_signing_work(self->signing, zt_monotonic_ms());
    set_now(self);
    serve_inbox(self);
    finish_issues(self);
    flush(self);
    zt_signing_work(self->signing, zt_monotonic_ms()); // sends what the flush has let begin
}

static void serve(struct counter *self)
{
    struct zt_sock *socks[SOCKS] = {[PIPE] = self->pipe,
                                    [CONSUMERS] = self->consumers,
                                    [MAIL] = zt_mailroom_sock(self->mail),
                                    [SIGNER] = zt_signing_sock(self->signing)};
    while (!self->stop) {
        bool ready[SOCKS] = {false};
        enum zt_err rc = zt_sock_wait(socks, SOCKS, timeout_ms(self), ready);
        if (rc != ZT_OK && rc != ZT_E_TIMEOUT)
            zt_broker_die("ZT-COUNTER-WAIT", "the counter cannot wait for messages: %s", zt_err_name(rc));
        turn(self, ready);
    }
    set_now(self);
    give_up_issues(self);
}

void zt_counter_run(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct counter *self = calloc(1, sizeof *self);
    if (!self) {
        (void)!zt_actor_ready(pipe, ZT_E_NOMEM);
        return;
    }
    self->options = arg;
    self->pipe = pipe;
    enum zt_err rc = open_all(self, net);
    enum zt_err told = zt_actor_ready(pipe, rc);
    if (rc == ZT_OK && told == ZT_OK)
        serve(self);
    close_all(self);
    explicit_bzero(self, sizeof *self);
    free(self);
}
