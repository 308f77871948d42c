// SPDX-License-Identifier: Apache-2.0
// "KIND:NUMBER" as people type it.
#ifndef ZT_CONSUMERS_ZT_SUBJECT_H
#define ZT_CONSUMERS_ZT_SUBJECT_H

#include "base/buf.h"
#include "proto/record.h"

// KIND is a GB/T 36903 code or a name of ours ("citizen"); the number is normalised (full width, lower case).
// ZT_E_INPUT when it is not that form; whether the number is valid is the broker's to say.
ZT_MUST_USE enum zt_err zt_subject_parse(const char *text, struct zt_arena *arena,
                                         struct zt_subject *subject);

#endif
