// SPDX-License-Identifier: Apache-2.0
// A stream: one dataset on its way from the source to the broker.
//
// Life: HELLO -> WELCOME(seq, cursor) -> open the connector at that cursor -> read, map, check, sign, send,
// up to `window` batches under way -> ACKs -> heartbeat when nothing is new. What is under way is kept as
// bytes and sent again after a silence, so a broker that died costs nothing; a WELCOME that does not fit what
// we hold (another adapter, a restored backup) starts again from the broker's cursor. A source that is away
// is asked again with growing pauses, the other streams go on.
//
// Rules: one thread drives all streams by turns; times are zt_monotonic_ms. A stream never gives up by
// itself: what troubles it is told by zt_stream_trouble, and only errors that no waiting mends (out of
// memory, a plugin that breaks its contract, a key that does not sign) come back from zt_stream_turn.
#ifndef ZT_ADAPTERS_HOST_STREAM_H
#define ZT_ADAPTERS_HOST_STREAM_H

#include "adapters/connectors/connector.h"
#include "adapters/host/batch.h"
#include "adapters/host/config.h"
#include "adapters/host/quarantine.h"
#include "adapters/plugin.h"
#include "catalogue/catalogue.h"

// Everything the streams of one adapter share; must outlive them.
struct zt_stream_shared {
    const struct zt_adapter_config *config;
    const struct zt_catalogue *catalogue;
    const struct zt_plugin *plugin;
    void *plugin_self;
    struct zt_signer signer;
    // Hands one frame to the broker; ZT_E_LIMIT when it is away or cannot take more now.
    enum zt_err (*send)(void *arg, struct zt_bytes frame);
    bool (*refused)(void *arg); // whether the broker does not admit our key; NULL: not known
    void *send_arg;
    bool once; // stop when the source was read to its end and everything is acknowledged
};

struct zt_stream_counts {
    uint64_t rows;        // read from the source since the start
    uint64_t records;     // handed to the broker
    uint64_t accepted;    // of those, new or newer
    uint64_t ignored;     // older than what the broker has, or the same
    uint64_t rejected;    // refused by the broker, now in quarantine
    uint64_t quarantined; // lines in the quarantine, from earlier runs too
    uint64_t batches_under_way;
};

struct zt_stream;

ZT_MUST_USE enum zt_err zt_stream_open(const struct zt_stream_shared *shared,
                                       const struct zt_dataset_config *dataset, struct zt_stream **stream,
                                       struct zt_fault *fault);
void zt_stream_close(struct zt_stream **stream); // idempotent

const char *zt_stream_id(const struct zt_stream *stream); // "tax.payment"

// Does what is due, for some 20 ms at most. Only fatal errors come back.
ZT_MUST_USE enum zt_err zt_stream_turn(struct zt_stream *stream, int64_t now, struct zt_fault *fault);
int64_t zt_stream_wake(const struct zt_stream *stream, int64_t now); // when the next turn has something to do

void zt_stream_welcome(struct zt_stream *stream, const struct zt_welcome *welcome, int64_t now);
void zt_stream_ack(struct zt_stream *stream, const struct zt_ack *ack, int64_t now);

struct zt_stream_counts zt_stream_counts(const struct zt_stream *stream);
bool zt_stream_idle(const struct zt_stream *stream); // read to the end, everything acknowledged
bool zt_stream_done(const struct zt_stream *stream); // idle, heartbeat sent and known to have arrived (once)
// What keeps it from going on, and since when; NULL when nothing does.
const struct zt_fault *zt_stream_trouble(const struct zt_stream *stream, int64_t *since);

#endif
