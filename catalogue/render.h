// SPDX-License-Identifier: Apache-2.0
// The catalogue as text for people: how much is in it, what one thing is, all of it as a page.
//
// Everything is appended to a bounded buffer whose sticky error the caller checks once. Chinese beside
// English. Pure and thread safe.
#ifndef ZT_CATALOGUE_RENDER_H
#define ZT_CATALOGUE_RENDER_H

#include "base/buf.h"
#include "catalogue/catalogue.h"
#include "catalogue/listed.h"

struct zt_catalogue_stats {
    size_t departments, tables, codes, records, fields, certs, proofs_of_none, shown, purposes, items, proofs,
        exempt, parties, sources, grants;
};
struct zt_catalogue_stats zt_catalogue_count(const struct zt_catalogue *c);
void zt_catalogue_put_stats(const struct zt_catalogue *c, struct zt_buf *out);

// One line each: id, name in both languages.
void zt_catalogue_put_list(const struct zt_catalogue *c, enum zt_listed_kind kind, struct zt_buf *out);

// All that there is to know about one thing, with what refers to it.
void zt_listed_put(const struct zt_catalogue *c, const struct zt_listed *what, struct zt_buf *out);

// One HTML page, complete in itself: index, search field, every thing with links to what it refers to.
// `title` is the installation's name. Needs about 1.5 MiB of room for the shipped catalogue.
#define ZT_CATALOGUE_HTML_MAX ((size_t)64 * 1024 * 1024)
void zt_catalogue_put_html(const struct zt_catalogue *c, const char *title, struct zt_buf *out);

// published.yaml of this catalogue: every record type with its tags.
void zt_catalogue_put_published(const struct zt_catalogue *c, struct zt_buf *out);

#endif
