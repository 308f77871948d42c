// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/fresh.h"

#include <stdlib.h>
#include <string.h>

#define MS_PER_S 1000

struct stream {
    const struct zt_source_info *info;
    uint64_t snapshot; // of which the times are
    int64_t batch, heartbeat, complete;
};

struct zt_sources {
    const struct zt_record_type *first_type;
    size_t type_count, stream_count;
    struct stream *streams;
    size_t *starts; // streams of type i: links[starts[i]] .. links[starts[i + 1] - 1]
    size_t *links;
    uint64_t snapshot;
};

static bool carries(const struct zt_source_info *info, const struct zt_record_type *type)
{
    for (size_t i = 0; i < info->record_type_count; i++)
        if (info->record_types[i] == type)
            return true;
    return false;
}

static void link_streams(struct zt_sources *sources)
{
    size_t used = 0;
    for (size_t t = 0; t < sources->type_count; t++) {
        sources->starts[t] = used;
        for (size_t s = 0; s < sources->stream_count; s++)
            if (carries(sources->streams[s].info, &sources->first_type[t]))
                sources->links[used++] = s;
    }
    sources->starts[sources->type_count] = used;
}

enum zt_err zt_sources_new(const struct zt_catalogue *catalogue, struct zt_sources **sources)
{
    struct zt_sources *self = calloc(1, sizeof *self);
    if (!self)
        return ZT_E_NOMEM;
    const struct zt_source_info *infos;
    self->stream_count = zt_catalogue_sources(catalogue, &infos);
    self->type_count = zt_catalogue_record_types(catalogue, &self->first_type);
    size_t links = 1; // calloc of nothing may be NULL
    for (size_t i = 0; i < self->stream_count; i++)
        links += infos[i].record_type_count;
    self->streams = calloc(self->stream_count + 1, sizeof *self->streams);
    self->starts = calloc(self->type_count + 1, sizeof *self->starts);
    self->links = calloc(links, sizeof *self->links);
    self->snapshot = 1;
    if (!self->streams || !self->starts || !self->links) {
        zt_sources_destroy(&self);
        return ZT_E_NOMEM;
    }
    for (size_t i = 0; i < self->stream_count; i++)
        self->streams[i].info = &infos[i];
    link_streams(self);
    *sources = self;
    return ZT_OK;
}

void zt_sources_destroy(struct zt_sources **sources)
{
    if (!*sources)
        return;
    free((*sources)->streams);
    free((*sources)->starts);
    free((*sources)->links);
    free(*sources);
    *sources = NULL;
}

void zt_sources_new_snapshot(struct zt_sources *sources)
{
    sources->snapshot++;
}

static enum zt_err read_stream(struct zt_sources *sources, struct zt_store_read *read, struct stream *stream)
{
    if (stream->snapshot == sources->snapshot)
        return ZT_OK;
    struct zt_source_row row;
    enum zt_err rc = zt_store_source(read, stream->info->id, &row);
    if (rc != ZT_OK && rc != ZT_E_ABSENT)
        return rc;
    bool there = rc == ZT_OK;
    stream->batch = there ? row.last_batch : 0;
    stream->heartbeat = there ? row.last_heartbeat : 0;
    stream->complete = there ? row.complete_as_of : 0;
    stream->snapshot = sources->snapshot;
    return ZT_OK;
}

// A time that a source claims, as far as our own clock lets us believe it.
static int64_t believed(int64_t time, int64_t now)
{
    if (time <= 0 || time > now + ZT_FRESH_AHEAD_MS)
        return 0;
    return time < now ? time : now;
}

static int64_t newer(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool within(int64_t time, int64_t now, uint32_t max_age)
{
    return time > 0 && now - time <= (int64_t)max_age * MS_PER_S;
}

static void judge(struct zt_known *known, int64_t now)
{
    struct zt_freshness *fresh = &known->freshness;
    if (fresh->as_of == 0)
        fresh->state = ZT_FRESH_UNKNOWN;
    else
        fresh->state = within(fresh->as_of, now, fresh->max_age) ? ZT_FRESH : ZT_STALE;
    known->complete = fresh->state == ZT_FRESH && within(known->complete_as_of, now, fresh->max_age);
    if (known->complete)
        known->rule = "";
    else if (fresh->state == ZT_FRESH)
        known->rule = "fresh.incomplete";
    else
        known->rule = fresh->state == ZT_STALE ? "fresh.stale" : "fresh.unknown";
}

enum zt_err zt_sources_known(struct zt_sources *sources, struct zt_store_read *read,
                             const struct zt_record_type *type, int64_t now_ms, struct zt_known *known)
{
    size_t index = (size_t)(type - sources->first_type);
    if (index >= sources->type_count)
        return ZT_E_BUG;
    struct zt_known out = {.freshness = {.source = "", .max_age = type->max_age}, .rule = "source.none"};
    size_t from = sources->starts[index], to = sources->starts[index + 1];
    for (size_t i = from; i < to; i++) {
        struct stream *stream = &sources->streams[sources->links[i]];
        enum zt_err rc = read_stream(sources, read, stream);
        if (rc != ZT_OK)
            return rc;
        int64_t complete = believed(stream->complete, now_ms);
        int64_t heard = newer(believed(stream->batch, now_ms), believed(stream->heartbeat, now_ms));
        heard = newer(heard, complete);
        if (i == from || heard < out.freshness.as_of) {
            out.freshness.as_of = heard;
            out.freshness.source = stream->info->id;
        }
        if (i == from || complete < out.complete_as_of)
            out.complete_as_of = complete;
    }
    if (to > from)
        judge(&out, now_ms);
    *known = out;
    return ZT_OK;
}

// How little a state says: unknown is worse than stale.
static int badness(enum zt_fresh state)
{
    return state == ZT_FRESH ? 0 : state == ZT_STALE ? 1 : 2;
}

struct zt_freshness zt_fresh_worst(struct zt_freshness a, struct zt_freshness b)
{
    struct zt_freshness worst = a.as_of <= b.as_of ? a : b;
    worst.state = badness(a.state) >= badness(b.state) ? a.state : b.state;
    return worst;
}
