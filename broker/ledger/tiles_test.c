// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/tiles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/ledger/fixture.h"

static char dir[PATH_MAX];

static int setup(void **state)
{
    (void)state;
    fixture_folder(dir);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_remove(dir);
    return 0;
}

static void names_of_the_specification(void **state)
{
    (void)state;
    static const struct {
        struct zt_tile_id id;
        const char *name;
    } cases[] = {
        {{0, 0, 256}, "tile/0/000"},
        {{0, 0, 1}, "tile/0/000.p/1"},
        {{0, 1234067, 256}, "tile/0/x001/x234/067"}, // the example of C2SP tlog-tiles
        {{1, 255, 255}, "tile/1/255.p/255"},
        {{7, 999, 256}, "tile/7/999"},
        {{2, 1000, 256}, "tile/2/x001/000"},
        {{0, 999999, 256}, "tile/0/x999/999"},
        {{0, 1000000, 7}, "tile/0/x001/x000/000.p/7"},
        {{ZT_TILE_ENTRIES, 0, 256}, "tile/entries/000"},
        {{ZT_TILE_ENTRIES, 1234067, 8}, "tile/entries/x001/x234/067.p/8"},
        {{ZT_TILE_ENTRIES, UINT64_MAX >> 8, 256}, "tile/entries/x072/x057/x594/x037/x927/935"},
        {{ZT_TILE_ENTRIES, UINT64_MAX, 255}, "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_buf name;
        zt_buf_init(&name, 64);
        zt_tile_name(&cases[i].id, &name);
        assert_string_equal(zt_buf_text(&name), cases[i].name);
        zt_buf_fini(&name);
    }
}

static void written_whole_or_not_at_all(void **state)
{
    (void)state;
    uint8_t data[ZT_TILE_BYTES];
    struct zt_tile_id id = {0, 5000, 3};
    struct zt_buf out;
    char path[PATH_MAX + 64];
    memset(data, 7, sizeof data);
    zt_buf_init(&out, ZT_TILE_BYTES);
    assert_int_equal(zt_tile_read(dir, &id, &out), ZT_E_ABSENT);
    assert_int_equal(zt_tile_write(dir, &id, (struct zt_bytes){data, 96}), ZT_OK);
    assert_int_equal(zt_tile_read(dir, &id, &out), ZT_OK);
    assert_int_equal(out.len, 96);
    (void)!snprintf(path, sizeof path, "%s/tile/0/x005/000.p/3.tmp", dir);
    assert_int_equal(access(path, F_OK), -1);
    zt_buf_fini(&out);
}

static void full_tile_stands_in_for_a_partial_one(void **state)
{
    (void)state;
    uint8_t data[ZT_TILE_BYTES];
    struct zt_tile_id full = {1, 2, 256}, part = {1, 2, 9};
    struct zt_buf out;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)i;
    zt_buf_init(&out, ZT_TILE_BYTES);
    assert_int_equal(zt_tile_write(dir, &full, (struct zt_bytes){data, sizeof data}), ZT_OK);
    assert_int_equal(zt_tile_read(dir, &part, &out), ZT_OK);
    assert_memory_equal(out.data, data, 9 * ZT_HASH_LEN);
    zt_buf_fini(&out);
}

static void wrong_length_is_damage(void **state)
{
    (void)state;
    uint8_t data[ZT_TILE_BYTES] = {0};
    struct zt_tile_id id = {0, 0, 4};
    struct zt_buf out;
    zt_buf_init(&out, ZT_TILE_BYTES);
    static const size_t lengths[] = {0, 1, 127, 129, 160};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(zt_tile_write(dir, &id, (struct zt_bytes){data, lengths[i]}), ZT_OK);
        assert_int_equal(zt_tile_read(dir, &id, &out), ZT_E_CORRUPT);
    }
    zt_buf_fini(&out);
}

static void partial_forms_go_away(void **state)
{
    (void)state;
    uint8_t data[ZT_TILE_BYTES] = {0};
    char path[PATH_MAX + 64];
    for (unsigned width = 1; width < 20; width++) {
        struct zt_tile_id id = {0, 0, width};
        assert_int_equal(zt_tile_write(dir, &id, (struct zt_bytes){data, width * 32}), ZT_OK);
    }
    struct zt_tile_id full = {0, 0, 256};
    assert_int_equal(zt_tile_write(dir, &full, (struct zt_bytes){data, sizeof data}), ZT_OK);
    zt_tile_drop_partial(dir, 0, 0);
    zt_tile_drop_partial(dir, 0, 0); // nothing there any more
    (void)!snprintf(path, sizeof path, "%s/tile/0/000.p", dir);
    assert_int_equal(access(path, F_OK), -1);
    (void)!snprintf(path, sizeof path, "%s/tile/0/000", dir);
    assert_int_equal(access(path, F_OK), 0);
}

static void folder_that_cannot_be_made(void **state)
{
    (void)state;
    char path[PATH_MAX + 64];
    struct zt_tile_id id = {0, 0, 1};
    (void)!snprintf(path, sizeof path, "%s/tile", dir);
    fixture_write(path, (const uint8_t *)"a file", 6);
    assert_int_equal(zt_tile_write(dir, &id, zt_bytes_str("x")), ZT_E_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_the_specification),
        cmocka_unit_test_setup_teardown(written_whole_or_not_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(full_tile_stands_in_for_a_partial_one, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_length_is_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(partial_forms_go_away, setup, teardown),
        cmocka_unit_test_setup_teardown(folder_that_cannot_be_made, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
