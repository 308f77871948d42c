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

enum tail { TAIL_NONE, TAIL_POINTER, TAIL_FAULT };

static const struct word {
    enum zt_control_act act;
    const char *word;
    enum tail tail;
} words[] = {
    {ZT_CONTROL_STOP, "STOP", TAIL_NONE},
    {ZT_CONTROL_CATALOGUE, "CATALOGUE ", TAIL_POINTER},
    {ZT_CONTROL_TAKEN, "TAKEN ", TAIL_POINTER},
    // Longer before shorter: a word is found by its beginning.
    {ZT_CONTROL_RELOADED, "RELOADED", TAIL_FAULT},
    {ZT_CONTROL_RELOAD, "RELOAD", TAIL_NONE},
};

enum zt_err zt_control_send(struct zt_sock *pipe, const struct zt_control *control)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].act != control->act)
            continue;
        char text[ZT_CONTROL_MAX + 1];
        if (words[i].tail == TAIL_POINTER)
            snprintf(text, sizeof text, "%s%016" PRIxPTR, words[i].word, (uintptr_t)control->catalogue);
        else if (words[i].tail == TAIL_FAULT && control->fault.code != ZT_OK)
            snprintf(text, sizeof text, "%s %s\t%s", words[i].word, control->fault.rule, control->fault.text);
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

// " rule\ttext", or nothing.
static enum zt_err read_fault(struct zt_bytes tail, struct zt_fault *fault)
{
    if (tail.len == 0)
        return ZT_OK;
    const uint8_t *tab = memchr(tail.data, '\t', tail.len);
    if (tail.data[0] != ' ' || !tab)
        return ZT_E_INPUT;
    size_t rule = (size_t)(tab - tail.data) - 1, text = tail.len - rule - 2;
    zt_fault_set(fault, ZT_E_CONFIG, "", "catalogue", "%.*s", (int)text, (const char *)tab + 1);
    snprintf(fault->rule, sizeof fault->rule, "%.*s", (int)rule, (const char *)tail.data + 1);
    return ZT_OK;
}

static enum zt_err read_tail(const struct word *word, struct zt_bytes tail, struct zt_control *out)
{
    switch (word->tail) {
    case TAIL_POINTER:
        return read_pointer(tail, &out->catalogue);
    case TAIL_FAULT:
        return read_fault(tail, &out->fault);
    default:
        return tail.len == 0 ? ZT_OK : ZT_E_INPUT;
    }
}

enum zt_err zt_control_parse(struct zt_bytes frame, struct zt_control *control, struct zt_fault *fault)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t len = strlen(words[i].word);
        if (frame.len < len || frame.len > ZT_CONTROL_MAX || memcmp(frame.data, words[i].word, len) != 0)
            continue;
        struct zt_control out = {.act = words[i].act};
        if (read_tail(&words[i], (struct zt_bytes){frame.data + len, frame.len - len}, &out) != ZT_OK)
            break;
        *control = out;
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
