// SPDX-License-Identifier: Apache-2.0
// A question of the counter from the options that lookup, check, issue and the scenarios share.
#ifndef ZT_CONSUMERS_ZT_QUESTION_H
#define ZT_CONSUMERS_ZT_QUESTION_H

#include "consumers/zt/session.h"

extern const struct zt_option zt_question_options[]; // item, purpose, case, officer, subject, ...

// Fills everything but type, fields, claims and alg. Texts live in args and the session's arena. ZT_EXIT_YES
// to go on; otherwise what is wrong has been said.
enum zt_exit zt_question_fill(struct zt_session *session, const struct zt_args *args, enum zt_mode mode,
                              struct zt_request *request, int *timeout_ms);

// "a,b,c" -> list in the session's arena; ZT_E_LIMIT past `max` parts, ZT_E_INPUT for an empty one.
ZT_MUST_USE enum zt_err zt_split_list(struct zt_session *session, const char *text, size_t max,
                                      const char ***list, size_t *count);

// found, match -> yes; none, denied -> no; invalid -> usage; unknown, trouble -> trouble.
enum zt_exit zt_status_exit(enum zt_status status);

#endif
