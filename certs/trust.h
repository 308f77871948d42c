// SPDX-License-Identifier: Apache-2.0
// Private to certs: the roots inside struct zt_trust.
#ifndef ZT_CERTS_TRUST_H
#define ZT_CERTS_TRUST_H

#include <openssl/x509_vfy.h>

#include "certs/verify.h"

X509_STORE *zt_trust_roots(const struct zt_trust *trust, enum zt_sig_alg alg);
// Gives an SM2 certificate the user id its signature is checked with; others stay as they are.
ZT_MUST_USE enum zt_err zt_trust_mark(X509 *cert, enum zt_sig_alg alg);

#endif
