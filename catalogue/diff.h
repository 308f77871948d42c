// SPDX-License-Identifier: Apache-2.0
// What changes between two catalogues, and whom it would break: to be read before a reload.
//
// Breaking is what makes a record, a question or a certificate fail that passes under the old catalogue.
// Whom: the parties of the old catalogue that publish, ask for or name the thing. Pure and thread safe; the
// caller ends the list with zt_changes_fini.
#ifndef ZT_CATALOGUE_DIFF_H
#define ZT_CATALOGUE_DIFF_H

#include "base/buf.h"
#include "catalogue/listed.h"

enum zt_impact { ZT_BREAKS = 1, ZT_CHANGES, ZT_ADDS };
const char *zt_impact_name(enum zt_impact impact); // "breaks", "changes", "adds"

struct zt_change {
    enum zt_impact impact;
    enum zt_listed_kind kind;
    char id[128];   // of the thing; a grant is "party item type"
    char text[256]; // what changes
    char whom[256]; // parties, separated by ", "; "" nobody that we know of
};
struct zt_changes {
    struct zt_change *list;
    size_t count, cap;
    size_t breaking;
};
void zt_changes_fini(struct zt_changes *changes);

// ZT_E_NOMEM only. Changes come by kind, what breaks first within a thing.
ZT_MUST_USE enum zt_err zt_catalogue_diff(const struct zt_catalogue *old, const struct zt_catalogue *new,
                                          struct zt_changes *changes);
void zt_changes_put(const struct zt_changes *changes, struct zt_buf *out);

#endif
