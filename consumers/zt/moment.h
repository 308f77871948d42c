// SPDX-License-Identifier: Apache-2.0
// A moment as people type it.
#ifndef ZT_CONSUMERS_ZT_MOMENT_H
#define ZT_CONSUMERS_ZT_MOMENT_H

#include "base/clock.h"

// "2026-11-22T04:21:31Z", or a day "2026-11-22", which means its first moment in China.
ZT_MUST_USE enum zt_err zt_moment_parse(const char *text, int64_t *ms);

#endif
