// SPDX-License-Identifier: Apache-2.0
#include "catalogue/nearest.h"

#include <limits.h>
#include <string.h>

#define WORD_MAX 95

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned min = a < b ? a : b;
    return min < c ? min : c;
}

unsigned zt_edit_distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len > WORD_MAX || b_len > WORD_MAX)
        return UINT_MAX;
    unsigned row[WORD_MAX + 1];
    for (unsigned j = 0; j <= b_len; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a_len; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_len];
}

struct search {
    const char *word, *best;
    unsigned distance;
};

static struct search search_for(const char *word)
{
    unsigned third = (unsigned)(strlen(word) / 3);
    return (struct search){.word = word, .distance = (third > 2 ? third : 2) + 1};
}

// Ties go to the name that sorts first, so that a message does not depend on the order of a hash.
static void look_at(struct search *search, const char *candidate)
{
    unsigned distance = zt_edit_distance(search->word, candidate);
    bool nearer = distance < search->distance;
    if (nearer || (search->best && distance == search->distance && strcmp(candidate, search->best) < 0)) {
        search->best = candidate;
        search->distance = distance;
    }
}

const char *zt_nearest(const char *word, const struct zt_index *known)
{
    struct search search = search_for(word);
    for (size_t i = 0; i < known->room; i++)
        if (known->slots[i].value)
            look_at(&search, (const char *)known->slots[i].key.data);
    return search.best;
}

const char *zt_nearest_of(const char *word, const char *const *words, size_t count)
{
    struct search search = search_for(word);
    for (size_t i = 0; i < count; i++)
        if (words[i])
            look_at(&search, words[i]);
    return search.best;
}
