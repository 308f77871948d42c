// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/commands.h"
#include "consumers/zt/question.h"
#include "consumers/zt/show.h"

static void show_json(struct zt_session *session, const struct zt_request *request,
                      const struct zt_answer *answer)
{
    json_t *object = zt_answer_json("lookup", request, answer), *found = json_array();
    for (size_t i = 0; i < answer->found_count; i++)
        json_array_append_new(found, zt_found_json(session, &answer->found[i]));
    json_object_set_new(object, "found", found);
    zt_json_put(object);
}

static void show(struct zt_session *session, const struct zt_request *request, const struct zt_answer *answer,
                 bool show_numbers)
{
    zt_show_question(session, request, show_numbers);
    zt_show_status(answer);
    for (size_t i = 0; i < answer->found_count; i++)
        zt_show_found(session, &answer->found[i], show_numbers);
    zt_show_receipt(answer);
}

static enum zt_exit ask(struct zt_session *session, const struct zt_args *args)
{
    struct zt_request request;
    struct zt_answer answer;
    struct zt_fault fault;
    int timeout;
    const char *fields = zt_arg(args, "fields"), *key = zt_arg(args, "key");
    enum zt_exit status = zt_question_fill(session, args, ZT_MODE_FETCH, &request, &timeout);
    if (status != ZT_EXIT_YES)
        return status;
    request.type = zt_arg(args, "type");
    request.key = key ? key : "";
    if (fields && zt_split_list(session, fields, ZT_ASK_MAX, &request.fields, &request.field_count) != ZT_OK)
        return zt_usage(args, "--fields takes 1 to %d names with commas between them", ZT_ASK_MAX);
    if (zt_client_ask(session->client, &request, timeout, &session->arena, &answer, &fault) != ZT_OK)
        return zt_fail(session->cli, &fault);
    if (session->cli->json)
        show_json(session, &request, &answer);
    else
        show(session, &request, &answer, zt_arg_flag(args, "show-numbers"));
    return zt_status_exit(answer.status);
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_session session;
    struct zt_fault fault;
    if (zt_session_open(&session, cli, &fault) != ZT_OK)
        return zt_fail(cli, &fault);
    enum zt_exit status = ask(&session, args);
    zt_session_close(&session);
    return status;
}

static const struct zt_option options[] = {
    {"type", "RECORD", "record type, e.g. hf.personal_account", true},
    {"fields", "A,B", "only these fields (otherwise all that the grant allows)", false},
    {"key", "KEY", "only the record with this key", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_lookup = {
    .name = "lookup",
    .operands = "",
    .zh = "查询记录（最小必要字段）",
    .en = "fetch records: the fields that the grant names, no more",
    .options = {options, zt_question_options},
    .run = run,
};
