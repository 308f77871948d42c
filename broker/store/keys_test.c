// SPDX-License-Identifier: Apache-2.0
#include "broker/store/keys.h"

#include "base/test_support.h"
#include "broker/store/kv.h"

static const uint8_t subject[ZT_PSEUDONYM_LEN] = {1, 2, 3};
static const uint8_t hash[ZT_RECORD_HASH_LEN] = {9, 8, 7};

static int compare(const struct zt_store_key *a, const struct zt_store_key *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->data, b->data, len);
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

static void a_record_key_is_subject_type_and_hash(void **state)
{
    (void)state;
    struct zt_store_key key;
    zt_store_key_record(subject, "ab", hash, &key);
    assert_int_equal(key.len, 16 + 3 + 16);
    assert_memory_equal(key.data, subject, 16);
    assert_memory_equal(key.data + 16, "ab", 3);
    assert_memory_equal(key.data + 19, hash, 16);
    assert_true(zt_bytes_equal(zt_store_key_bytes(&key), (struct zt_bytes){key.data, key.len}));
}

static void the_longest_type_fits_and_a_longer_one_gives_no_key(void **state)
{
    (void)state;
    char type[ZT_RECORD_TYPE_MAX + 8];
    struct zt_store_key key;
    memset(type, 'x', sizeof type);
    type[ZT_RECORD_TYPE_MAX - 1] = '\0';
    zt_store_key_record(subject, type, hash, &key);
    assert_int_equal(key.len, ZT_STORE_KEY_MAX);
    assert_true(key.len <= ZT_KV_KEY_MAX);
    type[ZT_RECORD_TYPE_MAX - 1] = 'x';
    type[ZT_RECORD_TYPE_MAX] = '\0';
    zt_store_key_record(subject, type, hash, &key);
    assert_int_equal(key.len, 0);
    zt_store_key_owner(type, hash, &key);
    assert_int_equal(key.len, 0);
    zt_store_key_subject(subject, type, &key);
    assert_int_equal(key.len, 0);
    zt_store_key_owner("", hash, &key);
    assert_int_equal(key.len, 0);
}

static void a_type_is_never_a_prefix_of_another(void **state)
{
    (void)state;
    struct zt_store_key prefix, other;
    zt_store_key_subject(subject, "tax.pay", &prefix);
    zt_store_key_record(subject, "tax.payment", hash, &other);
    assert_true(other.len > prefix.len);
    assert_memory_not_equal(other.data, prefix.data, prefix.len);
    zt_store_key_record(subject, "tax.pay", hash, &other);
    assert_memory_equal(other.data, prefix.data, prefix.len);
}

static void numbers_sort_by_value(void **state)
{
    (void)state;
    static const uint64_t rising[] = {
        0, 1, 255, 256, 65535, 65536, UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX};
    for (size_t i = 0; i + 1 < sizeof rising / sizeof *rising; i++) {
        struct zt_store_key a, b;
        zt_store_key_change(rising[i], &a);
        zt_store_key_change(rising[i + 1], &b);
        assert_true(compare(&a, &b) < 0);
        zt_store_key_log(7, rising[i], &a);
        zt_store_key_log(7, rising[i + 1], &b);
        assert_true(compare(&a, &b) < 0);
        zt_store_key_log(8, 0, &a);
        assert_true(compare(&b, &a) < 0);
    }
}

static void a_log_key_reads_back(void **state)
{
    (void)state;
    struct zt_store_key key;
    uint32_t partition = 0;
    uint64_t seq = 0;
    zt_store_key_log(0x01020304, 0x1122334455667788, &key);
    assert_true(zt_store_key_log_parse(zt_store_key_bytes(&key), &partition, &seq));
    assert_int_equal(partition, 0x01020304);
    assert_int_equal(seq, 0x1122334455667788);
    for (size_t len = 0; len < key.len; len++)
        assert_false(zt_store_key_log_parse((struct zt_bytes){key.data, len}, &partition, &seq));
}

static void names_are_bounded(void **state)
{
    (void)state;
    char name[200];
    struct zt_store_key key;
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    zt_store_key_source(name, &key);
    assert_int_equal(key.len, 0);
    zt_store_key_meta_of(name, 1, &key);
    assert_int_equal(key.len, 0);
    zt_store_key_meta_of("applied", 1, &key);
    assert_int_equal(key.len, 7 + 1 + 4);
    zt_store_key_source("civil_affairs.marriage", &key);
    assert_int_equal(key.len, 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_key_is_subject_type_and_hash),
        cmocka_unit_test(the_longest_type_fits_and_a_longer_one_gives_no_key),
        cmocka_unit_test(a_type_is_never_a_prefix_of_another),
        cmocka_unit_test(numbers_sort_by_value),
        cmocka_unit_test(a_log_key_reads_back),
        cmocka_unit_test(names_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
