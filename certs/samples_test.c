// SPDX-License-Identifier: Apache-2.0
// The test vectors of docs/certificate-format.md, byte for byte.
#include "base/file.h"
#include "base/test_support.h"
#include "certs/verify.h"

#define SAMPLE_TIME INT64_C(1795330000000) // 2026-11-22T06:46:40Z

static void samples(void **state)
{
    (void)state;
    static const char *const files[] = {"es256.txt", "sm2.txt"};
    struct zt_trust *trust = NULL;
    assert_int_equal(zt_trust_open(ZT_SAMPLES, &trust, NULL), ZT_OK);
    for (size_t i = 0; i < 2; i++) {
        char path[PATH_MAX];
        struct zt_buf text;
        struct zt_arena arena;
        struct zt_verified verified;
        snprintf(path, sizeof path, "%s/%s", ZT_SAMPLES, files[i]);
        zt_buf_init(&text, ZT_STATEMENT_MAX);
        zt_arena_init(&arena, (size_t)1024 * 1024);
        assert_int_equal(zt_file_read(path, &text, NULL), ZT_OK);
        struct zt_bytes compact = {text.data, text.len - 1}; // without the newline
        assert_int_equal(zt_certificate_verify(compact, trust, SAMPLE_TIME, &arena, &verified), ZT_OK);
        assert_true(verified.valid);
        assert_int_equal((int)verified.alg, i ? ZT_SM2 : ZT_ES256);
        assert_string_equal(verified.statement.holder_name, "王测试");
        assert_string_equal(verified.statement.valid_to, "2026-12-22");
        assert_int_equal(verified.statement.ledger_index, 4711);
        assert_int_equal(verified.undisclosed, 0);
        // A month later the certificate is over, while its chain still holds.
        assert_int_equal(zt_certificate_verify(compact, trust, SAMPLE_TIME + INT64_C(31) * 24 * 3600 * 1000,
                                               &arena, &verified),
                         ZT_OK);
        assert_false(verified.valid);
        assert_int_equal((int)verified.steps[2].result, ZT_CHECK_PASS);
        assert_int_equal((int)verified.steps[7].result, ZT_CHECK_FAIL);
        zt_arena_fini(&arena);
        zt_buf_fini(&text);
    }
    zt_trust_close(&trust);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(samples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
