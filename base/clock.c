// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <string.h>
#include <time.h>

#define MS_PER_DAY   INT64_C(86400000)
#define CHINA_OFFSET (INT64_C(8) * 3600 * 1000)
#define YEAR_MIN     1000
#define YEAR_MAX     9999

struct day {
    int year, month, day;
};

static int64_t read_clock(clockid_t id, int64_t per_second)
{
    struct timespec now;
    clock_gettime(id, &now); // cannot fail for these ids
    return (int64_t)now.tv_sec * per_second + (int64_t)now.tv_nsec / (INT64_C(1000000000) / per_second);
}

int64_t zt_now_ms(void)
{
    return read_clock(CLOCK_REALTIME, 1000);
}

int64_t zt_monotonic_ms(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000);
}

int64_t zt_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC, INT64_C(1000000000));
}

// Days since 1970-01-01, and back: the civil calendar counted in eras of 400 years that start on 1 March.
static int32_t to_days(struct day d)
{
    int year = d.month <= 2 ? d.year - 1 : d.year;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (d.month > 2 ? d.month - 3 : d.month + 9) + 2) / 5 + d.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static struct day from_days(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    int64_t year = year_of_era + era * 400 + (month <= 2);
    return (struct day){(int)year, month, (int)(day_of_year - (153 * shifted + 2) / 5 + 1)};
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

// Reads exactly `count` digits; -1 when one of them is none.
static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

// Reads "YYYY-MM-DD" at the start of a text that may go on.
static bool read_day(const char *text, struct day *d)
{
    if (strnlen(text, ZT_DATE_LEN) < ZT_DATE_LEN || text[4] != '-' || text[7] != '-')
        return false;
    struct day read = {digits(text, 4), digits(text + 5, 2), digits(text + 8, 2)};
    if (read.year < YEAR_MIN || read.month < 1 || read.month > 12)
        return false;
    if (read.day < 1 || read.day > days_in_month(read.year, read.month))
        return false;
    *d = read;
    return true;
}

// Writes `value` as exactly `count` digits and the mark behind them; returns the place behind the mark.
static char *put_digits(char *at, int64_t value, int count, char mark)
{
    for (int i = count; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
    at[count] = mark;
    return at + count + 1;
}

static void write_day(struct day d, char date[static ZT_DATE_LEN + 1])
{
    char *at = put_digits(date, d.year, 4, '-');
    at = put_digits(at, d.month, 2, '-');
    put_digits(at, d.day, 2, 0);
}

// Days outside the years we write become the nearest one inside.
static int64_t clamp_days(int64_t days)
{
    int64_t least = to_days((struct day){YEAR_MIN, 1, 1});
    int64_t most = to_days((struct day){YEAR_MAX, 12, 31});
    return days < least ? least : days > most ? most : days;
}

static int64_t floor_days(int64_t ms)
{
    return ms / MS_PER_DAY - (ms % MS_PER_DAY < 0);
}

static int64_t rest_of_day(int64_t ms)
{
    int64_t rest = ms % MS_PER_DAY;
    return rest < 0 ? rest + MS_PER_DAY : rest;
}

void zt_date_of_ms(int64_t ms, char date[static ZT_DATE_LEN + 1])
{
    int64_t days = floor_days(ms) + (rest_of_day(ms) + CHINA_OFFSET >= MS_PER_DAY);
    write_day(from_days(clamp_days(days)), date);
}

void zt_time_of_ms(int64_t ms, char text[static ZT_TIME_LEN + 1])
{
    int64_t days = floor_days(ms);
    int64_t rest = days == clamp_days(days) ? rest_of_day(ms) : 0;
    write_day(from_days(clamp_days(days)), text);
    text[ZT_DATE_LEN] = 'T';
    char *at = put_digits(text + ZT_DATE_LEN + 1, rest / 3600000, 2, ':');
    at = put_digits(at, rest / 60000 % 60, 2, ':');
    at = put_digits(at, rest / 1000 % 60, 2, '.');
    at = put_digits(at, rest % 1000, 3, 'Z');
    *at = 0;
}

bool zt_date_valid(const char *date)
{
    struct day d;
    return date && read_day(date, &d) && date[ZT_DATE_LEN] == 0;
}

enum zt_err zt_date_to_days(const char *date, int32_t *days)
{
    struct day d;
    if (!date || !read_day(date, &d) || date[ZT_DATE_LEN] != 0)
        return ZT_E_INPUT;
    *days = to_days(d);
    return ZT_OK;
}

void zt_date_of_days(int32_t days, char date[static ZT_DATE_LEN + 1])
{
    write_day(from_days(clamp_days(days)), date);
}

enum zt_err zt_date_add_months(const char *date, int months, char out[static ZT_DATE_LEN + 1])
{
    struct day d;
    if (!date || !read_day(date, &d) || date[ZT_DATE_LEN] != 0)
        return ZT_E_INPUT;
    int64_t total = (int64_t)d.year * 12 + (d.month - 1) + months;
    if (total < (int64_t)YEAR_MIN * 12 || total >= (int64_t)(YEAR_MAX + 1) * 12)
        return ZT_E_LIMIT;
    d.year = (int)(total / 12);
    d.month = (int)(total % 12) + 1;
    if (d.day > days_in_month(d.year, d.month))
        d.day = days_in_month(d.year, d.month);
    write_day(d, out);
    return ZT_OK;
}

// ".123456789" -> milliseconds, cut off; moves *text behind it. -1 when it is no fraction.
static int read_fraction(const char **text)
{
    if (**text != '.')
        return 0;
    int ms = 0, count = 0;
    for ((*text)++; **text >= '0' && **text <= '9' && count < 10; (*text)++, count++)
        if (count < 3)
            ms = ms * 10 + (**text - '0');
    if (count == 0 || count > 9)
        return -1;
    for (; count < 3; count++)
        ms *= 10;
    return ms;
}

// "Z" or "+08:00": minutes east of UTC.
static bool read_offset(const char *text, int *minutes)
{
    if (strcmp(text, "Z") == 0) {
        *minutes = 0;
        return true;
    }
    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return false;
    int hour = digits(text + 1, 2), minute = digits(text + 4, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    *minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
    return true;
}

enum zt_err zt_time_to_ms(const char *rfc3339, int64_t *ms)
{
    struct day d;
    if (!rfc3339 || !read_day(rfc3339, &d) || strnlen(rfc3339, 20) < 20)
        return ZT_E_INPUT;
    const char *at = rfc3339 + ZT_DATE_LEN; // "THH:MM:SS"
    int hour = digits(at + 1, 2), minute = digits(at + 4, 2), second = digits(at + 7, 2);
    if (at[0] != 'T' || at[3] != ':' || at[6] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59) // a leap second has no place in milliseconds since 1970
        return ZT_E_INPUT;
    at += 9;
    int fraction = read_fraction(&at);
    int offset;
    if (fraction < 0 || !read_offset(at, &offset))
        return ZT_E_INPUT;
    int64_t seconds = (int64_t)to_days(d) * 86400 + hour * 3600 + minute * 60 + second - offset * 60;
    *ms = seconds * 1000 + fraction;
    return ZT_OK;
}
