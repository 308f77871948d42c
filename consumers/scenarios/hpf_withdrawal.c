// SPDX-License-Identifier: Apache-2.0
#include "consumers/scenarios/hpf_withdrawal.h"

#include <string.h>

#define ACCOUNT_NORMAL "01" // T-HPF1

struct case_file { // what the checks share
    const struct zt_hpf_rules *rules;
    const struct zt_hpf_facts *facts;
    struct zt_hpf_decision *decision;
};

struct zt_hpf_rules zt_hpf_default_rules(void)
{
    return (struct zt_hpf_rules){.window_months = 12,
                                 .interval_months = 12,
                                 .least_months_paid = 12,
                                 .retained_fen = 10000,
                                 .cap_fen = -1};
}

static enum zt_hpf_result wanted(enum zt_fact fact)
{
    return fact == ZT_FACT_UNKNOWN ? ZT_HPF_OPEN : fact == ZT_FACT_YES ? ZT_HPF_PASS : ZT_HPF_FAIL;
}

static enum zt_hpf_result unwanted(enum zt_fact fact)
{
    return fact == ZT_FACT_UNKNOWN ? ZT_HPF_OPEN : fact == ZT_FACT_NO ? ZT_HPF_PASS : ZT_HPF_FAIL;
}

// Fails when one fails, is open when one is open and none fails.
static enum zt_hpf_result both(enum zt_hpf_result a, enum zt_hpf_result b)
{
    if (a == ZT_HPF_FAIL || b == ZT_HPF_FAIL)
        return ZT_HPF_FAIL;
    return a == ZT_HPF_OPEN || b == ZT_HPF_OPEN ? ZT_HPF_OPEN : ZT_HPF_PASS;
}

static bool in_window(const struct case_file *file, const char *day)
{
    return strcmp(day, file->decision->window_from) >= 0 && strcmp(day, file->facts->applied_on) < 0;
}

static enum zt_hpf_result refuse(struct case_file *file, const char *code, const char *text_zh,
                                 const char *text_en)
{
    file->decision->code = code;
    file->decision->text_zh = text_zh;
    file->decision->text_en = text_en;
    return ZT_HPF_FAIL;
}

static enum zt_hpf_result judge(struct case_file *file, enum zt_hpf_result result, const char *code,
                                const char *text_zh, const char *text_en)
{
    return result == ZT_HPF_FAIL ? refuse(file, code, text_zh, text_en) : result;
}

// --- the nine checks ---

static enum zt_hpf_result check_identity(struct case_file *file)
{
    return judge(file, both(wanted(file->facts->face_matches), unwanted(file->facts->dead)), "IDENTITY",
                 "人脸登录与身份信息不符，或该居民已注销",
                 "the face login does not match the identity record");
}

static enum zt_hpf_result check_authorisation(struct case_file *file)
{
    return judge(file, wanted(file->facts->authorised), "AUTH",
                 "征信查询授权无效、已过期或已撤回，请重新授权",
                 "the consent to the credit query is missing, expired or withdrawn; give it again");
}

static enum zt_hpf_result check_relation(struct case_file *file)
{
    enum zt_fact self = file->facts->is_borrower, spouse = file->facts->is_spouse_of_borrower;
    enum zt_hpf_result result = ZT_HPF_PASS;
    if (self != ZT_FACT_YES && spouse != ZT_FACT_YES)
        result = both(wanted(self), wanted(spouse));
    // One "no" is not enough: the other relation may still hold.
    if (result == ZT_HPF_FAIL && (self == ZT_FACT_UNKNOWN || spouse == ZT_FACT_UNKNOWN))
        result = ZT_HPF_OPEN;
    return judge(file, result, "NOT_RELATED", "该贷款不属于申请人，也不属于其现婚姻关系存续的配偶",
                 "the loan belongs neither to the applicant nor to a spouse by a marriage in force");
}

static bool has_bad_mark(const struct case_file *file)
{
    for (size_t i = 0; i < file->facts->payment_count; i++) {
        char mark = file->facts->payments[i].mark;
        bool bad = (mark >= '1' && mark <= '7') || mark == 'B' || mark == 'D' || mark == 'G';
        if (bad && in_window(file, file->facts->payments[i].paid_on))
            return true;
    }
    return false;
}

static enum zt_hpf_result check_loan(struct case_file *file)
{
    const struct zt_hpf_facts *facts = file->facts;
    if (facts->loan_known != ZT_FACT_YES)
        return ZT_HPF_OPEN;
    if (facts->for_housing == ZT_FACT_NO)
        return refuse(file, "LOAN_KIND", "该贷款不是个人住房贷款", "the loan is not a housing loan");
    if (facts->overdue == ZT_FACT_YES || has_bad_mark(file))
        return refuse(file, "OVERDUE", "该贷款存在逾期", "the loan is overdue");
    if (facts->for_housing == ZT_FACT_UNKNOWN || facts->overdue == ZT_FACT_UNKNOWN)
        return ZT_HPF_OPEN;
    if (facts->payment_count < (size_t)file->rules->least_months_paid)
        return refuse(file, "MONTHS", "还款期数不足", "too few months have been repaid");
    return ZT_HPF_PASS;
}

static enum zt_hpf_result check_account(struct case_file *file)
{
    const struct zt_hpf_facts *facts = file->facts;
    if (facts->account_known == ZT_FACT_UNKNOWN)
        return ZT_HPF_OPEN;
    if (facts->account_known == ZT_FACT_NO || strcmp(facts->account_state, ACCOUNT_NORMAL) != 0 ||
        (facts->frozen_fen > 0 && facts->frozen_fen >= facts->balance_fen))
        return refuse(file, "ACCOUNT_STATE", "公积金账户状态不是“正常”，或余额已全部冻结",
                      "the provident-fund account is not in its normal state, or is frozen as a whole");
    return ZT_HPF_PASS;
}

static enum zt_hpf_result check_interval(struct case_file *file)
{
    const struct zt_hpf_facts *facts = file->facts;
    if (facts->withdrawals_known == ZT_FACT_UNKNOWN)
        return ZT_HPF_OPEN;
    const char *last = "";
    for (size_t i = 0; i < facts->taken_count; i++) {
        if (facts->taken[i].by_applicant && strcmp(facts->taken[i].paid_on, last) > 0)
            last = facts->taken[i].paid_on;
    }
    char next[ZT_DATE_LEN + 1];
    if (!*last)
        return ZT_HPF_PASS;
    if (zt_date_add_months(last, file->rules->interval_months, next) != ZT_OK)
        return ZT_HPF_OPEN;
    if (strcmp(facts->applied_on, next) >= 0)
        return ZT_HPF_PASS;
    memcpy(file->decision->next_possible, next, sizeof next);
    return refuse(file, "INTERVAL", "距上次为该贷款提取未满规定间隔",
                  "the last withdrawal for this loan is too recent");
}

static enum zt_hpf_result check_offset(struct case_file *file)
{
    if (!file->rules->asks_offset)
        return ZT_HPF_NOT_ASKED;
    return judge(file, unwanted(file->facts->offset_contract), "OFFSET", "该贷款已签订按月冲还贷协议",
                 "a monthly offset contract exists for this loan");
}

static enum zt_hpf_result check_dishonest(struct case_file *file)
{
    if (!file->rules->asks_dishonest)
        return ZT_HPF_NOT_ASKED;
    return judge(file, unwanted(file->facts->dishonest), "DISHONEST", "申请人被列为失信被执行人",
                 "the applicant is on the list of dishonest debtors");
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

// Fills the parts of the formula. Sums cannot overflow: validate() bounds every amount and the counts.
static void compute(const struct case_file *file)
{
    const struct zt_hpf_facts *facts = file->facts;
    struct zt_hpf_decision *out = file->decision;
    for (size_t i = 0; i < facts->payment_count; i++) {
        if (in_window(file, facts->payments[i].paid_on))
            out->paid_fen += facts->payments[i].principal_fen + facts->payments[i].interest_fen;
    }
    for (size_t i = 0; i < facts->taken_count; i++) {
        const struct zt_hpf_taken *taken = &facts->taken[i];
        out->cumulative_fen += taken->amount_fen;
        if (strcmp(taken->from, facts->applied_on) < 0 && strcmp(taken->to, out->window_from) > 0)
            out->withdrawn_fen += taken->amount_fen;
    }
    out->room_fen = facts->balance_fen - facts->frozen_fen - file->rules->retained_fen;
    int64_t amount = least(out->paid_fen - out->withdrawn_fen, out->room_fen);
    if (file->rules->cap_fen >= 0)
        amount = least(amount, file->rules->cap_fen - out->cumulative_fen);
    out->amount_fen = amount > 0 ? amount : 0;
}

static enum zt_hpf_result check_amount(struct case_file *file)
{
    compute(file);
    if (file->decision->amount_fen == 0)
        return refuse(file, "NOTHING_LEFT", "本期可提取额度为零",
                      "nothing is left to withdraw for this period");
    return ZT_HPF_PASS;
}

static const struct {
    struct zt_hpf_check head;
    enum zt_hpf_result (*run)(struct case_file *file);
} checks[ZT_HPF_CHECKS] = {
    {{"hpf.cl.1", "本人身份", "identity", 0}, check_identity},
    {{"hpf.cl.2", "征信查询授权", "consent to the credit query", 0}, check_authorisation},
    {{"hpf.cl.3", "借款人或其配偶", "borrower or spouse", 0}, check_relation},
    {{"hpf.cl.4", "住房贷款、未逾期、已还足月数", "housing loan, not overdue, repaid long enough", 0},
     check_loan},
    {{"hpf.cl.5", "公积金账户状态", "state of the fund account", 0}, check_account},
    {{"hpf.cl.6", "提取间隔", "interval since the last withdrawal", 0}, check_interval},
    {{"hpf.cl.7", "未签冲还贷协议", "no offset contract", 0}, check_offset},
    {{"hpf.cl.8", "非失信被执行人", "no dishonest debtor", 0}, check_dishonest},
    {{"hpf.cl.9", "可提取额度", "amount", 0}, check_amount},
};

// --- the decision ---

#define AMOUNT_MAX ((int64_t)1000000000000000) // ten trillion yuan: sums of 512 stay far inside int64
#define COUNT_MAX  512

static bool amount_valid(int64_t fen)
{
    return fen >= 0 && fen <= AMOUNT_MAX;
}

static bool facts_valid(const struct zt_hpf_facts *facts)
{
    if (!facts->applied_on || !zt_date_valid(facts->applied_on) || facts->payment_count > COUNT_MAX ||
        facts->taken_count > COUNT_MAX)
        return false;
    if (facts->account_known == ZT_FACT_YES &&
        (!facts->account_state || !amount_valid(facts->balance_fen) || !amount_valid(facts->frozen_fen)))
        return false;
    for (size_t i = 0; i < facts->payment_count; i++) {
        const struct zt_hpf_payment *payment = &facts->payments[i];
        if (!zt_date_valid(payment->paid_on) || !amount_valid(payment->principal_fen) ||
            !amount_valid(payment->interest_fen))
            return false;
    }
    for (size_t i = 0; i < facts->taken_count; i++) {
        const struct zt_hpf_taken *taken = &facts->taken[i];
        if (!zt_date_valid(taken->paid_on) || !zt_date_valid(taken->from) || !zt_date_valid(taken->to) ||
            !amount_valid(taken->amount_fen))
            return false;
    }
    return true;
}

bool zt_hpf_may_ask_bank(const struct zt_hpf_facts *facts)
{
    return facts->face_matches == ZT_FACT_YES && facts->dead == ZT_FACT_NO &&
           facts->authorised == ZT_FACT_YES;
}

static void approve(struct zt_hpf_decision *decision)
{
    decision->outcome = ZT_HPF_APPROVED;
    decision->code = "APPROVED";
    decision->text_zh = "符合条件，准予提取";
    decision->text_en = "every condition is met; the withdrawal is approved";
}

enum zt_err zt_hpf_decide(const struct zt_hpf_rules *rules, const struct zt_hpf_facts *facts,
                          struct zt_hpf_decision *decision)
{
    struct zt_hpf_decision out = {.code = "UNKNOWN",
                                  .text_zh = "有关情况暂时无法核实，转人工办理",
                                  .text_en = "a fact cannot be established now; a person decides"};
    if (!facts_valid(facts) ||
        zt_date_add_months(facts->applied_on, -rules->window_months, out.window_from) != ZT_OK)
        return ZT_E_INPUT;
    struct case_file file = {.rules = rules, .facts = facts, .decision = &out};
    for (size_t i = 0; i < ZT_HPF_CHECKS; i++)
        out.checks[i] = checks[i].head;
    for (size_t i = 0; i < ZT_HPF_CHECKS; i++) {
        enum zt_hpf_result result = checks[i].run(&file);
        out.checks[i].result = result;
        if (result == ZT_HPF_FAIL)
            out.outcome = ZT_HPF_REJECTED;
        if (result == ZT_HPF_FAIL || result == ZT_HPF_OPEN) {
            *decision = out;
            return ZT_OK;
        }
    }
    approve(&out);
    *decision = out;
    return ZT_OK;
}
