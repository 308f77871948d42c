// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/resolve.h"

#include <string.h>

#include "broker/counter/consent.h"
#include "broker/counter/issue.h"
#include "broker/counter/subject.h"

#define NO_TYPE "*" // no id of the catalogue: with it the policy stops at "type.unknown"

struct resolving {
    const struct zt_view *view;
    struct zt_case *c;
    int64_t skew;
    const char *refusal; // of the first type without a right
    struct zt_field_verdict *list;
    size_t count;
};

static struct zt_decision decide(const struct resolving *r, const struct zt_request *request)
{
    struct zt_decision decision =
        zt_policy_decide_within(r->view->catalogue, r->c->user, request, r->view->now, r->skew);
    if (decision.allow && decision.consent)
        decision = zt_policy_consent(r->view->catalogue, &decision, request, r->view->now);
    return decision;
}

// One certificate type, as a question of its own.
static void try_type(struct resolving *r, const struct zt_cert_type *type)
{
    struct zt_request request = *r->c->request;
    request.type = type->id;
    struct zt_case one;
    zt_case_start(&one, r->c->user, &request, r->c->id);
    one.decision = decide(r, &request);
    if (!one.decision.allow) {
        if (!r->refusal)
            r->refusal = one.decision.rule;
        return;
    }
    if (zt_subject_take(r->view, &one) != NULL)
        return; // the proof is about another kind of subject
    enum zt_verdict verdict = zt_issue_possible(r->view, &one);
    struct zt_freshness *whole = &r->c->answer.freshness;
    *whole = r->count ? zt_fresh_worst(*whole, one.answer.freshness) : one.answer.freshness;
    r->list[r->count++] = (struct zt_field_verdict){type->id, verdict};
}

static void try_all(struct resolving *r, const struct zt_item *item)
{
    const char *only = r->c->request->type;
    for (size_t i = 0; i < item->proof_count && r->count < ZT_ASK_MAX; i++)
        if (!only || !only[0] || strcmp(only, item->proofs[i]->id) == 0)
            try_type(r, item->proofs[i]);
}

void zt_resolve(const struct zt_view *view, struct zt_case *c, int64_t skew_ms)
{
    struct resolving r = {.view = view, .c = c, .skew = skew_ms};
    struct zt_request question = *c->request;
    question.type = NO_TYPE;
    c->decision = decide(&r, &question);
    if (strcmp(c->decision.rule, "type.unknown") != 0) {
        zt_case_refuse(c, c->decision.rule);
        return;
    }
    const char *rule = zt_subject_take(view, c);
    if (rule) {
        zt_case_refuse(c, rule);
        return;
    }
    r.list = zt_arena_alloc(view->arena, ZT_ASK_MAX * sizeof *r.list);
    if (!r.list) {
        zt_case_trouble(c, ZT_E_NOMEM);
        return;
    }
    try_all(&r, c->decision.item);
    if (r.count == 0) {
        zt_case_refuse(c, r.refusal ? r.refusal : "grant.none");
        return;
    }
    zt_case_ok(c);
    c->answer.verdicts = r.list;
    c->answer.verdict_count = r.count;
}
