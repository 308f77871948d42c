// SPDX-License-Identifier: Apache-2.0
// Keys of the store's databases, one typed function each. Big-endian, so that order is meaning.
//
//   records  subject (16) ‖ type ‖ 0 ‖ key hash (16)     all of a subject lies together, by type
//   owners   type ‖ 0 ‖ key hash (16)                    which version is in force, and under which subjects
//   changes  be64 change sequence
//   sources  name of the stream
//   log      be32 partition ‖ be64 sequence              sequence 0 is the head row
//   meta     name, or name ‖ 0 ‖ be32
//
// A record's own key may be longer than LMDB allows and may hold an identity number, so it enters only as the
// first 16 bytes of an HMAC under the node's key (zt_store_record_hash).
#ifndef ZT_BROKER_STORE_KEYS_H
#define ZT_BROKER_STORE_KEYS_H

#include "base/buf.h"
#include "proto/ledger.h"
#include "proto/record.h"

#define ZT_RECORD_HASH_LEN 16
#define ZT_STORE_KEY_MAX   (ZT_PSEUDONYM_LEN + ZT_RECORD_TYPE_MAX + ZT_RECORD_HASH_LEN)

struct zt_store_key {
    uint8_t data[ZT_STORE_KEY_MAX];
    size_t len;
};
struct zt_bytes zt_store_key_bytes(const struct zt_store_key *key); // a view; key must stay

// `type` has fewer than ZT_RECORD_TYPE_MAX characters, `name` fewer than ZT_STORE_KEY_MAX - 5: a longer one
// is our own bug and gives a key of length 0, which LMDB refuses.
void zt_store_key_record(const uint8_t subject[static ZT_PSEUDONYM_LEN], const char *type,
                         const uint8_t hash[static ZT_RECORD_HASH_LEN], struct zt_store_key *key);
// Prefix of all records of a subject, of one type or (NULL) of all types.
void zt_store_key_subject(const uint8_t subject[static ZT_PSEUDONYM_LEN], const char *type,
                          struct zt_store_key *key);
void zt_store_key_owner(const char *type, const uint8_t hash[static ZT_RECORD_HASH_LEN],
                        struct zt_store_key *key);
void zt_store_key_change(uint64_t seq, struct zt_store_key *key);
void zt_store_key_source(const char *name, struct zt_store_key *key);
void zt_store_key_log(uint32_t partition, uint64_t seq, struct zt_store_key *key);
void zt_store_key_meta(const char *name, struct zt_store_key *key);
void zt_store_key_meta_of(const char *name, uint32_t number, struct zt_store_key *key);

// The other way, for the log's cursor; false when the key is of another shape.
bool zt_store_key_log_parse(struct zt_bytes key, uint32_t *partition, uint64_t *seq);

#endif
