// SPDX-License-Identifier: Apache-2.0
// The catalogue as text for people: what is in it, what one thing is, where a word occurs, what changed.
//
// Everything is appended to a bounded buffer whose sticky error the caller checks once. Chinese beside
// English. Pure and thread safe.
#ifndef ZT_CATALOGUE_RENDER_H
#define ZT_CATALOGUE_RENDER_H

#include "base/buf.h"
#include "catalogue/catalogue.h"

// published.yaml of this catalogue: every record type with its tags.
void zt_catalogue_put_published(const struct zt_catalogue *c, struct zt_buf *out);

#endif
