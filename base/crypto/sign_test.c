// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/sign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/vectors.h"

#define P256_SPKI    "3059301306072a8648ce3d020106082a8648ce3d030107034200"
#define SM2_SPKI     "3059301306072a8648ce3d020106082a811ccf5501822d034200"
#define ED25519_SPKI "302a300506032b6570032100"

#define P256_ORDER "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define SM2_ORDER  "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123"

// RFC 7515 appendix A.3.
#define A3_POINT                                                                                             \
    "04 7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445"                                    \
    "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad"
#define A3_INPUT                                                                                             \
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb" \
    "290Ijp0cnVlfQ"
#define A3_SIG                                                                                               \
    "0ed1215379636c483c2f7f1558 07d402a3b2280 33af97c7e17819ac3169ea665"                                     \
    "c50a07d38c3c70e5d8f12daf084a5480a66590c5f293509a8f3f7f8a83a354d5"

// GB/T 32918.5-2017 appendix A.2 (also GM/T 0009): id 1234567812345678, message "message digest".
#define GB_POINT                                                                                             \
    "04 09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"                                    \
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
#define GB_INPUT "message digest"
#define GB_SIG                                                                                               \
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"                                       \
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"

static struct zt_key *key_of(const char *spki_hex)
{
    struct zt_key *key = NULL;
    assert_int_equal(zt_key_from_spki(zt_vector(spki_hex), &key), ZT_OK);
    return key;
}

static void es256_vector(void **state)
{
    (void)state;
    struct zt_key *key = key_of(P256_SPKI A3_POINT);
    assert_int_equal(zt_key_alg(key), ZT_ES256);
    assert_int_equal(zt_verify(key, zt_bytes_str(A3_INPUT), zt_vector(A3_SIG)), ZT_OK);
    assert_int_equal(zt_verify(key, zt_bytes_str(A3_INPUT "."), zt_vector(A3_SIG)), ZT_E_CRYPTO);
    zt_key_destroy(&key);
    assert_null(key);
}

static void sm2_vector(void **state)
{
    (void)state;
    struct zt_key *key = key_of(SM2_SPKI GB_POINT);
    assert_int_equal(zt_key_alg(key), ZT_SM2);
    assert_int_equal(zt_verify(key, zt_bytes_str(GB_INPUT), zt_vector(GB_SIG)), ZT_OK);
    assert_int_equal(zt_verify(key, zt_bytes_str("message digesT"), zt_vector(GB_SIG)), ZT_E_CRYPTO);
    zt_key_destroy(&key);
}

static void ed25519_vectors(void **state)
{
    (void)state;
    // RFC 8032 section 7.1, tests 1 to 3: public key, message, signature.
    static const char *const rows[][3] = {
        {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zt_key *key = NULL;
        uint8_t raw[ZT_ED25519_LEN];
        struct zt_bytes public_key = zt_vector(rows[i][0]);
        assert_int_equal(zt_key_from_ed25519(public_key.data, &key), ZT_OK);
        assert_int_equal(zt_verify(key, zt_vector(rows[i][1]), zt_vector(rows[i][2])), ZT_OK);
        assert_int_equal(zt_verify(key, zt_bytes_str("x"), zt_vector(rows[i][2])), ZT_E_CRYPTO);
        assert_int_equal(zt_key_ed25519_public(key, raw), ZT_OK);
        assert_memory_equal(raw, public_key.data, sizeof raw);
        zt_key_destroy(&key);
    }
}

static void names(void **state)
{
    (void)state;
    enum zt_sig_alg alg = ZT_ES256;
    for (int i = ZT_ES256; i <= ZT_ED25519; i++) {
        assert_int_equal(zt_sig_alg_parse(zt_sig_alg_name((enum zt_sig_alg)i), &alg), ZT_OK);
        assert_int_equal((int)alg, i);
    }
    assert_int_equal(zt_sig_alg_parse("none", &alg), ZT_E_INPUT);
    assert_int_equal(zt_sig_alg_parse("", &alg), ZT_E_INPUT);
    assert_int_equal(zt_sig_alg_parse("es256", &alg), ZT_E_INPUT);
    assert_int_equal((int)alg, ZT_ED25519);
    assert_string_equal(zt_sig_alg_name((enum zt_sig_alg)0), "");
    assert_string_equal(zt_sig_alg_name((enum zt_sig_alg)4), "");
}

// Fresh keys of each kind: what one signs the public half accepts, and nothing changed is accepted.
static void sign_and_verify(void **state)
{
    (void)state;
    for (int alg = ZT_ES256; alg <= ZT_ED25519; alg++) {
        struct zt_key *private_key = NULL, *public_key = NULL;
        struct zt_buf spki;
        uint8_t sig[ZT_SIG_LEN];
        uint8_t message[100] = "what the department says";
        zt_buf_init(&spki, 1024);
        assert_int_equal(zt_key_new((enum zt_sig_alg)alg, &private_key), ZT_OK);
        assert_int_equal(zt_key_to_spki(private_key, &spki), ZT_OK);
        assert_int_equal(zt_key_from_spki(zt_buf_bytes(&spki), &public_key), ZT_OK);
        for (size_t len = 0; len <= sizeof message; len += 20) {
            struct zt_bytes text = {len ? message : NULL, len};
            assert_int_equal(zt_sign(private_key, text, sig), ZT_OK);
            assert_int_equal(zt_verify(public_key, text, (struct zt_bytes){sig, sizeof sig}), ZT_OK);
        }
        for (size_t bit = 0; bit < 8 * sizeof sig; bit += 3) { // 3 has no factor in common with 8
            sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(zt_verify(public_key, (struct zt_bytes){message, sizeof message},
                                       (struct zt_bytes){sig, sizeof sig}),
                             ZT_E_CRYPTO);
            sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        message[99] = 'x';
        assert_int_equal(zt_verify(public_key, (struct zt_bytes){message, sizeof message},
                                   (struct zt_bytes){sig, sizeof sig}),
                         ZT_E_CRYPTO);
        assert_int_equal(zt_sign(public_key, zt_bytes_str("no private half"), sig), ZT_E_CRYPTO);
        zt_buf_fini(&spki);
        zt_key_destroy(&private_key);
        zt_key_destroy(&public_key);
        zt_key_destroy(&public_key);
    }
    struct zt_key *none = NULL;
    assert_int_equal(zt_key_new((enum zt_sig_alg)9, &none), ZT_E_INPUT);
    assert_null(none);
}

// Puts a number into the half `at` (0: r, 32: s) of a good signature and expects refusal.
static void assert_half_refused(struct zt_key *key, const char *input, const char *sig_hex, size_t at,
                                const char *number_hex)
{
    uint8_t sig[ZT_SIG_LEN];
    memcpy(sig, zt_vector(sig_hex).data, sizeof sig);
    memcpy(sig + at, zt_vector(number_hex).data, 32);
    assert_int_equal(zt_verify(key, zt_bytes_str(input), (struct zt_bytes){sig, sizeof sig}), ZT_E_CRYPTO);
}

static void numbers_out_of_range(void **state)
{
    (void)state;
    static const char *const zero = "0000000000000000000000000000000000000000000000000000000000000000";
    static const char *const one = "0000000000000000000000000000000000000000000000000000000000000001";
    static const char *const all = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    static const char *const rows[][5] = {
        {P256_SPKI A3_POINT, A3_INPUT, A3_SIG, P256_ORDER,
         "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552"},
        {SM2_SPKI GB_POINT, GB_INPUT, GB_SIG, SM2_ORDER,
         "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54124"},
    };
    for (size_t i = 0; i < 2; i++) {
        struct zt_key *key = key_of(rows[i][0]);
        for (size_t at = 0; at <= 32; at += 32) {
            assert_half_refused(key, rows[i][1], rows[i][2], at, zero);
            assert_half_refused(key, rows[i][1], rows[i][2], at, one);
            assert_half_refused(key, rows[i][1], rows[i][2], at, all);
            assert_half_refused(key, rows[i][1], rows[i][2], at, rows[i][3]);
            assert_half_refused(key, rows[i][1], rows[i][2], at, rows[i][4]);
        }
        zt_key_destroy(&key);
    }
}

// order - s, big-endian.
static void negate(const char *order_hex, uint8_t s[32])
{
    struct zt_bytes order = zt_vector(order_hex);
    int borrow = 0;
    for (int i = 31; i >= 0; i--) {
        int digit = order.data[i] - s[i] - borrow;
        borrow = digit < 0;
        s[i] = (uint8_t)(digit + (borrow ? 256 : 0));
    }
}

static void malleated(void **state)
{
    (void)state;
    uint8_t sig[ZT_SIG_LEN];
    struct zt_key *key = key_of(SM2_SPKI GB_POINT);
    memcpy(sig, zt_vector(GB_SIG).data, sizeof sig);
    negate(SM2_ORDER, sig + 32);
    assert_int_equal(zt_verify(key, zt_bytes_str(GB_INPUT), (struct zt_bytes){sig, sizeof sig}), ZT_E_CRYPTO);
    zt_key_destroy(&key);
    // ECDSA accepts it by its standard; the header says so, and this shows it.
    key = key_of(P256_SPKI A3_POINT);
    memcpy(sig, zt_vector(A3_SIG).data, sizeof sig);
    negate(P256_ORDER, sig + 32);
    assert_int_equal(zt_verify(key, zt_bytes_str(A3_INPUT), (struct zt_bytes){sig, sizeof sig}), ZT_OK);
    memcpy(sig, zt_vector(A3_SIG).data, sizeof sig);
    negate(P256_ORDER, sig); // of r
    assert_int_equal(zt_verify(key, zt_bytes_str(A3_INPUT), (struct zt_bytes){sig, sizeof sig}), ZT_E_CRYPTO);
    zt_key_destroy(&key);
}

static void other_lengths(void **state)
{
    (void)state;
    static uint8_t sig[256];
    static const char *const rows[][3] = {{P256_SPKI A3_POINT, A3_INPUT, A3_SIG},
                                          {SM2_SPKI GB_POINT, GB_INPUT, GB_SIG}};
    for (size_t i = 0; i < 2; i++) {
        struct zt_key *key = key_of(rows[i][0]);
        memcpy(sig, zt_vector(rows[i][2]).data, ZT_SIG_LEN);
        for (size_t len = 0; len <= sizeof sig; len++)
            assert_int_equal(zt_verify(key, zt_bytes_str(rows[i][1]), (struct zt_bytes){sig, len}),
                             len == ZT_SIG_LEN ? ZT_OK : ZT_E_CRYPTO);
        zt_key_destroy(&key);
    }
}

// The same bytes under a key of another kind are no signature, even where the lengths agree.
static void other_kind(void **state)
{
    (void)state;
    for (int signer = ZT_ES256; signer <= ZT_ED25519; signer++) {
        for (int verifier = ZT_ES256; verifier <= ZT_ED25519; verifier++) {
            struct zt_key *a = NULL, *b = NULL;
            uint8_t sig[ZT_SIG_LEN];
            assert_int_equal(zt_key_new((enum zt_sig_alg)signer, &a), ZT_OK);
            assert_int_equal(zt_key_new((enum zt_sig_alg)verifier, &b), ZT_OK);
            assert_int_equal(zt_sign(a, zt_bytes_str("text"), sig), ZT_OK);
            assert_int_equal(zt_verify(b, zt_bytes_str("text"), (struct zt_bytes){sig, sizeof sig}),
                             ZT_E_CRYPTO);
            zt_key_destroy(&a);
            zt_key_destroy(&b);
        }
    }
}

static void bad_spki(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "30",
        "3000",
        P256_SPKI A3_POINT "00", // a byte too many
        P256_SPKI GB_POINT,      // a point of the other curve
        SM2_SPKI A3_POINT,
        // point at infinity
        "3019301306072a8648ce3d020106082a8648ce3d030107030200 00",
        // compressed form is not the one we write
        "3039301306072a8648ce3d020106082a8648ce3d030107032200 03"
        "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445",
        // secp256k1: a curve that is none of ours
        "3056301006072a8648ce3d020106052b8104000a034200 04"
        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
        "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
        // X25519: no signature key
        "302a300506032b656e032100 d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        // Ed25519, a byte too few
        "3029300506032b657003200000 d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zt_key *key = NULL;
        assert_int_equal(zt_key_from_spki(zt_vector(rows[i]), &key), ZT_E_CRYPTO);
        assert_null(key);
    }
}

static void spki_cut_and_changed(void **state)
{
    (void)state;
    static const char *const rows[] = {P256_SPKI A3_POINT, SM2_SPKI GB_POINT,
                                       ED25519_SPKI
                                       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"};
    for (size_t i = 0; i < 3; i++) {
        struct zt_bytes whole = zt_vector(rows[i]);
        uint8_t copy[128];
        for (size_t len = 0; len < whole.len; len++) {
            struct zt_key *key = NULL;
            assert_int_equal(zt_key_from_spki((struct zt_bytes){whole.data, len}, &key), ZT_E_CRYPTO);
        }
        for (size_t at = 0; at < whole.len; at++) { // no crash, and never the same key
            struct zt_key *key = NULL;
            struct zt_buf again;
            zt_buf_init(&again, 1024);
            memcpy(copy, whole.data, whole.len);
            copy[at] ^= 0x41;
            if (zt_key_from_spki((struct zt_bytes){copy, whole.len}, &key) == ZT_OK) {
                assert_int_equal(zt_key_to_spki(key, &again), ZT_OK);
                assert_false(zt_bytes_equal(zt_buf_bytes(&again), whole));
            }
            zt_key_destroy(&key);
            zt_buf_fini(&again);
        }
    }
}

static void ed25519_public_of_others(void **state)
{
    (void)state;
    uint8_t raw[ZT_ED25519_LEN];
    struct zt_key *key = key_of(P256_SPKI A3_POINT);
    assert_int_equal(zt_key_ed25519_public(key, raw), ZT_E_INPUT);
    struct zt_buf small;
    zt_buf_init(&small, 10);
    assert_int_equal(zt_key_to_spki(key, &small), ZT_E_LIMIT);
    zt_buf_fini(&small);
    zt_key_destroy(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(es256_vector),
        cmocka_unit_test(sm2_vector),
        cmocka_unit_test(ed25519_vectors),
        cmocka_unit_test(names),
        cmocka_unit_test(sign_and_verify),
        cmocka_unit_test(numbers_out_of_range),
        cmocka_unit_test(malleated),
        cmocka_unit_test(other_lengths),
        cmocka_unit_test(other_kind),
        cmocka_unit_test(bad_spki),
        cmocka_unit_test(spki_cut_and_changed),
        cmocka_unit_test(ed25519_public_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
