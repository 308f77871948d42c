// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "consumers/zt/commands.h"
#include "consumers/zt/desk_question.h"
#include "consumers/zt/entry.h"
#include "consumers/zt/moment.h"
#include "consumers/zt/print.h"
#include "consumers/zt/question.h"
#include "consumers/zt/subject.h"

static bool parse_status(const char *name, uint32_t *status)
{
    for (int i = ZT_STATUS_INVALID; i <= ZT_STATUS_TROUBLE; i++)
        if (strcmp(zt_status_name((enum zt_status)i), name) == 0) {
            *status = (uint32_t)i + 1;
            return true;
        }
    return false;
}

static void fill_texts(const struct zt_args *args, struct zt_filter *filter)
{
    const struct {
        const char *option, **value;
    } texts[] = {{"party", &filter->party}, {"officer-filter", &filter->officer},
                 {"item", &filter->item},   {"purpose", &filter->purpose},
                 {"type", &filter->type},   {"case", &filter->case_no}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (zt_arg(args, texts[i].option))
            *texts[i].value = zt_arg(args, texts[i].option);
}

static enum zt_exit fill(struct zt_session *session, const struct zt_args *args,
                         struct zt_desk_request *request)
{
    struct zt_filter *filter = &request->filter;
    const char *subject = zt_arg(args, "subject"), *kind = zt_arg(args, "kind"),
               *status = zt_arg(args, "status");
    const char *from = zt_arg(args, "from"), *to = zt_arg(args, "to");
    int64_t limit, cursor;
    if (zt_arg_number(args, "limit", 1, ZT_DESK_PAGE_MAX, 100, &limit) != ZT_OK ||
        zt_arg_number(args, "cursor", 0, INT64_MAX, 0, &cursor) != ZT_OK)
        return ZT_EXIT_USAGE;
    request->limit = (uint32_t)limit;
    request->cursor = (uint64_t)cursor;
    fill_texts(args, filter);
    if (subject && zt_subject_parse(subject, &session->arena, &filter->subject) != ZT_OK)
        return zt_usage(args, "--subject takes KIND:NUMBER");
    if (kind && zt_entry_kind_parse(kind, &filter->kind) != ZT_OK)
        return zt_usage(
            args, "--kind takes answer, denial, intent, issue, revoke, present, admin, audit or config");
    if (status && !parse_status(status, &filter->status))
        return zt_usage(args, "--status takes invalid, ok, none, unknown, denied or trouble");
    if ((from && zt_moment_parse(from, &filter->from) != ZT_OK) ||
        (to && zt_moment_parse(to, &filter->to) != ZT_OK))
        return zt_usage(args, "--from and --to take 2026-11-22 or 2026-11-22T04:21:31Z");
    return ZT_EXIT_YES;
}

static void show_json(struct zt_session *session, const struct zt_desk_answer *answer)
{
    json_t *object = zt_desk_json("audit search", answer), *entries = json_array();
    for (size_t i = 0; i < answer->line_count; i++)
        json_array_append_new(entries,
                              zt_entry_json(session, answer->lines[i].index, answer->lines[i].entry));
    json_object_set_new(object, "entries", entries);
    json_object_set_new(object, "more", json_boolean(answer->more));
    json_object_set_new(object, "next_cursor", json_integer((json_int_t)answer->next_cursor));
    zt_json_put(object);
}

static void show(struct zt_session *session, const struct zt_desk_answer *answer)
{
    zt_desk_show_status(answer);
    for (size_t i = 0; i < answer->line_count; i++)
        zt_entry_show(session, answer->lines[i].index, answer->lines[i].entry);
    if (answer->status == ZT_STATUS_OK)
        printf("共 %zu 条 entries%s\n", answer->line_count, answer->more ? "，未完 more follow" : "");
    if (answer->more)
        zt_put_rowf("下一页 next page", "--cursor %llu", (unsigned long long)answer->next_cursor);
    zt_desk_show_receipt(answer);
}

static enum zt_exit ask(struct zt_session *session, const struct zt_args *args)
{
    struct zt_desk_request request;
    struct zt_desk_answer answer;
    enum zt_exit status = zt_desk_fill(session, args, ZT_DESK_SEARCH, &request);
    if (status == ZT_EXIT_YES)
        status = fill(session, args, &request);
    if (status == ZT_EXIT_YES)
        status = zt_desk_ask(session, args, &request, &answer);
    if (status != ZT_EXIT_YES)
        return status;
    if (session->cli->json)
        show_json(session, &answer);
    else
        show(session, &answer);
    if (answer.status == ZT_STATUS_OK && answer.line_count == 0 && !answer.more)
        return ZT_EXIT_NO;
    return zt_status_exit(answer.status);
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    return zt_desk_session(cli, args, ask);
}

static const struct zt_option options[] = {
    {"subject", "KIND:NUMBER", "whom it was about", false},
    {"party", "PARTY", "who asked", false},
    {"officer-filter", "ID", "which officer asked", false},
    {"item", "CODE", "service item", false},
    {"purpose", "CODE", "what for", false},
    {"type", "TYPE", "record or certificate type", false},
    {"case", "NO", "case number", false},
    {"kind", "KIND", "answer, denial, intent, issue, revoke, present, admin, audit, config", false},
    {"status", "STATUS", "invalid, ok, none, unknown, denied, trouble", false},
    {"from", "TIME", "not before this day or moment", false},
    {"to", "TIME", "before this day or moment", false},
    {"limit", "N", "entries on a page, 1 to 200 (default 100)", false},
    {"cursor", "INDEX", "from this entry on (next_cursor of the page before)", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_audit_search = {
    .name = "audit search",
    .operands = "",
    .zh = "审计：谁在何时为何看过什么",
    .en = "search the ledger: who looked at what, when and why",
    .options = {zt_auditor_options, options},
    .run = run,
};
