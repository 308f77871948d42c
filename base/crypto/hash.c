// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hash.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_KEY_MAX 64 // bytes: one block of SM3

// Fetched once for the process and never changed again: a fetch costs more than the hash of a short text.
static struct {
    pthread_once_t once;
    pthread_key_t at_exit;
    EVP_MD *md[2];
    EVP_MAC *hmac;
    EVP_CIPHER *sm4_ctr;
    bool good;
} shared = {.once = PTHREAD_ONCE_INIT};

// What one thread works with; freed when the thread ends.
struct contexts {
    EVP_MD_CTX *md[2];
    EVP_CIPHER_CTX *sm4_ctr;
    // Setting an HMAC key costs as much as the MAC of a short text, and a thread nearly always uses one key:
    // the last one stays set. The context would hold it anyway; both are wiped with the thread.
    EVP_MAC_CTX *hmac;
    bool key_set;
    size_t key_len;
    uint8_t key[KEPT_KEY_MAX];
};
static _Thread_local struct contexts *mine;

static void free_contexts(void *arg)
{
    struct contexts *own = arg;
    EVP_MD_CTX_free(own->md[ZT_SHA256]);
    EVP_MD_CTX_free(own->md[ZT_SM3]);
    EVP_CIPHER_CTX_free(own->sm4_ctr);
    EVP_MAC_CTX_free(own->hmac);
    explicit_bzero(own, sizeof *own);
    free(own);
    mine = NULL;
}

static void fetch_shared(void)
{
    if (pthread_key_create(&shared.at_exit, free_contexts) != 0)
        return;
    shared.md[ZT_SHA256] = EVP_MD_fetch(NULL, "SHA256", NULL);
    shared.md[ZT_SM3] = EVP_MD_fetch(NULL, "SM3", NULL);
    shared.sm4_ctr = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    shared.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    shared.good = shared.md[ZT_SHA256] && shared.md[ZT_SM3] && shared.sm4_ctr && shared.hmac;
}

static enum zt_err make_contexts(void)
{
    pthread_once(&shared.once, fetch_shared);
    if (!shared.good)
        return ZT_E_CRYPTO;
    struct contexts *own = calloc(1, sizeof *own);
    if (!own)
        return ZT_E_NOMEM;
    own->md[ZT_SHA256] = EVP_MD_CTX_new();
    own->md[ZT_SM3] = EVP_MD_CTX_new();
    own->sm4_ctr = EVP_CIPHER_CTX_new();
    own->hmac = EVP_MAC_CTX_new(shared.hmac);
    if (!own->md[ZT_SHA256] || !own->md[ZT_SM3] || !own->sm4_ctr || !own->hmac ||
        pthread_setspecific(shared.at_exit, own) != 0) {
        free_contexts(own);
        return ZT_E_NOMEM;
    }
    mine = own;
    return ZT_OK;
}

static enum zt_err use_contexts(void)
{
    return mine ? ZT_OK : make_contexts();
}

static bool digest(enum zt_hash kind, const struct zt_bytes *parts, size_t count, uint8_t out[ZT_HASH_LEN])
{
    EVP_MD_CTX *ctx = mine->md[kind];
    if (EVP_DigestInit_ex2(ctx, shared.md[kind], NULL) != 1)
        return false;
    for (size_t i = 0; i < count; i++)
        if (parts[i].len && EVP_DigestUpdate(ctx, parts[i].data, parts[i].len) != 1)
            return false;
    return EVP_DigestFinal_ex(ctx, out, NULL) == 1;
}

enum zt_err zt_hash_parts(enum zt_hash kind, const struct zt_bytes *parts, size_t count,
                          uint8_t out[static ZT_HASH_LEN])
{
    if (kind != ZT_SHA256 && kind != ZT_SM3)
        return ZT_E_BUG;
    enum zt_err rc = use_contexts();
    uint8_t result[ZT_HASH_LEN];
    if (rc == ZT_OK && !digest(kind, parts, count, result))
        rc = ZT_E_CRYPTO;
    if (rc == ZT_OK)
        memcpy(out, result, sizeof result);
    return rc;
}

enum zt_err zt_hash_of(enum zt_hash kind, struct zt_bytes data, uint8_t out[static ZT_HASH_LEN])
{
    return zt_hash_parts(kind, &data, 1, out);
}

static bool set_hmac_key(struct contexts *own, struct zt_bytes key)
{
    if (own->key_set && key.len == own->key_len && CRYPTO_memcmp(own->key, key.data, key.len) == 0)
        return EVP_MAC_init(own->hmac, NULL, 0, NULL) == 1;
    char sm3[] = "SM3";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sm3, 0),
                           OSSL_PARAM_construct_end()};
    own->key_set = false;
    if (EVP_MAC_init(own->hmac, key.data, key.len, params) != 1)
        return false;
    if (key.len <= sizeof own->key) {
        explicit_bzero(own->key, sizeof own->key);
        memcpy(own->key, key.data, key.len);
        own->key_len = key.len;
        own->key_set = true;
    }
    return true;
}

static bool mac(struct contexts *own, const struct zt_bytes *parts, size_t count, uint8_t out[ZT_HASH_LEN])
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        if (parts[i].len && EVP_MAC_update(own->hmac, parts[i].data, parts[i].len) != 1)
            return false;
    return EVP_MAC_final(own->hmac, out, &len, ZT_HASH_LEN) == 1 && len == ZT_HASH_LEN;
}

enum zt_err zt_hmac_sm3(struct zt_bytes key, const struct zt_bytes *parts, size_t count,
                        uint8_t out[static ZT_HASH_LEN])
{
    static const uint8_t empty[1];
    if (!key.data)
        key = (struct zt_bytes){empty, 0}; // OpenSSL takes NULL for "the key of before"
    enum zt_err rc = use_contexts();
    uint8_t result[ZT_HASH_LEN];
    if (rc == ZT_OK && !(set_hmac_key(mine, key) && mac(mine, parts, count, result)))
        rc = ZT_E_CRYPTO;
    if (rc == ZT_OK)
        memcpy(out, result, sizeof result);
    return rc;
}

enum zt_err zt_sm4_ctr(const uint8_t key[static ZT_SM4_KEY_LEN], const uint8_t iv[static 16],
                       struct zt_bytes in, uint8_t *out)
{
    if (in.len > INT_MAX)
        return ZT_E_LIMIT;
    enum zt_err rc = use_contexts();
    if (rc != ZT_OK)
        return rc;
    int len = 0;
    EVP_CIPHER_CTX *ctx = mine->sm4_ctr;
    if (EVP_EncryptInit_ex2(ctx, shared.sm4_ctr, key, iv, NULL) != 1)
        return ZT_E_CRYPTO;
    if (in.len && (EVP_EncryptUpdate(ctx, out, &len, in.data, (int)in.len) != 1 || len != (int)in.len))
        rc = ZT_E_CRYPTO;
    return rc;
}

enum zt_err zt_random(uint8_t *out, size_t len)
{
    return RAND_bytes_ex(NULL, out, len, 0) == 1 ? ZT_OK : ZT_E_CRYPTO;
}

int zt_equal_ct(const uint8_t *a, const uint8_t *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}
