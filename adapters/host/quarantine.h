// SPDX-License-Identifier: Apache-2.0
// The quarantine: rows that broke a rule, kept with the reason and their place in the source, one JSON object
// a line: id, time, stream, place, rule, field, text, row. Identity numbers in it are masked.
//
// Rules: one file per stream, mode 0600, written by one process. A row that is read again after a restart is
// not written again: its id is made from what the line says, without the time. What was added is safe after
// zt_quarantine_sync; the reader's position may move past a bad row only then. The file has a maximum
// (ZT_E_LIMIT, "quarantine.full"): the stream stops there until a person has looked at it.
#ifndef ZT_ADAPTERS_HOST_QUARANTINE_H
#define ZT_ADAPTERS_HOST_QUARANTINE_H

#include <stdint.h>

#include "adapters/plugin.h"

#define ZT_QUARANTINE_MAX ((uint64_t)256 * 1024 * 1024)

struct zt_quarantine;

// Opens or creates DIR/STREAM.jsonl. A last line that was cut off by a crash is taken away: it was not
// synced, so its row will come again. `max`: bytes, 0 for ZT_QUARANTINE_MAX.
ZT_MUST_USE enum zt_err zt_quarantine_open(const char *dir, const char *stream, uint64_t max,
                                           struct zt_quarantine **out, struct zt_fault *fault);
// `row` may be NULL when there is none (a malformed line, a record that the broker refused); then `place`
// says where. why->place is the field or column.
ZT_MUST_USE enum zt_err zt_quarantine_add(struct zt_quarantine *q, const struct zt_row *row,
                                          const char *place, const struct zt_fault *why,
                                          struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_quarantine_sync(struct zt_quarantine *q, struct zt_fault *fault);
uint64_t zt_quarantine_count(const struct zt_quarantine *q); // lines in the file
void zt_quarantine_close(struct zt_quarantine **q);          // idempotent

#endif
