// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/sign.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/crypto/key.h"

#define HALF     32 // bytes of r, and of s
#define DER_ROOM 80 // an ECDSA-Sig-Value of two 32-byte integers is at most 72 bytes

static const char *const names[] = {[ZT_ES256] = "ES256", [ZT_SM2] = "SM2", [ZT_ED25519] = "EdDSA"};

// The orders of the two groups: FIPS 186-4 D.1.2.3 and GB/T 32918.5-2017 section 2.
static const uint8_t order_p256[HALF] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                         0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
static const uint8_t order_sm2[HALF] = {0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0x72, 0x03, 0xdf, 0x6b, 0x21, 0xc6,
                                        0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x23};

const char *zt_sig_alg_name(enum zt_sig_alg alg)
{
    return alg >= ZT_ES256 && alg <= ZT_ED25519 ? names[alg] : "";
}

enum zt_err zt_sig_alg_parse(const char *name, enum zt_sig_alg *alg)
{
    for (int i = ZT_ES256; i <= ZT_ED25519; i++) {
        if (strcmp(name, names[i]) == 0) {
            *alg = (enum zt_sig_alg)i;
            return ZT_OK;
        }
    }
    return ZT_E_INPUT;
}

static const EVP_MD *digest_of(enum zt_sig_alg alg)
{
    if (alg == ZT_ED25519)
        return NULL; // hashes by itself
    return alg == ZT_SM2 ? EVP_sm3() : EVP_sha256();
}

// A digest context whose key context has the SM2 user id set: OpenSSL's own default is the empty id, and the
// id must be there before the init because the init hashes it.
struct session {
    EVP_MD_CTX *md;
    EVP_PKEY_CTX *pkey;
};

static void close_session(struct session *session)
{
    EVP_MD_CTX_free(session->md);
    EVP_PKEY_CTX_free(session->pkey);
}

static bool open_session(const struct zt_key *key, struct session *session)
{
    *session = (struct session){EVP_MD_CTX_new(), EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL)};
    if (!session->md || !session->pkey)
        return false;
    if (key->alg == ZT_SM2 && EVP_PKEY_CTX_set1_id(session->pkey, ZT_SM2_ID, sizeof ZT_SM2_ID - 1) <= 0)
        return false;
    EVP_MD_CTX_set_pkey_ctx(session->md, session->pkey);
    return true;
}

static bool split_der(const uint8_t *der, size_t len, uint8_t sig[ZT_SIG_LEN])
{
    const uint8_t *at = der;
    ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &at, (long)len);
    bool good = parsed && at == der + len && BN_bn2binpad(ECDSA_SIG_get0_r(parsed), sig, HALF) == HALF &&
                BN_bn2binpad(ECDSA_SIG_get0_s(parsed), sig + HALF, HALF) == HALF;
    ECDSA_SIG_free(parsed);
    return good;
}

// Length of the DER, 0 on failure.
static size_t join_der(const uint8_t sig[ZT_SIG_LEN], uint8_t der[DER_ROOM])
{
    size_t len = 0;
    ECDSA_SIG *made = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(sig, HALF, NULL), *s = BN_bin2bn(sig + HALF, HALF, NULL);
    if (made && r && s && ECDSA_SIG_set0(made, r, s) == 1) {
        r = s = NULL;
        uint8_t *at = der;
        int wrote = i2d_ECDSA_SIG(made, NULL) <= DER_ROOM ? i2d_ECDSA_SIG(made, &at) : 0;
        len = wrote > 0 ? (size_t)wrote : 0;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(made);
    return len;
}

enum zt_err zt_sign(struct zt_key *key, struct zt_bytes message, uint8_t sig[static ZT_SIG_LEN])
{
    uint8_t raw[DER_ROOM], fixed[ZT_SIG_LEN];
    size_t len = sizeof raw;
    struct session session;
    enum zt_err rc = ZT_E_CRYPTO;
    if (!open_session(key, &session) ||
        EVP_DigestSignInit(session.md, NULL, digest_of(key->alg), NULL, key->pkey) != 1 ||
        EVP_DigestSign(session.md, raw, &len, message.data, message.len) != 1)
        goto out;
    if (key->alg != ZT_ED25519 && !split_der(raw, len, fixed))
        goto out;
    if (key->alg == ZT_ED25519 && len != ZT_SIG_LEN)
        goto out;
    memcpy(sig, key->alg == ZT_ED25519 ? raw : fixed, ZT_SIG_LEN);
    rc = ZT_OK;
out:
    close_session(&session);
    return rc;
}

static bool in_range(const uint8_t number[HALF], const uint8_t order[HALF])
{
    static const uint8_t zero[HALF];
    return memcmp(number, zero, HALF) != 0 && memcmp(number, order, HALF) < 0;
}

enum zt_err zt_verify(struct zt_key *key, struct zt_bytes message, struct zt_bytes sig)
{
    uint8_t der[DER_ROOM];
    struct session session;
    if (sig.len != ZT_SIG_LEN)
        return ZT_E_CRYPTO;
    if (key->alg != ZT_ED25519) {
        const uint8_t *order = key->alg == ZT_SM2 ? order_sm2 : order_p256;
        if (!in_range(sig.data, order) || !in_range(sig.data + HALF, order))
            return ZT_E_CRYPTO;
        sig = (struct zt_bytes){der, join_der(sig.data, der)};
    }
    enum zt_err rc = ZT_E_CRYPTO;
    if (sig.len && open_session(key, &session)) {
        if (EVP_DigestVerifyInit(session.md, NULL, digest_of(key->alg), NULL, key->pkey) == 1 &&
            EVP_DigestVerify(session.md, sig.data, sig.len, message.data, message.len) == 1)
            rc = ZT_OK;
        close_session(&session);
    }
    return rc;
}
