// SPDX-License-Identifier: Apache-2.0
// The frame of zt: help, usage, exit statuses, and that a command's words come from one table.
#include "consumers/zt/run_zt.h"

static void help_is_everywhere(void **state)
{
    (void)state;
    expect_said(run_zt("--help", NULL), 0, "lookup", "");
    char all[SAID_MAX];
    snprintf(all, sizeof all, "%s", run_zt("--help", NULL)->out);
    size_t commands = 0;
    for (char *line = strstr(all, "commands"), *end; line && (end = strchr(line, '\n')); line = end + 1) {
        char first[32] = "", second[32] = "";
        if (strncmp(line, "  ", 2) != 0) {
            if (commands)
                break;
            continue;
        }
        *end = 0;
        line[26] = 0; // the column of names
        int words = sscanf(line, "%31s %31s", first, second);
        const struct said *said =
            words == 2 ? run_zt(first, second, "--help", NULL) : run_zt(first, "--help", NULL);
        expect_said(said, 0, "--profile FILE", "");
        expect_said(said, 0, first, "");
        commands++;
    }
    assert_true(commands >= 6);
}

static void usage_errors_are_named(void **state)
{
    (void)state;
    expect_said(run_zt("--json", NULL), 2, "", "which command?");
    expect_said(run_zt("", NULL), 2, "", "no command");
    expect_said(run_zt("fly", NULL), 2, "", "no command \"fly\"");
    expect_said(run_zt("id", NULL), 2, "", "no command \"id\"");
    expect_said(run_zt("id", "fly", NULL), 2, "", "no command \"id\"");
    expect_said(run_zt("--nothing", NULL), 2, "", "no option --nothing before the command");
    expect_said(run_zt("id", "check", "--nothing", "x", NULL), 2, "", "no option --nothing");
    expect_said(run_zt("id", "check", "-k", "x", NULL), 2, "", "options are written out: -k?");
    expect_said(run_zt("id", "check", NULL), 2, "", "VALUE is needed");
    expect_said(run_zt("id", "check", "a", "b", NULL), 2, "", "what is \"b\"?");
    expect_said(run_zt("id", "check", "a", "--kind", NULL), 2, "", "--kind needs KIND");
    expect_said(run_zt("id", "check", "a", "--kind=dog", NULL), 2, "", "no kind \"dog\"");
    expect_said(run_zt("--json=1", "id", "check", "a", NULL), 2, "", "--json takes no value");
    expect_said(run_zt("id", "make", "--issuer", "x", NULL), 2, "", "--type-code T is needed");
    expect_said(run_zt("lookup", "--item", "i", NULL), 2, "", "is needed");
    expect_said(run_zt("consent", "new", "--minutes", "0", "--key", "k", "--kid", "k", "--issuer", "i",
                       "--subject", "111:370202199003079980", "--consumer", "c", "--purpose", "p", "--scope",
                       "s", NULL),
                2, "", "--minutes takes a whole number from 1 to 10080");
}

static void global_options_stand_anywhere(void **state)
{
    (void)state;
    json_t *first = said_json(run_zt("--json", "id", "check", "99900001", NULL));
    json_t *last = said_json(run_zt("id", "check", "99900001", "--json", NULL));
    assert_true(json_equal(first, last));
    json_decref(first);
    json_decref(last);
    expect_said(run_zt("--version", NULL), 0, "zt 0.1.0", "");
    expect_said(run_zt("id", "check", "--", "99900001", NULL), 0, "taiwan-permit", "");
    expect_said(run_zt("id", "check", "--", "--json", NULL), 1, "unknown", "");
}

// Whoever reads the status must not take a lost answer for a yes.
static void a_full_disk_is_trouble(void **state)
{
    (void)state;
    expect_said(run_zt_into("/dev/full", "id", "check", "99900001", NULL), 3, NULL, "standard output");
    expect_said(run_zt_into("/dev/full", "--help", NULL), 3, NULL, "standard output");
}

static void profiles_are_needed_by_those_who_ask(void **state)
{
    (void)state;
    unsetenv("ZT_PROFILE");
#define QUESTION                                                                                             \
    "--item", "i", "--purpose", "p", "--case", "c", "--subject", "111:370202199003079980", "--type", "t"
    expect_said(run_zt("lookup", QUESTION, NULL), 3, "", "profile.needed");
    expect_said(run_zt("--profile", "/nowhere.yaml", "issue", QUESTION, NULL), 3, "", "/nowhere.yaml");
    setenv("ZT_PROFILE", "/elsewhere.yaml", 1);
    expect_said(run_zt("lookup", QUESTION, NULL), 3, "", "/elsewhere.yaml");
    json_t *error = said_json(run_zt("--json", "lookup", QUESTION, NULL));
    assert_string_equal(json_at(error, "error.rule"), "file.open");
    assert_string_equal(json_at(error, "error.place"), "/elsewhere.yaml");
    json_decref(error);
    unsetenv("ZT_PROFILE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_is_everywhere),
        cmocka_unit_test(usage_errors_are_named),
        cmocka_unit_test(global_options_stand_anywhere),
        cmocka_unit_test(a_full_disk_is_trouble),
        cmocka_unit_test(profiles_are_needed_by_those_who_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
