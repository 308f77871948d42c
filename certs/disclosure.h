// SPDX-License-Identifier: Apache-2.0
// Private to certs: disclosures of RFC 9901 section 4.2.1: base64url(JSON [salt, name, value]), value a text.
#ifndef ZT_CERTS_DISCLOSURE_H
#define ZT_CERTS_DISCLOSURE_H

#include "base/crypto/hash.h"
#include "certs/statement.h"

#define ZT_DISCLOSURE_MAX  (ZT_STATEMENT_CLAIMS + 3) // and the holder's three
#define ZT_DIGEST_TEXT_LEN 43                        // 32 bytes in base64url

struct zt_disclosure {
    struct zt_bytes text; // as it stands between the tildes
    const char *name, *value;
};

// Which hash "_sd_alg" must name beside an algorithm, and its name there.
enum zt_hash zt_disclosure_hash(enum zt_sig_alg alg);
const char *zt_disclosure_hash_name(enum zt_sig_alg alg); // "sha-256", "sm3"

bool zt_claim_name_valid(const char *name); // [a-z][a-z0-9_]{0,63}

// Appends '~' and a disclosure with a fresh 128-bit salt; `digest` receives what "_sd" must list.
ZT_MUST_USE enum zt_err zt_disclosure_make(enum zt_hash hash, const char *name, const char *value,
                                           struct zt_buf *out, char digest[static ZT_DIGEST_TEXT_LEN + 1]);
ZT_MUST_USE enum zt_err zt_disclosure_digest(enum zt_hash hash, struct zt_bytes text,
                                             char digest[static ZT_DIGEST_TEXT_LEN + 1]);

// "~d1~d2~" -> list, with name and value in the arena. Rule "certificate.disclosure".
ZT_MUST_USE enum zt_err zt_disclosures_parse(struct zt_bytes text, struct zt_arena *arena,
                                             struct zt_disclosure list[static ZT_DISCLOSURE_MAX],
                                             size_t *count, struct zt_fault *fault);

#endif
