// SPDX-License-Identifier: Apache-2.0
// What a person at the terminal, or an operator with the log, sees while rows go through: on a terminal one
// line that is written over, elsewhere a log line now and then, and only when something moved.
#ifndef ZT_ADAPTERS_HOST_PROGRESS_H
#define ZT_ADAPTERS_HOST_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "adapters/host/stream.h"

struct zt_progress {
    const char *source;
    FILE *out;
    bool terminal;
    bool line_open;   // a line that is written over stands on the terminal
    int64_t shown_at; // monotonic ms
    struct zt_stream_counts shown;
};
void zt_progress_init(struct zt_progress *progress, const char *source, FILE *out);

// `sum`: over all streams. Shows at most every 200 ms on a terminal, every 5 s elsewhere.
void zt_progress_show(struct zt_progress *progress, const struct zt_stream_counts *sum, int64_t now);
// Ends an open line, then one line per stream.
void zt_progress_end(struct zt_progress *progress, struct zt_stream *const *streams, size_t count);

void zt_counts_add(struct zt_stream_counts *sum, const struct zt_stream_counts *one);

#endif
