// SPDX-License-Identifier: Apache-2.0
#include "broker/control.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define POINTER_DIGITS ((size_t)16)

static const struct {
    enum zt_control_act act;
    const char *word;
    bool pointer;
} words[] = {
    {ZT_CONTROL_STOP, "STOP", false},
    {ZT_CONTROL_CATALOGUE, "CATALOGUE ", true},
    {ZT_CONTROL_TAKEN, "TAKEN ", true},
};

enum zt_err zt_control_send(struct zt_sock *pipe, const struct zt_control *control)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].act != control->act)
            continue;
        char text[ZT_CONTROL_MAX + 1];
        if (words[i].pointer)
            snprintf(text, sizeof text, "%s%016" PRIxPTR, words[i].word, (uintptr_t)control->catalogue);
        else
            snprintf(text, sizeof text, "%s", words[i].word);
        return zt_sock_send(pipe, NULL, 0, zt_bytes_str(text));
    }
    return ZT_E_BUG;
}

static enum zt_err read_pointer(struct zt_bytes digits, struct zt_catalogue **out)
{
    char text[POINTER_DIGITS + 1];
    uint8_t bytes[POINTER_DIGITS / 2];
    if (digits.len != POINTER_DIGITS)
        return ZT_E_INPUT;
    memcpy(text, digits.data, digits.len);
    text[digits.len] = '\0';
    enum zt_err rc = zt_hex_decode(text, bytes, sizeof bytes);
    if (rc != ZT_OK)
        return rc;
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        value = value << 8 | bytes[i];
    if (value == 0)
        return ZT_E_INPUT;
    *out = (struct zt_catalogue *)(uintptr_t)
        value; // NOLINT(performance-no-int-to-ptr): our own process wrote it
    return ZT_OK;
}

enum zt_err zt_control_parse(struct zt_bytes frame, struct zt_control *control, struct zt_fault *fault)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t len = strlen(words[i].word);
        struct zt_catalogue *catalogue = NULL;
        if (frame.len < len || memcmp(frame.data, words[i].word, len) != 0)
            continue;
        if (words[i].pointer &&
            read_pointer((struct zt_bytes){frame.data + len, frame.len - len}, &catalogue) != ZT_OK)
            break;
        if (!words[i].pointer && frame.len != len)
            break;
        *control = (struct zt_control){words[i].act, catalogue};
        return ZT_OK;
    }
    return zt_fault_set(fault, ZT_E_INPUT, "control.frame", "control pipe",
                        "a control message of %zu bytes is not one of ours", frame.len);
}

void zt_broker_die(const char *id, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    zt_log_error(id, "%s; the broker ends, nothing more is acknowledged or answered", text);
    _exit(ZT_BROKER_EXIT_BROKEN);
}
