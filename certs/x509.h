// SPDX-License-Identifier: Apache-2.0
// Private to certs: X.509 chains, ES256 and SM2.
//
// OpenSSL 3.0 verifies an SM2 chain of three levels only when every certificate in it, the root too, carries
// the user id (X509_set0_distinguishing_id); its command line cannot (openssl#23471). A chain is of one kind
// throughout: an SM2 leaf under an ES256 root is refused.
#ifndef ZT_CERTS_X509_H
#define ZT_CERTS_X509_H

#include "certs/verify.h"

#define ZT_USCC_LEN 18

struct zt_leaf {
    struct zt_key *key; // owned
    char uscc[ZT_USCC_LEN +
              1]; // the subject's organizationIdentifier (2.5.4.97); "" when there is not exactly one
};
// Takes the public key and the organisation out of a leaf certificate, whoever signed it. ZT_E_CRYPTO when it
// is no certificate (strict DER, nothing behind it) or its key none of ours.
ZT_MUST_USE enum zt_err zt_leaf_open(struct zt_bytes der, struct zt_leaf *leaf);
void zt_leaf_close(struct zt_leaf *leaf); // idempotent

// The path from chain[0] to a root of `trust` at `now_ms`: signatures, validity, basic constraints, key usage
// digitalSignature or nonRepudiation on the leaf, every key of `alg`. ZT_E_CRYPTO and the reason in
// fault->text.
ZT_MUST_USE enum zt_err zt_chain_check(const struct zt_trust *trust, const struct zt_bytes *chain,
                                       size_t count, enum zt_sig_alg alg, int64_t now_ms,
                                       struct zt_fault *fault);

#endif
