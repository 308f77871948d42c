// SPDX-License-Identifier: Apache-2.0
#include "base/err.h"

#include <errno.h>

#include "base/test_support.h"

static void names_are_stable_and_distinct(void **state)
{
    (void)state;
    for (int a = ZT_OK; a <= ZT_E_BUG; a++) {
        assert_string_not_equal(zt_err_name((enum zt_err)a), "unknown");
        for (int b = ZT_OK; b < a; b++)
            assert_string_not_equal(zt_err_name((enum zt_err)a), zt_err_name((enum zt_err)b));
    }
    assert_string_equal(zt_err_name(ZT_E_INPUT), "input");
    assert_string_equal(zt_err_name((enum zt_err)999), "unknown");
    assert_string_equal(zt_err_name((enum zt_err) - 1), "unknown");
}

static void fault_is_filled(void **state)
{
    (void)state;
    struct zt_fault fault;
    assert_int_equal(zt_fault_set(&fault, ZT_E_LIMIT, "a.rule", "f.yaml:3:4", "at most %d", 7), ZT_E_LIMIT);
    assert_int_equal(fault.code, ZT_E_LIMIT);
    assert_string_equal(fault.rule, "a.rule");
    assert_string_equal(fault.place, "f.yaml:3:4");
    assert_string_equal(fault.text, "at most 7");
    assert_int_equal(zt_fault_set(NULL, ZT_E_STATE, "a", "b", "c"), ZT_E_STATE);
    assert_int_equal(zt_fault_set(&fault, ZT_E_BUG, NULL, NULL, "x"), ZT_E_BUG);
    assert_string_equal(fault.rule, "");
    assert_string_equal(fault.place, "");
}

static void long_texts_are_cut_and_ended(void **state)
{
    (void)state;
    char big[2000];
    memset(big, 'a', sizeof big - 1);
    big[sizeof big - 1] = 0;
    struct zt_fault fault;
    assert_int_equal(zt_fault_set(&fault, ZT_E_INPUT, big, big, "%s", big), ZT_E_INPUT);
    assert_int_equal(strlen(fault.rule), sizeof fault.rule - 1);
    assert_int_equal(strlen(fault.place), sizeof fault.place - 1);
    assert_int_equal(strlen(fault.text), sizeof fault.text - 1);
}

static void errno_becomes_text(void **state)
{
    (void)state;
    struct zt_fault fault;
    errno = ENOSPC;
    assert_int_equal(zt_fault_errno(&fault, "file.write", "/x", "cannot write"), ZT_E_IO);
    assert_string_equal(fault.text, "cannot write: No space left on device");
    errno = ENOSPC;
    assert_int_equal(zt_fault_errno(NULL, "file.write", "/x", "cannot write"), ZT_E_IO);
}

static enum zt_err second_fails(int *ran)
{
    enum zt_err rc = ZT_E_BUG;
    ZT_TRY(ZT_OK);
    ++*ran;
    ZT_TRY(ZT_E_PEER);
    ++*ran;
out:
    return rc;
}

static void try_leaves_at_the_first_failure(void **state)
{
    (void)state;
    int ran = 0;
    assert_int_equal(second_fails(&ran), ZT_E_PEER);
    assert_int_equal(ran, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_stable_and_distinct),   cmocka_unit_test(fault_is_filled),
        cmocka_unit_test(long_texts_are_cut_and_ended),    cmocka_unit_test(errno_becomes_text),
        cmocka_unit_test(try_leaves_at_the_first_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
