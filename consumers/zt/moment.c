// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/moment.h"

#define MS_PER_DAY   INT64_C(86400000)
#define CHINA_OFFSET (INT64_C(8) * 3600 * 1000)

enum zt_err zt_moment_parse(const char *text, int64_t *ms)
{
    int32_t days;
    if (zt_date_to_days(text, &days) != ZT_OK)
        return zt_time_to_ms(text, ms);
    *ms = days * MS_PER_DAY - CHINA_OFFSET;
    return ZT_OK;
}
