// SPDX-License-Identifier: Apache-2.0
// The one connection of an adapter to the broker's intake: a DEALER that carries all its streams.
//
// The broker holds at most 16 messages each way for one connection (broker/intake/intake.h); more batches
// under way than that would only wait, and their ACKs could be dropped.
#ifndef ZT_ADAPTERS_HOST_UPLINK_H
#define ZT_ADAPTERS_HOST_UPLINK_H

#include "adapters/host/config.h"
#include "base/net/net.h"
#include "proto/publish.h"

#define ZT_UPLINK_BATCHES 12 // under way at once, all streams together

struct zt_uplink {
    struct zt_net *net;
    struct zt_sock *sock;
    struct zt_msg msg;
    struct zt_arena arena; // of the message at hand
};

ZT_MUST_USE enum zt_err zt_uplink_open(const struct zt_adapter_config *config, struct zt_uplink *link,
                                       struct zt_fault *fault);
void zt_uplink_close(struct zt_uplink *link); // idempotent

// For send and refused of struct zt_stream_shared; `link` is a struct zt_uplink.
enum zt_err zt_uplink_send(void *link, struct zt_bytes frame);
bool zt_uplink_refused(void *link);

struct zt_uplink_answer { // one of the two is set
    const struct zt_welcome *welcome;
    const struct zt_ack *ack;
    const char *source;
};
typedef void zt_uplink_fn(void *arg, const struct zt_uplink_answer *answer);
// Waits at most timeout_ms for answers and hands over all that are there. What cannot be parsed is logged and
// dropped: the stream asks again after a silence.
ZT_MUST_USE enum zt_err zt_uplink_wait(struct zt_uplink *link, int timeout_ms, zt_uplink_fn *take, void *arg);

#endif
