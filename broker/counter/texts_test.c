// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void finds_exact_before_family(void **state)
{
    (void)state;
    assert_string_equal(zt_rule_text("consent.needed")->rule, "consent.needed");
    assert_string_equal(zt_rule_text("consent.expired")->rule, "consent.");
    assert_string_equal(zt_rule_text("signer.timeout")->rule, "signer.timeout");
    assert_string_equal(zt_rule_text("signer.no-key")->rule, "signer.");
    assert_string_equal(zt_rule_text("gb11643.check")->rule, "gb11643.");
}

static void the_first_words_of_a_case(void **state)
{
    (void)state;
    const struct zt_rule_text *found = zt_rule_text("trouble.bug");
    assert_string_equal(found->rule, "trouble.");
    assert_string_equal(found->zh, zt_rule_text_bug.zh);
    assert_string_equal(found->en, zt_rule_text_bug.en);
    assert_int_equal(zt_rule_text_bug.status, ZT_STATUS_TROUBLE);
}

static void unknown_rules_get_the_general_line(void **state)
{
    (void)state;
    static const char *const names[] = {"",        ".",     "g", "grant", "grant.", "grant.nonesuch",
                                        "consent", "gb1164"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct zt_rule_text *text = zt_rule_text(names[i]);
        assert_non_null(text);
        assert_string_equal(text->rule, "");
        assert_int_equal(text->status, ZT_STATUS_TROUBLE);
        assert_true(strlen(text->zh) > 0 && strlen(text->en) > 0);
    }
}

static bool has_chinese(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0xe4)
            return true;
    return false;
}

// A clerk can act on every line: both languages, a sentence, no placeholder, and none says "ok".
static void every_line_is_complete(void **state)
{
    (void)state;
    size_t count;
    const struct zt_rule_text *texts = zt_rule_texts(&count);
    assert_true(count > 40);
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(texts[i].rule) > 1);
        assert_true(strlen(texts[i].rule) < 48); // fits the ledger entry
        assert_true(has_chinese(texts[i].zh));
        assert_non_null(strstr(texts[i].zh + strlen(texts[i].zh) - 3, "。"));
        assert_false(has_chinese(texts[i].en));
        assert_int_equal(texts[i].en[strlen(texts[i].en) - 1], '.');
        assert_null(strchr(texts[i].zh, '%'));
        assert_null(strchr(texts[i].en, '%'));
        assert_int_not_equal(texts[i].status, ZT_STATUS_OK);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(texts[i].rule, texts[j].rule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_exact_before_family),
        cmocka_unit_test(the_first_words_of_a_case),
        cmocka_unit_test(unknown_rules_get_the_general_line),
        cmocka_unit_test(every_line_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
