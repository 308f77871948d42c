// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "certs/consent.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/hpf_gather.h"
#include "consumers/zt/hpf_show.h"
#include "consumers/zt/subject.h"
#include "consumers/zt/text_file.h"

static enum zt_exit read_spouse_consent(struct zt_hpf_case *c, const char *path)
{
    struct zt_fault fault;
    struct zt_buf token;
    c->spouse_consent = "";
    if (!path)
        return ZT_EXIT_YES;
    zt_buf_init(&token, ZT_CONSENT_MAX);
    enum zt_err rc = zt_text_read(path, &token, &fault);
    const char *copy = rc == ZT_OK ? zt_arena_strdup(&c->session->arena, zt_buf_text(&token)) : NULL;
    zt_buf_fini(&token);
    if (rc != ZT_OK)
        return zt_fail(c->session->cli, &fault);
    c->spouse_consent = copy ? copy : "";
    return ZT_EXIT_YES;
}

static enum zt_exit fill(struct zt_hpf_case *c, const struct zt_args *args)
{
    const char *spouse = zt_arg(args, "spouse"), *applied = zt_arg(args, "applied"),
               *grantee = zt_arg(args, "grantee");
    enum zt_exit status = zt_question_fill(c->session, args, ZT_MODE_FETCH, &c->question, &c->timeout_ms);
    if (status != ZT_EXIT_YES)
        return status;
    const struct zt_item *item =
        c->session->catalogue ? zt_catalogue_item(c->session->catalogue, c->question.item) : NULL;
    c->grantee = grantee ? grantee : item ? item->department->uscc : "";
    c->loan_no = zt_arg(args, "loan");
    c->claimed_spouse = c->spouse = (struct zt_subject){"", "", ""};
    zt_date_of_ms(zt_now_ms(), c->today);
    c->facts.applied_on = applied ? applied : c->today;
    if (spouse && zt_subject_parse(spouse, &c->session->arena, &c->claimed_spouse) != ZT_OK)
        return zt_usage(args, "--spouse takes KIND:NUMBER");
    if (!zt_date_valid(c->facts.applied_on))
        return zt_usage(args, "--applied takes 2026-11-22");
    return read_spouse_consent(c, zt_arg(args, "spouse-consent"));
}

static enum zt_exit fill_rules(const struct zt_args *args, struct zt_hpf_rules *rules)
{
    int64_t retained, cap;
    *rules = zt_hpf_default_rules();
    if (zt_arg_number(args, "retained", 0, INT32_MAX, rules->retained_fen, &retained) != ZT_OK ||
        zt_arg_number(args, "cap", 0, INT64_C(1000000000000), rules->cap_fen, &cap) != ZT_OK)
        return ZT_EXIT_USAGE;
    rules->retained_fen = retained;
    rules->cap_fen = cap;
    return ZT_EXIT_YES;
}

static enum zt_exit exit_of(enum zt_hpf_outcome outcome)
{
    return outcome == ZT_HPF_APPROVED   ? ZT_EXIT_YES
           : outcome == ZT_HPF_REJECTED ? ZT_EXIT_NO
                                        : ZT_EXIT_TROUBLE;
}

static enum zt_exit decide(struct zt_hpf_case *c, const struct zt_args *args)
{
    struct zt_hpf_decision decision;
    struct zt_hpf_rules rules;
    struct zt_fault fault;
    enum zt_exit status = fill(c, args);
    if (status == ZT_EXIT_YES)
        status = fill_rules(args, &rules);
    if (status != ZT_EXIT_YES)
        return status;
    enum zt_err rc = zt_hpf_gather(c, &fault);
    if (rc == ZT_OK && (rc = zt_hpf_decide(&rules, &c->facts, &decision)) != ZT_OK)
        zt_fault_set(&fault, rc, "scenario.facts", "", "a record holds a date or an amount that cannot be");
    if (rc != ZT_OK)
        return zt_fail(c->session->cli, &fault);
    if (c->session->cli->json)
        zt_json_put(zt_hpf_json(c, &rules, &decision));
    else
        zt_hpf_show(c, &decision, zt_arg_flag(args, "show-numbers"));
    return exit_of(decision.outcome);
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_session session;
    struct zt_fault fault;
    if (zt_session_open(&session, cli, &fault) != ZT_OK)
        return zt_fail(cli, &fault);
    struct zt_hpf_case *c = zt_arena_alloc(&session.arena, sizeof *c);
    enum zt_exit status = ZT_EXIT_TROUBLE;
    if (c) {
        c->session = &session;
        status = decide(c, args);
    }
    zt_session_close(&session);
    return status;
}

static const struct zt_option options[] = {
    {"loan", "NO", "number of the loan contract", true},
    {"spouse", "KIND:NUMBER", "the spouse that the applicant names", false},
    {"spouse-consent", "FILE", "consent token of the spouse, when the loan is the spouse's", false},
    {"applied", "DATE", "day of the application (default today)", false},
    {"retained", "FEN", "what stays in the account (default 10000)", false},
    {"cap", "FEN", "limit of all withdrawals for the loan (default none)", false},
    {"grantee", "USCC", "whom the credit authorisation must name (default: the item's department)", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_scenario_hpf = {
    .name = "scenario hpf-withdrawal",
    .operands = "",
    .zh = "智能审批：偿还商贷提取公积金",
    .en = "decide a withdrawal from the provident fund that repays a housing loan",
    .options = {options, zt_question_options},
    .run = run,
};
