// SPDX-License-Identifier: Apache-2.0
// A hash index over names: filled while loading, read only afterwards.
//
// Rules: open addressing, at most half full, so a look-up costs the same however many names there are. Keys
// and values are borrowed and must live in the same arena. Room is fixed at init.
#ifndef ZT_CATALOGUE_INDEX_H
#define ZT_CATALOGUE_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct zt_index_slot {
    struct zt_bytes key;
    const void *value; // NULL: free
};
struct zt_index {
    struct zt_index_slot *slots; // in the arena
    size_t room;                 // a power of two; 0 before init
    size_t used, max;
};

ZT_MUST_USE enum zt_err zt_index_init(struct zt_index *index, size_t max, struct zt_arena *arena);
// The value that had the key before, which stays; NULL when the key is new and now is in. Also NULL, and not
// in, past the room given at init, which would be our own bug.
const void *zt_index_put(struct zt_index *index, struct zt_bytes key, const void *value);
const void *zt_index_get(const struct zt_index *index, struct zt_bytes key); // NULL when absent

#endif
