// SPDX-License-Identifier: Apache-2.0
// Inside of struct zt_catalogue; for the files of this room only.
#ifndef ZT_CATALOGUE_MODEL_H
#define ZT_CATALOGUE_MODEL_H

#include <stdatomic.h>

#include "catalogue/catalogue.h"
#include "catalogue/index.h"

// 82 record types and 232 certificate types take about 1 MiB; this bounds what a mistaken folder may cost.
#define ZT_CATALOGUE_ARENA_MAX ((size_t)256 * 1024 * 1024)
#define ZT_NAME_MAX            96 // bytes of an id, a code or a field name

struct zt_catalogue {
    atomic_uint holds;
    struct zt_arena arena; // everything below lives here
    uint8_t digest[ZT_HASH_LEN];

    struct zt_department *departments;
    struct zt_code_table *tables;
    struct zt_record_type *records;
    struct zt_cert_type *certs;
    struct zt_purpose *purposes;
    struct zt_item *items;
    struct zt_party *parties;
    struct zt_source_info *sources;
    struct zt_grant *grants;
    size_t department_count, table_count, record_count, cert_count, purpose_count, item_count, party_count,
        source_count, grant_count;

    struct zt_index department_by_id, table_by_id, record_by_id, cert_by_id, purpose_by_code, item_by_code,
        party_by_id, party_by_curve, party_by_signing_key, source_by_id;
    struct zt_index source_by_record; // record type id -> first stream that carries it
    struct zt_index grant_by_key;     // see zt_grant_key
};

// "party\0item\0type": ids hold no NUL, so the joined key is unique. 0 when it does not fit.
size_t zt_grant_key(char out[static 3 * ZT_NAME_MAX], const char *party, const char *item, const char *type);

#endif
