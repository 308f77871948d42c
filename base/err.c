// SPDX-License-Identifier: Apache-2.0
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum zt_err zt_fault_set(struct zt_fault *fault, enum zt_err code, const char *rule, const char *place,
                         const char *fmt, ...)
{
    if (!fault)
        return code;
    fault->code = code;
    snprintf(fault->rule, sizeof fault->rule, "%s", rule ? rule : "");
    snprintf(fault->place, sizeof fault->place, "%s", place ? place : "");
    va_list args;
    va_start(args, fmt);
    vsnprintf(fault->text, sizeof fault->text, fmt, args);
    va_end(args);
    return code;
}

enum zt_err zt_fault_errno(struct zt_fault *fault, const char *rule, const char *place, const char *what)
{
    int saved = errno;
    char reason[128];
    return zt_fault_set(fault, ZT_E_IO, rule, place, "%s: %s", what,
                        strerror_r(saved, reason, sizeof reason));
}

const char *zt_err_name(enum zt_err code)
{
    static const char *const names[] = {
        [ZT_OK] = "ok",           [ZT_E_INPUT] = "input",
        [ZT_E_LIMIT] = "limit",   [ZT_E_ABSENT] = "absent",
        [ZT_E_DENIED] = "denied", [ZT_E_STATE] = "state",
        [ZT_E_IO] = "io",         [ZT_E_NOMEM] = "memory",
        [ZT_E_CRYPTO] = "crypto", [ZT_E_TIMEOUT] = "timeout",
        [ZT_E_PEER] = "peer",     [ZT_E_CORRUPT] = "corrupt",
        [ZT_E_CONFIG] = "config", [ZT_E_BUG] = "bug",
    };
    size_t i = (size_t)code;
    return i < sizeof names / sizeof *names && names[i] ? names[i] : "unknown";
}
