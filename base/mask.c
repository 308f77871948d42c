// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/text.h"

#define RUN_MIN   15 // the shortest identity numbers: 15-digit legacy form, old foreign form
#define KEEP_HEAD 3
#define KEEP_TAIL 2

static size_t run_length(const char *text)
{
    size_t len = 0;
    while ((text[len] >= '0' && text[len] <= '9') || (text[len] >= 'A' && text[len] <= 'Z'))
        len++;
    return len;
}

// Appends what fits; a text that does not fit ends at a whole character.
static bool append(char *out, size_t out_size, size_t *used, const char *text, size_t len)
{
    size_t room = out_size - 1 - *used;
    size_t take = len < room ? len : room;
    if (take < len)
        while (take > 0 && ((uint8_t)text[take] & 0xC0) == 0x80)
            take--;
    memcpy(out + *used, text, take);
    *used += take;
    out[*used] = 0;
    return take == len;
}

void zt_mask_numbers(const char *text, char *out, size_t out_size)
{
    if (out_size == 0)
        return;
    size_t used = 0;
    out[0] = 0;
    bool fits = true;
    while (*text && fits) {
        size_t run = run_length(text);
        if (run >= RUN_MIN) {
            fits = append(out, out_size, &used, text, KEEP_HEAD) && append(out, out_size, &used, "***", 3) &&
                   append(out, out_size, &used, text + run - KEEP_TAIL, KEEP_TAIL);
            text += run;
            continue;
        }
        size_t len = run ? run : 1;
        while (run == 0 && ((uint8_t)text[len] & 0xC0) == 0x80)
            len++;
        fits = append(out, out_size, &used, text, len);
        text += len;
    }
}
