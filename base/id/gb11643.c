// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/id/parts.h"

#define LENGTH   18
#define BIRTH_AT 6

// ISO 7064:1983 MOD 11-2 over 17 digits.
char zt_gb11643_check(const char *body17)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    if (!zt_id_digits(body17, LENGTH - 1))
        return 0;
    int sum = 0;
    for (size_t i = 0; i < LENGTH - 1; i++)
        sum += weights[i] * (body17[i] - '0');
    return checks[sum % 11];
}

static enum zt_err check_form(const char *value, struct zt_fault *fault)
{
    static const char standard[] = "gb11643";
    enum zt_err rc = zt_id_charset(fault, standard, value);
    if (rc != ZT_OK)
        return rc;
    size_t len = strnlen(value, LENGTH + 1);
    if (len == 15)
        return zt_id_refuse(fault, standard, "length", len, "15 characters: the legacy form is not accepted");
    if (len != LENGTH)
        return zt_id_refuse(fault, standard, "length", len, "a citizen number has 18 characters");
    size_t digits = strspn(value, "0123456789");
    if (digits < LENGTH - 1 || (digits == LENGTH - 1 && value[digits] != 'X'))
        return zt_id_refuse(fault, standard, "characters", digits + 1,
                            "only digits, and X as the last character");
    return ZT_OK;
}

static bool is_resident_permit(const char *value)
{
    return memcmp(value, "810000", 6) == 0 || memcmp(value, "820000", 6) == 0 ||
           memcmp(value, "830000", 6) == 0;
}

static enum zt_err check_region(const char *value, bool resident_permit, struct zt_fault *fault)
{
    if (resident_permit && !is_resident_permit(value))
        return zt_id_refuse(fault, "gb11643", "region", 1,
                            "a residence permit begins with 810000, 820000 or 830000");
    if (!resident_permit && is_resident_permit(value))
        return zt_id_refuse(
            fault, "gb11643", "region", 1,
            "this is the number of a residence permit of Hong Kong, Macao or Taiwan residents");
    if (!resident_permit && !zt_county_known(value))
        return zt_id_refuse(fault, "gb11643", "region", 1, "no such region, now or in the past");
    return ZT_OK;
}

enum zt_err zt_gb11643_verify(const char *value, const char *today, bool resident_permit,
                              struct zt_fault *fault)
{
    enum zt_err rc = ZT_E_BUG;
    ZT_TRY(check_form(value, fault));
    ZT_TRY(check_region(value, resident_permit, fault));
    ZT_TRY(zt_id_birth(fault, "gb11643", value + BIRTH_AT, BIRTH_AT + 1, today));
    if (value[LENGTH - 1] != zt_gb11643_check(value))
        return zt_id_refuse(fault, "gb11643", "check", LENGTH,
                            "the check character does not fit: a digit is wrong");
out:
    return rc;
}

void zt_citizen_birth_date(const char *number, char date[static ZT_DATE_LEN + 1])
{
    const char *at = number + BIRTH_AT;
    memcpy(date, at, 4);
    date[4] = '-';
    memcpy(date + 5, at + 4, 2);
    date[7] = '-';
    memcpy(date + 8, at + 6, 2);
    date[10] = 0;
}

bool zt_citizen_is_female(const char *number)
{
    return (number[LENGTH - 2] - '0') % 2 == 0;
}
