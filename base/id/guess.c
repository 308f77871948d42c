// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/id/parts.h"

// Late enough for everybody alive, early enough for the oldest: a guess is about form.
#define ANY_DAY "2030-01-01"

static bool holds(enum zt_id_kind kind, const char *value)
{
    return zt_id_check(kind, value, ANY_DAY, NULL) == ZT_OK;
}

// Whatever checks out is what it is. A number can fit two systems by chance: citizens come first.
static enum zt_id_kind find_valid(const char *value)
{
    static const enum zt_id_kind order[] = {ZT_ID_CITIZEN,     ZT_ID_HMT_RESIDENT, ZT_ID_FOREIGN_PERMANENT,
                                            ZT_ID_USCC,        ZT_ID_LICENCE,      ZT_ID_PASSPORT,
                                            ZT_ID_HOME_RETURN, ZT_ID_TAIWAN_PERMIT};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (holds(order[i], value))
            return order[i];
    return ZT_ID_UNKNOWN;
}

static bool is_alphanumeric(const char *value)
{
    for (; *value; value++)
        if (!((*value >= '0' && *value <= '9') || (*value >= 'A' && *value <= 'Z') ||
              (*value >= 'a' && *value <= 'z')))
            return false;
    return true;
}

static bool born_at(const char *value)
{
    return zt_id_digits(value, 14) && zt_id_birth(NULL, "", value + 6, 7, ANY_DAY) == ZT_OK;
}

// 17 to 19 characters with something wrong in them.
static enum zt_id_kind guess_long(const char *value, size_t len)
{
    bool numeric = strspn(value, "0123456789") >= len - 1; // the last one may be a check letter
    if (numeric && (strncmp(value, "810000", 6) == 0 || strncmp(value, "820000", 6) == 0 ||
                    strncmp(value, "830000", 6) == 0))
        return ZT_ID_HMT_RESIDENT;
    if (numeric && value[0] == '9' && strchr("123", value[1]) && zt_province_known(value + 2) &&
        !born_at(value))
        return ZT_ID_USCC;
    if (numeric)
        return value[0] == '9' ? ZT_ID_FOREIGN_PERMANENT : ZT_ID_CITIZEN;
    // A letter is a slip in a citizen number, whose century shows what is meant; else it is a code.
    bool century = strncmp(value + 6, "19", 2) == 0 || strncmp(value + 6, "20", 2) == 0;
    return zt_id_digits(value, 8) && century ? ZT_ID_CITIZEN : ZT_ID_USCC;
}

enum zt_id_kind zt_id_guess(const char *value)
{
    size_t len = strnlen(value, ZT_LICENCE_MAX);
    enum zt_id_kind kind = find_valid(value);
    if (kind != ZT_ID_UNKNOWN || len == ZT_LICENCE_MAX)
        return kind;
    if (strncmp(value, "1.2.156.", 8) == 0)
        return ZT_ID_LICENCE;
    if (!is_alphanumeric(value))
        return ZT_ID_UNKNOWN;
    if (len >= 17 && len <= 19)
        return guess_long(value, len);
    if (len == 15)
        return zt_id_digits(value, 15) ? ZT_ID_CITIZEN : ZT_ID_FOREIGN_PERMANENT;
    if (len >= 8 && len <= 10 && strchr("HhMm", value[0]))
        return ZT_ID_HOME_RETURN;
    if (len >= 8 && len <= 10 && strchr("EeGg", value[0]))
        return ZT_ID_PASSPORT;
    return len >= 7 && len <= 9 && strspn(value, "0123456789") >= 6 ? ZT_ID_TAIWAN_PERMIT : ZT_ID_UNKNOWN;
}
