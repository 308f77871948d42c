// SPDX-License-Identifier: Apache-2.0
#include "broker/store/keys.h"

#include <string.h>

struct zt_bytes zt_store_key_bytes(const struct zt_store_key *key)
{
    return (struct zt_bytes){key->data, key->len};
}

static void put(struct zt_store_key *key, const void *data, size_t len)
{
    memcpy(key->data + key->len, data, len);
    key->len += len;
}

static void put_be(struct zt_store_key *key, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        key->data[key->len++] = (uint8_t)(value >> (8 * (width - 1 - i)));
}

static bool put_type(struct zt_store_key *key, const char *type)
{
    size_t len = strnlen(type, ZT_RECORD_TYPE_MAX);
    if (len == 0 || len >= ZT_RECORD_TYPE_MAX) {
        key->len = 0;
        return false;
    }
    put(key, type, len + 1);
    return true;
}

void zt_store_key_record(const uint8_t subject[static ZT_PSEUDONYM_LEN], const char *type,
                         const uint8_t hash[static ZT_RECORD_HASH_LEN], struct zt_store_key *key)
{
    key->len = 0;
    put(key, subject, ZT_PSEUDONYM_LEN);
    if (put_type(key, type))
        put(key, hash, ZT_RECORD_HASH_LEN);
}

void zt_store_key_subject(const uint8_t subject[static ZT_PSEUDONYM_LEN], const char *type,
                          struct zt_store_key *key)
{
    key->len = 0;
    put(key, subject, ZT_PSEUDONYM_LEN);
    if (type)
        put_type(key, type);
}

void zt_store_key_owner(const char *type, const uint8_t hash[static ZT_RECORD_HASH_LEN],
                        struct zt_store_key *key)
{
    key->len = 0;
    if (put_type(key, type))
        put(key, hash, ZT_RECORD_HASH_LEN);
}

void zt_store_key_change(uint64_t seq, struct zt_store_key *key)
{
    key->len = 0;
    put_be(key, seq, 8);
}

static bool put_name(struct zt_store_key *key, const char *name)
{
    key->len = 0;
    size_t len = strnlen(name, ZT_STORE_KEY_MAX);
    if (len >= ZT_STORE_KEY_MAX - 5)
        return false;
    put(key, name, len);
    return true;
}

void zt_store_key_source(const char *name, struct zt_store_key *key)
{
    put_name(key, name);
}

void zt_store_key_log(uint32_t partition, uint64_t seq, struct zt_store_key *key)
{
    key->len = 0;
    put_be(key, partition, 4);
    put_be(key, seq, 8);
}

void zt_store_key_meta(const char *name, struct zt_store_key *key)
{
    put_name(key, name);
}

void zt_store_key_meta_of(const char *name, uint32_t number, struct zt_store_key *key)
{
    if (!put_name(key, name))
        return;
    put_be(key, 0, 1);
    put_be(key, number, 4);
}

bool zt_store_key_log_parse(struct zt_bytes key, uint32_t *partition, uint64_t *seq)
{
    if (key.len != 12)
        return false;
    uint64_t high = 0, low = 0;
    for (size_t i = 0; i < 4; i++)
        high = high << 8 | key.data[i];
    for (size_t i = 4; i < 12; i++)
        low = low << 8 | key.data[i];
    *partition = (uint32_t)high;
    *seq = low;
    return true;
}
