// SPDX-License-Identifier: Apache-2.0
// One request -> one answer, without sockets.
#ifndef ZT_CERTS_SIGNERD_ANSWER_H
#define ZT_CERTS_SIGNERD_ANSWER_H

#include "certs/signerd/head.h"
#include "certs/signerd/vault.h"

struct zt_signer {
    struct zt_vault vault;
    struct zt_head head;
};
struct zt_signer_config;

// Everything that can be wrong is found here, before a socket exists.
ZT_MUST_USE enum zt_err zt_signer_open(const struct zt_signer_config *config, struct zt_signer *signer,
                                       struct zt_fault *fault);
void zt_signer_close(struct zt_signer *signer); // idempotent

// Fills `answer`, borrowing from signer and arena; a refusal is an answer too. One log line, without content.
void zt_signer_answer(struct zt_signer *signer, const struct zt_sign_request *request, struct zt_arena *arena,
                      struct zt_sign_answer *answer);

#endif
