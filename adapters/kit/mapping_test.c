// SPDX-License-Identifier: Apache-2.0
#include "adapters/kit/mapping.h"

#include "adapters/kit/build.h"
#include "adapters/kit/test_support.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct test_emit t;
static struct test_row r;

static const struct zt_code_map guarantees[] = {{"抵押", "1"}, {"保证", "3"}};
static const struct zt_map_field loan_fields[] = {
    {.field = "id_type", .constant = "111"},
    {.field = "id_no", .column = "zjhm"},
    {.field = "name", .column = "xm"},
    {.field = "loan_no", .column = "htbh", .as = ZT_AS_NARROW},
    {.field = "bank_code", .column = "yh"},
    {.field = "loan_kind", .column = "zl"},
    {.field = "house_address", .column = "dz"},
    {.field = "contract_date", .column = "rq"},
    {.field = "amount", .column = "je"},
    {.field = "house_price", .column = "zj", .as = ZT_AS_FEN, .optional = true},
    {.field = "term_months", .column = "qs"},
    {.field = "guarantee", .column = "db", .codes = guarantees, .code_count = COUNT(guarantees)},
    {.field = "balance", .column = "ye"},
    {.field = "state", .column = "zt"},
    {.field = "cleared_on", .column = "jq", .blank = "未结清"},
    {.field = "co_borrower_id_no", .column = "gt", .list = true, .member = "no"},
};
static const struct zt_mapping loan = {.record_type = "pb.commercial_housing_loan",
                                       .changed = "sj",
                                       .region = "qh",
                                       .valid_from = "rq",
                                       .fields = loan_fields,
                                       .field_count = COUNT(loan_fields)};

static const char *const good[] = {"zjhm=370202199003079980",
                                   "xm=　王小明 ",
                                   "htbh=ＨＴ００１",
                                   "yh=999100000011",
                                   "zl=01",
                                   "dz=合成路１号",
                                   "rq=20230711",
                                   "je=810,000.00",
                                   "zj=135000000",
                                   "qs=324",
                                   "db=抵押",
                                   "ye=700000.5",
                                   "zt=1",
                                   "jq=未结清",
                                   "gt=[{\"no\":\"37020319930515994x\"},{\"no\":\"370703198512319996\"}]",
                                   "sj=2026-11-08 22:00:00",
                                   "qh=370705",
                                   "hcbz=1",
                                   NULL};

static int open_all(void **state)
{
    (void)state;
    return test_emit_open(&t);
}

static int close_all(void **state)
{
    (void)state;
    return test_emit_close(&t);
}

static int enter(void **state)
{
    (void)state;
    test_emit_reset(&t);
    test_row_set(&r, good);
    return 0;
}

static enum zt_err apply(const struct zt_mapping *mapping)
{
    test_emit_reset(&t);
    return zt_mapping_apply(mapping, &r.row, &t.emit, &t.fault);
}

static void a_row_becomes_a_record(void **state)
{
    (void)state;
    enum zt_err rc = apply(&loan);
    if (rc != ZT_OK)
        print_error("%s %s %s\n", t.fault.rule, t.fault.place, t.fault.text);
    assert_int_equal(rc, ZT_OK);
    assert_int_equal(t.count, 1);
    const struct zt_record *record = &t.records[0];
    assert_string_equal(record->key, "HT001"); // the catalogue's key field, full-width made narrow
    assert_int_equal(record->version, INT64_C(1794146400000));
    assert_int_equal(record->updated_at, INT64_C(1794146400000));
    assert_string_equal(record->region, "370705");
    assert_string_equal(record->valid_from, "2023-07-11");
    assert_int_equal(record->state, ZT_STATE_VALID);
    assert_int_equal(record->subject_count, 1);
    assert_string_equal(record->subjects[0].id_type, "111");
    assert_string_equal(record->subjects[0].number, "370202199003079980");
    assert_string_equal(record->subjects[0].name, "王小明");
    assert_string_equal(kept_text(&t, "amount"), "810000.00");
    assert_string_equal(kept_text(&t, "house_price"), "1350000.00");
    assert_string_equal(kept_text(&t, "balance"), "700000.50");
    assert_string_equal(kept_text(&t, "contract_date"), "2023-07-11");
    assert_string_equal(kept_text(&t, "guarantee"), "1");
    assert_string_equal(kept_text(&t, "cleared_on"), "");
    assert_string_equal(kept_text(&t, "house_address"), "合成路１号"); // a name of a place stays as it is
    assert_string_equal(kept_text(&t, "co_borrower_id_no"), "37020319930515994X");
}

static void the_same_row_gives_the_same_bytes(void **state)
{
    (void)state;
    struct zt_buf first, second;
    zt_buf_init(&first, ZT_RECORD_MAX);
    zt_buf_init(&second, ZT_RECORD_MAX);
    assert_int_equal(apply(&loan), ZT_OK);
    assert_int_equal(zt_record_encode(&t.records[0], &first), ZT_OK);
    assert_int_equal(apply(&loan), ZT_OK);
    assert_int_equal(zt_record_encode(&t.records[0], &second), ZT_OK);
    assert_true(zt_bytes_equal(zt_buf_bytes(&first), zt_buf_bytes(&second)));
    zt_buf_fini(&first);
    zt_buf_fini(&second);
}

static void bad_values_name_rule_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *column, *value, *rule;
    } cases[] = {
        {"zjhm", "370202199003079981", "gb11643.check"},
        {"zjhm", NULL, "row.value-missing"},
        {"xm", " ", "row.value-missing"},
        {"htbh", "", "row.value-missing"},
        {"zl", "77", "value.code"},
        {"rq", "20230230", "row.date"},
        {"rq", "soon", "row.date"},
        {"je", "81万", "row.number"},
        {"je", "1.234", "value.money"},
        {"je", "123456789012345.00", "value.digits"},
        {"zj", "1350.5", "row.number"},
        {"qs", "27年", "row.number"},
        {"qs", "3.5", "value.integer"},
        {"db", "典当", "row.code"},
        {"sj", NULL, "row.changed"},
        {"sj", "yesterday", "row.changed"},
        {"sj", "1969-01-01 00:00:00", "row.changed"},
        {"sj", "2031-01-01 00:00:00", "record.updated-at"},
        {"qh", "37070", "record.region"},
        {"jq", "2026-13-01", "row.date"},
        {"gt", "[{\"no\":1.5}]", "row.list"},
        {"gt", "[{\"nummer\":\"1\"}]", "row.list"},
        {"gt", "[1,", "row.list"},
        {"gt", "[{\"no\":\"1\",\"no\":\"2\"}]", "row.list"},
        {"gt", "[{\"no\":\"370202199003079981\"}]", "gb11643.check"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        test_row_set(&r, good);
        test_row_change(&r, cases[i].column, cases[i].value);
        enum zt_err rc = apply(&loan);
        if (rc != ZT_E_INPUT || strcmp(t.fault.rule, cases[i].rule) != 0)
            fail_msg("case %zu (%s): %s, %s: %s", i, cases[i].column, zt_err_name(rc), t.fault.rule,
                     t.fault.text);
        assert_int_equal(t.count, 0);
        assert_null(strstr(t.fault.text, "37020219900307")); // the reason never tells the number
    }
}

static void the_place_of_a_fault_is_the_column(void **state)
{
    (void)state;
    test_row_change(&r, "je", "1.234");
    assert_int_equal(apply(&loan), ZT_E_INPUT);
    assert_string_equal(t.fault.place, "je");
    assert_non_null(strstr(t.fault.text, "je"));
    test_row_set(&r, good);
    test_row_change(&r, "rq", "x");
    assert_int_equal(apply(&loan), ZT_E_INPUT);
    assert_string_equal(t.fault.place, "rq");
}

static void a_column_that_is_gone_is_not_an_empty_value(void **state)
{
    (void)state;
    test_row_drop(&r, "dz"); // the field may be empty, the column must be there
    assert_int_equal(apply(&loan), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "row.column-missing");
    assert_string_equal(t.fault.place, "dz");
    test_row_set(&r, good);
    test_row_change(&r, "dz", NULL);
    assert_int_equal(apply(&loan), ZT_OK);
    test_row_set(&r, good);
    test_row_drop(&r, "zj"); // optional
    assert_int_equal(apply(&loan), ZT_OK);
    assert_string_equal(kept_text(&t, "house_price"), "");
}

static void a_list_may_be_one_value_or_none(void **state)
{
    (void)state;
    test_row_change(&r, "gt", "[]");
    assert_int_equal(apply(&loan), ZT_OK);
    assert_string_equal(kept_text(&t, "co_borrower_id_no"), "");
    test_row_change(&r, "gt", "370703198512319996");
    assert_int_equal(apply(&loan), ZT_OK);
    assert_string_equal(kept_text(&t, "co_borrower_id_no"), "370703198512319996");
    char many[4096] = "[";
    for (int i = 0; i < 40; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s{\"no\":\"370703198512319996\"}",
                 i ? "," : "");
    snprintf(many + strlen(many), sizeof many - strlen(many), "]");
    test_row_change(&r, "gt", many);
    assert_int_equal(apply(&loan), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "row.list");
}

static const struct zt_map_subject borrower[] = {
    {.type_column = "zjlx", .number_column = "zjhm", .name_column = "xm"}};
static const struct zt_map_field repayment_fields[] = {
    {.field = "loan_no", .column = "htbh"}, {.field = "seq", .column = "qc"},
    {.field = "due_on", .column = "rq"},    {.field = "principal", .column = "bj"},
    {.field = "interest", .column = "lx"},  {.field = "month_status", .column = "hkzt"},
};
static const struct zt_mapping repayment = {.record_type = "pb.loan_repayment_detail",
                                            .changed = "sj",
                                            .subjects = borrower,
                                            .subject_count = 1,
                                            .fields = repayment_fields,
                                            .field_count = COUNT(repayment_fields)};

static void subjects_that_no_field_holds_are_mapped(void **state)
{
    (void)state;
    static const char *const row[] = {"zjlx=111",  "zjhm= ３７０２０２１９９００３０７９９８０",
                                      "xm=王小明", "htbh=HT1",
                                      "qc=12",     "rq=20260108",
                                      "bj=1500",   "lx=2519.7",
                                      "hkzt=N",    "sj=20260108220000",
                                      NULL};
    test_row_set(&r, row);
    assert_int_equal(apply(&repayment), ZT_OK);
    assert_string_equal(t.records[0].key, "HT1+12");
    assert_string_equal(t.records[0].subjects[0].number, "370202199003079980");
    test_row_change(&r, "zjhm", "");
    assert_int_equal(apply(&repayment), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "row.subject");
    test_row_set(&r, row);
    test_row_change(&r, "zjlx", "888");
    assert_int_equal(apply(&repayment), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "record.subject-type");
    test_row_set(&r, row);
    test_row_change(&r, "qc", NULL);
    assert_int_equal(apply(&repayment), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "row.value-missing");
    assert_string_equal(t.fault.place, "qc");
}

static void refuse_all(struct zt_build *b)
{
    zt_build_refuse(b, "test.first", "je", "is never right");
    zt_build_refuse(b, "test.second", "je", "is not heard any more");
}

static void an_extra_check_may_refuse_and_the_first_reason_stays(void **state)
{
    (void)state;
    struct zt_mapping strict = loan;
    strict.extra = refuse_all;
    assert_int_equal(apply(&strict), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "test.first");
    test_row_change(&r, "rq", "x"); // a row that failed before is not shown to it
    assert_int_equal(apply(&strict), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "row.date");
}

static void add_a_text(struct zt_build *b)
{
    const struct zt_field *amount = zt_build_get(b, "amount");
    assert_non_null(amount);
    assert_int_equal(amount->number, 81000000);
    assert_null(zt_build_get(b, "purchase_contract_no"));
    zt_build_text(b, "purchase_contract_no", "SPF1");
    zt_build_text(b, "last_repay_on", "");
    zt_build_text(b, "last_repay_on", NULL);
    assert_string_equal(zt_build_value(b, "zt"), "1");
}

static void an_extra_may_look_and_add(void **state)
{
    (void)state;
    struct zt_mapping more = loan;
    more.extra = add_a_text;
    assert_int_equal(apply(&more), ZT_OK);
    assert_string_equal(kept_text(&t, "purchase_contract_no"), "SPF1");
    assert_string_equal(kept_text(&t, "last_repay_on"), "");
}

static void a_row_that_needs_too_much_memory_is_refused(void **state)
{
    (void)state;
    test_emit_reset(&t);
    struct zt_arena small;
    zt_arena_init(&small, 64);
    struct zt_emit emit = t.emit;
    emit.arena = &small;
    enum zt_err rc = zt_mapping_apply(&loan, &r.row, &emit, &t.fault);
    assert_true(rc == ZT_E_LIMIT || rc == ZT_E_NOMEM);
    assert_string_not_equal(t.fault.rule, "");
    zt_arena_fini(&small);
}

static void expect_config(const struct zt_mapping *mapping, const char *rule)
{
    memset(&t.fault, 0, sizeof t.fault);
    enum zt_err rc = zt_mapping_check(mapping, t.catalogue, &t.fault);
    if (rc != ZT_E_CONFIG || strcmp(t.fault.rule, rule) != 0)
        fail_msg("%s instead of %s: %s", t.fault.rule, rule, t.fault.text);
}

static void a_mapping_is_checked_against_the_catalogue(void **state)
{
    (void)state;
    assert_int_equal(zt_mapping_check(&loan, t.catalogue, &t.fault), ZT_OK);
    assert_int_equal(zt_mapping_check(&repayment, t.catalogue, &t.fault), ZT_OK);

    struct zt_map_field fields[COUNT(loan_fields)];
    struct zt_mapping m = loan;
    m.fields = fields;
    m.record_type = "pb.no_such";
    expect_config(&m, "mapping.unknown-type");
    m = loan;
    m.fields = fields;
    memcpy(fields, loan_fields, sizeof fields);
    fields[3].field = "nothing";
    expect_config(&m, "mapping.unknown-field");
    memcpy(fields, loan_fields, sizeof fields);
    fields[4].field = "loan_no";
    expect_config(&m, "mapping.twice");
    memcpy(fields, loan_fields, sizeof fields);
    fields[3].list = true;
    expect_config(&m, "mapping.list");
    memcpy(fields, loan_fields, sizeof fields);
    fields[3].column = NULL;
    expect_config(&m, "mapping.column");
    memcpy(fields, loan_fields, sizeof fields);
    fields[3].constant = "and a column";
    expect_config(&m, "mapping.column");
    memcpy(fields, loan_fields, sizeof fields);
    m.field_count = 5; // the amount and others are required
    expect_config(&m, "mapping.missing-field");
    m = loan;
    m.changed = NULL;
    expect_config(&m, "mapping.changed");
    m = repayment;
    m.subject_count = 0;
    expect_config(&m, "mapping.subject");
}

static void a_type_without_key_fields_needs_a_key_column(void **state)
{
    (void)state;
    static const struct zt_map_field fields[] = {
        {.field = "cert_no", .column = "a"},     {.field = "op_type", .column = "b"},
        {.field = "man_id_no", .column = "c"},   {.field = "man_name", .column = "d"},
        {.field = "woman_id_no", .column = "e"}, {.field = "woman_name", .column = "f"},
        {.field = "reg_date", .column = "g"},
    };
    struct zt_mapping m = {.record_type = "ca.marriage_registration",
                           .changed = "h",
                           .fields = fields,
                           .field_count = COUNT(fields)};
    expect_config(&m, "mapping.key");
    m.key = "k";
    assert_int_equal(zt_mapping_check(&m, t.catalogue, &t.fault), ZT_OK);
    static const char *const row[] = {
        "a=J1", "b=IA",       "c=370703198512319996",  "d=甲",     "e=370202199003079980",
        "f=乙", "g=20200520", "h=2020-05-20 10:00:00", "k=ＨＹ１", NULL};
    test_row_set(&r, row);
    assert_int_equal(apply(&m), ZT_OK);
    assert_string_equal(t.records[0].key, "HY1");
    assert_int_equal(t.records[0].subject_count, 2);
    assert_string_equal(t.records[0].subjects[1].name, "乙");
    char key[120];
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = 0;
    test_row_change(&r, "k", key);
    assert_int_equal(apply(&m), ZT_E_INPUT);
    assert_string_equal(t.fault.rule, "row.key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_row_becomes_a_record, enter),
        cmocka_unit_test_setup(the_same_row_gives_the_same_bytes, enter),
        cmocka_unit_test_setup(bad_values_name_rule_and_column, enter),
        cmocka_unit_test_setup(the_place_of_a_fault_is_the_column, enter),
        cmocka_unit_test_setup(a_column_that_is_gone_is_not_an_empty_value, enter),
        cmocka_unit_test_setup(a_list_may_be_one_value_or_none, enter),
        cmocka_unit_test_setup(subjects_that_no_field_holds_are_mapped, enter),
        cmocka_unit_test_setup(an_extra_check_may_refuse_and_the_first_reason_stays, enter),
        cmocka_unit_test_setup(an_extra_may_look_and_add, enter),
        cmocka_unit_test_setup(a_row_that_needs_too_much_memory_is_refused, enter),
        cmocka_unit_test_setup(a_mapping_is_checked_against_the_catalogue, enter),
        cmocka_unit_test_setup(a_type_without_key_fields_needs_a_key_column, enter),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
