// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/id/id.h"
#include "consumers/zt/hpf_gather.h"

// Codes of the catalogue's tables.
#define LOAN_COMMERCIAL "01" // T-LOANKIND
#define LOAN_COMBINED   "03"
#define LOAN_OVERDUE    "3" // T-LOANSTATE
#define LOAN_BAD_DEBT   "4"
#define TAKEN_PAID      "01" // T-HPFWSTATE
#define TAKEN_UNDER_WAY "02"
#define ACCOUNT_NORMAL  "01" // T-HPF1

// What the banks' authorisation form says, besides the item's own name.
#define AUTH_PURPOSE "偿还商业住房贷款提取公积金"

static const struct zt_field *field_of(struct zt_hpf_case *c, const struct zt_found *found, const char *name,
                                       const struct zt_field_type **kind)
{
    const struct zt_record_type *type = zt_session_record_type(c->session, found->type);
    *kind = type ? zt_record_type_field(type, name) : NULL;
    for (size_t i = 0; *kind && i < found->field_count; i++)
        if (found->fields[i].tag == (*kind)->tag)
            return &found->fields[i];
    return NULL;
}

const char *zt_hpf_text(struct zt_hpf_case *c, const struct zt_found *found, const char *name)
{
    const struct zt_field_type *kind;
    const struct zt_field *field = field_of(c, found, name, &kind);
    const char *text = field ? zt_value_text(kind, field, &c->session->arena) : NULL;
    return text ? text : "";
}

int64_t zt_hpf_number(struct zt_hpf_case *c, const struct zt_found *found, const char *name)
{
    const struct zt_field_type *kind;
    const struct zt_field *field = field_of(c, found, name, &kind);
    return field && field->kind == ZT_VALUE_NUMBER ? field->number : -1;
}

bool zt_hpf_in_force(const struct zt_hpf_case *c, const struct zt_found *found)
{
    if (found->state != ZT_STATE_VALID && found->state != ZT_STATE_CHANGED)
        return false;
    return (!*found->valid_from || strcmp(found->valid_from, c->today) <= 0) &&
           (!*found->valid_to || strcmp(found->valid_to, c->today) >= 0);
}

bool zt_hpf_certain(const struct zt_answer *answer)
{
    return answer->status == ZT_STATUS_NONE ||
           (answer->status == ZT_STATUS_OK && answer->freshness.state == ZT_FRESH && answer->found_count > 0);
}

void zt_hpf_read_identity(struct zt_hpf_case *c, const struct zt_answer *answer)
{
    if (!zt_hpf_certain(answer) || answer->status == ZT_STATUS_NONE)
        return; // nobody of that number in this city: a person looks at it
    int64_t mark = zt_hpf_number(c, &answer->found[0], "death_mark");
    if (answer->found_count == 1 && mark >= 0)
        c->facts.dead = mark ? ZT_FACT_YES : ZT_FACT_NO;
}

static bool authorises(struct zt_hpf_case *c, const struct zt_found *found)
{
    const struct zt_item *item = zt_catalogue_item(c->session->catalogue, c->question.item);
    const char *purpose = zt_hpf_text(c, found, "purpose");
    int64_t now = zt_now_ms(), revoked = zt_hpf_number(c, found, "revoked_at");
    if (strcmp(zt_hpf_text(c, found, "grantee_usc"), c->grantee) != 0)
        return false;
    if (strcmp(purpose, AUTH_PURPOSE) != 0 && (!item || strcmp(purpose, item->name_zh) != 0))
        return false;
    return zt_hpf_number(c, found, "granted_at") <= now && now < zt_hpf_number(c, found, "expires_at") &&
           (revoked < 0 || now < revoked);
}

void zt_hpf_read_authorisation(struct zt_hpf_case *c, const struct zt_answer *answer)
{
    if (answer->status == ZT_STATUS_DENIED && strncmp(answer->rule, "consent.", 8) == 0)
        c->facts.authorised = ZT_FACT_NO; // the token does not hold
    if (!zt_hpf_certain(answer))
        return;
    c->facts.authorised = ZT_FACT_NO;
    for (size_t i = 0; answer->status == ZT_STATUS_OK && i < answer->found_count; i++)
        if (zt_hpf_in_force(c, &answer->found[i]) && authorises(c, &answer->found[i]))
            c->facts.authorised = ZT_FACT_YES;
}

static const struct zt_found *last_registration(struct zt_hpf_case *c, const struct zt_answer *answer,
                                                bool *tie)
{
    const struct zt_found *last = NULL;
    for (size_t i = 0; i < answer->found_count; i++) {
        const struct zt_found *found = &answer->found[i];
        if (!zt_hpf_in_force(c, found))
            continue;
        int order = last ? strcmp(zt_hpf_text(c, found, "reg_date"), zt_hpf_text(c, last, "reg_date")) : 1;
        *tie = order == 0 || (*tie && order < 0);
        last = order > 0 ? found : last;
    }
    return last;
}

// A certificate that is issued again (ICA, ICB) says what the operation before it said.
void zt_hpf_read_marriage(struct zt_hpf_case *c, const struct zt_answer *answer)
{
    bool tie = false;
    if (!zt_hpf_certain(answer))
        return;
    c->married = ZT_FACT_NO;
    const struct zt_found *last = answer->status == ZT_STATUS_OK ? last_registration(c, answer, &tie) : NULL;
    if (!last)
        return;
    const char *op = zt_hpf_text(c, last, "op_type"), *man = zt_hpf_text(c, last, "man_id_no");
    const char *woman = zt_hpf_text(c, last, "woman_id_no"), *self = c->question.subject.number;
    bool joined = strcmp(op, "IA") == 0 || strcmp(op, "ICA") == 0;
    bool parted = strcmp(op, "IB") == 0 || strcmp(op, "ICB") == 0;
    const char *other = strcmp(man, self) == 0 ? woman : strcmp(woman, self) == 0 ? man : "";
    if (tie || (!joined && !parted) || (joined && !*other)) {
        c->married = ZT_FACT_UNKNOWN; // two on one day, or an operation that we do not know
        return;
    }
    if (joined) {
        const char *type = zt_id_kind_code(zt_id_guess(other)); // the record's grant does not name it
        c->married = ZT_FACT_YES;
        c->spouse = (struct zt_subject){*type ? type : c->question.subject.id_type, other, ""};
    }
}

enum zt_fact zt_hpf_read_loan(struct zt_hpf_case *c, const struct zt_answer *answer)
{
    if (!zt_hpf_certain(answer))
        return ZT_FACT_UNKNOWN;
    if (answer->status == ZT_STATUS_NONE)
        return ZT_FACT_NO;
    const struct zt_found *loan = &answer->found[0];
    const char *kind = zt_hpf_text(c, loan, "loan_kind"), *state = zt_hpf_text(c, loan, "state");
    if (answer->found_count != 1 || strcmp(zt_hpf_text(c, loan, "loan_no"), c->loan_no) != 0 || !*kind ||
        !*state)
        return ZT_FACT_UNKNOWN;
    bool housing = strcmp(kind, LOAN_COMMERCIAL) == 0 || strcmp(kind, LOAN_COMBINED) == 0;
    bool overdue = strcmp(state, LOAN_OVERDUE) == 0 || strcmp(state, LOAN_BAD_DEBT) == 0;
    c->facts.for_housing = housing ? ZT_FACT_YES : ZT_FACT_NO;
    c->facts.overdue = overdue ? ZT_FACT_YES : ZT_FACT_NO;
    return ZT_FACT_YES;
}

static bool is_bad_mark(const char *mark)
{
    return *mark && strchr("1234567BDG", *mark);
}

// A month without a payment has no day of its own in the rule: its mark speaks for the loan as a whole while
// its due day lies in the window.
static void note_unpaid(struct zt_hpf_case *c, const struct zt_found *row)
{
    char from[ZT_DATE_LEN + 1];
    const char *due = zt_hpf_text(c, row, "due_on");
    if (zt_date_add_months(c->facts.applied_on, -zt_hpf_default_rules().window_months, from) != ZT_OK)
        return;
    if (is_bad_mark(zt_hpf_text(c, row, "month_status")) && strcmp(due, from) >= 0 &&
        strcmp(due, c->facts.applied_on) < 0)
        c->facts.overdue = ZT_FACT_YES;
}

void zt_hpf_read_payments(struct zt_hpf_case *c, const struct zt_answer *answer)
{
    if (!zt_hpf_certain(answer))
        return;
    c->facts.loan_known = ZT_FACT_YES;
    for (size_t i = 0; answer->status == ZT_STATUS_OK && i < answer->found_count; i++) {
        const struct zt_found *row = &answer->found[i];
        struct zt_hpf_payment payment = {.paid_on = zt_hpf_text(c, row, "paid_on"),
                                         .principal_fen = zt_hpf_number(c, row, "principal"),
                                         .interest_fen = zt_hpf_number(c, row, "interest"),
                                         .mark = *zt_hpf_text(c, row, "month_status")};
        if (!zt_hpf_in_force(c, row) || strcmp(zt_hpf_text(c, row, "loan_no"), c->loan_no) != 0)
            continue;
        if (!*payment.paid_on)
            note_unpaid(c, row);
        else if (payment.principal_fen < 0 || payment.interest_fen < 0 ||
                 c->facts.payment_count == ZT_FOUND_MAX)
            c->facts.loan_known = ZT_FACT_UNKNOWN; // a row that says less than it must
        else
            c->payments[c->facts.payment_count++] = payment;
    }
    c->facts.payments = c->payments;
}

// Somebody who changed employers has closed accounts besides the one in use.
void zt_hpf_read_account(struct zt_hpf_case *c, const struct zt_answer *answer)
{
    const struct zt_found *chosen = NULL;
    size_t normal = 0;
    if (!zt_hpf_certain(answer))
        return;
    c->facts.account_known = ZT_FACT_NO;
    for (size_t i = 0; answer->status == ZT_STATUS_OK && i < answer->found_count; i++) {
        bool in_use = strcmp(zt_hpf_text(c, &answer->found[i], "status"), ACCOUNT_NORMAL) == 0;
        normal += in_use;
        if (!chosen || in_use)
            chosen = &answer->found[i];
    }
    if (!chosen)
        return;
    c->facts.account_state = zt_hpf_text(c, chosen, "status");
    c->facts.balance_fen = zt_hpf_number(c, chosen, "balance");
    c->facts.frozen_fen = zt_hpf_number(c, chosen, "frozen_amount");
    bool whole =
        normal <= 1 && c->facts.balance_fen >= 0 && c->facts.frozen_fen >= 0 && *c->facts.account_state;
    c->facts.account_known = whole ? ZT_FACT_YES : ZT_FACT_UNKNOWN;
}

// One that is under way counts like one that was paid: money must not leave twice.
static bool counts(const char *state)
{
    return strcmp(state, TAKEN_PAID) == 0 || strcmp(state, TAKEN_UNDER_WAY) == 0;
}

enum zt_fact zt_hpf_read_withdrawals(struct zt_hpf_case *c, const struct zt_answer *answer, bool by_applicant)
{
    if (!zt_hpf_certain(answer))
        return ZT_FACT_UNKNOWN;
    for (size_t i = 0; answer->status == ZT_STATUS_OK && i < answer->found_count; i++) {
        const struct zt_found *row = &answer->found[i];
        if (!zt_hpf_in_force(c, row) || strcmp(zt_hpf_text(c, row, "loan_no"), c->loan_no) != 0 ||
            !counts(zt_hpf_text(c, row, "state")))
            continue;
        struct zt_hpf_taken taken = {.by_applicant = by_applicant,
                                     .paid_on = zt_hpf_text(c, row, "paid_on"),
                                     .from = zt_hpf_text(c, row, "window_from"),
                                     .to = zt_hpf_text(c, row, "window_to"),
                                     .amount_fen = zt_hpf_number(c, row, "amount")};
        if (!*taken.paid_on)
            taken.paid_on = zt_hpf_text(c, row, "applied_on");
        if (!*taken.from || !*taken.to || !*taken.paid_on || taken.amount_fen < 0 ||
            c->facts.taken_count == ZT_HPF_ROWS_MAX)
            return ZT_FACT_UNKNOWN;
        c->taken[c->facts.taken_count++] = taken;
    }
    return ZT_FACT_YES;
}
