// SPDX-License-Identifier: Apache-2.0
// Private to diff*.c: one comparison under way.
#ifndef ZT_CATALOGUE_DIFF_PARTS_H
#define ZT_CATALOGUE_DIFF_PARTS_H

#include "catalogue/diff.h"
#include "catalogue/model.h"

struct zt_diff {
    const struct zt_catalogue *old, *new;
    struct zt_changes *changes;
    enum zt_err err; // sticky
};

void zt_diff_note(struct zt_diff *d, enum zt_impact impact, enum zt_listed_kind kind, const char *id,
                  const char *whom, const char *fmt, ...) ZT_PRINTF(6, 7);
// Names of the parties of the old catalogue: that publish the record type or hold a grant on it; that hold a
// grant on the certificate type; that hold a grant for the item.
void zt_diff_users_of_record(const struct zt_catalogue *c, const char *id, char out[static 256]);
void zt_diff_users_of_cert(const struct zt_catalogue *c, const char *id, char out[static 256]);
void zt_diff_users_of_item(const struct zt_catalogue *c, const char *code, char out[static 256]);

void zt_diff_records(struct zt_diff *d);
void zt_diff_certs(struct zt_diff *d);
void zt_diff_tables(struct zt_diff *d);
void zt_diff_items(struct zt_diff *d);
void zt_diff_parties(struct zt_diff *d);
void zt_diff_grants(struct zt_diff *d);
void zt_diff_names(struct zt_diff *d); // departments, purposes: gone or new

#endif
