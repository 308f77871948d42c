// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/desk_question.h"

#include "consumers/zt/print.h"
#include "consumers/zt/show.h"

#define TIMEOUT_MAX_MS  600000
#define OPERATOR_REASON "status"

#define OFFICER                                                                                              \
    {                                                                                                        \
        "officer", "ID", "who asks (otherwise that of the profile)", false                                   \
    }
#define TIMEOUT                                                                                              \
    {                                                                                                        \
        "timeout", "MS", "how long to wait for an answer (default 5000)", false                              \
    }

const struct zt_option zt_auditor_options[] = {
    {"reason", "TEXT", "why: the file number of the audit", true},
    OFFICER,
    TIMEOUT,
    {NULL, NULL, NULL, false},
};
const struct zt_option zt_operator_options[] = {
    {"reason", "TEXT", "why (otherwise \"" OPERATOR_REASON "\")", false},
    OFFICER,
    TIMEOUT,
    {NULL, NULL, NULL, false},
};

enum zt_exit zt_desk_fill(const struct zt_session *session, const struct zt_args *args, enum zt_desk_act act,
                          struct zt_desk_request *request)
{
    const char *officer = zt_arg(args, "officer"), *reason = zt_arg(args, "reason");
    if (!officer)
        officer = session->profile->officer;
    if (!officer)
        return zt_usage(args, "--officer ID is needed: the profile names none");
    *request = (struct zt_desk_request){.act = act,
                                        .officer = officer,
                                        .reason = reason ? reason : OPERATOR_REASON,
                                        .filter = {.subject = {"", "", ""},
                                                   .party = "",
                                                   .officer = "",
                                                   .item = "",
                                                   .purpose = "",
                                                   .type = "",
                                                   .case_no = ""}};
    return ZT_EXIT_YES;
}

enum zt_exit zt_desk_ask(struct zt_session *session, const struct zt_args *args,
                         struct zt_desk_request *request, struct zt_desk_answer *answer)
{
    struct zt_fault fault;
    int64_t timeout;
    if (zt_arg_number(args, "timeout", 1, TIMEOUT_MAX_MS, ZT_CLIENT_TIMEOUT_MS, &timeout) != ZT_OK)
        return ZT_EXIT_USAGE;
    if (zt_client_desk(session->client, request, (int)timeout, &session->arena, answer, &fault) != ZT_OK)
        return zt_fail(session->cli, &fault);
    return ZT_EXIT_YES;
}

json_t *zt_desk_json(const char *command, const struct zt_desk_answer *answer)
{
    return json_pack("{ss ss so so so so}", "command", command, "status", zt_status_name(answer->status),
                     "rule", zt_json_text(answer->rule), "text_zh", zt_json_text(answer->text_zh), "text_en",
                     zt_json_text(answer->text_en), "ledger",
                     zt_json_ledger(answer->ledger_index, answer->ledger_hash));
}

void zt_desk_show_status(const struct zt_desk_answer *answer)
{
    if (answer->status == ZT_STATUS_OK)
        return;
    zt_put_rowf("结果 result", "%s %s", zt_status_zh(answer->status), zt_status_name(answer->status));
    zt_put_row("规则 rule", answer->rule);
    zt_put_row("说明", answer->text_zh);
    zt_put_row("explanation", answer->text_en);
}

void zt_desk_show_receipt(const struct zt_desk_answer *answer)
{
    zt_put_rowf("本次查阅 this question", "已记入账本第 %llu 条 is ledger entry %llu",
                (unsigned long long)answer->ledger_index, (unsigned long long)answer->ledger_index);
}

enum zt_exit zt_desk_session(const struct zt_cli *cli, const struct zt_args *args,
                             enum zt_exit (*body)(struct zt_session *, const struct zt_args *))
{
    struct zt_session session;
    struct zt_fault fault;
    if (zt_session_open(&session, cli, &fault) != ZT_OK)
        return zt_fail(cli, &fault);
    enum zt_exit status = body(&session, args);
    zt_session_close(&session);
    return status;
}
