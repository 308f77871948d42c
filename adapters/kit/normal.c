// SPDX-License-Identifier: Apache-2.0
#include "adapters/kit/normal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CHINA_ZONE  "+08:00" // Chinese official time has one zone
#define COUNT(list) (sizeof(list) / sizeof *(list))

// Length of the blank character that `text` starts with; 0 when it starts with something else.
static size_t blank_at(const char *text)
{
    static const char *const wide[] = {"\u00a0", "\u3000", "\ufeff"};
    if (*text && (unsigned char)*text <= ' ')
        return 1;
    for (size_t i = 0; i < COUNT(wide); i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    return 0;
}

// The part between the blanks at both ends.
static struct zt_bytes trim(const char *text)
{
    for (size_t blank; (blank = blank_at(text)) > 0;)
        text += blank;
    const char *end = text;
    for (const char *at = text; *at;) {
        size_t blank = blank_at(at);
        at += blank ? blank : 1;
        if (!blank)
            end = at;
    }
    return (struct zt_bytes){(const uint8_t *)text, (size_t)(end - text)};
}

enum zt_err zt_normal_text(const char *text, struct zt_arena *arena, const char **out)
{
    struct zt_bytes kept = trim(text ? text : "");
    if (kept.len == 0) {
        *out = NULL;
        return ZT_OK;
    }
    char *copy = zt_arena_strndup(arena, (const char *)kept.data, kept.len);
    if (!copy)
        return ZT_E_NOMEM;
    *out = copy;
    return ZT_OK;
}

// U+FF01..U+FF5E are the bytes EF BC 81 .. EF BD 9E, and stand for 0x21..0x7E in the same order.
static char narrow_at(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    if (at[0] != 0xef || (at[1] != 0xbc && at[1] != 0xbd) || at[2] < 0x80 || at[2] > 0xbf)
        return 0;
    unsigned point = 0xff00u + (at[1] == 0xbd ? 0x40u : 0u) + (at[2] - 0x80u);
    return point >= 0xff01 && point <= 0xff5e ? (char)(point - 0xff01 + '!') : 0;
}

enum zt_err zt_normal_narrow(const char *text, struct zt_arena *arena, const char **out)
{
    const char *copy;
    enum zt_err rc = zt_normal_text(text, arena, &copy);
    if (rc != ZT_OK || !copy) {
        if (rc == ZT_OK)
            *out = NULL;
        return rc;
    }
    char *narrow = zt_arena_strdup(arena, copy);
    if (!narrow)
        return ZT_E_NOMEM;
    size_t len = 0;
    for (const char *at = copy; *at;) {
        char c = narrow_at(at);
        narrow[len++] = c ? c : *at;
        at += c ? 3 : 1;
    }
    narrow[len] = 0;
    *out = narrow;
    return ZT_OK;
}

// Reads 1..max digits at *text; -1 when there are none or more.
static int take_number(const char **text, size_t max)
{
    int value = 0;
    size_t count = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        if (++count > max)
            return -1;
        value = value * 10 + (**text - '0');
    }
    return count ? value : -1;
}

static bool take_mark(const char **text, const char *mark)
{
    if (strncmp(*text, mark, strlen(mark)) != 0)
        return false;
    *text += strlen(mark);
    return true;
}

// Reads a day at the start of `text`; *rest is what stands behind it.
static bool take_date(const char *text, char out[static ZT_DATE_LEN + 1], const char **rest)
{
    static const char *const marks[][3] = {
        {"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}};
    char date[3 * 12 + 1];
    const char *at = text;
    if (strspn(text, "0123456789") >= 8) {
        snprintf(date, sizeof date, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
        at = text + 8;
    } else {
        size_t form = 0;
        int year = take_number(&at, 4);
        while (form < COUNT(marks) && !take_mark(&at, marks[form][0]))
            form++;
        if (form == COUNT(marks))
            return false;
        int month = take_number(&at, 2);
        if (!take_mark(&at, marks[form][1]))
            return false;
        int day = take_number(&at, 2);
        if (year < 0 || month < 0 || day < 0 || !take_mark(&at, marks[form][2]))
            return false;
        snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day);
    }
    if (!zt_date_valid(date))
        return false;
    memcpy(out, date, ZT_DATE_LEN + 1);
    *rest = at;
    return true;
}

bool zt_normal_date(const char *text, char out[static ZT_DATE_LEN + 1])
{
    char date[ZT_DATE_LEN + 1];
    const char *rest;
    int64_t ms;
    if (!take_date(text, date, &rest) || (*rest && !zt_normal_time(text, &ms)))
        return false;
    memcpy(out, date, sizeof date);
    return true;
}

bool zt_normal_time(const char *text, int64_t *ms)
{
    char date[ZT_DATE_LEN + 1], full[64];
    const char *rest;
    if (zt_time_to_ms(text, ms) == ZT_OK)
        return true;
    if (!take_date(text, date, &rest))
        return false;
    if (!*rest)
        snprintf(full, sizeof full, "%sT00:00:00" CHINA_ZONE, date);
    else if (strspn(text, "0123456789") == 14 && strlen(rest) == 6)
        snprintf(full, sizeof full, "%sT%.2s:%.2s:%.2s" CHINA_ZONE, date, rest, rest + 2, rest + 4);
    else if ((*rest == ' ' || *rest == 'T') && strlen(rest) < 32)
        snprintf(full, sizeof full, "%sT%s" CHINA_ZONE, date, rest + 1);
    else
        return false;
    return zt_time_to_ms(full, ms) == ZT_OK;
}

// Moves the digits at *text to `out`, commas between groups of three left out; false when a group is wrong.
static bool take_groups(const char **text, char *out, size_t *len)
{
    size_t group = 0, commas = 0;
    for (; *len < ZT_NORMAL_NUMBER_MAX - 1; (*text)++) {
        if (**text >= '0' && **text <= '9') {
            out[(*len)++] = **text;
            group++;
        } else if (**text == ',' && group > 0 && (commas ? group == 3 : group <= 3)) {
            commas++;
            group = 0;
        } else {
            break;
        }
    }
    return group > 0 && (commas == 0 || group == 3);
}

bool zt_normal_number(const char *text, char out[static ZT_NORMAL_NUMBER_MAX])
{
    char number[ZT_NORMAL_NUMBER_MAX];
    size_t len = 0;
    if (*text == '-')
        number[len++] = *text++;
    if (!take_groups(&text, number, &len))
        return false;
    if (*text == '.') {
        size_t decimals = strspn(text + 1, "0123456789");
        if (decimals == 0 || len + decimals + 2 > sizeof number)
            return false;
        memcpy(number + len, text, decimals + 1);
        len += decimals + 1;
        text += decimals + 1;
    }
    if (*text)
        return false;
    number[len] = 0;
    memcpy(out, number, len + 1);
    return true;
}

bool zt_normal_month(const char *text, char out[static 7])
{
    char date[ZT_DATE_LEN + 1];
    size_t len = strlen(text);
    bool dash = len == 7 && text[4] == '-';
    if (!dash && len != 6)
        return false;
    snprintf(date, sizeof date, "%.4s-%.2s-01", text, text + 4 + dash);
    if (!zt_date_valid(date))
        return false;
    snprintf(out, 7, "%.4s%.2s", text, text + 4 + dash);
    return true;
}

bool zt_normal_boolean(const char *text, bool *out)
{
    static const char *const yes[] = {"1", "Y", "true", "是"}, *const no[] = {"0", "N", "false", "否"};
    for (size_t i = 0; i < COUNT(yes); i++) {
        if (strcasecmp(text, yes[i]) != 0 && strcasecmp(text, no[i]) != 0)
            continue;
        *out = strcasecmp(text, yes[i]) == 0;
        return true;
    }
    return false;
}

const char *zt_normal_code(const struct zt_code_map *map, size_t count, const char *from)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(map[i].from, from) == 0)
            return map[i].to;
    return NULL;
}
