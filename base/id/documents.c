// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/id/parts.h"

// E + 8 digits, E + letter (not I, O) + 7 digits, and the old G + 8 digits.
enum zt_err zt_passport_verify(const char *value, struct zt_fault *fault)
{
    bool form = strnlen(value, 10) == 9 && (value[0] == 'E' || value[0] == 'G') && zt_id_digits(value + 2, 7);
    if (form && value[1] >= '0' && value[1] <= '9')
        return ZT_OK;
    if (form && value[0] == 'E' && value[1] >= 'A' && value[1] <= 'Z' && value[1] != 'I' && value[1] != 'O')
        return ZT_OK;
    return zt_id_refuse(fault, "passport", "form", 1,
                        "a passport is E12345678, EA1234567 or the old G12345678");
}

enum zt_err zt_home_return_verify(const char *value, struct zt_fault *fault)
{
    if (strnlen(value, 10) == 9 && (value[0] == 'H' || value[0] == 'M') && zt_id_digits(value + 1, 8))
        return ZT_OK;
    return zt_id_refuse(fault, "home-return", "form", 1, "H or M and 8 digits");
}

enum zt_err zt_taiwan_permit_verify(const char *value, struct zt_fault *fault)
{
    if (strnlen(value, 9) == 8 && zt_id_digits(value, 8))
        return ZT_OK;
    return zt_id_refuse(fault, "taiwan-permit", "form", 1, "8 digits");
}

char zt_icao9303_check(const char *text)
{
    static const int weights[] = {7, 3, 1};
    int sum = 0;
    for (size_t i = 0; text[i]; i++) {
        int value = 0;
        if (text[i] >= '0' && text[i] <= '9')
            value = text[i] - '0';
        else if (text[i] >= 'A' && text[i] <= 'Z')
            value = text[i] - 'A' + 10;
        else if (text[i] != '<')
            return 0;
        sum = (sum + value * weights[i % 3]) % 10;
    }
    return (char)('0' + sum);
}
