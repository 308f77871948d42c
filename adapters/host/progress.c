// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/progress.h"

#include <unistd.h>

#include "base/log.h"

#define TERMINAL_MS 200
#define LOG_MS      5000
#define BAR_CELLS   16

void zt_progress_init(struct zt_progress *progress, const char *source, FILE *out)
{
    *progress = (struct zt_progress){.source = source, .out = out, .terminal = isatty(fileno(out)) == 1};
}

void zt_counts_add(struct zt_stream_counts *sum, const struct zt_stream_counts *one)
{
    sum->rows += one->rows;
    sum->records += one->records;
    sum->accepted += one->accepted;
    sum->ignored += one->ignored;
    sum->rejected += one->rejected;
    sum->quarantined += one->quarantined;
    sum->batches_under_way += one->batches_under_way;
}

static uint64_t rate(const struct zt_progress *progress, const struct zt_stream_counts *sum, int64_t now)
{
    int64_t elapsed = now - progress->shown_at;
    return elapsed > 0 ? (sum->rows - progress->shown.rows) * 1000 / (uint64_t)elapsed : 0;
}

// How many of the rows that were read are safe: the bar is full when nothing is under way.
static void draw(struct zt_progress *progress, const struct zt_stream_counts *sum, uint64_t per_second)
{
    char bar[BAR_CELLS + 1];
    uint64_t safe = sum->records;
    uint64_t full = sum->rows ? BAR_CELLS * (safe < sum->rows ? safe : sum->rows) / sum->rows : 0;
    for (size_t i = 0; i < BAR_CELLS; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR_CELLS] = 0;
    fprintf(progress->out, "\r\033[K%s [%s] 读取 read %llu, 已存 safe %llu, 隔离 quarantined %llu, %llu/s",
            progress->source, bar, (unsigned long long)sum->rows, (unsigned long long)safe,
            (unsigned long long)sum->quarantined, (unsigned long long)per_second);
    fflush(progress->out);
    progress->line_open = true;
}

void zt_progress_show(struct zt_progress *progress, const struct zt_stream_counts *sum, int64_t now)
{
    bool moved = sum->rows != progress->shown.rows || sum->records != progress->shown.records;
    if (!moved || now - progress->shown_at < (progress->terminal ? TERMINAL_MS : LOG_MS))
        return;
    uint64_t per_second = rate(progress, sum, now);
    if (progress->terminal)
        draw(progress, sum, per_second);
    else
        zt_log_info("ZT-ADAPTER-PROGRESS",
                    "%s: %llu rows read, %llu records safe, %llu in quarantine, %llu/s", progress->source,
                    (unsigned long long)sum->rows, (unsigned long long)sum->records,
                    (unsigned long long)sum->quarantined, (unsigned long long)per_second);
    progress->shown = *sum;
    progress->shown_at = now;
}

void zt_progress_end(struct zt_progress *progress, struct zt_stream *const *streams, size_t count)
{
    if (progress->line_open)
        fputc('\n', progress->out);
    progress->line_open = false;
    for (size_t i = 0; i < count; i++) {
        struct zt_stream_counts c = zt_stream_counts(streams[i]);
        fprintf(
            progress->out,
            "%s: 读取 rows %llu, 新增 new %llu, 未变 same %llu, 退回 refused %llu, 隔离 quarantined %llu\n",
            zt_stream_id(streams[i]), (unsigned long long)c.rows, (unsigned long long)c.accepted,
            (unsigned long long)c.ignored, (unsigned long long)c.rejected, (unsigned long long)c.quarantined);
    }
    fflush(progress->out);
}
