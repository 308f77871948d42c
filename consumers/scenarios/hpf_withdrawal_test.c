// SPDX-License-Identifier: Apache-2.0
// The vectors that the rule was agreed on (V1-V7 amounts, R1-R7 refusals), each boundary, and what is not
// known.
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "consumers/scenarios/hpf_withdrawal.h"

#define PAYMENTS 24

struct world {
    struct zt_hpf_rules rules;
    struct zt_hpf_facts facts;
    struct zt_hpf_payment payments[PAYMENTS];
    struct zt_hpf_taken taken[2];
    char days[PAYMENTS][ZT_DATE_LEN + 1];
};

// An approved case: 24 months repaid on the 8th, 4,019.70 yuan each, so 48,236.40 in the window.
static void set_up(struct world *w)
{
    memset(w, 0, sizeof *w);
    w->rules = zt_hpf_default_rules();
    for (int i = 0; i < PAYMENTS; i++) {
        assert_int_equal(zt_date_add_months("2024-12-08", i, w->days[i]), ZT_OK);
        w->payments[i] = (struct zt_hpf_payment){w->days[i], 301970, 100000, 'N'};
    }
    w->facts = (struct zt_hpf_facts){
        .applied_on = "2026-11-22",
        .face_matches = ZT_FACT_YES,
        .dead = ZT_FACT_NO,
        .authorised = ZT_FACT_YES,
        .is_borrower = ZT_FACT_YES,
        .is_spouse_of_borrower = ZT_FACT_NO,
        .loan_known = ZT_FACT_YES,
        .for_housing = ZT_FACT_YES,
        .overdue = ZT_FACT_NO,
        .payments = w->payments,
        .payment_count = PAYMENTS,
        .account_known = ZT_FACT_YES,
        .account_state = "01",
        .balance_fen = 8600000,
        .withdrawals_known = ZT_FACT_YES,
        .taken = w->taken,
    };
}

static struct zt_hpf_decision decide(const struct world *w)
{
    struct zt_hpf_decision decision = {0};
    assert_int_equal(zt_hpf_decide(&w->rules, &w->facts, &decision), ZT_OK);
    return decision;
}

static void expect_amount(const struct world *w, int64_t fen)
{
    struct zt_hpf_decision decision = decide(w);
    assert_string_equal(decision.code, fen ? "APPROVED" : "NOTHING_LEFT");
    assert_int_equal(decision.outcome, fen ? ZT_HPF_APPROVED : ZT_HPF_REJECTED);
    assert_int_equal(decision.amount_fen, fen);
}

static struct zt_hpf_decision expect_code(const struct world *w, enum zt_hpf_outcome outcome,
                                          const char *code)
{
    struct zt_hpf_decision decision = decide(w);
    assert_string_equal(decision.code, code);
    assert_int_equal(decision.outcome, outcome);
    assert_int_equal(decision.amount_fen, 0);
    assert_true(decision.text_zh[0] && decision.text_en[0]);
    return decision;
}

static void v1_to_v7(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    expect_amount(&w, 4823640); // V1 payment binds
    w.facts.balance_fen = 3000000;
    expect_amount(&w, 2990000); // V2 balance binds
    set_up(&w);
    w.taken[0] = (struct zt_hpf_taken){false, "2026-06-01", "2025-11-22", "2026-11-22", 2000000};
    w.facts.taken_count = 1;
    expect_amount(&w, 2823640); // V3 the spouse took part of it
    w.taken[0].amount_fen = 4823640;
    expect_amount(&w, 0); // V6 nothing left for this window
    set_up(&w);
    w.facts.balance_fen = 5000000;
    w.facts.frozen_fen = 1000000;
    expect_amount(&w, 3990000); // V4 part of the balance is frozen
    set_up(&w);
    w.rules.cap_fen = 100000000;
    w.taken[0] = (struct zt_hpf_taken){false, "2025-01-01", "2024-01-01", "2025-01-01", 98000000};
    w.facts.taken_count = 1;
    expect_amount(&w, 2000000); // V5 the cap binds
    set_up(&w);
    w.facts.balance_fen = 8000;
    expect_amount(&w, 0); // V7 the balance is below what must stay
}

static void r1_interval_and_its_end(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.taken[0] = (struct zt_hpf_taken){true, "2025-12-01", "2024-11-22", "2025-11-22", 100};
    w.facts.taken_count = 1;
    struct zt_hpf_decision decision = expect_code(&w, ZT_HPF_REJECTED, "INTERVAL");
    assert_string_equal(decision.next_possible, "2026-12-01");
    w.facts.applied_on = "2026-11-30";
    expect_code(&w, ZT_HPF_REJECTED, "INTERVAL");
    w.facts.applied_on = "2026-12-01";
    assert_int_equal(decide(&w).outcome, ZT_HPF_APPROVED);
    w.facts.applied_on = "2026-11-22";
    w.taken[0].by_applicant = false; // the spouse has an interval of her own
    assert_int_equal(decide(&w).outcome, ZT_HPF_APPROVED);
}

static void r2_account_states(void **state)
{
    (void)state;
    static const char *const states[] = {"02", "03", "04", "05", "06", "99", ""};
    struct world w;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        set_up(&w);
        w.facts.account_state = states[i];
        expect_code(&w, ZT_HPF_REJECTED, "ACCOUNT_STATE");
    }
    set_up(&w);
    w.facts.frozen_fen = w.facts.balance_fen;
    expect_code(&w, ZT_HPF_REJECTED, "ACCOUNT_STATE");
    w.facts.account_known = ZT_FACT_NO;
    expect_code(&w, ZT_HPF_REJECTED, "ACCOUNT_STATE");
}

static void r3_without_consent_the_bank_is_not_asked(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    assert_true(zt_hpf_may_ask_bank(&w.facts));
    w.facts.authorised = ZT_FACT_NO;
    w.facts.loan_known = ZT_FACT_UNKNOWN; // nothing was asked
    assert_false(zt_hpf_may_ask_bank(&w.facts));
    expect_code(&w, ZT_HPF_REJECTED, "AUTH");
    w.facts.authorised = ZT_FACT_UNKNOWN;
    assert_false(zt_hpf_may_ask_bank(&w.facts));
    expect_code(&w, ZT_HPF_UNKNOWN, "UNKNOWN");
}

static void r4_overdue_loans(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.facts.overdue = ZT_FACT_YES;
    expect_code(&w, ZT_HPF_REJECTED, "OVERDUE");
    static const char marks[] = "1234567BDG";
    for (const char *mark = marks; *mark; mark++) {
        set_up(&w);
        w.payments[20].mark = *mark;
        expect_code(&w, ZT_HPF_REJECTED, "OVERDUE");
        w.payments[20].mark = '*';
        w.payments[2].mark = *mark; // before the window
        assert_int_equal(decide(&w).outcome, ZT_HPF_APPROVED);
    }
}

static void r5_relation_to_the_borrower(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.facts.is_borrower = ZT_FACT_NO;
    expect_code(&w, ZT_HPF_REJECTED, "NOT_RELATED");
    w.facts.is_spouse_of_borrower = ZT_FACT_YES;
    assert_int_equal(decide(&w).outcome, ZT_HPF_APPROVED);
    w.facts.is_spouse_of_borrower = ZT_FACT_UNKNOWN;
    expect_code(&w, ZT_HPF_UNKNOWN, "UNKNOWN");
    w.facts.is_borrower = ZT_FACT_UNKNOWN;
    w.facts.is_spouse_of_borrower = ZT_FACT_NO;
    expect_code(&w, ZT_HPF_UNKNOWN, "UNKNOWN");
}

static void r6_r7_kind_and_silent_bank(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.facts.for_housing = ZT_FACT_NO;
    expect_code(&w, ZT_HPF_REJECTED, "LOAN_KIND");
    set_up(&w);
    w.facts.loan_known = ZT_FACT_UNKNOWN; // the bank's adapter timed out
    expect_code(&w, ZT_HPF_UNKNOWN, "UNKNOWN");
    set_up(&w);
    w.facts.payment_count = 11;
    expect_code(&w, ZT_HPF_REJECTED, "MONTHS");
}

// Same facts, same decision: asking twice pays once (R8).
static void r8_is_deterministic(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct zt_hpf_decision a = decide(&w), b = decide(&w);
    assert_int_equal(a.amount_fen, b.amount_fen);
    assert_string_equal(a.code, b.code);
}

static void identity_comes_first(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.facts.dead = ZT_FACT_YES;
    w.facts.authorised = ZT_FACT_NO;
    struct zt_hpf_decision decision = expect_code(&w, ZT_HPF_REJECTED, "IDENTITY");
    assert_int_equal(decision.checks[0].result, ZT_HPF_FAIL);
    assert_int_equal(decision.checks[1].result, ZT_HPF_NOT_REACHED);
    set_up(&w);
    w.facts.face_matches = ZT_FACT_NO;
    expect_code(&w, ZT_HPF_REJECTED, "IDENTITY");
    w.facts.face_matches = ZT_FACT_UNKNOWN;
    expect_code(&w, ZT_HPF_UNKNOWN, "UNKNOWN");
}

static void optional_sources(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct zt_hpf_decision decision = decide(&w);
    assert_int_equal(decision.checks[6].result, ZT_HPF_NOT_ASKED);
    assert_int_equal(decision.checks[7].result, ZT_HPF_NOT_ASKED);
    w.rules.asks_offset = w.rules.asks_dishonest = true;
    expect_code(&w, ZT_HPF_UNKNOWN, "UNKNOWN");
    w.facts.offset_contract = ZT_FACT_YES;
    expect_code(&w, ZT_HPF_REJECTED, "OFFSET");
    w.facts.offset_contract = ZT_FACT_NO;
    w.facts.dishonest = ZT_FACT_YES;
    expect_code(&w, ZT_HPF_REJECTED, "DISHONEST");
    w.facts.dishonest = ZT_FACT_NO;
    assert_int_equal(decide(&w).outcome, ZT_HPF_APPROVED);
}

// A payment on the first day of the window counts, one on the day of the application belongs to the next
// window.
static void the_window_is_half_open(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.facts.applied_on = "2026-11-08";
    assert_int_equal(decide(&w).paid_fen, 12 * 401970);
    assert_string_equal(decide(&w).window_from, "2025-11-08");
    w.taken[0] = (struct zt_hpf_taken){false, "2025-11-08", "2024-11-08", "2025-11-08", 100};
    w.facts.taken_count = 1;
    assert_int_equal(decide(&w).withdrawn_fen, 0);
    w.taken[0].to = "2025-11-09";
    assert_int_equal(decide(&w).withdrawn_fen, 100);
}

static void malformed_facts_decide_nothing(void **state)
{
    (void)state;
    struct world w;
    struct zt_hpf_decision decision = {.code = "untouched"};
    for (int i = 0; i < 8; i++) {
        set_up(&w);
        w.taken[0] = (struct zt_hpf_taken){true, "2020-01-01", "2020-01-01", "2020-01-01", 1};
        w.facts.taken_count = 1;
        switch (i) {
        case 0:
            w.facts.applied_on = "2026-02-30";
            break;
        case 1:
            w.facts.balance_fen = -1;
            break;
        case 2:
            w.payments[3].paid_on = "yesterday";
            break;
        case 3:
            w.payments[3].interest_fen = INT64_MAX;
            break;
        case 4:
            w.taken[0].amount_fen = -1;
            break;
        case 5:
            w.taken[0].to = "";
            break;
        case 6:
            w.facts.payment_count = 100000;
            break;
        default:
            w.facts.account_state = NULL;
            break;
        }
        assert_int_equal(zt_hpf_decide(&w.rules, &w.facts, &decision), ZT_E_INPUT);
        assert_string_equal(decision.code, "untouched");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v1_to_v7),
        cmocka_unit_test(r1_interval_and_its_end),
        cmocka_unit_test(r2_account_states),
        cmocka_unit_test(r3_without_consent_the_bank_is_not_asked),
        cmocka_unit_test(r4_overdue_loans),
        cmocka_unit_test(r5_relation_to_the_borrower),
        cmocka_unit_test(r6_r7_kind_and_silent_bank),
        cmocka_unit_test(r8_is_deterministic),
        cmocka_unit_test(identity_comes_first),
        cmocka_unit_test(optional_sources),
        cmocka_unit_test(the_window_is_half_open),
        cmocka_unit_test(malformed_facts_decide_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
