// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/broker.h"
#include "broker/control.h"

#define LOOK_MS  1000  // how soon a ledger that has failed is noticed when nobody asks
#define PROBE_MS 30000 // between two proofs that the gate refuses strangers and admits friends

static void reload(struct zt_broker *broker)
{
    struct zt_fault fault = {0};
    if (zt_broker_reload(broker, &fault) != ZT_OK)
        zt_log_warn("ZT-BROKER-KEPT", "the catalogue was not reloaded, the old one stays in force: %s: %s %s",
                    fault.place, fault.rule, fault.text);
}

// True: stop.
static bool take_signal(struct zt_broker *broker)
{
    struct signalfd_siginfo info;
    bool stop = false;
    while (read(broker->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(broker);
        else
            stop = true;
    }
    return stop;
}

static void watch(struct zt_broker *broker, int64_t *probed)
{
    struct zt_fault fault = {0};
    if (zt_ledger_failure(broker->ledger) != ZT_OK)
        zt_broker_die("ZT-BROKER-LEDGER", "the ledger has failed");
    if (zt_monotonic_ms() - *probed < PROBE_MS)
        return;
    // Twice: a machine that stood still for a moment is not a broken gate.
    if (zt_net_gate_check(broker->net, &fault) != ZT_OK && zt_net_gate_check(broker->net, &fault) != ZT_OK)
        zt_broker_die("ZT-BROKER-GATE", "the gate does not hold: %s %s", fault.rule, fault.text);
    *probed = zt_monotonic_ms();
}

void zt_broker_serve(struct zt_broker *broker)
{
    int64_t probed = zt_monotonic_ms();
    struct pollfd fds[] = {{.fd = broker->signals, .events = POLLIN}};
    for (;;) {
        (void)!poll(fds, sizeof fds / sizeof *fds, LOOK_MS);
        if (take_signal(broker))
            return;
        watch(broker, &probed);
    }
}
