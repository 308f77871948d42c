// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/id/parts.h"

#define LENGTH      18
#define REGION_AT   2
#define INNER_AT    8 // GB 11714: 8 characters and their own check character
#define INNER_CHECK 16

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int value_of(char c)
{
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

char zt_gb32100_check(const char *body17)
{
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (size_t i = 0; i < LENGTH - 1; i++) {
        int value = value_of(body17[i]);
        if (value < 0)
            return 0;
        sum += value * weights[i];
    }
    return alphabet[(31 - sum % 31) % 31];
}

char zt_gb11714_check(const char *body8)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "0X987654321"; // of 11 - sum % 11 = 11, 10, 9, ...
    int sum = 0;
    for (size_t i = 0; i < 8; i++) {
        char c = body8[i];
        if (c >= '0' && c <= '9')
            sum += weights[i] * (c - '0');
        else if (c >= 'A' && c <= 'Z')
            sum += weights[i] * (c - 'A' + 10);
        else
            return 0;
    }
    return checks[sum % 11];
}

static enum zt_err check_form(const char *value, struct zt_fault *fault)
{
    static const char standard[] = "gb32100";
    enum zt_err rc = zt_id_charset(fault, standard, value);
    if (rc != ZT_OK)
        return rc;
    size_t good = strspn(value, alphabet);
    if (good < LENGTH && value[good])
        return zt_id_refuse(fault, standard, "characters", good + 1,
                            "the letters I, O, S, V and Z do not occur");
    size_t len = strnlen(value, LENGTH + 1);
    if (len != LENGTH)
        return zt_id_refuse(fault, standard, "length", len, "a unified social credit code has 18 characters");
    return ZT_OK;
}

// The province only: registering authorities of development zones use codes below the province that GB/T 2260
// does not list (Qingdao's bonded zone writes 370220). 10 stands for the central state.
static bool region_known(const char *region)
{
    return zt_id_digits(region, 6) && (memcmp(region, "100000", 6) == 0 || zt_province_known(region));
}

enum zt_err zt_gb32100_verify(const char *value, struct zt_fault *fault)
{
    static const char standard[] = "gb32100";
    enum zt_err rc = check_form(value, fault);
    if (rc != ZT_OK)
        return rc;
    if (!strchr("123456789ANY", value[0]))
        return zt_id_refuse(fault, standard, "department", 1, "no registering department has this character");
    if (!region_known(value + REGION_AT))
        return zt_id_refuse(fault, standard, "region", REGION_AT + 1, "no such region");
    if (value[INNER_CHECK] != zt_gb11714_check(value + INNER_AT))
        return zt_id_refuse(fault, standard, "inner-check", INNER_CHECK + 1,
                            "the check character of the organisation code (GB 11714) does not fit");
    if (value[LENGTH - 1] != zt_gb32100_check(value))
        return zt_id_refuse(fault, standard, "check", LENGTH,
                            "the check character does not fit: a character is wrong");
    return ZT_OK;
}
