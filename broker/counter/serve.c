// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/serve.h"

#include <string.h>

#include "broker/counter/consent.h"
#include "broker/counter/issue.h"
#include "broker/counter/lookup.h"
#include "broker/counter/resolve.h"
#include "broker/counter/subject.h"

// The rule that refuses, or NULL.
static const char *decide(struct zt_serving *serving, struct zt_case *c)
{
    const struct zt_view *view = &serving->view;
    c->decision = zt_policy_decide_within(view->catalogue, c->user, c->request, view->now, serving->skew_ms);
    if (c->decision.allow && c->decision.consent)
        c->decision = zt_policy_consent(view->catalogue, &c->decision, c->request, view->now);
    return c->decision.allow ? NULL : c->decision.rule;
}

static bool is_repeat(struct zt_serving *serving, const struct zt_case *c)
{
    return zt_replay_seen(serving->replay, c->user, c->id, serving->view.now);
}

// Allowed: whom it is about, and whether it was asked before.
static const char *admit(struct zt_serving *serving, struct zt_case *c)
{
    const char *rule = zt_subject_take(&serving->view, c);
    if (rule)
        return rule;
    if (is_repeat(serving, c))
        return "request.repeat";
    return serving->snapshot == ZT_OK ? NULL : "trouble.store";
}

static bool start_issue(struct zt_serving *serving, struct zt_case *c, const struct zt_letter *letter)
{
    struct zt_issue *issue;
    enum zt_err rc = zt_pending_take(serving->pending, c, serving->catalogue, &issue);
    if (rc != ZT_OK) {
        if (rc == ZT_E_LIMIT)
            zt_case_refuse(c, "issue.busy");
        else
            zt_case_trouble(c, rc);
        return false;
    }
    issue->route_len = letter->route_len;
    memcpy(issue->route, letter->route, letter->route_len);
    struct zt_view own = serving->view;
    own.arena = &issue->arena;
    if (zt_issue_gather(&own, &issue->c, &issue->statement)) {
        zt_case_ok(&issue->c);
        if (zt_round_intent(serving->round, issue, serving->view.now))
            return true;
    }
    // Settled without a signature: this is the answer; its texts are constants or of the catalogue.
    c->answer = issue->c.answer;
    c->answer.rule = zt_arena_strdup(serving->view.arena, issue->c.answer.rule);
    if (!c->answer.rule)
        zt_case_trouble(c, ZT_E_NOMEM);
    zt_pending_release(serving->pending, issue);
    return false;
}

// False when the case became an intent: nothing is replied yet.
static bool answer(struct zt_serving *serving, struct zt_case *c, const struct zt_letter *letter)
{
    switch (c->request->mode) {
    case ZT_MODE_FETCH:
        zt_lookup_fetch(&serving->view, c);
        return true;
    case ZT_MODE_VERIFY:
        zt_lookup_verify(&serving->view, c);
        return true;
    case ZT_MODE_ISSUE:
        return !start_issue(serving, c, letter);
    case ZT_MODE_RESOLVE:
        break; // see resolve()
    }
    return true;
}

static void resolve(struct zt_serving *serving, struct zt_case *c)
{
    if (serving->snapshot != ZT_OK) {
        zt_case_refuse(c, "trouble.store");
        return;
    }
    zt_resolve(&serving->view, c, serving->skew_ms);
    if (c->answer.status == ZT_STATUS_OK && is_repeat(serving, c))
        zt_case_refuse(c, "request.repeat");
}

static bool serve_question(struct zt_serving *serving, struct zt_case *c, const struct zt_letter *letter)
{
    if (c->request->mode == ZT_MODE_RESOLVE) {
        resolve(serving, c);
        return true;
    }
    const char *rule = decide(serving, c);
    if (rule) {
        // Who was refused a look at whom is what an auditor asks; a broken number is not the reason here.
        if (zt_subject_take(&serving->view, c) != NULL)
            c->subject_known = false;
        zt_case_refuse(c, rule);
        return true;
    }
    rule = admit(serving, c);
    if (rule) {
        zt_case_refuse(c, rule);
        return true;
    }
    return answer(serving, c, letter);
}

void zt_serve_letter(struct zt_serving *serving, const struct zt_letter *letter)
{
    struct zt_case c;
    bool reply = true;
    zt_case_start(&c, letter->user, letter->request, letter->id);
    memcpy(c.request_hash, letter->hash, sizeof c.request_hash);
    if (letter->request) {
        reply = serve_question(serving, &c, letter);
    } else {
        c.decision = zt_policy_party(serving->view.catalogue, letter->user);
        zt_case_refuse(&c, c.decision.allow ? letter->rule : c.decision.rule);
    }
    if (reply)
        zt_round_reply(serving->round, (struct zt_round_to){letter->route, letter->route_len}, &c,
                       serving->view.now, 0);
    zt_arena_reset(serving->view.arena);
}

void zt_serve_outcome(struct zt_serving *serving, struct zt_issue *issue)
{
    struct zt_case *c = &issue->c;
    struct zt_decision who = zt_policy_party(serving->view.catalogue, issue->user);
    if (!who.allow) {
        zt_case_refuse(c, who.rule); // revoked while the signer was at work
    } else if (issue->rule) {
        zt_case_refuse(c, issue->rule);
    } else {
        zt_case_ok(c);
        c->answer.certificate = zt_buf_text(&issue->compact);
        c->answer.certificate_id = issue->statement.id;
    }
    zt_round_reply(serving->round, (struct zt_round_to){issue->route, issue->route_len}, c, serving->view.now,
                   issue->intent + 1);
    zt_pending_release(serving->pending, issue);
}
