// SPDX-License-Identifier: Apache-2.0
#include "base/bell.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct zt_bell {
    pthread_mutex_t lock;
    pthread_cond_t rung;
    uint64_t count;
};

static int init_cond(pthread_cond_t *cond)
{
    // The monotonic clock: a step of the wall clock must not end or prolong a wait.
    pthread_condattr_t attr;
    int code = pthread_condattr_init(&attr);
    if (code != 0)
        return code;
    code = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    if (code == 0)
        code = pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
    return code;
}

enum zt_err zt_bell_new(struct zt_bell **bell)
{
    struct zt_bell *new = calloc(1, sizeof *new);
    if (!new)
        return ZT_E_NOMEM;
    if (pthread_mutex_init(&new->lock, NULL) != 0) {
        free(new);
        return ZT_E_NOMEM;
    }
    if (init_cond(&new->rung) != 0) {
        pthread_mutex_destroy(&new->lock);
        free(new);
        return ZT_E_NOMEM;
    }
    *bell = new;
    return ZT_OK;
}

void zt_bell_destroy(struct zt_bell **bell)
{
    if (!*bell)
        return;
    pthread_cond_destroy(&(*bell)->rung);
    pthread_mutex_destroy(&(*bell)->lock);
    free(*bell);
    *bell = NULL;
}

void zt_bell_ring(struct zt_bell *bell)
{
    pthread_mutex_lock(&bell->lock);
    bell->count++;
    pthread_cond_broadcast(&bell->rung);
    pthread_mutex_unlock(&bell->lock);
}

uint64_t zt_bell_count(struct zt_bell *bell)
{
    pthread_mutex_lock(&bell->lock);
    uint64_t count = bell->count;
    pthread_mutex_unlock(&bell->lock);
    return count;
}

enum zt_err zt_bell_wait(struct zt_bell *bell, uint64_t seen, int timeout_ms)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (timeout_ms < 0)
        timeout_ms = 0;
    end.tv_sec += timeout_ms / 1000;
    end.tv_nsec += (long)(timeout_ms % 1000) * 1000000L;
    if (end.tv_nsec >= 1000000000L) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000L;
    }
    int code = 0;
    pthread_mutex_lock(&bell->lock);
    while (bell->count == seen && code == 0)
        code = pthread_cond_timedwait(&bell->rung, &bell->lock, &end);
    enum zt_err rc = bell->count != seen ? ZT_OK : ZT_E_TIMEOUT;
    pthread_mutex_unlock(&bell->lock);
    return rc;
}
