// SPDX-License-Identifier: Apache-2.0
// The stream's side of the protocol of proto/publish.h.
#include <string.h>

#include "adapters/host/stream_parts.h"
#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/log.h"
#include "base/net/net.h"

#define PROGRAM        "zt-adapter " ZT_VERSION
#define HELLO_RETRY_MS 200   // while the socket has no connection
#define ABSENCE_MS     2000  // before it is told
#define HELLO_FIRST_MS 2000  // first pause after a HELLO that nobody answered
#define HELLO_LAST_MS  30000 // longest
#define REFUSED_MS     5000  // pause after the broker refused us: an operator has to act
#define REGREET_MS     30000
#define ACK_WAIT_MS    4000

int64_t zt_stream_jitter(int64_t wait)
{
    uint16_t dice = 0;
    if (zt_random((uint8_t *)&dice, sizeof dice) != ZT_OK)
        return wait;
    return wait * 3 / 4 + wait * dice / (2 * (int64_t)UINT16_MAX);
}

struct zt_outgoing *zt_stream_under_way(const struct zt_stream *s, size_t index)
{
    return &s->window[(s->head + index) % s->shared->config->window];
}

void zt_stream_go_offline(struct zt_stream *s, int64_t hello_at)
{
    s->phase = ZT_PHASE_OFFLINE;
    s->hello_at = hello_at;
}

static enum zt_err send_frame(struct zt_stream *s, struct zt_buf *frame)
{
    return s->shared->send(s->shared->send_arg, zt_buf_bytes(frame));
}

// The broker could not be reached, or said nothing to an earlier HELLO. A moment of it, as at every start, is
// no trouble.
static void note_absence(struct zt_stream *s, const char *rule, const char *text, int64_t now)
{
    struct zt_fault fault;
    if (!s->absent_since)
        s->absent_since = now;
    if (now - s->absent_since < ABSENCE_MS)
        return;
    zt_fault_set(&fault, ZT_E_PEER, rule, s->shared->config->broker, "%s", text);
    zt_stream_set_trouble(s, &fault, now);
}

static void note_unreachable(struct zt_stream *s, int64_t now)
{
    if (s->shared->refused && s->shared->refused(s->shared->send_arg))
        note_absence(s, "broker.refused",
                     "the broker does not admit our key: is the party enrolled, and is `key` the right file?",
                     now);
    else
        note_absence(s, "broker.away", "the broker cannot be reached", now);
}

void zt_stream_send_hello(struct zt_stream *s, int64_t now)
{
    struct zt_buf frame;
    zt_buf_init(&frame, ZT_FRAME_SMALL);
    struct zt_hello hello = {.source = s->id, .program = PROGRAM};
    enum zt_err rc = zt_hello_encode(&hello, &frame);
    if (rc == ZT_OK)
        rc = send_frame(s, &frame);
    zt_buf_fini(&frame);
    if (rc != ZT_OK) {
        note_unreachable(s, now);
        s->hello_at = now + zt_stream_jitter(HELLO_RETRY_MS);
        return;
    }
    if (s->phase == ZT_PHASE_GREETED) { // the one before was not answered
        note_absence(s, "broker.silent", "the broker does not answer", now);
        s->hello_wait = s->hello_wait < HELLO_LAST_MS / 2 ? 2 * s->hello_wait : HELLO_LAST_MS;
    }
    s->phase = ZT_PHASE_GREETED;
    s->hello_at = now + zt_stream_jitter(s->hello_wait);
}

void zt_stream_send_window(struct zt_stream *s, int64_t now)
{
    for (size_t i = 0; i < s->under_way; i++) {
        struct zt_outgoing *batch = zt_stream_under_way(s, i);
        if (batch->sent)
            continue;
        if (send_frame(s, &batch->frame) != ZT_OK)
            return;
        batch->sent = true;
        batch->sent_at = now;
    }
}

void zt_stream_send_heartbeat(struct zt_stream *s, int64_t now)
{
    struct zt_buf frame;
    zt_buf_init(&frame, ZT_FRAME_SMALL);
    uint64_t quarantined = zt_quarantine_count(s->quarantine);
    struct zt_heartbeat heartbeat = {
        .source = s->id,
        .cursor = {s->cursor, s->cursor_len},
        .source_time = zt_now_ms(),
        // A row in quarantine is one that the broker does not have: then nobody may conclude that there is
        // none.
        .complete_as_of = quarantined ? 0 : s->complete_as_of,
        .rows = s->counts.rows,
        .quarantined = quarantined,
    };
    enum zt_err rc = zt_heartbeat_encode(&heartbeat, &frame);
    if (rc == ZT_OK)
        rc = send_frame(s, &frame);
    zt_buf_fini(&frame);
    s->heartbeat_at = now + (rc == ZT_OK ? s->shared->config->heartbeat_ms : HELLO_RETRY_MS);
    if (rc != ZT_OK)
        return;
    s->news = false;
    if (s->shared->once) { // the WELCOME to this HELLO shows that the heartbeat before it has arrived
        s->confirming = true;
        zt_stream_go_offline(s, now);
    }
}

static void drop_oldest(struct zt_stream *s)
{
    zt_outgoing_fini(zt_stream_under_way(s, 0));
    s->head = (s->head + 1) % s->shared->config->window;
    s->under_way--;
}

// Everything up to `seq` is committed: it leaves the window, and the connector may tidy up behind it.
static void settle_until(struct zt_stream *s, uint64_t seq)
{
    while (s->under_way > 0 && zt_stream_under_way(s, 0)->seq <= seq) {
        struct zt_outgoing *oldest = zt_stream_under_way(s, 0);
        if (s->connector)
            s->ops->settled(s->connector, zt_buf_bytes(&oldest->cursor));
        s->acked = oldest->seq;
        drop_oldest(s);
    }
    s->news = true;
}

void zt_stream_restart(struct zt_stream *s, struct zt_bytes cursor)
{
    zt_stream_drop_connector(s);
    while (s->under_way > 0)
        drop_oldest(s);
    zt_draft_reset(&s->draft);
    s->cursor_len = cursor.len < sizeof s->cursor ? cursor.len : sizeof s->cursor;
    if (s->cursor_len)
        memcpy(s->cursor, cursor.data, s->cursor_len);
    s->at_end = s->in_pass = s->confirming = false;
    s->read_at = 0;
}

// Trouble that an answer of the broker ends.
static bool about_broker(const struct zt_stream *s)
{
    return strncmp(s->trouble.rule, "broker.", strlen("broker.")) == 0 || s->trouble.code == ZT_E_DENIED;
}

static void refused(struct zt_stream *s, const char *rule, const char *text, int64_t now)
{
    struct zt_fault fault;
    zt_fault_set(&fault, ZT_E_DENIED, rule, s->id, "the broker refuses this stream: %s", text);
    zt_stream_set_trouble(s, &fault, now);
    zt_stream_go_offline(s, now + zt_stream_jitter(REFUSED_MS));
}

// Whether the broker stands where one of our own batches ends.
static bool place_fits(const struct zt_stream *s, const struct zt_welcome *welcome)
{
    if (!s->welcomed || welcome->seq < s->acked || welcome->seq > s->last_seq)
        return false;
    for (size_t i = 0; i < s->under_way; i++) {
        const struct zt_outgoing *batch = zt_stream_under_way(s, i);
        if (batch->seq == welcome->seq)
            return zt_bytes_equal(zt_buf_bytes(&batch->cursor), welcome->cursor);
    }
    return true;
}

void zt_stream_welcome(struct zt_stream *s, const struct zt_welcome *welcome, int64_t now)
{
    if (welcome->rule && *welcome->rule) {
        refused(s, welcome->rule, welcome->text, now);
        return;
    }
    bool fits = place_fits(s, welcome);
    if (fits) {
        settle_until(s, welcome->seq);
        for (size_t i = 0; i < s->under_way; i++)
            zt_stream_under_way(s, i)->sent = false;
    } else {
        // Another adapter has written in between, or the broker came from a backup: its position holds.
        if (s->welcomed)
            zt_log_warn("ZT-ADAPTER-REWIND",
                        "%s: the broker stands at batch %llu, we at %llu: reading again from there", s->id,
                        (unsigned long long)welcome->seq, (unsigned long long)s->acked);
        zt_stream_restart(s, welcome->cursor);
        s->last_seq = welcome->seq;
    }
    s->welcomed = true;
    s->acked = welcome->seq;
    s->phase = ZT_PHASE_READY;
    s->hello_wait = HELLO_FIRST_MS;
    s->regreet_at = now + REGREET_MS;
    s->absent_since = 0;
    s->done = s->confirming && fits && s->under_way == 0;
    if (about_broker(s))
        zt_stream_clear_trouble(s);
}

// The broker's own check found records that ours let pass: an older catalogue here or there.
static enum zt_err quarantine_rejects(struct zt_stream *s, struct zt_outgoing *batch,
                                      const struct zt_ack *ack, struct zt_fault *fault)
{
    for (size_t r = 0; r < ack->reject_count; r++) {
        struct zt_fault why;
        zt_fault_set(&why, ZT_E_INPUT, ack->rejects[r].rule, "", "%s", ack->rejects[r].text);
        const char *place = zt_outgoing_place(batch, ack->rejects[r].index);
        enum zt_err rc = zt_quarantine_add(s->quarantine, NULL, place, &why, fault);
        if (rc != ZT_OK)
            return rc;
    }
    return zt_quarantine_sync(s->quarantine, fault);
}

static void take_ack(struct zt_stream *s, struct zt_outgoing *batch, const struct zt_ack *ack, int64_t now)
{
    struct zt_fault trouble;
    s->counts.records += batch->count;
    s->counts.accepted += ack->accepted;
    s->counts.ignored += ack->ignored;
    s->counts.rejected += ack->reject_count;
    if (quarantine_rejects(s, batch, ack, &trouble) != ZT_OK)
        zt_stream_set_trouble(s, &trouble, now); // they are refused all the same; the operator is told
    else if (about_broker(s))
        zt_stream_clear_trouble(s);
    settle_until(s, ack->seq);
    for (size_t i = 0; i < s->under_way; i++) // it is alive: the clock of those behind starts anew
        zt_stream_under_way(s, i)->sent_at = now;
    s->ack_wait = ACK_WAIT_MS;
}

void zt_stream_ack(struct zt_stream *s, const struct zt_ack *ack, int64_t now)
{
    if (!ack->taken && strcmp(ack->rule, "publish.gap") == 0) { // the broker lost its place, or we ours
        zt_stream_go_offline(s, now);
        return;
    }
    if (!ack->taken) {
        refused(s, ack->rule, ack->text, now);
        return;
    }
    // Others than the oldest's: of a heartbeat, or of a batch that was sent twice and counted the first time.
    struct zt_outgoing *oldest = s->under_way > 0 ? zt_stream_under_way(s, 0) : NULL;
    if (!oldest || oldest->seq != ack->seq)
        return;
    uint64_t told = (uint64_t)ack->accepted + ack->ignored + ack->reject_count;
    if (told < oldest->count) // it had that number before, and so did not look into this one
        zt_stream_go_offline(s, now);
    else
        take_ack(s, oldest, ack, now);
}
