// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/stream_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

#define FIRST_WAIT_MS  2000
#define ACK_WAIT_MS    4000
#define UNSENT_WAIT_MS 100
#define FAR_MS         3600000

static enum zt_err open_parts(struct zt_stream *s, struct zt_fault *fault)
{
    const struct zt_adapter_config *config = s->shared->config;
    char folder[4096];
    snprintf(s->id, sizeof s->id, "%s.%s", config->source, s->dataset->name);
    snprintf(folder, sizeof folder, "%s/quarantine", config->state);
    s->ops = zt_connector_find(s->dataset->connector);
    if (!s->ops)
        return zt_fault_set(fault, ZT_E_CONFIG, "config.connector", s->dataset->name,
                            "there is no connector %s: odbc or file", s->dataset->connector);
    enum zt_err rc = zt_mapper_dataset(&s->mapper, s->dataset->name, &s->plugin_dataset, fault);
    if (rc == ZT_OK)
        rc = zt_quarantine_open(folder, s->id, 0, &s->quarantine, fault);
    s->window = calloc(config->window, sizeof *s->window);
    if (rc == ZT_OK && !s->window)
        rc = zt_fault_set(fault, ZT_E_NOMEM, "stream.memory", s->id, "out of memory");
    return rc;
}

enum zt_err zt_stream_open(const struct zt_stream_shared *shared, const struct zt_dataset_config *dataset,
                           struct zt_stream **stream, struct zt_fault *fault)
{
    struct zt_stream *s = calloc(1, sizeof *s);
    if (!s)
        return zt_fault_set(fault, ZT_E_NOMEM, "stream.memory", dataset->name, "out of memory");
    s->shared = shared;
    s->dataset = dataset;
    s->hello_wait = FIRST_WAIT_MS;
    s->ack_wait = ACK_WAIT_MS;
    s->read_wait = FIRST_WAIT_MS;
    zt_mapper_init(&s->mapper, shared->catalogue, shared->plugin, shared->plugin_self);
    zt_draft_init(&s->draft, shared->config->batch_records);
    enum zt_err rc = open_parts(s, fault);
    if (rc != ZT_OK) {
        zt_stream_close(&s);
        return rc;
    }
    *stream = s;
    return ZT_OK;
}

void zt_stream_close(struct zt_stream **stream)
{
    struct zt_stream *s = stream ? *stream : NULL;
    if (!s)
        return;
    zt_stream_drop_connector(s);
    for (size_t i = 0; s->window && i < s->under_way; i++)
        zt_outgoing_fini(zt_stream_under_way(s, i));
    free(s->window);
    zt_quarantine_close(&s->quarantine);
    zt_draft_fini(&s->draft);
    zt_mapper_fini(&s->mapper);
    free(s);
    *stream = NULL;
}

const char *zt_stream_id(const struct zt_stream *stream)
{
    return stream->id;
}

struct zt_stream_counts zt_stream_counts(const struct zt_stream *stream)
{
    struct zt_stream_counts counts = stream->counts;
    counts.quarantined = zt_quarantine_count(stream->quarantine);
    counts.batches_under_way = stream->under_way;
    return counts;
}

bool zt_stream_idle(const struct zt_stream *stream)
{
    return stream->phase == ZT_PHASE_READY && stream->at_end && stream->under_way == 0 &&
           stream->draft.count == 0;
}

bool zt_stream_done(const struct zt_stream *stream)
{
    return stream->done;
}

void zt_stream_set_trouble(struct zt_stream *s, const struct zt_fault *fault, int64_t now)
{
    bool same = s->trouble_since && strcmp(s->trouble.rule, fault->rule) == 0 &&
                strcmp(s->trouble.text, fault->text) == 0;
    if (!same) // said once, not at every attempt
        zt_log_fault("ZT-ADAPTER-TROUBLE", fault);
    if (!s->trouble_since)
        s->trouble_since = now;
    s->trouble = *fault;
}

void zt_stream_clear_trouble(struct zt_stream *s)
{
    if (s->trouble_since)
        zt_log_info("ZT-ADAPTER-GOES-ON", "%s goes on after %s", s->id, s->trouble.rule);
    s->trouble_since = 0;
}

const struct zt_fault *zt_stream_trouble(const struct zt_stream *stream, int64_t *since)
{
    *since = stream->trouble_since;
    return stream->trouble_since ? &stream->trouble : NULL;
}

// Nothing came back for what was sent: the broker may have died with it. It is asked where it stands.
static void watch_for_silence(struct zt_stream *s, int64_t now)
{
    const struct zt_outgoing *oldest = s->under_way ? zt_stream_under_way(s, 0) : NULL;
    if (!oldest || !oldest->sent || now - oldest->sent_at < s->ack_wait)
        return;
    struct zt_fault fault;
    zt_fault_set(&fault, ZT_E_PEER, "broker.silent", s->id, "batch %llu was not acknowledged for %lld ms",
                 (unsigned long long)oldest->seq, (long long)(now - oldest->sent_at));
    zt_stream_set_trouble(s, &fault, now);
    s->ack_wait = s->ack_wait < 8 * ACK_WAIT_MS ? 2 * s->ack_wait : s->ack_wait;
    zt_stream_go_offline(s, now);
}

static bool has_room(const struct zt_stream *s)
{
    return s->under_way < s->shared->config->window &&
           (s->under_way == 0 || zt_stream_under_way(s, s->under_way - 1)->sent);
}

// Everything read is acknowledged or safe in quarantine.
static enum zt_err settle(struct zt_stream *s, struct zt_fault *fault)
{
    enum zt_err rc = zt_quarantine_sync(s->quarantine, fault);
    if (rc == ZT_OK && !s->settled && s->connector)
        s->ops->settled(s->connector, (struct zt_bytes){s->cursor, s->cursor_len});
    s->settled = rc == ZT_OK;
    return rc;
}

static void rest(struct zt_stream *s, int64_t now)
{
    struct zt_fault fault;
    if (settle(s, &fault) != ZT_OK) {
        zt_stream_set_trouble(s, &fault, now);
        return;
    }
    if (s->confirming || s->done)
        return;
    if (s->news || now >= s->heartbeat_at)
        zt_stream_send_heartbeat(s, now);
    if (now >= s->regreet_at && !s->done && !s->shared->once)
        zt_stream_go_offline(s, now);
}

enum zt_err zt_stream_turn(struct zt_stream *s, int64_t now, struct zt_fault *fault)
{
    enum zt_err rc = ZT_OK;
    s->now = now;
    if (s->phase != ZT_PHASE_READY) {
        if (now >= s->hello_at)
            zt_stream_send_hello(s, now);
        return ZT_OK;
    }
    zt_stream_send_window(s, now);
    watch_for_silence(s, now);
    if (s->phase == ZT_PHASE_READY && now >= s->read_at && has_room(s) && !s->confirming && !s->done)
        rc = zt_stream_read(s, now, fault);
    if (rc == ZT_OK && zt_stream_idle(s))
        rest(s, now);
    return rc;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t zt_stream_wake(const struct zt_stream *s, int64_t now)
{
    if (s->done)
        return now + FAR_MS;
    if (s->phase != ZT_PHASE_READY)
        return s->hello_at;
    int64_t wake = now + FAR_MS;
    if (s->under_way > 0) {
        const struct zt_outgoing *last = zt_stream_under_way(s, s->under_way - 1);
        wake = last->sent ? zt_stream_under_way(s, 0)->sent_at + s->ack_wait : now + UNSENT_WAIT_MS;
    }
    if (has_room(s) && !s->confirming)
        wake = sooner(wake, s->read_at);
    if (zt_stream_idle(s) && !s->confirming)
        wake = sooner(wake, sooner(s->heartbeat_at, s->regreet_at));
    return wake;
}
