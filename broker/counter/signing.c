// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/signing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/counter/issuer_keys.h"
#include "proto/wire.h"

#define ANSWER_COST_MAX ((size_t)4 * 1024 * 1024)
#define REQUEST_MAX     (ZT_FRAME_SMALL - 1024) // texts of one request; the rest is for what is around them
#define TEXT_AROUND     8                       // tag and length of each text
#define SERIAL_INDEX    UINT64_C(1000000000000) // the serial holds 12 digits of the intent's index

struct zt_signing {
    struct zt_sock *sock;
    struct zt_msg msg;
    struct zt_buf out;
    struct zt_arena arena;
    struct zt_pending *pending;
    struct zt_issuer_keys *keys;
    uint64_t ticket; // last one used
    bool blocked;
    struct zt_bytes texts[ZT_SIGN_MAX];
};

enum zt_err zt_signing_open(struct zt_net *net, const char *endpoint, struct zt_pending *pending,
                            struct zt_signing **signing, struct zt_fault *fault)
{
    struct zt_signing *self = calloc(1, sizeof *self);
    if (!self)
        return zt_fault_set(fault, ZT_E_NOMEM, "counter.signing", endpoint, "no memory");
    self->pending = pending;
    zt_msg_init(&self->msg);
    zt_buf_init(&self->out, ZT_FRAME_SMALL);
    zt_arena_init(&self->arena, ANSWER_COST_MAX);
    struct zt_connect_options options = {.endpoint = endpoint, .max_frame = ZT_FRAME_BATCH};
    enum zt_err rc = zt_issuer_keys_new(&self->keys);
    if (rc == ZT_OK)
        rc = zt_sock_connect(net, &options, &self->sock, fault);
    if (rc != ZT_OK) {
        zt_signing_close(&self);
        return rc;
    }
    *signing = self;
    return ZT_OK;
}

void zt_signing_close(struct zt_signing **signing)
{
    struct zt_signing *self = *signing;
    if (!self)
        return;
    zt_msg_fini(&self->msg);
    if (self->sock)
        zt_sock_close(&self->sock);
    zt_buf_fini(&self->out);
    zt_arena_fini(&self->arena);
    zt_issuer_keys_destroy(&self->keys);
    free(self);
    *signing = NULL;
}

struct zt_sock *zt_signing_sock(struct zt_signing *signing)
{
    return signing->sock;
}

bool zt_signing_blocked(const struct zt_signing *signing)
{
    return signing->blocked;
}

static void finish(struct zt_issue *issue, const char *rule)
{
    issue->step = ZT_ISSUE_DONE;
    issue->rule = rule;
}

// `prefix` and the signer's or the library's own rule; kept in the issue.
static void fail(struct zt_issue *issue, const char *general, const char *rule)
{
    const char *kept = rule && rule[0] ? zt_arena_strdup(&issue->arena, rule) : NULL;
    finish(issue, kept ? kept : general);
    zt_log_warn("ZT-COUNTER-ISSUE", "a certificate was not made: %s", issue->rule);
}

void zt_signing_start(struct zt_issue *issue, uint64_t index, int64_t now_ms, int64_t deadline)
{
    struct zt_statement *statement = &issue->statement;
    char today[ZT_DATE_LEN + 1], serial[32];
    struct zt_fault fault = {.rule = ""};
    issue->intent = index;
    issue->deadline = deadline;
    zt_date_of_ms(now_ms, today);
    snprintf(serial, sizeof serial, "%.4s%.2s%.2s%012" PRIu64, today, today + 5, today + 8,
             index % SERIAL_INDEX);
    char *id = zt_arena_alloc(&issue->arena, ZT_LICENCE_MAX);
    const char *type_code = issue->c.decision.cert->type_code;
    if (!id) {
        finish(issue, "trouble.memory");
    } else if (zt_licence_make(type_code, statement->issuer_uscc, serial, 1, id, &fault) != ZT_OK) {
        zt_log_fault("ZT-COUNTER-LICENCE", &fault);
        finish(issue, "issue.identifier");
    } else {
        statement->id = id;
        statement->issued_at = now_ms;
        statement->ledger_index = index;
        issue->step = ZT_ISSUE_KEY;
    }
}

static enum zt_err send(struct zt_signing *signing, const struct zt_sign_request *request)
{
    zt_buf_reset(&signing->out);
    enum zt_err rc = zt_sign_request_encode(request, &signing->out);
    if (rc == ZT_OK)
        rc = zt_sock_send(signing->sock, NULL, 0, zt_buf_bytes(&signing->out));
    if (rc != ZT_OK)
        signing->blocked = true;
    return rc;
}

static void ask_key(struct zt_signing *signing, struct zt_issuer_key *key, int64_t now)
{
    if (key->ticket && now - key->asked_at < ZT_ISSUER_RETRY_MS)
        return;
    struct zt_sign_request request = {.ticket = ++signing->ticket,
                                      .act = ZT_SIGN_KEY,
                                      .issuer = key->department,
                                      .alg = key->alg,
                                      .origin = ""};
    if (send(signing, &request) != ZT_OK)
        return;
    key->ticket = request.ticket;
    key->asked_at = now;
}

static void prepare(struct zt_issue *issue, const struct zt_signing_key *key)
{
    struct zt_fault fault = {.rule = ""};
    zt_buf_reset(&issue->signing_input);
    zt_buf_reset(&issue->disclosures);
    enum zt_err rc =
        zt_statement_prepare(&issue->statement, key, &issue->signing_input, &issue->disclosures, &fault);
    if (rc == ZT_OK && issue->signing_input.len + TEXT_AROUND <= REQUEST_MAX) {
        issue->step = ZT_ISSUE_TEXT;
        return;
    }
    if (rc == ZT_OK || rc == ZT_E_LIMIT) {
        finish(issue, "issue.size");
        return;
    }
    zt_log_fault("ZT-COUNTER-PREPARE", &fault);
    finish(issue, rc == ZT_E_NOMEM ? "trouble.memory" : "trouble.statement");
}

static void prepare_all(struct zt_signing *signing, int64_t now)
{
    size_t at = 0;
    for (struct zt_issue *issue; (issue = zt_pending_next(signing->pending, &at));) {
        if (issue->step != ZT_ISSUE_KEY)
            continue;
        struct zt_issuer_key *key =
            zt_issuer_keys_of(signing->keys, issue->statement.issuer, issue->request.alg);
        if (!key)
            finish(issue, "signer.issuers");
        else if (key->known)
            prepare(issue, &key->key);
        else
            ask_key(signing, key, now);
    }
}

static bool same_key(const struct zt_issue *a, const struct zt_issue *b)
{
    return a->request.alg == b->request.alg && strcmp(a->statement.issuer, b->statement.issuer) == 0;
}

// Sends `first` and what may go with it; marks them with the request's ticket. False when nothing could go.
static bool send_group(struct zt_signing *signing, struct zt_issue *first, size_t at)
{
    struct zt_issue *group[ZT_ISSUES_MAX];
    struct zt_sign_request request = {.ticket = ++signing->ticket,
                                      .act = ZT_SIGN_MESSAGES,
                                      .issuer = first->statement.issuer,
                                      .alg = first->request.alg,
                                      .messages = signing->texts,
                                      .origin = ""};
    size_t bytes = 0;
    for (struct zt_issue *issue = first; issue; issue = zt_pending_next(signing->pending, &at)) {
        size_t len = issue->signing_input.len + TEXT_AROUND;
        if (issue->step != ZT_ISSUE_TEXT || !same_key(issue, first) || bytes + len > REQUEST_MAX)
            continue;
        bytes += len;
        signing->texts[request.message_count] = zt_buf_bytes(&issue->signing_input);
        group[request.message_count++] = issue;
    }
    if (send(signing, &request) != ZT_OK)
        return false;
    for (size_t i = 0; i < request.message_count; i++) {
        group[i]->step = ZT_ISSUE_SIGNING;
        group[i]->ticket = request.ticket;
        group[i]->place = i;
    }
    return true;
}

static void send_all(struct zt_signing *signing)
{
    size_t at = 0;
    for (struct zt_issue *issue; (issue = zt_pending_next(signing->pending, &at));)
        if (issue->step == ZT_ISSUE_TEXT && !send_group(signing, issue, at))
            return;
}

static void take_key(struct zt_signing *signing, struct zt_issuer_key *key,
                     const struct zt_sign_answer *answer)
{
    const char *general = "signer.answer", *rule = NULL;
    if (answer->code == ZT_OK) {
        if (zt_issuer_key_learn(key, answer) == ZT_OK)
            return;
        zt_issuer_key_forget(key);
    } else {
        general = "signer.refused";
        rule = answer->rule;
        zt_issuer_key_forget(key);
    }
    size_t at = 0;
    for (struct zt_issue *issue; (issue = zt_pending_next(signing->pending, &at));)
        if (issue->step == ZT_ISSUE_KEY && issue->request.alg == key->alg &&
            strcmp(issue->statement.issuer, key->department) == 0)
            fail(issue, general, rule);
}

static void take_signature(struct zt_issue *issue, struct zt_issuer_key *key,
                           const struct zt_sign_answer *answer)
{
    if (answer->code != ZT_OK) {
        if (key)
            zt_issuer_key_forget(key);
        fail(issue, "signer.refused", answer->rule);
        return;
    }
    bool known = key && key->known && answer->key_id && strcmp(key->key.key_id, answer->key_id) == 0;
    if (!known) { // signed with another key than the text names: once more, with that one
        if (key)
            zt_issuer_key_forget(key);
        issue->step = ZT_ISSUE_KEY;
        if (issue->retried)
            fail(issue, "signer.key-changed", NULL);
        issue->retried = true;
        return;
    }
    if (issue->place >= answer->signature_count || answer->signatures[issue->place].len != ZT_SIG_LEN) {
        fail(issue, "signer.answer", NULL);
        return;
    }
    zt_buf_reset(&issue->compact);
    enum zt_err rc =
        zt_statement_finish(zt_buf_bytes(&issue->signing_input), answer->signatures[issue->place].data,
                            zt_buf_bytes(&issue->disclosures), &issue->compact);
    finish(issue, rc == ZT_OK ? NULL : "issue.size");
}

static void take_signatures(struct zt_signing *signing, const struct zt_sign_answer *answer)
{
    size_t at = 0;
    for (struct zt_issue *issue; (issue = zt_pending_next(signing->pending, &at));) {
        if (issue->step != ZT_ISSUE_SIGNING || issue->ticket != answer->ticket)
            continue;
        struct zt_issuer_key *key =
            zt_issuer_keys_of(signing->keys, issue->statement.issuer, issue->request.alg);
        take_signature(issue, key, answer);
    }
}

static void take_answers(struct zt_signing *signing)
{
    while (zt_sock_recv(signing->sock, &signing->msg) == ZT_OK) {
        enum zt_wire_type type;
        struct zt_bytes body;
        struct zt_sign_answer answer;
        struct zt_fault fault = {.rule = ""};
        zt_arena_reset(&signing->arena);
        enum zt_err rc = zt_wire_open(signing->msg.frame, &type, &body, &fault);
        if (rc == ZT_OK && type != ZT_WIRE_SIGN_ANSWER)
            rc = zt_fault_set(&fault, ZT_E_PEER, "signer.type", "signer", "not an answer of a signer");
        if (rc == ZT_OK)
            rc = zt_sign_answer_parse(body, &signing->arena, &answer, &fault);
        if (rc != ZT_OK) {
            zt_log_fault("ZT-COUNTER-SIGNER", &fault);
            continue;
        }
        struct zt_issuer_key *key = zt_issuer_keys_asked(signing->keys, answer.ticket);
        if (key)
            take_key(signing, key, &answer);
        else
            take_signatures(signing, &answer); // of nobody, when it comes after the deadline
    }
}

static void expire_one(struct zt_signing *signing, struct zt_issue *issue)
{
    struct zt_issuer_key *key = zt_issuer_keys_of(signing->keys, issue->statement.issuer, issue->request.alg);
    // The signer may have been restarted, with other keys or without having seen our question: ask anew.
    if (key)
        zt_issuer_key_forget(key);
    fail(issue, "signer.timeout", NULL);
}

static void expire(struct zt_signing *signing, int64_t now)
{
    size_t at = 0;
    for (struct zt_issue *issue; (issue = zt_pending_next(signing->pending, &at));)
        if (issue->step != ZT_ISSUE_DONE && issue->step != ZT_ISSUE_INTENT && issue->deadline <= now)
            expire_one(signing, issue);
}

void zt_signing_work(struct zt_signing *signing, int64_t monotonic_ms)
{
    take_answers(signing);
    signing->blocked = false;
    if (zt_pending_count(signing->pending) == 0)
        return;
    expire(signing, monotonic_ms);
    prepare_all(signing, monotonic_ms);
    send_all(signing);
}
