// SPDX-License-Identifier: Apache-2.0
// A batch of a thousand records into the store and the log, beside raw LMDB puts of the same bytes under the
// same keys and one commit each, in the same run, rounds interleaved.
//   store_bench [FOLDER]     the folder's file system is what is measured
// Prints records/s of: raw puts of one row a record; raw puts of all rows that the store writes (record,
// owner, change, and the batch into the log); the store itself; and the ratios.
#include <ftw.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto/hash.h"
#include "broker/log/apply.h"
#include "proto/wire.h"
#include "tests/support/sample.h"

#define BATCH  1000
#define ROUNDS 15
#define MAP    ((size_t)8 << 30)

// Lengths of the store's rows beside the record's own: see broker/store.
#define RECORD_KEY  (16 + 20 + 16)
#define RECORD_HEAD 46
#define OWNER_KEY   (20 + 16)
#define OWNER_ROW   (17 + 26)
#define CHANGE_KEY  8
#define CHANGE_ROW  (17 + 8 + 8 + 1 + 16 + 1 + 16 + 19)

enum side { RAW_ONE, RAW_ALL, STORE, SIDES };
static const char *const names[SIDES] = {"raw, one row a record", "raw, all rows", "store and log"};

struct bench {
    char dir[4096];
    MDB_env *env;
    MDB_dbi dbi;
    struct zt_store *store;
    struct zt_log *log;
    struct zt_arena arena;
    struct zt_buf frame, item;
    struct zt_buf encoded[BATCH];
    struct zt_bytes records[BATCH];
    struct zt_record parsed[BATCH];
    uint64_t seq;
    int64_t took[SIDES][ROUNDS];
};

static void must(bool good, const char *what)
{
    if (good)
        return;
    (void)!fprintf(stderr, "store_bench: %s failed\n", what);
    exit(1);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static void open_all(struct bench *b, const char *parent)
{
    static const uint8_t key[32] = {1};
    char path[4200];
    snprintf(b->dir, sizeof b->dir, "%s/zt-bench.XXXXXX", parent);
    must(mkdtemp(b->dir) != NULL, "mkdtemp");
    snprintf(path, sizeof path, "%s/raw", b->dir);
    must(mkdir(path, 0700) == 0, "mkdir");
    must(mdb_env_create(&b->env) == 0 && mdb_env_set_mapsize(b->env, MAP) == 0 &&
             mdb_env_open(b->env, path, 0, 0600) == 0,
         "raw environment");
    MDB_txn *txn;
    must(mdb_txn_begin(b->env, NULL, 0, &txn) == 0 && mdb_dbi_open(txn, NULL, 0, &b->dbi) == 0 &&
             mdb_txn_commit(txn) == 0,
         "raw database");
    snprintf(path, sizeof path, "%s/store", b->dir);
    struct zt_store_options options = {.dir = path, .map_size = MAP, .node_key = {key, sizeof key}};
    must(zt_store_open(&options, &b->store, NULL) == ZT_OK &&
             zt_log_embedded_open(b->store, &b->log) == ZT_OK,
         "store");
    zt_arena_init(&b->arena, ZT_APPLY_ARENA);
    zt_buf_init(&b->frame, (size_t)1 << 20);
    zt_buf_init(&b->item, (size_t)2 << 20);
}

static void close_all(struct bench *b)
{
    b->log->ops->close(&b->log);
    zt_store_close(&b->store);
    mdb_env_close(b->env);
    zt_arena_fini(&b->arena);
    zt_buf_fini(&b->frame);
    zt_buf_fini(&b->item);
    for (int i = 0; i < BATCH; i++)
        zt_buf_fini(&b->encoded[i]);
    nftw(b->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

// A new batch about new persons, encoded and parsed as intake has it when it begins to write.
static void make_batch(struct bench *b, struct zt_batch *batch)
{
    static uint8_t signature[ZT_SIG_LEN];
    *batch = (struct zt_batch){.source = ZT_SAMPLE_SOURCE,
                               .seq = ++b->seq,
                               .cursor = zt_bytes_str("row"),
                               .made_at = zt_now_ms(),
                               .records = b->records,
                               .record_count = BATCH,
                               .key_id = ZT_SAMPLE_KEY_ID,
                               .alg = ZT_SM2,
                               .signature = {signature, sizeof signature}};
    zt_arena_reset(&b->arena);
    for (unsigned i = 0; i < BATCH; i++) {
        struct zt_sample sample;
        zt_sample_account((unsigned)b->seq * BATCH + i, 1, &sample);
        zt_buf_init(&b->encoded[i], ZT_RECORD_MAX);
        must(zt_record_encode(&sample.record, &b->encoded[i]) == ZT_OK, "encode");
        b->records[i] = zt_buf_bytes(&b->encoded[i]);
        must(zt_record_parse(b->records[i], &b->arena, &b->parsed[i], NULL) == ZT_OK, "parse");
    }
    zt_buf_reset(&b->frame);
    must(zt_batch_encode(batch, &b->frame) == ZT_OK, "encode the batch");
}

static void raw_put(struct bench *b, MDB_txn *txn, size_t key_len, struct zt_bytes value, size_t head)
{
    static uint8_t room[(size_t)2 << 20];
    uint8_t key[64];
    must(zt_random(key, key_len) == ZT_OK, "random");
    memcpy(room + head, value.data, value.len);
    MDB_val k = {key_len, key}, v = {head + value.len, room};
    must(mdb_put(txn, b->dbi, &k, &v, 0) == 0, "raw put");
}

static void run_raw(struct bench *b, bool all)
{
    static const uint8_t nothing[256];
    MDB_txn *txn;
    must(mdb_txn_begin(b->env, NULL, 0, &txn) == 0, "raw begin");
    for (int i = 0; i < BATCH; i++) {
        raw_put(b, txn, RECORD_KEY, b->records[i], RECORD_HEAD);
        if (!all)
            continue;
        raw_put(b, txn, OWNER_KEY, (struct zt_bytes){nothing, OWNER_ROW}, 0);
        raw_put(b, txn, CHANGE_KEY, (struct zt_bytes){nothing, CHANGE_ROW}, 0);
    }
    if (all)
        raw_put(b, txn, 12, zt_buf_bytes(&b->frame), 28);
    must(mdb_txn_commit(txn) == 0, "raw commit");
}

static void run_store(struct bench *b, const struct zt_batch *batch)
{
    static struct zt_log_item item;
    struct zt_store_write *txn = NULL;
    uint64_t log_seq = 0;
    item.received_at = zt_now_ms();
    item.body = (struct zt_bytes){b->frame.data + ZT_WIRE_HEAD, b->frame.len - ZT_WIRE_HEAD};
    zt_buf_reset(&b->item);
    zt_log_item_encode(&item, &b->item);
    must(zt_store_begin(b->store, &txn) == ZT_OK, "begin");
    must(b->log->ops->append(b->log, 0, zt_buf_bytes(&b->item), &log_seq) == ZT_OK, "append");
    must(zt_apply_batch(txn, 0, log_seq, batch, b->parsed, &item, NULL) == ZT_OK, "apply");
    must(zt_store_commit(&txn) == ZT_OK, "commit");
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double rate(int64_t *took)
{
    qsort(took, ROUNDS, sizeof *took, compare);
    return BATCH * 1e9 / (double)took[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    static struct bench b;
    const char *parent = argc > 1 ? argv[1] : getenv("TMPDIR");
    open_all(&b, parent ? parent : "/tmp");
    for (int round = 0; round < ROUNDS; round++) {
        struct zt_batch batch;
        make_batch(&b, &batch);
        for (int side = 0; side < SIDES; side++) {
            int64_t start = zt_monotonic_ns();
            if (side == STORE)
                run_store(&b, &batch);
            else
                run_raw(&b, side == RAW_ALL);
            b.took[side][round] = zt_monotonic_ns() - start;
        }
        for (int i = 0; i < BATCH; i++)
            zt_buf_fini(&b.encoded[i]);
    }
    double rates[SIDES];
    for (int side = 0; side < SIDES; side++) {
        rates[side] = rate(b.took[side]);
        printf("%-22s %9.0f records/s\n", names[side], rates[side]);
    }
    printf("store / raw one row: %.2f   store / raw all rows: %.2f   (batches of %d, median of %d rounds)\n",
           rates[STORE] / rates[RAW_ONE], rates[STORE] / rates[RAW_ALL], BATCH, ROUNDS);
    close_all(&b);
    return 0;
}
