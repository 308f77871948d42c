// SPDX-License-Identifier: Apache-2.0
// Time: wall clock in milliseconds since 1970 UTC, a monotonic clock for deadlines, and the two texts we
// exchange.
//
// Rules: dates are "YYYY-MM-DD" (a calendar day in China, no zone); timestamps are int64 milliseconds UTC on
// the wire and RFC 3339 text ("2026-11-22T04:21:31.005Z") for people and JSON. Thread safe.
#ifndef ZT_BASE_CLOCK_H
#define ZT_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define ZT_DATE_LEN 10
#define ZT_TIME_LEN 24

int64_t zt_now_ms(void);       // wall clock, UTC
int64_t zt_monotonic_ms(void); // for deadlines and durations only
int64_t zt_monotonic_ns(void);

// The day that contains `ms`, as a calendar day at UTC+8 (GB/T 7408: Chinese official time has one zone).
void zt_date_of_ms(int64_t ms, char date[static ZT_DATE_LEN + 1]);
void zt_time_of_ms(int64_t ms, char text[static ZT_TIME_LEN + 1]); // RFC 3339 with milliseconds, "Z"

bool zt_date_valid(const char *date); // proleptic Gregorian, years 1000-9999
ZT_MUST_USE enum zt_err zt_date_to_days(const char *date, int32_t *days); // days since 1970-01-01
void zt_date_of_days(int32_t days, char date[static ZT_DATE_LEN + 1]);
ZT_MUST_USE enum zt_err zt_date_add_months(const char *date, int months, char out[static ZT_DATE_LEN + 1]);
ZT_MUST_USE enum zt_err zt_time_to_ms(const char *rfc3339, int64_t *ms); // accepts "Z" or "+08:00" offsets

#endif
