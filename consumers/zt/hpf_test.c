// SPDX-License-Identifier: Apache-2.0
// zt scenario hpf-withdrawal: which facts it asks for, in which order, and what it makes of the answers.
#include "base/clock.h"
#include "base/file.h"
#include "certs/consent.h"
#include "consumers/zt/run_zt.h"
#include "consumers/zt/scripted.h"

#define SELF   "370703198512319996"
#define SPOUSE "370202199003079980"
#define MONTHS 12

enum { PERSON, AUTH, MARRIAGE, LOAN, ACCOUNT, TAKEN, SPOUSE_TAKEN, FIRST_MONTH, ROWS = FIRST_MONTH + MONTHS };

#define AUTH_FIELDS(expires)                                                                                              \
    "grantee_usc=12370700MB9X00103L;purpose=偿还商业住房贷款提取公积金;granted_at=2020-01-01T00:00:00.000Z;" \
    "expires_at=" expires

static struct script script;
static struct script_row rows[ROWS];
static char months[MONTHS][160], keys[MONTHS][16];
static char token[PATH_MAX + 32], other_token[PATH_MAX + 32];

// Vector V1: 12 payments of 4,019.70 yuan, 86,000.00 in the account: 48,236.40 may be withdrawn.
static void set_rows(void)
{
    const struct script_row base[] = {
        {"ps.resident_identity", SELF, "P", ZT_STATUS_OK, "", "death_mark=false", false},
        {"pb.credit_authorization", SELF, "A", ZT_STATUS_OK, "", AUTH_FIELDS("2099-01-01T00:00:00.000Z"),
         false},
        {"ca.marriage_registration", SELF, "M", ZT_STATUS_OK, "",
         "op_type=IA;man_id_no=" SELF ";woman_id_no=" SPOUSE ";reg_date=2015-05-20", false},
        {"pb.commercial_housing_loan", SELF, "L-1", ZT_STATUS_OK, "", "loan_no=L-1;loan_kind=01;state=1",
         false},
        {"hf.personal_account", SELF, "G", ZT_STATUS_OK, "", "status=01;balance=86000.00;frozen_amount=0.00",
         false},
        {"hf.withdrawal", SELF, NULL, ZT_STATUS_NONE, "record.none", NULL, false},
        {"hf.withdrawal", SPOUSE, NULL, ZT_STATUS_NONE, "record.none", NULL, false},
    };
    memcpy(rows, base, sizeof base);
    for (int i = 0; i < MONTHS; i++) {
        int month = 12 + i; // 2025-12 to 2026-11
        snprintf(keys[i], sizeof keys[i], "L-1+%d", i + 1);
        snprintf(months[i], sizeof months[i],
                 "loan_no=L-1;seq=%d;due_on=%d-%02d-08;paid_on=%d-%02d-08;principal=2019.70;interest=2000.00;"
                 "month_status=N",
                 i + 1, 2025 + (month - 1) / 12, (month - 1) % 12 + 1, 2025 + (month - 1) / 12,
                 (month - 1) % 12 + 1);
        rows[FIRST_MONTH + i] = (struct script_row){
            "pb.loan_repayment_detail", SELF, keys[i], ZT_STATUS_OK, "", months[i], false};
    }
}

static void write_token(const char *name, const char *number, char *path)
{
    struct zt_key *key = NULL;
    struct zt_buf text;
    struct zt_consent consent = {
        .alg = ZT_ES256, .scope_count = 1, .issued_at = zt_now_ms(), .expires_at = zt_now_ms() + 60000};
    snprintf(consent.key_id, sizeof consent.key_id, "k");
    snprintf(consent.issuer, sizeof consent.issuer, "idp");
    snprintf(consent.consumer, sizeof consent.consumer, FAKE_PARTY);
    snprintf(consent.purpose, sizeof consent.purpose, "hpf-withdrawal");
    snprintf(consent.scope[0], sizeof consent.scope[0], "pb.credit_authorization");
    zt_buf_init(&text, ZT_CONSENT_MAX);
    assert_int_equal(zt_key_new(ZT_ES256, &key), ZT_OK);
    assert_int_equal(zt_consent_subject("111", number, consent.subject), ZT_OK);
    assert_int_equal(zt_consent_sign(key, &consent, &text, NULL), ZT_OK);
    snprintf(path, PATH_MAX + 32, "%s/%s", script.broker.dir, name);
    assert_int_equal(zt_file_replace(path, zt_buf_bytes(&text), 0600, NULL), ZT_OK);
    zt_buf_fini(&text);
    zt_key_destroy(&key);
}

static int enter(void **state)
{
    (void)state;
    set_rows();
    script_start(&script, rows, ROWS);
    write_token("token", SELF, token);
    write_token("other", SPOUSE, other_token);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    script_stop(&script);
    return 0;
}

#define DECIDE(...)                                                                                          \
    run_zt("--profile", script.broker.profile, "scenario", "hpf-withdrawal", "--item",                       \
           "hpf.withdraw.commercial-loan", "--purpose", "hpf-withdrawal", "--case", "WF-1", "--subject",     \
           "111:" SELF, "--loan", "L-1", "--applied", "2026-11-22", "--timeout", "40000", __VA_ARGS__, NULL)

static void expect_code(int status, const char *code)
{
    json_t *json;
    const struct said *said = DECIDE("--json", "--consent", token);
    assert_int_equal(said->status, status);
    json = said_json(said);
    assert_string_equal(json_at(json, "code"), code);
    if (status)
        assert_string_equal(json_at(json, "amount_fen"), "0");
    json_decref(json);
}

static void the_good_case_is_approved_and_told(void **state)
{
    (void)state;
    json_t *json = said_json(DECIDE("--json", "--consent", token));
    assert_string_equal(json_at(json, "outcome"), "approved");
    assert_string_equal(json_at(json, "code"), "APPROVED");
    assert_string_equal(json_at(json, "amount_fen"), "4823640");
    assert_string_equal(json_at(json, "room_fen"), "8590000");
    assert_string_equal(json_at(json, "window_from"), "2025-11-22");
    assert_string_equal(json_at(json, "rules.0.id"), "hpf.cl.1");
    assert_string_equal(json_at(json, "rules.8.result"), "pass");
    assert_string_equal(json_at(json, "inputs.1.type"), "pb.credit_authorization");
    assert_string_equal(json_at(json, "inputs.1.records.0.version"), "3");
    assert_string_equal(json_at(json, "inputs.1.ledger.index"), "41");
    assert_string_equal(json_at(json, "inputs.7.about"), "spouse");
    json_decref(json);
    const struct said *said = DECIDE("--consent", token);
    expect_said(said, 0, "准予提取 APPROVED", "");
    expect_said(said, 0, "48236.40 元", "");
    expect_said(said, 0, "偿还住房商业贷款提取公积金", "");
    assert_null(strstr(said->out, SELF));
    assert_null(strstr(said->out, SPOUSE));
    expect_said(DECIDE("--consent", token, "--retained", "8000000"), 0, "6000.00 元", "");
    expect_said(DECIDE("--consent", token, "--cap", "1000000"), 0, "10000.00 元", "");
}

static void rejections_name_their_rule(void **state)
{
    (void)state;
    static const struct {
        int row;
        const char *fields, *code;
    } cases[] = {
        {PERSON, "death_mark=true", "IDENTITY"},
        {AUTH, AUTH_FIELDS("2020-02-01T00:00:00.000Z"), "AUTH"},
        {AUTH, AUTH_FIELDS("2099-01-01T00:00:00.000Z") ";revoked_at=2021-01-01T00:00:00.000Z", "AUTH"},
        {AUTH,
         "grantee_usc=11370700MB9X0012XA;purpose=偿还商业住房贷款提取公积金;granted_at=2020-01-01T00:00:00."
         "000Z;"
         "expires_at=2099-01-01T00:00:00.000Z",
         "AUTH"},
        {LOAN, "loan_no=L-1;loan_kind=04;state=1", "LOAN_KIND"},
        {LOAN, "loan_no=L-1;loan_kind=01;state=3", "OVERDUE"},
        {FIRST_MONTH + 11, "loan_no=L-1;seq=12;due_on=2026-11-08;principal=0.00;interest=0.00;month_status=2",
         "OVERDUE"},
        {ACCOUNT, "status=06;balance=86000.00;frozen_amount=0.00", "ACCOUNT_STATE"},
        {ACCOUNT, "status=01;balance=80.00;frozen_amount=0.00", "NOTHING_LEFT"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_rows();
        rows[cases[i].row].fields = cases[i].fields;
        expect_code(1, cases[i].code);
    }
    set_rows();
    rows[TAKEN] =
        (struct script_row){"hf.withdrawal",
                            SELF,
                            "T",
                            ZT_STATUS_OK,
                            "",
                            "loan_no=L-1;amount=20000.00;window_from=2024-12-01;window_to=2025-12-01;"
                            "applied_on=2025-11-30;paid_on=2025-12-01;state=01",
                            false};
    expect_said(DECIDE("--consent", token), 1, "2026-12-01", "");
    expect_code(1, "INTERVAL");
}

// Vector V3: what the spouse took for the same loan is not paid twice; a withdrawal that was sent back is
// nothing.
static void the_spouse_counts(void **state)
{
    (void)state;
    rows[SPOUSE_TAKEN] =
        (struct script_row){"hf.withdrawal",
                            SPOUSE,
                            "T",
                            ZT_STATUS_OK,
                            "",
                            "loan_no=L-1;amount=20000.00;window_from=2025-11-22;window_to=2026-11-22;"
                            "applied_on=2026-10-01;paid_on=2026-10-05;state=01",
                            false};
    expect_said(DECIDE("--consent", token), 0, "28236.40 元", "");
    rows[SPOUSE_TAKEN].fields = "loan_no=L-1;amount=20000.00;window_from=2025-11-22;window_to=2026-11-22;"
                                "applied_on=2026-10-01;state=02";
    expect_said(DECIDE("--consent", token), 0, "28236.40 元", "");
    rows[SPOUSE_TAKEN].fields = "loan_no=L-1;amount=20000.00;window_from=2025-11-22;window_to=2026-11-22;"
                                "applied_on=2026-10-01;state=03";
    expect_said(DECIDE("--consent", token), 0, "48236.40 元", "");
}

static void a_loan_of_the_spouse_needs_the_spouses_consent(void **state)
{
    (void)state;
    rows[LOAN].number = SPOUSE;
    for (int i = 0; i < MONTHS; i++)
        rows[FIRST_MONTH + i].number = SPOUSE;
    expect_code(3, "UNKNOWN");
    expect_said(DECIDE("--consent", token, "--spouse-consent", other_token), 0, "48236.40 元", "");
    expect_said(
        DECIDE("--consent", token, "--spouse-consent", other_token, "--spouse", "111:440524188001010014"), 1,
        "NOT_RELATED", "");
    rows[MARRIAGE].fields = "op_type=IB;man_id_no=" SELF ";woman_id_no=" SPOUSE ";reg_date=2019-03-12";
    expect_code(1, "NOT_RELATED");
    rows[MARRIAGE].status = ZT_STATUS_NONE;
    expect_code(1, "NOT_RELATED");
}

// Nothing that is missing, silent or too old becomes a "no".
static void what_is_not_known_goes_to_a_person(void **state)
{
    (void)state;
    static const int sources[] = {PERSON, AUTH, MARRIAGE, LOAN, FIRST_MONTH, ACCOUNT, TAKEN, SPOUSE_TAKEN};
    static const enum zt_status silent[] = {ZT_STATUS_UNKNOWN, ZT_STATUS_TROUBLE, ZT_STATUS_INVALID};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        for (size_t k = 0; k < sizeof silent / sizeof *silent; k++) {
            set_rows();
            rows[sources[i]].status = silent[k];
            rows[sources[i]].rule = "fresh.silent";
            rows[sources[i]].key = NULL;
            expect_code(3, "UNKNOWN");
        }
    set_rows();
    rows[ACCOUNT].stale = true;
    expect_code(3, "UNKNOWN");
    set_rows();
    rows[PERSON].status = ZT_STATUS_NONE;
    expect_code(3, "UNKNOWN");
}

static void the_bank_is_not_asked_before_the_person_agreed(void **state)
{
    (void)state;
    expect_said(DECIDE("--json"), 3, "UNKNOWN", "");
    assert_int_equal(script.bank_questions, 0); // no login
    expect_said(DECIDE("--consent", other_token), 1, "IDENTITY", "");
    assert_int_equal(script.bank_questions, 0); // somebody else's login
    rows[AUTH].fields = AUTH_FIELDS("2020-02-01T00:00:00.000Z");
    expect_said(DECIDE("--consent", token), 1, "AUTH", "");
    assert_int_equal(script.bank_questions, 1); // the authorisation itself, and no loan
    rows[AUTH].status = ZT_STATUS_DENIED;
    rows[AUTH].rule = "consent.expired";
    expect_said(DECIDE("--consent", token), 1, "AUTH", "");
    assert_int_equal(script.bank_questions, 2);
}

static void wrong_arguments_are_said(void **state)
{
    (void)state;
    expect_said(DECIDE("--applied", "today"), 2, "", "--applied takes");
    expect_said(DECIDE("--spouse", "x"), 2, "", "--spouse takes");
    expect_said(DECIDE("--retained", "-1"), 2, "", "--retained takes");
    expect_said(DECIDE("--spouse-consent", "/nowhere"), 3, "", "/nowhere");
}

#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CITY(the_good_case_is_approved_and_told),
        IN_CITY(rejections_name_their_rule),
        IN_CITY(the_spouse_counts),
        IN_CITY(a_loan_of_the_spouse_needs_the_spouses_consent),
        IN_CITY(what_is_not_known_goes_to_a_person),
        IN_CITY(the_bank_is_not_asked_before_the_person_agreed),
        IN_CITY(wrong_arguments_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
