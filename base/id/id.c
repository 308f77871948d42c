// SPDX-License-Identifier: Apache-2.0
#include "base/id/id.h"

#include <stdio.h>
#include <string.h>

#include "base/id/parts.h"
#include "base/text.h"

#define AGE_MAX 150 // years; nobody alive is older

static const struct {
    const char *name, *name_zh, *code;
} kinds[] = {
    [ZT_ID_UNKNOWN] = {"unknown", "未知证件", ""},
    [ZT_ID_CITIZEN] = {"citizen", "居民身份证", "111"},
    // No published code was found for this one; 154 is "residence permit" in GA/T 517, to be confirmed.
    [ZT_ID_HMT_RESIDENT] = {"hmt-resident", "港澳台居民居住证", "154"},
    [ZT_ID_FOREIGN_PERMANENT] = {"foreign-permanent", "外国人永久居留身份证", "553"},
    [ZT_ID_USCC] = {"uscc", "统一社会信用代码", "001"},
    [ZT_ID_PASSPORT] = {"passport", "普通护照", "414"},
    [ZT_ID_HOME_RETURN] = {"home-return", "港澳居民来往内地通行证", "516"},
    [ZT_ID_TAIWAN_PERMIT] = {"taiwan-permit", "台湾居民来往大陆通行证", "511"},
    [ZT_ID_LICENCE] = {"licence", "电子证照标识", ""},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static size_t index_of(enum zt_id_kind kind)
{
    return (size_t)kind < KINDS ? (size_t)kind : 0;
}

const char *zt_id_kind_name(enum zt_id_kind kind)
{
    return kinds[index_of(kind)].name;
}

const char *zt_id_kind_name_zh(enum zt_id_kind kind)
{
    return kinds[index_of(kind)].name_zh;
}

const char *zt_id_kind_code(enum zt_id_kind kind)
{
    return kinds[index_of(kind)].code;
}

enum zt_err zt_id_kind_parse(const char *name, enum zt_id_kind *kind)
{
    for (size_t i = 1; i < KINDS; i++)
        if (strcmp(kinds[i].name, name) == 0 || (*name && strcmp(kinds[i].code, name) == 0)) {
            *kind = (enum zt_id_kind)i;
            return ZT_OK;
        }
    return ZT_E_ABSENT;
}

enum zt_err zt_id_refuse(struct zt_fault *fault, const char *standard, const char *what, size_t position,
                         const char *text)
{
    char rule[64], place[24];
    snprintf(rule, sizeof rule, "%s.%s", standard, what);
    snprintf(place, sizeof place, "%zu", position);
    return zt_fault_set(fault, ZT_E_INPUT, rule, place, "%s", text);
}

enum zt_err zt_id_charset(struct zt_fault *fault, const char *standard, const char *value)
{
    for (size_t i = 0; value[i] && i < ZT_ID_MAX; i++) {
        char c = value[i];
        if (c >= 'a' && c <= 'z')
            return zt_id_refuse(fault, standard, "case", i + 1, "only upper-case letters");
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
            return zt_id_refuse(fault, standard, "characters", i + 1, "only digits and letters");
    }
    return ZT_OK;
}

bool zt_id_digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

enum zt_err zt_id_birth(struct zt_fault *fault, const char *standard, const char *text, size_t position,
                        const char *today)
{
    char date[ZT_DATE_LEN + 1], oldest[ZT_DATE_LEN + 1];
    memcpy(date, text, 4); // on the path of every lookup: no printf
    memcpy(date + 5, text + 4, 2);
    memcpy(date + 8, text + 6, 2);
    date[4] = date[7] = '-';
    date[ZT_DATE_LEN] = '\0';
    if (!zt_date_valid(date))
        return zt_id_refuse(fault, standard, "date", position, "the birth date is no day of the calendar");
    if (!today)
        return ZT_OK;
    if (strcmp(date, today) > 0)
        return zt_id_refuse(fault, standard, "future", position, "the birth date lies in the future");
    if (zt_date_add_months(today, -12 * AGE_MAX, oldest) == ZT_OK && strcmp(date, oldest) <= 0)
        return zt_id_refuse(fault, standard, "date", position, "the birth date lies 150 years back or more");
    return ZT_OK;
}

enum zt_err zt_id_check(enum zt_id_kind kind, const char *value, const char *today, struct zt_fault *fault)
{
    if (today && !zt_date_valid(today))
        return zt_fault_set(fault, ZT_E_BUG, "id.today", "", "the caller's date is not YYYY-MM-DD");
    switch (kind) {
    case ZT_ID_CITIZEN:
        return zt_gb11643_verify(value, today, false, fault);
    case ZT_ID_HMT_RESIDENT:
        return zt_gb11643_verify(value, today, true, fault);
    case ZT_ID_FOREIGN_PERMANENT:
        return zt_foreign_verify(value, today, fault);
    case ZT_ID_USCC:
        return zt_gb32100_verify(value, fault);
    case ZT_ID_PASSPORT:
        return zt_passport_verify(value, fault);
    case ZT_ID_HOME_RETURN:
        return zt_home_return_verify(value, fault);
    case ZT_ID_TAIWAN_PERMIT:
        return zt_taiwan_permit_verify(value, fault);
    case ZT_ID_LICENCE:
        return zt_gbt36904_verify(value, fault);
    case ZT_ID_UNKNOWN:
        break;
    }
    return zt_id_refuse(fault, "id", "kind", 1, "no such kind of identifier");
}

void zt_id_mask(const char *value, char *out, size_t out_size)
{
    static const size_t head = 3, tail = 2, short_value = 8;
    size_t count = zt_utf8_count(value), bytes = 0;
    if (count < short_value) {
        snprintf(out, out_size, "***");
        return;
    }
    const char *end = value;
    for (size_t seen = 0; seen < count - tail; seen++) {
        bytes += seen == head ? (size_t)(end - value) - bytes : 0;
        for (end++; ((unsigned char)*end & 0xC0) == 0x80;)
            end++;
    }
    snprintf(out, out_size, "%.*s***%s", (int)bytes, value, end);
}
