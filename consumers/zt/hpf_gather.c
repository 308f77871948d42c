// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/hpf_gather.h"

#include <string.h>

#include "certs/consent.h"

#define CREDIT "pb." // of the central bank: answered only with the consent of the person it is about

static const struct zt_answer nothing = {
    .status = ZT_STATUS_TROUBLE, .rule = "", .text_zh = "", .text_en = "", .freshness = {.source = ""}};

// One question; what could not be asked is answered "trouble". The answer lives in c->inputs.
static const struct zt_answer *ask(struct zt_hpf_case *c, const char *type, const struct zt_subject *subject,
                                   const char *key, const char *const *fields)
{
    if (c->input_count == ZT_HPF_INPUTS_MAX)
        return &nothing;
    struct zt_hpf_input *input = &c->inputs[c->input_count];
    struct zt_request request = c->question;
    bool spouse = subject != &c->question.subject;
    bool credit = strncmp(type, CREDIT, strlen(CREDIT)) == 0;
    request.type = type;
    request.subject = *subject;
    request.key = key;
    request.fields = (const char **)(uintptr_t)fields;
    while (fields[request.field_count])
        request.field_count++;
    request.consent = !credit ? "" : spouse ? c->spouse_consent : c->question.consent;
    *input = (struct zt_hpf_input){.type = type, .spouse = spouse, .answer = nothing};
    if (c->cut)
        return &input->answer;
    c->input_count++;
    if (zt_client_ask(c->session->client, &request, c->timeout_ms, &c->session->arena, &input->answer,
                      &c->fault) != ZT_OK) {
        input->answer = nothing;
        input->answer.rule = c->fault.rule;
        c->cut = true; // every further question would wait as long
    }
    return &input->answer;
}

// The consent token is the trace of the face login: the identity provider signs it for the person who stood
// before the camera. Whether it holds is checked by the broker with every question of credit data.
static void read_login(struct zt_hpf_case *c)
{
    struct zt_consent said;
    uint8_t subject[ZT_HASH_LEN];
    const struct zt_subject *self = &c->question.subject;
    if (!c->question.consent[0] || zt_consent_read(zt_bytes_str(c->question.consent), &said, NULL) != ZT_OK ||
        zt_consent_subject(self->id_type, self->number, subject) != ZT_OK)
        return;
    c->facts.face_matches = memcmp(subject, said.subject, ZT_HASH_LEN) == 0 ? ZT_FACT_YES : ZT_FACT_NO;
}

static void ask_person(struct zt_hpf_case *c)
{
    static const char *const identity[] = {"death_mark", NULL};
    static const char *const authorisation[] = {"grantee_usc", "purpose",    "granted_at",
                                                "expires_at",  "revoked_at", NULL};
    read_login(c);
    zt_hpf_read_identity(c, ask(c, "ps.resident_identity", &c->question.subject, "", identity));
    if (c->facts.face_matches == ZT_FACT_YES && c->facts.dead == ZT_FACT_NO)
        zt_hpf_read_authorisation(c,
                                  ask(c, "pb.credit_authorization", &c->question.subject, "", authorisation));
}

static enum zt_fact ask_loan(struct zt_hpf_case *c, const struct zt_subject *borrower)
{
    static const char *const loan[] = {"loan_no", "loan_kind", "state", NULL};
    static const char *const rows[] = {"loan_no",  "due_on",       "paid_on", "principal",
                                       "interest", "month_status", NULL};
    enum zt_fact theirs =
        zt_hpf_read_loan(c, ask(c, "pb.commercial_housing_loan", borrower, c->loan_no, loan));
    if (theirs == ZT_FACT_YES)
        zt_hpf_read_payments(c, ask(c, "pb.loan_repayment_detail", borrower, "", rows));
    return theirs;
}

// The spouse's loan only after the applicant's own papers say who the spouse is, and with the spouse's
// consent.
static void ask_bank(struct zt_hpf_case *c)
{
    static const char *const marriage[] = {"op_type", "man_id_no", "woman_id_no", "reg_date", NULL};
    zt_hpf_read_marriage(c, ask(c, "ca.marriage_registration", &c->question.subject, "", marriage));
    c->facts.is_borrower = ask_loan(c, &c->question.subject);
    if (c->facts.is_borrower == ZT_FACT_YES)
        return;
    c->facts.is_spouse_of_borrower = c->married;
    if (c->married != ZT_FACT_YES)
        return;
    bool claimed = !c->claimed_spouse.number[0] || strcmp(c->claimed_spouse.number, c->spouse.number) == 0;
    c->facts.is_spouse_of_borrower = !claimed                ? ZT_FACT_NO
                                     : !c->spouse_consent[0] ? ZT_FACT_UNKNOWN
                                                             : ask_loan(c, &c->spouse);
}

static void ask_fund(struct zt_hpf_case *c)
{
    static const char *const account[] = {"status", "balance", "frozen_amount", NULL};
    static const char *const taken[] = {"amount",     "loan_no", "window_from", "window_to",
                                        "applied_on", "paid_on", "state",       NULL};
    zt_hpf_read_account(c, ask(c, "hf.personal_account", &c->question.subject, "", account));
    enum zt_fact own =
        zt_hpf_read_withdrawals(c, ask(c, "hf.withdrawal", &c->question.subject, "", taken), true);
    enum zt_fact other = c->married;
    if (c->married == ZT_FACT_YES)
        other = zt_hpf_read_withdrawals(c, ask(c, "hf.withdrawal", &c->spouse, "", taken), false);
    else if (c->married == ZT_FACT_NO)
        other = ZT_FACT_YES; // nobody else could have taken anything
    c->facts.withdrawals_known = own == ZT_FACT_YES && other == ZT_FACT_YES ? ZT_FACT_YES : ZT_FACT_UNKNOWN;
    c->facts.taken = c->taken;
}

enum zt_err zt_hpf_gather(struct zt_hpf_case *c, struct zt_fault *fault)
{
    if (!c->session->catalogue)
        return zt_fault_set(fault, ZT_E_CONFIG, "scenario.catalogue", c->session->cli->profile,
                            "the profile must name a catalogue that can be read: field names come from it");
    ask_person(c);
    if (zt_hpf_may_ask_bank(&c->facts)) {
        ask_bank(c);
        ask_fund(c);
    }
    return ZT_OK;
}
