// SPDX-License-Identifier: Apache-2.0
#include "certs/note.h"

#include "base/file.h"
#include "base/test_support.h"
#include "base/text.h"

// The vectors of golang.org/x/mod/sumdb/note, note_test.go.
#define TEXT                                                                                                 \
    "If you think cryptography is the answer to your problem,\n"                                             \
    "then you don't know what your problem is.\n"
#define PETER_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_SIG                                                                                            \
    "\xe2\x80\x94 PeterNeumann "                                                                             \
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define PETER_SEED "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM="
#define ENOCH_KEY  "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
#define ENOCH_SIG                                                                                            \
    "\xe2\x80\x94 EnochRoot "                                                                                \
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

static enum zt_err verify(const char *note, const char *vkey, struct zt_fault *fault)
{
    struct zt_bytes body = {0};
    enum zt_err rc = zt_note_verify(zt_bytes_str(note), vkey, &body, fault);
    if (rc == ZT_OK)
        assert_true(body.len > 0 && body.data == (const uint8_t *)note);
    else
        assert_null(body.data);
    return rc;
}

static void published_note(void **state)
{
    (void)state;
    struct zt_bytes body;
    struct zt_fault fault;
    const char *note = TEXT "\n" PETER_SIG ENOCH_SIG;
    assert_int_equal(zt_note_verify(zt_bytes_str(note), PETER_KEY, &body, &fault), ZT_OK);
    assert_true(zt_bytes_equal(body, zt_bytes_str(TEXT)));
    assert_int_equal(verify(note, ENOCH_KEY, &fault), ZT_OK);
    assert_int_equal(verify(TEXT "\n" ENOCH_SIG, ENOCH_KEY, &fault), ZT_OK);
    assert_int_equal(verify(TEXT "\n" ENOCH_SIG, PETER_KEY, &fault), ZT_E_CRYPTO);
    assert_string_equal(fault.rule, "note.unsigned");
    assert_int_equal(verify(TEXT "\n" PETER_SIG PETER_SIG ENOCH_SIG, PETER_KEY, &fault), ZT_OK);
}

// The published private key: PKCS#8 around the seed (RFC 8410).
static struct zt_key *peter(void)
{
    char dir[PATH_MAX], path[PATH_MAX + 16];
    struct zt_buf der, pem;
    struct zt_key *key = NULL;
    zt_buf_init(&der, 64);
    zt_buf_init(&pem, 1024);
    zt_buf_put(&der, "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
    assert_int_equal(zt_base64_decode(zt_bytes_str(PETER_SEED), &der), ZT_OK);
    zt_buf_put_str(&pem, "-----BEGIN PRIVATE KEY-----\n");
    zt_base64_encode(zt_buf_bytes(&der), &pem);
    zt_buf_put_str(&pem, "\n-----END PRIVATE KEY-----\n");
    make_test_dir(dir);
    snprintf(path, sizeof path, "%s/peter.key", dir);
    assert_int_equal(zt_file_replace(path, zt_buf_bytes(&pem), 0400, NULL), ZT_OK);
    assert_int_equal(zt_key_load_private(path, &key, NULL), ZT_OK);
    remove_test_dir(dir);
    zt_buf_fini(&der);
    zt_buf_fini(&pem);
    return key;
}

static void signing_gives_the_published_note(void **state)
{
    (void)state;
    struct zt_key *key = peter();
    struct zt_buf out;
    zt_buf_init(&out, ZT_NOTE_MAX);
    assert_int_equal(zt_note_sign(key, "PeterNeumann", zt_bytes_str(TEXT), &out), ZT_OK);
    assert_string_equal(zt_buf_text(&out), TEXT "\n" PETER_SIG);
    zt_buf_reset(&out);
    assert_int_equal(zt_note_vkey(key, "PeterNeumann", &out), ZT_OK);
    assert_string_equal(zt_buf_text(&out), PETER_KEY);
    zt_buf_fini(&out);
    zt_key_destroy(&key);
}

static void signing_refuses(void **state)
{
    (void)state;
    static const char *const names[] = {"", "a b", "a+b", "a\nb", "a\tb", "\x7f", "\xff"};
    static const char *const bodies[] = {"", "abc", "abc\n\x01\n", "abc\r\n", "\xff\n"};
    struct zt_key *key = peter(), *other = NULL;
    struct zt_buf out;
    zt_buf_init(&out, ZT_NOTE_MAX);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(zt_note_sign(key, names[i], zt_bytes_str(TEXT), &out), ZT_E_INPUT);
        assert_int_equal(zt_note_vkey(key, names[i], &out), ZT_E_INPUT);
    }
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_int_equal(zt_note_sign(key, "name", zt_bytes_str(bodies[i]), &out), ZT_E_INPUT);
    assert_int_equal(zt_key_new(ZT_SM2, &other), ZT_OK);
    assert_int_equal(zt_note_sign(other, "name", zt_bytes_str(TEXT), &out), ZT_E_INPUT);
    assert_int_equal(zt_note_vkey(other, "name", &out), ZT_E_INPUT);
    assert_int_equal(out.len, 0);
    struct zt_buf small;
    zt_buf_init(&small, sizeof TEXT);
    assert_int_equal(zt_note_sign(key, "name", zt_bytes_str(TEXT), &small), ZT_E_LIMIT);
    zt_buf_fini(&small);
    zt_buf_fini(&out);
    zt_key_destroy(&other);
    zt_key_destroy(&key);
}

static void bad_notes(void **state)
{
    (void)state;
    static const char *const notes[] = {
        "",
        "\n",
        "\n\n",
        TEXT,
        TEXT "\n",
        "\n" PETER_SIG,
        TEXT PETER_SIG,
        TEXT "\n\xe2\x80\x94 PeterNeumann\n",
        TEXT "\n\xe2\x80\x94 PeterNeumann \n",
        TEXT "\n\xe2\x80\x94 PeterNeumann x08g\n", // the key id and nothing else
        TEXT "\n\xe2\x80\x94 PeterNeumann x08go/ZJ=\n",
        TEXT "\n- PeterNeumann x08go/ZJ\n",
        TEXT "\n" PETER_SIG "junk\n",
        TEXT "\n" PETER_SIG "\n",
        TEXT "\n\xe2\x80\x94 a+b x08go/ZJ\n" PETER_SIG,
        "text with a \x01 in it\n\n" PETER_SIG,
        "text with \xff in it\n\n" PETER_SIG,
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        struct zt_fault fault;
        assert_int_equal(verify(notes[i], PETER_KEY, &fault), ZT_E_INPUT);
        assert_string_equal(fault.rule, "note.form");
    }
}

static void bad_keys(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct zt_fault fault;
        assert_int_not_equal(verify(TEXT "\n" PETER_SIG, keys[i], &fault), ZT_OK);
        assert_string_equal(fault.rule, "note.key");
    }
}

// No byte of text or signature may change, and no end may be missing.
static void changed_and_cut(void **state)
{
    (void)state;
    const char *whole = TEXT "\n" PETER_SIG;
    char copy[512];
    size_t len = strlen(whole);
    for (size_t i = 0; i < len; i++) {
        struct zt_bytes body;
        struct zt_fault fault;
        assert_int_not_equal(
            zt_note_verify((struct zt_bytes){(const uint8_t *)whole, i}, PETER_KEY, &body, &fault), ZT_OK);
        for (int bit = 0; bit < 8; bit++) {
            memcpy(copy, whole, len);
            copy[i] = (char)(copy[i] ^ (1 << bit));
            struct zt_bytes note = {(const uint8_t *)copy, len};
            assert_int_not_equal(zt_note_verify(note, PETER_KEY, &body, &fault), ZT_OK);
        }
    }
}

static void limits(void **state)
{
    (void)state;
    struct zt_buf note;
    struct zt_bytes body;
    struct zt_fault fault;
    for (int lines = 99; lines <= 101; lines++) {
        zt_buf_init(&note, (size_t)64 * 1024);
        zt_buf_put_str(&note, "short\n\n");
        for (int i = 0; i < lines; i++)
            zt_buf_put_str(&note, "\xe2\x80\x94 other AAAAAAA=\n");
        assert_int_equal(zt_note_verify(zt_buf_bytes(&note), PETER_KEY, &body, &fault),
                         lines > 100 ? ZT_E_LIMIT : ZT_E_CRYPTO);
        zt_buf_fini(&note);
    }
    zt_buf_init(&note, (size_t)64 * 1024);
    while (note.len <= ZT_NOTE_MAX)
        zt_buf_put_str(&note, TEXT);
    zt_buf_put_str(&note, "\n" PETER_SIG);
    assert_int_equal(zt_note_verify(zt_buf_bytes(&note), PETER_KEY, &body, &fault), ZT_E_LIMIT);
    assert_string_equal(fault.rule, "note.size");
    zt_buf_fini(&note);
}

static void signature_of_the_right_key_must_hold(void **state)
{
    (void)state;
    struct zt_fault fault;
    assert_int_equal(verify("Another text\n\n" PETER_SIG, PETER_KEY, &fault), ZT_E_CRYPTO);
    assert_string_equal(fault.rule, "note.signature");
    // One good line does not excuse a forged one under the same key.
    const char *mixed =
        TEXT "\n" PETER_SIG "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8\n";
    assert_int_equal(verify(mixed, PETER_KEY, &fault), ZT_E_CRYPTO);
    assert_string_equal(fault.rule, "note.signature");
}

static void checkpoint_round_trip(void **state)
{
    (void)state;
    // golang.org/x/mod/sumdb/tlog, note_test.go.
    const char *published =
        "go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n";
    struct zt_checkpoint checkpoint, again;
    struct zt_buf out;
    zt_buf_init(&out, ZT_NOTE_MAX);
    assert_int_equal(zt_checkpoint_parse(zt_bytes_str(published), &checkpoint, NULL), ZT_OK);
    assert_string_equal(checkpoint.origin, "go.sum database tree");
    assert_int_equal(checkpoint.size, 123456789012);
    zt_checkpoint_write(&checkpoint, &out);
    assert_string_equal(zt_buf_text(&out), published);
    static const uint64_t sizes[] = {0, 1, 10, 9223372036854775807u};
    for (size_t i = 0; i < 4; i++) {
        zt_buf_reset(&out);
        checkpoint.size = sizes[i];
        zt_checkpoint_write(&checkpoint, &out);
        zt_buf_put_str(&out, "an extension line\n\nand what follows\n");
        assert_int_equal(zt_checkpoint_parse(zt_buf_bytes(&out), &again, NULL), ZT_OK);
        assert_int_equal(again.size, sizes[i]);
        assert_memory_equal(again.root, checkpoint.root, ZT_HASH_LEN);
    }
    zt_buf_fini(&out);
}

#define ROOT "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0="

static void bad_checkpoints(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n",
        "\n1\n" ROOT "\n",
        "o\n",
        "o\n1\n",
        "o\n1\n\n",
        "o\n1\n" ROOT,
        "o\n\n" ROOT "\n",
        "o\n-1\n" ROOT "\n",
        "o\n01\n" ROOT "\n",
        "o\n00\n" ROOT "\n",
        "o\n+1\n" ROOT "\n",
        "o\n 1\n" ROOT "\n",
        "o\n1 \n" ROOT "\n",
        "o\n0x10\n" ROOT "\n",
        "o\n9223372036854775808\n" ROOT "\n",
        "o\n99999999999999999999\n" ROOT "\n",
        "o\n1\n" ROOT "=\n",
        "o\n1\nTszz\n",
        "o\n1\n" ROOT "AAAA\n",
        "o\n1\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0\n",
        "\xff\n1\n" ROOT "\n",
        "a\tb\n1\n" ROOT "\n",
    };
    struct zt_checkpoint checkpoint = {.size = 7};
    struct zt_fault fault;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(zt_checkpoint_parse(zt_bytes_str(texts[i]), &checkpoint, &fault), ZT_E_INPUT);
        assert_string_equal(fault.rule, "checkpoint.form");
    }
    static const char nul[] = "o\n12\0"
                              "3\n" ROOT "\n"; // found by the fuzzer
    assert_int_equal(
        zt_checkpoint_parse((struct zt_bytes){(const uint8_t *)nul, sizeof nul - 1}, &checkpoint, &fault),
        ZT_E_INPUT);
    char text[256];
    for (size_t len = 126; len <= 129; len++) { // the longest origin has 127 bytes
        memset(text, 'o', len);
        snprintf(text + len, sizeof text - len, "\n1\n" ROOT "\n");
        assert_int_equal(zt_checkpoint_parse(zt_bytes_str(text), &checkpoint, &fault),
                         len <= 127 ? ZT_OK : ZT_E_INPUT);
    }
}

static void signed_checkpoint(void **state)
{
    (void)state;
    struct zt_key *key = NULL;
    struct zt_checkpoint checkpoint = {.origin = "zhitong.test/ledger", .size = 42}, again;
    struct zt_buf body, note, vkey;
    struct zt_bytes signed_body;
    zt_buf_init(&body, ZT_NOTE_MAX);
    zt_buf_init(&note, ZT_NOTE_MAX);
    zt_buf_init(&vkey, ZT_NOTE_MAX);
    assert_int_equal(zt_key_new(ZT_ED25519, &key), ZT_OK);
    zt_checkpoint_write(&checkpoint, &body);
    assert_int_equal(zt_note_sign(key, checkpoint.origin, zt_buf_bytes(&body), &note), ZT_OK);
    assert_int_equal(zt_note_vkey(key, checkpoint.origin, &vkey), ZT_OK);
    assert_int_equal(zt_note_verify(zt_buf_bytes(&note), zt_buf_text(&vkey), &signed_body, NULL), ZT_OK);
    assert_int_equal(zt_checkpoint_parse(signed_body, &again, NULL), ZT_OK);
    assert_string_equal(again.origin, checkpoint.origin);
    assert_int_equal(again.size, 42);
    zt_buf_fini(&body);
    zt_buf_fini(&note);
    zt_buf_fini(&vkey);
    zt_key_destroy(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_note),
        cmocka_unit_test(signing_gives_the_published_note),
        cmocka_unit_test(signing_refuses),
        cmocka_unit_test(bad_notes),
        cmocka_unit_test(bad_keys),
        cmocka_unit_test(changed_and_cut),
        cmocka_unit_test(limits),
        cmocka_unit_test(signature_of_the_right_key_must_hold),
        cmocka_unit_test(checkpoint_round_trip),
        cmocka_unit_test(bad_checkpoints),
        cmocka_unit_test(signed_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
