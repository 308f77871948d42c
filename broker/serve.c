// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/broker.h"
#include "broker/control.h"

#define LOOK_MS     1000  // how soon a ledger that has failed is noticed when nobody asks
#define PROBE_MS    30000 // between two proofs that the gate refuses strangers and admits friends
#define PROBE_TRIES 5

static enum zt_err reload(struct zt_broker *broker, struct zt_fault *fault)
{
    enum zt_err rc = zt_broker_reload(broker, fault);
    if (rc != ZT_OK)
        zt_log_warn("ZT-BROKER-KEPT", "the catalogue was not reloaded, the old one stays in force: %s: %s %s",
                    fault->place, fault->rule, fault->text);
    return rc;
}

// An operator's wish, which the desk has ledgered.
static void answer_desk(struct zt_broker *broker)
{
    struct zt_control done = {.act = ZT_CONTROL_RELOADED};
    struct zt_fault why = {0};
    if (reload(broker, &why) != ZT_OK) {
        zt_fault_set(&done.fault, why.code, "", why.place, "%s: %s", why.place, why.text);
        memcpy(done.fault.rule, why.rule, sizeof done.fault.rule);
    }
    if (zt_control_send(zt_actor_pipe(broker->desk), &done) != ZT_OK)
        zt_broker_die("ZT-BROKER-CONTROL", "the desk does not listen");
}

static void take_wishes(struct zt_broker *broker, struct zt_msg *msg)
{
    while (zt_sock_recv(zt_actor_pipe(broker->desk), msg) == ZT_OK) {
        struct zt_control control;
        if (zt_control_parse(msg->frame, &control, NULL) == ZT_OK && control.act == ZT_CONTROL_RELOAD)
            answer_desk(broker);
    }
}

// True: stop.
static bool take_signal(struct zt_broker *broker)
{
    struct signalfd_siginfo info;
    struct zt_fault fault = {0};
    bool stop = false;
    while (read(broker->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP)
            (void)!reload(broker, &fault);
        else
            stop = true;
    }
    return stop;
}

// A gate that lets strangers in is seen once and for all. One that is silent may stand on a machine that is
// busy, and lets nobody in meanwhile: there is time to ask again.
static bool gate_holds(struct zt_broker *broker, struct zt_fault *fault)
{
    enum zt_err rc = ZT_E_TIMEOUT;
    for (int i = 0; i < PROBE_TRIES && rc != ZT_OK && rc != ZT_E_DENIED; i++)
        rc = zt_net_gate_check(broker->net, fault);
    return rc == ZT_OK;
}

static void watch(struct zt_broker *broker, int64_t *probed)
{
    struct zt_fault fault = {0};
    if (zt_ledger_failure(broker->ledger) != ZT_OK)
        zt_broker_die("ZT-BROKER-LEDGER", "the ledger has failed");
    if (zt_monotonic_ms() - *probed < PROBE_MS)
        return;
    if (!gate_holds(broker, &fault))
        zt_broker_die("ZT-BROKER-GATE", "the gate does not hold: %s %s", fault.rule, fault.text);
    *probed = zt_monotonic_ms();
}

void zt_broker_serve(struct zt_broker *broker)
{
    int64_t probed = zt_monotonic_ms();
    struct zt_msg msg;
    // The pipe's descriptor is edge-triggered: it is drained on every turn.
    struct pollfd fds[] = {{.fd = broker->signals, .events = POLLIN},
                           {.fd = zt_sock_fd(zt_actor_pipe(broker->desk)), .events = POLLIN}};
    zt_msg_init(&msg);
    while (!take_signal(broker)) {
        take_wishes(broker, &msg);
        watch(broker, &probed);
        (void)!poll(fds, sizeof fds / sizeof *fds, LOOK_MS);
    }
    zt_msg_fini(&msg);
}
