// SPDX-License-Identifier: Apache-2.0
// lookup, check and issue against a broker that answers from a table.
#include <sys/stat.h>

#include "base/file.h"
#include "consumers/zt/run_zt.h"
#include "consumers/zt/scripted.h"

#define WHO "370202199003079980"

static const struct script_row rows[] = {
    {"hf.personal_account", WHO, "GR-1", ZT_STATUS_OK, "",
     "id_no=" WHO ";name=张三\x1b[2J;status=01;balance=86000.00;cont_months=77", false},
    {"hf.personal_account", "370703198512319996", NULL, ZT_STATUS_DENIED, "grant.none", NULL, false},
    {"hf.personal_account", "370785198001010014", NULL, ZT_STATUS_UNKNOWN, "fresh.silent", NULL, false},
    {"hf.personal_account", "bad", NULL, ZT_STATUS_INVALID, "gb11643.length", NULL, false},
    {"hf.personal_account", "BAD", NULL, ZT_STATUS_INVALID, "gb11643.length", NULL, false},
    {"hf.personal_account", "1", NULL, ZT_STATUS_TROUBLE, "trouble.store", NULL, false},
    {"ca.marriage_registration", NULL, NULL, ZT_STATUS_OK, "", "op_type=IA;reg_date=2015-05-20", false},
    {"pb.commercial_housing_loan", NULL, "L-1", ZT_STATUS_OK, "",
     "loan_no=L-1;loan_kind=01;state=1;co_borrower_id_no=370703198512319996", false},
    {"hpf_personal_deposit", NULL, NULL, ZT_STATUS_OK, "", "", false},
    {"hpf_loan_settled", NULL, NULL, ZT_STATUS_DENIED, "consent.needed", NULL, false},
};
static struct script script;

static int enter(void **state)
{
    (void)state;
    script_start(&script, rows, sizeof rows / sizeof *rows);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    script_stop(&script);
    return 0;
}

#define ASK(command, subject, ...)                                                                           \
    run_zt("--profile", script.broker.profile, command, "--item", "hpf.withdraw.commercial-loan",            \
           "--purpose", "hpf-withdrawal", "--case", "WF-1", "--subject", subject, "--timeout", "40000",      \
           __VA_ARGS__, NULL)
#define ACCOUNT "--type", "hf.personal_account"

static void people_see_names_words_and_no_numbers(void **state)
{
    (void)state;
    const struct said *said = ASK("lookup", "111:" WHO, ACCOUNT);
    expect_said(said, 0, "已答复 ok", "");
    expect_said(said, 0, "个人缴存账户", "");
    expect_said(said, 0, "01 正常", "");
    expect_said(said, 0, "86000.00 元", "");
    expect_said(said, 0, "最新 fresh", "");
    expect_said(said, 0, "第 41 条 entry, abababab", "");
    expect_said(said, 0, "偿还住房商业贷款提取公积金", "");
    expect_said(said, 0, "张三?[2J", ""); // the record cannot steer the terminal
    assert_null(strstr(said->out, WHO));
    assert_non_null(strstr(said->out, "370***80"));
    expect_said(ASK("lookup", "111:" WHO, ACCOUNT, "--show-numbers"), 0, WHO, "");
    assert_string_equal(script.officer, "clerk-021"); // of the profile
    assert_string_equal(script.case_no, "WF-1");
    expect_said(ASK("lookup", "citizen:" WHO, ACCOUNT, "--officer", "o-2", "--name", "张三"), 0, NULL, "");
    assert_string_equal(script.officer, "o-2");
    assert_string_equal(script.name, "张三");
}

static void programs_see_stable_json(void **state)
{
    (void)state;
    json_t *json =
        said_json(ASK("lookup", "111:" WHO, ACCOUNT, "--json", "--fields", "status,balance,cont_months"));
    assert_string_equal(script.fields, "status,balance,cont_months");
    assert_string_equal(json_at(json, "command"), "lookup");
    assert_string_equal(json_at(json, "status"), "ok");
    assert_string_equal(json_at(json, "type"), "hf.personal_account");
    assert_string_equal(json_at(json, "found.0.key"), "GR-1");
    assert_string_equal(json_at(json, "found.0.version"), "3");
    assert_string_equal(json_at(json, "found.0.state"), "valid");
    assert_string_equal(json_at(json, "found.0.fields.balance"), "86000.00");
    assert_string_equal(json_at(json, "found.0.fields.status"), "01");
    assert_string_equal(json_at(json, "found.0.fields.cont_months"), "77");
    assert_null(json_object_get(json_object_get(json_array_get(json_object_get(json, "found"), 0), "fields"),
                                "name"));
    assert_string_equal(json_at(json, "freshness.state"), "fresh");
    assert_string_equal(json_at(json, "freshness.max_age_s"), "60");
    assert_string_equal(json_at(json, "ledger.index"), "41");
    assert_int_equal(strlen(json_at(json, "ledger.hash")), 64);
    assert_int_equal(strlen(json_at(json, "request_id")), 32);
    json_decref(json);
    json = said_json(
        ASK("lookup", "111:" WHO, "--type", "pb.commercial_housing_loan", "--key", "L-1", "--json"));
    assert_string_equal(json_at(json, "found.0.fields.co_borrower_id_no.0"),
                        "370703198512319996"); // a list by its type
    json_decref(json);
}

static void statuses_become_exit_statuses(void **state)
{
    (void)state;
    expect_said(ASK("lookup", "111:370703198512319996", ACCOUNT), 1, "words of the broker", "");
    expect_said(ASK("lookup", "111:370703198512319996", ACCOUNT), 1, "grant.none", "");
    expect_said(ASK("lookup", "111:440524188001010014", ACCOUNT), 1, "无此记录 none", "");
    expect_said(ASK("lookup", "111:370785198001010014", ACCOUNT), 3, "尚不能确定 unknown", "");
    expect_said(ASK("lookup", "111:bad", ACCOUNT), 2, "gb11643.length", "");
    expect_said(ASK("lookup", "111:1", ACCOUNT), 3, "trouble.store", "");
    json_t *json = said_json(ASK("lookup", "111:370703198512319996", ACCOUNT, "--json"));
    assert_string_equal(json_at(json, "status"), "denied");
    assert_string_equal(json_at(json, "rule"), "grant.none");
    assert_string_equal(json_at(json, "text_zh"), "说明文字");
    json_decref(json);
    expect_said(ASK("lookup", "dog:1", ACCOUNT), 2, "", "--subject takes");
    expect_said(ASK("lookup", "111:" WHO, ACCOUNT, "--fields", "a,,b"), 2, "", "--fields takes");
    expect_said(ASK("lookup", "111:" WHO, ACCOUNT, "--timeout", "0"), 2, "", "--timeout takes");
    expect_said(ASK("lookup", "111:" WHO, ACCOUNT, "--consent", "/nowhere/token"), 3, "", "/nowhere/token");
}

static void types_outside_the_catalogue_are_shown_by_tag(void **state)
{
    (void)state;
    char plain[PATH_MAX + 32], text[4096];
    struct zt_buf profile;
    zt_buf_init(&profile, sizeof text);
    assert_int_equal(zt_file_read(script.broker.profile, &profile, NULL), ZT_OK);
    snprintf(text, sizeof text, "%s", zt_buf_text(&profile));
    *strstr(text, "catalogue:") = 0;
    strncat(text, "officer: o\n", sizeof text - strlen(text) - 1);
    snprintf(plain, sizeof plain, "%s/plain.yaml", script.broker.dir);
    assert_int_equal(zt_file_replace(plain, zt_bytes_str(text), 0600, NULL), ZT_OK);
    const struct said *said = run_zt("--profile", plain, "lookup", "--item", "i", "--purpose", "p", "--case",
                                     "c", "--subject", "111:" WHO, ACCOUNT, NULL);
    expect_said(said, 0, "#18", "");
    expect_said(said, 0, "8600000", "");
    assert_null(strstr(said->out, WHO));
    json_t *json = said_json(run_zt("--profile", plain, "lookup", "--json", "--item", "i", "--purpose", "p",
                                    "--case", "c", "--subject", "111:" WHO, ACCOUNT, NULL));
    assert_string_equal(json_at(json, "found.0.fields.#18"), "8600000");
    json_decref(json);
    zt_buf_fini(&profile);
}

static void checks_answer_field_by_field(void **state)
{
    (void)state;
#define MARRIAGE "--type", "ca.marriage_registration"
    expect_said(ASK("check", "111:" WHO, MARRIAGE, "op_type=IA"), 0, "一致 match", "");
    expect_said(ASK("check", "111:" WHO, MARRIAGE, "op_type=IA", "reg_date=2015-05-20"), 0,
                "登记日期 reg_date", "");
    expect_said(ASK("check", "111:" WHO, MARRIAGE, "op_type=IB"), 1, "不一致 mismatch", "");
    expect_said(ASK("check", "111:" WHO, MARRIAGE, "op_type=IB", "cert_no=1"), 1, "不能确定 unknown", "");
    expect_said(ASK("check", "111:" WHO, MARRIAGE, "op_type=IA", "cert_no=1"), 3, "不能确定 unknown", "");
    json_t *json =
        said_json(ASK("check", "111:" WHO, MARRIAGE, "--json", "op_type=IA", "reg_date=2016-05-20"));
    assert_string_equal(json_at(json, "verdicts.0.verdict"), "match");
    assert_string_equal(json_at(json, "verdicts.1.field"), "reg_date");
    assert_string_equal(json_at(json, "verdicts.1.verdict"), "mismatch");
    json_decref(json);
    expect_said(ASK("check", "111:" WHO, MARRIAGE, "op_type"), 2, "", "is not field=value");
    expect_said(ASK("check", "111:" WHO, MARRIAGE, "=IA"), 2, "", "is not field=value");
    expect_said(ASK("check", "111:" WHO, MARRIAGE), 2, "", "field=value ... is needed");
    expect_said(ASK("check", "111:370703198512319996", ACCOUNT, "status=01"), 1, "不予提供 denied", "");
}

static void certificates_go_where_they_are_sent(void **state)
{
    (void)state;
    char out[PATH_MAX + 32];
    struct zt_buf text;
    struct stat info;
    snprintf(out, sizeof out, "%s/c.sdjwt", script.broker.dir);
#define DEPOSIT "--type", "hpf_personal_deposit"
    expect_said(ASK("issue", "111:" WHO, DEPOSIT), 0, "\nh.p.s~d~\n", "");
    assert_string_equal(script.alg, "ES256");
    const struct said *said = ASK("issue", "111:" WHO, DEPOSIT, "--alg", "SM2", "--out", out);
    expect_said(said, 0, "1.2.156.3005.2.x", "");
    assert_null(strstr(said->out, "h.p.s"));
    assert_string_equal(script.alg, "SM2");
    assert_int_equal(stat(out, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    zt_buf_init(&text, 100);
    assert_int_equal(zt_file_read(out, &text, NULL), ZT_OK);
    assert_string_equal(zt_buf_text(&text), "h.p.s~d~\n");
    zt_buf_fini(&text);
    json_t *json = said_json(ASK("issue", "111:" WHO, DEPOSIT, "--json"));
    assert_string_equal(json_at(json, "certificate_id"), "1.2.156.3005.2.x");
    assert_string_equal(json_at(json, "certificate"), "h.p.s~d~");
    assert_string_equal(json_at(json, "ledger.index"), "41");
    json_decref(json);
    expect_said(ASK("issue", "111:" WHO, "--type", "hpf_loan_settled", "--out", out), 1, "consent.needed",
                "");
    expect_said(ASK("issue", "111:" WHO, DEPOSIT, "--alg", "EdDSA"), 2, "", "--alg takes ES256 or SM2");
    expect_said(ASK("issue", "111:" WHO, DEPOSIT, "--out", "/nowhere/c"), 3, "", "/nowhere/c");
}

static void consent_travels_without_line_ends(void **state)
{
    (void)state;
    char token[PATH_MAX + 32];
    snprintf(token, sizeof token, "%s/token", script.broker.dir);
    assert_int_equal(zt_file_replace(token, zt_bytes_str(" a.b.c\r\n\n"), 0600, NULL), ZT_OK);
    expect_said(ASK("lookup", "111:" WHO, ACCOUNT, "--consent", token), 0, NULL, "");
    assert_string_equal(script.consent, "a.b.c");
}

static void a_broker_that_does_not_admit_us_is_trouble(void **state)
{
    (void)state;
    atomic_store(&script.broker.admit, false);
    expect_said(ASK("lookup", "111:" WHO, ACCOUNT, "--timeout", "40000"), 3, "", "client.refused");
    json_t *json = said_json(ASK("lookup", "111:" WHO, ACCOUNT, "--timeout", "40000", "--json"));
    assert_string_equal(json_at(json, "error.code"), "denied");
    json_decref(json);
    assert_int_equal(atomic_load(&script.broker.asked), 0);
}

#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CITY(people_see_names_words_and_no_numbers), IN_CITY(programs_see_stable_json),
        IN_CITY(statuses_become_exit_statuses),         IN_CITY(types_outside_the_catalogue_are_shown_by_tag),
        IN_CITY(checks_answer_field_by_field),          IN_CITY(certificates_go_where_they_are_sent),
        IN_CITY(consent_travels_without_line_ends),     IN_CITY(a_broker_that_does_not_admit_us_is_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
