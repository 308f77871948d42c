// SPDX-License-Identifier: Apache-2.0
// Private to certs: the compact text taken apart, before anything about it is believed.
//
// JSON is read strictly: no duplicate members, nothing behind the end, strings without NUL. Of the header
// only alg, kid, typ and x5c are known; any other member, "crit" among them, is refused.
#ifndef ZT_CERTS_JWS_H
#define ZT_CERTS_JWS_H

#include <jansson.h>

#include "certs/statement.h"

#define ZT_JWS_CHAIN_MAX 6
#define ZT_JWS_TYP       "dc+sd-jwt"

struct zt_jws {
    struct zt_bytes signing_input; // "<header>.<payload>", borrowed from the compact text
    struct zt_bytes disclosures;   // "~d1~d2~", at least "~", borrowed likewise
    uint8_t sig[ZT_SIG_LEN];
    json_t *payload; // owned, an object
    bool alg_known;
    enum zt_sig_alg alg; // what the token claims; only the key decides (verify.c)
    const char *kid;     // in the arena, as is the chain
    struct zt_bytes chain[ZT_JWS_CHAIN_MAX];
    size_t chain_count;
};

// Rules: "certificate.size", "certificate.parts", "certificate.base64", "certificate.json",
// "certificate.header".
ZT_MUST_USE enum zt_err zt_jws_open(struct zt_bytes compact, struct zt_arena *arena, struct zt_jws *jws,
                                    struct zt_fault *fault);
void zt_jws_close(struct zt_jws *jws); // idempotent

// The header as text of ours, base64url-encoded.
ZT_MUST_USE enum zt_err zt_jws_header_write(const struct zt_signing_key *key, struct zt_buf *out);
// Sorted members, no blanks, base64url-encoded.
ZT_MUST_USE enum zt_err zt_jws_json_write(const json_t *value, struct zt_buf *out);
// ZT_E_INPUT when it is no base64url or no JSON of that type; the result is the caller's.
ZT_MUST_USE enum zt_err zt_jws_json_read(struct zt_bytes base64, json_type type, json_t **value,
                                         struct zt_fault *fault);

#endif
