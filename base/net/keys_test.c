// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include "base/net/test_support.h"

static char folder[PATH_MAX];
static char stem[PATH_MAX + 8];

static int make_folder(void **state)
{
    (void)state;
    make_test_dir(folder);
    snprintf(stem, sizeof stem, "%s/party", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    remove_test_dir(folder);
    return 0;
}

static const char *path_of(const char *suffix)
{
    static char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s%s", stem, suffix);
    return path;
}

static void write_file(const char *suffix, const char *text, size_t len, mode_t mode)
{
    unlink(path_of(suffix));
    FILE *file = fopen(path_of(suffix), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
    assert_int_equal(chmod(path_of(suffix), mode), 0);
}

static void keys_come_back(void **state)
{
    (void)state;
    struct zt_curve_keys keys, again;
    struct zt_fault fault = {0};
    struct stat info;
    char public_text[ZT_CURVE_TEXT_LEN + 1];
    must(zt_curve_keys_new(&keys), &fault);
    must(zt_curve_keys_save(&keys, stem, &fault), &fault);
    must(zt_curve_keys_load(stem, &again, &fault), &fault);
    assert_memory_equal(&keys, &again, sizeof keys);
    must(zt_curve_public_load(path_of(".pub"), public_text, &fault), &fault);
    assert_string_equal(public_text, keys.public_text);
    assert_int_equal(stat(path_of(".key"), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0400);
    zt_curve_keys_wipe(&again);
    static const struct zt_curve_keys nothing;
    assert_memory_equal(&again, &nothing, sizeof again);
}

static void two_keys_differ(void **state)
{
    (void)state;
    struct zt_curve_keys one, two;
    struct zt_fault fault = {0};
    must(zt_curve_keys_new(&one), &fault);
    must(zt_curve_keys_new(&two), &fault);
    assert_string_not_equal(one.secret_text, two.secret_text);
    assert_string_not_equal(one.public_text, two.public_text);
}

static void public_half_alone_is_saved_without_a_secret(void **state)
{
    (void)state;
    struct zt_curve_keys keys;
    struct zt_fault fault = {0};
    must(zt_curve_keys_new(&keys), &fault);
    unlink(path_of(".key"));
    unlink(path_of(".pub"));
    memset(keys.secret_text, 0, sizeof keys.secret_text);
    must(zt_curve_keys_save(&keys, stem, &fault), &fault);
    assert_int_equal(access(path_of(".pub"), F_OK), 0);
    assert_int_not_equal(access(path_of(".key"), F_OK), 0);
    assert_int_equal(zt_curve_keys_load(stem, &keys, &fault), ZT_E_ABSENT);
    assert_string_equal(fault.rule, "file.open");
}

static void a_readable_secret_is_refused(void **state)
{
    (void)state;
    struct zt_curve_keys keys;
    struct zt_fault fault = {0};
    must(zt_curve_keys_new(&keys), &fault);
    must(zt_curve_keys_save(&keys, stem, &fault), &fault);
    static const mode_t modes[] = {0440, 0404, 0644, 0666, 0420};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct zt_curve_keys found = {.public_text = "untouched"};
        assert_int_equal(chmod(path_of(".key"), modes[i]), 0);
        assert_int_not_equal(zt_curve_keys_load(stem, &found, &fault), ZT_OK);
        assert_string_equal(fault.rule, "file.mode");
        assert_string_equal(found.public_text, "untouched");
    }
}

static void only_one_line_of_z85_is_a_key(void **state)
{
    (void)state;
    struct zt_curve_keys keys;
    struct zt_fault fault = {0};
    char text[ZT_CURVE_TEXT_LEN + 1], long_text[300];
    must(zt_curve_keys_new(&keys), &fault);
    for (size_t len = 0; len < ZT_CURVE_TEXT_LEN; len++) { // cut at every byte
        write_file(".pub", keys.public_text, len, 0444);
        assert_int_equal(zt_curve_public_load(path_of(".pub"), text, &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, "curve.format");
    }
    static const char wrong[] = {' ', '"', '\'', ',',  ';', '\\', '`',
                                 '|', '~', '\t', '\n', 0,   0x7f, (char)0xff};
    for (size_t i = 0; i < sizeof wrong; i++) {
        for (size_t at = 0; at < ZT_CURVE_TEXT_LEN; at += 13) {
            char line[ZT_CURVE_TEXT_LEN];
            memcpy(line, keys.public_text, sizeof line);
            line[at] = wrong[i];
            write_file(".pub", line, sizeof line, 0444);
            assert_int_equal(zt_curve_public_load(path_of(".pub"), text, &fault), ZT_E_CONFIG);
        }
    }
    snprintf(long_text, sizeof long_text, "%s\n%s\n", keys.public_text, keys.public_text);
    write_file(".pub", long_text, strlen(long_text), 0444);
    assert_int_equal(zt_curve_public_load(path_of(".pub"), text, &fault), ZT_E_CONFIG);
    memset(long_text, 'a', sizeof long_text);
    write_file(".pub", long_text, sizeof long_text, 0444);
    assert_int_not_equal(zt_curve_public_load(path_of(".pub"), text, &fault), ZT_OK);
    write_file(".pub", keys.public_text, ZT_CURVE_TEXT_LEN, 0444); // without the newline
    must(zt_curve_public_load(path_of(".pub"), text, &fault), &fault);
    assert_string_equal(text, keys.public_text);
}

static void halves_of_two_pairs_are_refused(void **state)
{
    (void)state;
    struct zt_curve_keys one, two;
    struct zt_fault fault = {0};
    must(zt_curve_keys_new(&one), &fault);
    must(zt_curve_keys_new(&two), &fault);
    must(zt_curve_keys_save(&one, stem, &fault), &fault);
    write_file(".pub", two.public_text, ZT_CURVE_TEXT_LEN, 0444);
    assert_int_equal(zt_curve_keys_load(stem, &one, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "curve.pair");
}

static void names_are_bounded(void **state)
{
    (void)state;
    struct zt_curve_keys keys;
    struct zt_fault fault = {0};
    char name[PATH_MAX + 1];
    memset(name, 'a', PATH_MAX);
    name[PATH_MAX] = 0;
    must(zt_curve_keys_new(&keys), &fault);
    assert_int_equal(zt_curve_keys_save(&keys, name, &fault), ZT_E_LIMIT);
    assert_int_equal(zt_curve_keys_load(name, &keys, &fault), ZT_E_LIMIT);
}

static void text_to_bytes(void **state)
{
    (void)state;
    // RFC 32/Z85: the test key of rfc.zeromq.org/spec/32.
    uint8_t key[ZT_CURVE_KEY_LEN];
    static const uint8_t expected[] = {0xBB, 0x88, 0x47, 0x1D, 0x65, 0xE2, 0x65, 0x9B, 0x30, 0xC5, 0x5A,
                                       0x53, 0x21, 0xCE, 0xBB, 0x5A, 0xAB, 0x2B, 0x70, 0xA3, 0x98, 0x64,
                                       0x5C, 0x26, 0xDC, 0xA2, 0xB2, 0xFC, 0xB4, 0x3F, 0xC5, 0x18};
    assert_int_equal(zt_curve_key_bytes("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", key), ZT_OK);
    assert_memory_equal(key, expected, sizeof key);
    assert_int_equal(zt_curve_key_bytes("", key), ZT_E_INPUT);
    assert_int_equal(zt_curve_key_bytes("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI", key), ZT_E_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_back),
        cmocka_unit_test(two_keys_differ),
        cmocka_unit_test(public_half_alone_is_saved_without_a_secret),
        cmocka_unit_test(a_readable_secret_is_refused),
        cmocka_unit_test(only_one_line_of_z85_is_a_key),
        cmocka_unit_test(halves_of_two_pairs_are_refused),
        cmocka_unit_test(names_are_bounded),
        cmocka_unit_test(text_to_bytes),
    };
    return cmocka_run_group_tests_name("base/net/keys", tests, make_folder, remove_folder);
}
