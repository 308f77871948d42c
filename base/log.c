// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#define TEXT_MAX       1024
#define LINE_MAX_BYTES (8 * 1024) // a text of TEXT_MAX bytes, each escaped to six, and the head

// Where lines come from and which are written: the one setting of a process that lives in a global, because
// a log line may come from any depth of any thread.
static _Atomic(const char *) program_name = "";
static atomic_int least_level = ZT_LOG_INFO;
static atomic_bool on_terminal = false;

void zt_log_open(const char *program, enum zt_log_level least)
{
    atomic_store(&program_name, program);
    atomic_store(&least_level, (int)least);
    atomic_store(&on_terminal, isatty(STDERR_FILENO) == 1);
}

static size_t character_length(const char *text)
{
    size_t len = 1;
    while (len < 4 && ((uint8_t)text[len] & 0xC0) == 0x80)
        len++;
    return zt_utf8_valid((struct zt_bytes){(const uint8_t *)text, len}) ? len : 0;
}

// RFC 8259 section 7; a byte that is not UTF-8 becomes U+FFFD, so that the line is JSON whatever came in.
static void put_json(struct zt_buf *line, const char *text)
{
    while (*text) {
        size_t len = character_length(text);
        if (len == 0)
            zt_buf_put_str(line, "\xEF\xBF\xBD");
        else if (*text == '"' || *text == '\\')
            zt_buf_printf(line, "\\%c", *text);
        else if ((uint8_t)*text < 0x20 || *text == 0x7F)
            zt_buf_printf(line, "\\u%04x", (unsigned)(uint8_t)*text);
        else
            zt_buf_put(line, text, len);
        text += len ? len : 1;
    }
}

// On a terminal: control characters could move the cursor over what was there.
static void put_plain(struct zt_buf *line, const char *text)
{
    for (; *text; text++)
        zt_buf_put_u8(line, (uint8_t)*text < 0x20 || *text == 0x7F ? '?' : (uint8_t)*text);
}

static void put_pair(struct zt_buf *line, const char *name, const char *value)
{
    zt_buf_printf(line, ",\"%s\":\"", name);
    put_json(line, value);
    zt_buf_put_u8(line, '"');
}

static void write_line(enum zt_log_level level, const char *id, const char *text)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    int saved = errno;
    char masked[TEXT_MAX], time[ZT_TIME_LEN + 1];
    zt_mask_numbers(text, masked, sizeof masked);
    zt_time_of_ms(zt_now_ms(), time);
    struct zt_buf line;
    zt_buf_init(&line, LINE_MAX_BYTES);
    const char *program = atomic_load(&program_name);
    if (atomic_load(&on_terminal)) {
        zt_buf_printf(&line, "%s %-5s %s %s ", time, names[level], program, id);
        put_plain(&line, masked);
    } else {
        zt_buf_printf(&line, "{\"time\":\"%s\",\"level\":\"%s\"", time, names[level]);
        put_pair(&line, "program", program);
        put_pair(&line, "id", id);
        put_pair(&line, "text", masked);
        zt_buf_put_u8(&line, '}');
    }
    zt_buf_put_u8(&line, '\n');
    // A log that cannot be written must not stop the program; there is nobody left to tell.
    enum zt_err lost = zt_write_all(STDERR_FILENO, zt_buf_bytes(&line));
    (void)lost;
    zt_buf_fini(&line);
    errno = saved;
}

// A number cut off at the end of the text could be too short for the mask to know it: it goes altogether.
static void drop_cut_run(char text[static TEXT_MAX])
{
    size_t len = strlen(text);
    while (len &&
           ((text[len - 1] >= '0' && text[len - 1] <= '9') || (text[len - 1] >= 'A' && text[len - 1] <= 'Z')))
        len--;
    text[len] = 0;
}

static void format_line(enum zt_log_level level, const char *id, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

static void format_line(enum zt_log_level level, const char *id, const char *fmt, va_list args)
{
    if ((int)level < atomic_load(&least_level))
        return;
    char text[TEXT_MAX];
    int len = vsnprintf(text, sizeof text, fmt, args);
    if (len >= (int)sizeof text)
        drop_cut_run(text);
    write_line(level, id, text);
}

#define DEFINE_LEVEL(name, level)                                                                            \
    void name(const char *id, const char *fmt, ...)                                                          \
    {                                                                                                        \
        va_list args;                                                                                        \
        va_start(args, fmt);                                                                                 \
        format_line(level, id, fmt, args);                                                                   \
        va_end(args);                                                                                        \
    }

DEFINE_LEVEL(zt_log_debug, ZT_LOG_DEBUG)
DEFINE_LEVEL(zt_log_info, ZT_LOG_INFO)
DEFINE_LEVEL(zt_log_warn, ZT_LOG_WARN)
DEFINE_LEVEL(zt_log_error, ZT_LOG_ERROR)

void zt_log_fault(const char *id, const struct zt_fault *fault)
{
    zt_log_error(id, "%s: %s: %s (%s)", fault->rule, fault->place, fault->text, zt_err_name(fault->code));
}
