// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include "catalogue/test_support.h"

#include "catalogue/listed.h"

static struct zt_catalogue *c;

static int setup(void **state)
{
    (void)state;
    c = load_shipped(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_catalogue_release(&c);
    return 0;
}

static void first_is(const char *text, const char *id)
{
    struct zt_hit hits[10];
    size_t count = zt_catalogue_search(c, text, hits, 10);
    assert_true(count > 0);
    if (strcmp(hits[0].what.id, id) != 0)
        print_error("%s: %s (%u), not %s\n", text, hits[0].what.id, hits[0].score, id);
    assert_string_equal(hits[0].what.id, id);
    for (size_t i = 1; i < count; i++)
        assert_true(hits[i].score <= hits[i - 1].score);
}

static void among(const char *text, const char *id)
{
    struct zt_hit hits[30];
    size_t count = zt_catalogue_search(c, text, hits, 30);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(hits[i].what.id, id))
            return;
    fail_msg("%s: %s is not among %zu hits", text, id, count);
}

static void names_are_found_in_both_languages(void **state)
{
    (void)state;
    first_is("hpf.withdraw.commercial-loan", "hpf.withdraw.commercial-loan");
    first_is("偿还住房商业贷款提取公积金", "hpf.withdraw.commercial-loan");
    first_is("结婚证电子证照", "e_marriage_certificate");
    first_is("Electronic marriage certificate", "e_marriage_certificate");
    first_is("electronic MARRIAGE", "e_marriage_certificate");
    first_is("T-SEX", "T-SEX");
}

static void people_ask_in_their_own_words(void **state)
{
    (void)state;
    among("公积金 提取", "hpf.withdraw.commercial-loan");
    among("商贷", "hpf.withdraw.commercial-loan");                 // a keyword
    among("提取公积金还商业贷款", "hpf.withdraw.commercial-loan"); // other order, other words between
    among("newborn", "household.newborn");
    among("食品 经营", "food.business-license");
}

static void parts_are_found(void **state)
{
    (void)state;
    among("车辆识别代号", "ps.vehicle_registration"); // a field
    among("clsbdh", "ps.vehicle_registration");       // its name in the department's own system
    among("回族", "T-ETH");                           // a code
    among("11370700MB9X000827027", "e_marriage_certificate");
    among("社会救助暂行办法", "social.subsistence-allowance"); // the legal basis
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    struct zt_hit hits[4];
    static const char *const texts[] = {"", "   ", "zzzzqqqq", "公积金 zzzzqqqq", "\xff\xfe", ",;?"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(zt_catalogue_search(c, texts[i], hits, 4), 0);
}

static void any_length_of_question_and_answer(void **state)
{
    (void)state;
    struct zt_hit hits[1000];
    size_t all = zt_catalogue_search(c, "a", hits, 1000);
    assert_true(all > 300);
    for (size_t max = 0; max < 20; max++) {
        struct zt_hit few[20];
        size_t count = zt_catalogue_search(c, "a", few, max);
        assert_int_equal(count, max);
        for (size_t i = 0; i < count; i++) // the best of all, in the same order
            assert_ptr_equal(few[i].what.thing, hits[i].what.thing);
    }
    char far[2000];
    for (size_t i = 0; i + 3 < sizeof far; i += 3)
        memcpy(far + i, "公", 3);
    far[1998] = '\0';
    assert_int_equal(zt_catalogue_search(c, far, hits, 10), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_in_both_languages),
        cmocka_unit_test(people_ask_in_their_own_words),
        cmocka_unit_test(parts_are_found),
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(any_length_of_question_and_answer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
