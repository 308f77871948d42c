// SPDX-License-Identifier: Apache-2.0
#include "base/slot.h"

#include <pthread.h>
#include <stdlib.h>

struct zt_slot {
    pthread_mutex_t lock;
    const struct zt_slot_ops *ops;
    void *object;
};

enum zt_err zt_slot_new(const struct zt_slot_ops *ops, void *object, struct zt_slot **slot)
{
    struct zt_slot *new = calloc(1, sizeof *new);
    if (!new)
        return ZT_E_NOMEM;
    if (pthread_mutex_init(&new->lock, NULL) != 0) {
        free(new);
        return ZT_E_NOMEM;
    }
    new->ops = ops;
    new->object = object;
    *slot = new;
    return ZT_OK;
}

void zt_slot_destroy(struct zt_slot **slot)
{
    if (!*slot)
        return;
    zt_slot_set(*slot, NULL);
    pthread_mutex_destroy(&(*slot)->lock);
    free(*slot);
    *slot = NULL;
}

void *zt_slot_hold(struct zt_slot *slot)
{
    pthread_mutex_lock(&slot->lock);
    void *object = slot->object ? slot->ops->hold(slot->object) : NULL;
    pthread_mutex_unlock(&slot->lock);
    return object;
}

void zt_slot_set(struct zt_slot *slot, void *object)
{
    pthread_mutex_lock(&slot->lock);
    void *old = slot->object;
    slot->object = object;
    pthread_mutex_unlock(&slot->lock);
    // Outside the lock: freeing a large object must not keep others waiting.
    if (old)
        slot->ops->release(old);
}
