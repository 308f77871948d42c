// SPDX-License-Identifier: Apache-2.0
// One letter becomes one case: decide, read, and hand the result to the batch.
#ifndef ZT_BROKER_COUNTER_SERVE_H
#define ZT_BROKER_COUNTER_SERVE_H

#include "broker/counter/inbox.h"
#include "broker/counter/replay.h"
#include "broker/counter/round.h"

struct zt_serving { // what serving needs; owned by the counter
    struct zt_view view;
    struct zt_catalogue *catalogue; // the one of the view, to be held by issues
    struct zt_round *round;
    struct zt_pending *pending;
    struct zt_replay *replay;
    int64_t skew_ms;
    enum zt_err snapshot; // not ZT_OK: the store could not be read, every question is "trouble.store"
};
// Adds a reply, or an intent whose certificate is then under way, to the batch. The view's arena is used and
// reset.
void zt_serve_letter(struct zt_serving *serving, const struct zt_letter *letter);
// Adds the reply to an issue that is DONE, and releases it. The party's status is checked once more.
void zt_serve_outcome(struct zt_serving *serving, struct zt_issue *issue);

#endif
