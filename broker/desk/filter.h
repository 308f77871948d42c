// SPDX-License-Identifier: Apache-2.0
// Which entries an auditor looks for. Private to this room.
#ifndef ZT_BROKER_DESK_FILTER_H
#define ZT_BROKER_DESK_FILTER_H

#include "broker/desk/internal.h"

#define ZT_SIEVE_NEEDLES 8

// Texts that must be in the encoded entry, each as it is: most entries are told apart without parsing them.
struct zt_sieve {
    const struct zt_filter *filter;
    const uint8_t *subject; // pseudonym, or NULL for any
    struct zt_bytes needles[ZT_SIEVE_NEEDLES];
    size_t count;
};
void zt_sieve_make(struct zt_sieve *sieve, const struct zt_filter *filter, const uint8_t *subject);
// Does the encoded entry fit? Uses and resets `arena`. Bytes that are no entry never fit.
bool zt_sieve_passes(const struct zt_sieve *sieve, struct zt_bytes encoded, struct zt_arena *arena);

// The pseudonym of the person or organisation searched for; NULL or the rule that the number breaks.
const char *zt_filter_subject(struct zt_desk *desk, const struct zt_subject *subject,
                              uint8_t pseudonym[static ZT_PSEUDONYM_LEN]);

#endif
