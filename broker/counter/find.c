// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/find.h"

#include <string.h>

#include "broker/counter/subject.h"

struct search {
    const struct zt_subject *subject;
    const char *key;
    struct zt_arena *arena;
    struct zt_finds *finds;
    size_t cap;
    enum zt_err rc;
};

static enum zt_err grow(struct search *search)
{
    size_t cap = search->cap ? search->cap * 2 : 4;
    struct zt_stored *list = zt_arena_alloc(search->arena, cap * sizeof *list);
    if (!list)
        return ZT_E_NOMEM;
    if (search->finds->count)
        memcpy(list, search->finds->list, search->finds->count * sizeof *list);
    search->finds->list = list;
    search->cap = cap;
    return ZT_OK;
}

static bool take(void *arg, const struct zt_stored *stored)
{
    struct search *search = arg;
    struct zt_finds *finds = search->finds;
    if (search->key[0] && strcmp(stored->record.key, search->key) != 0)
        return true;
    if (zt_subject_misnamed(search->subject, &stored->record)) {
        finds->rule = "subject.name";
        return false;
    }
    if (finds->count == ZT_FOUND_MAX) {
        finds->rule = "record.many";
        return false;
    }
    if (finds->count == search->cap && (search->rc = grow(search)) != ZT_OK)
        return false;
    finds->list[finds->count++] = *stored;
    return true;
}

enum zt_err zt_find(const struct zt_view *view, const struct zt_case *c, const struct zt_record_type *type,
                    const char *key, struct zt_finds *finds)
{
    struct zt_finds out = {.count = 0};
    struct search search = {.subject = &c->request->subject,
                            .key = key ? key : "",
                            .arena = view->arena,
                            .finds = &out,
                            .rc = ZT_OK};
    enum zt_err rc = zt_sources_known(view->sources, view->read, type, view->now, &out.known);
    if (rc == ZT_OK)
        rc = zt_store_find(view->read, c->subject, type->id, view->arena, take, &search);
    if (rc == ZT_OK)
        rc = search.rc;
    if (rc == ZT_OK)
        *finds = out;
    return rc;
}

bool zt_record_in_force(const struct zt_record *record, const char *today)
{
    if (record->state != ZT_STATE_VALID && record->state != ZT_STATE_CHANGED)
        return false;
    if (record->valid_from && record->valid_from[0] && strcmp(today, record->valid_from) < 0)
        return false;
    return !record->valid_to || !record->valid_to[0] || strcmp(today, record->valid_to) <= 0;
}
