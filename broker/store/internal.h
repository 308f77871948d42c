// SPDX-License-Identifier: Apache-2.0
// What the files of this room, and the embedded log that lives in the same environment, share.
#ifndef ZT_BROKER_STORE_INTERNAL_H
#define ZT_BROKER_STORE_INTERNAL_H

#include "base/bell.h"
#include "broker/store/keys.h"
#include "broker/store/kv.h"
#include "broker/store/store.h"

#define ZT_NODE_KEY_LEN 32

struct zt_store_counts { // the meta row "counts"
    uint64_t live, tombstones;
    uint64_t change; // number of the newest change
};

struct zt_store {
    struct zt_kv *kv;
    uint8_t node_key[ZT_NODE_KEY_LEN]; // wiped at close
    char *dir;
    struct zt_bell *committed;      // rings after each commit
    struct zt_store_write *current; // the write transaction under way; used by its own thread only
};

struct zt_store_write {
    struct zt_store *store;
    struct zt_kv_txn *txn;
    struct zt_store_counts counts;
    bool counts_changed;
    struct zt_buf body, row; // scratch for rows
};

struct zt_store_read {
    struct zt_store *store;
    struct zt_kv_txn *txn;
    struct zt_kv_cursor *records;
    bool live; // a snapshot is held
};

// Which version of a record is in force, and under which subjects its rows lie: the row of `owners`.
struct zt_owner {
    uint64_t version;
    bool deleted;
    uint8_t subjects[ZT_RECORD_MAX_SUBJECTS][ZT_PSEUDONYM_LEN];
    size_t subject_count;
};

// HMAC-SM3(node key, "record-key" ‖ 0 ‖ type ‖ 0 ‖ key), first 16 bytes.
ZT_MUST_USE enum zt_err zt_store_record_hash(const struct zt_store *store, const char *type, const char *key,
                                             uint8_t out[static ZT_RECORD_HASH_LEN]);

// The value of a row of `records`.
struct zt_record_row {
    uint64_t log_seq;
    uint32_t index;
    struct zt_bytes encoded;
    uint8_t digest[ZT_HASH_LEN]; // SM3 of encoded
};
// `digest` of `row` is given, so that a record of several subjects is hashed once.
ZT_MUST_USE enum zt_err zt_record_row_encode(struct zt_bytes key, const struct zt_record_row *row,
                                             struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_record_row_open(struct zt_bytes key, struct zt_bytes value,
                                           struct zt_record_row *row); // ZT_E_CORRUPT

ZT_MUST_USE enum zt_err zt_store_counts_get(struct zt_kv_txn *txn, struct zt_store_counts *counts);
void zt_store_counts_put(struct zt_store_write *txn);

#define ZT_META_SETTINGS "settings" // meta row: be32 format ‖ mark of the node key

// provision.c: afterwards `dir` holds a store that may be opened. A new one is made beside `dir`, committed
// with its settings, synced, and renamed into place; what is there is measured before it is mapped.
ZT_MUST_USE enum zt_err zt_store_provision(const char *dir, uint64_t map_size, struct zt_bytes settings,
                                           struct zt_fault *fault);

// extent.c: whether data.mdb holds every page that its newest meta page reaches ("store.truncated").
ZT_MUST_USE enum zt_err zt_store_extent_check(const char *path, struct zt_fault *fault);

// stats.c: one log line when the map or the disk is fuller than 70 %.
void zt_store_alarm(struct zt_store *store);

#endif
