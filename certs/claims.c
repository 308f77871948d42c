// SPDX-License-Identifier: Apache-2.0
#include "certs/claims.h"

#include <string.h>

#include "base/clock.h"

#define DAY_SECONDS  INT64_C(86400)
#define CHINA_OFFSET (INT64_C(8) * 3600) // GB/T 7408: one zone

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

bool zt_claim_of_holder(const char *name)
{
    static const char *const holder[] = {"holder_id_type", "holder_number", "holder_name", NULL};
    return is_one_of(name, holder);
}

bool zt_claim_reserved(const char *name)
{
    static const char *const own[] = {// RFC 7519, draft-ietf-oauth-sd-jwt-vc, RFC 9901
                                      "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "vct", "cnf", "status",
                                      "_sd", "_sd_alg",
                                      // docs/certificate-format.md
                                      "title", "title_en", "issuer", "use", "restriction", "objection",
                                      "sources", "ledger", "labels", NULL};
    return is_one_of(name, own) || zt_claim_of_holder(name);
}

enum zt_err zt_day_start(const char *date, int64_t *seconds)
{
    int32_t days;
    enum zt_err rc = zt_date_to_days(date, &days);
    if (rc == ZT_OK)
        *seconds = days * DAY_SECONDS - CHINA_OFFSET;
    return rc;
}

void zt_day_of(int64_t seconds, char date[static ZT_DATE_LEN + 1])
{
    zt_date_of_ms(seconds * 1000, date);
}
