// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hash.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/vectors.h"

static void assert_hash(enum zt_hash kind, struct zt_bytes data, const char *hex)
{
    uint8_t out[ZT_HASH_LEN];
    assert_int_equal(zt_hash_of(kind, data, out), ZT_OK);
    assert_memory_equal(out, zt_vector(hex).data, sizeof out);
}

static void sha256_vectors(void **state)
{
    (void)state;
    static const uint8_t block[64];
    // FIPS 180-4 examples (NIST "SHA256.pdf") and the empty text.
    assert_hash(ZT_SHA256, (struct zt_bytes){0},
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hash(ZT_SHA256, zt_bytes_str("abc"),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_hash(ZT_SHA256, zt_bytes_str("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    // NIST's additional examples: 64 zero bytes.
    assert_hash(ZT_SHA256, (struct zt_bytes){block, sizeof block},
                "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

static void sm3_vectors(void **state)
{
    (void)state;
    // GB/T 32905-2016 appendix A.1 and A.2.
    assert_hash(ZT_SM3, zt_bytes_str("abc"),
                "66c7f0f4 62eeedd9 d1f2d46b dc10e4e2 4167c487 5cf2f7a2 297da02b 8f4ba8e0");
    assert_hash(ZT_SM3, zt_bytes_str("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"),
                "debe9ff9 2275b8a1 38604889 c18e5a4d 6fdb70e5 387e5765 293dcba3 9c0c5732");
    assert_hash(ZT_SM3, (struct zt_bytes){0},
                "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

static void million_letters(void **state)
{
    (void)state;
    char thousand[1000];
    struct zt_bytes parts[1000];
    uint8_t out[ZT_HASH_LEN];
    memset(thousand, 'a', sizeof thousand);
    for (size_t i = 0; i < 1000; i++)
        parts[i] = (struct zt_bytes){(uint8_t *)thousand, sizeof thousand};
    assert_int_equal(zt_hash_parts(ZT_SHA256, parts, 1000, out), ZT_OK);
    struct zt_bytes fips = zt_vector("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_memory_equal(out, fips.data, sizeof out);
}

static void parts_are_joined(void **state)
{
    (void)state;
    uint8_t whole[ZT_HASH_LEN], cut[ZT_HASH_LEN];
    const char *text = "parts are joined without any separator, wherever the cut is";
    for (int kind = ZT_SHA256; kind <= ZT_SM3; kind++) {
        assert_int_equal(zt_hash_of((enum zt_hash)kind, zt_bytes_str(text), whole), ZT_OK);
        for (size_t at = 0; at <= strlen(text); at++) {
            struct zt_bytes parts[] = {
                {(const uint8_t *)text, at}, {NULL, 0}, {(const uint8_t *)text + at, strlen(text) - at}};
            assert_int_equal(zt_hash_parts((enum zt_hash)kind, parts, 3, cut), ZT_OK);
            assert_memory_equal(whole, cut, sizeof whole);
        }
    }
    assert_int_equal(zt_hash_parts((enum zt_hash)7, NULL, 0, cut), ZT_E_BUG);
    assert_memory_equal(whole, cut, sizeof whole); // untouched on failure
}

// RFC 2104 spelled out, as a second opinion.
static void plain_hmac(struct zt_bytes key, struct zt_bytes text, uint8_t out[ZT_HASH_LEN])
{
    uint8_t ipad[64] = {0}, opad[64];
    if (key.len > 64)
        assert_int_equal(zt_hash_of(ZT_SM3, key, ipad), ZT_OK);
    else if (key.len)
        memcpy(ipad, key.data, key.len);
    for (size_t i = 0; i < 64; i++) {
        opad[i] = ipad[i] ^ 0x5c;
        ipad[i] ^= 0x36;
    }
    struct zt_bytes inner[] = {{ipad, 64}, text}, outer[] = {{opad, 64}, {out, ZT_HASH_LEN}};
    assert_int_equal(zt_hash_parts(ZT_SM3, inner, 2, out), ZT_OK);
    assert_int_equal(zt_hash_parts(ZT_SM3, outer, 2, out), ZT_OK);
}

static void hmac_vector(void **state)
{
    (void)state;
    uint8_t out[ZT_HASH_LEN];
    // GM/T 0042-2015 appendix D.3.
    struct zt_bytes key = zt_vector("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    struct zt_bytes half = zt_bytes_str("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    struct zt_bytes parts[] = {half, half};
    assert_int_equal(zt_hmac_sm3(key, parts, 2, out), ZT_OK);
    struct zt_bytes gmt = zt_vector("ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
    assert_memory_equal(out, gmt.data, sizeof out);
}

// The kept key must never leak into a call with another key, whatever the order of lengths.
static void hmac_keys_change(void **state)
{
    (void)state;
    static const size_t lens[] = {0, 1, 32, 32, 63, 64, 65, 64, 1, 200, 200, 32, 0, 0, 31, 32};
    uint8_t keys[256], expected[ZT_HASH_LEN], out[ZT_HASH_LEN];
    for (size_t i = 0; i < sizeof keys; i++)
        keys[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        struct zt_bytes key = {lens[i] ? keys + i : NULL, lens[i]}, text = zt_bytes_str("subject");
        plain_hmac(key, text, expected);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(zt_hmac_sm3(key, &text, 1, out), ZT_OK);
            assert_memory_equal(out, expected, sizeof out);
        }
    }
}

static void sm4_vectors(void **state)
{
    (void)state;
    uint8_t out[64] = {0};
    struct zt_bytes key = zt_vector("0123456789abcdeffedcba9876543210");
    // GB/T 32907-2016 appendix A.1 (one block): counter mode over zeros shows the cipher of the counter.
    static const uint8_t zeros[16];
    struct zt_bytes a1 = zt_vector("681edf34d206965e86b3e94f536e4246");
    assert_int_equal(zt_sm4_ctr(key.data, key.data, (struct zt_bytes){zeros, 16}, out), ZT_OK);
    assert_memory_equal(out, a1.data, 16);
    // Counter mode over four blocks: OpenSSL's evpciph_sm4.txt.
    struct zt_bytes plain = zt_vector("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
                                      "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
    struct zt_bytes cipher = zt_vector("c2b4759e78ac3cf43d0852f4e8d5f9fd7256e8a5fcb65a350ee00630912e4449"
                                       "2a0b17e1b85b060d0fba612d8a95831638b361fd5ffacd942f081485a83ca35d");
    assert_int_equal(zt_sm4_ctr(key.data, key.data, plain, out), ZT_OK);
    assert_memory_equal(out, cipher.data, 64);
    for (size_t len = 0; len <= 64; len++) { // any length, in place, and back again
        memcpy(out, plain.data, 64);
        assert_int_equal(zt_sm4_ctr(key.data, key.data, (struct zt_bytes){out, len}, out), ZT_OK);
        assert_memory_equal(out, cipher.data, len);
        assert_memory_equal(out + len, plain.data + len, 64 - len);
        assert_int_equal(zt_sm4_ctr(key.data, key.data, (struct zt_bytes){out, len}, out), ZT_OK);
        assert_memory_equal(out, plain.data, 64);
    }
}

static void random_bytes_differ(void **state)
{
    (void)state;
    uint8_t a[32] = {0}, b[32] = {0};
    assert_int_equal(zt_random(a, sizeof a), ZT_OK);
    assert_int_equal(zt_random(b, sizeof b), ZT_OK);
    assert_memory_not_equal(a, b, sizeof a);
    assert_int_equal(zt_random(a, 0), ZT_OK);
}

static void equal_in_constant_time(void **state)
{
    (void)state;
    uint8_t a[32] = {1}, b[32] = {1};
    assert_true(zt_equal_ct(a, b, sizeof a));
    for (size_t i = 0; i < sizeof a; i++) {
        b[i] ^= 0x80;
        assert_false(zt_equal_ct(a, b, sizeof a));
        assert_true(zt_equal_ct(a, b, i));
        b[i] ^= 0x80;
    }
}

static void *hash_many(void *arg)
{
    struct zt_bytes text = zt_bytes_str("abc"), key = {arg, 4};
    uint8_t *out = arg, hash[ZT_HASH_LEN], first[ZT_HASH_LEN];
    if (zt_hmac_sm3(key, &text, 1, first) != ZT_OK)
        return NULL;
    for (int i = 0; i < 2000; i++) {
        if (zt_hmac_sm3(key, &text, 1, hash) != ZT_OK || memcmp(hash, first, sizeof hash) != 0)
            return NULL;
        if (zt_hash_of(ZT_SM3, text, hash) != ZT_OK)
            return NULL;
    }
    memcpy(out + 4, first, ZT_HASH_LEN);
    return arg;
}

static void threads_do_not_disturb(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    uint8_t work[THREADS][4 + ZT_HASH_LEN], expected[ZT_HASH_LEN];
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        memset(work[i], (int)i + 1, sizeof work[i]);
        assert_int_equal(pthread_create(&threads[i], NULL, hash_many, work[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, work[i]);
        plain_hmac((struct zt_bytes){work[i], 4}, zt_bytes_str("abc"), expected);
        assert_memory_equal(work[i] + 4, expected, sizeof expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_vectors),
        cmocka_unit_test(sm3_vectors),
        cmocka_unit_test(million_letters),
        cmocka_unit_test(parts_are_joined),
        cmocka_unit_test(hmac_vector),
        cmocka_unit_test(hmac_keys_change),
        cmocka_unit_test(sm4_vectors),
        cmocka_unit_test(random_bytes_differ),
        cmocka_unit_test(equal_in_constant_time),
        cmocka_unit_test(threads_do_not_disturb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
