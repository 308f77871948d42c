// SPDX-License-Identifier: Apache-2.0
// The commands that read the shipped catalogue: stats, list, show, search, doc, diff.
#include "base/file.h"
#include "consumers/zt/run_zt.h"

static char dir[PATH_MAX], catalogue[PATH_MAX];

static int enter(void **state)
{
    (void)state;
    make_test_dir(dir);
    snprintf(catalogue, sizeof catalogue, "%s/catalogue", getenv("ZT_SOURCE_DIR"));
    return 0;
}

static int leave(void **state)
{
    (void)state;
    remove_test_dir(dir);
    return 0;
}

static void the_shipped_catalogue_is_counted(void **state)
{
    (void)state;
    json_t *json = said_json(run_zt("--json", "catalogue", "stats", "--dir", catalogue, NULL));
    assert_string_equal(json_at(json, "record_types"), "82");
    assert_string_equal(json_at(json, "certificate_types"), "232");
    assert_true(strtol(json_at(json, "fields"), NULL, 10) > 800);
    assert_true(strtol(json_at(json, "items"), NULL, 10) >= 60);
    json_decref(json);
    expect_said(run_zt("catalogue", "stats", "--dir", catalogue, NULL), 0, "232", "");
}

static void things_are_listed_and_shown(void **state)
{
    (void)state;
    expect_said(run_zt("catalogue", "list", "--dir", catalogue, "items", NULL), 0,
                "hpf.withdraw.commercial-loan", "");
    expect_said(run_zt("catalogue", "list", "--dir", catalogue, "planets", NULL), 2, "",
                "no kind \"planets\"");
    expect_said(run_zt("catalogue", "show", "--dir", catalogue, "hf.withdrawal", NULL), 0, "提取金额", "");
    expect_said(run_zt("catalogue", "show", "--dir", catalogue, "hf.withdrawl", NULL), 1, "",
                "hf.withdrawal");
    json_t *json = said_json(run_zt("--json", "catalogue", "show", "--dir", catalogue, "T-SEX", NULL));
    assert_string_equal(json_at(json, "kind"), "code-table");
    json_decref(json);
}

static void words_of_both_languages_find_the_item(void **state)
{
    (void)state;
    expect_said(run_zt("catalogue", "search", "--dir", catalogue, "提取公积金", NULL), 0,
                "hpf.withdraw.commercial-loan", "");
    expect_said(run_zt("catalogue", "search", "--dir", catalogue, "marriage", "certificate", NULL), 0,
                "e_marriage_certificate", "");
    expect_said(run_zt("catalogue", "search", "--dir", catalogue, "xyzzy", NULL), 1, "", "");
}

static void the_page_is_written_whole(void **state)
{
    (void)state;
    char page[PATH_MAX + 16];
    struct zt_buf html;
    snprintf(page, sizeof page, "%s/page.html", dir);
    expect_said(run_zt("catalogue", "doc", "--dir", catalogue, "--out", page, "--title", "试验市", NULL), 0,
                page, "");
    zt_buf_init(&html, (size_t)8 * 1024 * 1024);
    assert_int_equal(zt_file_read(page, &html, NULL), ZT_OK);
    assert_non_null(strstr(zt_buf_text(&html), "试验市"));
    assert_non_null(strstr(zt_buf_text(&html), "hpf_withdrawal_record"));
    assert_non_null(strstr(zt_buf_text(&html), "</html>"));
    zt_buf_fini(&html);
    expect_said(run_zt("catalogue", "doc", "--dir", catalogue, "--out", "/nonexistent/page.html", NULL), 3,
                "", "/nonexistent");
}

// A field that goes away breaks whoever asks for it; the same folder twice changes nothing.
static void a_difference_says_what_breaks(void **state)
{
    (void)state;
    char changed[PATH_MAX + 16];
    struct zt_buf command;
    expect_said(run_zt("catalogue", "diff", catalogue, catalogue, NULL), 0, "0", "");
    snprintf(changed, sizeof changed, "%s/changed", dir);
    zt_buf_init(&command, 8 * PATH_MAX);
    zt_buf_printf(
        &command,
        "cp -r '%s' '%s' && rm -f '%s/published.yaml' && sed -i '/code: marriage.check/s/marriage/wedding/' "
        "'%s'/items/*.yaml",
        catalogue, changed, changed, changed);
    assert_int_equal(system(zt_buf_text(&command)), 0);
    zt_buf_fini(&command);
    expect_said(run_zt("catalogue", "diff", catalogue, changed, NULL), 1, "marriage.check", "");
    json_t *json = said_json(run_zt("--json", "catalogue", "diff", catalogue, changed, NULL));
    assert_true(strtol(json_at(json, "breaking"), NULL, 10) > 0);
    json_decref(json);
}

static void a_catalogue_is_needed(void **state)
{
    (void)state;
    expect_said(run_zt("catalogue", "stats", NULL), 2, "", "--dir");
    expect_said(run_zt("catalogue", "stats", "--dir", dir, NULL), 3, "", "departments.yaml");
    expect_said(run_zt("--profile", "/nonexistent", "catalogue", "stats", NULL), 3, "", "/nonexistent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_shipped_catalogue_is_counted, enter, leave),
        cmocka_unit_test_setup_teardown(things_are_listed_and_shown, enter, leave),
        cmocka_unit_test_setup_teardown(words_of_both_languages_find_the_item, enter, leave),
        cmocka_unit_test_setup_teardown(the_page_is_written_whole, enter, leave),
        cmocka_unit_test_setup_teardown(a_difference_says_what_breaks, enter, leave),
        cmocka_unit_test_setup_teardown(a_catalogue_is_needed, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
