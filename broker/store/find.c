// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "broker/store/internal.h"

static bool starts_with(struct zt_bytes key, struct zt_bytes prefix)
{
    return key.len >= prefix.len && memcmp(key.data, prefix.data, prefix.len) == 0;
}

// Own bytes that no longer parse after their digest held: the record was written by a broken program.
static enum zt_err open_stored(struct zt_bytes key, struct zt_bytes value, struct zt_arena *arena,
                               struct zt_stored *stored)
{
    struct zt_record_row row;
    enum zt_err rc = zt_record_row_open(key, value, &row);
    if (rc != ZT_OK)
        return rc;
    rc = zt_record_parse(row.encoded, arena, &stored->record, NULL);
    if (rc != ZT_OK)
        return rc == ZT_E_INPUT ? ZT_E_CORRUPT : rc;
    stored->encoded = row.encoded;
    stored->log_seq = row.log_seq;
    stored->index = row.index;
    memcpy(stored->digest, row.digest, sizeof stored->digest);
    return ZT_OK;
}

enum zt_err zt_store_find(struct zt_store_read *read, const uint8_t subject[static ZT_PSEUDONYM_LEN],
                          const char *type, struct zt_arena *arena, zt_stored_fn *each, void *arg)
{
    struct zt_store_key prefix;
    struct zt_bytes key, value;
    if (!read->live)
        return ZT_E_STATE;
    if (type && (type[0] == '\0' || strnlen(type, ZT_RECORD_TYPE_MAX) == ZT_RECORD_TYPE_MAX))
        return ZT_E_INPUT;
    zt_store_key_subject(subject, type, &prefix);
    enum zt_err rc = zt_kv_seek(read->records, zt_store_key_bytes(&prefix), &key, &value);
    while (rc == ZT_OK && starts_with(key, zt_store_key_bytes(&prefix))) {
        struct zt_stored stored;
        rc = open_stored(key, value, arena, &stored);
        if (rc != ZT_OK)
            return rc;
        if (!stored.record.deleted && !each(arg, &stored))
            return ZT_OK;
        rc = zt_kv_next(read->records, &key, &value);
    }
    return rc == ZT_E_ABSENT ? ZT_OK : rc;
}
