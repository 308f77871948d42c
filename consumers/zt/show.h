// SPDX-License-Identifier: Apache-2.0
// An answer of the counter, for people and for programs.
#ifndef ZT_CONSUMERS_ZT_SHOW_H
#define ZT_CONSUMERS_ZT_SHOW_H

#include "consumers/zt/json.h"
#include "consumers/zt/session.h"

// Status, rule, texts, freshness and ledger receipt: what every answer has. The object is the caller's.
json_t *zt_answer_json(const char *command, const struct zt_request *request, const struct zt_answer *answer);
json_t *zt_found_json(struct zt_session *session, const struct zt_found *found);

void zt_show_question(const struct zt_session *session, const struct zt_request *request, bool show_numbers);
void zt_show_status(const struct zt_answer *answer); // with the texts when it is not "ok"
void zt_show_found(struct zt_session *session, const struct zt_found *found, bool show_numbers);
void zt_show_freshness(const struct zt_freshness *freshness);
void zt_show_receipt(const struct zt_answer *answer); // freshness of the whole, ledger index and hash

const char *zt_status_zh(enum zt_status status);

// The value as people read it: canonical text, a code with its word, masked where it is a person's number.
const char *zt_field_text(struct zt_session *session, const struct zt_field_type *type,
                          const struct zt_field *field, bool show_numbers);

#endif
