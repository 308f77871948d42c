// SPDX-License-Identifier: Apache-2.0
// The facts of a provident-fund withdrawal, gathered by lookups in the order in which they may be asked:
// nothing is asked of the banks before the person is known and has agreed.
//
// Rules: a fact is YES or NO only when the broker answered it as fresh; whatever else happens leaves it
// UNKNOWN. Every question that was asked is in `inputs`, with the ledger entry that tells of it.
#ifndef ZT_CONSUMERS_ZT_HPF_GATHER_H
#define ZT_CONSUMERS_ZT_HPF_GATHER_H

#include "consumers/scenarios/hpf_withdrawal.h"
#include "consumers/zt/question.h"

#define ZT_HPF_INPUTS_MAX 12
#define ZT_HPF_ROWS_MAX   (2 * ZT_FOUND_MAX)

struct zt_hpf_input {
    const char *type;
    bool spouse; // asked about the spouse, otherwise about the applicant
    struct zt_answer answer;
};
struct zt_hpf_case {
    struct zt_session *session;
    struct zt_request question; // item, purpose, case, officer, applicant, consent
    int timeout_ms;
    const char *loan_no;
    const char *grantee;        // USCC that the credit authorisation must name
    const char *spouse_consent; // "" when there is none
    struct zt_subject claimed_spouse;
    char today[ZT_DATE_LEN + 1];

    struct zt_hpf_facts facts;
    struct zt_hpf_payment payments[ZT_FOUND_MAX];
    struct zt_hpf_taken taken[ZT_HPF_ROWS_MAX];
    struct zt_subject spouse; // number "" when there is none by a marriage in force
    enum zt_fact married;
    struct zt_hpf_input inputs[ZT_HPF_INPUTS_MAX];
    size_t input_count;
    bool cut; // the broker could not be reached: nothing more was asked
    struct zt_fault fault;
};

// Fills facts and inputs. ZT_OK also when much is unknown; only a broken case (no catalogue) is an error.
ZT_MUST_USE enum zt_err zt_hpf_gather(struct zt_hpf_case *c, struct zt_fault *fault);

// Reading found records, by field name; hpf_read.c. Absent fields are "" and -1.
const char *zt_hpf_text(struct zt_hpf_case *c, const struct zt_found *found, const char *name);
int64_t zt_hpf_number(struct zt_hpf_case *c, const struct zt_found *found, const char *name);
bool zt_hpf_in_force(const struct zt_hpf_case *c, const struct zt_found *found);

// What the records of one answer say; each sets facts and nothing else.
void zt_hpf_read_identity(struct zt_hpf_case *c, const struct zt_answer *answer);
void zt_hpf_read_authorisation(struct zt_hpf_case *c, const struct zt_answer *answer);
void zt_hpf_read_marriage(struct zt_hpf_case *c, const struct zt_answer *answer);
enum zt_fact zt_hpf_read_loan(struct zt_hpf_case *c, const struct zt_answer *answer); // whether it is theirs
void zt_hpf_read_payments(struct zt_hpf_case *c, const struct zt_answer *answer);
void zt_hpf_read_account(struct zt_hpf_case *c, const struct zt_answer *answer);
enum zt_fact zt_hpf_read_withdrawals(struct zt_hpf_case *c, const struct zt_answer *answer,
                                     bool by_applicant);

// Whether the answer may be built on: OK and fresh, or a certain "none".
bool zt_hpf_certain(const struct zt_answer *answer);

#endif
