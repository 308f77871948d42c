// SPDX-License-Identifier: Apache-2.0
// The store: what the departments said, in one LMDB environment with its default (safe) flags.
//
// Caveats of LMDB 0.9.24 that shaped this room:
// - No page checksums: each record carries SM3 over key and value, checked at every read (ZT_E_CORRUPT, never
// served).
// - A crash before the first commit leaves a file that does not open, and LMDB never syncs the folder: a new
// store is
//   provisioned in a temporary folder, committed, synced, and renamed into place.
// - One write transaction at a time, by one thread (intake); readers are renewed per batch and never kept.
// - After a failed commit the handle is gone and the process must stop acknowledging: ZT_E_IO here is final.
//
// Databases: records, changes, sources, log, meta. Keys are built by one typed function each (keys.h),
// big-endian, so that order is meaning. Identity numbers are never in keys: subjects are pseudonyms under the
// node's key.
//
// Rules: zt_store may be opened once per process; zt_store_read per thread; zt_store_write by intake only.
// Errors in a write transaction are sticky: put, put, put, then check the commit.
#ifndef ZT_BROKER_STORE_STORE_H
#define ZT_BROKER_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/ledger.h"
#include "proto/publish.h"
#include "proto/record.h"

struct zt_store;
struct zt_store_read;
struct zt_store_write;

struct zt_store_options {
    const char *dir;          // created with mode 0700 when absent
    uint64_t map_size;        // bytes; 0 = 64 GiB of address space (the file grows as needed)
    struct zt_bytes node_key; // 32 bytes, for pseudonyms
};
ZT_MUST_USE enum zt_err zt_store_open(const struct zt_store_options *options, struct zt_store **store,
                                      struct zt_fault *fault);
void zt_store_close(struct zt_store **store);
// To be called about once a minute by intake: frees reader slots of processes that are gone, and logs a
// warning when the map or the disk is more than 70 % full.
void zt_store_tend(struct zt_store *store);

ZT_MUST_USE enum zt_err zt_pseudonym(const struct zt_store *store, const char *id_type, const char *number,
                                     uint8_t out[static ZT_PSEUDONYM_LEN]);

// --- writing (intake) ---
struct zt_source_row { // what the broker knows of one stream
    uint64_t seq;
    uint8_t cursor[ZT_CURSOR_MAX];
    size_t cursor_len;
    int64_t last_batch, last_heartbeat, complete_as_of; // ms
    uint64_t records, rejected, ignored, quarantined;
};
enum zt_put { ZT_PUT_NEW, ZT_PUT_NEWER, ZT_PUT_OLDER /* ignored */ };

ZT_MUST_USE enum zt_err zt_store_begin(struct zt_store *store, struct zt_store_write **txn);
// `encoded` is kept as it is; `record` is its parsed form. `origin` = (log partition, log seq, index in the
// batch): where the department's signature over it lies. Writes one row per subject and one change; removes
// rows of subjects that the older version had and this one has not.
void zt_store_put(struct zt_store_write *txn, const struct zt_record *record, struct zt_bytes encoded,
                  uint64_t log_seq, uint32_t index, enum zt_put *result);
void zt_store_put_source(struct zt_store_write *txn, const char *source, const struct zt_source_row *row);
ZT_MUST_USE enum zt_err zt_store_get_source(struct zt_store_write *txn, const char *source,
                                            struct zt_source_row *row);
// How far the log has been brought into the store; committed with the rows it brought. 0: nothing yet.
void zt_store_put_applied(struct zt_store_write *txn, uint32_t partition, uint64_t log_seq);
ZT_MUST_USE enum zt_err zt_store_get_applied(struct zt_store_write *txn, uint32_t partition,
                                             uint64_t *log_seq);
// The sticky error so far: a group of batches is given up early when it cannot be committed any more.
// ZT_E_LIMIT: the map is full; the rest of the store goes on working.
ZT_MUST_USE enum zt_err zt_store_error(const struct zt_store_write *txn);
// The sticky error so far, or of the commit. Always ends the transaction and sets *txn to NULL.
ZT_MUST_USE enum zt_err zt_store_commit(struct zt_store_write **txn);
void zt_store_abort(struct zt_store_write **txn);

// --- reading (counter, desk) ---
ZT_MUST_USE enum zt_err zt_store_reader(struct zt_store *store,
                                        struct zt_store_read **read); // one per thread
void zt_store_reader_close(struct zt_store_read **read);
ZT_MUST_USE enum zt_err zt_store_renew(struct zt_store_read *read); // sees what was committed until now
void zt_store_reset(struct zt_store_read *read);                    // lets the snapshot go; views die

struct zt_stored {
    struct zt_record record;     // parsed in the caller's arena
    struct zt_bytes encoded;     // view into the map: dies with reset
    uint8_t digest[ZT_HASH_LEN]; // SM3 of encoded
    uint64_t log_seq;
    uint32_t index;
};
// All live records of a subject, of one type or of all (type NULL), in key order, tombstones left out. Calls
// `each` until it returns false. ZT_E_CORRUPT when a digest fails.
typedef bool zt_stored_fn(void *arg, const struct zt_stored *stored);
ZT_MUST_USE enum zt_err zt_store_find(struct zt_store_read *read,
                                      const uint8_t subject[static ZT_PSEUDONYM_LEN], const char *type,
                                      struct zt_arena *arena, zt_stored_fn *each, void *arg);
ZT_MUST_USE enum zt_err zt_store_source(struct zt_store_read *read, const char *source,
                                        struct zt_source_row *row);

struct zt_store_stats {
    uint64_t records, changes, map_used, map_size;
};
ZT_MUST_USE enum zt_err zt_store_stats(struct zt_store_read *read, struct zt_store_stats *stats);

#endif
