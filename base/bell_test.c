// SPDX-License-Identifier: Apache-2.0
#include "base/bell.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/test_support.h"

static struct zt_bell *new_bell(void)
{
    struct zt_bell *bell = NULL;
    assert_int_equal(zt_bell_new(&bell), ZT_OK);
    return bell;
}

static void a_ring_before_the_wait_is_not_missed(void **state)
{
    (void)state;
    struct zt_bell *bell = new_bell();
    uint64_t seen = zt_bell_count(bell);
    zt_bell_ring(bell);
    assert_int_equal(zt_bell_wait(bell, seen, 0), ZT_OK);
    assert_int_equal(zt_bell_count(bell), seen + 1);
    zt_bell_destroy(&bell);
    assert_null(bell);
    zt_bell_destroy(&bell);
}

static void without_a_ring_the_wait_ends_at_its_deadline(void **state)
{
    (void)state;
    struct zt_bell *bell = new_bell();
    int64_t start = zt_monotonic_ms();
    assert_int_equal(zt_bell_wait(bell, zt_bell_count(bell), 30), ZT_E_TIMEOUT);
    assert_true(zt_monotonic_ms() - start >= 29);
    assert_int_equal(zt_bell_wait(bell, 0, -5), ZT_E_TIMEOUT);
    zt_bell_destroy(&bell);
}

static void *ring_hundred(void *bell)
{
    for (int i = 0; i < 100; i++)
        zt_bell_ring(bell);
    return NULL;
}

static void every_waiter_wakes(void **state)
{
    (void)state;
    struct zt_bell *bell = new_bell();
    pthread_t ringer;
    assert_int_equal(pthread_create(&ringer, NULL, ring_hundred, bell), 0);
    for (uint64_t seen = 0; seen < 100; seen = zt_bell_count(bell))
        assert_int_equal(zt_bell_wait(bell, seen, 10000), ZT_OK);
    assert_int_equal(pthread_join(ringer, NULL), 0);
    assert_int_equal(zt_bell_count(bell), 100);
    zt_bell_destroy(&bell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_before_the_wait_is_not_missed),
        cmocka_unit_test(without_a_ring_the_wait_ends_at_its_deadline),
        cmocka_unit_test(every_waiter_wakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
