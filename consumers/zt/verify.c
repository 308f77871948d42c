// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "certs/verify.h"
#include "consumers/client.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"
#include "consumers/zt/moment.h"
#include "consumers/zt/print.h"
#include "consumers/zt/text_file.h"

#define ARENA_MAX ((size_t)1024 * 1024)

static const char *const result_names[] = {
    [ZT_CHECK_SKIPPED] = "skipped", [ZT_CHECK_PASS] = "pass", [ZT_CHECK_FAIL] = "fail"};

static json_t *steps_json(const struct zt_verified *verified)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < ZT_CHECK_STEPS; i++) {
        const struct zt_check_step *step = &verified->steps[i];
        json_array_append_new(steps, json_pack("{ss ss ss ss}", "name", step->name, "name_zh", step->name_zh,
                                               "result", result_names[step->result], "text", step->text));
    }
    return steps;
}

static json_t *claims_json(const struct zt_statement *s)
{
    json_t *claims = json_array();
    for (size_t i = 0; i < s->claim_count; i++)
        json_array_append_new(claims, json_pack("{so so so sb}", "name", zt_json_text(s->claims[i].name),
                                                "name_zh", zt_json_text(s->claims[i].name_zh), "value",
                                                zt_json_text(s->claims[i].value), "disclosable",
                                                s->claims[i].disclosable));
    return claims;
}

static json_t *sources_json(const struct zt_statement *s)
{
    json_t *sources = json_array();
    for (size_t i = 0; i < s->source_count; i++)
        json_array_append_new(sources, json_pack("{so sI so so}", "record_type",
                                                 zt_json_text(s->sources[i].record_type), "version",
                                                 (json_int_t)s->sources[i].version, "as_of",
                                                 zt_json_time(s->sources[i].as_of), "digest",
                                                 zt_json_text(s->sources[i].digest)));
    return sources;
}

static void add_texts(json_t *object, const struct zt_statement *s)
{
    const struct {
        const char *key, *value;
    } texts[] = {{"id", s->id},
                 {"type", s->type},
                 {"title_zh", s->title_zh},
                 {"title_en", s->title_en},
                 {"issuer", s->issuer},
                 {"issuer_zh", s->issuer_zh},
                 {"issuer_uscc", s->issuer_uscc},
                 {"holder_id_type", s->holder_id_type},
                 {"holder_number", s->holder_number},
                 {"holder_name", s->holder_name},
                 {"valid_from", s->valid_from},
                 {"valid_to", s->valid_to},
                 {"item", s->item},
                 {"item_zh", s->item_zh},
                 {"purpose", s->purpose},
                 {"case", s->case_no},
                 {"restriction_zh", s->restriction_zh},
                 {"objection_zh", s->objection_zh}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        json_object_set_new(object, texts[i].key, zt_json_text(texts[i].value));
}

static json_t *certificate_json(const struct zt_verified *verified)
{
    const struct zt_statement *s = &verified->statement;
    if (verified->steps[0].result != ZT_CHECK_PASS)
        return json_null();
    json_t *object = json_object();
    add_texts(object, s);
    json_object_set_new(object, "issued_at", zt_json_time(s->issued_at));
    json_object_set_new(object, "claims", claims_json(s));
    json_object_set_new(object, "sources", sources_json(s));
    json_object_set_new(object, "undisclosed", json_integer((json_int_t)verified->undisclosed));
    json_object_set_new(object, "ledger_index", json_integer((json_int_t)s->ledger_index));
    json_object_set_new(object, "key_id", zt_json_text(verified->key_id));
    return object;
}

static void put_steps(const struct zt_verified *verified)
{
    static const char *const shown[] = {
        [ZT_CHECK_SKIPPED] = "未查 skipped", [ZT_CHECK_PASS] = "通过 pass", [ZT_CHECK_FAIL] = "不通过 FAIL"};
    for (size_t i = 0; i < ZT_CHECK_STEPS; i++) {
        const struct zt_check_step *step = &verified->steps[i];
        char label[64];
        snprintf(label, sizeof label, "%s %s", step->name_zh, step->name);
        zt_put_cell(label, 25);
        zt_put_cell(shown[step->result], 14);
        zt_put_text(step->text);
        putchar('\n');
    }
    printf("\n%s\n", verified->valid ? "结论 verdict: 有效 VALID" : "结论 verdict: 无效 INVALID");
}

static void put_if(const char *label, const char *value)
{
    if (value && *value)
        zt_put_row(label, value);
}

static void put_statement(const struct zt_verified *verified, bool show)
{
    const struct zt_statement *s = &verified->statement;
    char text[256], time[ZT_LOCAL_TIME_LEN + 1];
    printf("\n%s\n", verified->valid ? "证明内容 what it says"
                                     : "证明内容（未通过验证，不可采信）what it says (NOT to be trusted)");
    zt_put_rowf("证明名称 title", "%s %s", s->title_zh ? s->title_zh : "", s->title_en ? s->title_en : "");
    put_if("证照标识 identifier", s->id);
    zt_put_rowf("出具机构 issuer", "%s %s", s->issuer_zh ? s->issuer_zh : "",
                s->issuer_uscc ? s->issuer_uscc : "");
    put_if("持有人 holder", s->holder_name);
    if (s->holder_number && *s->holder_number)
        zt_put_row("持有人证件 holder's id", zt_shown_number(s->holder_number, show, text, sizeof text));
    for (size_t i = 0; i < s->claim_count; i++) {
        char label[128];
        snprintf(label, sizeof label, "  %s %s", s->claims[i].name_zh ? s->claims[i].name_zh : "",
                 s->claims[i].name);
        zt_put_row(label, zt_shown_number(s->claims[i].value, show, text, sizeof text));
    }
    if (verified->undisclosed)
        zt_put_rowf("未披露 undisclosed", "%zu", verified->undisclosed);
    zt_local_time(s->issued_at, time);
    zt_put_row("出具时间 issued", time);
    zt_put_rowf("有效期 valid", "%s - %s", s->valid_from ? s->valid_from : "",
                s->valid_to && *s->valid_to ? s->valid_to : "长期 no fixed end");
    zt_put_rowf("用途限制 restriction", "%s %s %s", s->item_zh ? s->item_zh : "",
                s->purpose ? s->purpose : "", s->case_no ? s->case_no : "");
    put_if("", s->restriction_zh);
    zt_put_rowf("账本 ledger", "%llu", (unsigned long long)s->ledger_index);
    zt_put_rowf("签名 signature", "%s, %s", zt_sig_alg_name(verified->alg),
                verified->key_id ? verified->key_id : "");
}

// The folder that was named, or else that of the profile. `dir` holds it.
static enum zt_err find_trust(const struct zt_cli *cli, const struct zt_args *args, struct zt_trust **trust,
                              struct zt_fault *fault)
{
    struct zt_profile *profile = NULL;
    const char *dir = zt_arg(args, "trust");
    enum zt_err rc = ZT_OK;
    if (!dir && cli->profile && (rc = zt_profile_load(cli->profile, &profile, fault)) == ZT_OK)
        dir = profile->trust;
    if (rc == ZT_OK && !dir)
        rc = zt_fault_set(fault, ZT_E_CONFIG, "verify.trust", "",
                          "whom to trust? --trust DIR, or a profile that says trust");
    if (rc == ZT_OK)
        rc = zt_trust_open(dir, trust, fault);
    zt_profile_free(&profile);
    return rc;
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_trust *trust = NULL;
    struct zt_fault fault = {.rule = ""};
    struct zt_verified verified;
    struct zt_arena arena;
    struct zt_buf text;
    const char *when = zt_arg(args, "at");
    int64_t at = zt_now_ms();
    if (when && zt_moment_parse(when, &at) != ZT_OK)
        return zt_usage(args, "--at takes 2026-11-22 or 2026-11-22T04:21:31Z");
    zt_arena_init(&arena, ARENA_MAX);
    zt_buf_init(&text, ZT_STATEMENT_MAX);
    enum zt_err rc = ZT_E_BUG;
    ZT_TRY(find_trust(cli, args, &trust, &fault));
    ZT_TRY(zt_text_read(args->words[0], &text, &fault));
    rc = zt_certificate_verify(zt_buf_bytes(&text), trust, at, &arena, &verified);
    if (rc != ZT_OK)
        ZT_TRY(zt_fault_set(&fault, rc, "verify.failed", args->words[0], "the checking itself failed: %s",
                            zt_err_name(rc)));
    if (cli->json)
        zt_json_put(json_pack("{sb ss so so}", "valid", verified.valid, "alg", zt_sig_alg_name(verified.alg),
                              "steps", steps_json(&verified), "certificate", certificate_json(&verified)));
    else {
        put_steps(&verified);
        if (verified.steps[0].result == ZT_CHECK_PASS)
            put_statement(&verified, zt_arg_flag(args, "show-numbers"));
    }
out:
    zt_buf_fini(&text);
    zt_trust_close(&trust);
    enum zt_exit status = rc != ZT_OK ? zt_fail(cli, &fault) : verified.valid ? ZT_EXIT_YES : ZT_EXIT_NO;
    zt_arena_fini(&arena);
    return status;
}

static const struct zt_option options[] = {
    {"trust", "DIR", "folder of trust roots, *.pem (otherwise that of the profile)", false},
    {"at", "TIME", "as if it were that day or moment", false},
    {"show-numbers", NULL, "do not mask identity numbers", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_verify = {
    .name = "verify",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .zh = "离线验证电子证明",
    .en = "check a certificate offline and show each step (FILE - is standard input)",
    .options = {options},
    .run = run,
};
