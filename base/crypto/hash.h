// SPDX-License-Identifier: Apache-2.0
// Hashes and MACs: SHA-256 (FIPS 180-4), SM3 (GB/T 32905), HMAC-SM3, SM4-CTR (GB/T 32907), random bytes.
//
// Rules: one-shot functions; contexts are kept per thread inside, so calls are thread safe and cost no
// allocation after the first. Failure of the library is ZT_E_CRYPTO and must stop the operation.
#ifndef ZT_BASE_CRYPTO_HASH_H
#define ZT_BASE_CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define ZT_HASH_LEN    32 // SHA-256 and SM3 alike
#define ZT_SM4_KEY_LEN 16

enum zt_hash { ZT_SHA256, ZT_SM3 };

ZT_MUST_USE enum zt_err zt_hash_of(enum zt_hash kind, struct zt_bytes data, uint8_t out[static ZT_HASH_LEN]);
// Over several parts joined without separator.
ZT_MUST_USE enum zt_err zt_hash_parts(enum zt_hash kind, const struct zt_bytes *parts, size_t count,
                                      uint8_t out[static ZT_HASH_LEN]);
ZT_MUST_USE enum zt_err zt_hmac_sm3(struct zt_bytes key, const struct zt_bytes *parts, size_t count,
                                    uint8_t out[static ZT_HASH_LEN]);
// In place is allowed; iv is 16 bytes and must never repeat under one key.
ZT_MUST_USE enum zt_err zt_sm4_ctr(const uint8_t key[static ZT_SM4_KEY_LEN], const uint8_t iv[static 16],
                                   struct zt_bytes in, uint8_t *out);
ZT_MUST_USE enum zt_err zt_random(uint8_t *out, size_t len);
int zt_equal_ct(const uint8_t *a, const uint8_t *b, size_t len); // constant time; 1 when equal

#endif
