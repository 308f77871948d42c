// SPDX-License-Identifier: Apache-2.0
// A ledger entry, for people and for programs.
#ifndef ZT_CONSUMERS_ZT_ENTRY_H
#define ZT_CONSUMERS_ZT_ENTRY_H

#include "consumers/zt/json.h"
#include "consumers/zt/session.h"

// {"index", "hash", "kind", ...}; {"index", "hash", "damaged": rule} when the bytes are no entry. The
// caller's.
json_t *zt_entry_json(struct zt_session *session, uint64_t index, struct zt_bytes bytes);
void zt_entry_show(struct zt_session *session, uint64_t index, struct zt_bytes bytes);

#endif
