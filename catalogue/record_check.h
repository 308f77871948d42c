// SPDX-License-Identifier: Apache-2.0
// Inside of zt_record_check; for the files of this room only.
#ifndef ZT_CATALOGUE_RECORD_CHECK_H
#define ZT_CATALOGUE_RECORD_CHECK_H

#include "catalogue/catalogue.h"

// Subjects stand in the order of the type's subject rules; an optional one may be left out. Where a field
// holds the number or the name too, both agree. Rules: "record.subject", "record.subject-type", and those of
// the identifier's standard.
ZT_MUST_USE enum zt_err zt_record_check_subjects(const struct zt_catalogue *c,
                                                 const struct zt_record_type *type,
                                                 const struct zt_record *record, const char *today,
                                                 struct zt_fault *fault);

#endif
