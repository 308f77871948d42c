// SPDX-License-Identifier: Apache-2.0
// Whole records against the shipped types, one broken thing at a time.
#include <sys/stat.h>

#include "catalogue/test_support.h"

#include "base/clock.h"
#include "catalogue/rules.h"

#define MAN    "370703198512319996"
#define WOMAN  "370202199003079980"
#define FIRM   "91370202MA9X00011M"
#define FIELDS 16

static struct zt_catalogue *c;
static struct zt_arena arena;

// A record under construction: fields by name, in the canonical text.
struct draft {
    const struct zt_record_type *type;
    struct zt_field fields[FIELDS];
    struct zt_subject subjects[ZT_RECORD_MAX_SUBJECTS + 1];
    struct zt_record record;
};

static int setup(void **state)
{
    (void)state;
    c = load_shipped(NULL);
    zt_arena_init(&arena, (size_t)1024 * 1024);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_arena_fini(&arena);
    zt_catalogue_release(&c);
    return 0;
}

static void begin(struct draft *draft, const char *type)
{
    *draft = (struct draft){.type = zt_catalogue_record_type(c, type)};
    assert_non_null(draft->type);
    draft->record = (struct zt_record){.type = type,
                                       .key = "k-1",
                                       .subjects = draft->subjects,
                                       .version = 1,
                                       .state = ZT_STATE_VALID,
                                       .valid_from = "",
                                       .valid_to = "",
                                       .updated_at = 1700000000000,
                                       .region = "370700",
                                       .fields = draft->fields};
}

static void add(struct draft *draft, const char *name, const char *text)
{
    const struct zt_field_type *type = zt_record_type_field(draft->type, name);
    struct zt_fault fault = {0};
    assert_non_null(type);
    assert_true(draft->record.field_count < FIELDS);
    enum zt_err rc = zt_value_parse(type, text, &arena, &draft->fields[draft->record.field_count++], &fault);
    if (rc != ZT_OK)
        print_error("%s: %s\n", name, fault.text);
    assert_int_equal(rc, ZT_OK);
}

static void about(struct draft *draft, const char *id_type, const char *number, const char *name)
{
    assert_true(draft->record.subject_count <= ZT_RECORD_MAX_SUBJECTS);
    draft->subjects[draft->record.subject_count++] = (struct zt_subject){id_type, number, name};
}

static void resident(struct draft *draft)
{
    begin(draft, "ps.resident_identity");
    add(draft, "id_type", "111");
    add(draft, "id_no", WOMAN);
    add(draft, "name", "张三");
    add(draft, "gender", "2");
    add(draft, "birth_date", "1990-03-07");
    add(draft, "death_mark", "false");
    about(draft, "111", WOMAN, "张三");
}

static void marriage(struct draft *draft)
{
    begin(draft, "ca.marriage_registration");
    add(draft, "cert_no", "J370702-2015-000001");
    add(draft, "op_type", "IA");
    add(draft, "man_id_no", MAN);
    add(draft, "man_name", "李四");
    add(draft, "woman_id_no", WOMAN);
    add(draft, "woman_name", "张三");
    add(draft, "reg_date", "2015-05-20");
    about(draft, "111", MAN, "李四");
    about(draft, "111", WOMAN, "张三");
}

static void birth(struct draft *draft)
{
    begin(draft, "wh.birth_certificate");
    add(draft, "cert_no", "T370000001");
    add(draft, "baby_name", "王小");
    add(draft, "baby_sex", "1");
    add(draft, "birth_time", "2026-01-02T03:04:05Z");
    add(draft, "mother_id_no", WOMAN);
    add(draft, "mother_name", "张三");
    add(draft, "institution", "合成医院");
    add(draft, "issued_on", "2026-01-05");
    add(draft, "state", "1");
    add(draft, "registered", "false");
    about(draft, "111", WOMAN, "张三");
}

static void passes(const struct draft *draft)
{
    struct zt_fault fault = {0};
    enum zt_err rc = zt_record_check(c, &draft->record, TEST_DAY, &fault);
    if (rc != ZT_OK)
        print_error("%s: %s %s\n", fault.place, fault.rule, fault.text);
    assert_int_equal(rc, ZT_OK);
}

static void fails(const struct draft *draft, const char *rule)
{
    struct zt_fault fault = {0};
    assert_int_not_equal(zt_record_check(c, &draft->record, TEST_DAY, &fault), ZT_OK);
    assert_string_equal(fault.rule, rule);
    assert_null(strstr(fault.text, WOMAN));
    assert_null(strstr(fault.text, MAN));
    assert_int_not_equal(zt_record_check(c, &draft->record, TEST_DAY, NULL), ZT_OK);
}

static void whole_records_pass(void **state)
{
    (void)state;
    struct draft draft;
    resident(&draft);
    passes(&draft);
    marriage(&draft);
    passes(&draft);
    birth(&draft);
    passes(&draft);
}

static void the_type_must_be_known(void **state)
{
    (void)state;
    struct draft draft;
    resident(&draft);
    draft.record.type = "ps.unknown";
    fails(&draft, "record.type");
    draft.record.type = NULL;
    fails(&draft, "record.type");
}

static void every_part_of_the_envelope_is_checked(void **state)
{
    (void)state;
    struct draft draft;
    char long_key[ZT_RECORD_KEY_MAX + 1];
    memset(long_key, 'k', ZT_RECORD_KEY_MAX);
    long_key[ZT_RECORD_KEY_MAX] = '\0';
    static const char *const bad_keys[] = {"", NULL, "\xff"};
    for (size_t i = 0; i < 3; i++) {
        resident(&draft);
        draft.record.key = bad_keys[i];
        fails(&draft, "record.key");
    }
    resident(&draft);
    draft.record.key = long_key;
    fails(&draft, "record.key");
    draft.record.key = long_key + 1; // one shorter
    passes(&draft);
    resident(&draft);
    draft.record.version = 0;
    fails(&draft, "record.version");
    resident(&draft);
    draft.record.state = (enum zt_record_state)0;
    fails(&draft, "record.state");
    draft.record.state = (enum zt_record_state)5;
    fails(&draft, "record.state");
    resident(&draft);
    draft.record.valid_from = "2026-02-30";
    fails(&draft, "record.date");
    resident(&draft);
    draft.record.valid_to = "20260228";
    fails(&draft, "record.date");
    resident(&draft);
    draft.record.valid_from = "2026-03-01";
    draft.record.valid_to = "2026-02-28";
    fails(&draft, "record.dates");
    draft.record.valid_to = "2026-03-01";
    passes(&draft);
}

static void region_and_time_of_change_are_checked(void **state)
{
    (void)state;
    struct draft draft;
    static const char *const good[] = {"", "370702", "370702001", "370702001002", NULL};
    static const char *const bad[] = {"3707", "37070a", "3707021", "3707020010021"};
    for (size_t i = 0; i < 5; i++) {
        resident(&draft);
        draft.record.region = good[i];
        passes(&draft);
    }
    for (size_t i = 0; i < 4; i++) {
        resident(&draft);
        draft.record.region = bad[i];
        fails(&draft, "record.region");
    }
    resident(&draft);
    draft.record.updated_at = 0;
    fails(&draft, "record.updated-at");
    int64_t midnight;
    assert_int_equal(zt_time_to_ms("2026-11-24T00:00:00Z", &midnight), ZT_OK);
    draft.record.updated_at = midnight;
    fails(&draft, "record.updated-at");
    draft.record.updated_at = midnight - 1; // a clock that is ahead by less than a day
    passes(&draft);
    struct zt_fault fault = {0};
    assert_int_equal(zt_record_check(c, &draft.record, "today", &fault), ZT_E_BUG);
}

static void fields_are_checked_one_by_one(void **state)
{
    (void)state;
    struct draft draft;
    resident(&draft);
    draft.fields[0].tag = 4242;
    fails(&draft, "record.unknown-field");
    resident(&draft);
    add(&draft, "name", "又名");
    fails(&draft, "record.repeated");
    resident(&draft);
    draft.fields[3].text = "3";
    fails(&draft, "value.code");
    resident(&draft);
    draft.fields[4].text = "1990-02-30";
    fails(&draft, "value.date");
    resident(&draft);
    draft.fields[5].kind = ZT_VALUE_TEXT;
    draft.fields[5].text = "false";
    fails(&draft, "value.kind");
    resident(&draft);
    draft.record.field_count = ZT_RECORD_MAX_FIELDS + 1;
    fails(&draft, "record.fields");
}

static void every_required_field_is_required(void **state)
{
    (void)state;
    struct draft whole;
    resident(&whole);
    size_t required = 0;
    for (size_t i = 0; i < whole.record.field_count; i++) {
        struct draft draft = whole;
        draft.record.fields = draft.fields;
        draft.record.subjects = draft.subjects;
        memmove(&draft.fields[i], &draft.fields[i + 1], (FIELDS - i - 1) * sizeof *draft.fields);
        draft.record.field_count--;
        fails(&draft, "record.required");
        required++;
    }
    assert_int_equal(required, 6);
}

static void lists_may_repeat(void **state)
{
    (void)state;
    struct draft draft;
    begin(&draft, "pb.commercial_housing_loan");
    add(&draft, "id_type", "111");
    add(&draft, "id_no", MAN);
    add(&draft, "name", "李四");
    add(&draft, "loan_no", "L-1");
    add(&draft, "bank_code", "999100000011");
    add(&draft, "loan_kind", "01");
    add(&draft, "contract_date", "2020-01-01");
    add(&draft, "amount", "1000000.00");
    add(&draft, "term_months", "360");
    add(&draft, "balance", "900000.00");
    add(&draft, "state", "1");
    add(&draft, "co_borrower_id_no", WOMAN);
    add(&draft, "co_borrower_id_no", "440524188001010014");
    about(&draft, "111", MAN, "李四");
    passes(&draft);
    draft.fields[12].text = "440524188001010015";
    fails(&draft, "gb11643.check");
}

static void subjects_agree_with_fields(void **state)
{
    (void)state;
    struct draft draft;
    resident(&draft);
    draft.subjects[0].number = MAN;
    fails(&draft, "record.subject");
    resident(&draft);
    draft.subjects[0].name = "王五";
    fails(&draft, "record.subject");
    draft.subjects[0].name = ""; // the envelope need not repeat the name
    passes(&draft);
    draft.subjects[0].name = NULL;
    passes(&draft);
    resident(&draft);
    draft.subjects[0].id_type = "414";
    draft.fields[0].text = "414";
    fails(&draft, "passport.form");
    resident(&draft);
    draft.subjects[0].id_type = "553";
    fails(&draft, "foreign.series");
}

static void subjects_are_of_their_kind(void **state)
{
    (void)state;
    struct draft draft;
    static const char *const wrong[] = {"001", "099", "000", "77", "", NULL};
    for (size_t i = 0; i < 6; i++) {
        resident(&draft);
        draft.subjects[0].id_type = wrong[i];
        fails(&draft, "record.subject-type");
    }
    resident(&draft);
    draft.subjects[0].number = "370202199003079981";
    draft.fields[1].text = "370202199003079981";
    fails(&draft, "gb11643.check");
    resident(&draft);
    draft.subjects[0].number = "";
    fails(&draft, "record.subject");
    draft.subjects[0].number = NULL;
    fails(&draft, "record.subject");
    begin(&draft, "hf.deposit_detail"); // the depositor stands in the envelope only
    add(&draft, "personal_acct", "1");
    add(&draft, "month", "202610");
    add(&draft, "entry_type", "01");
    add(&draft, "booked_on", "2026-10-10");
    about(&draft, "111", WOMAN, "");
    passes(&draft);
    draft.subjects[0].number = "370202197002299907";
    fails(&draft, "gb11643.date");
    draft.subjects[0] = (struct zt_subject){"114", "南字第0012345号", ""};
    passes(&draft);
}

static void nobody_is_born_tomorrow(void **state)
{
    (void)state;
    struct draft draft;
    begin(&draft, "hf.deposit_detail");
    add(&draft, "personal_acct", "1");
    add(&draft, "month", "202610");
    add(&draft, "entry_type", "01");
    add(&draft, "booked_on", "2026-10-10");
    about(&draft, "111", "370202209912319909", "");
    fails(&draft, "gb11643.future");
}

static void the_right_number_of_subjects(void **state)
{
    (void)state;
    struct draft draft;
    marriage(&draft);
    draft.record.subject_count = 1;
    fails(&draft, "record.subject");
    marriage(&draft);
    about(&draft, "111", MAN, "");
    fails(&draft, "record.subject");
    marriage(&draft); // in the other order
    struct zt_subject man = draft.subjects[0];
    draft.subjects[0] = draft.subjects[1];
    draft.subjects[1] = man;
    fails(&draft, "record.subject");
    birth(&draft); // the father is optional, but then in no field either
    add(&draft, "father_id_no", MAN);
    fails(&draft, "record.subject");
    about(&draft, "111", MAN, "");
    passes(&draft);
    birth(&draft);
    draft.record.subject_count = 0;
    fails(&draft, "record.subject");
}

static void a_deletion_carries_subjects_and_key_only(void **state)
{
    (void)state;
    struct draft draft;
    marriage(&draft);
    draft.record.deleted = true;
    fails(&draft, "record.deleted");
    draft.record.field_count = 0;
    passes(&draft);
    birth(&draft);
    draft.record.deleted = true;
    draft.record.field_count = 0;
    passes(&draft); // mother alone
    about(&draft, "111", MAN, "");
    passes(&draft); // mother and father
    about(&draft, "111", MAN, "");
    fails(&draft, "record.subject");
    draft.record.subject_count = 0;
    fails(&draft, "record.subject");
}

static void organisations_and_things(void **state)
{
    (void)state;
    struct draft draft;
    begin(&draft, "ca.place_name");
    add(&draft, "address_code", "370702-1");
    add(&draft, "standard_address", "潍坊市潍城区合成路1号");
    add(&draft, "status", "1");
    about(&draft, "000", "370702-1", "");
    passes(&draft);
    draft.subjects[0].id_type = "111";
    fails(&draft, "record.subject-type");
    begin(&draft, "tx.arrears"); // of persons and organisations alike
    add(&draft, "id_type", "001");
    add(&draft, "id_no", FIRM);
    add(&draft, "name", "合成有限公司");
    add(&draft, "tax_type", "10101");
    add(&draft, "amount", "12.00");
    add(&draft, "since", "2026-01-01");
    about(&draft, "001", FIRM, "");
    passes(&draft);
    draft.subjects[0].number = "91370202MA9X00012Q";
    draft.fields[1].text = "91370202MA9X00012Q";
    fails(&draft, "gb32100.inner-check");
}

static void subjects_come_from_fields(void **state)
{
    (void)state;
    struct draft draft;
    marriage(&draft);
    draft.record.subjects = NULL;
    draft.record.subject_count = 0;
    struct zt_fault fault = {0};
    assert_int_equal(zt_record_subjects(draft.type, &arena, &draft.record, &fault), ZT_OK);
    assert_int_equal(draft.record.subject_count, 2);
    assert_string_equal(draft.record.subjects[0].number, MAN);
    assert_string_equal(draft.record.subjects[0].id_type, "111"); // no field says it
    assert_string_equal(draft.record.subjects[1].name, "张三");
    passes(&draft);
    birth(&draft);
    assert_int_equal(zt_record_subjects(draft.type, &arena, &draft.record, &fault), ZT_OK);
    assert_int_equal(draft.record.subject_count, 1);
    passes(&draft);
    draft.fields[4].tag = 999; // the mother's number is not there
    assert_int_equal(zt_record_subjects(draft.type, &arena, &draft.record, &fault), ZT_E_INPUT);
    assert_string_equal(fault.rule, "record.subject");
    struct zt_arena tiny;
    zt_arena_init(&tiny, 0);
    assert_int_equal(zt_record_subjects(draft.type, &tiny, &draft.record, &fault), ZT_E_NOMEM);
    zt_arena_fini(&tiny);
}

static void keys_come_from_fields(void **state)
{
    (void)state;
    struct draft draft;
    begin(&draft, "pb.loan_repayment_detail");
    add(&draft, "loan_no", "L-7");
    assert_null(zt_record_key(draft.type, &draft.record, &arena)); // half of it
    add(&draft, "seq", "12");
    assert_string_equal(zt_record_key(draft.type, &draft.record, &arena), "L-7+12");
    char long_number[61];
    memset(long_number, 'x', 60);
    long_number[60] = '\0';
    draft.fields[0].text = long_number;
    assert_non_null(zt_record_key(draft.type, &draft.record, &arena));
    resident(&draft);
    assert_null(zt_record_key(draft.type, &draft.record, &arena)); // the source has a key of its own
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_records_pass),
        cmocka_unit_test(the_type_must_be_known),
        cmocka_unit_test(every_part_of_the_envelope_is_checked),
        cmocka_unit_test(region_and_time_of_change_are_checked),
        cmocka_unit_test(fields_are_checked_one_by_one),
        cmocka_unit_test(every_required_field_is_required),
        cmocka_unit_test(lists_may_repeat),
        cmocka_unit_test(subjects_agree_with_fields),
        cmocka_unit_test(subjects_are_of_their_kind),
        cmocka_unit_test(nobody_is_born_tomorrow),
        cmocka_unit_test(the_right_number_of_subjects),
        cmocka_unit_test(a_deletion_carries_subjects_and_key_only),
        cmocka_unit_test(organisations_and_things),
        cmocka_unit_test(subjects_come_from_fields),
        cmocka_unit_test(keys_come_from_fields),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
