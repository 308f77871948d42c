// SPDX-License-Identifier: Apache-2.0
// Every shipped record type and certificate type, with records invented from the catalogue: the types are as
// the city's list says, records of each pass their check, and the rules of each certificate type can be met,
// missed and barred.
#include <sys/stat.h>

#include "catalogue/test_support.h"

#include "base/clock.h"
#include "catalogue/model.h"
#include "catalogue/rules.h"
#include "tests/support/invent.h"

#define RULES_MAX 8
#define LIST      "tests/samples/catalogue/certificate-types.csv"

static struct zt_catalogue *c;
static struct zt_arena arena;
static struct zt_invent invent;

static int setup(void **state)
{
    (void)state;
    c = load_shipped(NULL);
    zt_arena_init(&arena, (size_t)64 * 1024 * 1024);
    invent = (struct zt_invent){.arena = &arena, .today = TEST_DAY, .seed = 1};
    assert_int_equal(zt_time_to_ms(TEST_DAY "T04:00:00Z", &invent.now_ms), ZT_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_arena_fini(&arena);
    zt_catalogue_release(&c);
    return 0;
}

static const struct zt_subject *holder_of(enum zt_subject_kind kind)
{
    const struct zt_subject *who =
        kind == ZT_ORGANISATION ? zt_invent_organisation(&invent, 7) : zt_invent_person(&invent, 7);
    assert_non_null(who);
    return who;
}

static void must_pass(const struct zt_record *record)
{
    struct zt_fault fault = {0};
    enum zt_err rc = zt_record_check(c, record, TEST_DAY, &fault);
    if (rc != ZT_OK)
        print_error("%s: %s %s: %s\n", record->type, fault.rule, fault.place, fault.text);
    assert_int_equal(rc, ZT_OK);
}

static void a_record_of_every_type_passes(void **state)
{
    (void)state;
    for (size_t i = 0; i < c->record_count; i++) {
        const struct zt_record_type *type = &c->records[i];
        const struct zt_record *record = zt_invent_record(&invent, type, holder_of(type->subject_kind));
        if (!record)
            print_error("%s cannot be invented\n", type->id);
        assert_non_null(record);
        assert_int_equal(record->field_count, type->field_count);
        must_pass(record);
    }
}

static void every_field_of_every_record_is_needed_or_not_as_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < c->record_count; i++) {
        const struct zt_record_type *type = &c->records[i];
        const struct zt_subject *who = holder_of(type->subject_kind);
        for (size_t j = 0; j < type->field_count; j++) {
            struct zt_record *record = zt_invent_record(&invent, type, who);
            struct zt_fault fault = {0};
            assert_non_null(record);
            record->fields[j] = record->fields[--record->field_count];
            bool refused = zt_record_check(c, record, TEST_DAY, &fault) != ZT_OK;
            if (type->fields[j].required)
                assert_true(refused);
            else if (refused) // the number of an optional subject: the envelope still names it
                assert_true(strncmp(fault.rule, "record.subject", strlen("record.subject")) == 0);
        }
    }
}

// The holder's records that the rules of a certificate type ask for; returns how many.
static size_t gather(const struct zt_cert_type *type, const struct zt_subject *who,
                     const struct zt_record **records)
{
    size_t count = 0;
    assert_true(type->rule_count <= RULES_MAX);
    for (size_t i = 0; i < type->rule_count; i++) {
        if (type->rules[i].need == ZT_NEED_NONE)
            continue;
        records[count] = zt_invent_fitting(&invent, &type->rules[i], who);
        if (!records[count])
            print_error("%s: rule %zu cannot be met\n", type->id, i + 1);
        assert_non_null(records[count]);
        must_pass(records[count]);
        count++;
    }
    return count;
}

static void every_certificate_type_may_be_issued(void **state)
{
    (void)state;
    size_t none = 0;
    for (size_t i = 0; i < c->cert_count; i++) {
        const struct zt_cert_type *type = &c->certs[i];
        const struct zt_record *records[RULES_MAX], *picks[RULES_MAX];
        size_t count = gather(type, holder_of(type->subject_kind), records);
        struct zt_cert_judgement judged = zt_cert_judge(type, records, count, TEST_DAY, picks);
        if (judged.verdict != ZT_CERT_MAY)
            print_error("%s: %d\n", type->id, (int)judged.verdict);
        assert_int_equal(judged.verdict, ZT_CERT_MAY);
        for (size_t j = 0; j < type->rule_count; j++)
            assert_int_equal(picks[j] != NULL, type->rules[j].need != ZT_NEED_NONE);
        none += type->proof_of_none;
    }
    print_message("%zu certificate types, %zu of them proofs of none\n", c->cert_count, none);
    assert_true(none >= 15);
}

static void what_must_exist_is_missed(void **state)
{
    (void)state;
    for (size_t i = 0; i < c->cert_count; i++) {
        const struct zt_cert_type *type = &c->certs[i];
        const struct zt_record *picks[RULES_MAX];
        bool needs = false;
        for (size_t j = 0; j < type->rule_count; j++)
            needs = needs || type->rules[j].need == ZT_NEED_SOME;
        struct zt_cert_judgement judged = zt_cert_judge(type, NULL, 0, TEST_DAY, picks);
        assert_int_equal(judged.verdict, needs ? ZT_CERT_LACKS : ZT_CERT_MAY);
        assert_true(needs || type->proof_of_none); // nothing is certified out of nothing
    }
}

static void what_must_not_exist_bars(void **state)
{
    (void)state;
    for (size_t i = 0; i < c->cert_count; i++) {
        const struct zt_cert_type *type = &c->certs[i];
        const struct zt_subject *who = holder_of(type->subject_kind);
        for (size_t j = 0; j < type->rule_count; j++) {
            const struct zt_record *records[RULES_MAX + 1], *picks[RULES_MAX];
            if (type->rules[j].need != ZT_NEED_NONE)
                continue;
            size_t count = gather(type, who, records);
            records[count++] = zt_invent_fitting(&invent, &type->rules[j], who);
            assert_non_null(records[count - 1]);
            must_pass(records[count - 1]);
            struct zt_cert_judgement judged = zt_cert_judge(type, records, count, TEST_DAY, picks);
            // The bar may also be the newest record, and then what was there before it is missed.
            assert_int_not_equal(judged.verdict, ZT_CERT_MAY);
        }
    }
}

static void what_is_shown_is_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < c->cert_count; i++) {
        const struct zt_cert_type *type = &c->certs[i];
        for (size_t j = 0; j < type->field_count; j++) {
            bool rests = false;
            for (size_t k = 0; k < type->rule_count; k++)
                rests = rests || (type->rules[k].record == type->fields[j].record &&
                                  type->rules[k].need != ZT_NEED_NONE);
            assert_true(rests);
            assert_true((type->fields[j].field != NULL) != (type->fields[j].envelope != NULL));
        }
    }
}

static bool rests_on(const struct zt_cert_type *type, const char *record)
{
    for (size_t i = 0; i < type->record_count; i++)
        if (!strcmp(type->records[i]->id, record))
            return true;
    return false;
}

static void compare_row(char *line)
{
    char *rest = line, *column[7];
    for (size_t i = 0; i < 7; i++) {
        column[i] = strsep(&rest, ",");
        assert_non_null(column[i]);
    }
    const struct zt_cert_type *type = zt_catalogue_cert_type(c, column[0]);
    if (!type)
        print_error("%s is missing\n", column[0]);
    assert_non_null(type);
    assert_string_equal(type->name_zh, column[1]);
    assert_string_equal(type->issuer->id, column[4]);
    assert_int_equal(type->subject_kind, strcmp(column[3], "person") == 0 ? ZT_PERSON : ZT_ORGANISATION);
    assert_int_equal(type->validity_days, strtoul(column[6], NULL, 10));
    size_t count = 0;
    for (char *list = column[5], *one = strsep(&list, ";"); one; one = strsep(&list, ";"), count++)
        if (!rests_on(type, one))
            print_error("%s does not rest on %s\n", type->id, one), fail();
    assert_int_equal(type->record_count, count);
}

static void the_types_are_those_of_the_list(void **state)
{
    (void)state;
    char path[PATH_MAX], line[1024];
    size_t rows = 0;
    join_path(path, source_dir(), LIST);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_non_null(fgets(line, sizeof line, in));
    for (; fgets(line, sizeof line, in); rows++) {
        line[strcspn(line, "\r\n")] = '\0';
        compare_row(line);
    }
    fclose(in);
    assert_int_equal(rows, c->cert_count);
}

// Sentences that people read carry what they must: the item that the use is restricted to, and a way to
// object.
static void every_certificate_has_its_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < c->cert_count; i++) {
        const struct zt_cert_type *type = &c->certs[i];
        assert_non_null(strstr(type->restriction_zh, "该信息仅限用于办理{item}事项使用"));
        assert_non_null(strstr(type->restriction_en, "{item}"));
        assert_non_null(strstr(type->objection_zh, "{issuer}"));
        assert_non_null(strstr(type->wording_zh, "{holder}"));
        assert_non_null(strstr(type->wording_zh, "{as_of}"));
        assert_non_null(strstr(type->wording_en, "{holder}"));
        if (type->proof_of_none)
            assert_non_null(strstr(type->wording_zh, "未发现"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_of_every_type_passes),
        cmocka_unit_test(every_field_of_every_record_is_needed_or_not_as_said),
        cmocka_unit_test(every_certificate_type_may_be_issued),
        cmocka_unit_test(what_must_exist_is_missed),
        cmocka_unit_test(what_must_not_exist_bars),
        cmocka_unit_test(what_is_shown_is_there),
        cmocka_unit_test(the_types_are_those_of_the_list),
        cmocka_unit_test(every_certificate_has_its_sentences),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
