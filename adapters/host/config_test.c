// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/config.h"

#include "base/file.h"
#include "base/test_support.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

#define HEAD                                                                                                 \
    "source: tax\nplugin: ../lib/tax.so\nbroker: tcp://127.0.0.1:5555\nserver_public: ../keys/curve.pub\n"   \
    "key: /keys/tax\nsigning_key: ../keys/tax.pem\nsigning_key_id: tax-1\ncatalogue: ../catalogue\n"         \
    "state: ../state\n"
#define DATASET "datasets:\n  - name: payment\n    connector: file\n    folder: drop\n    pattern: '*.csv'\n"

static char dir[PATH_MAX], file[PATH_MAX + 16];
static struct zt_adapter_config *config;
static struct zt_fault fault;

static int enter(void **state)
{
    (void)state;
    make_test_dir(dir);
    snprintf(file, sizeof file, "%s/a.yaml", dir);
    memset(&fault, 0, sizeof fault);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    zt_adapter_config_free(&config);
    zt_adapter_config_free(&config);
    remove_test_dir(dir);
    return 0;
}

static enum zt_err load(const char *text)
{
    assert_int_equal(zt_file_replace(file, zt_bytes_str(text), 0600, NULL), ZT_OK);
    return zt_adapter_config_load(file, &config, &fault);
}

static void a_whole_file_loads(void **state)
{
    (void)state;
    assert_int_equal(load(HEAD
                          "settings: x.yaml\npoll_ms: 50\nbatch_records: 7\nwindow: 2\nheartbeat_ms: 300\n"
                          "patience_ms: 400\n" DATASET "    format: csv\n    encoding: gb18030\n"
                          "  - name: income\n    connector: odbc\n    connection: Driver=X\n    table: t\n"
                          "    key_column: k\n    version_column: v\n"),
                     ZT_OK);
    assert_string_equal(config->source, "tax");
    assert_int_equal(config->poll_ms, 50);
    assert_int_equal(config->batch_records, 7);
    assert_int_equal(config->window, 2);
    assert_int_equal(config->heartbeat_ms, 300);
    assert_int_equal(config->patience_ms, 400);
    assert_int_equal(config->dataset_count, 2);
    assert_string_equal(config->datasets[0].encoding, "gb18030");
    assert_string_equal(config->datasets[1].version_column, "v");
    assert_null(config->datasets[1].folder);
}

static void paths_are_relative_to_the_file(void **state)
{
    (void)state;
    assert_int_equal(load(HEAD DATASET), ZT_OK);
    char expected[PATH_MAX + 32];
    snprintf(expected, sizeof expected, "%s/../lib/tax.so", dir);
    assert_string_equal(config->plugin, expected);
    snprintf(expected, sizeof expected, "%s/drop", dir);
    assert_string_equal(config->datasets[0].folder, expected);
    assert_string_equal(config->key, "/keys/tax");
    assert_null(config->settings);
}

static void what_is_left_out_has_a_default(void **state)
{
    (void)state;
    assert_int_equal(load(HEAD DATASET), ZT_OK);
    assert_int_equal(config->poll_ms, 1000);
    assert_int_equal(config->batch_records, 500);
    assert_int_equal(config->window, 8);
    assert_int_equal(config->heartbeat_ms, 10000);
    assert_int_equal(config->patience_ms, 60000);
}

static void broken_files_name_rule_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rule, *where;
    } cases[] = {
        {HEAD DATASET "colour: red\n", "yaml.key", ":15:"},
        {"source: tax\n" DATASET, "yaml.missing", "a.yaml"},
        {HEAD, "yaml.missing", "a.yaml"},
        {HEAD "datasets: []\n", "yaml.entries", "a.yaml"},
        {HEAD DATASET "poll_ms: soon\n", "yaml.value", ":15:"},
        {HEAD DATASET "poll_ms: 0\n", "config.range", ":15:"},
        {HEAD DATASET "batch_records: 1001\n", "config.range", ":15:"},
        {HEAD DATASET "window: 65\n", "config.range", ":15:"},
        {HEAD DATASET "heartbeat_ms: 1\n", "config.range", ":15:"},
        {HEAD DATASET "  - name: payment\n    connector: file\n", "config.duplicate", ":15:"},
        {HEAD DATASET "  - name: Pay ment\n    connector: file\n", "config.name", ":15:"},
        {HEAD DATASET "  - name: a123456789012345678901234567890123456789012345678901234567890\n"
                      "    connector: file\n",
         "config.name", ":15:"},
        {HEAD "source: again\n" DATASET, "yaml.duplicate", "a.yaml"},
        {"", "yaml.empty", "a.yaml"},
        {"source: [", "yaml.syntax", "a.yaml"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        memset(&fault, 0, sizeof fault);
        assert_int_equal(load(cases[i].text), ZT_E_CONFIG);
        assert_null(config);
        assert_string_equal(fault.rule, cases[i].rule);
        if (!strstr(fault.place, cases[i].where))
            fail_msg("case %zu: %s has no %s", i, fault.place, cases[i].where);
        assert_string_not_equal(fault.text, "");
    }
}

static void a_missing_file_is_said(void **state)
{
    (void)state;
    assert_int_equal(zt_adapter_config_load("/nowhere/a.yaml", &config, &fault), ZT_E_ABSENT);
    assert_string_equal(fault.rule, "file.open");
    assert_null(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_file_loads, enter, leave),
        cmocka_unit_test_setup_teardown(paths_are_relative_to_the_file, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_left_out_has_a_default, enter, leave),
        cmocka_unit_test_setup_teardown(broken_files_name_rule_and_line, enter, leave),
        cmocka_unit_test_setup_teardown(a_missing_file_is_said, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
