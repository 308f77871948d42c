// SPDX-License-Identifier: Apache-2.0
#include "broker/store/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto/hash.h"
#include "base/log.h"
#include "broker/store/internal.h"
#include "broker/store/row.h"

#define MAP_SIZE ((uint64_t)64 << 30)
#define FORMAT   1 // of keys and rows
// A row is never larger than a record and its head; the log has its own buffers.
#define ROW_MAX (ZT_RECORD_MAX + 1024)

// The store belongs to one node key: with another key every pseudonym would miss and every look-up would say
// "none". So the store keeps a mark made with the key, beside the number of its format, and refuses another.
static enum zt_err settings_of(const struct zt_store *store, struct zt_buf *out)
{
    struct zt_bytes part = zt_bytes_str("zhitong store node key");
    uint8_t mark[ZT_HASH_LEN];
    enum zt_err rc = zt_hmac_sm3((struct zt_bytes){store->node_key, sizeof store->node_key}, &part, 1, mark);
    zt_buf_put_be32(out, FORMAT);
    zt_buf_put(out, mark, sizeof mark);
    return rc == ZT_OK ? out->err : rc;
}

static enum zt_err check_settings(struct zt_store *store, struct zt_bytes wanted, struct zt_fault *fault)
{
    struct zt_store_key key;
    struct zt_kv_txn *txn = NULL;
    struct zt_bytes kept = {0};
    zt_store_key_meta(ZT_META_SETTINGS, &key);
    enum zt_err rc = zt_kv_begin(store->kv, false, &txn);
    if (rc == ZT_OK)
        rc = zt_kv_row_get(txn, ZT_DB_META, zt_store_key_bytes(&key), &kept);
    bool same_format = rc == ZT_OK && kept.len == wanted.len && memcmp(kept.data, wanted.data, 4) == 0;
    bool same = same_format && memcmp(kept.data, wanted.data, wanted.len) == 0;
    zt_kv_abort(&txn);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc == ZT_E_ABSENT ? ZT_E_CORRUPT : rc, "store.settings", store->dir,
                            "the store's own settings cannot be read");
    if (!same_format)
        return zt_fault_set(fault, ZT_E_CONFIG, "store.format", store->dir,
                            "the store has another format than this program's (%d)", FORMAT);
    if (!same)
        return zt_fault_set(fault, ZT_E_CONFIG, "store.node-key", store->dir,
                            "the store was made with another node key; give the key it was made with");
    return ZT_OK;
}

static void drop_dead_readers(struct zt_store *store)
{
    int cleared = 0;
    if (zt_kv_clear_dead_readers(store->kv, &cleared) == ZT_OK && cleared > 0)
        zt_log_info("ZT-STORE-READERS", "freed %d reader slots of processes that are gone", cleared);
}

enum zt_err zt_store_open(const struct zt_store_options *options, struct zt_store **store,
                          struct zt_fault *fault)
{
    uint64_t map_size = options->map_size ? options->map_size : MAP_SIZE;
    if (options->node_key.len != ZT_NODE_KEY_LEN)
        return zt_fault_set(fault, ZT_E_CONFIG, "store.node-key", options->dir,
                            "the node key has %zu bytes, not %d", options->node_key.len, ZT_NODE_KEY_LEN);
    struct zt_store *new = calloc(1, sizeof *new);
    if (!new)
        return zt_fault_set(fault, ZT_E_NOMEM, "store.memory", options->dir, "out of memory");
    memcpy(new->node_key, options->node_key.data, ZT_NODE_KEY_LEN);
    enum zt_err rc = ZT_OK;
    struct zt_buf settings;
    zt_buf_init(&settings, 64);
    new->dir = strdup(options->dir);
    if (!new->dir || zt_bell_new(&new->committed) != ZT_OK) {
        rc = zt_fault_set(fault, ZT_E_NOMEM, "store.memory", options->dir, "out of memory");
        goto out;
    }
    ZT_TRY(settings_of(new, &settings));
    ZT_TRY(zt_store_provision(new->dir, map_size, zt_buf_bytes(&settings), fault));
    ZT_TRY(zt_kv_open(new->dir, map_size, false, &new->kv, fault));
    ZT_TRY(check_settings(new, zt_buf_bytes(&settings), fault));
    drop_dead_readers(new);
    zt_store_alarm(new);
    *store = new;
    new = NULL;
out:
    zt_buf_fini(&settings);
    zt_store_close(&new);
    return rc;
}

void zt_store_close(struct zt_store **store)
{
    struct zt_store *end = *store;
    if (!end)
        return;
    *store = NULL;
    zt_kv_close(&end->kv);
    zt_bell_destroy(&end->committed);
    explicit_bzero(end->node_key, sizeof end->node_key);
    free(end->dir);
    free(end);
}

void zt_store_tend(struct zt_store *store)
{
    drop_dead_readers(store);
    zt_store_alarm(store);
}

enum zt_err zt_pseudonym(const struct zt_store *store, const char *id_type, const char *number,
                         uint8_t out[static ZT_PSEUDONYM_LEN])
{
    struct zt_bytes parts[] = {zt_bytes_str(id_type), zt_bytes_str("|"), zt_bytes_str(number)};
    uint8_t mac[ZT_HASH_LEN];
    enum zt_err rc = zt_hmac_sm3((struct zt_bytes){store->node_key, sizeof store->node_key}, parts, 3, mac);
    if (rc == ZT_OK)
        memcpy(out, mac, ZT_PSEUDONYM_LEN);
    return rc;
}

enum zt_err zt_store_record_hash(const struct zt_store *store, const char *type, const char *key,
                                 uint8_t out[static ZT_RECORD_HASH_LEN])
{
    static const uint8_t zero = 0;
    struct zt_bytes fence = {&zero, 1};
    struct zt_bytes parts[] = {zt_bytes_str("record-key"), fence, zt_bytes_str(type), fence,
                               zt_bytes_str(key)};
    uint8_t mac[ZT_HASH_LEN];
    enum zt_err rc = zt_hmac_sm3((struct zt_bytes){store->node_key, sizeof store->node_key}, parts, 5, mac);
    if (rc == ZT_OK)
        memcpy(out, mac, ZT_RECORD_HASH_LEN);
    return rc;
}

// --- write transactions ---

static void free_write(struct zt_store_write **txn)
{
    struct zt_store_write *end = *txn;
    *txn = NULL;
    end->store->current = NULL;
    zt_kv_abort(&end->txn);
    zt_buf_fini(&end->body);
    zt_buf_fini(&end->row);
    free(end);
}

enum zt_err zt_store_begin(struct zt_store *store, struct zt_store_write **txn)
{
    if (store->current)
        return ZT_E_STATE;
    struct zt_store_write *new = calloc(1, sizeof *new);
    if (!new)
        return ZT_E_NOMEM;
    new->store = store;
    zt_buf_init(&new->body, ROW_MAX);
    zt_buf_init(&new->row, ROW_MAX);
    enum zt_err rc = zt_kv_begin(store->kv, true, &new->txn);
    if (rc == ZT_OK)
        rc = zt_store_counts_get(new->txn, &new->counts);
    if (rc != ZT_OK) {
        free_write(&new);
        return rc;
    }
    store->current = new;
    *txn = new;
    return ZT_OK;
}

enum zt_err zt_store_error(const struct zt_store_write *txn)
{
    return zt_kv_error(txn->txn);
}

enum zt_err zt_store_commit(struct zt_store_write **txn)
{
    struct zt_store *store = (*txn)->store;
    if ((*txn)->counts_changed)
        zt_store_counts_put(*txn);
    enum zt_err rc = zt_kv_commit(&(*txn)->txn);
    free_write(txn);
    if (rc == ZT_OK)
        zt_bell_ring(store->committed);
    return rc;
}

void zt_store_abort(struct zt_store_write **txn)
{
    if (*txn)
        free_write(txn);
}

// --- read transactions ---

enum zt_err zt_store_reader(struct zt_store *store, struct zt_store_read **read)
{
    struct zt_store_read *new = calloc(1, sizeof *new);
    if (!new)
        return ZT_E_NOMEM;
    new->store = store;
    enum zt_err rc = zt_kv_begin(store->kv, false, &new->txn);
    if (rc == ZT_OK)
        rc = zt_kv_cursor_open(new->txn, ZT_DB_RECORDS, &new->records);
    if (rc != ZT_OK) {
        zt_store_reader_close(&new);
        return rc;
    }
    zt_kv_reset(new->txn);
    *read = new;
    return ZT_OK;
}

void zt_store_reader_close(struct zt_store_read **read)
{
    if (!*read)
        return;
    zt_kv_cursor_close(&(*read)->records);
    zt_kv_abort(&(*read)->txn);
    free(*read);
    *read = NULL;
}

enum zt_err zt_store_renew(struct zt_store_read *read)
{
    enum zt_err rc = zt_kv_renew(read->txn);
    read->live = rc == ZT_OK;
    return rc;
}

void zt_store_reset(struct zt_store_read *read)
{
    zt_kv_reset(read->txn);
    read->live = false;
}
