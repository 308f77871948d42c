// SPDX-License-Identifier: Apache-2.0
#include "certs/tlog_proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NAME   "zhitong.example/ledger/test"
#define LEAVES 7

struct world {
    struct zt_buf text, vkey;
    uint8_t leaves[LEAVES][ZT_HASH_LEN];
};

static void hash_pair(const uint8_t *a, const uint8_t *b, uint8_t *out)
{
    assert_int_equal(zt_merkle_node(ZT_SHA256, a, b, out), ZT_OK);
}

// A tree of seven leaves, made by hand: ((01)(23))((45)6); the proof is of leaf 4.
static void make_world(struct world *w)
{
    uint8_t n01[32], n23[32], n45[32], n0123[32], n456[32];
    struct zt_tlog_proof proof = {.index = 4, .path = {.count = 3}};
    struct zt_checkpoint checkpoint = {.size = LEAVES, .origin = NAME};
    for (uint8_t i = 0; i < LEAVES; i++)
        assert_int_equal(zt_merkle_leaf(ZT_SHA256, (struct zt_bytes){&i, 1}, w->leaves[i]), ZT_OK);
    hash_pair(w->leaves[0], w->leaves[1], n01);
    hash_pair(w->leaves[2], w->leaves[3], n23);
    hash_pair(w->leaves[4], w->leaves[5], n45);
    hash_pair(n01, n23, n0123);
    hash_pair(n45, w->leaves[6], n456);
    hash_pair(n0123, n456, checkpoint.root);
    memcpy(proof.path.hashes[0], w->leaves[5], 32);
    memcpy(proof.path.hashes[1], w->leaves[6], 32);
    memcpy(proof.path.hashes[2], n0123, 32);
    struct zt_key *key = NULL;
    struct zt_buf body, note;
    zt_buf_init(&body, ZT_NOTE_MAX);
    zt_buf_init(&note, ZT_NOTE_MAX);
    zt_buf_init(&w->vkey, ZT_NOTE_MAX);
    zt_buf_init(&w->text, ZT_TLOG_PROOF_MAX);
    assert_int_equal(zt_key_new(ZT_ED25519, &key), ZT_OK);
    assert_int_equal(zt_note_vkey(key, NAME, &w->vkey), ZT_OK);
    zt_checkpoint_write(&checkpoint, &body);
    assert_int_equal(zt_note_sign(key, NAME, zt_buf_bytes(&body), &note), ZT_OK);
    proof.checkpoint = zt_buf_bytes(&note);
    zt_tlog_proof_write(&proof, &w->text);
    zt_key_destroy(&key);
    zt_buf_fini(&body);
    zt_buf_fini(&note);
}

static int setup(void **state)
{
    static struct world world;
    make_world(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    zt_buf_fini(&w->text);
    zt_buf_fini(&w->vkey);
    return 0;
}

static void a_written_proof_holds(void **state)
{
    struct world *w = *state;
    struct zt_tlog_proof proof;
    struct zt_checkpoint checkpoint;
    assert_int_equal(zt_tlog_proof_parse(zt_buf_bytes(&w->text), &proof, NULL), ZT_OK);
    assert_int_equal(proof.index, 4);
    assert_int_equal(zt_tlog_proof_verify(&proof, zt_buf_text(&w->vkey), w->leaves[4], &checkpoint, NULL),
                     ZT_OK);
    assert_int_equal(checkpoint.size, LEAVES);
    assert_string_equal(checkpoint.origin, NAME);
}

static void an_extra_line_is_ignored(void **state)
{
    struct world *w = *state;
    struct zt_buf text;
    struct zt_tlog_proof proof;
    size_t head = strlen("c2sp.org/tlog-proof@v1\n");
    zt_buf_init(&text, ZT_TLOG_PROOF_MAX);
    zt_buf_put(&text, w->text.data, head);
    zt_buf_put_str(&text, "extra QUJD\n");
    zt_buf_put(&text, w->text.data + head, w->text.len - head);
    assert_int_equal(zt_tlog_proof_parse(zt_buf_bytes(&text), &proof, NULL), ZT_OK);
    assert_int_equal(proof.path.count, 3);
    zt_buf_fini(&text);
}

static void another_entry_or_key_does_not_hold(void **state)
{
    struct world *w = *state, other;
    struct zt_tlog_proof proof;
    struct zt_checkpoint checkpoint;
    struct zt_fault fault = {0};
    make_world(&other);
    assert_int_equal(zt_tlog_proof_parse(zt_buf_bytes(&w->text), &proof, NULL), ZT_OK);
    assert_int_equal(zt_tlog_proof_verify(&proof, zt_buf_text(&w->vkey), w->leaves[3], &checkpoint, &fault),
                     ZT_E_CRYPTO);
    assert_string_equal(fault.rule, "tlog-proof.path");
    assert_int_not_equal(
        zt_tlog_proof_verify(&proof, zt_buf_text(&other.vkey), w->leaves[4], &checkpoint, &fault), ZT_OK);
    proof.index = LEAVES;
    assert_int_equal(zt_tlog_proof_verify(&proof, zt_buf_text(&w->vkey), w->leaves[4], &checkpoint, &fault),
                     ZT_E_CRYPTO);
    assert_string_equal(fault.rule, "tlog-proof.range");
    teardown((void *[]){&other});
}

// Every cut and every changed character is refused, here or at the check.
static void every_change_is_refused(void **state)
{
    struct world *w = *state;
    struct zt_tlog_proof proof;
    struct zt_checkpoint checkpoint;
    for (size_t i = 0; i < w->text.len; i++) {
        struct zt_bytes cut = {w->text.data, i};
        bool good =
            zt_tlog_proof_parse(cut, &proof, NULL) == ZT_OK &&
            zt_tlog_proof_verify(&proof, zt_buf_text(&w->vkey), w->leaves[4], &checkpoint, NULL) == ZT_OK;
        assert_false(good);
        w->text.data[i] ^= 1;
        good = zt_tlog_proof_parse(zt_buf_bytes(&w->text), &proof, NULL) == ZT_OK &&
               zt_tlog_proof_verify(&proof, zt_buf_text(&w->vkey), w->leaves[4], &checkpoint, NULL) == ZT_OK;
        assert_false(good);
        w->text.data[i] ^= 1;
    }
}

static void malformed_texts_name_their_rule(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "tlog-proof.head"},
        {"c2sp.org/tlog-proof@v2\nindex 0\n\nx\n", "tlog-proof.head"},
        {"c2sp.org/tlog-proof@v1\n", "tlog-proof.index"},
        {"c2sp.org/tlog-proof@v1\nindex \n\nx\n", "tlog-proof.index"},
        {"c2sp.org/tlog-proof@v1\nindex 01\n\nx\n", "tlog-proof.index"},
        {"c2sp.org/tlog-proof@v1\nindex -1\n\nx\n", "tlog-proof.index"},
        {"c2sp.org/tlog-proof@v1\nindex 99999999999999999999\n\nx\n", "tlog-proof.index"},
        {"c2sp.org/tlog-proof@v1\nindex 0\nQUJD\n\nx\n", "tlog-proof.hash"},
        {"c2sp.org/tlog-proof@v1\nindex 0\n", "tlog-proof.checkpoint"},
        {"c2sp.org/tlog-proof@v1\nindex 0\n\n", "tlog-proof.checkpoint"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_tlog_proof proof;
        struct zt_fault fault = {0};
        assert_int_equal(zt_tlog_proof_parse(zt_bytes_str(cases[i][0]), &proof, &fault), ZT_E_INPUT);
        assert_string_equal(fault.rule, cases[i][1]);
    }
}

static void too_many_hashes_are_refused(void **state)
{
    (void)state;
    struct zt_buf text;
    struct zt_tlog_proof proof;
    struct zt_fault fault = {0};
    zt_buf_init(&text, ZT_TLOG_PROOF_MAX);
    zt_buf_put_str(&text, "c2sp.org/tlog-proof@v1\nindex 0\n");
    for (int i = 0; i <= ZT_PROOF_MAX; i++)
        zt_buf_put_str(&text, "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n");
    zt_buf_put_str(&text, "\nx\n");
    assert_int_equal(zt_tlog_proof_parse(zt_buf_bytes(&text), &proof, &fault), ZT_E_INPUT);
    assert_string_equal(fault.rule, "tlog-proof.hash");
    zt_buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_written_proof_holds, setup, teardown),
        cmocka_unit_test_setup_teardown(an_extra_line_is_ignored, setup, teardown),
        cmocka_unit_test_setup_teardown(another_entry_or_key_does_not_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(every_change_is_refused, setup, teardown),
        cmocka_unit_test(malformed_texts_name_their_rule),
        cmocka_unit_test(too_many_hashes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
