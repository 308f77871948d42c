// SPDX-License-Identifier: Apache-2.0
// For tests: everything zt-signerd needs in a temporary folder: keys of one department, the ledger's key,
// signer.yaml.
#ifndef ZT_TESTS_SUPPORT_SIGNER_HOME_H
#define ZT_TESTS_SUPPORT_SIGNER_HOME_H

#include <limits.h>

#include "tests/support/pki.h"

#define ZT_HOME_ORIGIN     "zhitong.test/ledger"
#define ZT_HOME_DEPARTMENT "civil_affairs"

struct zt_signer_home {
    char dir[PATH_MAX - 256], config[PATH_MAX], keys[PATH_MAX], state[PATH_MAX], department[PATH_MAX];
    char socket[PATH_MAX], endpoint[PATH_MAX];
    struct zt_pki pki[2]; // ES256, SM2
    struct zt_key *ledger;
};
void zt_signer_home_make(struct zt_signer_home *home); // ends the program on failure
void zt_signer_home_remove(struct zt_signer_home *home);

// Leaf and issuing certificate as a PEM file.
void zt_pki_write_chain(const struct zt_pki *pki, const char *path);

#endif
