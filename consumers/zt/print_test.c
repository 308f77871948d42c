// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/print.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/test_support.h"
#include "consumers/zt/subject.h"

static void widths_are_columns(void **state)
{
    (void)state;
    assert_int_equal(zt_text_width(""), 0);
    assert_int_equal(zt_text_width("abc"), 3);
    assert_int_equal(zt_text_width("直通 zt"), 7);
    assert_int_equal(zt_text_width("（１）"), 6);
    assert_int_equal(zt_text_width("𠀀"), 2);
    assert_int_equal(zt_text_width("é·—"), 3);
    assert_int_equal(zt_text_width("\xFF\xE7\x9B"), 3); // broken bytes count one by one
}

static char got[4096];

static void capture(void (*body)(void))
{
    char dir[PATH_MAX], path[PATH_MAX + 8];
    make_test_dir(dir);
    snprintf(path, sizeof path, "%s/out", dir);
    fflush(stdout);
    int saved = dup(STDOUT_FILENO), file = open(path, O_RDWR | O_CREAT, 0600);
    assert_true(saved >= 0 && file >= 0);
    dup2(file, STDOUT_FILENO);
    body();
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    ssize_t len = pread(file, got, sizeof got - 1, 0);
    got[len > 0 ? len : 0] = 0;
    close(file);
    remove_test_dir(dir);
}

static void put_hostile(void)
{
    zt_put_text("a\x1b[2Jb\rc\nd\x7f直\xC2\x9B"
                "e\xE2\x80\xAE"
                "f\xFFg");
}

static void put_table(void)
{
    zt_put_cell("直通", 6);
    zt_put_cell("x", 3);
    zt_put_cell("too wide", 3);
    zt_put_text("|");
    putchar('\n');
    zt_put_row("姓名 name", "张三");
    zt_put_rowf("n", "%d", 7);
}

static void texts_cannot_move_the_cursor(void **state)
{
    (void)state;
    capture(put_hostile);
    assert_string_equal(got, "a?[2Jb?c?d?直?e?f?g");
}

static void columns_line_up(void **state)
{
    (void)state;
    capture(put_table);
    assert_string_equal(got, "直通  x  too wide |\n"
                             "姓名 name                张三\n"
                             "n                        7\n");
}

static void times_are_those_of_china(void **state)
{
    (void)state;
    char text[ZT_LOCAL_TIME_LEN + 1];
    zt_local_time(INT64_C(1795321291005), text);
    assert_string_equal(text, "2026-11-22 12:21:31");
    zt_local_time(0, text);
    assert_string_equal(text, "-");
}

static void only_people_are_masked(void **state)
{
    (void)state;
    char out[128];
    static const char *const cases[][2] = {{"370202199003079980", "370***80"},
                                           {"37020219900307998", "370***98"},
                                           {"91370202MA9X00011M", "91370202MA9X00011M"},
                                           {"E00000099", "E00***99"},
                                           {"LOAN-17", "LOAN-17"},
                                           {"张三", "张三"},
                                           {"", ""},
                                           {"48236.40", "48236.40"},
                                           {"8600000", "8600000"},
                                           {"99900001", "999***01"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(zt_shown_number(cases[i][0], false, out, sizeof out), cases[i][1]);
    assert_string_equal(zt_shown_number("370202199003079980", true, out, sizeof out), "370202199003079980");
}

static void subjects_are_kind_and_number(void **state)
{
    (void)state;
    struct zt_arena arena;
    struct zt_subject subject;
    static const struct {
        const char *text, *type, *number;
    } good[] = {{"111:370202199003079980", "111", "370202199003079980"},
                {"citizen:37020319930515994x", "111", "37020319930515994X"},
                {"uscc:91370202ma9x00011m", "001", "91370202MA9X00011M"},
                {"114: 军 1", NULL, NULL},
                {"114:A 1", "114", "A 1"},
                {"000:370705-1", "000", "370705-1"}};
    static const char *const bad[] = {"", ":", "111", "111:", "dog:1", "11:1", "1111:1", "licence:1.2", ":1"};
    zt_arena_init(&arena, 4096);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        enum zt_err rc = zt_subject_parse(good[i].text, &arena, &subject);
        assert_int_equal(rc, good[i].type ? ZT_OK : ZT_E_INPUT);
        if (rc != ZT_OK)
            continue;
        assert_string_equal(subject.id_type, good[i].type);
        assert_string_equal(subject.number, good[i].number);
        assert_string_equal(subject.name, "");
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(zt_subject_parse(bad[i], &arena, &subject), ZT_E_INPUT);
    zt_arena_fini(&arena);
    zt_arena_init(&arena, 8);
    assert_int_equal(zt_subject_parse("111:370202199003079980", &arena, &subject), ZT_E_NOMEM);
    zt_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_columns),     cmocka_unit_test(texts_cannot_move_the_cursor),
        cmocka_unit_test(columns_line_up),        cmocka_unit_test(times_are_those_of_china),
        cmocka_unit_test(only_people_are_masked), cmocka_unit_test(subjects_are_kind_and_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
