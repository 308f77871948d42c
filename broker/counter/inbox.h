// SPDX-License-Identifier: Apache-2.0
// What has arrived: the frames of one batch, parsed within a bounded cost.
//
// Rules: belongs to the counter's thread. One batch takes at most ZT_COUNTER_BATCH frames and stops earlier
// when their parsed forms take ZT_INBOX_COST bytes; the rest waits in the socket. A frame that is no question
// but names a question's id is kept with the rule that it breaks, so that its asker can be told; any other is
// dropped and counted.
#ifndef ZT_BROKER_COUNTER_INBOX_H
#define ZT_BROKER_COUNTER_INBOX_H

#include "base/net/net.h"
#include "broker/counter/counter.h"

#define ZT_INBOX_COST         ((size_t)16 * 1024 * 1024)
#define ZT_INBOX_COST_MESSAGE ((size_t)1024 * 1024) // 16 bytes for each byte of the longest frame

struct zt_letter {
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
    char user[ZT_USER_ID_MAX];
    uint8_t id[ZT_REQUEST_ID_LEN];
    uint8_t hash[ZT_HASH_LEN];        // SM3 of the body
    const struct zt_request *request; // NULL: see rule
    const char *rule;                 // "wire.version", "lookup.item", ...
};

struct zt_inbox {
    struct zt_msg msg;
    struct zt_arena arena;
    size_t count;
    struct zt_letter letters[ZT_COUNTER_BATCH];
};
void zt_inbox_init(struct zt_inbox *inbox);
void zt_inbox_fini(struct zt_inbox *inbox);
// Replaces what was in it. True when the socket may hold more.
bool zt_inbox_drain(struct zt_inbox *inbox, struct zt_sock *sock, struct zt_counter_counts *counts);

#endif
