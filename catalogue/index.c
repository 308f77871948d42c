// SPDX-License-Identifier: Apache-2.0
#include "catalogue/index.h"

#include <stdint.h>

// FNV-1a, 64 bits (parameters of the published algorithm), with a final mix because we use the low bits.
static uint64_t hash_of(struct zt_bytes key)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ key.data[i]) * 0x100000001b3U;
    return hash ^ (hash >> 32);
}

static size_t power_above(size_t count)
{
    size_t room = 8;
    while (room < count * 2)
        room *= 2;
    return room;
}

enum zt_err zt_index_init(struct zt_index *index, size_t max, struct zt_arena *arena)
{
    if (max > SIZE_MAX / 4 / sizeof(struct zt_index_slot))
        return ZT_E_LIMIT;
    size_t room = power_above(max);
    struct zt_index_slot *slots = zt_arena_alloc(arena, room * sizeof *slots);
    if (!slots)
        return ZT_E_NOMEM;
    *index = (struct zt_index){.slots = slots, .room = room, .max = max};
    return ZT_OK;
}

static struct zt_index_slot *slot_of(const struct zt_index *index, struct zt_bytes key)
{
    size_t at = (size_t)hash_of(key) & (index->room - 1);
    while (index->slots[at].value && !zt_bytes_equal(index->slots[at].key, key))
        at = (at + 1) & (index->room - 1);
    return &index->slots[at];
}

const void *zt_index_put(struct zt_index *index, struct zt_bytes key, const void *value)
{
    if (!index->room)
        return NULL;
    struct zt_index_slot *slot = slot_of(index, key);
    if (slot->value)
        return slot->value;
    if (index->used >= index->max)
        return NULL;
    *slot = (struct zt_index_slot){key, value};
    index->used++;
    return NULL;
}

const void *zt_index_get(const struct zt_index *index, struct zt_bytes key)
{
    return index->room ? slot_of(index, key)->value : NULL;
}
