// SPDX-License-Identifier: Apache-2.0
// An item of the log: one batch as the department signed it, when it came, and which of its records were
// refused. So whoever reads the log makes the same rows from it, also under a later catalogue that would
// judge differently.
//
// Bytes: version (1) ‖ be64 received at ‖ be16 n ‖ n times be16 index, rising ‖ body of the BATCH frame.
#ifndef ZT_BROKER_LOG_ITEM_H
#define ZT_BROKER_LOG_ITEM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "proto/publish.h"

#define ZT_ITEM_HEAD_MAX ((size_t)11 + 2 * ZT_BATCH_MAX_RECORDS)

struct zt_log_item {
    int64_t received_at; // ms
    bool refused[ZT_BATCH_MAX_RECORDS];
    struct zt_bytes body; // borrowed
};
// Appends to `out`.
void zt_log_item_encode(const struct zt_log_item *item, struct zt_buf *out);
// ZT_E_CORRUPT: items are our own bytes.
ZT_MUST_USE enum zt_err zt_log_item_parse(struct zt_bytes bytes, struct zt_log_item *item);

#endif
