// SPDX-License-Identifier: Apache-2.0
#include "certs/x509.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/test_support.h"
#include "tests/support/pki.h"

#define YEAR_MS (INT64_C(365) * 24 * 3600 * 1000)

static const enum zt_sig_alg algs[] = {ZT_ES256, ZT_SM2};

// Chain check against a folder that holds the root of `trusted`.
static enum zt_err check(const struct zt_pki *trusted, const struct zt_bytes *chain, size_t count,
                         enum zt_sig_alg alg, int64_t now_ms, struct zt_fault *fault)
{
    char dir[PATH_MAX], path[PATH_MAX + 16];
    struct zt_trust *trust = NULL;
    make_test_dir(dir);
    snprintf(path, sizeof path, "%s/root.pem", dir);
    zt_pki_write_root(trusted, path);
    assert_int_equal(zt_trust_open(dir, &trust, fault), ZT_OK);
    enum zt_err rc = zt_chain_check(trust, chain, count, alg, now_ms, fault);
    zt_trust_close(&trust);
    assert_null(trust);
    zt_trust_close(&trust);
    remove_test_dir(dir);
    return rc;
}

static enum zt_err check_wish(const struct zt_pki_wish *wish, struct zt_fault *fault)
{
    struct zt_pki pki;
    zt_pki_make(wish, &pki);
    enum zt_err rc = check(&pki, pki.chain, 2, wish->alg, zt_now_ms(), fault);
    zt_pki_free(&pki);
    return rc;
}

static void three_levels_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zt_pki pki;
        struct zt_leaf leaf;
        struct zt_fault fault;
        zt_pki_make(&(struct zt_pki_wish){.alg = algs[i]}, &pki);
        assert_int_equal(check(&pki, pki.chain, 2, algs[i], zt_now_ms(), &fault), ZT_OK);
        struct zt_bytes with_root[] = {pki.chain[0], pki.chain[1], pki.root_der};
        assert_int_equal(check(&pki, with_root, 3, algs[i], zt_now_ms(), &fault), ZT_OK);
        assert_int_equal(zt_leaf_open(pki.chain[0], &leaf), ZT_OK);
        assert_string_equal(leaf.uscc, ZT_PKI_USCC);
        assert_int_equal((int)zt_key_alg(leaf.key), (int)algs[i]);
        zt_leaf_close(&leaf);
        zt_leaf_close(&leaf);
        zt_pki_free(&pki);
    }
}

static void paths_that_do_not_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zt_pki good, other;
        struct zt_fault fault;
        int64_t now = zt_now_ms();
        enum zt_sig_alg alg = algs[i];
        zt_pki_make(&(struct zt_pki_wish){.alg = alg}, &good);
        zt_pki_make(&(struct zt_pki_wish){.alg = alg}, &other);
        // another root; the issuing certificate missing, from elsewhere, or alone; none at all
        struct zt_bytes crossed[] = {good.chain[0], other.chain[1]},
                        upside_down[] = {good.chain[1], good.chain[0]};
        assert_int_equal(check(&other, good.chain, 2, alg, now, &fault), ZT_E_CRYPTO);
        assert_string_equal(fault.rule, "certificate.chain");
        assert_int_equal(check(&good, good.chain, 1, alg, now, &fault), ZT_E_CRYPTO);
        assert_int_equal(check(&good, crossed, 2, alg, now, &fault), ZT_E_CRYPTO);
        assert_int_equal(check(&good, upside_down, 2, alg, now, &fault), ZT_E_CRYPTO);
        assert_int_equal(check(&good, good.chain, 0, alg, now, &fault), ZT_E_CRYPTO);
        assert_int_equal(check(&good, &good.root_der, 1, alg, now, &fault), ZT_E_CRYPTO);
        // the other kind's roots are no roots for this kind
        assert_int_equal(check(&good, good.chain, 2, algs[1 - i], now, &fault), ZT_E_CRYPTO);
        // before and after
        assert_int_equal(check(&good, good.chain, 2, alg, now - YEAR_MS, &fault), ZT_E_CRYPTO);
        assert_int_equal(check(&good, good.chain, 2, alg, now + 2 * YEAR_MS, &fault), ZT_E_CRYPTO);
        zt_pki_free(&good);
        zt_pki_free(&other);
    }
}

static void leaves_that_may_not_sign(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zt_fault fault;
        const struct zt_pki_wish wishes[] = {
            {.alg = algs[i], .leaf_is_ca = true},
            {.alg = algs[i], .no_key_usage = true},
            {.alg = algs[i], .leaf_from = -7200, .leaf_to = -3600},
            {.alg = algs[i], .leaf_from = 3600, .leaf_to = 7200},
            {.alg = algs[i], .issuing_is_no_ca = true},
        };
        for (size_t k = 0; k < sizeof wishes / sizeof *wishes; k++) {
            assert_int_equal(check_wish(&wishes[k], &fault), ZT_E_CRYPTO);
            assert_string_equal(fault.rule, "certificate.chain");
            assert_true(strlen(fault.text) > 0);
        }
    }
}

// Under an ES256 root, or made with OpenSSL's default (empty) user id, an SM2 chain is none.
static void sm2_without_its_rules(void **state)
{
    (void)state;
    struct zt_fault fault;
    const struct zt_pki_wish mixed = {.alg = ZT_SM2, .root_alg = ZT_ES256};
    const struct zt_pki_wish reverse = {.alg = ZT_ES256, .root_alg = ZT_SM2};
    const struct zt_pki_wish empty = {.alg = ZT_SM2, .empty_sm2_id = true};
    assert_int_equal(check_wish(&mixed, &fault), ZT_E_CRYPTO);
    assert_int_equal(check_wish(&reverse, &fault), ZT_E_CRYPTO);
    assert_int_equal(check_wish(&empty, &fault), ZT_E_CRYPTO);
}

static void changed_and_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zt_pki pki;
        struct zt_fault fault;
        struct zt_leaf leaf;
        char dir[PATH_MAX], path[PATH_MAX + 16];
        struct zt_trust *trust = NULL;
        uint8_t copy[2048];
        make_test_dir(dir);
        zt_pki_make(&(struct zt_pki_wish){.alg = algs[i]}, &pki);
        snprintf(path, sizeof path, "%s/root.pem", dir);
        zt_pki_write_root(&pki, path);
        assert_int_equal(zt_trust_open(dir, &trust, &fault), ZT_OK);
        size_t len = pki.chain[0].len;
        assert_true(len < sizeof copy);
        for (size_t at = 0; at < len; at++) { // every byte of the leaf is covered by the signature above it
            memcpy(copy, pki.chain[0].data, len);
            copy[at] ^= 0x20;
            struct zt_bytes chain[] = {{copy, len}, pki.chain[1]};
            assert_int_equal(zt_chain_check(trust, chain, 2, algs[i], zt_now_ms(), &fault), ZT_E_CRYPTO);
            struct zt_bytes cut = {pki.chain[0].data, at};
            assert_int_equal(zt_leaf_open(cut, &leaf), ZT_E_CRYPTO);
        }
        memcpy(copy, pki.chain[0].data, len);
        copy[len] = 0;
        assert_int_equal(zt_leaf_open((struct zt_bytes){copy, len + 1}, &leaf), ZT_E_CRYPTO);
        zt_trust_close(&trust);
        zt_pki_free(&pki);
        remove_test_dir(dir);
    }
}

static void organisations(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        bool seen;
    } rows[] = {{"91370202MA9X00011M", NULL, true},
                {"91370202MA9X00011M", ZT_PKI_USCC, false},
                {"91370202MA9X00011", NULL, false},
                {"91370202MA9X00011MX", NULL, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zt_pki pki;
        struct zt_leaf leaf;
        zt_pki_make(
            &(struct zt_pki_wish){.alg = ZT_ES256, .uscc = rows[i].first, .second_uscc = rows[i].second},
            &pki);
        assert_int_equal(zt_leaf_open(pki.chain[0], &leaf), ZT_OK);
        assert_string_equal(leaf.uscc, rows[i].seen ? rows[i].first : "");
        zt_leaf_close(&leaf);
        zt_pki_free(&pki);
    }
}

static void trust_folders(void **state)
{
    (void)state;
    char dir[PATH_MAX], path[PATH_MAX + 16];
    struct zt_trust *trust = NULL;
    struct zt_fault fault;
    struct zt_pki a, b;
    make_test_dir(dir);
    assert_int_not_equal(zt_trust_open("/nonexistent/folder", &trust, &fault), ZT_OK);
    assert_string_equal(fault.rule, "trust.folder");
    assert_int_equal(zt_trust_open(dir, &trust, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "trust.empty");
    snprintf(path, sizeof path, "%s/ledger.vkey", dir); // other files do not matter
    assert_int_equal(zt_file_replace(path, zt_bytes_str("not a certificate\n"), 0644, NULL), ZT_OK);
    assert_int_equal(zt_trust_open(dir, &trust, &fault), ZT_E_CONFIG);
    zt_pki_make(&(struct zt_pki_wish){.alg = ZT_ES256}, &a);
    zt_pki_make(&(struct zt_pki_wish){.alg = ZT_SM2}, &b);
    snprintf(path, sizeof path, "%s/es256-root.pem", dir);
    zt_pki_write_root(&a, path);
    snprintf(path, sizeof path, "%s/sm2-root.pem", dir);
    zt_pki_write_root(&b, path);
    assert_int_equal(zt_trust_open(dir, &trust, &fault), ZT_OK);
    assert_int_equal(zt_chain_check(trust, a.chain, 2, ZT_ES256, zt_now_ms(), &fault), ZT_OK);
    assert_int_equal(zt_chain_check(trust, b.chain, 2, ZT_SM2, zt_now_ms(), &fault), ZT_OK);
    zt_trust_close(&trust);
    snprintf(path, sizeof path, "%s/broken.pem", dir);
    assert_int_equal(zt_file_replace(path, zt_bytes_str("-----BEGIN CERTIFICATE-----\nAAAA\n"), 0644, NULL),
                     ZT_OK);
    assert_int_equal(zt_trust_open(dir, &trust, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "trust.root");
    assert_non_null(strstr(fault.place, "broken.pem"));
    struct zt_pki as_root = {.root_der = a.chain[1]}; // an issuing certificate is no root
    zt_pki_write_root(&as_root, path);
    assert_int_equal(zt_trust_open(dir, &trust, &fault), ZT_E_CONFIG);
    assert_null(trust);
    zt_pki_free(&a);
    zt_pki_free(&b);
    remove_test_dir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_levels_hold),
        cmocka_unit_test(paths_that_do_not_hold),
        cmocka_unit_test(leaves_that_may_not_sign),
        cmocka_unit_test(sm2_without_its_rules),
        cmocka_unit_test(changed_and_cut),
        cmocka_unit_test(organisations),
        cmocka_unit_test(trust_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
