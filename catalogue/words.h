// SPDX-License-Identifier: Apache-2.0
// Words for what the catalogue says in letters and numbers; for the files of this room that write text.
#ifndef ZT_CATALOGUE_WORDS_H
#define ZT_CATALOGUE_WORDS_H

#include "base/buf.h"
#include "catalogue/catalogue.h"
#include "catalogue/rules.h"

const char *zt_share_words(char share);         // "有条件共享 conditional"
const char *zt_refresh_words(unsigned refresh); // "每日 daily"
const char *zt_subject_words(enum zt_subject_kind kind);
const char *zt_need_words(enum zt_cert_need need);
void zt_put_age(uint32_t seconds, struct zt_buf *out);                   // "2 天 days"
void zt_put_kind(const struct zt_field_type *field, struct zt_buf *out); // "code T-SEX", "text ≤ 50"
void zt_put_modes(unsigned modes, struct zt_buf *out);                   // "verify, fetch"
void zt_put_roles(unsigned roles, struct zt_buf *out);                   // "producer"
void zt_put_rule(const struct zt_cert_rule *rule, struct zt_buf *out);   // without the record type's name
void zt_put_condition(const struct zt_condition *condition, struct zt_buf *out);

#endif
