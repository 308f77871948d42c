// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/desk_question.h"
#include "consumers/zt/entry.h"
#include "consumers/zt/evidence.h"
#include "consumers/zt/print.h"
#include "consumers/zt/question.h"
#include "consumers/zt/text_file.h"

#define RECEIPT_MAX ((size_t)1024 * 1024) // an answer of 256 KiB, written out as JSON

// The receipt is what a lookup printed with --json, or only its "ledger" member.
static enum zt_err read_receipt(const char *path, struct zt_receipt *receipt, struct zt_fault *fault)
{
    struct zt_buf text;
    zt_buf_init(&text, RECEIPT_MAX);
    enum zt_err rc = zt_text_read(path, &text, fault);
    json_t *root =
        rc == ZT_OK ? json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    zt_buf_fini(&text);
    if (rc != ZT_OK)
        return rc;
    json_t *ledger = json_object_get(root, "ledger") ? json_object_get(root, "ledger") : root;
    json_int_t index = json_integer_value(json_object_get(ledger, "index"));
    const char *hash = json_string_value(json_object_get(ledger, "hash"));
    if (!json_is_integer(json_object_get(ledger, "index")) || index < 0 || !hash ||
        zt_hex_decode(hash, receipt->hash, ZT_HASH_LEN) != ZT_OK)
        rc = zt_fault_set(fault, ZT_E_INPUT, "receipt.form", path,
                          "not an answer of zt --json: ledger.index and ledger.hash are missing");
    receipt->index = (uint64_t)index;
    json_decref(root);
    return rc;
}

static enum zt_exit find_index(const struct zt_cli *cli, const struct zt_args *args,
                               struct zt_receipt *receipt, bool *has_receipt, uint64_t *index)
{
    const char *path = zt_arg(args, "receipt");
    struct zt_fault fault;
    int64_t number;
    if (zt_arg_number(args, "index", 0, INT64_MAX, -1, &number) != ZT_OK)
        return ZT_EXIT_USAGE;
    if (!path && number < 0)
        return zt_usage(args, "one of --index N and --receipt FILE is needed");
    *has_receipt = path != NULL;
    if (path && read_receipt(path, receipt, &fault) != ZT_OK)
        return zt_fail(cli, &fault);
    if (path && number >= 0 && (uint64_t)number != receipt->index)
        return zt_usage(args, "the receipt is for entry %" PRIu64 ", not for %" PRId64, receipt->index,
                        number);
    *index = path ? receipt->index : (uint64_t)number;
    return ZT_EXIT_YES;
}

static json_t *steps_json(const struct zt_evidence *evidence)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < ZT_EVIDENCE_STEPS; i++)
        json_array_append_new(steps, json_pack("{ss ss ss ss}", "name", evidence->steps[i].name, "name_zh",
                                               evidence->steps[i].name_zh, "result",
                                               zt_evidence_result_name(evidence->steps[i].result), "text",
                                               evidence->steps[i].text));
    return steps;
}

static void show_json(struct zt_session *session, const struct zt_desk_answer *answer,
                      const struct zt_evidence *evidence, const char *saved)
{
    json_t *object = zt_desk_json("audit verify", answer);
    if (answer->status == ZT_STATUS_OK) {
        json_object_set_new(object, "valid", json_boolean(evidence->valid));
        json_object_set_new(object, "steps", steps_json(evidence));
        json_object_set_new(object, "entry", zt_entry_json(session, evidence->proof.index, answer->leaf));
        json_object_set_new(
            object, "checkpoint",
            json_pack("{ss sI so}", "origin", evidence->checkpoint.origin, "size",
                      (json_int_t)evidence->checkpoint.size, "root",
                      zt_json_hex((struct zt_bytes){evidence->checkpoint.root, ZT_HASH_LEN})));
        json_object_set_new(object, "saved", saved ? json_string(saved) : json_null());
    }
    zt_json_put(object);
}

static void show(struct zt_session *session, const struct zt_desk_answer *answer,
                 const struct zt_evidence *evidence, const char *saved)
{
    zt_desk_show_status(answer);
    if (answer->status == ZT_STATUS_OK) {
        for (size_t i = 0; i < ZT_EVIDENCE_STEPS; i++) {
            char label[64];
            snprintf(label, sizeof label, "%s %s", evidence->steps[i].name_zh, evidence->steps[i].name);
            zt_put_cell(label, 25);
            zt_put_cell(zt_evidence_result_words(evidence->steps[i].result), 14);
            zt_put_text(evidence->steps[i].text);
            putchar('\n');
        }
        printf("\n%s\n\n", evidence->valid ? "结论 verdict: 证据成立 the entry is PROVED"
                                           : "结论 verdict: 证据不成立 NOT PROVED");
        zt_entry_show(session, evidence->proof.index, answer->leaf);
    }
    if (saved)
        zt_put_row("已保存 saved to", saved);
    zt_desk_show_receipt(answer);
}

static enum zt_exit judge(struct zt_session *session, const struct zt_args *args,
                          const struct zt_desk_answer *answer, struct zt_evidence *evidence,
                          const struct zt_receipt *receipt)
{
    struct zt_fault fault;
    struct zt_buf vkey;
    const char *path = session->profile->ledger_key, *save = zt_arg(args, "save");
    enum zt_err rc = ZT_OK;
    zt_buf_init(&vkey, 512);
    if (!path)
        rc = zt_fault_set(&fault, ZT_E_CONFIG, "profile.ledger_key", session->cli->profile,
                          "the profile does not say whose signature to trust: ledger_key");
    if (rc == ZT_OK)
        rc = zt_text_read(path, &vkey, &fault);
    if (rc == ZT_OK)
        rc = zt_evidence_check(answer, zt_buf_text(&vkey), receipt, evidence, &fault);
    if (rc == ZT_OK && save)
        rc = zt_evidence_save(answer, evidence, save, &fault);
    zt_buf_fini(&vkey);
    if (rc != ZT_OK)
        return zt_fail(session->cli, &fault);
    return evidence->valid ? ZT_EXIT_YES : ZT_EXIT_NO;
}

static enum zt_exit ask(struct zt_session *session, const struct zt_args *args)
{
    struct zt_desk_request request;
    struct zt_desk_answer answer;
    struct zt_receipt receipt = {.index = 0};
    struct zt_evidence evidence = {.valid = false};
    bool has_receipt;
    enum zt_exit status = zt_desk_fill(session, args, ZT_DESK_PROVE, &request);
    if (status == ZT_EXIT_YES)
        status = find_index(session->cli, args, &receipt, &has_receipt, &request.index);
    if (status == ZT_EXIT_YES)
        status = zt_desk_ask(session, args, &request, &answer);
    if (status != ZT_EXIT_YES)
        return status;
    evidence.proof.index = request.index;
    status = zt_status_exit(answer.status);
    if (answer.status == ZT_STATUS_OK)
        status = judge(session, args, &answer, &evidence, has_receipt ? &receipt : NULL);
    if (status == ZT_EXIT_TROUBLE && answer.status == ZT_STATUS_OK)
        return status; // said already
    const char *saved = answer.status == ZT_STATUS_OK ? zt_arg(args, "save") : NULL;
    if (session->cli->json)
        show_json(session, &answer, &evidence, saved);
    else
        show(session, &answer, &evidence, saved);
    return status;
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    return zt_desk_session(cli, args, ask);
}

static const struct zt_option options[] = {
    {"index", "N", "the entry to prove", false},
    {"receipt", "FILE", "what a lookup printed with --json: that very entry must be proved", false},
    {"save", "DIR", "write checkpoint, entry and proof for other software", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_audit_verify = {
    .name = "audit verify",
    .operands = "",
    .zh = "审计：验证账本条目未被改动",
    .en = "prove that a ledger entry is in the signed checkpoint, unchanged",
    .options = {zt_auditor_options, options},
    .run = run,
};
