// SPDX-License-Identifier: Apache-2.0
// A mapping: one row of a dataset -> one record of the catalogue, said as a table. The four departments write
// theirs in C, the generic plugin reads its own from YAML; both are applied by the same code.
//
// What a table cannot say (two columns that must agree, a state that follows from another) is said in
// `extra`, with the functions of adapters/kit/build.h.
#ifndef ZT_ADAPTERS_KIT_MAPPING_H
#define ZT_ADAPTERS_KIT_MAPPING_H

#include <stdbool.h>

#include "adapters/kit/normal.h"
#include "adapters/plugin.h"
#include "catalogue/catalogue.h"

enum zt_convert {
    ZT_AS_KIND =
        0,        // what the field's kind in the catalogue asks for: days, moments, yuan, booleans, codes...
    ZT_AS_NARROW, // text whose full-width letters and digits become ASCII: account numbers
    ZT_AS_MONTH,  // YYYYMM
    ZT_AS_FEN,    // money that the source writes in whole fen
};

struct zt_map_field {
    const char *field;  // name in the catalogue
    const char *column; // of the row; must be there, though it may be empty
    enum zt_convert as;
    const char *constant;            // instead of a column: always this canonical text
    const struct zt_code_map *codes; // the department's codes -> the catalogue's; others are refused
    size_t code_count;
    const char *blank;  // a value that means "none", e.g. 长期
    const char *member; // of each element, when the column holds a JSON list of objects
    bool list;          // the column holds a JSON list: one field value for each element
    bool optional;      // rows may lack the column altogether
};

// Only for record types whose fields do not hold the number of a subject.
struct zt_map_subject {
    const char *id_type; // GB/T 36903 code, or NULL when `type_column` says it
    const char *type_column, *number_column;
    const char *name_column; // or NULL
};

struct zt_build;
struct zt_mapping {
    const char *record_type;
    const char *key;     // column with the source's own key; NULL: made of the catalogue's key fields
    const char *changed; // column with the time of the last change: becomes version and updated_at
    const char *region;  // column with a GB/T 2260 code, or NULL
    const char *valid_from, *valid_to; // columns, or NULL
    const struct zt_map_subject *subjects;
    size_t subject_count;
    const struct zt_map_field *fields;
    size_t field_count;
    void (*extra)(struct zt_build *b); // or NULL
};

// Before the first row: every type and field must be in the catalogue, required fields must be mapped.
// ZT_E_CONFIG: "mapping.unknown-type", "mapping.unknown-field", "mapping.missing-field", "mapping.twice",
// "mapping.key", "mapping.subject".
ZT_MUST_USE enum zt_err zt_mapping_check(const struct zt_mapping *mapping,
                                         const struct zt_catalogue *catalogue, struct zt_fault *fault);

// ZT_E_INPUT names the rule and the column: "row.column-missing", "row.value-missing", "row.date",
// "row.time", "row.number", "row.boolean", "row.month", "row.code", "row.list", "row.key", "row.changed",
// those of the catalogue
// ("value.*", "record.*") and of the identifiers' standards.
ZT_MUST_USE enum zt_err zt_mapping_apply(const struct zt_mapping *mapping, const struct zt_row *row,
                                         struct zt_emit *emit, struct zt_fault *fault);

#endif
