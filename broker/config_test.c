// SPDX-License-Identifier: Apache-2.0
#include "broker/config.h"

#include "base/file.h"
#include "base/test_support.h"

static const char good[] = "state: state\n"
                           "catalogue: /usr/share/zhitong/catalogue\n"
                           "parties: ./parties\n"
                           "keys: ../keys/broker/curve\n"
                           "node_key: ../keys/broker/node.key\n"
                           "intake: tcp://127.0.0.1:*\n"
                           "counter: tcp://127.0.0.1:7001\n"
                           "desk: ipc://run/desk\n"
                           "signer: ipc://run/signer.sock\n"
                           "origin: zhitong.example/ledger/weifang\n";

struct fixture {
    char dir[PATH_MAX], file[PATH_MAX + 16];
    struct zt_broker_config *config;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    make_test_dir(f->dir);
    snprintf(f->file, sizeof f->file, "%s/broker.yaml", f->dir);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    zt_broker_config_free(&f->config);
    zt_broker_config_free(&f->config);
    remove_test_dir(f->dir);
    free(f);
    return 0;
}

static enum zt_err load(struct fixture *f, const char *text, const char *more, struct zt_fault *fault)
{
    char all[4096];
    snprintf(all, sizeof all, "%s%s", text, more);
    assert_int_equal(zt_file_replace(f->file, zt_bytes_str(all), 0600, NULL), ZT_OK);
    return zt_broker_config_load(f->file, &f->config, fault);
}

static void paths_are_relative_to_the_file_and_endpoints_are_not(void **state)
{
    struct fixture *f = *state;
    char expected[PATH_MAX + 64];
    assert_int_equal(load(f, good, "endpoints_file: run/e.yaml\nmap_size_mib: 512\nlog_keep: 9\n", NULL),
                     ZT_OK);
    snprintf(expected, sizeof expected, "%s/state", f->dir);
    assert_string_equal(f->config->state, expected);
    snprintf(expected, sizeof expected, "%s/../keys/broker/curve", f->dir);
    assert_string_equal(f->config->keys, expected);
    snprintf(expected, sizeof expected, "%s/run/e.yaml", f->dir);
    assert_string_equal(f->config->endpoints_file, expected);
    assert_string_equal(f->config->catalogue, "/usr/share/zhitong/catalogue");
    assert_string_equal(f->config->desk, "ipc://run/desk");
    assert_string_equal(f->config->signer, "ipc://run/signer.sock");
    assert_int_equal(f->config->map_size_mib, 512);
    assert_int_equal(f->config->log_keep, 9);
}

static void what_may_be_left_out_has_a_default(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(load(f, good, "", NULL), ZT_OK);
    assert_null(f->config->endpoints_file);
    assert_int_equal(f->config->map_size_mib, 0);
    assert_int_equal(f->config->log_keep, 0);
}

static void every_other_line_is_needed(void **state)
{
    struct fixture *f = *state;
    for (const char *line = good; *line; line = strchr(line, '\n') + 1) {
        char text[2048];
        struct zt_fault fault = {0};
        snprintf(text, sizeof text, "%.*s%s", (int)(line - good), good, strchr(line, '\n') + 1);
        assert_int_equal(load(f, text, "", &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, "yaml.missing");
        assert_null(f->config);
    }
}

static void wrong_values_are_refused_with_their_place(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *line, *rule;
    } bad[] = {
        {"map_size_mib: 16777217\n", "broker.map-size"},
        {"map_size_mib: -1\n", "yaml.value"},
        {"log_keep: many\n", "yaml.value"},
        {"log-keep: 1\n", "yaml.key"},
        {"origin: again\n", "yaml.duplicate"},
        {"endpoints_file: ''\n", "yaml.length"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zt_fault fault = {0};
        assert_int_equal(load(f, good, bad[i].line, &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, bad[i].rule);
        assert_non_null(strstr(fault.place, "broker.yaml:1"));
        assert_null(f->config);
    }
}

static void a_missing_file_is_named(void **state)
{
    struct fixture *f = *state;
    struct zt_fault fault = {0};
    assert_int_equal(zt_broker_config_load(f->file, &f->config, &fault), ZT_E_ABSENT);
    assert_string_equal(fault.rule, "file.open");
    assert_non_null(strstr(fault.place, "broker.yaml"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(paths_are_relative_to_the_file_and_endpoints_are_not),
        T(what_may_be_left_out_has_a_default),
        T(every_other_line_is_needed),
        T(wrong_values_are_refused_with_their_place),
        T(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
