// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/crypto/merkle.h"
#include "broker/ledger/journal.h"

#define CHECK_LEN   8
#define FIRST       UINT32_C(0x80000000)
#define FOLLOW_BIT  16
#define LENGTH_MASK UINT32_C(0xffff)

static uint64_t read_be64(const uint8_t *at)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | at[i];
    return value;
}

static void put_be(uint64_t value, int bytes, uint8_t *out)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

static uint64_t check_of(const uint8_t *salt, uint64_t index, const uint8_t *leaf)
{
    return read_be64(leaf) ^ (read_be64(salt) + index);
}

size_t zt_record_put(const uint8_t salt[static ZT_SEGMENT_SALT], uint64_t index,
                     const struct zt_journal_record *record, uint8_t *out)
{
    put_be((record->first ? FIRST : 0) | record->follow << FOLLOW_BIT | (uint32_t)record->entry.len, 4, out);
    put_be(check_of(salt, index, record->leaf), CHECK_LEN, out + 4);
    memcpy(out + ZT_JOURNAL_HEAD, record->entry.data, record->entry.len);
    return ZT_JOURNAL_HEAD + record->entry.len;
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

enum zt_err zt_record_index(const uint8_t salt[static ZT_SEGMENT_SALT], struct zt_journal_record *record,
                            uint64_t *index)
{
    enum zt_err rc = zt_merkle_leaf(ZT_SHA256, record->entry, record->leaf);
    if (rc == ZT_OK)
        *index = (read_be64(record->entry.data - CHECK_LEN) ^ read_be64(record->leaf)) - read_be64(salt);
    return rc;
}

enum zt_err zt_journal_record_check(const uint8_t salt[static ZT_SEGMENT_SALT], uint64_t index,
                                    struct zt_journal_record *record)
{
    uint64_t claimed;
    enum zt_err rc = zt_record_index(salt, record, &claimed);
    if (rc != ZT_OK)
        return rc;
    return claimed == index ? ZT_OK : ZT_E_CORRUPT;
}
