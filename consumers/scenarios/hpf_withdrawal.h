// SPDX-License-Identifier: Apache-2.0
// The rule of one scenario: withdrawing from the provident fund to repay a commercial housing loan
// (偿还住房商业贷款提取公积金). Basis: Regulations on Housing Provident Fund (2019), article 24(5).
//
// Nine checks in order; the first that does not pass decides. A check whose facts are not known makes the
// outcome "unknown": it goes to a person, it is never a "no". Then
//
//   amount = max(0, min(paid - withdrawn, balance - frozen - retained, cap - cumulative))
//
// where paid is principal and interest really repaid in the window, and withdrawn is what the applicant or
// the spouse already took for a period that overlaps the window, so that no payment counts twice.
//
// Rules: a pure function of its arguments; thread safe; money in fen; dates "YYYY-MM-DD". The window is half
// open: from twelve months before the application up to, not including, its day, so that yearly windows never
// overlap.
#ifndef ZT_CONSUMERS_SCENARIOS_HPF_WITHDRAWAL_H
#define ZT_CONSUMERS_SCENARIOS_HPF_WITHDRAWAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

// What a city may set. No formula of Weifang or Qingdao is published; the defaults follow published rules of
// others.
struct zt_hpf_rules {
    int window_months;     // 12
    int interval_months;   // 12: between two withdrawals of one person for one loan
    int least_months_paid; // 12
    int64_t retained_fen;  // 100.00 yuan stay in the account
    int64_t cap_fen;       // of all withdrawals for the loan; negative: none
    bool asks_offset;      // a source for monthly offset contracts is connected
    bool asks_dishonest;   // a source for dishonest debtors is connected
};
struct zt_hpf_rules zt_hpf_default_rules(void);

enum zt_fact { ZT_FACT_UNKNOWN = 0, ZT_FACT_NO = 1, ZT_FACT_YES = 2 };

struct zt_hpf_payment {
    const char *paid_on;
    int64_t principal_fen, interest_fen;
    char mark; // T-PBC: 'N', '*', '1'..'7', 'C', 'B', 'D', 'G'
};
struct zt_hpf_taken {                // an earlier withdrawal for this loan
    bool by_applicant;               // otherwise by the spouse
    const char *paid_on, *from, *to; // the period it covered, half open
    int64_t amount_fen;
};
struct zt_hpf_facts {
    const char *applied_on;
    enum zt_fact face_matches, dead;                 // 1
    enum zt_fact authorised;                         // 2: in force, this grantee, this purpose
    enum zt_fact is_borrower, is_spouse_of_borrower; // 3: spouse by a marriage in force
    enum zt_fact loan_known, for_housing, overdue;   // 4
    const struct zt_hpf_payment *payments;
    size_t payment_count;
    enum zt_fact account_known; // 5
    const char *account_state;  // T-HPF1
    int64_t balance_fen, frozen_fen;
    enum zt_fact withdrawals_known; // 6
    const struct zt_hpf_taken *taken;
    size_t taken_count;
    enum zt_fact offset_contract, dishonest; // 7, 8
};

enum zt_hpf_outcome { ZT_HPF_UNKNOWN = 0, ZT_HPF_REJECTED = 1, ZT_HPF_APPROVED = 2 };
enum zt_hpf_result {
    ZT_HPF_NOT_REACHED = 0,
    ZT_HPF_PASS,
    ZT_HPF_FAIL,
    ZT_HPF_OPEN /* facts missing */,
    ZT_HPF_NOT_ASKED
};
#define ZT_HPF_CHECKS 9

struct zt_hpf_check {
    const char *id; // "hpf.cl.3", stable
    const char *name_zh, *name_en;
    enum zt_hpf_result result;
};
struct zt_hpf_decision {
    enum zt_hpf_outcome outcome;
    const char *code; // "APPROVED", "IDENTITY", "AUTH", "NOT_RELATED", "LOAN_KIND", "OVERDUE", "MONTHS",
                      // "ACCOUNT_STATE", "INTERVAL", "OFFSET", "DISHONEST", "NOTHING_LEFT", "UNKNOWN"
    const char *text_zh, *text_en;
    struct zt_hpf_check checks[ZT_HPF_CHECKS];
    int64_t amount_fen;                                        // 0 unless approved
    int64_t paid_fen, withdrawn_fen, room_fen, cumulative_fen; // the parts, for the person who asks why
    char window_from[ZT_DATE_LEN + 1];
    char next_possible[ZT_DATE_LEN + 1]; // "" unless INTERVAL
};

// Checks 1 and 2 alone: whether a question may be sent to the bank at all.
ZT_MUST_USE bool zt_hpf_may_ask_bank(const struct zt_hpf_facts *facts);

// ZT_E_INPUT when a date is malformed or an amount is negative; then nothing is decided.
ZT_MUST_USE enum zt_err zt_hpf_decide(const struct zt_hpf_rules *rules, const struct zt_hpf_facts *facts,
                                      struct zt_hpf_decision *decision);

#endif
