// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.h"

size_t zt_broker_figures(void *arg, struct zt_desk_stat *stats, size_t cap)
{
    struct zt_broker *broker = arg;
    const struct zt_counter_counts *counter = &broker->counter_options.counts;
    const struct zt_intake_counts *intake = &broker->intake_options.counts;
    uint64_t admitted = 0, refused = 0;
    zt_net_gate_counts(broker->net, &admitted, &refused);
    const struct zt_desk_stat all[] = {
        {"counter.answers", atomic_load(&counter->answers)},
        {"counter.denials", atomic_load(&counter->denials)},
        {"counter.issued", atomic_load(&counter->issued)},
        {"counter.malformed", atomic_load(&counter->malformed)},
        {"counter.undelivered", atomic_load(&counter->undelivered)},
        {"counter.batches", atomic_load(&counter->batches)},
        {"intake.batches", atomic_load(&intake->batches)},
        {"intake.records", atomic_load(&intake->records)},
        {"intake.ignored", atomic_load(&intake->ignored)},
        {"intake.rejected", atomic_load(&intake->rejected)},
        {"intake.repeats", atomic_load(&intake->repeats)},
        {"intake.gaps", atomic_load(&intake->gaps)},
        {"intake.denials", atomic_load(&intake->denials)},
        {"intake.full", atomic_load(&intake->full)},
        {"intake.commits", atomic_load(&intake->commits)},
        {"intake.undelivered", atomic_load(&intake->undelivered)},
        {"gate.admitted", admitted},
        {"gate.refused", refused},
    };
    size_t count = 0;
    for (; count < sizeof all / sizeof *all && count < cap; count++)
        stats[count] = all[count];
    return count;
}
