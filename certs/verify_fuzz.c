// SPDX-License-Identifier: Apache-2.0
// The text of a certificate, as a stranger hands it over: verified against the sample's roots, then shown in
// part.
#include <stdlib.h>
#include <string.h>

#include "certs/verify.h"

#define SAMPLE_TIME INT64_C(1795330000000) // 2026-11-22: the samples are valid

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_hold(bool good)
{
    if (!good)
        abort();
}

static void disclose(struct zt_bytes compact, const struct zt_verified *verified)
{
    const char *names[ZT_STATEMENT_CLAIMS];
    size_t count = 0;
    struct zt_buf less;
    for (size_t i = 0; i < verified->statement.claim_count; i++)
        if (verified->statement.claims[i].disclosable)
            names[count++] = verified->statement.claims[i].name;
    zt_buf_init(&less, ZT_STATEMENT_MAX);
    enum zt_err rc = zt_certificate_disclose(compact, names, count, &less, NULL);
    must_hold(rc == ZT_OK && less.len <= compact.len);
    zt_buf_fini(&less);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zt_trust *trust;
    struct zt_arena arena;
    struct zt_verified verified;
    struct zt_bytes compact = {data, size};
    if (!trust)
        must_hold(zt_trust_open(ZT_SAMPLES, &trust, NULL) == ZT_OK);
    zt_arena_init(&arena, (size_t)1024 * 1024);
    enum zt_err rc = zt_certificate_verify(compact, trust, SAMPLE_TIME, &arena, &verified);
    must_hold(rc == ZT_OK || !verified.valid);
    for (size_t i = 0; i < ZT_CHECK_STEPS; i++)
        must_hold(verified.steps[i].name && (!verified.valid || verified.steps[i].result == ZT_CHECK_PASS));
    if (verified.valid)
        disclose(compact, &verified);
    zt_arena_fini(&arena);
    return 0;
}
