// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

#define MINUTE ((int64_t)60 * 1000)

struct id {
    uint8_t bytes[ZT_REQUEST_ID_LEN];
};
static struct id id_of(uint32_t number)
{
    struct id id = {{0}};
    memcpy(id.bytes, &number, sizeof number);
    return id;
}

static int open_table(void **state)
{
    struct zt_replay *replay;
    if (zt_replay_new(ZT_REPLAY_WINDOW_MS, &replay) != ZT_OK)
        return -1;
    *state = replay;
    return 0;
}

static int close_table(void **state)
{
    struct zt_replay *replay = *state;
    zt_replay_destroy(&replay);
    return replay == NULL ? 0 : -1;
}

static bool ask(struct zt_replay *replay, const char *party, uint32_t number, int64_t now)
{
    return zt_replay_seen(replay, party, id_of(number).bytes, now);
}

static void the_same_question_twice(void **state)
{
    assert_false(ask(*state, "hall", 1, 1000));
    assert_true(ask(*state, "hall", 1, 1000));
    assert_true(ask(*state, "hall", 1, 1001));
    assert_false(ask(*state, "hall", 2, 1001));
}

static void ids_belong_to_their_party(void **state)
{
    assert_false(ask(*state, "hall", 7, 1000));
    assert_false(ask(*state, "bank", 7, 1000));
    assert_false(ask(*state, "", 7, 1000));
    assert_true(ask(*state, "bank", 7, 1000));
    assert_true(ask(*state, "hall", 7, 1000));
}

static void the_window_ends(void **state)
{
    assert_false(ask(*state, "hall", 1, 0));
    assert_true(ask(*state, "hall", 1, 10 * MINUTE)); // the last moment
    assert_false(ask(*state, "hall", 1, 10 * MINUTE + 1));
    assert_true(ask(*state, "hall", 1, 10 * MINUTE + 2)); // remembered anew
    assert_true(ask(*state, "hall", 1, 20 * MINUTE + 1));
    assert_false(ask(*state, "hall", 1, 20 * MINUTE + 2));
}

static void a_clock_that_goes_back_forgets_nothing(void **state)
{
    assert_false(ask(*state, "hall", 1, 60 * MINUTE));
    assert_true(ask(*state, "hall", 1, 1 * MINUTE));
    assert_true(ask(*state, "hall", 1, -5 * MINUTE));
}

// The bound: exactly the last ZT_REPLAY_MAX ids are known, whatever was asked before.
static void the_oldest_are_forgotten_first(void **state)
{
    const uint32_t extra = 1000;
    for (uint32_t i = 0; i < ZT_REPLAY_MAX + extra; i++)
        assert_false(ask(*state, "hall", i, 1000));
    for (uint32_t i = extra; i < ZT_REPLAY_MAX + extra; i++)
        assert_true(ask(*state, "hall", i, 1000));
    for (uint32_t i = 0; i < extra; i++)
        assert_false(ask(*state, "hall", i, 1000));
}

// The ring goes round several times; a fault in the chains would loop, crash or forget.
static void many_rounds(void **state)
{
    for (uint32_t i = 0; i < 5u * ZT_REPLAY_MAX; i++) {
        assert_false(ask(*state, i % 3 ? "hall" : "bank", i, i));
        if (i >= 100)
            assert_true(ask(*state, (i - 100) % 3 ? "hall" : "bank", i - 100, i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_question_twice, open_table, close_table),
        cmocka_unit_test_setup_teardown(ids_belong_to_their_party, open_table, close_table),
        cmocka_unit_test_setup_teardown(the_window_ends, open_table, close_table),
        cmocka_unit_test_setup_teardown(a_clock_that_goes_back_forgets_nothing, open_table, close_table),
        cmocka_unit_test_setup_teardown(the_oldest_are_forgotten_first, open_table, close_table),
        cmocka_unit_test_setup_teardown(many_rounds, open_table, close_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
