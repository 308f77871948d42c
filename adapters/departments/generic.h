// SPDX-License-Identifier: Apache-2.0
// A mapping file as libcyaml reads it, and its way into struct zt_mapping. Texts that are not given are NULL.
#ifndef ZT_ADAPTERS_DEPARTMENTS_GENERIC_H
#define ZT_ADAPTERS_DEPARTMENTS_GENERIC_H

#include "adapters/kit/mapping.h"

struct zt_raw_code_pair {
    char *from, *to;
};
struct zt_raw_map_field {
    char *field, *column, *constant, *blank, *member;
    enum zt_convert as;
    bool list, optional;
    struct zt_raw_code_pair *codes;
    unsigned code_count;
};
struct zt_raw_map_subject {
    char *id_type, *type_column, *number_column, *name_column;
};
struct zt_raw_map_dataset {
    char *name, *name_zh, *name_en, *record_type, *key, *changed, *region, *valid_from, *valid_to;
    struct zt_raw_map_subject *subjects;
    unsigned subject_count;
    struct zt_raw_map_field *fields;
    unsigned field_count;
};
struct zt_raw_map_file {
    char *department;
    struct zt_raw_map_dataset *datasets;
    unsigned dataset_count;
};

// The mapping borrows every text from `raw`.
ZT_MUST_USE enum zt_err zt_generic_mapping_init(struct zt_mapping *mapping,
                                                const struct zt_raw_map_dataset *raw, struct zt_fault *fault);
void zt_generic_mapping_fini(struct zt_mapping *mapping); // idempotent

#endif
