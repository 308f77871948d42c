// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto/hash.h"

#define NOBODY UINT32_MAX

struct mark {
    uint8_t id[ZT_REQUEST_ID_LEN];
    uint64_t party; // seeded hash of the name
    int64_t time;
    uint32_t bucket, next;
    bool used;
};

struct zt_replay {
    int64_t window;
    uint64_t seed;
    uint32_t oldest; // where the ring is written next
    uint32_t heads[ZT_REPLAY_MAX];
    struct mark ring[ZT_REPLAY_MAX];
};

enum zt_err zt_replay_new(int64_t window_ms, struct zt_replay **replay)
{
    struct zt_replay *self = calloc(1, sizeof *self);
    if (!self)
        return ZT_E_NOMEM;
    self->window = window_ms;
    memset(self->heads, 0xff, sizeof self->heads); // NOBODY everywhere
    enum zt_err rc = zt_random((uint8_t *)&self->seed, sizeof self->seed);
    if (rc != ZT_OK) {
        free(self);
        return rc;
    }
    *replay = self;
    return ZT_OK;
}

void zt_replay_destroy(struct zt_replay **replay)
{
    free(*replay);
    *replay = NULL;
}

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the
// result.
static uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static uint64_t hash_bytes(uint64_t seed, const void *data, size_t len)
{
    const uint8_t *at = data;
    uint64_t sum = seed ^ len;
    for (size_t i = 0; i < len; i += sizeof sum) {
        uint64_t word = 0;
        memcpy(&word, at + i, len - i < sizeof word ? len - i : sizeof word);
        sum = mix(sum ^ word);
    }
    return sum;
}

static void forget(struct zt_replay *replay, uint32_t at)
{
    struct mark *mark = &replay->ring[at];
    if (!mark->used)
        return;
    uint32_t *link = &replay->heads[mark->bucket];
    while (*link != at)
        link = &replay->ring[*link].next;
    *link = mark->next;
    mark->used = false;
}

static void remember(struct zt_replay *replay, uint64_t party, const uint8_t *id, uint32_t bucket,
                     int64_t now)
{
    uint32_t at = replay->oldest;
    struct mark *mark = &replay->ring[at];
    replay->oldest = (at + 1) % ZT_REPLAY_MAX;
    forget(replay, at);
    memcpy(mark->id, id, sizeof mark->id);
    mark->party = party;
    mark->time = now;
    mark->bucket = bucket;
    mark->next = replay->heads[bucket];
    mark->used = true;
    replay->heads[bucket] = at;
}

bool zt_replay_seen(struct zt_replay *replay, const char *party, const uint8_t id[static ZT_REQUEST_ID_LEN],
                    int64_t now_ms)
{
    uint64_t who = hash_bytes(replay->seed, party, strlen(party));
    uint32_t bucket = (uint32_t)(hash_bytes(who, id, ZT_REQUEST_ID_LEN) % ZT_REPLAY_MAX);
    for (uint32_t at = replay->heads[bucket]; at != NOBODY; at = replay->ring[at].next) {
        struct mark *mark = &replay->ring[at];
        if (mark->party != who || memcmp(mark->id, id, ZT_REQUEST_ID_LEN) != 0)
            continue;
        if (now_ms - mark->time <= replay->window)
            return true;
    }
    remember(replay, who, id, bucket, now_ms);
    return false;
}
