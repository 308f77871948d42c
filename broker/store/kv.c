// SPDX-License-Identifier: Apache-2.0
#include "broker/store/kv.h"

#include <errno.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>

#define READERS_MAX 126 // LMDB's default, written down because the desk, counter and tools share it

static const char *const db_names[ZT_DB_COUNT] = {"records", "owners", "changes", "sources", "log", "meta"};

struct zt_kv {
    MDB_env *env;
    MDB_dbi dbs[ZT_DB_COUNT];
};

struct zt_kv_txn {
    struct zt_kv *kv;
    MDB_txn *txn;
    enum zt_err err;
    unsigned turn; // rises with each renew, so that cursors know
};

struct zt_kv_cursor {
    struct zt_kv_txn *txn;
    MDB_cursor *cursor;
    unsigned turn;
};

const char *zt_kv_db_name(enum zt_kv_db db)
{
    return db_names[db];
}

static enum zt_err translate(int code)
{
    switch (code) {
    case MDB_SUCCESS:
        return ZT_OK;
    case MDB_NOTFOUND:
        return ZT_E_ABSENT;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case MDB_READERS_FULL:
        return ZT_E_LIMIT;
    case MDB_PAGE_NOTFOUND:
    case MDB_CORRUPTED:
    case MDB_PANIC:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
        return ZT_E_CORRUPT;
    case ENOMEM:
        return ZT_E_NOMEM;
    default:
        return code > 0 && code != EINVAL ? ZT_E_IO : ZT_E_BUG;
    }
}

static MDB_val to_val(struct zt_bytes bytes)
{
    return (MDB_val){.mv_size = bytes.len, .mv_data = (void *)(uintptr_t)bytes.data};
}

static struct zt_bytes to_bytes(MDB_val val)
{
    return (struct zt_bytes){val.mv_data, val.mv_size};
}

static int open_dbs(struct zt_kv *kv, bool create)
{
    MDB_txn *txn = NULL;
    int code = mdb_txn_begin(kv->env, NULL, create ? 0 : MDB_RDONLY, &txn);
    for (int i = 0; code == MDB_SUCCESS && i < ZT_DB_COUNT; i++)
        code = mdb_dbi_open(txn, db_names[i], create ? MDB_CREATE : 0, &kv->dbs[i]);
    // A read-only transaction is committed too: only then do the handles stay valid.
    if (code == MDB_SUCCESS)
        return mdb_txn_commit(txn);
    if (txn)
        mdb_txn_abort(txn);
    return code;
}

static int open_env(struct zt_kv *kv, const char *dir, uint64_t map_size)
{
    int code = mdb_env_create(&kv->env);
    if (code == MDB_SUCCESS)
        code = mdb_env_set_mapsize(kv->env, (size_t)map_size);
    if (code == MDB_SUCCESS)
        code = mdb_env_set_maxdbs(kv->env, ZT_DB_COUNT);
    if (code == MDB_SUCCESS)
        code = mdb_env_set_maxreaders(kv->env, READERS_MAX);
    if (code == MDB_SUCCESS)
        code = mdb_env_open(kv->env, dir, 0, 0600);
    return code;
}

enum zt_err zt_kv_open(const char *dir, uint64_t map_size, bool create, struct zt_kv **kv,
                       struct zt_fault *fault)
{
    struct zt_kv *new = calloc(1, sizeof *new);
    if (!new)
        return zt_fault_set(fault, ZT_E_NOMEM, "store.memory", dir, "out of memory");
    int code = open_env(new, dir, map_size);
    if (code == MDB_SUCCESS)
        code = open_dbs(new, create);
    if (code != MDB_SUCCESS) {
        enum zt_err rc = code == MDB_NOTFOUND ? ZT_E_CORRUPT : translate(code);
        zt_kv_close(&new);
        return zt_fault_set(
            fault, rc, "store.open", dir,
            "the store does not open: %s; restore it from a backup or rebuild it from the log",
            mdb_strerror(code));
    }
    unsigned flags = 0;
    if (mdb_env_get_flags(new->env, &flags) != MDB_SUCCESS || flags != 0) {
        zt_kv_close(&new);
        return zt_fault_set(fault, ZT_E_BUG, "store.flags", dir, "LMDB runs with flags 0x%x, not 0", flags);
    }
    *kv = new;
    return ZT_OK;
}

void zt_kv_close(struct zt_kv **kv)
{
    if (!*kv)
        return;
    if ((*kv)->env)
        mdb_env_close((*kv)->env);
    free(*kv);
    *kv = NULL;
}

enum zt_err zt_kv_clear_dead_readers(struct zt_kv *kv, int *cleared)
{
    return translate(mdb_reader_check(kv->env, cleared));
}

enum zt_err zt_kv_info(struct zt_kv *kv, struct zt_kv_info *info)
{
    MDB_envinfo env;
    MDB_stat stat;
    unsigned flags;
    int code = mdb_env_info(kv->env, &env);
    if (code == MDB_SUCCESS)
        code = mdb_env_stat(kv->env, &stat);
    if (code == MDB_SUCCESS)
        code = mdb_env_get_flags(kv->env, &flags);
    if (code != MDB_SUCCESS)
        return translate(code);
    *info = (struct zt_kv_info){
        .map_size = env.me_mapsize, .map_used = (env.me_last_pgno + 1) * stat.ms_psize, .flags = flags};
    return ZT_OK;
}

enum zt_err zt_kv_begin(struct zt_kv *kv, bool write, struct zt_kv_txn **txn)
{
    struct zt_kv_txn *new = calloc(1, sizeof *new);
    if (!new)
        return ZT_E_NOMEM;
    new->kv = kv;
    int code = mdb_txn_begin(kv->env, NULL, write ? 0 : MDB_RDONLY, &new->txn);
    if (code != MDB_SUCCESS) {
        free(new);
        return translate(code);
    }
    *txn = new;
    return ZT_OK;
}

enum zt_err zt_kv_commit(struct zt_kv_txn **txn)
{
    struct zt_kv_txn *end = *txn;
    if (end->err != ZT_OK) {
        enum zt_err rc = end->err;
        zt_kv_abort(txn);
        return rc;
    }
    enum zt_err rc = translate(mdb_txn_commit(end->txn));
    free(end);
    *txn = NULL;
    return rc;
}

void zt_kv_abort(struct zt_kv_txn **txn)
{
    if (!*txn)
        return;
    mdb_txn_abort((*txn)->txn);
    free(*txn);
    *txn = NULL;
}

void zt_kv_reset(struct zt_kv_txn *txn)
{
    mdb_txn_reset(txn->txn);
}

enum zt_err zt_kv_renew(struct zt_kv_txn *txn)
{
    mdb_txn_reset(txn->txn);
    txn->turn++;
    return translate(mdb_txn_renew(txn->txn));
}

enum zt_err zt_kv_get(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key, struct zt_bytes *value)
{
    MDB_val k = to_val(key), v;
    enum zt_err rc = translate(mdb_get(txn->txn, txn->kv->dbs[db], &k, &v));
    if (rc == ZT_OK)
        *value = to_bytes(v);
    return rc;
}

void zt_kv_fail(struct zt_kv_txn *txn, enum zt_err code)
{
    if (txn->err == ZT_OK)
        txn->err = code;
}

enum zt_err zt_kv_error(const struct zt_kv_txn *txn)
{
    return txn->err;
}

void zt_kv_put(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key, struct zt_bytes value)
{
    if (txn->err != ZT_OK)
        return;
    MDB_val k = to_val(key), v = to_val(value);
    txn->err = translate(mdb_put(txn->txn, txn->kv->dbs[db], &k, &v, 0));
}

void zt_kv_del(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_bytes key)
{
    if (txn->err != ZT_OK)
        return;
    MDB_val k = to_val(key);
    int code = mdb_del(txn->txn, txn->kv->dbs[db], &k, NULL);
    txn->err = code == MDB_NOTFOUND ? ZT_OK : translate(code);
}

enum zt_err zt_kv_count(struct zt_kv_txn *txn, enum zt_kv_db db, uint64_t *rows)
{
    MDB_stat stat;
    enum zt_err rc = translate(mdb_stat(txn->txn, txn->kv->dbs[db], &stat));
    if (rc == ZT_OK)
        *rows = stat.ms_entries;
    return rc;
}

enum zt_err zt_kv_cursor_open(struct zt_kv_txn *txn, enum zt_kv_db db, struct zt_kv_cursor **cursor)
{
    struct zt_kv_cursor *new = calloc(1, sizeof *new);
    if (!new)
        return ZT_E_NOMEM;
    new->txn = txn;
    new->turn = txn->turn;
    enum zt_err rc = translate(mdb_cursor_open(txn->txn, txn->kv->dbs[db], &new->cursor));
    if (rc != ZT_OK) {
        free(new);
        return rc;
    }
    *cursor = new;
    return ZT_OK;
}

void zt_kv_cursor_close(struct zt_kv_cursor **cursor)
{
    if (!*cursor)
        return;
    mdb_cursor_close((*cursor)->cursor);
    free(*cursor);
    *cursor = NULL;
}

static enum zt_err move(struct zt_kv_cursor *cursor, MDB_val key, MDB_cursor_op op, struct zt_bytes *found,
                        struct zt_bytes *value)
{
    if (cursor->turn != cursor->txn->turn) {
        int code = mdb_cursor_renew(cursor->txn->txn, cursor->cursor);
        if (code != MDB_SUCCESS)
            return translate(code);
        cursor->turn = cursor->txn->turn;
    }
    MDB_val v;
    enum zt_err rc = translate(mdb_cursor_get(cursor->cursor, &key, &v, op));
    if (rc != ZT_OK)
        return rc;
    *found = to_bytes(key);
    *value = to_bytes(v);
    return ZT_OK;
}

enum zt_err zt_kv_seek(struct zt_kv_cursor *cursor, struct zt_bytes key, struct zt_bytes *found,
                       struct zt_bytes *value)
{
    return move(cursor, to_val(key), MDB_SET_RANGE, found, value);
}

enum zt_err zt_kv_next(struct zt_kv_cursor *cursor, struct zt_bytes *found, struct zt_bytes *value)
{
    return move(cursor, (MDB_val){0}, MDB_NEXT, found, value);
}

enum zt_err zt_kv_last(struct zt_kv_cursor *cursor, struct zt_bytes *found, struct zt_bytes *value)
{
    return move(cursor, (MDB_val){0}, MDB_LAST, found, value);
}
