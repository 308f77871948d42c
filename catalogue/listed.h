// SPDX-License-Identifier: Apache-2.0
// Everything in a catalogue as one kind of thing: with an id and a name in two languages, to be listed,
// found by id and searched by words.
//
// Pure and thread safe; pointers live as long as a reference to the catalogue is held.
#ifndef ZT_CATALOGUE_LISTED_H
#define ZT_CATALOGUE_LISTED_H

#include "catalogue/catalogue.h"

enum zt_listed_kind {
    ZT_LISTED_DEPARTMENT = 1,
    ZT_LISTED_TABLE,
    ZT_LISTED_RECORD,
    ZT_LISTED_CERT,
    ZT_LISTED_PURPOSE,
    ZT_LISTED_ITEM,
    ZT_LISTED_PARTY,
    ZT_LISTED_SOURCE,
    ZT_LISTED_KINDS
};
const char *zt_listed_kind_name(enum zt_listed_kind kind); // "department", "code-table", "record-type", ...
const char *zt_listed_kind_zh(enum zt_listed_kind kind);
// By its name, singular or with an "s"; ZT_E_INPUT otherwise.
ZT_MUST_USE enum zt_err zt_listed_kind_parse(const char *name, enum zt_listed_kind *kind);

struct zt_listed {
    enum zt_listed_kind kind;
    const char *id, *name_zh, *name_en; // never NULL
    const void *thing;                  // struct zt_department, zt_code_table, ... by kind
};
size_t zt_listed_count(const struct zt_catalogue *c, enum zt_listed_kind kind);
struct zt_listed zt_listed_at(const struct zt_catalogue *c, enum zt_listed_kind kind, size_t i);
// The thing with this id; of any kind when `kind` is 0. ZT_E_ABSENT with the nearest known id in the fault.
ZT_MUST_USE enum zt_err zt_listed_find(const struct zt_catalogue *c, enum zt_listed_kind kind, const char *id,
                                       struct zt_listed *out, struct zt_fault *fault);

// What somebody looks for in words: "提取公积金", "marriage certificate". Every word must occur in the id,
// the name, the keywords, or a part (a field, a code, a proof); Chinese words may differ by some characters.
struct zt_hit {
    struct zt_listed what;
    unsigned score;
};
#define ZT_SEARCH_TEXT_MAX 256
// Best first, ties in the order of kinds and files; returns how many of at most `max` were found.
size_t zt_catalogue_search(const struct zt_catalogue *c, const char *text, struct zt_hit *hits, size_t max);

#endif
