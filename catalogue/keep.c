// SPDX-License-Identifier: Apache-2.0
#include "catalogue/build.h"

const char *zt_keep(struct zt_build *b, const char *text)
{
    if (!text || !*text)
        return "";
    const char *kept = zt_arena_strdup(&b->c->arena, text);
    if (!kept)
        b->err = ZT_E_NOMEM;
    return kept ? kept : "";
}

void *zt_room(struct zt_build *b, size_t count, size_t size)
{
    void *room =
        count > ZT_CATALOGUE_ARENA_MAX / size ? NULL : zt_arena_alloc(&b->c->arena, (count + 1) * size);
    if (!room)
        b->err = ZT_E_NOMEM;
    return room;
}

void zt_room_index(struct zt_build *b, struct zt_index *index, size_t max)
{
    enum zt_err rc = zt_index_init(index, max, &b->c->arena);
    if (rc != ZT_OK)
        b->err = rc;
}
