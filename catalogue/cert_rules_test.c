// SPDX-License-Identifier: Apache-2.0
// What certificate types demand of the records they rest on, with the shipped types.
#include <sys/stat.h>

#include "catalogue/test_support.h"

#include "base/clock.h"
#include "catalogue/rules.h"

static struct zt_catalogue *c;
static struct zt_arena arena;

static int setup(void **state)
{
    (void)state;
    c = load_shipped(NULL);
    zt_arena_init(&arena, (size_t)4 * 1024 * 1024);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_arena_fini(&arena);
    zt_catalogue_release(&c);
    return 0;
}

// A record with the fields of "name=text;name=text".
static struct zt_record *record(const char *type_id, const char *fields)
{
    const struct zt_record_type *type = zt_catalogue_record_type(c, type_id);
    struct zt_record *made = zt_arena_alloc(&arena, sizeof *made);
    struct zt_field *list = zt_arena_alloc(&arena, 16 * sizeof *list);
    char *copy = zt_arena_strdup(&arena, fields), *rest = copy;
    assert_non_null(type);
    *made = (struct zt_record){.type = type_id,
                               .key = "k",
                               .version = 1,
                               .state = ZT_STATE_VALID,
                               .valid_from = "",
                               .valid_to = "",
                               .updated_at = 1000,
                               .fields = list};
    for (char *one = strsep(&rest, ";"); one && *one; one = strsep(&rest, ";")) {
        char *value = strchr(one, '=');
        assert_non_null(value);
        *value++ = '\0';
        const struct zt_field_type *field = zt_record_type_field(type, one);
        struct zt_fault fault = {0};
        assert_non_null(field);
        assert_int_equal(zt_value_parse(field, value, &arena, &list[made->field_count++], &fault), ZT_OK);
    }
    return made;
}

static const struct zt_cert_type *cert(const char *id)
{
    const struct zt_cert_type *type = zt_catalogue_cert_type(c, id);
    assert_non_null(type);
    return type;
}

static enum zt_cert_verdict judge(const char *id, const struct zt_record *const *records, size_t count)
{
    const struct zt_record *picks[16];
    const struct zt_cert_type *type = cert(id);
    assert_true(type->rule_count <= 16);
    struct zt_cert_judgement out = zt_cert_judge(type, records, count, TEST_DAY, picks);
    assert_int_equal(out.rule == NULL, out.verdict == ZT_CERT_MAY);
    return out.verdict;
}

static enum zt_cert_verdict judge_one(const char *id, const struct zt_record *one)
{
    return judge(id, &one, one ? 1 : 0);
}

static void the_newest_marriage_record_decides(void **state)
{
    (void)state;
    const struct zt_record *wed = record("ca.marriage_registration", "op_type=IA;reg_date=2010-05-01");
    const struct zt_record *parted = record("ca.marriage_registration", "op_type=IB;reg_date=2018-03-01");
    const struct zt_record *again = record("ca.marriage_registration", "op_type=IA;reg_date=2020-01-01");
    const struct zt_record *all[] = {wed, parted, again};
    assert_int_equal(judge("e_marriage_certificate", NULL, 0), ZT_CERT_LACKS);
    assert_int_equal(judge("e_marriage_certificate", all, 1), ZT_CERT_MAY);
    assert_int_equal(judge("e_divorce_certificate", all, 1), ZT_CERT_LACKS);
    assert_int_equal(judge("e_marriage_certificate", all, 2), ZT_CERT_LACKS);
    assert_int_equal(judge("e_divorce_certificate", all, 2), ZT_CERT_MAY);
    assert_int_equal(judge("e_marriage_certificate", all, 3), ZT_CERT_MAY);
    const struct zt_record *reversed[] = {again, parted, wed}; // the order of reading does not matter
    assert_int_equal(judge("e_marriage_certificate", reversed, 3), ZT_CERT_MAY);
    assert_int_equal(judge("e_marriage_certificate", reversed + 1, 2), ZT_CERT_LACKS);
    const struct zt_record *picks[1];
    (void)zt_cert_judge(cert("marital_status_result"), all, 3, TEST_DAY, picks);
    assert_ptr_equal(picks[0], again);
}

static void on_one_day_the_later_change_counts(void **state)
{
    (void)state;
    struct zt_record *wed = record("ca.marriage_registration", "op_type=IA;reg_date=2020-01-01");
    struct zt_record *parted = record("ca.marriage_registration", "op_type=IB;reg_date=2020-01-01");
    const struct zt_record *both[] = {wed, parted};
    parted->updated_at = wed->updated_at + 1;
    assert_int_equal(judge("e_marriage_certificate", both, 2), ZT_CERT_LACKS);
    wed->updated_at = parted->updated_at + 1;
    assert_int_equal(judge("e_marriage_certificate", both, 2), ZT_CERT_MAY);
}

static void a_proof_of_none_is_barred_by_what_exists(void **state)
{
    (void)state;
    assert_true(cert("no_vehicle_owned")->proof_of_none);
    assert_int_equal(judge_one("no_vehicle_owned", NULL), ZT_CERT_MAY);
    assert_int_equal(judge_one("no_vehicle_owned", record("ps.vehicle_registration", "status=A")),
                     ZT_CERT_BARRED);
    assert_int_equal(judge_one("no_vehicle_owned", record("ps.vehicle_registration", "status=E")),
                     ZT_CERT_MAY); // deregistered
    assert_int_equal(judge_one("no_marriage_record", NULL), ZT_CERT_MAY);
    assert_int_equal(
        judge_one("no_marriage_record", record("ca.marriage_registration", "op_type=IB;reg_date=2000-01-01")),
        ZT_CERT_BARRED);
    assert_int_equal(judge_one("no_house_certificate", record("nr.real_estate_right", "use=90")),
                     ZT_CERT_MAY); // a parking space is no home
    assert_int_equal(judge_one("no_house_certificate", record("nr.real_estate_right", "use=10")),
                     ZT_CERT_BARRED);
}

// An absent check says nothing; a check that found something bars, one that found nothing and is new
// suffices.
static void no_criminal_record_needs_a_fresh_check(void **state)
{
    (void)state;
    struct zt_record *person = record("ps.resident_identity", "death_mark=false");
    const struct zt_record *none[] = {person};
    assert_int_equal(judge("no_criminal_record", none, 1), ZT_CERT_LACKS);
    const struct zt_record *clean[] = {
        person, record("ps.criminal_record_check", "result=1;queried_at=2026-11-20T00:00:00Z")};
    assert_int_equal(judge("no_criminal_record", clean, 2), ZT_CERT_MAY);
    const struct zt_record *old[] = {
        person, record("ps.criminal_record_check", "result=1;queried_at=2026-10-01T00:00:00Z")};
    assert_int_equal(judge("no_criminal_record", old, 2), ZT_CERT_LACKS);
    const struct zt_record *found[] = {
        person, clean[1], record("ps.criminal_record_check", "result=2;queried_at=2020-01-01T00:00:00Z")};
    assert_int_equal(judge("no_criminal_record", found, 3), ZT_CERT_BARRED);
    person->fields[0].number = 1; // deceased
    assert_int_equal(judge("no_criminal_record", clean, 2), ZT_CERT_LACKS);
}

static void no_major_accident_looks_back_three_years(void **state)
{
    (void)state;
    const struct zt_record *licence = record("ps.driver_license", "status=A");
    static const struct {
        const char *fields;
        enum zt_cert_verdict verdict;
    } rows[] = {
        {"event_type=2;severity=3;at_fault=true;occurred_at=2024-01-01T00:00:00Z", ZT_CERT_BARRED},
        {"event_type=2;severity=4;at_fault=true;occurred_at=2023-11-22T12:00:00Z", ZT_CERT_BARRED},
        {"event_type=2;severity=3;at_fault=true;occurred_at=2023-11-20T00:00:00Z", ZT_CERT_MAY},
        {"event_type=2;severity=2;at_fault=true;occurred_at=2026-01-01T00:00:00Z", ZT_CERT_MAY},
        {"event_type=2;severity=3;at_fault=false;occurred_at=2026-01-01T00:00:00Z", ZT_CERT_MAY},
        {"event_type=1;occurred_at=2026-01-01T00:00:00Z", ZT_CERT_MAY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct zt_record *both[] = {licence, record("ps.traffic_record", rows[i].fields)};
        assert_int_equal(judge("no_major_accident_3y", both, 2), rows[i].verdict);
    }
    assert_int_equal(judge("no_major_accident_3y", NULL, 0), ZT_CERT_LACKS); // no licence
}

static void taxes_that_are_settled_do_not_bar(void **state)
{
    (void)state;
    const struct zt_record *firm = record("tx.taxpayer_registration", "state=01");
    const struct zt_record *open[] = {firm, record("tx.arrears", "amount=1.00;since=2026-01-01")};
    const struct zt_record *paid[] = {
        firm, record("tx.arrears", "amount=1.00;since=2026-01-01;cleared_on=2026-02-01")};
    assert_int_equal(judge("no_tax_arrears", &firm, 1), ZT_CERT_MAY);
    assert_int_equal(judge("no_tax_arrears", open, 2), ZT_CERT_BARRED);
    assert_int_equal(judge("no_tax_arrears", paid, 2), ZT_CERT_MAY);
    // Clearance is for who is deregistered, and the record is then a cancelled one.
    assert_int_equal(judge("tax_clearance", &firm, 1), ZT_CERT_LACKS);
    struct zt_record *gone = record("tx.taxpayer_registration", "state=04");
    gone->state = ZT_STATE_CANCELLED;
    const struct zt_record *list[] = {gone};
    assert_int_equal(judge("tax_clearance", list, 1), ZT_CERT_MAY);
    assert_int_equal(judge("taxpayer_info", list, 1), ZT_CERT_LACKS);
}

static void numbers_bound(void **state)
{
    (void)state;
    assert_int_equal(
        judge_one("hpf_unit_compliance", record("hf.unit_account", "status=01;arrears_months=0")),
        ZT_CERT_MAY);
    assert_int_equal(
        judge_one("hpf_unit_compliance", record("hf.unit_account", "status=01;arrears_months=1")),
        ZT_CERT_LACKS);
    assert_int_equal(judge_one("hpf_unit_compliance", record("hf.unit_account", "status=01")), ZT_CERT_LACKS);
}

static void only_records_in_force_count(void **state)
{
    (void)state;
    struct zt_record *r = record("ca.elderly_institution", "status=01");
    const struct zt_record *list[] = {r};
    assert_int_equal(judge("elderly_institution_filing", list, 1), ZT_CERT_MAY);
    r->valid_to = "2026-11-22";
    assert_int_equal(judge("elderly_institution_filing", list, 1), ZT_CERT_MAY); // its last day
    r->valid_to = "2026-11-21";
    assert_int_equal(judge("elderly_institution_filing", list, 1), ZT_CERT_LACKS);
    r->valid_to = NULL;
    r->valid_from = "2026-11-23";
    assert_int_equal(judge("elderly_institution_filing", list, 1), ZT_CERT_LACKS);
    r->valid_from = NULL;
    r->state = ZT_STATE_CHANGED;
    assert_int_equal(judge("elderly_institution_filing", list, 1), ZT_CERT_MAY);
    r->state = ZT_STATE_REVOKED;
    assert_int_equal(judge("elderly_institution_filing", list, 1), ZT_CERT_LACKS);
    r->state = ZT_STATE_VALID;
    r->deleted = true;
    assert_int_equal(judge("elderly_institution_filing", list, 1), ZT_CERT_LACKS);
}

static void each_operator_with_and_without_a_value(void **state)
{
    (void)state;
    const struct zt_record_type *type = zt_catalogue_record_type(c, "pb.credit_authorization");
    const struct zt_field_type *until = zt_record_type_field(type, "expires_at");
    const struct zt_record *with = record("pb.credit_authorization", "expires_at=2026-11-22T10:00:00Z");
    const struct zt_record *past = record("pb.credit_authorization", "expires_at=2026-11-20T10:00:00Z");
    const struct zt_record *without = record("pb.credit_authorization", "");
    static const struct {
        enum zt_condition_op op;
        bool with, past, without;
    } rows[] = {{ZT_IS_PRESENT, true, true, false}, {ZT_IS_ABSENT, false, false, true},
                {ZT_IS_AHEAD, true, false, true},   {ZT_IS_PAST, false, true, false},
                {ZT_IS_WITHIN, true, true, false},  {ZT_IS_NOT_IN, true, true, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zt_condition condition = {.field = until, .op = rows[i].op, .months = 1};
        assert_int_equal(zt_condition_holds(&condition, with, TEST_DAY), rows[i].with);
        assert_int_equal(zt_condition_holds(&condition, past, TEST_DAY), rows[i].past);
        assert_int_equal(zt_condition_holds(&condition, without, TEST_DAY), rows[i].without);
        assert_string_not_equal(zt_condition_op_name(rows[i].op), "unknown");
    }
    assert_string_equal(zt_condition_op_name((enum zt_condition_op)99), "unknown");
    assert_string_equal(zt_cert_need_name(ZT_NEED_NONE), "none");
    assert_string_equal(zt_cert_need_name((enum zt_cert_need)0), "unknown");
}

// No rule of any shipped type may be satisfied by a record of another type, or by a deleted one.
static void foreign_and_deleted_records_satisfy_nothing(void **state)
{
    (void)state;
    const struct zt_cert_type *types;
    size_t count = zt_catalogue_cert_types(c, &types);
    struct zt_record *foreign = record("ca.place_name", "status=1");
    const struct zt_record *list[] = {foreign};
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < types[i].rule_count; j++) {
            const struct zt_cert_rule *rule = &types[i].rules[j];
            if (strcmp(rule->record->id, "ca.place_name") != 0)
                assert_null(zt_cert_rule_pick(rule, list, 1, TEST_DAY));
            struct zt_record *gone = record(rule->record->id, "");
            gone->deleted = true;
            const struct zt_record *gone_list[] = {gone};
            assert_null(zt_cert_rule_pick(rule, gone_list, 1, TEST_DAY));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_marriage_record_decides),
        cmocka_unit_test(on_one_day_the_later_change_counts),
        cmocka_unit_test(a_proof_of_none_is_barred_by_what_exists),
        cmocka_unit_test(no_criminal_record_needs_a_fresh_check),
        cmocka_unit_test(no_major_accident_looks_back_three_years),
        cmocka_unit_test(taxes_that_are_settled_do_not_bar),
        cmocka_unit_test(numbers_bound),
        cmocka_unit_test(only_records_in_force_count),
        cmocka_unit_test(each_operator_with_and_without_a_value),
        cmocka_unit_test(foreign_and_deleted_records_satisfy_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
