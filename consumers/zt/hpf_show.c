// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/hpf_show.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "consumers/zt/print.h"
#include "consumers/zt/show.h"

static const char *outcome_name(enum zt_hpf_outcome outcome)
{
    return outcome == ZT_HPF_APPROVED ? "approved" : outcome == ZT_HPF_REJECTED ? "rejected" : "unknown";
}

static const char *result_name(enum zt_hpf_result result)
{
    static const char *const names[] = {[ZT_HPF_NOT_REACHED] = "not-reached",
                                        [ZT_HPF_PASS] = "pass",
                                        [ZT_HPF_FAIL] = "fail",
                                        [ZT_HPF_OPEN] = "unknown",
                                        [ZT_HPF_NOT_ASKED] = "not-asked"};
    return names[result];
}

static json_t *rules_json(const struct zt_hpf_decision *decision)
{
    json_t *rules = json_array();
    for (size_t i = 0; i < ZT_HPF_CHECKS; i++)
        json_array_append_new(rules,
                              json_pack("{ss ss ss ss}", "id", decision->checks[i].id, "name_zh",
                                        decision->checks[i].name_zh, "name_en", decision->checks[i].name_en,
                                        "result", result_name(decision->checks[i].result)));
    return rules;
}

static json_t *records_json(const struct zt_answer *answer)
{
    json_t *records = json_array();
    for (size_t i = 0; i < answer->found_count; i++)
        json_array_append_new(records, json_pack("{so sI ss}", "key", zt_json_text(answer->found[i].key),
                                                 "version", (json_int_t)answer->found[i].version, "state",
                                                 zt_record_state_name(answer->found[i].state)));
    return records;
}

// Which records, in which versions, the decision rests on: enough to decide again later and get the same.
static json_t *inputs_json(const struct zt_hpf_case *c)
{
    json_t *inputs = json_array();
    for (size_t i = 0; i < c->input_count; i++) {
        const struct zt_hpf_input *input = &c->inputs[i];
        json_array_append_new(
            inputs,
            json_pack("{ss ss ss so so so so}", "type", input->type, "about",
                      input->spouse ? "spouse" : "applicant", "status", zt_status_name(input->answer.status),
                      "rule", zt_json_text(input->answer.rule), "freshness",
                      zt_json_freshness(&input->answer.freshness), "records", records_json(&input->answer),
                      "ledger", zt_json_ledger(input->answer.ledger_index, input->answer.ledger_hash)));
    }
    return inputs;
}

json_t *zt_hpf_json(const struct zt_hpf_case *c, const struct zt_hpf_rules *rules,
                    const struct zt_hpf_decision *d)
{
    json_t *parameters = json_pack(
        "{si si si sI so}", "window_months", rules->window_months, "interval_months", rules->interval_months,
        "least_months_paid", rules->least_months_paid, "retained_fen", (json_int_t)rules->retained_fen,
        "cap_fen", rules->cap_fen < 0 ? json_null() : json_integer((json_int_t)rules->cap_fen));
    return json_pack("{ss ss ss ss ss sI sI sI sI sI ss ss ss so so so}", "scenario", "hpf-withdrawal",
                     "outcome", outcome_name(d->outcome), "code", d->code, "text_zh", d->text_zh, "text_en",
                     d->text_en, "amount_fen", (json_int_t)d->amount_fen, "paid_fen", (json_int_t)d->paid_fen,
                     "withdrawn_fen", (json_int_t)d->withdrawn_fen, "room_fen", (json_int_t)d->room_fen,
                     "cumulative_fen", (json_int_t)d->cumulative_fen, "applied_on", c->facts.applied_on,
                     "window_from", d->window_from, "next_possible", d->next_possible, "parameters",
                     parameters, "rules", rules_json(d), "inputs", inputs_json(c));
}

static void put_inputs(struct zt_hpf_case *c)
{
    printf("\n一、取数（申请人不提交材料）inputs: nobody brings a paper\n");
    for (size_t i = 0; i < c->input_count; i++) {
        const struct zt_hpf_input *input = &c->inputs[i];
        const struct zt_record_type *type = zt_session_record_type(c->session, input->type);
        char text[200], time[ZT_LOCAL_TIME_LEN + 1];
        snprintf(text, sizeof text, "  %s%s %s", input->spouse ? "配偶 " : "", type ? type->name_zh : "",
                 input->type);
        zt_put_cell(text, 48);
        snprintf(text, sizeof text, "%s %s", zt_status_zh(input->answer.status),
                 zt_status_name(input->answer.status));
        zt_put_cell(text, 22);
        zt_local_time(input->answer.freshness.as_of, time);
        if (input->answer.status == ZT_STATUS_OK || input->answer.status == ZT_STATUS_NONE)
            printf("%zu 条, 截至 as of %s, 账本 ledger #%" PRIu64 "\n", input->answer.found_count, time,
                   input->answer.ledger_index);
        else
            printf("%s\n", input->answer.rule);
    }
}

static void put_checks(const struct zt_hpf_decision *decision)
{
    static const char *const words[] = {[ZT_HPF_NOT_REACHED] = "未查 not reached",
                                        [ZT_HPF_PASS] = "通过 pass",
                                        [ZT_HPF_FAIL] = "不通过 FAIL",
                                        [ZT_HPF_OPEN] = "尚不能确定 unknown",
                                        [ZT_HPF_NOT_ASKED] = "本市未接入该数据 no source here"};
    printf("\n二、核查 checks\n");
    for (size_t i = 0; i < ZT_HPF_CHECKS; i++) {
        const struct zt_hpf_check *check = &decision->checks[i];
        char label[160];
        snprintf(label, sizeof label, "  %zu %s %s", i + 1, check->name_zh, check->name_en);
        zt_put_cell(label, 86);
        printf("%s\n", words[check->result]);
    }
}

static void put_money(const char *label, int64_t fen)
{
    char yuan[32];
    zt_format_decimal(fen, 2, yuan);
    zt_put_cell(label, 48);
    printf("%16s 元\n", yuan);
}

// Only when the ninth check was reached: before that nothing was computed.
static void put_amounts(const struct zt_hpf_case *c, const struct zt_hpf_decision *decision)
{
    enum zt_hpf_result last = decision->checks[ZT_HPF_CHECKS - 1].result;
    if (last != ZT_HPF_PASS && last != ZT_HPF_FAIL)
        return;
    printf("\n三、计算 amount（%s 至 %s）\n", decision->window_from, c->facts.applied_on);
    put_money("  期内实际偿还本息 principal and interest paid", decision->paid_fen);
    put_money("  期内已为该贷款提取 already withdrawn", decision->withdrawn_fen);
    put_money("  账户可动用余额 what the account allows", decision->room_fen);
    put_money("  可提取 may be withdrawn", decision->amount_fen);
}

void zt_hpf_show(struct zt_hpf_case *c, const struct zt_hpf_decision *decision, bool show_numbers)
{
    static const char *const words[] = {[ZT_HPF_UNKNOWN] = "转人工办理 goes to a person",
                                        [ZT_HPF_REJECTED] = "不予提取 REJECTED",
                                        [ZT_HPF_APPROVED] = "准予提取 APPROVED"};
    const struct zt_item *item = zt_catalogue_item(c->session->catalogue, c->question.item);
    char number[2 * ZT_ID_MAX];
    printf("%s %s\n", item ? item->name_zh : "", item ? item->name_en : "");
    zt_put_row("案号 case", c->question.case_no);
    zt_put_row("申请人 applicant",
               zt_shown_number(c->question.subject.number, show_numbers, number, sizeof number));
    zt_put_row("贷款合同 loan", c->loan_no);
    put_inputs(c);
    put_checks(decision);
    put_amounts(c, decision);
    printf("\n结论 decision: %s (%s)\n  %s\n  %s\n", words[decision->outcome], decision->code,
           decision->text_zh, decision->text_en);
    if (decision->next_possible[0])
        printf("  下次可申请日期 next possible on %s\n", decision->next_possible);
    if (c->cut)
        printf("  未能连通 no connection: %s\n", c->fault.text);
}
