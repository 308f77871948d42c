// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/plugin.h"

#include "base/file.h"
#include "base/test_support.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct zt_loaded loaded;
static struct zt_fault fault;

static enum zt_err load(const char *name)
{
    char path[PATH_MAX];
    const char *bin = getenv("ZT_BIN_DIR");
    snprintf(path, sizeof path, "%s/../tests/plugins/%s", bin ? bin : "build/dev/bin", name);
    memset(&fault, 0, sizeof fault);
    return zt_plugin_load(path, NULL, NULL, &loaded, &fault);
}

static void a_plugin_that_keeps_the_contract_loads(void **state)
{
    (void)state;
    assert_int_equal(load("broken_0.so"), ZT_OK);
    assert_string_equal(loaded.plugin->name, "broken");
    size_t count = 0;
    assert_string_equal(zt_plugin_datasets(loaded.plugin, loaded.self, &count)->name, "d");
    assert_int_equal(count, 1);
    zt_plugin_unload(&loaded);
    zt_plugin_unload(&loaded);
    assert_null(loaded.library);
}

static void each_breach_has_its_rule(void **state)
{
    (void)state;
    static const struct {
        const char *name, *rule;
    } cases[] = {
        {"broken_1.so", "plugin.abi"},      {"broken_2.so", "plugin.contract"},
        {"broken_3.so", "plugin.contract"}, {"broken_4.so", "plugin.contract"},
        {"broken_5.so", "plugin.contract"}, {"broken_6.so", "plugin.contract"},
        {"broken_7.so", "plugin.symbol"},   {"broken_99.so", "plugin.load"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(load(cases[i].name), ZT_E_CONFIG);
        assert_string_equal(fault.rule, cases[i].rule);
        assert_non_null(strstr(fault.place, cases[i].name));
        assert_string_not_equal(fault.text, "");
        assert_null(loaded.library);
    }
    assert_int_equal(load("broken_1.so"), ZT_E_CONFIG);
    assert_non_null(strstr(fault.text, "99")); // both numbers are told
}

static void a_file_that_is_no_shared_object_is_refused(void **state)
{
    (void)state;
    char dir[PATH_MAX], path[PATH_MAX + 16];
    make_test_dir(dir);
    snprintf(path, sizeof path, "%s/x.so", dir);
    assert_int_equal(zt_file_replace(path, zt_bytes_str("#!/bin/sh\n"), 0700, NULL), ZT_OK);
    assert_int_equal(zt_plugin_load(path, NULL, NULL, &loaded, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "plugin.load");
    // A name without a slash is a file here, never a library of the system.
    assert_int_equal(zt_plugin_load("libm.so.6", NULL, NULL, &loaded, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "plugin.load");
    char longest[PATH_MAX + 32];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    assert_int_equal(zt_plugin_load(longest, NULL, NULL, &loaded, &fault), ZT_E_CONFIG);
    assert_null(loaded.library);
    remove_test_dir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plugin_that_keeps_the_contract_loads),
        cmocka_unit_test(each_breach_has_its_rule),
        cmocka_unit_test(a_file_that_is_no_shared_object_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
