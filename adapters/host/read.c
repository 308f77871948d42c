// SPDX-License-Identifier: Apache-2.0
// From the connector's rows to batches in the window.
#include <string.h>

#include "adapters/host/stream_parts.h"
#include "adapters/kit/convert.h"
#include "base/clock.h"
#include "base/log.h"

#define SLICE_MS     20
#define WAIT_FIRST   1000
#define WAIT_LAST    60000
#define ROWS_A_CHECK 16 // the clock is looked at once in so many rows

static void remember_position(struct zt_stream *s)
{
    struct zt_bytes cursor = s->ops->cursor(s->connector);
    s->cursor_len = cursor.len < sizeof s->cursor ? cursor.len : sizeof s->cursor;
    if (s->cursor_len)
        memcpy(s->cursor, cursor.data, s->cursor_len);
    s->settled = false;
}

void zt_stream_drop_connector(struct zt_stream *s)
{
    if (s->connector)
        s->ops->close(&s->connector);
}

// Whether waiting or an operator can mend it; the others stop the adapter.
static bool may_pass(enum zt_err rc)
{
    return rc == ZT_E_PEER || rc == ZT_E_IO || rc == ZT_E_TIMEOUT || rc == ZT_E_CONFIG || rc == ZT_E_STATE ||
           rc == ZT_E_ABSENT || rc == ZT_E_DENIED || rc == ZT_E_LIMIT || rc == ZT_E_INPUT;
}

static enum zt_err wait_and_see(struct zt_stream *s, enum zt_err rc, const struct zt_fault *why, int64_t now,
                                struct zt_fault *fault)
{
    if (!may_pass(rc)) {
        *fault = *why;
        return rc;
    }
    zt_stream_set_trouble(s, why, now);
    s->in_pass = false; // what was there before the trouble cannot be vouched for
    s->read_at = now + zt_stream_jitter(s->read_wait);
    s->read_wait = s->read_wait < WAIT_LAST / 2 ? 2 * s->read_wait : WAIT_LAST;
    return ZT_OK;
}

static enum zt_err close_draft(struct zt_stream *s, struct zt_fault *fault)
{
    enum zt_err rc = zt_quarantine_sync(s->quarantine, fault);
    if (rc != ZT_OK || s->draft.count == 0)
        return rc;
    struct zt_outgoing *next = zt_stream_under_way(s, s->under_way);
    rc = zt_draft_close(&s->draft, s->id, s->last_seq + 1, (struct zt_bytes){s->cursor, s->cursor_len},
                        &s->shared->signer, next, fault);
    if (rc != ZT_OK)
        return rc;
    s->last_seq++;
    s->under_way++;
    zt_stream_send_window(s, s->now);
    return ZT_OK;
}

static enum zt_err open_source(struct zt_stream *s, struct zt_fault *fault)
{
    const struct zt_connector_options options = zt_dataset_options(s->dataset);
    enum zt_err rc =
        s->ops->open(&options, (struct zt_bytes){s->cursor, s->cursor_len}, &s->connector, fault);
    if (rc == ZT_E_INPUT) { // the dataset was read by another connector before: rows read again are harmless
        zt_log_warn("ZT-ADAPTER-CURSOR",
                    "%s: the broker's position is not one of the %s connector, reading all", s->id,
                    s->ops->name);
        s->cursor_len = 0;
        rc = s->ops->open(&options, (struct zt_bytes){NULL, 0}, &s->connector, fault);
    }
    return rc;
}

// A table that lost a column would send every row to quarantine: it stops instead, before the row.
static bool table_changed(const struct zt_stream *s, const struct zt_fault *why)
{
    return s->ops == &zt_connector_odbc && strcmp(why->rule, ZT_RULE_COLUMN_MISSING) == 0;
}

// A good row goes into the draft, a bad one to quarantine.
static enum zt_err place_row(struct zt_stream *s, const struct zt_row *row, struct zt_fault *why)
{
    const struct zt_row_records *records = &s->mapper.records;
    struct zt_fault bad = {0};
    enum zt_err rc = zt_mapper_row(&s->mapper, s->plugin_dataset, row, &bad);
    if (rc == ZT_E_INPUT && !table_changed(s, &bad))
        return zt_quarantine_add(s->quarantine, row, NULL, &bad, why);
    if (rc != ZT_OK) {
        *why = bad;
        return rc == ZT_E_INPUT ? ZT_E_STATE : rc;
    }
    if (records->count == 0)
        return ZT_OK; // the plugin has nothing to say about this row
    if (!zt_draft_fits(&s->draft, records))
        rc = close_draft(s, why);
    if (rc == ZT_OK)
        rc = zt_draft_add(&s->draft, records, row->place);
    return rc == ZT_E_LIMIT ? ZT_E_BUG : rc;
}

static enum zt_err reached_end(struct zt_stream *s, int64_t now, struct zt_fault *fault)
{
    enum zt_err rc = close_draft(s, fault);
    if (rc != ZT_OK)
        return rc;
    s->news = s->news || !s->at_end;
    s->at_end = true;
    if (s->in_pass)
        s->complete_as_of = s->pass_started;
    s->in_pass = false;
    s->read_at = now + s->shared->config->poll_ms;
    s->read_wait = WAIT_FIRST;
    if (s->trouble_since && strncmp(s->trouble.rule, "broker.", 7) != 0)
        zt_stream_clear_trouble(s);
    return ZT_OK;
}

// One step: ZT_OK to go on, ZT_E_ABSENT at the end, anything else is why reading stops here.
static enum zt_err read_row(struct zt_stream *s, struct zt_fault *why)
{
    struct zt_row row = {0};
    struct zt_fault bad = {0};
    enum zt_err rc = s->ops->next(s->connector, &row, &bad);
    if (rc == ZT_E_INPUT || rc == ZT_E_LIMIT) {
        rc = zt_quarantine_add(s->quarantine, NULL, NULL, &bad, why);
    } else if (rc == ZT_OK) {
        s->counts.rows++;
        rc = place_row(s, &row, why);
    } else {
        *why = bad;
        return rc;
    }
    if (rc == ZT_OK) {
        remember_position(s);
        s->at_end = false;
        return ZT_OK;
    }
    zt_stream_drop_connector(s); // it stands behind a row that is nowhere: it begins again before it
    return rc == ZT_E_ABSENT ? ZT_E_BUG : rc;
}

static enum zt_err close_after_trouble(struct zt_stream *s, enum zt_err rc, struct zt_fault *why)
{
    struct zt_fault later;
    enum zt_err closed = close_draft(s, &later);
    if (closed == ZT_OK)
        return rc;
    *why = later;
    return closed;
}

enum zt_err zt_stream_read(struct zt_stream *s, int64_t now, struct zt_fault *fault)
{
    struct zt_fault why = {0};
    enum zt_err rc = s->connector ? ZT_OK : open_source(s, &why);
    size_t window = s->shared->config->window;
    int64_t end = zt_monotonic_ms() + SLICE_MS;
    if (rc == ZT_OK && !s->in_pass) {
        s->in_pass = true;
        s->pass_started = zt_now_ms();
    }
    for (size_t rows = 1; rc == ZT_OK && s->under_way < window; rows++) {
        rc = read_row(s, &why);
        if (rows % ROWS_A_CHECK == 0 && zt_monotonic_ms() >= end)
            break;
    }
    if (rc == ZT_OK)
        return ZT_OK;
    if (rc == ZT_E_ABSENT)
        rc = reached_end(s, now, &why);
    else if (s->draft.count > 0 && s->under_way < window) // what was read does not wait for the source
        rc = close_after_trouble(s, rc, &why);
    return rc == ZT_OK ? ZT_OK : wait_and_see(s, rc, &why, now, fault);
}
