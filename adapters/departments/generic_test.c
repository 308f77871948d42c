// SPDX-License-Identifier: Apache-2.0
// The generic plugin: the banks' mapping file as it is shipped, and what is wrong with a hundred others.
#include "adapters/host/plugin.h"
#include "adapters/kit/test_support.h"
#include "base/file.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct test_emit t;
static struct test_row r;
static struct zt_loaded banks;
static char dir[PATH_MAX], file[PATH_MAX + 16];

static enum zt_err load(const char *settings, struct zt_loaded *loaded)
{
    char path[PATH_MAX];
    const char *bin = getenv("ZT_BIN_DIR");
    snprintf(path, sizeof path, "%s/../lib/zhitong/generic.so", bin ? bin : "build/dev/bin");
    memset(&t.fault, 0, sizeof t.fault);
    return zt_plugin_load(path, t.catalogue, settings, loaded, &t.fault);
}

static int open_all(void **state)
{
    (void)state;
    char settings[PATH_MAX];
    const char *source = getenv("ZT_SOURCE_DIR");
    make_test_dir(dir);
    snprintf(file, sizeof file, "%s/m.yaml", dir);
    snprintf(settings, sizeof settings, "%s/adapters/departments/pboc.mapping.yaml", source ? source : ".");
    if (test_emit_open(&t) != 0)
        return -1;
    if (load(settings, &banks) == ZT_OK)
        return 0;
    print_error("%s %s %s\n", t.fault.rule, t.fault.place, t.fault.text);
    return -1;
}

static int close_all(void **state)
{
    (void)state;
    zt_plugin_unload(&banks);
    zt_plugin_unload(&banks);
    remove_test_dir(dir);
    return test_emit_close(&t);
}

static size_t dataset(const char *name)
{
    size_t count = 0;
    const struct zt_dataset *list = zt_plugin_datasets(banks.plugin, banks.self, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return i;
    fail_msg("no dataset %s", name);
    return 0;
}

static enum zt_err map(const char *name)
{
    test_emit_reset(&t);
    return banks.plugin->map(banks.self, dataset(name), &r.row, &t.emit, &t.fault);
}

static void the_shipped_mapping_has_three_datasets(void **state)
{
    (void)state;
    size_t count = 0;
    const struct zt_dataset *list = zt_plugin_datasets(banks.plugin, banks.self, &count);
    assert_int_equal(count, 3);
    assert_string_equal(list[0].name, "loan");
    assert_string_equal(list[0].doc_en, "commercial housing loans");
    assert_string_equal(list[1].doc_zh, "商业贷款还款明细");
}

static void a_loan_of_the_banks(void **state)
{
    (void)state;
    static const char *const loan[] = {
        "id_type=111",
        "id_no=370202199003079980",
        "name=苏晓晴",
        "loan_no=0029ZF1",
        "bank_code=999100000029",
        "loan_kind=01",
        "house_address=合成路1号",
        "purchase_contract_no=SPF1",
        "house_price=1350000",
        "contract_date=20230711",
        "amount=810000",
        "term_months=324",
        "guarantee=抵押",
        "balance=704017.43",
        "state=逾期",
        "last_repay_on=20261108",
        "cleared_on",
        "co_borrowers=[{\"id_no\":\"370703198512319996\",\"name\":\"\\u7532\"}]",
        "updated_at=2026-11-08 22:00:00",
        NULL};
    test_row_set(&r, loan);
    assert_int_equal(map("loan"), ZT_OK);
    assert_string_equal(t.records[0].type, "pb.commercial_housing_loan");
    assert_string_equal(kept_text(&t, "state"), "3");
    assert_string_equal(kept_text(&t, "guarantee"), "1");
    assert_string_equal(kept_text(&t, "balance"), "704017.43");
    assert_string_equal(kept_text(&t, "co_borrower_id_no"), "370703198512319996");
    test_row_change(&r, "state", "unknown");
    assert_int_equal(map("loan"), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "row.code");
    assert_string_equal(t.fault.place, "state");
}

static void a_repayment_has_its_borrower_as_subject(void **state)
{
    (void)state;
    static const char *const row[] = {"id_type=111",
                                      "id_no=370202199003079980",
                                      "name=苏晓晴",
                                      "loan_no=0029ZF1",
                                      "seq=40",
                                      "due_on=20261108",
                                      "paid_on",
                                      "principal=1500.5",
                                      "interest=2519.2",
                                      "penalty=0",
                                      "remaining=704017.43",
                                      "month_status=*",
                                      "updated_at=2026-11-08 22:00:00",
                                      NULL};
    test_row_set(&r, row);
    assert_int_equal(map("repayment"), ZT_OK);
    assert_string_equal(t.records[0].key, "0029ZF1+40");
    assert_string_equal(t.records[0].subjects[0].number, "370202199003079980");
    assert_string_equal(kept_text(&t, "paid_on"), "");
    assert_string_equal(kept_text(&t, "principal"), "1500.50");
}

#define DATASET                                                                                              \
    "department: x\ndatasets:\n  - name: unit\n    record_type: hf.unit_account\n    changed: gxsj\n    "    \
    "fields:\n"
#define FIELDS                                                                                               \
    "      - {field: usc_code, column: a}\n      - {field: org_name, column: b}\n"                           \
    "      - {field: unit_acct, column: c}\n      - {field: status, column: d}\n"                            \
    "      - {field: arrears_months, column: e}\n"

static enum zt_err load_text(const char *text)
{
    struct zt_loaded loaded = {0};
    assert_int_equal(zt_file_replace(file, zt_bytes_str(text), 0600, NULL), ZT_OK);
    enum zt_err rc = load(file, &loaded);
    if (rc == ZT_OK)
        zt_plugin_unload(&loaded);
    else
        assert_null(loaded.library);
    return rc;
}

static void broken_mappings_name_rule_and_line(void **state)
{
    (void)state;
    assert_int_equal(load_text(DATASET FIELDS), ZT_OK);
    static const struct {
        const char *text, *rule, *where;
    } cases[] = {
        {"department: x\n", "yaml.missing", "m.yaml"},
        {"department: x\ndatasets: []\n", "yaml.entries", "m.yaml:2"},
        {DATASET FIELDS "      - {field: usc_code, colum: a}\n", "yaml.key", "m.yaml:12"},
        {DATASET FIELDS "      - {field: headcount, column: f, as: roman}\n", "yaml.value", "m.yaml:12"},
        {DATASET FIELDS "      - {field: headcount, column: f, list: yes}\n", "yaml.value", "m.yaml:12"},
        {DATASET FIELDS "      - {field: headcounts, column: f}\n", "mapping.unknown-field", "m.yaml:3:"},
        {DATASET FIELDS "      - {field: usc_code, column: f}\n", "mapping.twice", "m.yaml:3:"},
        {DATASET FIELDS "      - {field: headcount}\n", "mapping.column", "m.yaml:3:"},
        {DATASET FIELDS "      - {field: headcount, column: f, constant: '1'}\n", "mapping.column",
         "m.yaml:3:"},
        {DATASET FIELDS "      - {field: headcount, column: f, list: true}\n", "mapping.list", "m.yaml:3:"},
        {DATASET "      - {field: usc_code, column: a}\n", "mapping.missing-field", "m.yaml:3:"},
        {DATASET FIELDS "    subjects:\n      - {number_column: a}\n", "mapping.subject", "m.yaml:3:"},
        {DATASET FIELDS "    subjects:\n      - {id_type: '001', type_column: z, number_column: a}\n",
         "mapping.subject", "m.yaml:3:"},
        {DATASET FIELDS "    subjects:\n      - {id_type: '001', number_column: a}\n      - {id_type: '001', "
                        "number_column: b}\n",
         "mapping.subject", "m.yaml:3:"},
        {DATASET FIELDS
         "  - name: unit\n    record_type: hf.unit_account\n    changed: gxsj\n    fields:\n" FIELDS,
         "mapping.dataset", "m.yaml:12:"},
        {"department: x\ndatasets:\n  - name: unit\n    record_type: hf.nothing\n    changed: g\n    "
         "fields:\n" FIELDS,
         "mapping.unknown-type", "m.yaml:3:"},
        {"department: x\ndatasets:\n  - name: unit\n    record_type: hf.unit_account\n    fields:\n" FIELDS,
         "yaml.missing", "m.yaml:3:"},
        {"datasets: [", "yaml.syntax", "m.yaml"},
        {"", "yaml.empty", "m.yaml"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum zt_err rc = load_text(cases[i].text);
        if (rc != ZT_E_CONFIG || strcmp(t.fault.rule, cases[i].rule) != 0 ||
            !strstr(t.fault.place, cases[i].where))
            fail_msg("case %zu: %s: %s: %s", i, t.fault.rule, t.fault.place, t.fault.text);
    }
}

static void a_mapping_cut_anywhere_never_crashes(void **state)
{
    (void)state;
    static const char whole[] =
        DATASET FIELDS "    subjects:\n      - {id_type: '001', number_column: a, name_column: b}\n";
    char text[sizeof whole];
    size_t refused = 0;
    for (size_t len = 0; len < sizeof whole - 1; len += 3) {
        memcpy(text, whole, len);
        text[len] = 0;
        refused += load_text(text) != ZT_OK;
    }
    assert_true(refused > 100);
}

static void without_a_mapping_there_is_nothing(void **state)
{
    (void)state;
    struct zt_loaded loaded = {0};
    assert_int_equal(load("", &loaded), ZT_E_CONFIG);
    assert_string_equal(t.fault.rule, "plugin.settings");
    assert_int_equal(load("/nowhere/m.yaml", &loaded), ZT_E_ABSENT);
    assert_string_equal(t.fault.rule, "file.open");
    assert_null(loaded.library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_mapping_has_three_datasets),
        cmocka_unit_test(a_loan_of_the_banks),
        cmocka_unit_test(a_repayment_has_its_borrower_as_subject),
        cmocka_unit_test(broken_mappings_name_rule_and_line),
        cmocka_unit_test(a_mapping_cut_anywhere_never_crashes),
        cmocka_unit_test(without_a_mapping_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
