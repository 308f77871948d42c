// SPDX-License-Identifier: Apache-2.0
// A consent token: an identity provider says that a person, who proved to be that person, allows one consumer
// to ask for named data for one purpose until a time. Format: docs/consent-token.md.
//
// A compact JWS. Header, exactly: alg ("ES256" or "SM2"), kid, typ "consent+jwt". Payload: iss (party id),
// sub (base64url of SM3("zt-consent-subject-v1" ‖ 0x0a ‖ id type ‖ '|' ‖ number): the number itself is not in
// it), aud (party id of the consumer), purpose, scope (record or certificate type ids), iat, exp (seconds),
// jti.
//
// Rules: a token has at most ZT_CONSENT_MAX bytes; JSON without duplicate members. A verdict is a rule name:
// "consent.form", "consent.signature", "consent.subject", "consent.audience", "consent.purpose",
// "consent.scope", "consent.expired"; the first that fails, in this order. Pure; thread safe but for the key.
#ifndef ZT_CERTS_CONSENT_H
#define ZT_CERTS_CONSENT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/crypto/hash.h"
#include "base/crypto/sign.h"
#include "base/err.h"

#define ZT_CONSENT_TYP       "consent+jwt"
#define ZT_CONSENT_MAX       4096
#define ZT_CONSENT_TEXT      64 // longest name in it, with its NUL
#define ZT_CONSENT_SCOPE_MAX 16
#define ZT_CONSENT_SKEW_MS   ((int64_t)60 * 1000) // how far ahead of us the provider's clock may be

// What a token says.
struct zt_consent {
    enum zt_sig_alg alg;
    char key_id[ZT_CONSENT_TEXT];
    char issuer[ZT_CONSENT_TEXT];
    uint8_t subject[ZT_HASH_LEN];
    char consumer[ZT_CONSENT_TEXT];
    char purpose[ZT_CONSENT_TEXT];
    char scope[ZT_CONSENT_SCOPE_MAX][ZT_CONSENT_TEXT];
    size_t scope_count;
    int64_t issued_at, expires_at; // ms
    char token_id[ZT_CONSENT_TEXT];
};

ZT_MUST_USE enum zt_err zt_consent_subject(const char *id_type, const char *number,
                                           uint8_t out[static ZT_HASH_LEN]);

// Signs with the provider's key, whose kind must be consent->alg. An empty token_id becomes 128 random bits.
ZT_MUST_USE enum zt_err zt_consent_sign(struct zt_key *key, const struct zt_consent *consent,
                                        struct zt_buf *token, struct zt_fault *fault);

// Takes the token apart without believing it: ZT_E_INPUT "consent.form". The verifier finds the provider by
// issuer and key_id, checks that it may vouch, and goes on with that provider's key.
ZT_MUST_USE enum zt_err zt_consent_read(struct zt_bytes token, struct zt_consent *out,
                                        struct zt_fault *fault);

struct zt_consent_wanted {
    const char *id_type, *number; // whom the question is about
    const char *consumer;         // who asks
    const char *purpose;
    const char *type; // record or certificate type that is asked for
    int64_t now_ms;
};
// ZT_OK only when everything holds; ZT_E_DENIED with the rule in `fault` otherwise. `out` may be NULL.
ZT_MUST_USE enum zt_err zt_consent_verify(struct zt_bytes token, struct zt_key *key,
                                          const struct zt_consent_wanted *wanted, struct zt_consent *out,
                                          struct zt_fault *fault);

#endif
