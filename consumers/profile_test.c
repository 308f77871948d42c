// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "base/file.h"
#include "base/test_support.h"
#include "consumers/client.h"

static char dir[PATH_MAX];
static char file[PATH_MAX + 16];

static int enter(void **state)
{
    (void)state;
    make_test_dir(dir);
    snprintf(file, sizeof file, "%s/profile.yaml", dir);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    remove_test_dir(dir);
    return 0;
}

static enum zt_err load(const char *text, struct zt_profile **profile, struct zt_fault *fault)
{
    assert_int_equal(zt_file_replace(file, zt_bytes_str(text), 0600, NULL), ZT_OK);
    return zt_profile_load(file, profile, fault);
}

static void paths_start_where_the_file_stands(void **state)
{
    (void)state;
    struct zt_profile *profile = NULL;
    char expected[PATH_MAX + 64];
    assert_int_equal(
        load("party: p\nkey: keys/p\nserver_public: /abs/server.pub\ncounter: tcp://127.0.0.1:5\n"
             "trust: ../trust\ncatalogue: cat\nledger_key: l\nofficer: o-1\n",
             &profile, NULL),
        ZT_OK);
    snprintf(expected, sizeof expected, "%s/keys/p", dir);
    assert_string_equal(profile->key, expected);
    snprintf(expected, sizeof expected, "%s/../trust", dir);
    assert_string_equal(profile->trust, expected);
    assert_string_equal(profile->server_public, "/abs/server.pub");
    assert_string_equal(profile->counter, "tcp://127.0.0.1:5");
    assert_string_equal(profile->officer, "o-1");
    assert_null(profile->desk);
    zt_profile_free(&profile);
    assert_null(profile);
    char old[PATH_MAX];
    assert_non_null(getcwd(old, sizeof old));
    assert_int_equal(chdir(dir), 0);
    assert_int_equal(zt_profile_load("profile.yaml", &profile, NULL), ZT_OK);
    assert_string_equal(profile->key, "keys/p");
    zt_profile_free(&profile);
    assert_int_equal(chdir(old), 0);
}

static void broken_profiles_name_the_rule(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"party: p\nkey: k\n", "yaml.missing"},
        {"party: ''\nkey: k\nserver_public: s\n", "yaml.length"},
        {"party: p\nkey: k\nserver_public: s\nfoo: 1\n", "yaml.key"},
        {"party: p\nkey: k\nserver_public: s\nkey: 2\n", "yaml.duplicate"},
        {"", "yaml.empty"},
        {"party: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nkey: "
         "k\nserver_public: s\n",
         "profile.party"},
    };
    struct zt_profile *profile = NULL;
    struct zt_fault fault;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(load(cases[i][0], &profile, &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, cases[i][1]);
        assert_memory_equal(fault.place, file, strlen(file));
        assert_null(profile);
    }
    char text[400] = "party: p\nkey: k\nserver_public: s\ndesk: ";
    memset(text + strlen(text), 'x', 300);
    assert_int_equal(load(text, &profile, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "profile.endpoint");
    assert_int_equal(zt_profile_load("/nowhere.yaml", &profile, &fault), ZT_E_ABSENT);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIR(paths_start_where_the_file_stands),
        IN_DIR(broken_profiles_name_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
