// SPDX-License-Identifier: Apache-2.0
// One round of the counter: what was decided becomes ledger entries, one append makes them durable together
// with the mail of other threads, and only then the replies leave.
//
// Rules: belongs to the counter's thread. Answers and entries are encoded when they are added, so nothing of
// a case is needed afterwards. A failed append ends the process (zt_broker_die): nothing of the round leaves.
#ifndef ZT_BROKER_COUNTER_ROUND_H
#define ZT_BROKER_COUNTER_ROUND_H

#include "broker/counter/case.h"
#include "broker/counter/counter.h"
#include "broker/counter/pending.h"
#include "broker/ledger/mail.h"

#define ZT_ROUND_ANSWERS_MAX ((size_t)8 * 1024 * 1024) // bytes of answers that make a batch full

struct zt_round;
struct zt_round_options {
    struct zt_ledger *ledger;
    struct zt_mailroom *mail;
    struct zt_sock *consumers;
    struct zt_counter_counts *counts;
};
ZT_MUST_USE enum zt_err zt_round_new(const struct zt_round_options *options, struct zt_round **round);
void zt_round_destroy(struct zt_round **round);

struct zt_round_to { // where the reply goes
    const uint8_t *route;
    size_t route_len;
};
// The case's answer and entry. `intent`: 1 + index of the intent entry that this is the outcome of, or 0. An
// answer that does not fit, or whose entry does not, is replaced by a refusal that says so.
void zt_round_reply(struct zt_round *round, struct zt_round_to to, struct zt_case *c, int64_t now_ms,
                    uint64_t intent);
// An intent entry: no reply; after the flush zt_round_next_intent gives the issue and its index. False when
// its entry cannot be written: the case is refused and must be replied to.
ZT_MUST_USE bool zt_round_intent(struct zt_round *round, struct zt_issue *issue, int64_t now_ms);
bool zt_round_full(const struct zt_round *round); // flush before adding more

// Takes the mail that waits, appends, answers the mail, sends the replies. Does nothing when there is
// nothing.
void zt_round_flush(struct zt_round *round);
// After a flush: the next issue whose intent became durable; NULL when there is no more.
struct zt_issue *zt_round_next_intent(struct zt_round *round, uint64_t *index);
void zt_round_clear(struct zt_round *round); // after that: empty again, answers wiped
void zt_round_clear(struct zt_round *round); // after that: empty again, answers wiped

#endif
