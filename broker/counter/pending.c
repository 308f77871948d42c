// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/pending.h"

#include <stdlib.h>
#include <string.h>

#define COMPACT_MAX (2 * ZT_STATEMENT_MAX) // header, payload, signature and disclosures in base64

struct zt_pending {
    size_t count;
    struct zt_issue list[ZT_ISSUES_MAX];
};

enum zt_err zt_pending_new(struct zt_pending **pending)
{
    struct zt_pending *self = calloc(1, sizeof *self);
    if (!self)
        return ZT_E_NOMEM;
    *pending = self;
    return ZT_OK;
}

void zt_pending_release(struct zt_pending *pending, struct zt_issue *issue)
{
    if (issue->step == ZT_ISSUE_FREE)
        return;
    zt_buf_fini(&issue->signing_input);
    zt_buf_fini(&issue->disclosures);
    zt_buf_fini(&issue->compact);
    zt_arena_fini(&issue->arena);
    zt_catalogue_release(&issue->catalogue);
    explicit_bzero(issue, sizeof *issue);
    pending->count--;
}

void zt_pending_destroy(struct zt_pending **pending)
{
    if (!*pending)
        return;
    for (size_t i = 0; i < ZT_ISSUES_MAX; i++)
        zt_pending_release(*pending, &(*pending)->list[i]);
    free(*pending);
    *pending = NULL;
}

size_t zt_pending_count(const struct zt_pending *pending)
{
    return pending->count;
}

static bool copy(struct zt_arena *arena, const char **text)
{
    *text = zt_arena_strdup(arena, *text ? *text : "");
    return *text != NULL;
}

static bool copy_request(struct zt_arena *arena, const struct zt_request *from, struct zt_request *to)
{
    *to = *from;
    to->fields = NULL;
    to->claims = NULL;
    to->field_count = to->claim_count = 0;
    to->consent = "";
    return copy(arena, &to->item) && copy(arena, &to->purpose) && copy(arena, &to->case_no) &&
           copy(arena, &to->officer) && copy(arena, &to->subject.id_type) &&
           copy(arena, &to->subject.number) && copy(arena, &to->subject.name) && copy(arena, &to->type) &&
           copy(arena, &to->key);
}

static struct zt_issue *find_free(struct zt_pending *pending)
{
    for (size_t i = 0; i < ZT_ISSUES_MAX; i++)
        if (pending->list[i].step == ZT_ISSUE_FREE)
            return &pending->list[i];
    return NULL;
}

enum zt_err zt_pending_take(struct zt_pending *pending, const struct zt_case *c,
                            struct zt_catalogue *catalogue, struct zt_issue **issue)
{
    struct zt_issue *self = find_free(pending);
    if (!self)
        return ZT_E_LIMIT;
    *self = (struct zt_issue){.step = ZT_ISSUE_INTENT, .catalogue = zt_catalogue_hold(catalogue)};
    pending->count++;
    zt_arena_init(&self->arena, ZT_ISSUE_COST_MAX);
    zt_buf_init(&self->signing_input, COMPACT_MAX);
    zt_buf_init(&self->disclosures, COMPACT_MAX);
    zt_buf_init(&self->compact, COMPACT_MAX);
    if (!copy_request(&self->arena, c->request, &self->request)) {
        zt_pending_release(pending, self);
        return ZT_E_NOMEM;
    }
    self->c = *c;
    self->c.request = &self->request;
    memcpy(self->user, c->user, strnlen(c->user, sizeof self->user - 1));
    self->c.user = self->user;
    *issue = self;
    return ZT_OK;
}

struct zt_issue *zt_pending_next(struct zt_pending *pending, size_t *at)
{
    while (*at < ZT_ISSUES_MAX) {
        struct zt_issue *issue = &pending->list[(*at)++];
        if (issue->step != ZT_ISSUE_FREE)
            return issue;
    }
    return NULL;
}

int64_t zt_pending_deadline(struct zt_pending *pending)
{
    int64_t first = INT64_MAX;
    size_t at = 0;
    for (struct zt_issue *issue; pending->count && (issue = zt_pending_next(pending, &at));)
        if (issue->step == ZT_ISSUE_DONE)
            return INT64_MIN;
        else if (issue->deadline < first)
            first = issue->deadline;
    return first;
}
