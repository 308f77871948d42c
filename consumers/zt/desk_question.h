// SPDX-License-Identifier: Apache-2.0
// A question of the desk, from the options that auditors and operators share.
#ifndef ZT_CONSUMERS_ZT_DESK_QUESTION_H
#define ZT_CONSUMERS_ZT_DESK_QUESTION_H

#include "consumers/zt/json.h"
#include "consumers/zt/session.h"

extern const struct zt_option zt_auditor_options[];  // reason (needed), officer, timeout
extern const struct zt_option zt_operator_options[]; // the same, with a reason of its own

// An empty question of this act with officer and reason. ZT_EXIT_YES to go on; otherwise what is wrong has
// been said.
enum zt_exit zt_desk_fill(const struct zt_session *session, const struct zt_args *args, enum zt_desk_act act,
                          struct zt_desk_request *request);
// Asks; a failure has been said when it is not ZT_EXIT_YES. The answer's status is not looked at.
enum zt_exit zt_desk_ask(struct zt_session *session, const struct zt_args *args,
                         struct zt_desk_request *request, struct zt_desk_answer *answer);

// Status, rule, texts, and the ledger entry of this very question.
json_t *zt_desk_json(const char *command, const struct zt_desk_answer *answer);
void zt_desk_show_status(const struct zt_desk_answer *answer); // only when it is not "ok"
void zt_desk_show_receipt(const struct zt_desk_answer *answer);

// Opens a session, runs `body` in it and closes it.
enum zt_exit zt_desk_session(const struct zt_cli *cli, const struct zt_args *args,
                             enum zt_exit (*body)(struct zt_session *, const struct zt_args *));

#endif
