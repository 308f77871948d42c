// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/vault.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/test_support.h"
#include "tests/support/signer_home.h"

static struct zt_signer_home home;

static int make_home(void **state)
{
    (void)state;
    zt_signer_home_make(&home);
    return 0;
}

static int remove_home(void **state)
{
    (void)state;
    zt_signer_home_remove(&home);
    return 0;
}

static const char *in_department(const char *name)
{
    static char paths[2][2 * PATH_MAX]; // a rename needs two
    static unsigned next;
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", home.department, name);
    return path;
}

static void assert_refused(const char *rule)
{
    struct zt_vault vault = {.count = 77};
    struct zt_fault fault = {.code = ZT_OK};
    assert_int_not_equal(zt_vault_open(home.keys, &vault, &fault), ZT_OK);
    assert_string_equal(fault.rule, rule);
    assert_int_equal(vault.count, 77);
}

static void good_vault(void **state)
{
    (void)state;
    struct zt_vault vault;
    struct zt_fault fault;
    assert_int_equal(zt_vault_open(home.keys, &vault, &fault), ZT_OK);
    assert_int_equal(vault.count, 2);
    for (int alg = ZT_ES256; alg <= ZT_SM2; alg++) {
        const struct zt_vault_key *key = zt_vault_find(&vault, ZT_HOME_DEPARTMENT, (enum zt_sig_alg)alg);
        assert_non_null(key);
        assert_int_equal((int)key->alg, alg);
        assert_int_equal(key->chain_count, 2);
        assert_true(zt_bytes_equal(key->chain[0], home.pki[alg == ZT_SM2].chain[0]));
        assert_true(zt_bytes_equal(key->chain[1], home.pki[alg == ZT_SM2].chain[1]));
        const char *start = alg == ZT_SM2 ? "civil_affairs-sm2-" : "civil_affairs-es256-";
        assert_memory_equal(key->key_id, start, strlen(start));
        assert_int_equal(strlen(key->key_id), strlen(start) + 8);
    }
    assert_null(zt_vault_find(&vault, ZT_HOME_DEPARTMENT, ZT_ED25519));
    assert_null(zt_vault_find(&vault, "tax", ZT_ES256));
    assert_null(zt_vault_find(&vault, "", ZT_ES256));
    zt_vault_close(&vault);
    zt_vault_close(&vault);
}

static void one_algorithm_is_enough(void **state)
{
    (void)state;
    struct zt_vault vault;
    assert_int_equal(unlink(in_department("es256.key")), 0);
    assert_int_equal(zt_vault_open(home.keys, &vault, NULL), ZT_OK);
    assert_int_equal(vault.count, 1);
    zt_vault_close(&vault);
    assert_int_equal(unlink(in_department("sm2.key")), 0);
    assert_refused("signer.department");
}

static void loose_modes(void **state)
{
    (void)state;
    assert_int_equal(chmod(in_department("sm2.key"), 0440), 0);
    assert_refused("file.mode");
    assert_int_equal(chmod(in_department("sm2.key"), 0400), 0);
    assert_int_equal(chmod(home.department, 0750), 0);
    assert_refused("signer.folder");
    assert_int_equal(chmod(home.department, 0700), 0);
    assert_int_equal(chmod(home.keys, 0755), 0);
    assert_refused("signer.folder");
    assert_int_equal(chmod(home.keys, 0700), 0);
    char ledger[2 * PATH_MAX];
    snprintf(ledger, sizeof ledger, "%s/ledger/ed25519.key", home.keys);
    assert_int_equal(chmod(ledger, 0404), 0);
    assert_refused("file.mode");
}

static void wrong_chains(void **state)
{
    (void)state;
    struct zt_pki other;
    zt_pki_make(&(struct zt_pki_wish){.alg = ZT_SM2}, &other);
    zt_pki_write_chain(&other, in_department("sm2.chain.pem")); // of another key
    assert_refused("signer.chain");
    zt_pki_free(&other);
    zt_pki_write_chain(&home.pki[0], in_department("sm2.chain.pem")); // of the other kind
    assert_refused("signer.chain");
    assert_int_equal(zt_file_replace(in_department("sm2.chain.pem"), zt_bytes_str("none\n"), 0444, NULL),
                     ZT_OK);
    assert_refused("signer.chain");
    assert_int_equal(unlink(in_department("sm2.chain.pem")), 0);
    assert_refused("file.open");
}

static void chain_too_long(void **state)
{
    (void)state;
    struct zt_buf text, nine;
    zt_buf_init(&text, (size_t)64 * 1024);
    zt_buf_init(&nine, (size_t)64 * 1024);
    assert_int_equal(zt_file_read(in_department("es256.chain.pem"), &text, NULL), ZT_OK);
    for (int i = 0; i < 5; i++) // ten certificates
        zt_buf_put(&nine, text.data, text.len);
    assert_int_equal(zt_file_replace(in_department("es256.chain.pem"), zt_buf_bytes(&nine), 0444, NULL),
                     ZT_OK);
    assert_refused("signer.chain");
    zt_buf_fini(&text);
    zt_buf_fini(&nine);
}

static void leaf_without_organisation(void **state)
{
    (void)state;
    struct zt_pki nameless;
    zt_pki_make(&(struct zt_pki_wish){.alg = ZT_ES256, .uscc = "short"}, &nameless);
    assert_int_equal(unlink(in_department("es256.key")), 0);
    assert_int_equal(zt_key_save_private(nameless.leaf, in_department("es256.key"), NULL), ZT_OK);
    zt_pki_write_chain(&nameless, in_department("es256.chain.pem"));
    assert_refused("signer.chain");
    zt_pki_free(&nameless);
}

static void keys_of_another_kind(void **state)
{
    (void)state;
    assert_int_equal(rename(in_department("sm2.key"), in_department("es256.key")), 0);
    assert_refused("key.form");
    char ledger[2 * PATH_MAX];
    snprintf(ledger, sizeof ledger, "%s/ledger/ed25519.key", home.keys);
    assert_int_equal(rename(in_department("es256.key"), in_department("sm2.key")), 0);
    assert_int_equal(unlink(ledger), 0);
    assert_refused("file.open");
    assert_int_equal(zt_key_save_private(home.pki[0].leaf, ledger, NULL), ZT_OK);
    assert_refused("key.form");
}

static void strange_folders(void **state)
{
    (void)state;
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/issuers/Civil Affairs", home.keys);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused("signer.department");
    assert_int_equal(rmdir(path), 0);
    snprintf(path, sizeof path, "%s/issuers/a23456789012345678901234567890123456789012345678901234567890",
             home.keys);
    assert_int_equal(rename(home.department, path), 0); // its key id would not fit
    assert_refused("signer.department");
    char empty[2 * PATH_MAX];
    snprintf(empty, sizeof empty, "%s/issuers", home.keys);
    assert_int_equal(rename(path, home.department), 0);
    snprintf(path, sizeof path, "%s/moved", home.keys);
    assert_int_equal(rename(home.department, path), 0);
    assert_refused("signer.keys"); // no department at all
    assert_int_equal(rmdir(empty), 0);
    assert_refused("signer.folder");
}

int main(void)
{
#define ON_HOME(test) cmocka_unit_test_setup_teardown(test, make_home, remove_home)
    const struct CMUnitTest tests[] = {
        ON_HOME(good_vault),      ON_HOME(one_algorithm_is_enough), ON_HOME(loose_modes),
        ON_HOME(wrong_chains),    ON_HOME(chain_too_long),          ON_HOME(leaf_without_organisation),
        ON_HOME(strange_folders), ON_HOME(keys_of_another_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
