// SPDX-License-Identifier: Apache-2.0
// Signatures, one function to sign and one to verify per algorithm family.
//
// - ZT_ES256: ECDSA P-256 over SHA-256, fixed 64-byte r‖s (RFC 7518 section 3.4).
// - ZT_SM2: SM2 over SM3 (GB/T 32918.2), user id always "1234567812345678" (GB/T 35276), fixed 64-byte r‖s.
// - ZT_ED25519: RFC 8032, 64 bytes.
// Verification refuses r or s outside [1, n-1] and any other length. ES256 as standardised is malleable: (r,
// n-s) holds where (r, s) does, so nothing may be told apart by its signature bytes.
//
// Rules: keys are opaque, owned by the caller, freed by zt_key_destroy. A key may be used by one thread at a
// time.
#ifndef ZT_BASE_CRYPTO_SIGN_H
#define ZT_BASE_CRYPTO_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define ZT_SIG_LEN     64
#define ZT_SM2_ID      "1234567812345678"
#define ZT_ED25519_LEN 32

enum zt_sig_alg { ZT_ES256 = 1, ZT_SM2 = 2, ZT_ED25519 = 3 };

struct zt_key;

const char *zt_sig_alg_name(enum zt_sig_alg alg); // "ES256", "SM2", "EdDSA"
ZT_MUST_USE enum zt_err zt_sig_alg_parse(const char *name, enum zt_sig_alg *alg);

ZT_MUST_USE enum zt_err zt_key_new(enum zt_sig_alg alg, struct zt_key **key); // a fresh private key
// PKCS#8 PEM with the private key (mode 0400 and owner checked), and SubjectPublicKeyInfo PEM.
ZT_MUST_USE enum zt_err zt_key_load_private(const char *path, struct zt_key **key, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_key_load_public(const char *path, struct zt_key **key, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_key_save_private(const struct zt_key *key, const char *path,
                                            struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_key_save_public(const struct zt_key *key, const char *path,
                                           struct zt_fault *fault);
// SubjectPublicKeyInfo DER, both ways; for X.509 and for pinning.
ZT_MUST_USE enum zt_err zt_key_from_spki(struct zt_bytes der, struct zt_key **key);
ZT_MUST_USE enum zt_err zt_key_to_spki(const struct zt_key *key, struct zt_buf *der);
// Ed25519 by its 32 raw bytes.
ZT_MUST_USE enum zt_err zt_key_from_ed25519(const uint8_t public_key[static ZT_ED25519_LEN],
                                            struct zt_key **key);
ZT_MUST_USE enum zt_err zt_key_ed25519_public(const struct zt_key *key, uint8_t out[static ZT_ED25519_LEN]);
enum zt_sig_alg zt_key_alg(const struct zt_key *key);
void zt_key_destroy(struct zt_key **key);

ZT_MUST_USE enum zt_err zt_sign(struct zt_key *key, struct zt_bytes message, uint8_t sig[static ZT_SIG_LEN]);
// ZT_OK only when the signature holds; ZT_E_CRYPTO otherwise.
ZT_MUST_USE enum zt_err zt_verify(struct zt_key *key, struct zt_bytes message, struct zt_bytes sig);

#endif
