// SPDX-License-Identifier: Apache-2.0
#include "base/slot.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/test_support.h"

#define ROUNDS 20000

// An object that is poisoned, not freed, when its last reference goes: a reader that got hold of it too late
// sees it.
struct thing {
    atomic_int refs;
    atomic_bool gone;
};

static void *hold(void *object)
{
    struct thing *thing = object;
    atomic_fetch_add(&thing->refs, 1);
    return thing;
}

static void release(void *object)
{
    struct thing *thing = object;
    if (atomic_fetch_sub(&thing->refs, 1) == 1)
        atomic_store(&thing->gone, true);
}

static const struct zt_slot_ops ops = {hold, release};

static void a_slot_owns_one_reference(void **state)
{
    (void)state;
    struct thing first = {.refs = 1}, second = {.refs = 1};
    struct zt_slot *slot = NULL;
    assert_int_equal(zt_slot_new(&ops, &first, &slot), ZT_OK);
    assert_ptr_equal(zt_slot_hold(slot), &first);
    assert_int_equal(first.refs, 2);
    zt_slot_set(slot, &second);
    assert_int_equal(first.refs, 1);
    release(&first);
    assert_true(first.gone);
    zt_slot_destroy(&slot);
    assert_null(slot);
    assert_true(second.gone);
    zt_slot_destroy(&slot);
}

static void an_empty_slot_gives_nothing(void **state)
{
    (void)state;
    struct zt_slot *slot = NULL;
    assert_int_equal(zt_slot_new(&ops, NULL, &slot), ZT_OK);
    assert_null(zt_slot_hold(slot));
    zt_slot_destroy(&slot);
}

struct race {
    struct zt_slot *slot;
    struct thing *things;
};

static void *replace(void *arg)
{
    struct race *race = arg;
    for (int i = 1; i < ROUNDS; i++)
        zt_slot_set(race->slot, &race->things[i]);
    return NULL;
}

static void nobody_holds_what_is_gone(void **state)
{
    (void)state;
    struct race race = {.things = calloc(ROUNDS, sizeof *race.things)};
    assert_non_null(race.things);
    for (int i = 0; i < ROUNDS; i++)
        race.things[i].refs = 1;
    assert_int_equal(zt_slot_new(&ops, &race.things[0], &race.slot), ZT_OK);
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, replace, &race), 0);
    struct thing *last = &race.things[ROUNDS - 1], *seen = NULL;
    while (seen != last) {
        seen = zt_slot_hold(race.slot);
        assert_false(seen->gone);
        release(seen);
    }
    assert_int_equal(pthread_join(writer, NULL), 0);
    zt_slot_destroy(&race.slot);
    for (int i = 0; i < ROUNDS; i++)
        assert_true(race.things[i].gone);
    free(race.things);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slot_owns_one_reference),
        cmocka_unit_test(an_empty_slot_gives_nothing),
        cmocka_unit_test(nobody_holds_what_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
