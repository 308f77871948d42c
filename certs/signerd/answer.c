// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/answer.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "certs/signerd/config.h"

enum zt_err zt_signer_open(const struct zt_signer_config *config, struct zt_signer *signer,
                           struct zt_fault *fault)
{
    struct zt_signer made = {.head.lock = -1};
    enum zt_err rc = zt_signer_socket_check(config->socket, fault);
    if (rc == ZT_OK)
        rc = zt_vault_open(config->keys, &made.vault, fault);
    if (rc == ZT_OK)
        rc = zt_head_open(config->state, config->origin, made.vault.ledger, &made.head, fault);
    if (rc == ZT_OK)
        *signer = made;
    else
        zt_vault_close(&made.vault);
    return rc;
}

void zt_signer_close(struct zt_signer *signer)
{
    zt_head_close(&signer->head);
    zt_vault_close(&signer->vault);
}

static enum zt_err refuse(const struct zt_fault *fault, struct zt_arena *arena, struct zt_sign_answer *answer)
{
    const char *rule = zt_arena_strdup(arena, fault->rule), *text = zt_arena_strdup(arena, fault->text);
    answer->code = fault->code;
    answer->rule = rule ? rule : "signer.memory";
    answer->text = text ? text : "";
    return fault->code;
}

static const struct zt_vault_key *find_key(const struct zt_signer *signer,
                                           const struct zt_sign_request *request, struct zt_arena *arena,
                                           struct zt_sign_answer *answer)
{
    struct zt_fault fault;
    const struct zt_vault_key *key = zt_vault_find(&signer->vault, request->issuer, request->alg);
    if (!key) {
        zt_fault_set(&fault, ZT_E_ABSENT, "signer.no-key", "", "no %s key of that department is here",
                     zt_sig_alg_name(request->alg));
        refuse(&fault, arena, answer);
        return NULL;
    }
    answer->key_id = key->key_id;
    answer->alg = key->alg;
    return key;
}

static enum zt_err sign_all(const struct zt_vault_key *key, const struct zt_sign_request *request,
                            struct zt_arena *arena, struct zt_sign_answer *answer)
{
    struct zt_bytes *list = zt_arena_alloc(arena, request->message_count * sizeof *list);
    uint8_t *room = zt_arena_alloc(arena, request->message_count * ZT_SIG_LEN);
    if (!list || !room)
        return ZT_E_NOMEM;
    for (size_t i = 0; i < request->message_count; i++) {
        enum zt_err rc = zt_sign(key->key, request->messages[i], room + i * ZT_SIG_LEN);
        if (rc != ZT_OK)
            return rc;
        list[i] = (struct zt_bytes){room + i * ZT_SIG_LEN, ZT_SIG_LEN};
    }
    answer->signatures = list;
    answer->signature_count = request->message_count;
    return ZT_OK;
}

static void answer_messages(struct zt_signer *signer, const struct zt_sign_request *request,
                            struct zt_arena *arena, struct zt_sign_answer *answer)
{
    struct zt_fault fault;
    const struct zt_vault_key *key = find_key(signer, request, arena, answer);
    if (!key) {
        zt_log_warn("ZT-SIGNER-NO-KEY", "%zu messages refused: no such key", request->message_count);
        return;
    }
    enum zt_err rc = sign_all(key, request, arena, answer);
    if (rc != ZT_OK) {
        zt_fault_set(&fault, rc, "signer.sign", "", "the messages could not be signed");
        refuse(&fault, arena, answer);
        zt_log_error("ZT-SIGNER-FAILED", "%zu messages with key %s: %s", request->message_count, key->key_id,
                     zt_err_name(rc));
        return;
    }
    zt_log_info("ZT-SIGNER-SIGNED", "%zu messages with key %s", request->message_count, key->key_id);
}

static void answer_key(struct zt_signer *signer, const struct zt_sign_request *request,
                       struct zt_arena *arena, struct zt_sign_answer *answer)
{
    const struct zt_vault_key *key = find_key(signer, request, arena, answer);
    if (!key)
        return;
    answer->chain = (struct zt_bytes *)(uintptr_t)key->chain; // read only for the encoder
    answer->chain_count = key->chain_count;
    zt_log_info("ZT-SIGNER-KEY", "told about key %s", key->key_id);
}

static void answer_checkpoint(struct zt_signer *signer, const struct zt_sign_request *request,
                              struct zt_arena *arena, struct zt_sign_answer *answer)
{
    struct zt_fault fault = {.code = ZT_OK};
    enum zt_err rc = zt_head_advance(&signer->head, request, &fault);
    if (rc == ZT_OK) {
        answer->note = zt_buf_bytes(&signer->head.note);
        zt_log_info("ZT-SIGNER-CHECKPOINT", "size %" PRIu64, signer->head.last.size);
        return;
    }
    if (fault.code == ZT_OK)
        zt_fault_set(&fault, rc, "signer.sign", "", "the checkpoint could not be signed");
    refuse(&fault, arena, answer);
    if (rc == ZT_E_STATE && signer->head.any)
        answer->note = zt_buf_bytes(&signer->head.note);
    zt_log_warn("ZT-SIGNER-REFUSED", "checkpoint of size %" PRIu64 " refused: %s", request->size, fault.rule);
}

void zt_signer_answer(struct zt_signer *signer, const struct zt_sign_request *request, struct zt_arena *arena,
                      struct zt_sign_answer *answer)
{
    *answer = (struct zt_sign_answer){.ticket = request->ticket};
    switch (request->act) {
    case ZT_SIGN_MESSAGES:
        answer_messages(signer, request, arena, answer);
        return;
    case ZT_SIGN_KEY:
        answer_key(signer, request, arena, answer);
        return;
    case ZT_SIGN_CHECKPOINT:
        answer_checkpoint(signer, request, arena, answer);
        return;
    }
    struct zt_fault fault;
    zt_fault_set(&fault, ZT_E_INPUT, "signer.act", "", "no such act");
    refuse(&fault, arena, answer);
}
