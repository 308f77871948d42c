// SPDX-License-Identifier: Apache-2.0
// Private to html*.c: text, links and the sections of the reference page.
#ifndef ZT_CATALOGUE_HTML_PARTS_H
#define ZT_CATALOGUE_HTML_PARTS_H

#include "base/buf.h"
#include "catalogue/listed.h"

void zt_html_text(struct zt_buf *out, const char *text); // escaped
void zt_html_link(struct zt_buf *out, enum zt_listed_kind kind, const char *id, const char *name);
// The inside of one thing's section, under its heading.
void zt_html_thing(const struct zt_catalogue *c, const struct zt_listed *what, struct zt_buf *out);

#endif
