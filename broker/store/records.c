// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/crypto/hash.h"
#include "broker/store/internal.h"
#include "broker/store/row.h"

#define OWNER_DELETED 1u

static void encode_owner(const struct zt_owner *owner, struct zt_buf *out)
{
    zt_buf_reset(out);
    zt_buf_put_be64(out, owner->version);
    zt_buf_put_u8(out, owner->deleted ? OWNER_DELETED : 0);
    zt_buf_put_u8(out, (uint8_t)owner->subject_count);
    zt_buf_put(out, owner->subjects, owner->subject_count * ZT_PSEUDONYM_LEN);
}

static enum zt_err parse_owner(struct zt_bytes body, struct zt_owner *owner)
{
    struct zt_take take = {.rest = body};
    owner->version = zt_take_be(&take, 8);
    owner->deleted = zt_take_be(&take, 1) == OWNER_DELETED;
    owner->subject_count = (size_t)zt_take_be(&take, 1);
    if (take.bad || owner->subject_count > ZT_RECORD_MAX_SUBJECTS ||
        take.rest.len != owner->subject_count * ZT_PSEUDONYM_LEN)
        return ZT_E_CORRUPT;
    memcpy(owner->subjects, take.rest.data, take.rest.len);
    return ZT_OK;
}

static bool owner_has(const struct zt_owner *owner, const uint8_t *subject)
{
    for (size_t i = 0; i < owner->subject_count; i++)
        if (memcmp(owner->subjects[i], subject, ZT_PSEUDONYM_LEN) == 0)
            return true;
    return false;
}

// A subject that a record names twice has one row.
static enum zt_err owner_of(const struct zt_store *store, const struct zt_record *record,
                            struct zt_owner *owner)
{
    if (record->subject_count == 0 || record->subject_count > ZT_RECORD_MAX_SUBJECTS)
        return ZT_E_INPUT;
    *owner = (struct zt_owner){.version = record->version, .deleted = record->deleted};
    for (size_t i = 0; i < record->subject_count; i++) {
        uint8_t *at = owner->subjects[owner->subject_count];
        enum zt_err rc = zt_pseudonym(store, record->subjects[i].id_type, record->subjects[i].number, at);
        if (rc != ZT_OK)
            return rc;
        if (!owner_has(owner, at))
            owner->subject_count++;
    }
    return ZT_OK;
}

static void drop_rows(struct zt_store_write *txn, const struct zt_record *record, const uint8_t *hash,
                      const struct zt_owner *old, const struct zt_owner *new)
{
    for (size_t i = 0; i < old->subject_count; i++) {
        struct zt_store_key key;
        if (owner_has(new, old->subjects[i]))
            continue;
        zt_store_key_record(old->subjects[i], record->type, hash, &key);
        zt_kv_del(txn->txn, ZT_DB_RECORDS, zt_store_key_bytes(&key));
    }
}

static enum zt_err put_rows(struct zt_store_write *txn, const struct zt_record *record, const uint8_t *hash,
                            const struct zt_owner *owner, struct zt_record_row *row)
{
    enum zt_err rc = zt_hash_of(ZT_SM3, row->encoded, row->digest);
    for (size_t i = 0; rc == ZT_OK && i < owner->subject_count; i++) {
        struct zt_store_key key;
        zt_store_key_record(owner->subjects[i], record->type, hash, &key);
        rc = zt_record_row_encode(zt_store_key_bytes(&key), row, &txn->row);
        if (rc == ZT_OK)
            zt_kv_put(txn->txn, ZT_DB_RECORDS, zt_store_key_bytes(&key), zt_buf_bytes(&txn->row));
    }
    return rc;
}

// One change names everybody whom it concerns: the subjects now and those who are no longer.
static void put_change(struct zt_store_write *txn, const struct zt_record *record, const uint8_t *hash,
                       const struct zt_owner *old, const struct zt_owner *new, uint64_t log_seq)
{
    struct zt_store_key key;
    size_t gone = 0;
    for (size_t i = 0; i < old->subject_count; i++)
        gone += !owner_has(new, old->subjects[i]);
    zt_buf_reset(&txn->body);
    zt_buf_put_be64(&txn->body, record->version);
    zt_buf_put_be64(&txn->body, log_seq);
    zt_buf_put_u8(&txn->body, record->deleted ? OWNER_DELETED : 0);
    zt_buf_put(&txn->body, hash, ZT_RECORD_HASH_LEN);
    zt_buf_put_u8(&txn->body, (uint8_t)(new->subject_count + gone));
    zt_buf_put(&txn->body, new->subjects, new->subject_count *ZT_PSEUDONYM_LEN);
    for (size_t i = 0; i < old->subject_count; i++)
        if (!owner_has(new, old->subjects[i]))
            zt_buf_put(&txn->body, old->subjects[i], ZT_PSEUDONYM_LEN);
    zt_buf_put_str(&txn->body, record->type);
    zt_store_key_change(++txn->counts.change, &key);
    zt_kv_row_put(txn->txn, ZT_DB_CHANGES, zt_store_key_bytes(&key), zt_buf_bytes(&txn->body), &txn->row);
}

static void count(struct zt_store_write *txn, bool known, const struct zt_owner *old,
                  const struct zt_owner *new)
{
    if (known)
        *(old->deleted ? &txn->counts.tombstones : &txn->counts.live) -= 1;
    *(new->deleted ? &txn->counts.tombstones : &txn->counts.live) += 1;
    txn->counts_changed = true;
}

static enum zt_err find_owner(struct zt_store_write *txn, struct zt_bytes key, struct zt_owner *owner,
                              bool *known)
{
    struct zt_bytes body;
    enum zt_err rc = zt_kv_row_get(txn->txn, ZT_DB_OWNERS, key, &body);
    *known = rc == ZT_OK;
    if (rc == ZT_E_ABSENT)
        return ZT_OK;
    return rc == ZT_OK ? parse_owner(body, owner) : rc;
}

static enum zt_err put(struct zt_store_write *txn, const struct zt_record *record, struct zt_record_row *row,
                       enum zt_put *result)
{
    uint8_t hash[ZT_RECORD_HASH_LEN];
    struct zt_owner old = {0}, new;
    struct zt_store_key key;
    bool known = false;
    enum zt_err rc;
    ZT_TRY(zt_store_record_hash(txn->store, record->type, record->key, hash));
    zt_store_key_owner(record->type, hash, &key);
    ZT_TRY(find_owner(txn, zt_store_key_bytes(&key), &old, &known));
    if (known && record->version <= old.version) {
        *result = ZT_PUT_OLDER;
        return ZT_OK;
    }
    ZT_TRY(owner_of(txn->store, record, &new));
    drop_rows(txn, record, hash, &old, &new);
    ZT_TRY(put_rows(txn, record, hash, &new, row));
    encode_owner(&new, &txn->body);
    zt_kv_row_put(txn->txn, ZT_DB_OWNERS, zt_store_key_bytes(&key), zt_buf_bytes(&txn->body), &txn->row);
    put_change(txn, record, hash, &old, &new, row->log_seq);
    count(txn, known, &old, &new);
    ZT_TRY(zt_kv_error(txn->txn));
    *result = known ? ZT_PUT_NEWER : ZT_PUT_NEW;
out:
    return rc;
}

void zt_store_put(struct zt_store_write *txn, const struct zt_record *record, struct zt_bytes encoded,
                  uint64_t log_seq, uint32_t index, enum zt_put *result)
{
    struct zt_record_row row = {.log_seq = log_seq, .index = index, .encoded = encoded};
    if (zt_kv_error(txn->txn) != ZT_OK)
        return;
    enum zt_err rc = put(txn, record, &row, result);
    if (rc != ZT_OK)
        zt_kv_fail(txn->txn, rc);
}
