// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "consumers/zt/commands.h"
#include "consumers/zt/print.h"
#include "consumers/zt/question.h"
#include "consumers/zt/show.h"
#include "consumers/zt/text_file.h"

static void show_json(const struct zt_request *request, const struct zt_answer *answer, const char *out)
{
    json_t *object = zt_answer_json("issue", request, answer);
    json_object_set_new(object, "certificate_id", zt_json_text(answer->certificate_id));
    json_object_set_new(object, "certificate", zt_json_text(answer->certificate));
    json_object_set_new(object, "alg", zt_json_text(zt_sig_alg_name(request->alg)));
    json_object_set_new(object, "out", out ? json_string(out) : json_null());
    zt_json_put(object);
}

static void show(const struct zt_session *session, const struct zt_request *request,
                 const struct zt_answer *answer, const char *out, bool show_numbers)
{
    zt_show_question(session, request, show_numbers);
    zt_show_status(answer);
    if (answer->status == ZT_STATUS_OK) {
        zt_put_row("证照标识 identifier", answer->certificate_id);
        zt_put_row("签名算法 signature", zt_sig_alg_name(request->alg));
        if (out)
            zt_put_row("文件 file", out);
    }
    zt_show_receipt(answer);
    if (answer->status == ZT_STATUS_OK && !out)
        printf("\n%s\n", answer->certificate);
}

static enum zt_exit fill(struct zt_session *session, const struct zt_args *args, struct zt_request *request,
                         int *timeout)
{
    const char *alg = zt_arg(args, "alg"), *key = zt_arg(args, "key");
    enum zt_exit status = zt_question_fill(session, args, ZT_MODE_ISSUE, request, timeout);
    if (status != ZT_EXIT_YES)
        return status;
    request->type = zt_arg(args, "type");
    request->key = key ? key : "";
    request->alg = ZT_ES256;
    if (alg && (zt_sig_alg_parse(alg, &request->alg) != ZT_OK || request->alg == ZT_ED25519))
        return zt_usage(args, "--alg takes ES256 or SM2");
    return ZT_EXIT_YES;
}

static enum zt_exit ask(struct zt_session *session, const struct zt_args *args)
{
    struct zt_request request;
    struct zt_answer answer;
    struct zt_fault fault;
    int timeout;
    const char *out = zt_arg(args, "out");
    enum zt_exit status = fill(session, args, &request, &timeout);
    if (status != ZT_EXIT_YES)
        return status;
    if (zt_client_ask(session->client, &request, timeout, &session->arena, &answer, &fault) != ZT_OK)
        return zt_fail(session->cli, &fault);
    if (answer.status == ZT_STATUS_OK && out && zt_text_write(out, answer.certificate, &fault) != ZT_OK)
        return zt_fail(session->cli, &fault);
    if (session->cli->json)
        show_json(&request, &answer, out);
    else
        show(session, &request, &answer, out, zt_arg_flag(args, "show-numbers"));
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
    {"type", "CERT", "certificate type, e.g. hpf_personal_deposit", true},
    {"key", "KEY", "from the record with this key", false},
    {"alg", "ES256|SM2", "how it is signed (default ES256)", false},
    {"out", "FILE", "where the certificate goes (otherwise standard output)", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_issue = {
    .name = "issue",
    .operands = "",
    .zh = "签发电子证明",
    .en = "have a signed certificate issued",
    .options = {options, zt_question_options},
    .run = run,
};
