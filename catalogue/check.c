// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalogue/build.h"
#include "catalogue/nearest.h"

// Names travel in frames (63 bytes: proto/record.h, base/net/net.h) and in file names.
#define NAME_BYTES 63

bool zt_text_is(const char *text)
{
    return text && *text;
}

bool zt_check_text(struct zt_build *b, const struct zt_place *entry, const char *key, const char *text)
{
    struct zt_place at = zt_place_in(entry, "%s", key);
    if (!zt_text_is(text))
        zt_report(b, &at, "catalogue.missing", "'%s' must be given", key);
    else if (!zt_utf8_valid(zt_bytes_str(text)))
        zt_report(b, &at, "catalogue.text", "'%s' must be UTF-8 without NUL", key);
    else
        return true;
    return false;
}

static bool name_well_formed(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t len = strlen(name);
    return len <= NAME_BYTES && strspn(name, allowed) == len && name[0] != '.' && name[0] != '-';
}

bool zt_check_name(struct zt_build *b, const struct zt_place *entry, const char *key, const char *name)
{
    if (!zt_check_text(b, entry, key, name))
        return false;
    if (name_well_formed(name))
        return true;
    struct zt_place at = zt_place_in(entry, "%s", key);
    zt_report(b, &at, "catalogue.name",
              "'%s' is no name: letters, digits, '.', '_' and '-', at most %d characters", name, NAME_BYTES);
    return false;
}

bool zt_check_uscc(struct zt_build *b, const struct zt_place *at, const char *uscc)
{
    struct zt_fault why = {0};
    if (zt_id_check(ZT_ID_USCC, uscc, "9999-12-31", &why) == ZT_OK)
        return true;
    zt_report(b, at, "catalogue.uscc", "'%s' is no unified social credit code (%s): %s", uscc, why.rule,
              why.text);
    return false;
}

bool zt_check_date(struct zt_build *b, const struct zt_place *at, const char *date)
{
    if (!zt_text_is(date) || zt_date_valid(date))
        return true;
    zt_report(b, at, "catalogue.date", "'%s' is no date; write YYYY-MM-DD", date);
    return false;
}

bool zt_enter(struct zt_build *b, const struct zt_place *entry, const char *key, struct zt_index *index,
              const char *name, const void *value)
{
    if (!zt_check_name(b, entry, key, name))
        return false;
    if (!zt_index_put(index, zt_bytes_str(name), value))
        return true;
    struct zt_place at = zt_place_in(entry, "%s", key);
    zt_report(b, &at, "catalogue.duplicate", "'%s' is already defined; choose another %s", name, key);
    return false;
}

int zt_check_word(struct zt_build *b, const struct zt_place *at, const char *rule, const char *word,
                  const char *const *words, size_t count)
{
    char all[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!words[i])
            continue;
        if (zt_text_is(word) && !strcmp(word, words[i]))
            return (int)i;
        if (used < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", used ? ", " : "", words[i]);
    }
    const char *nearest = zt_text_is(word) ? zt_nearest_of(word, words, count) : NULL;
    if (nearest)
        zt_report(b, at, rule, "'%s' is none of %s; did you mean '%s'?", word, all, nearest);
    else
        zt_report(b, at, rule, "'%s' is none of %s", zt_text_is(word) ? word : "", all);
    return -1;
}
