// SPDX-License-Identifier: Apache-2.0
// Checking a certificate offline: text + trust roots -> what holds, what does not, and what it says.
//
// Every step is reported, in this order, and the first that fails decides: "form" (three parts, base64url,
// JSON), "algorithm" (alg is one of ours and fits the key), "chain" (X.509 to a given root, validity at
// `now`, SM2 chains with the user id on every certificate), "issuer" (the leaf's organizationIdentifier is
// the statement's issuer), "signature", "disclosures" (each matches one digest, none twice), "identifier"
// (GB/T 36904), "validity" (nbf <= now < exp). Never a silent pass: unknown is invalid.
#ifndef ZT_CERTS_VERIFY_H
#define ZT_CERTS_VERIFY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "certs/statement.h"

struct zt_trust;
// Reads every *.pem root in a folder (several certificates a file allowed). ES256 and SM2 roots may stand
// side by side.
ZT_MUST_USE enum zt_err zt_trust_open(const char *dir, struct zt_trust **trust, struct zt_fault *fault);
void zt_trust_close(struct zt_trust **trust);

enum zt_check_result { ZT_CHECK_SKIPPED = 0, ZT_CHECK_PASS = 1, ZT_CHECK_FAIL = 2 };
struct zt_check_step {
    const char *name, *name_zh;
    enum zt_check_result result;
    char text[256]; // why, or what was found
};
#define ZT_CHECK_STEPS 8

struct zt_verified {
    bool valid; // every step passed
    struct zt_check_step steps[ZT_CHECK_STEPS];
    struct zt_statement
        statement; // what it says, borrowed from the arena; only disclosed claims. Set when "form" passed
    enum zt_sig_alg alg;
    const char *key_id;
    size_t undisclosed; // digests without a disclosure
};
// ZT_OK when the checking itself worked, whatever the verdict: look at out->valid.
ZT_MUST_USE enum zt_err zt_certificate_verify(struct zt_bytes compact, const struct zt_trust *trust,
                                              int64_t now_ms, struct zt_arena *arena,
                                              struct zt_verified *out);

// Leaves only the named claims disclosed (holder's own choice). ZT_E_ABSENT when a name is not in it.
ZT_MUST_USE enum zt_err zt_certificate_disclose(struct zt_bytes compact, const char *const *names,
                                                size_t count, struct zt_buf *out, struct zt_fault *fault);

#endif
