// SPDX-License-Identifier: Apache-2.0
// A bell between threads: one rings after it has changed something, others wait for the next ring without a
// busy loop.
//
// Rules: thread safe. Read the count before looking at what the bell announces, then wait for a count other
// than that: no ring is missed.
#ifndef ZT_BASE_BELL_H
#define ZT_BASE_BELL_H

#include <stdint.h>

#include "base/err.h"

struct zt_bell;

ZT_MUST_USE enum zt_err zt_bell_new(struct zt_bell **bell);
void zt_bell_destroy(struct zt_bell **bell); // nobody may wait any more; idempotent
void zt_bell_ring(struct zt_bell *bell);
uint64_t zt_bell_count(struct zt_bell *bell); // rings so far
// Waits until the count differs from `seen`, at most timeout_ms: ZT_E_TIMEOUT.
ZT_MUST_USE enum zt_err zt_bell_wait(struct zt_bell *bell, uint64_t seen, int timeout_ms);

#endif
