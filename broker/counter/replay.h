// SPDX-License-Identifier: Apache-2.0
// Questions that were already asked: the ids of the last questions of every party, in memory.
//
// A party that sends an id again within the window is refused ("request.repeat"), so a copied frame has no
// second effect. Bounds: the last ZT_REPLAY_MAX ids of all parties together; under a load that brings more
// than that within the window, the oldest are forgotten earlier, and the tolerance of the question's time
// (policy.h) is what is left. The table is not kept across restarts.
//
// Rules: one owner, no allocation after new. The table is keyed with a random seed, so nobody can choose ids
// that fall together.
#ifndef ZT_BROKER_COUNTER_REPLAY_H
#define ZT_BROKER_COUNTER_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/lookup.h"

#define ZT_REPLAY_MAX       65536
#define ZT_REPLAY_WINDOW_MS ((int64_t)10 * 60 * 1000)

struct zt_replay;

ZT_MUST_USE enum zt_err zt_replay_new(int64_t window_ms, struct zt_replay **replay);
void zt_replay_destroy(struct zt_replay **replay);
// True when this party sent this id within the window; otherwise remembers it. A clock that was set back
// counts as "within".
bool zt_replay_seen(struct zt_replay *replay, const char *party, const uint8_t id[static ZT_REQUEST_ID_LEN],
                    int64_t now_ms);

#endif
