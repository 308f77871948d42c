// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/ledger/seal.h"

#define INTERVAL_MS 1000
#define ANSWER_MS   2000            // then the signer counts as away, and the next round asks anew
#define PARTING_MS  5000            // for the last sealing when told to stop
#define RETRY_MS    20              // between two tries of it
#define SLICE       ((size_t)16384) // entries between two looks at the pipe

struct sealer {
    struct zt_seal seal;
    struct zt_sock *pipe;
    struct zt_msg msg;
    int interval;
    int64_t next, deadline; // of the next round, of the answer
    enum { IDLE, CATCHING_UP, ASKED } state;
    bool again; // asked a second time in this round
};

// The journal's bytes are not those that were acknowledged, or the log was rolled back: nothing may be
// answered on top of it.
static void halt(struct sealer *self, enum zt_err code, const char *why)
{
    zt_log_error("ZT-SEALER-HALT", "%s at %" PRIu64 " entries (%s): the ledger takes no more entries", why,
                 self->seal.edge.size, zt_err_name(code));
    zt_ledger_fail(self->seal.ledger, code);
    self->seal.halted = true;
    self->state = IDLE;
}

static void say_away(struct sealer *self)
{
    if (zt_seal_news(&self->seal, ZT_SEAL_AWAY))
        zt_log_warn("ZT-SEALER-AWAY",
                    "the signer does not answer; entries from %" PRIu64 " on wait for their checkpoint",
                    zt_ledger_sealed(self->seal.ledger));
    self->state = IDLE;
}

static void say_tiles(struct sealer *self, enum zt_err rc)
{
    if (zt_seal_news(&self->seal, ZT_SEAL_TILES))
        zt_log_error("ZT-SEALER-TILES", "the tiles cannot be written: %s", zt_err_name(rc));
    zt_seal_again(&self->seal);
    self->state = IDLE;
}

static void ask(struct sealer *self)
{
    enum zt_err rc = zt_seal_ask(&self->seal);
    if (rc == ZT_OK) {
        self->state = ASKED;
        self->deadline = zt_monotonic_ms() + ANSWER_MS;
    } else if (rc == ZT_E_LIMIT) {
        say_away(self);
    } else {
        say_tiles(self, rc);
    }
}

static void catch_up(struct sealer *self)
{
    bool done;
    enum zt_err rc = zt_seal_catch_up(&self->seal, SLICE, &done);
    if (rc == ZT_E_CORRUPT) {
        halt(self, rc, "what the journal's files hold is not what was acknowledged");
    } else if (rc != ZT_OK) {
        say_tiles(self, rc);
    } else if (done) {
        ask(self);
    }
}

static void take_answer(struct sealer *self)
{
    enum zt_err rc = zt_seal_answer(&self->seal, self->msg.frame);
    if (self->state != ASKED || rc == ZT_E_TIMEOUT)
        return;
    self->state = IDLE;
    if (rc == ZT_E_STATE && !self->again) {
        self->again = true; // once a round: who is told something else each time must not ask in circles
        ask(self);
    } else if (rc == ZT_E_DENIED) {
        halt(self, ZT_E_CORRUPT, "the signer refuses this history");
    }
}

static void serve_signer(struct sealer *self)
{
    while (zt_sock_recv(self->seal.signer, &self->msg) == ZT_OK)
        take_answer(self);
}

static bool told_to_stop(struct sealer *self)
{
    bool stop = false;
    while (zt_sock_recv(self->pipe, &self->msg) == ZT_OK)
        stop = stop || zt_bytes_equal(self->msg.frame, zt_bytes_str("STOP"));
    return stop;
}

static void tick(struct sealer *self)
{
    int64_t now = zt_monotonic_ms();
    if (self->state == ASKED && now >= self->deadline)
        say_away(self);
    if (self->state == IDLE && now >= self->next) {
        self->next = now + self->interval;
        self->again = false;
        if (zt_seal_due(&self->seal))
            self->state = CATCHING_UP;
    }
    if (self->state == CATCHING_UP)
        catch_up(self);
}

static int patience(const struct sealer *self, int64_t now)
{
    if (self->state == CATCHING_UP)
        return 0;
    int64_t until = self->state == ASKED ? self->deadline : self->next;
    return until > now ? (int)(until - now) : 0;
}

static void serve(struct sealer *self)
{
    struct zt_sock *socks[] = {self->pipe, self->seal.signer};
    for (;;) {
        bool ready[2] = {false, false};
        enum zt_err rc = zt_sock_wait(socks, 2, patience(self, zt_monotonic_ms()), ready);
        if (rc != ZT_OK && rc != ZT_E_TIMEOUT) {
            halt(self, rc, "waiting for messages failed");
            return;
        }
        if (ready[0] && told_to_stop(self))
            return;
        if (ready[1])
            serve_signer(self);
        tick(self);
    }
}

// Until nothing is unsealed, so that a clean end leaves no entry without its checkpoint; a signer that is
// away or slow is given PARTING_MS. An answer that is under way is taken first.
static void seal_the_rest(struct sealer *self)
{
    int64_t now = zt_monotonic_ms(), end = now + PARTING_MS;
    while (now < end && (self->state != IDLE || zt_seal_due(&self->seal))) {
        bool ready;
        if (self->state == IDLE)
            self->next = 0; // a round at once
        tick(self);
        int patience = self->state == ASKED ? (int)(end - now) : self->state == IDLE ? RETRY_MS : 0;
        if (zt_sock_wait(&self->seal.signer, 1, patience, &ready) == ZT_OK)
            serve_signer(self);
        now = zt_monotonic_ms();
    }
}

static enum zt_err start(struct sealer *self, struct zt_net *net, const struct zt_sealer_options *options)
{
    struct zt_fault fault = {.code = ZT_OK};
    struct zt_connect_options signer = {.endpoint = options->signer_endpoint, .max_frame = ZT_FRAME_SMALL};
    enum zt_err rc = zt_seal_open(&self->seal, options->ledger, &fault);
    if (rc == ZT_OK) {
        rc = zt_sock_connect(net, &signer, &self->seal.signer, &fault);
        if (rc != ZT_OK)
            zt_seal_close(&self->seal);
    }
    if (rc != ZT_OK)
        zt_log_fault("ZT-SEALER-START", &fault);
    return rc;
}

void zt_sealer_run(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    const struct zt_sealer_options *options = arg;
    struct sealer self = {.pipe = pipe,
                          .interval = options->interval_ms > 0 ? options->interval_ms : INTERVAL_MS};
    zt_msg_init(&self.msg);
    enum zt_err rc = start(&self, net, options);
    enum zt_err told = zt_actor_ready(pipe, rc);
    if (rc == ZT_OK && told == ZT_OK) {
        self.next = zt_monotonic_ms();
        serve(&self);
        seal_the_rest(&self);
    }
    if (rc == ZT_OK)
        zt_seal_close(&self.seal);
    zt_msg_fini(&self.msg);
}
