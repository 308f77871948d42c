// SPDX-License-Identifier: Apache-2.0
// Certificates under way: from the question to the signature. Each keeps all it needs in an arena of its own
// and a reference to the catalogue it was decided with, so lookups and a new catalogue never wait for it.
//
// Rules: one owner; at most ZT_ISSUES_MAX at a time. Pointers stay valid until the release.
#ifndef ZT_BROKER_COUNTER_PENDING_H
#define ZT_BROKER_COUNTER_PENDING_H

#include "base/net/net.h"
#include "broker/counter/case.h"
#include "certs/statement.h"

#define ZT_ISSUES_MAX     512
#define ZT_ISSUE_COST_MAX ((size_t)8 * 1024 * 1024) // bytes of one issue's arena

enum zt_issue_step {
    ZT_ISSUE_FREE = 0,
    ZT_ISSUE_INTENT,  // its intent entry is not durable yet
    ZT_ISSUE_KEY,     // needs to know the issuer's key, then its text is prepared
    ZT_ISSUE_TEXT,    // prepared, to be sent to the signer
    ZT_ISSUE_SIGNING, // sent
    ZT_ISSUE_DONE,    // `compact` is filled, or `rule` says why not
};
struct zt_issue {
    enum zt_issue_step step;
    struct zt_arena arena;
    struct zt_catalogue *catalogue; // held
    struct zt_request request;      // copied; without fields, claims and consent
    struct zt_case c;
    char user[ZT_USER_ID_MAX];
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
    struct zt_statement statement;
    uint64_t intent;  // index of the intent entry
    int64_t deadline; // zt_monotonic_ms
    uint64_t ticket;  // SIGNING: of the request to the signer
    size_t place;     // and which message of it
    bool retried;     // with a fresh key, because the signer's key had changed
    struct zt_buf signing_input, disclosures, compact;
    const char *rule; // DONE: NULL when signed
};

struct zt_pending;
ZT_MUST_USE enum zt_err zt_pending_new(struct zt_pending **pending);
void zt_pending_destroy(struct zt_pending **pending);
size_t zt_pending_count(const struct zt_pending *pending);

// A free one with the question copied into it and its case started; ZT_E_LIMIT when all are under way. The
// view of its gathering: the batch's, with the issue's arena.
ZT_MUST_USE enum zt_err zt_pending_take(struct zt_pending *pending, const struct zt_case *c,
                                        struct zt_catalogue *catalogue, struct zt_issue **issue);
void zt_pending_release(struct zt_pending *pending, struct zt_issue *issue); // wipes it
// The next issue under way at or behind *at (start with 0), or NULL; moves *at on.
struct zt_issue *zt_pending_next(struct zt_pending *pending, size_t *at);
// The earliest deadline; INT64_MIN when one is done and waits for its outcome, INT64_MAX when none is there.
int64_t zt_pending_deadline(struct zt_pending *pending);

#endif
