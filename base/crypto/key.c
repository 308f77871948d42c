// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

// Of RFC 5480 with an uncompressed point on a named 256-bit curve, and of RFC 8410.
#define SPKI_EC_LEN      91
#define SPKI_ED25519_LEN 44

static bool on_named_curve(EVP_PKEY *pkey, const char *curve)
{
    char name[32];
    size_t len;
    int explicit_parameters = 0;
    if (EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) ==
            1 &&
        explicit_parameters)
        return false;
    return EVP_PKEY_get_group_name(pkey, name, sizeof name, &len) == 1 && strcmp(name, curve) == 0;
}

static bool kind_of(EVP_PKEY *pkey, enum zt_sig_alg *alg)
{
    if (EVP_PKEY_is_a(pkey, "ED25519"))
        *alg = ZT_ED25519;
    else if (EVP_PKEY_is_a(pkey, "SM2") && on_named_curve(pkey, "SM2"))
        *alg = ZT_SM2;
    else if (EVP_PKEY_is_a(pkey, "EC") && on_named_curve(pkey, "prime256v1"))
        *alg = ZT_ES256;
    else
        return false;
    return true;
}

// The point at infinity and points off the curve must not get as far as a verification.
static bool is_sound(EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool sound = ctx && EVP_PKEY_public_check(ctx) == 1;
    EVP_PKEY_CTX_free(ctx);
    return sound;
}

enum zt_err zt_key_wrap(EVP_PKEY *pkey, struct zt_key **key)
{
    enum zt_sig_alg alg;
    struct zt_key *made = NULL;
    enum zt_err rc = ZT_E_CRYPTO;
    if (!pkey || !kind_of(pkey, &alg) || !is_sound(pkey))
        goto out;
    made = malloc(sizeof *made);
    rc = made ? ZT_OK : ZT_E_NOMEM;
    if (!made)
        goto out;
    *made = (struct zt_key){pkey, alg};
    pkey = NULL;
    *key = made;
out:
    EVP_PKEY_free(pkey);
    return rc;
}

enum zt_err zt_key_new(enum zt_sig_alg alg, struct zt_key **key)
{
    switch (alg) {
    case ZT_ES256:
        return zt_key_wrap(EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"), key);
    case ZT_SM2:
        return zt_key_wrap(EVP_PKEY_Q_keygen(NULL, NULL, "SM2"), key);
    case ZT_ED25519:
        return zt_key_wrap(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), key);
    }
    return ZT_E_INPUT;
}

enum zt_err zt_key_from_spki(struct zt_bytes der, struct zt_key **key)
{
    const unsigned char *at = der.data;
    if (der.len != SPKI_EC_LEN && der.len != SPKI_ED25519_LEN)
        return ZT_E_CRYPTO;
    struct zt_key *made = NULL;
    enum zt_err rc = zt_key_wrap(d2i_PUBKEY(NULL, &at, (long)der.len), &made);
    if (rc != ZT_OK)
        return rc;
    // One key has one text: what does not encode to itself again (trailing bytes, BER) is refused.
    struct zt_buf again;
    zt_buf_init(&again, der.len + 64);
    rc = zt_key_to_spki(made, &again);
    if (rc == ZT_OK && !zt_bytes_equal(zt_buf_bytes(&again), der))
        rc = ZT_E_CRYPTO;
    zt_buf_fini(&again);
    if (rc == ZT_OK)
        *key = made;
    else
        zt_key_destroy(&made);
    return rc;
}

enum zt_err zt_key_to_spki(const struct zt_key *key, struct zt_buf *der)
{
    unsigned char *made = NULL;
    int len = i2d_PUBKEY(key->pkey, &made);
    if (len <= 0)
        return ZT_E_CRYPTO;
    zt_buf_put(der, made, (size_t)len);
    OPENSSL_free(made);
    return der->err;
}

enum zt_err zt_key_from_ed25519(const uint8_t public_key[static ZT_ED25519_LEN], struct zt_key **key)
{
    return zt_key_wrap(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, ZT_ED25519_LEN), key);
}

enum zt_err zt_key_ed25519_public(const struct zt_key *key, uint8_t out[static ZT_ED25519_LEN])
{
    size_t len = ZT_ED25519_LEN;
    if (key->alg != ZT_ED25519)
        return ZT_E_INPUT;
    return EVP_PKEY_get_raw_public_key(key->pkey, out, &len) == 1 ? ZT_OK : ZT_E_CRYPTO;
}

enum zt_sig_alg zt_key_alg(const struct zt_key *key)
{
    return key->alg;
}

void zt_key_destroy(struct zt_key **key)
{
    if (!*key)
        return;
    EVP_PKEY_free((*key)->pkey);
    free(*key);
    *key = NULL;
}
