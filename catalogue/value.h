// SPDX-License-Identifier: Apache-2.0
// Inside of the value functions; for the files of this room only.
#ifndef ZT_CATALOGUE_VALUE_H
#define ZT_CATALOGUE_VALUE_H

#include "catalogue/catalogue.h"

// Timestamps are bounded by the years that dates are bounded by: 1000 to 9999.
#define ZT_TIMESTAMP_MIN ((int64_t)-30610224000000)
#define ZT_TIMESTAMP_MAX ((int64_t)253402300799999)
// Values are checked without a day: an old record stays what it was.
#define ZT_NO_DAY NULL

enum zt_value_kind zt_value_kind_of(enum zt_kind kind); // how it travels
bool zt_code_is_known(const struct zt_code_table *table, const char *code);
// An identifier of unknown kind: what its form suggests must hold; a form we do not know must be a plausible
// number.
ZT_MUST_USE enum zt_err zt_any_id_check(const char *number, const char *today, struct zt_fault *fault);

#endif
