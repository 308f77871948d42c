// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known name that is fewest edits away from a mistaken one.
#ifndef ZT_CATALOGUE_NEAREST_H
#define ZT_CATALOGUE_NEAREST_H

#include "catalogue/index.h"

// Insertions, deletions and replacements between two names; names longer than 95 bytes count as far away.
unsigned zt_edit_distance(const char *a, const char *b);
// NULL when nothing is near: more than a third of the word's length away, at least 2.
const char *zt_nearest(const char *word, const struct zt_index *known);
const char *zt_nearest_of(const char *word, const char *const *words, size_t count);

#endif
