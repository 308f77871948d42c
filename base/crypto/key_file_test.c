// SPDX-License-Identifier: Apache-2.0
// Key files, and the two algorithms against the openssl command line in both directions.
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto/sign.h"
#include "base/file.h"
#include "base/test_support.h"

#define MESSAGE "a text that both sides sign\n"

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

static const char *path_of(const char *name)
{
    static char ring[8][PATH_MAX + 64];
    static unsigned next;
    char *path = ring[next++ % 8];
    snprintf(path, sizeof ring[0], "%s/%s", dir, name);
    return path;
}

static void write_file(const char *name, const void *data, size_t len, mode_t mode)
{
    struct zt_bytes bytes = {data, len};
    assert_int_equal(zt_file_replace(path_of(name), bytes, mode, NULL), ZT_OK);
}

static size_t read_file(const char *name, uint8_t *out, size_t max)
{
    FILE *file = fopen(path_of(name), "rb");
    assert_non_null(file);
    size_t len = fread(out, 1, max, file);
    fclose(file);
    return len;
}

// Runs openssl in the folder; the exit status.
static int openssl(const char *arguments)
{
    char command[PATH_MAX + 1024];
    snprintf(command, sizeof command, "cd '%s' && openssl %s >openssl.out 2>&1 </dev/null", dir, arguments);
    return system(command);
}

// ECDSA-Sig-Value, written and read by hand: a second opinion on the conversion inside sign.c.
static size_t put_integer(const uint8_t number[32], uint8_t *out)
{
    size_t skip = 0;
    while (skip < 31 && number[skip] == 0)
        skip++;
    size_t sign = number[skip] >= 0x80;
    out[0] = 0x02;
    out[1] = (uint8_t)(32 - skip + sign);
    out[2] = 0;
    memcpy(out + 2 + sign, number + skip, 32 - skip);
    return 2 + sign + 32 - skip;
}

static size_t to_der(const uint8_t sig[ZT_SIG_LEN], uint8_t der[80])
{
    size_t len = put_integer(sig, der + 2);
    len += put_integer(sig + 32, der + 2 + len);
    der[0] = 0x30;
    der[1] = (uint8_t)len;
    return len + 2;
}

static void from_der(const uint8_t *der, uint8_t sig[ZT_SIG_LEN])
{
    const uint8_t *at = der + 2;
    memset(sig, 0, ZT_SIG_LEN);
    for (size_t half = 0; half < 2; half++) {
        assert_int_equal(at[0], 0x02);
        size_t len = at[1];
        const uint8_t *number = at + 2;
        at += 2 + len;
        if (len > 32) {
            number++;
            len--;
        }
        memcpy(sig + 32 * half + 32 - len, number, len);
    }
    assert_int_equal(at - der, der[1] + 2);
}

struct side {
    enum zt_sig_alg alg;
    const char *make_key, *sign_options, *digest;
};
static const struct side sides[] = {
    {ZT_ES256, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out theirs.key", "", "sha256"},
    {ZT_SM2, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out theirs.key",
     "-pkeyopt distid:1234567812345678", "sm3"},
};

static void save_and_load(void **state)
{
    (void)state;
    for (int alg = ZT_ES256; alg <= ZT_ED25519; alg++) {
        struct zt_key *key = NULL, *again = NULL, *public_key = NULL;
        struct zt_fault fault;
        struct stat info;
        uint8_t sig[ZT_SIG_LEN];
        assert_int_equal(zt_key_new((enum zt_sig_alg)alg, &key), ZT_OK);
        assert_int_equal(zt_key_save_private(key, path_of("a.key"), &fault), ZT_OK);
        assert_int_equal(zt_key_save_public(key, path_of("a.pem"), &fault), ZT_OK);
        assert_int_equal(stat(path_of("a.key"), &info), 0);
        assert_int_equal(info.st_mode & 07777, 0400);
        assert_int_equal(zt_key_load_private(path_of("a.key"), &again, &fault), ZT_OK);
        assert_int_equal(zt_key_load_public(path_of("a.pem"), &public_key, &fault), ZT_OK);
        assert_int_equal(zt_key_alg(again), alg);
        assert_int_equal(zt_key_alg(public_key), alg);
        assert_int_equal(zt_sign(again, zt_bytes_str(MESSAGE), sig), ZT_OK);
        assert_int_equal(zt_verify(public_key, zt_bytes_str(MESSAGE), (struct zt_bytes){sig, sizeof sig}),
                         ZT_OK);
        assert_int_equal(zt_key_save_private(public_key, path_of("no.key"), &fault), ZT_E_CRYPTO);
        assert_string_equal(fault.rule, "key.write");
        assert_int_equal(access(path_of("no.key"), F_OK), -1);
        zt_key_destroy(&key);
        zt_key_destroy(&again);
        zt_key_destroy(&public_key);
    }
}

static void loose_modes_are_refused(void **state)
{
    (void)state;
    static const mode_t loose[] = {0440, 0404, 0640, 0644, 0666, 0777};
    struct zt_key *key = NULL, *again = NULL;
    struct zt_fault fault;
    assert_int_equal(zt_key_new(ZT_SM2, &key), ZT_OK);
    assert_int_equal(zt_key_save_private(key, path_of("loose.key"), NULL), ZT_OK);
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
        assert_int_equal(chmod(path_of("loose.key"), loose[i]), 0);
        assert_int_not_equal(zt_key_load_private(path_of("loose.key"), &again, &fault), ZT_OK);
        assert_string_equal(fault.rule, "file.mode");
        assert_null(again);
    }
    zt_key_destroy(&key);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    struct zt_key *key = NULL;
    struct zt_fault fault;
    assert_int_equal(zt_key_load_private(path_of("absent.key"), &key, &fault), ZT_E_ABSENT);
    assert_int_equal(openssl("genrsa -out rsa.key 2048"), 0);
    assert_int_equal(openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key"), 0);
    assert_int_equal(openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes128 "
                             "-pass pass:secret -out locked.key"),
                     0);
    assert_int_equal(openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 "
                             "-pkeyopt ec_param_enc:explicit -out explicit.key"),
                     0);
    assert_int_equal(openssl("pkey -in p384.key -pubout -out p384.pem"), 0);
    write_file("empty.key", "", 0, 0400);
    static const char words[] = "-----BEGIN PRIVATE KEY-----\nnot base64\n-----END PRIVATE KEY-----\n";
    write_file("words.key", words, sizeof words - 1, 0400);
    static const char *const names[] = {"rsa.key",      "p384.key",  "locked.key",
                                        "explicit.key", "empty.key", "words.key"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(chmod(path_of(names[i]), 0400), 0);
        assert_int_equal(zt_key_load_private(path_of(names[i]), &key, &fault), ZT_E_CRYPTO);
        assert_string_equal(fault.rule, "key.form");
        assert_int_equal(zt_key_load_public(path_of(names[i]), &key, &fault), ZT_E_CRYPTO);
    }
    assert_int_equal(zt_key_load_public(path_of("p384.pem"), &key, &fault), ZT_E_CRYPTO);
    assert_null(key);
}

// Every truncation of a good key file is refused (what lies behind the last line may go).
static void truncated_key_file(void **state)
{
    (void)state;
    struct zt_key *key = NULL, *again = NULL;
    uint8_t text[1024];
    assert_int_equal(zt_key_new(ZT_ES256, &key), ZT_OK);
    assert_int_equal(zt_key_save_private(key, path_of("whole.key"), NULL), ZT_OK);
    size_t len = read_file("whole.key", text, sizeof text);
    for (size_t cut = 0; cut + 1 < len; cut++) {
        write_file("cut.key", text, cut, 0400);
        assert_int_equal(zt_key_load_private(path_of("cut.key"), &again, NULL), ZT_E_CRYPTO);
    }
    zt_key_destroy(&key);
}

static void openssl_verifies_ours(void **state)
{
    (void)state;
    char command[512];
    uint8_t sig[ZT_SIG_LEN], der[80];
    write_file("message", MESSAGE, sizeof MESSAGE - 1, 0600);
    for (size_t i = 0; i < 2; i++) {
        struct zt_key *key = NULL;
        assert_int_equal(zt_key_new(sides[i].alg, &key), ZT_OK);
        assert_int_equal(zt_key_save_public(key, path_of("ours.pem"), NULL), ZT_OK);
        snprintf(command, sizeof command,
                 "pkeyutl -verify -pubin -inkey ours.pem -in message -rawin -digest %s %s -sigfile sig",
                 sides[i].digest, sides[i].sign_options);
        for (int round = 0; round < 8; round++) {
            assert_int_equal(zt_sign(key, zt_bytes_str(MESSAGE), sig), ZT_OK);
            write_file("sig", der, to_der(sig, der), 0600);
            assert_int_equal(openssl(command), 0);
        }
        sig[40] ^= 1;
        write_file("sig", der, to_der(sig, der), 0600);
        assert_int_not_equal(openssl(command), 0);
        zt_key_destroy(&key);
    }
}

static void ours_verifies_openssl(void **state)
{
    (void)state;
    char command[512];
    uint8_t sig[ZT_SIG_LEN], der[128];
    write_file("message", MESSAGE, sizeof MESSAGE - 1, 0600);
    for (size_t i = 0; i < 2; i++) {
        struct zt_key *key = NULL;
        assert_int_equal(openssl(sides[i].make_key), 0);
        assert_int_equal(chmod(path_of("theirs.key"), 0400), 0);
        assert_int_equal(zt_key_load_private(path_of("theirs.key"), &key, NULL), ZT_OK);
        assert_int_equal((int)zt_key_alg(key), (int)sides[i].alg);
        snprintf(command, sizeof command,
                 "pkeyutl -sign -inkey theirs.key -in message -rawin -digest %s %s -out sig", sides[i].digest,
                 sides[i].sign_options);
        for (int round = 0; round < 8; round++) {
            assert_int_equal(openssl(command), 0);
            read_file("sig", der, sizeof der);
            from_der(der, sig);
            assert_int_equal(zt_verify(key, zt_bytes_str(MESSAGE), (struct zt_bytes){sig, sizeof sig}),
                             ZT_OK);
        }
        assert_int_equal(unlink(path_of("theirs.key")), 0);
        zt_key_destroy(&key);
    }
}

// OpenSSL's default user id is empty: such a signature, and one under another id, is none of ours.
static void another_user_id(void **state)
{
    (void)state;
    static const char *const ids[] = {"", "-pkeyopt distid:1234567812345679", "-pkeyopt distid:12345678"};
    char command[512];
    uint8_t sig[ZT_SIG_LEN], der[128];
    struct zt_key *key = NULL;
    write_file("message", MESSAGE, sizeof MESSAGE - 1, 0600);
    assert_int_equal(zt_key_new(ZT_SM2, &key), ZT_OK);
    assert_int_equal(zt_key_save_private(key, path_of("id.key"), NULL), ZT_OK);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        snprintf(command, sizeof command,
                 "pkeyutl -sign -inkey id.key -in message -rawin -digest sm3 %s -out sig", ids[i]);
        assert_int_equal(openssl(command), 0);
        read_file("sig", der, sizeof der);
        from_der(der, sig);
        assert_int_equal(zt_verify(key, zt_bytes_str(MESSAGE), (struct zt_bytes){sig, sizeof sig}),
                         ZT_E_CRYPTO);
    }
    zt_key_destroy(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(save_and_load),           cmocka_unit_test(loose_modes_are_refused),
        cmocka_unit_test(other_files_are_refused), cmocka_unit_test(truncated_key_file),
        cmocka_unit_test(openssl_verifies_ours),   cmocka_unit_test(ours_verifies_openssl),
        cmocka_unit_test(another_user_id),
    };
    return cmocka_run_group_tests(tests, open_dir, close_dir);
}
