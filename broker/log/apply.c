// SPDX-License-Identifier: Apache-2.0
#include "broker/log/apply.h"

#include <string.h>

static size_t count_refused(const struct zt_log_item *item, size_t records)
{
    size_t count = 0;
    for (size_t i = 0; i < records; i++)
        count += item->refused[i];
    return count;
}

static enum zt_err update_source(struct zt_store_write *txn, const struct zt_batch *batch,
                                 const struct zt_log_item *item, const struct zt_applied *applied)
{
    struct zt_source_row row = {0};
    enum zt_err rc = zt_store_get_source(txn, batch->source, &row);
    if (rc != ZT_OK && rc != ZT_E_ABSENT)
        return rc;
    if (batch->cursor.len > sizeof row.cursor)
        return ZT_E_LIMIT;
    row.seq = batch->seq;
    row.cursor_len = batch->cursor.len;
    if (batch->cursor.len > 0)
        memcpy(row.cursor, batch->cursor.data, batch->cursor.len);
    row.last_batch = item->received_at;
    row.records += applied->accepted;
    row.ignored += applied->ignored;
    row.rejected += count_refused(item, batch->record_count);
    zt_store_put_source(txn, batch->source, &row);
    return ZT_OK;
}

enum zt_err zt_apply_batch(struct zt_store_write *txn, uint32_t partition, uint64_t log_seq,
                           const struct zt_batch *batch, const struct zt_record *records,
                           const struct zt_log_item *item, struct zt_applied *applied)
{
    struct zt_applied counts = {0};
    enum zt_err rc;
    for (size_t i = 0; i < batch->record_count; i++) {
        enum zt_put result = ZT_PUT_OLDER;
        if (item->refused[i])
            continue;
        zt_store_put(txn, &records[i], batch->records[i], log_seq, (uint32_t)i, &result);
        *(result == ZT_PUT_OLDER ? &counts.ignored : &counts.accepted) += 1;
    }
    ZT_TRY(zt_store_error(txn));
    ZT_TRY(update_source(txn, batch, item, &counts));
    zt_store_put_applied(txn, partition, log_seq);
    ZT_TRY(zt_store_error(txn));
    if (applied)
        *applied = counts;
out:
    return rc;
}

enum zt_err zt_apply_entry(struct zt_store_write *txn, uint32_t partition, const struct zt_log_entry *entry,
                           struct zt_arena *arena, struct zt_applied *applied)
{
    struct zt_log_item item;
    struct zt_batch batch;
    enum zt_err rc;
    ZT_TRY(zt_log_item_parse(entry->batch, &item));
    ZT_TRY(zt_batch_parse(item.body, arena, &batch, NULL));
    struct zt_record *records = zt_arena_alloc(arena, batch.record_count * sizeof *records);
    if (!records)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < batch.record_count; i++)
        if (!item.refused[i])
            ZT_TRY(zt_record_parse(batch.records[i], arena, &records[i], NULL));
    rc = zt_apply_batch(txn, partition, entry->seq, &batch, records, &item, applied);
out:
    return rc;
}
