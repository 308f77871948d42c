// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "consumers/zt/commands.h"
#include "consumers/zt/print.h"
#include "consumers/zt/question.h"
#include "consumers/zt/show.h"

static enum zt_exit fill_claims(struct zt_session *session, const struct zt_args *args,
                                struct zt_request *request)
{
    request->claims = zt_arena_alloc(&session->arena, args->word_count * sizeof *request->claims);
    for (size_t i = 0; request->claims && i < args->word_count; i++) {
        const char *equals = strchr(args->words[i], '=');
        if (!equals || equals == args->words[i])
            return zt_usage(args, "\"%s\" is not field=value", args->words[i]);
        request->claims[i].field =
            zt_arena_strndup(&session->arena, args->words[i], (size_t)(equals - args->words[i]));
        request->claims[i].value = equals + 1;
        if (!request->claims[i].field)
            break;
        request->claim_count++;
    }
    return request->claim_count == args->word_count ? ZT_EXIT_YES : zt_usage(args, "too much text");
}

static void show_json(const struct zt_request *request, const struct zt_answer *answer)
{
    json_t *object = zt_answer_json("check", request, answer), *verdicts = json_array();
    for (size_t i = 0; i < answer->verdict_count; i++)
        json_array_append_new(verdicts, json_pack("{so ss}", "field", zt_json_text(answer->verdicts[i].field),
                                                  "verdict", zt_verdict_name(answer->verdicts[i].verdict)));
    json_object_set_new(object, "verdicts", verdicts);
    zt_json_put(object);
}

static void show(struct zt_session *session, const struct zt_request *request, const struct zt_answer *answer,
                 bool show_numbers)
{
    static const char *const words[] = {
        [ZT_VERDICT_UNKNOWN] = "不能确定", [ZT_MATCH] = "一致", [ZT_MISMATCH] = "不一致"};
    const struct zt_record_type *type = zt_session_record_type(session, request->type);
    zt_show_question(session, request, show_numbers);
    zt_show_status(answer);
    for (size_t i = 0; i < answer->verdict_count; i++) {
        const struct zt_field_verdict *verdict = &answer->verdicts[i];
        const struct zt_field_type *field = type ? zt_record_type_field(type, verdict->field) : NULL;
        char label[160];
        snprintf(label, sizeof label, "  %s %s", field ? field->name_zh : "", verdict->field);
        zt_put_rowf(label, "%s %s", words[verdict->verdict], zt_verdict_name(verdict->verdict));
    }
    zt_show_receipt(answer);
}

// A mismatch is a no whatever else is not known; without one, everything must match for a yes.
static enum zt_exit conclude(const struct zt_answer *answer)
{
    size_t matches = 0;
    if (answer->status != ZT_STATUS_OK)
        return zt_status_exit(answer->status);
    for (size_t i = 0; i < answer->verdict_count; i++) {
        if (answer->verdicts[i].verdict == ZT_MISMATCH)
            return ZT_EXIT_NO;
        matches += answer->verdicts[i].verdict == ZT_MATCH;
    }
    return matches && matches == answer->verdict_count ? ZT_EXIT_YES : ZT_EXIT_TROUBLE;
}

static enum zt_exit ask(struct zt_session *session, const struct zt_args *args)
{
    struct zt_request request;
    struct zt_answer answer;
    struct zt_fault fault;
    int timeout;
    const char *key = zt_arg(args, "key");
    enum zt_exit status = zt_question_fill(session, args, ZT_MODE_VERIFY, &request, &timeout);
    if (status == ZT_EXIT_YES)
        status = fill_claims(session, args, &request);
    if (status != ZT_EXIT_YES)
        return status;
    request.type = zt_arg(args, "type");
    request.key = key ? key : "";
    if (zt_client_ask(session->client, &request, timeout, &session->arena, &answer, &fault) != ZT_OK)
        return zt_fail(session->cli, &fault);
    if (session->cli->json)
        show_json(&request, &answer);
    else
        show(session, &request, &answer, zt_arg_flag(args, "show-numbers"));
    return conclude(&answer);
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
    {"type", "RECORD", "record type, e.g. ca.marriage_registration", true},
    {"key", "KEY", "only the record with this key", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_check = {
    .name = "check",
    .operands = "field=value ...",
    .least = 1,
    .most = ZT_ASK_MAX,
    .zh = "核验：只答一致与否，不给数据",
    .en = "compare values with records: match, mismatch or unknown, no data",
    .options = {options, zt_question_options},
    .run = run,
};
