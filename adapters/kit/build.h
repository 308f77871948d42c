// SPDX-License-Identifier: Apache-2.0
// Building one record from one row, field by field, by the names of the catalogue.
//
// Rules: the error is sticky, so a mapping is a plain list of calls and asks once, at zt_build_emit. The
// first fault stays: rule, column, text. Everything lives in the emit's arena, or is borrowed from the row,
// until map() returns.
#ifndef ZT_ADAPTERS_KIT_BUILD_H
#define ZT_ADAPTERS_KIT_BUILD_H

#include "adapters/kit/mapping.h"

struct zt_build {
    struct zt_emit *emit;
    const struct zt_row *row;
    struct zt_fault *fault;
    enum zt_err rc; // sticky
    const struct zt_record_type *type;
    struct zt_record record;
    struct zt_subject subjects[ZT_RECORD_MAX_SUBJECTS];
    struct zt_field fields[ZT_RECORD_MAX_FIELDS];
};

void zt_build_begin(struct zt_build *b, const char *record_type, const struct zt_row *row,
                    struct zt_emit *emit, struct zt_fault *fault);

// The normalised value of a column (blanks cut, full-width made narrow); NULL when it is empty or after an
// error.
const char *zt_build_value(struct zt_build *b, const char *column);

void zt_build_key(struct zt_build *b, const char *column);
void zt_build_change(struct zt_build *b, const char *column); // version and updated_at
void zt_build_region(struct zt_build *b, const char *column);
void zt_build_validity(struct zt_build *b, const char *from_column,
                       const char *to_column); // each may be NULL
void zt_build_subject(struct zt_build *b, const struct zt_map_subject *subject);
void zt_build_field(struct zt_build *b, const struct zt_map_field *map);
// A canonical text that the mapping found out itself; NULL or "" for no value.
void zt_build_text(struct zt_build *b, const char *field, const char *text);

// The field as it was built so far; NULL when it has no value.
const struct zt_field *zt_build_get(const struct zt_build *b, const char *field);

// The row breaks a rule: `rule` like "tax.period", `column`, and what is wrong.
void zt_build_refuse(struct zt_build *b, const char *rule, const char *column, const char *text);

// Fills in subjects and key from the fields where the catalogue says so, and hands the record over.
ZT_MUST_USE enum zt_err zt_build_emit(struct zt_build *b);

#endif
