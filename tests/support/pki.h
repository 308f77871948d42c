// SPDX-License-Identifier: Apache-2.0
// For tests: a root, an issuing authority and a department's leaf, made in memory, good or broken on purpose.
#ifndef ZT_TESTS_SUPPORT_PKI_H
#define ZT_TESTS_SUPPORT_PKI_H

#include <stdbool.h>

#include "base/crypto/sign.h"

#define ZT_PKI_USCC "11370700MB9X0012XA" // a synthetic civil affairs bureau

struct zt_pki_wish {
    enum zt_sig_alg alg;
    const char *uscc;        // NULL: ZT_PKI_USCC
    const char *second_uscc; // one organizationIdentifier too many
    long leaf_from, leaf_to; // seconds from now; 0, 0: an hour ago to a year ahead
    bool leaf_is_ca, no_key_usage, empty_sm2_id, issuing_is_no_ca;
    enum zt_sig_alg root_alg; // 0: as alg
};
struct zt_pki {
    struct zt_key *root, *issuing, *leaf;
    struct zt_bytes root_der, chain[2]; // owned; chain: leaf, issuing
};
void zt_pki_make(const struct zt_pki_wish *wish, struct zt_pki *pki); // ends the program on failure
void zt_pki_write_root(const struct zt_pki *pki, const char *path);   // PEM
void zt_pki_free(struct zt_pki *pki);

#endif
