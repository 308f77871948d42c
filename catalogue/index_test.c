// SPDX-License-Identifier: Apache-2.0
#include "base/test_support.h"
#include "catalogue/index.h"
#include "catalogue/nearest.h"

static void what_is_put_is_found(void **state)
{
    (void)state;
    struct zt_arena arena;
    struct zt_index index = {0};
    zt_arena_init(&arena, (size_t)1024 * 1024);
    assert_null(zt_index_get(&index, zt_bytes_str("nothing yet")));
    assert_int_equal(zt_index_init(&index, 1000, &arena), ZT_OK);
    static int values[1000];
    for (size_t i = 0; i < 1000; i++) {
        const char *name = zt_arena_printf(&arena, "name-%zu", i);
        assert_null(zt_index_put(&index, zt_bytes_str(name), &values[i]));
    }
    for (size_t i = 0; i < 1000; i++) {
        char name[32];
        snprintf(name, sizeof name, "name-%zu", i);
        assert_ptr_equal(zt_index_get(&index, zt_bytes_str(name)), &values[i]);
    }
    assert_null(zt_index_get(&index, zt_bytes_str("name-1000")));
    assert_null(zt_index_get(&index, zt_bytes_str("")));
    zt_arena_fini(&arena);
}

static void a_taken_name_stays_with_its_first_owner(void **state)
{
    (void)state;
    struct zt_arena arena;
    struct zt_index index;
    int first = 1, second = 2;
    zt_arena_init(&arena, 4096);
    assert_int_equal(zt_index_init(&index, 2, &arena), ZT_OK);
    assert_null(zt_index_put(&index, zt_bytes_str("a"), &first));
    assert_ptr_equal(zt_index_put(&index, zt_bytes_str("a"), &second), &first);
    assert_ptr_equal(zt_index_get(&index, zt_bytes_str("a")), &first);
    zt_arena_fini(&arena);
}

static void room_is_a_hard_bound(void **state)
{
    (void)state;
    struct zt_arena arena;
    struct zt_index index;
    int value = 1;
    zt_arena_init(&arena, 4096);
    assert_int_equal(zt_index_init(&index, 1, &arena), ZT_OK);
    assert_null(zt_index_put(&index, zt_bytes_str("a"), &value));
    assert_null(zt_index_put(&index, zt_bytes_str("b"), &value));
    assert_null(zt_index_get(&index, zt_bytes_str("b")));
    zt_arena_fini(&arena);
    zt_arena_init(&arena, 64);
    assert_int_equal(zt_index_init(&index, 100, &arena), ZT_E_NOMEM);
    assert_int_equal(zt_index_init(&index, SIZE_MAX / 2, &arena), ZT_E_LIMIT);
    zt_arena_fini(&arena);
}

static void keys_may_hold_any_byte(void **state)
{
    (void)state;
    struct zt_arena arena;
    struct zt_index index;
    int one = 1, two = 2;
    static const uint8_t a[] = {'x', 0, 'y'}, b[] = {'x', 0, 'z'};
    zt_arena_init(&arena, 4096);
    assert_int_equal(zt_index_init(&index, 4, &arena), ZT_OK);
    assert_null(zt_index_put(&index, (struct zt_bytes){a, sizeof a}, &one));
    assert_null(zt_index_put(&index, (struct zt_bytes){b, sizeof b}, &two));
    assert_ptr_equal(zt_index_get(&index, (struct zt_bytes){a, sizeof a}), &one);
    assert_ptr_equal(zt_index_get(&index, (struct zt_bytes){b, sizeof b}), &two);
    assert_null(zt_index_get(&index, (struct zt_bytes){a, 2}));
    zt_arena_fini(&arena);
}

static void distances_are_those_of_levenshtein(void **state)
{
    (void)state;
    assert_int_equal(zt_edit_distance("", ""), 0);
    assert_int_equal(zt_edit_distance("abc", "abc"), 0);
    assert_int_equal(zt_edit_distance("", "abc"), 3);
    assert_int_equal(zt_edit_distance("kitten", "sitting"), 3);
    assert_int_equal(zt_edit_distance("sunday", "saturday"), 3);
    assert_int_equal(zt_edit_distance("T-SXE", "T-SEX"), 2);
    char far[200];
    memset(far, 'a', sizeof far - 1);
    far[sizeof far - 1] = '\0';
    assert_true(zt_edit_distance(far, "a") > 1000);
    assert_true(zt_edit_distance("a", far) > 1000);
}

static void the_nearest_name_is_offered(void **state)
{
    (void)state;
    static const char *const names[] = {"T-SEX", NULL, "T-ETH", "T-REG", "T-SAX"};
    assert_string_equal(zt_nearest_of("T-SE", names, 5), "T-SEX");
    assert_string_equal(zt_nearest_of("T-ETHN", names, 5), "T-ETH");
    assert_null(zt_nearest_of("something else", names, 5));
    // Equally near names: the one that sorts first, whatever their order.
    assert_string_equal(zt_nearest_of("T-SOX", names, 5), "T-SAX");
    struct zt_arena arena;
    struct zt_index index;
    zt_arena_init(&arena, 4096);
    assert_int_equal(zt_index_init(&index, 3, &arena), ZT_OK);
    assert_null(zt_nearest("civil_affair", &index));
    for (size_t i = 0; i < 2; i++) {
        static const char *const known[] = {"civil_affairs", "public_security"};
        zt_index_put(&index, zt_bytes_str(known[i]), known[i]);
    }
    assert_string_equal(zt_nearest("civil_affair", &index), "civil_affairs");
    assert_null(zt_nearest("tax", &index));
    zt_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_found),
        cmocka_unit_test(a_taken_name_stays_with_its_first_owner),
        cmocka_unit_test(room_is_a_hard_bound),
        cmocka_unit_test(keys_may_hold_any_byte),
        cmocka_unit_test(distances_are_those_of_levenshtein),
        cmocka_unit_test(the_nearest_name_is_offered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
