// SPDX-License-Identifier: Apache-2.0
// What a certificate shows of the records that it rests on.
//
// One claim per field of the certificate type that comes from the record's type. A list of values is joined
// with ";". Fields that the record does not carry give no claim.
#ifndef ZT_BROKER_COUNTER_CLAIMS_H
#define ZT_BROKER_COUNTER_CLAIMS_H

#include "catalogue/catalogue.h"
#include "certs/statement.h"

struct zt_claims {
    struct zt_arena *arena;
    struct zt_statement_claim *list; // room for ZT_STATEMENT_CLAIMS
    size_t count;
};
ZT_MUST_USE enum zt_err zt_claims_init(struct zt_claims *claims, struct zt_arena *arena);
// ZT_E_LIMIT past ZT_STATEMENT_CLAIMS.
ZT_MUST_USE enum zt_err zt_claims_add(struct zt_claims *claims, const struct zt_cert_type *type,
                                      const struct zt_record *record);

#endif
