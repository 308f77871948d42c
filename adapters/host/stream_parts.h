// SPDX-License-Identifier: Apache-2.0
// Inside of a stream; for stream.c, read.c, talk.c and settle.c only.
#ifndef ZT_ADAPTERS_HOST_STREAM_PARTS_H
#define ZT_ADAPTERS_HOST_STREAM_PARTS_H

#include "adapters/host/map.h"
#include "adapters/host/stream.h"

enum zt_phase {
    ZT_PHASE_OFFLINE, // a HELLO is due at hello_at
    ZT_PHASE_GREETED, // HELLO sent; again at hello_at when nobody answers
    ZT_PHASE_READY,   // welcomed
};

struct zt_stream {
    const struct zt_stream_shared *shared;
    const struct zt_dataset_config *dataset;
    size_t plugin_dataset;
    char id[ZT_SOURCE_MAX];
    const struct zt_connector_ops *ops;
    struct zt_connector *connector; // NULL until a WELCOME said where to begin
    struct zt_quarantine *quarantine;
    struct zt_stream_counts counts;
    int64_t now; // of the turn

    // reading
    struct zt_mapper mapper;
    struct zt_draft draft;
    uint8_t cursor[ZT_CURSOR_MAX]; // behind the last row that is in the draft, in a batch or in quarantine
    size_t cursor_len;
    int64_t read_at, read_wait; // next look at the source; pause after trouble
    bool in_pass, at_end;       // a pass goes from one end of the source to the next
    int64_t pass_started;       // wall clock, before the pass's first row
    int64_t complete_as_of;     // start of the last pass that reached the end
    bool settled;               // the connector was told that everything read is safe

    // batches under way, oldest first: window[(head + i) % config->window]
    struct zt_outgoing *window;
    size_t head, under_way;
    uint64_t acked, last_seq;

    // talking
    enum zt_phase phase;
    bool welcomed; // once at least: we have a place of our own
    int64_t hello_at, hello_wait;
    int64_t absent_since; // the broker; 0: it answered
    int64_t regreet_at;   // ask again where the broker stands, even when all is well
    int64_t ack_wait;     // silence after which batches are taken for lost
    int64_t heartbeat_at; // next "nothing new"
    bool news;            // something was acknowledged or read since the last heartbeat
    bool confirming, done;

    struct zt_fault trouble;
    int64_t trouble_since; // 0: none
};

// trouble
void zt_stream_set_trouble(struct zt_stream *s, const struct zt_fault *fault, int64_t now);
void zt_stream_clear_trouble(struct zt_stream *s);
int64_t zt_stream_jitter(int64_t wait); // 75 % to 125 % of it: a hundred adapters do not come back at once

// read.c: reads for one slice of time; cuts batches into the window.
ZT_MUST_USE enum zt_err zt_stream_read(struct zt_stream *s, int64_t now, struct zt_fault *fault);
// Reading starts again behind `cursor`; what is under way or in the draft is dropped.
void zt_stream_restart(struct zt_stream *s, struct zt_bytes cursor);
void zt_stream_drop_connector(
    struct zt_stream *s); // opened again at the stream's cursor when it is next read

// talk.c
void zt_stream_send_hello(struct zt_stream *s, int64_t now);
void zt_stream_send_window(struct zt_stream *s, int64_t now); // what is not sent yet, in order
void zt_stream_send_heartbeat(struct zt_stream *s, int64_t now);
void zt_stream_go_offline(struct zt_stream *s, int64_t hello_at);
struct zt_outgoing *zt_stream_under_way(const struct zt_stream *s, size_t index); // 0: the oldest

#endif
