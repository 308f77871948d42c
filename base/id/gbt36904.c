// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "base/id/parts.h"

#define ROOT        "1.2.156.3005.2."
#define USCC_LEN    18
#define TYPE_LEN    21 // USCC of the body that defines the type, and 3 digits
#define REGION_LEN  6
#define SERIAL_MAX  64
#define VERSION_LEN 3
#define SEGMENTS    5 // behind the root

static const char standard[] = "gbt36904";

static int value_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

// ISO 7064 hybrid system MOD 37,36.
char zt_iso7064_mod37_36(const char *text)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    int p = 36;
    for (; *text; text++) {
        int value = value_of(*text);
        if (value < 0)
            return 0;
        p = (p + value) % 36;
        p = (p ? p : 36) * 2 % 37;
    }
    return alphabet[(37 - p) % 36];
}

struct parts {
    char segment[SEGMENTS][SERIAL_MAX + 1]; // type, issuer, serial, version, check
};

// Segments are counted from 1 and the root's five come first.
static enum zt_err refuse(struct zt_fault *fault, const char *what, size_t segment, const char *text)
{
    return zt_id_refuse(fault, standard, what, segment + 5, text);
}

static enum zt_err split(const char *value, struct parts *parts, struct zt_fault *fault)
{
    if (strncmp(value, ROOT, strlen(ROOT)) != 0)
        return zt_id_refuse(fault, standard, "root", 1, "a licence identifier begins with 1.2.156.3005.2.");
    const char *at = value + strlen(ROOT);
    for (size_t i = 0; i < SEGMENTS; i++) {
        size_t len = strcspn(at, ".");
        bool last = i + 1 == SEGMENTS;
        if (at[len] != (last ? 0 : '.'))
            return refuse(fault, "segments", i + 1,
                          "five segments follow the root: type, issuer, serial, version, check");
        if (len > SERIAL_MAX)
            return refuse(fault, i == 2 ? "serial" : "segments", i + 1,
                          "a segment has at most 64 characters");
        memcpy(parts->segment[i], at, len);
        parts->segment[i][len] = 0;
        at += len + !last;
    }
    return ZT_OK;
}

static enum zt_err check_charset(const char *value, struct zt_fault *fault)
{
    size_t segment = 1;
    for (size_t i = 0; value[i]; i++) {
        if (i >= ZT_LICENCE_MAX - 1)
            return zt_id_refuse(fault, standard, "serial", segment, "longer than 127 characters");
        segment += value[i] == '.';
        if (value[i] >= 'a' && value[i] <= 'z')
            return zt_id_refuse(fault, standard, "case", segment, "only upper-case letters");
        if (value[i] != '.' && value_of(value[i]) < 0)
            return zt_id_refuse(fault, standard, segment <= 5 ? "root" : "segments", segment,
                                "only 0-9, A-Z and dots");
    }
    return ZT_OK;
}

static enum zt_err check_type(const char *type, struct zt_fault *fault)
{
    if (strlen(type) != TYPE_LEN || !zt_id_digits(type + USCC_LEN, TYPE_LEN - USCC_LEN))
        return refuse(fault, "type-code", 1, "a type code is a unified social credit code and 3 digits");
    char uscc[USCC_LEN + 1];
    memcpy(uscc, type, USCC_LEN);
    uscc[USCC_LEN] = 0;
    if (zt_gb32100_verify(uscc, NULL) != ZT_OK)
        return refuse(fault, "type-code", 1, "its unified social credit code is not valid");
    return ZT_OK;
}

// A published sample names its issuer by a region code.
static enum zt_err check_issuer(const char *issuer, struct zt_fault *fault)
{
    size_t len = strlen(issuer);
    if (len == REGION_LEN && zt_id_digits(issuer, REGION_LEN) && zt_province_known(issuer))
        return ZT_OK;
    if (len == USCC_LEN && zt_gb32100_verify(issuer, NULL) == ZT_OK)
        return ZT_OK;
    return refuse(fault, "issuer", 2, "the issuer is a valid unified social credit code, or a region code");
}

static enum zt_err check_tail(const struct parts *parts, struct zt_fault *fault)
{
    const char *version = parts->segment[3];
    if (!parts->segment[2][0])
        return refuse(fault, "serial", 3, "the serial number is empty");
    if (strlen(version) != VERSION_LEN || !zt_id_digits(version, VERSION_LEN) || strcmp(version, "000") == 0)
        return refuse(fault, "version", 4, "the version is 3 digits, from 001 on");
    if (strlen(parts->segment[4]) != 1)
        return refuse(fault, "segments", 5, "the check is one character");
    return ZT_OK;
}

static void join(const struct parts *parts, char out[static ZT_LICENCE_MAX])
{
    snprintf(out, ZT_LICENCE_MAX, "%.21s%.18s%.64s%.3s", parts->segment[0], parts->segment[1],
             parts->segment[2], parts->segment[3]);
}

enum zt_err zt_gbt36904_verify(const char *value, struct zt_fault *fault)
{
    struct parts parts;
    char body[ZT_LICENCE_MAX];
    enum zt_err rc = ZT_E_BUG;
    ZT_TRY(check_charset(value, fault));
    ZT_TRY(split(value, &parts, fault));
    ZT_TRY(check_type(parts.segment[0], fault));
    ZT_TRY(check_issuer(parts.segment[1], fault));
    ZT_TRY(check_tail(&parts, fault));
    join(&parts, body);
    if (parts.segment[4][0] != zt_iso7064_mod37_36(body))
        return refuse(fault, "check", 5, "the check character does not fit: a character is wrong");
out:
    return rc;
}

enum zt_err zt_licence_make(const char *type_code, const char *issuer, const char *serial, unsigned version,
                            char out[static ZT_LICENCE_MAX], struct zt_fault *fault)
{
    struct parts parts = {.segment = {""}};
    char body[ZT_LICENCE_MAX], text[ZT_LICENCE_MAX];
    enum zt_err rc = ZT_E_BUG;
    if (version < 1 || version > 999)
        return refuse(fault, "version", 4, "a version is a number from 1 to 999");
    if (strnlen(serial, SERIAL_MAX + 1) > SERIAL_MAX)
        return refuse(fault, "serial", 3, "a serial number has at most 64 characters");
    if (strnlen(type_code, TYPE_LEN + 1) != TYPE_LEN)
        return refuse(fault, "type-code", 1, "a type code is a unified social credit code and 3 digits");
    if (strnlen(issuer, USCC_LEN + 1) > USCC_LEN)
        return refuse(fault, "issuer", 2,
                      "the issuer is a valid unified social credit code, or a region code");
    snprintf(parts.segment[0], sizeof parts.segment[0], "%s", type_code);
    snprintf(parts.segment[1], sizeof parts.segment[1], "%s", issuer);
    snprintf(parts.segment[2], sizeof parts.segment[2], "%s", serial);
    snprintf(parts.segment[3], sizeof parts.segment[3], "%03u", version);
    join(&parts, body);
    char check = zt_iso7064_mod37_36(body);
    if (!check)
        check = '0'; // the verification below names the character that is wrong
    snprintf(text, sizeof text, ROOT "%.21s.%.18s.%.64s.%.3s.%c", parts.segment[0], parts.segment[1],
             parts.segment[2], parts.segment[3], check);
    ZT_TRY(zt_gbt36904_verify(text, fault));
    memcpy(out, text, ZT_LICENCE_MAX);
out:
    return rc;
}
