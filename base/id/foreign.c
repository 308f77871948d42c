// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/id/parts.h"

#define LENGTH_NEW 18
#define LENGTH_OLD 15

// The card since 2023-12-01: 9, province of application, country, birth date, sequence, MOD 11-2.
static enum zt_err check_new(const char *value, const char *today, struct zt_fault *fault)
{
    static const char standard[] = "foreign";
    enum zt_err rc = ZT_E_BUG;
    size_t digits = strspn(value, "0123456789");
    if (digits < LENGTH_NEW - 1 || (digits == LENGTH_NEW - 1 && value[digits] != 'X'))
        return zt_id_refuse(fault, standard, "characters", digits + 1,
                            "only digits, and X as the last character");
    if (value[0] != '9')
        return zt_id_refuse(fault, standard, "series", 1,
                            "the number of a foreign permanent resident begins with 9");
    if (!zt_province_known(value + 1))
        return zt_id_refuse(fault, standard, "region", 2, "no such province of application");
    unsigned country =
        (unsigned)(value[3] - '0') * 100 + (unsigned)(value[4] - '0') * 10 + (unsigned)(value[5] - '0');
    if (!zt_country_known(country))
        return zt_id_refuse(fault, standard, "country", 4, "no such country in ISO 3166-1");
    ZT_TRY(zt_id_birth(fault, standard, value + 6, 7, today));
    if (value[LENGTH_NEW - 1] != zt_gb11643_check(value))
        return zt_id_refuse(fault, standard, "check", LENGTH_NEW,
                            "the check character does not fit: a digit is wrong");
out:
    return rc;
}

static enum zt_err check_old(const char *value, struct zt_fault *fault)
{
    size_t letters = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (letters != 3 || !zt_id_digits(value + 3, LENGTH_OLD - 3))
        return zt_id_refuse(fault, "foreign", "characters", letters + 1,
                            "the old form is 3 letters and 12 digits");
    return ZT_OK;
}

enum zt_err zt_foreign_verify(const char *value, const char *today, struct zt_fault *fault)
{
    enum zt_err rc = zt_id_charset(fault, "foreign", value);
    if (rc != ZT_OK)
        return rc;
    size_t len = strnlen(value, LENGTH_NEW + 1);
    if (len == LENGTH_OLD)
        return check_old(value, fault);
    if (len == LENGTH_NEW)
        return check_new(value, today, fault);
    return zt_id_refuse(fault, "foreign", "length", len, "18 characters, or 15 in the old form");
}
