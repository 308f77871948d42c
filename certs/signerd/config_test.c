// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/test_support.h"

static char dir[PATH_MAX];

static int open_dir(void **state)
{
    (void)state;
    make_test_dir(dir);
    return 0;
}

static int close_dir(void **state)
{
    (void)state;
    remove_test_dir(dir);
    return 0;
}

static enum zt_err load(const char *text, struct zt_signer_config **config, struct zt_fault *fault)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/signer.yaml", dir);
    assert_int_equal(zt_file_replace(path, zt_bytes_str(text), 0600, NULL), ZT_OK);
    return zt_signer_config_load(path, config, fault);
}

static void good_file(void **state)
{
    (void)state;
    struct zt_signer_config *config = NULL;
    struct zt_fault fault;
    char expected[PATH_MAX + 32];
    assert_int_equal(load("keys: ../keys\nstate: /var/state\nsocket: ipc:///run/zt/s.sock\norigin: a.b/c\n",
                          &config, &fault),
                     ZT_OK);
    snprintf(expected, sizeof expected, "%s/../keys", dir);
    assert_string_equal(config->keys, expected);
    assert_string_equal(config->state, "/var/state");
    assert_string_equal(config->socket, "ipc:///run/zt/s.sock");
    assert_string_equal(config->origin, "a.b/c");
    zt_signer_config_free(&config);
    assert_null(config);
    zt_signer_config_free(&config);
    assert_int_equal(load("keys: k\nstate: s\nsocket: ipc://run/s.sock\norigin: o\n", &config, &fault),
                     ZT_OK);
    assert_string_equal(config->socket, "ipc://run/s.sock"); // an address: as it stands
    zt_signer_config_free(&config);
}

static void bad_files(void **state)
{
    (void)state;
    char long_socket[256] = "keys: k\nstate: s\norigin: o\nsocket: ipc:///";
    memset(long_socket + strlen(long_socket), 'x', 107);
    char long_origin[256] = "keys: k\nstate: s\nsocket: ipc:///s\norigin: ";
    memset(long_origin + strlen(long_origin), 'x', 128);
    const struct {
        const char *text, *rule;
    } rows[] = {
        {"", "yaml.empty"},
        {"keys: k\nstate: s\norigin: o\n", "yaml.missing"},
        {"keys: k\nstate: s\nsocket: ipc:///s\norigin: o\nport: 1\n", "yaml.key"},
        {"keys: k\nstate: s\nsocket: tcp://127.0.0.1:5555\norigin: o\n", "config.socket"},
        {"keys: k\nstate: s\nsocket: ipc://@abstract\norigin: o\n", "config.socket"},
        {"keys: k\nstate: s\nsocket: ipc://*\norigin: o\n", "config.socket"},
        {"keys: k\nstate: s\nsocket: ipc://\norigin: o\n", "config.socket"},
        {"keys: k\nstate: s\nsocket: inproc://x\norigin: o\n", "config.socket"},
        {"keys: k\nstate: s\nsocket: ipc:///s\norigin: a b\n", "config.origin"},
        {"keys: k\nstate: s\nsocket: ipc:///s\norigin: a+b\n", "config.origin"},
        {long_socket, "config.socket"},
        {long_origin, "config.origin"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zt_signer_config *config = NULL;
        struct zt_fault fault;
        assert_int_equal(load(rows[i].text, &config, &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, rows[i].rule);
        assert_non_null(strstr(fault.place, "signer.yaml"));
        assert_null(config);
    }
}

static void places_are_named(void **state)
{
    (void)state;
    struct zt_signer_config *config = NULL;
    struct zt_fault fault;
    assert_int_equal(load("keys: k\nstate: s\nsocket: tcp://x\norigin: o\n", &config, &fault), ZT_E_CONFIG);
    assert_non_null(strstr(fault.place, "signer.yaml:3:9"));
}

static void folders(void **state)
{
    (void)state;
    static const mode_t loose[] = {0701, 0710, 0750, 0755, 0777};
    struct zt_fault fault;
    char path[PATH_MAX + 16], endpoint[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/folder", dir);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/s.sock", path);
    assert_int_not_equal(zt_signer_folder_check(path, "signer.folder", &fault), ZT_OK);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(zt_signer_folder_check(path, "signer.folder", &fault), ZT_OK);
    assert_int_equal(zt_signer_socket_check(endpoint, &fault), ZT_OK);
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
        assert_int_equal(chmod(path, loose[i]), 0);
        assert_int_equal(zt_signer_folder_check(path, "signer.folder", &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, "signer.folder");
        assert_int_equal(zt_signer_socket_check(endpoint, &fault), ZT_E_CONFIG);
    }
    assert_int_equal(zt_signer_socket_check("ipc:///s.sock", &fault), ZT_E_CONFIG); // "/" is open to all
    assert_int_equal(chmod(path, 0700), 0);
    snprintf(path, sizeof path, "%s/file", dir);
    assert_int_equal(zt_file_replace(path, zt_bytes_str("x"), 0600, NULL), ZT_OK);
    assert_int_equal(zt_signer_folder_check(path, "signer.folder", &fault), ZT_E_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_file),
        cmocka_unit_test(bad_files),
        cmocka_unit_test(places_are_named),
        cmocka_unit_test(folders),
    };
    return cmocka_run_group_tests(tests, open_dir, close_dir);
}
