// SPDX-License-Identifier: Apache-2.0
#include "base/test_support.h"
#include "broker/intake/internal.h"

#define KEYS (ZT_KEYRING_MAX + 5)

struct made {
    struct zt_party_key of;
    struct zt_buf spki;
};

static void make(struct made *made, enum zt_sig_alg real, enum zt_sig_alg said)
{
    struct zt_key *key = NULL;
    zt_buf_init(&made->spki, 512);
    assert_int_equal(zt_key_new(real, &key), ZT_OK);
    assert_int_equal(zt_key_to_spki(key, &made->spki), ZT_OK);
    made->of = (struct zt_party_key){.key_id = "k", .alg = said, .spki = zt_buf_bytes(&made->spki)};
    zt_key_destroy(&key);
}

static void a_key_is_parsed_once(void **state)
{
    (void)state;
    struct zt_keyring ring = {.count = 0};
    struct made made;
    struct zt_key *first = NULL, *second = NULL;
    make(&made, ZT_SM2, ZT_SM2);
    assert_int_equal(zt_keyring_get(&ring, &made.of, &first), ZT_OK);
    assert_int_equal(zt_keyring_get(&ring, &made.of, &second), ZT_OK);
    assert_ptr_equal(first, second);
    assert_int_equal(ring.count, 1);
    zt_keyring_clear(&ring);
    assert_int_equal(ring.count, 0);
    assert_int_equal(zt_keyring_get(&ring, &made.of, &first), ZT_OK);
    zt_keyring_clear(&ring);
    zt_keyring_clear(&ring);
    zt_buf_fini(&made.spki);
}

static void a_full_ring_begins_anew(void **state)
{
    (void)state;
    struct zt_keyring ring = {.count = 0};
    static struct made made[KEYS];
    struct zt_key *key = NULL;
    for (int i = 0; i < KEYS; i++) {
        make(&made[i], ZT_ES256, ZT_ES256);
        assert_int_equal(zt_keyring_get(&ring, &made[i].of, &key), ZT_OK);
        assert_true(ring.count <= ZT_KEYRING_MAX);
    }
    assert_int_equal(zt_keyring_get(&ring, &made[0].of, &key), ZT_OK);
    assert_int_equal(zt_key_alg(key), ZT_ES256);
    zt_keyring_clear(&ring);
    for (int i = 0; i < KEYS; i++)
        zt_buf_fini(&made[i].spki);
}

static void what_is_no_key_of_that_algorithm_is_refused(void **state)
{
    (void)state;
    struct zt_keyring ring = {.count = 0};
    struct made made;
    struct zt_key *key = NULL;
    make(&made, ZT_ES256, ZT_SM2);
    assert_int_equal(zt_keyring_get(&ring, &made.of, &key), ZT_E_CRYPTO);
    for (size_t len = 0; len < made.spki.len; len++) {
        made.of.spki.len = len;
        assert_int_not_equal(zt_keyring_get(&ring, &made.of, &key), ZT_OK);
    }
    assert_null(key);
    assert_int_equal(ring.count, 0);
    zt_buf_fini(&made.spki);
}

static void a_text_cut_inside_a_character_is_not_sent(void **state)
{
    (void)state;
    static const char text[] = "\xe7\x9b\xb4\xe9\x80\x9a"; // two characters of three bytes
    assert_string_equal(zt_reply_text("plain"), "plain");
    assert_string_equal(zt_reply_text(""), "");
    for (size_t len = 0; len <= 6; len++) {
        char cut[8];
        snprintf(cut, len + 1, "%s", text);
        assert_string_equal(zt_reply_text(cut), len % 3 ? "" : cut);
    }
}

static void the_last_hello_speaks_for_a_stream(void **state)
{
    (void)state;
    struct zt_speakers speakers = {.count = 0};
    struct zt_msg one = {.route = {1, 2, 3, 4, 5}, .route_len = 5},
                  two = {.route = {1, 2, 3, 4, 6}, .route_len = 5};
    struct zt_msg shorter = {.route = {1, 2, 3, 4}, .route_len = 4};
    assert_true(zt_speaker_may(&speakers, "a", &one));
    assert_int_equal(zt_speaker_set(&speakers, "a", &one), ZT_OK);
    assert_true(zt_speaker_may(&speakers, "a", &one));
    assert_false(zt_speaker_may(&speakers, "a", &two));
    assert_false(zt_speaker_may(&speakers, "a", &shorter));
    assert_true(zt_speaker_may(&speakers, "b", &two));
    assert_int_equal(zt_speaker_set(&speakers, "b", &one), ZT_OK);
    assert_int_equal(zt_speaker_set(&speakers, "a", &two), ZT_OK);
    assert_false(zt_speaker_may(&speakers, "a", &one));
    assert_true(zt_speaker_may(&speakers, "b", &one));
    assert_int_equal(speakers.count, 2);
    zt_speakers_fini(&speakers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_parsed_once),
        cmocka_unit_test(a_full_ring_begins_anew),
        cmocka_unit_test(what_is_no_key_of_that_algorithm_is_refused),
        cmocka_unit_test(a_text_cut_inside_a_character_is_not_sent),
        cmocka_unit_test(the_last_hello_speaks_for_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
