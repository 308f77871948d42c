// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"

#include "base/test_support.h"

static void memory_is_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    struct zt_arena arena;
    zt_arena_init(&arena, 1 << 20);
    for (size_t size = 0; size < 300; size++) {
        uint8_t *at = zt_arena_alloc(&arena, size);
        assert_non_null(at);
        assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(at[i], 0);
        memset(at, 0xAA, size);
    }
    zt_arena_fini(&arena);
    zt_arena_fini(&arena);
}

static void maximum_bounds_the_sum(void **state)
{
    (void)state;
    struct zt_arena arena;
    zt_arena_init(&arena, 1000);
    assert_null(zt_arena_alloc(&arena, 1001));
    assert_null(zt_arena_alloc(&arena, SIZE_MAX));
    size_t taken = 0;
    while (zt_arena_alloc(&arena, 16))
        taken += 16;
    assert_int_equal(taken, 992);
    assert_null(zt_arena_strdup(&arena, "seventeen letters"));
    zt_arena_reset(&arena);
    assert_non_null(zt_arena_alloc(&arena, 992));
    zt_arena_fini(&arena);
    zt_arena_init(&arena, 0);
    assert_null(zt_arena_alloc(&arena, 1));
    zt_arena_fini(&arena);
}

static void reset_gives_clean_memory_again(void **state)
{
    (void)state;
    struct zt_arena arena;
    zt_arena_init(&arena, 1 << 20);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 40; i++) {
            uint8_t *at = zt_arena_alloc(&arena, 1024);
            assert_non_null(at);
            for (size_t b = 0; b < 1024; b++)
                assert_int_equal(at[b], 0);
            memset(at, 0xFF, 1024);
        }
        zt_arena_reset(&arena);
        assert_int_equal(arena.used, 0);
    }
    assert_non_null(zt_arena_alloc(&arena, 100000)); // larger than a block
    zt_arena_reset(&arena);
    const uint8_t *again = zt_arena_alloc(&arena, 100000);
    assert_non_null(again);
    assert_int_equal(again[99999], 0);
    zt_arena_fini(&arena);
}

static void texts_are_copied(void **state)
{
    (void)state;
    struct zt_arena arena;
    zt_arena_init(&arena, 4096);
    char text[] = "直通 gateway";
    char *copy = zt_arena_strdup(&arena, text);
    text[0] = 'x';
    assert_string_equal(copy, "直通 gateway");
    assert_string_equal(zt_arena_strndup(&arena, "abcdef", 3), "abc");
    assert_string_equal(zt_arena_strndup(&arena, NULL, 0), "");
    assert_null(zt_arena_strndup(&arena, "a", SIZE_MAX));
    assert_string_equal(zt_arena_printf(&arena, "%s:%d", "f.yaml", 7), "f.yaml:7");
    assert_null(zt_arena_printf(&arena, "%5000d", 1));
    zt_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_zeroed_and_apart),
        cmocka_unit_test(maximum_bounds_the_sum),
        cmocka_unit_test(reset_gives_clean_memory_again),
        cmocka_unit_test(texts_are_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
