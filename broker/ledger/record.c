// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/crypto/hash.h"
#include "broker/ledger/journal.h"

#define DIGEST_LEN  8
#define FIRST       UINT32_C(0x80000000)
#define FOLLOW_BIT  16
#define LENGTH_MASK UINT32_C(0xffff)

static enum zt_err digest_of(const uint8_t *salt, uint64_t index, struct zt_bytes entry, uint8_t *out)
{
    uint8_t number[8], hash[ZT_HASH_LEN];
    for (int i = 0; i < 8; i++)
        number[i] = (uint8_t)(index >> (56 - 8 * i));
    const struct zt_bytes parts[] = {{salt, ZT_SEGMENT_SALT}, {number, sizeof number}, entry};
    enum zt_err rc = zt_hash_parts(ZT_SM3, parts, 3, hash);
    if (rc == ZT_OK)
        memcpy(out, hash, DIGEST_LEN);
    return rc;
}

enum zt_err zt_record_put(const uint8_t salt[static ZT_SEGMENT_SALT], uint64_t index,
                          const struct zt_journal_record *record, uint8_t *out, size_t *size)
{
    enum zt_err rc = digest_of(salt, index, record->entry, out + 4);
    if (rc != ZT_OK)
        return rc;
    uint32_t head = (record->first ? FIRST : 0) | record->follow << FOLLOW_BIT | (uint32_t)record->entry.len;
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(head >> (24 - 8 * i));
    memcpy(out + ZT_JOURNAL_HEAD, record->entry.data, record->entry.len);
    *size = ZT_JOURNAL_HEAD + record->entry.len;
    return ZT_OK;
}

static uint32_t read_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

enum zt_err zt_record_get(struct zt_bytes bytes, struct zt_journal_record *record)
{
    if (bytes.len < ZT_JOURNAL_HEAD)
        return ZT_E_LIMIT;
    uint32_t head = read_be32(bytes.data);
    uint32_t len = head & LENGTH_MASK;
    uint32_t follow = (head & ~FIRST) >> FOLLOW_BIT;
    if (head == 0)
        return ZT_E_ABSENT;
    if (len == 0 || len > ZT_ENTRY_MAX || follow >= ZT_LEDGER_APPEND)
        return ZT_E_CORRUPT;
    if (bytes.len - ZT_JOURNAL_HEAD < len)
        return ZT_E_LIMIT;
    record->entry = (struct zt_bytes){bytes.data + ZT_JOURNAL_HEAD, len};
    record->first = (head & FIRST) != 0;
    record->follow = follow;
    return ZT_OK;
}

enum zt_err zt_record_check(const uint8_t salt[static ZT_SEGMENT_SALT], uint64_t index, struct zt_bytes entry)
{
    uint8_t digest[DIGEST_LEN];
    enum zt_err rc = digest_of(salt, index, entry, digest);
    if (rc != ZT_OK)
        return rc;
    return memcmp(digest, entry.data - DIGEST_LEN, DIGEST_LEN) == 0 ? ZT_OK : ZT_E_CORRUPT;
}
