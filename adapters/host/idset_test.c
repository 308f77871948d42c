// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/idset.h"

#include "base/test_support.h"

static uint64_t scatter(uint64_t n)
{
    return n * 0x9E3779B97F4A7C15u;
}

static void holds_what_was_put_in_and_nothing_else(void **state)
{
    (void)state;
    struct zt_idset set = {0};
    assert_false(zt_idset_has(&set, 5));
    assert_false(zt_idset_has(&set, 0));
    for (uint64_t i = 0; i < 10000; i++) {
        bool fresh = false;
        assert_int_equal(zt_idset_add(&set, scatter(i), &fresh), ZT_OK); // i = 0 gives the id 0
        assert_true(fresh);
    }
    assert_int_equal(set.count, 10000);
    for (uint64_t i = 0; i < 10000; i++) {
        bool fresh = true;
        assert_true(zt_idset_has(&set, scatter(i)));
        assert_false(zt_idset_has(&set, scatter(i + 10000)));
        assert_int_equal(zt_idset_add(&set, scatter(i), &fresh), ZT_OK);
        assert_false(fresh);
    }
    assert_int_equal(set.count, 10000);
    zt_idset_fini(&set);
    zt_idset_fini(&set);
    assert_false(zt_idset_has(&set, scatter(1)));
}

static void neighbours_do_not_hide_each_other(void **state)
{
    (void)state;
    struct zt_idset set = {0};
    for (uint64_t i = 1; i <= 300; i++)
        assert_int_equal(zt_idset_add(&set, i << 32, NULL), ZT_OK); // all belong to one slot
    for (uint64_t i = 1; i <= 300; i++)
        assert_true(zt_idset_has(&set, i << 32));
    assert_false(zt_idset_has(&set, UINT64_C(301) << 32));
    zt_idset_fini(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_was_put_in_and_nothing_else),
        cmocka_unit_test(neighbours_do_not_hide_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
