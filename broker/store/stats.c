// SPDX-License-Identifier: Apache-2.0
#include <sys/statvfs.h>

#include "base/log.h"
#include "broker/store/internal.h"
#include "broker/store/row.h"

#define ALARM_PERCENT 70 // of the map and of the disk: time to act before a commit fails

enum zt_err zt_store_counts_get(struct zt_kv_txn *txn, struct zt_store_counts *counts)
{
    struct zt_store_key key;
    struct zt_bytes body;
    zt_store_key_meta("counts", &key);
    enum zt_err rc = zt_kv_row_get(txn, ZT_DB_META, zt_store_key_bytes(&key), &body);
    if (rc == ZT_E_ABSENT) {
        *counts = (struct zt_store_counts){0};
        return ZT_OK;
    }
    if (rc != ZT_OK)
        return rc;
    struct zt_take take = {.rest = body};
    struct zt_store_counts out = {.live = zt_take_be(&take, 8)};
    out.tombstones = zt_take_be(&take, 8);
    out.change = zt_take_be(&take, 8);
    if (take.bad || take.rest.len != 0)
        return ZT_E_CORRUPT;
    *counts = out;
    return ZT_OK;
}

void zt_store_counts_put(struct zt_store_write *txn)
{
    struct zt_store_key key;
    zt_store_key_meta("counts", &key);
    zt_buf_reset(&txn->body);
    zt_buf_put_be64(&txn->body, txn->counts.live);
    zt_buf_put_be64(&txn->body, txn->counts.tombstones);
    zt_buf_put_be64(&txn->body, txn->counts.change);
    zt_kv_row_put(txn->txn, ZT_DB_META, zt_store_key_bytes(&key), zt_buf_bytes(&txn->body), &txn->row);
}

enum zt_err zt_store_stats(struct zt_store_read *read, struct zt_store_stats *stats)
{
    struct zt_store_counts counts;
    struct zt_kv_info info;
    enum zt_err rc = read->live ? ZT_OK : ZT_E_STATE;
    if (rc == ZT_OK)
        rc = zt_store_counts_get(read->txn, &counts);
    if (rc == ZT_OK)
        rc = zt_kv_info(read->store->kv, &info);
    if (rc != ZT_OK)
        return rc;
    *stats = (struct zt_store_stats){.records = counts.live,
                                     .changes = counts.change,
                                     .map_used = info.map_used,
                                     .map_size = info.map_size};
    return ZT_OK;
}

void zt_store_alarm(struct zt_store *store)
{
    struct zt_kv_info info;
    struct statvfs disk;
    if (zt_kv_info(store->kv, &info) == ZT_OK &&
        info.map_used / 100 * 100 >= info.map_size / 100 * ALARM_PERCENT)
        zt_log_warn("ZT-STORE-MAP",
                    "the store's map is %llu %% full (%llu of %llu bytes): give it a larger map_size",
                    (unsigned long long)(info.map_used * 100 / info.map_size),
                    (unsigned long long)info.map_used, (unsigned long long)info.map_size);
    if (statvfs(store->dir, &disk) == 0 && disk.f_blocks > 0) {
        unsigned long long used = (unsigned long long)(disk.f_blocks - disk.f_bavail) * 100 / disk.f_blocks;
        if (used >= ALARM_PERCENT)
            zt_log_warn("ZT-STORE-DISK", "the disk of the store is %llu %% full", used);
    }
}
