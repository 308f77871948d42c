// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/idset.h"

#include <stdlib.h>

#define FIRST_CAP 64

// The slot of `id`: its own, or the free one where it belongs.
static size_t slot_of(const uint64_t *slots, size_t cap, uint64_t id)
{
    size_t at = (size_t)(id & (cap - 1)); // ids are parts of a hash: any bits will do
    while (slots[at] != 0 && slots[at] != id)
        at = (at + 1) & (cap - 1);
    return at;
}

static enum zt_err grow(struct zt_idset *set)
{
    size_t cap = set->cap ? set->cap * 2 : FIRST_CAP;
    uint64_t *slots = calloc(cap, sizeof *slots);
    if (!slots)
        return ZT_E_NOMEM;
    for (size_t i = 0; i < set->cap; i++)
        if (set->slots[i])
            slots[slot_of(slots, cap, set->slots[i])] = set->slots[i];
    free(set->slots);
    set->slots = slots;
    set->cap = cap;
    return ZT_OK;
}

bool zt_idset_has(const struct zt_idset *set, uint64_t id)
{
    if (id == 0)
        return set->has_zero;
    return set->cap > 0 && set->slots[slot_of(set->slots, set->cap, id)] == id;
}

enum zt_err zt_idset_add(struct zt_idset *set, uint64_t id, bool *fresh)
{
    bool there = zt_idset_has(set, id);
    if (!there && id != 0) {
        if ((set->count + 1) * 2 > set->cap && grow(set) != ZT_OK)
            return ZT_E_NOMEM;
        set->slots[slot_of(set->slots, set->cap, id)] = id;
    }
    set->has_zero = set->has_zero || id == 0;
    set->count += !there;
    if (fresh)
        *fresh = !there;
    return ZT_OK;
}

void zt_idset_fini(struct zt_idset *set)
{
    free(set->slots);
    *set = (struct zt_idset){0};
}
