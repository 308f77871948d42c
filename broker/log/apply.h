// SPDX-License-Identifier: Apache-2.0
// From the log into the store: the one place where a batch becomes rows. Intake uses it for what arrives, and
// whoever rebuilds or follows a store uses it for what the log holds; so both make the same rows.
//
// Not in the log, and so not rebuilt: heartbeats (they say nothing about records).
#ifndef ZT_BROKER_LOG_APPLY_H
#define ZT_BROKER_LOG_APPLY_H

#include "broker/log/item.h"
#include "broker/log/log.h"
#include "broker/store/store.h"

// What an arena needs for one item: the batch, its records, and their fields.
#define ZT_APPLY_ARENA ((size_t)64 * 1024 * 1024)

struct zt_applied {
    uint32_t accepted; // new or newer
    uint32_t ignored;  // older or equal
};
// Puts the records that were not refused, counts them to the stream's row, and marks (partition, log_seq) as
// applied. `records` are the parsed batch->records. Failures stick to the transaction, which is asked at the
// end; `applied` may be NULL.
ZT_MUST_USE enum zt_err zt_apply_batch(struct zt_store_write *txn, uint32_t partition, uint64_t log_seq,
                                       const struct zt_batch *batch, const struct zt_record *records,
                                       const struct zt_log_item *item, struct zt_applied *applied);
// The same from an entry of the log. The arena is used up to ZT_APPLY_ARENA and reset by the caller.
ZT_MUST_USE enum zt_err zt_apply_entry(struct zt_store_write *txn, uint32_t partition,
                                       const struct zt_log_entry *entry, struct zt_arena *arena,
                                       struct zt_applied *applied);

#endif
