// SPDX-License-Identifier: Apache-2.0
// Search by words. The catalogue is small (hundreds of things), so each search looks at all of it.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "catalogue/listed.h"

#define WORDS_MAX 8

// What a word is worth where it is found; a part is a field, a code or a proof.
enum {
    WORTH_SAME = 100,
    WORTH_NAME = 60,
    WORTH_ID = 50,
    WORTH_KEYWORD = 40,
    WORTH_ALIKE = 30,
    WORTH_PART = 12
};
#define WORTH_ITEM 5 // most people look for something to be done

struct words {
    char text[ZT_SEARCH_TEXT_MAX];
    const char *list[WORDS_MAX];
    size_t count;
};

static void split(const char *text, struct words *words)
{
    size_t len = strnlen(text, sizeof words->text - 1);
    memcpy(words->text, text, len);
    words->text[len] = '\0';
    words->count = 0;
    char *rest = words->text;
    for (char *one = strsep(&rest, " \t\r\n,;?"); one; one = strsep(&rest, " \t\r\n,;?"))
        if (*one && words->count < WORDS_MAX)
            words->list[words->count++] = one;
}

static bool holds(const char *text, const char *word)
{
    return text && strcasestr(text, word);
}

static bool same(const char *text, const char *word)
{
    return text && !strcasecmp(text, word);
}

static size_t char_bytes(const char *at)
{
    size_t len = 1;
    while (((unsigned char)at[len] & 0xc0U) == 0x80U)
        len++;
    return len;
}

// How much of a Chinese word occurs, in hundredths of its pairs of characters: "公积金提取" finds
// "提取公积金". Of Latin letters pairs say nothing.
static unsigned alike(const char *text, const char *word)
{
    unsigned pairs = 0, found = 0;
    if (!text)
        return 0;
    for (const char *at = word; *at; at += char_bytes(at)) {
        char pair[16] = "";
        const char *next = at + char_bytes(at);
        if ((unsigned char)*at < 0x80U || !*next || (unsigned char)*next < 0x80U)
            continue;
        size_t len = char_bytes(at) + char_bytes(next);
        if (len >= sizeof pair)
            continue;
        memcpy(pair, at, len);
        pairs++;
        found += strstr(text, pair) != NULL;
    }
    return pairs ? found * 100 / pairs : 0;
}

static bool part_of_record(const struct zt_record_type *type, const char *word)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (holds(type->fields[i].name, word) || holds(type->fields[i].name_zh, word) ||
            same(type->fields[i].pinyin, word))
            return true;
    return false;
}

static bool part_of_table(const struct zt_code_table *table, const char *word)
{
    for (size_t i = 0; i < table->code_count; i++)
        if (holds(table->codes[i].name_zh, word) || holds(table->codes[i].name_en, word))
            return true;
    return false;
}

static bool part_of_cert(const struct zt_cert_type *type, const char *word)
{
    if (same(type->type_code, word) || holds(type->issuer->name_zh, word))
        return true;
    for (size_t i = 0; i < type->field_count; i++)
        if (holds(type->fields[i].name, word) || holds(type->fields[i].name_zh, word))
            return true;
    return false;
}

static bool part_of_item(const struct zt_item *item, const char *word)
{
    if (holds(item->department->name_zh, word) || holds(item->basis, word))
        return true;
    for (size_t i = 0; i < item->proof_count; i++)
        if (holds(item->proofs[i]->name_zh, word) || holds(item->proofs[i]->name_en, word))
            return true;
    return false;
}

static bool part_of(const struct zt_listed *what, const char *word)
{
    switch (what->kind) {
    case ZT_LISTED_RECORD:
        return part_of_record(what->thing, word);
    case ZT_LISTED_TABLE:
        return part_of_table(what->thing, word);
    case ZT_LISTED_CERT:
        return part_of_cert(what->thing, word);
    case ZT_LISTED_ITEM:
        return part_of_item(what->thing, word);
    case ZT_LISTED_PURPOSE:
        return holds(((const struct zt_purpose *)what->thing)->basis, word);
    default:
        return false;
    }
}

static unsigned worth_of(const struct zt_listed *what, const char *keywords, const char *word)
{
    if (same(what->id, word) || same(what->name_zh, word) || same(what->name_en, word))
        return WORTH_SAME;
    if (holds(what->name_zh, word) || holds(what->name_en, word))
        return WORTH_NAME;
    if (holds(what->id, word))
        return WORTH_ID;
    if (holds(keywords, word))
        return WORTH_KEYWORD;
    unsigned share = alike(what->name_zh, word);
    if (share >= 50)
        return WORTH_ALIKE * share / 100;
    return part_of(what, word) ? WORTH_PART : 0;
}

static unsigned score_of(const struct zt_listed *what, const struct words *words)
{
    const char *keywords =
        what->kind == ZT_LISTED_ITEM ? ((const struct zt_item *)what->thing)->keywords : NULL;
    unsigned score = what->kind == ZT_LISTED_ITEM ? WORTH_ITEM : 0;
    for (size_t i = 0; i < words->count; i++) {
        unsigned worth = worth_of(what, keywords, words->list[i]);
        if (!worth)
            return 0;
        score += worth;
    }
    return score;
}

// Keeps the best `max`, in order; equal scores stay in the order they came.
static size_t insert(struct zt_hit *hits, size_t count, size_t max, struct zt_hit hit)
{
    size_t at = count;
    while (at > 0 && hits[at - 1].score < hit.score)
        at--;
    if (at >= max)
        return count;
    size_t kept = count < max ? count : max - 1;
    memmove(&hits[at + 1], &hits[at], (kept - at) * sizeof *hits);
    hits[at] = hit;
    return kept + 1;
}

size_t zt_catalogue_search(const struct zt_catalogue *c, const char *text, struct zt_hit *hits, size_t max)
{
    struct words words;
    size_t count = 0;
    if (!zt_utf8_valid(zt_bytes_str(text)))
        return 0;
    split(text, &words);
    if (!words.count)
        return 0;
    for (enum zt_listed_kind kind = ZT_LISTED_DEPARTMENT; kind < ZT_LISTED_KINDS; kind++)
        for (size_t i = 0; i < zt_listed_count(c, kind); i++) {
            struct zt_hit hit = {.what = zt_listed_at(c, kind, i)};
            hit.score = score_of(&hit.what, &words);
            if (hit.score)
                count = insert(hits, count, max, hit);
        }
    return count;
}
