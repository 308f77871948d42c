// SPDX-License-Identifier: Apache-2.0
// A set of 64-bit ids (parts of hashes): which lines the quarantine has. Open addressing, at most half full.
#ifndef ZT_ADAPTERS_HOST_IDSET_H
#define ZT_ADAPTERS_HOST_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct zt_idset {    // all zero is an empty set
    uint64_t *slots; // 0: free; the id 0 has its own flag
    size_t cap, count;
    bool has_zero;
};

// *fresh (may be NULL): it was not there before.
ZT_MUST_USE enum zt_err zt_idset_add(struct zt_idset *set, uint64_t id, bool *fresh);
bool zt_idset_has(const struct zt_idset *set, uint64_t id);
void zt_idset_fini(struct zt_idset *set); // idempotent

#endif
