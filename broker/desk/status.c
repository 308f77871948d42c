// SPDX-License-Identifier: Apache-2.0
#include "broker/desk/internal.h"

#define MS_PER_S INT64_C(1000)

// A stream is as fresh as the strictest of its record types demands.
static enum zt_fresh judge(const struct zt_source_info *info, const struct zt_source_row *row, int64_t now)
{
    int64_t heard = row->last_batch > row->last_heartbeat ? row->last_batch : row->last_heartbeat;
    if (heard <= 0)
        return ZT_FRESH_UNKNOWN;
    for (size_t i = 0; i < info->record_type_count; i++)
        if (now - heard > (int64_t)info->record_types[i]->max_age * MS_PER_S)
            return ZT_STALE;
    return ZT_FRESH;
}

static enum zt_err read_source(struct zt_desk *desk, const struct zt_source_info *info,
                               struct zt_desk_source *out)
{
    struct zt_source_row row = {.seq = 0};
    enum zt_err rc = zt_store_source(desk->read, info->id, &row);
    if (rc != ZT_OK && rc != ZT_E_ABSENT) // absent: it never spoke
        return rc;
    *out = (struct zt_desk_source){.source = info->id,
                                   .seq = row.seq,
                                   .records = row.records,
                                   .quarantined = row.quarantined,
                                   .last_batch = row.last_batch,
                                   .last_heartbeat = row.last_heartbeat,
                                   .complete_as_of = row.complete_as_of,
                                   .fresh = judge(info, &row, desk->now)};
    return ZT_OK;
}

static enum zt_err read_sources(struct zt_desk *desk, struct zt_desk_answer *answer)
{
    const struct zt_source_info *infos;
    size_t count = zt_catalogue_sources(desk->catalogue, &infos);
    if (count > ZT_DESK_SOURCES_MAX)
        count = ZT_DESK_SOURCES_MAX; // counted in full by "catalogue.sources"
    answer->sources = zt_arena_alloc(&desk->arena, count * sizeof *answer->sources);
    if (!answer->sources)
        return ZT_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        enum zt_err rc = read_source(desk, &infos[i], &answer->sources[i]);
        if (rc != ZT_OK)
            return rc;
        answer->source_count = i + 1;
    }
    return ZT_OK;
}

static void put(struct zt_desk_answer *answer, const char *name, uint64_t value)
{
    if (answer->stat_count < ZT_DESK_STATS_MAX)
        answer->stats[answer->stat_count++] = (struct zt_desk_stat){name, value};
}

static void put_desk(const struct zt_desk_counts *counts, struct zt_desk_answer *answer)
{
    put(answer, "desk.searches", atomic_load(&counts->searches));
    put(answer, "desk.proofs", atomic_load(&counts->proofs));
    put(answer, "desk.statuses", atomic_load(&counts->statuses));
    put(answer, "desk.reloads", atomic_load(&counts->reloads));
    put(answer, "desk.denials", atomic_load(&counts->denials));
    put(answer, "desk.busy", atomic_load(&counts->busy));
    put(answer, "desk.malformed", atomic_load(&counts->malformed));
    put(answer, "desk.undelivered", atomic_load(&counts->undelivered));
    put(answer, "desk.scanned", atomic_load(&counts->scanned));
}

static enum zt_err read_stats(struct zt_desk *desk, struct zt_desk_answer *answer)
{
    const struct zt_desk_options *options = desk->options;
    const struct zt_source_info *infos;
    struct zt_store_stats store;
    answer->stats = zt_arena_alloc(&desk->arena, ZT_DESK_STATS_MAX * sizeof *answer->stats);
    if (!answer->stats)
        return ZT_E_NOMEM;
    enum zt_err rc = zt_store_stats(desk->read, &store);
    if (rc != ZT_OK)
        return rc;
    uint64_t sealed = zt_ledger_sealed(options->ledger); // read first: it is never above the size
    put(answer, "ledger.size", zt_ledger_size(options->ledger));
    put(answer, "ledger.sealed", sealed);
    put(answer, "store.records", store.records);
    put(answer, "store.changes", store.changes);
    put(answer, "store.map_used", store.map_used);
    put(answer, "store.map_size", store.map_size);
    put(answer, "catalogue.sources", zt_catalogue_sources(desk->catalogue, &infos));
    put_desk(&options->counts, answer);
    if (options->stats)
        answer->stat_count += options->stats(options->stats_arg, answer->stats + answer->stat_count,
                                             ZT_DESK_STATS_MAX - answer->stat_count);
    return ZT_OK;
}

void zt_desk_status(struct zt_desk *desk, struct zt_question *question, struct zt_desk_answer *answer)
{
    (void)question;
    enum zt_err rc = zt_store_renew(desk->read);
    if (rc == ZT_OK)
        rc = read_sources(desk, answer);
    if (rc == ZT_OK)
        rc = read_stats(desk, answer);
    zt_store_reset(desk->read);
    if (rc == ZT_OK)
        zt_desk_ok(answer);
    else
        zt_desk_trouble(answer, rc);
}
