// SPDX-License-Identifier: Apache-2.0
// The thin typed door to LMDB: kv.c is the only file of the project that includes lmdb.h.
//
// Rules: default flags only (no NOSYNC, NOMETASYNC, WRITEMAP, MAPASYNC, NOLOCK, NOTLS): zt_kv_open reads them
// back. One environment per file per process; one write transaction at a time, on one thread; at most one
// read transaction per thread at a time. Views returned by get and cursors point into the map: they die with
// the next write of the same transaction, or with its end.
//
// Errors, translated once, here: ZT_E_ABSENT (no such key), ZT_E_LIMIT (map full, transaction too large),
// ZT_E_IO (the operating system refused), ZT_E_CORRUPT (LMDB found its own file broken), ZT_E_NOMEM, ZT_E_BUG
// (a call that LMDB says is wrong). The first failed write of a transaction is remembered: later writes do
// nothing and the commit returns it.
#ifndef ZT_BROKER_STORE_KV_H
#define ZT_BROKER_STORE_KV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define ZT_KV_KEY_MAX 511 // LMDB's limit for keys

enum zt_kv_db {
    ZT_DB_RECORDS,
    ZT_DB_OWNERS,
    ZT_DB_CHANGES,
    ZT_DB_SOURCES,
    ZT_DB_LOG,
    ZT_DB_META,
    ZT_DB_COUNT
};
const char *zt_kv_db_name(enum zt_kv_db db); // "records", ...

struct zt_kv;        // an opened environment
struct zt_kv_txn;    // a transaction, read or write
struct zt_kv_cursor; // a place in one database of one transaction

// `dir` must exist. With `create` the databases are made (one commit); otherwise they must be there.
ZT_MUST_USE enum zt_err zt_kv_open(const char *dir, uint64_t map_size, bool create, struct zt_kv **kv,
                                   struct zt_fault *fault);
void zt_kv_close(struct zt_kv **kv); // every transaction must have ended; idempotent

// Frees the slots of readers whose process died; `cleared` says how many.
ZT_MUST_USE enum zt_err zt_kv_clear_dead_readers(struct zt_kv *kv, int *cleared);

struct zt_kv_info {
    uint64_t map_size, map_used; // bytes
    uint32_t flags;              // as LMDB reports them; 0 = safe
};
ZT_MUST_USE enum zt_err zt_kv_info(struct zt_kv *kv, struct zt_kv_info *info);

ZT_MUST_USE enum zt_err zt_kv_begin(struct zt_kv *kv, bool write, struct zt_kv_txn **txn);
// Ends the transaction in every case and sets *txn to NULL. Durable when ZT_OK. ZT_E_IO is final for the
// environment.
ZT_MUST_USE enum zt_err zt_kv_commit(struct zt_kv_txn **txn);
void zt_kv_abort(struct zt_kv_txn **txn); // idempotent
// Read transactions: let the snapshot go but keep the slot, and take a new snapshot.
void zt_kv_reset(struct zt_kv_txn *txn);
ZT_MUST_USE enum zt_err zt_kv_renew(struct zt_kv_txn *txn);

ZT_MUST_USE enum zt_err zt_kv_get(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key,
                                  struct zt_bytes *value);
void zt_kv_put(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key, struct zt_bytes value);
void zt_kv_del(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key); // absent is fine
void zt_kv_fail(struct zt_kv_txn *txn, enum zt_err code); // a failure found above: the commit returns it
enum zt_err zt_kv_error(const struct zt_kv_txn *txn);
ZT_MUST_USE enum zt_err zt_kv_count(struct zt_kv_txn *txn, enum zt_kv_db db, uint64_t *rows);

// A cursor lives in one transaction; of a read transaction it may be kept over reset and renew, and is then
// placed anew by the next seek.
ZT_MUST_USE enum zt_err zt_kv_cursor_open(struct zt_kv_txn *txn, enum zt_kv_db db,
                                          struct zt_kv_cursor **cursor);
void zt_kv_cursor_close(struct zt_kv_cursor **cursor); // before the transaction ends; idempotent
// First row with a key >= `key`, the next row, the last row: ZT_E_ABSENT when there is none.
ZT_MUST_USE enum zt_err zt_kv_seek(struct zt_kv_cursor *cursor, struct zt_bytes key, struct zt_bytes *found,
                                   struct zt_bytes *value);
ZT_MUST_USE enum zt_err zt_kv_next(struct zt_kv_cursor *cursor, struct zt_bytes *found,
                                   struct zt_bytes *value);
ZT_MUST_USE enum zt_err zt_kv_last(struct zt_kv_cursor *cursor, struct zt_bytes *found,
                                   struct zt_bytes *value);

#endif
