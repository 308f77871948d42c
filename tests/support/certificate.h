// SPDX-License-Identifier: Apache-2.0
// For tests: one certificate as a department would issue it.
#ifndef ZT_TESTS_SUPPORT_CERTIFICATE_H
#define ZT_TESTS_SUPPORT_CERTIFICATE_H

#include "certs/statement.h"
#include "tests/support/pki.h"

#define ZT_SAMPLE_ID  "1.2.156.3005.2.111000000000131433001.11370700MB9X0012XA.370700202600000077.001.4"
#define ZT_SAMPLE_NOW INT64_C(1795320000000) // 2026-11-22 12:00 at UTC+8

// A marriage certificate: claims state (plain), spouse_name and registered_on (disclosable). The caller may
// change it; arrays are the sample's own and static.
struct zt_statement zt_sample_statement(void);

// Prepares, signs with the leaf's key and finishes; ends the program on failure. The caller frees `compact`.
void zt_sample_certificate(const struct zt_statement *statement, const struct zt_pki *pki,
                           struct zt_buf *compact);

#endif
