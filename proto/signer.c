// SPDX-License-Identifier: Apache-2.0
#include "proto/signer.h"

#include "proto/shape.h"
#include "signer.pb-c.h"

static const struct zt_limit request_limits[] = {
    [1] = {0},
    [2] = {.min = ZT_SIGN_MESSAGES, .max = ZT_SIGN_CHECKPOINT, .required = true},
    [4] = {.max = ZT_ED25519},
    [5] = {.max = ZT_WORD_LEN},
    [6] = {.min = 1, .max = ZT_SIGN_MESSAGE_LEN, .count = ZT_SIGN_MAX},
    [7] = {.max = ZT_ORIGIN_LEN},
    [8] = {0},
    [9] = {0},
    [10] = {.min = ZT_HASH_LEN, .max = ZT_HASH_LEN},
    [11] = {.min = ZT_HASH_LEN, .max = ZT_HASH_LEN, .count = ZT_PROOF_MAX},
};
static const struct zt_shape request_shape =
    ZT_SHAPE("signer", sign_request_pb, request_limits, ZT_WIRE_FIELDS);

static const struct zt_limit answer_limits[] = {
    [1] = {0},
    [2] = {.max = ZT_E_BUG},
    [3] = {.max = ZT_RULE_MAX - 1},
    [4] = {.max = ZT_TEXT_MAX - 1},
    [5] = {.max = ZT_KEY_ID_MAX - 1},
    [6] = {.max = ZT_ED25519},
    [7] = {.min = ZT_SIG_LEN, .max = ZT_SIG_LEN, .count = ZT_SIGN_MAX},
    [8] = {.min = 1, .max = ZT_CHAIN_CERT_LEN, .count = ZT_CHAIN_MAX},
    [9] = {.max = ZT_NOTE_LEN},
};
static const struct zt_shape answer_shape = ZT_SHAPE("signer", sign_answer_pb, answer_limits, ZT_WIRE_FIELDS);

static enum zt_err check_request(const struct zt_sign_request *request, struct zt_fault *fault)
{
    if (request->act != ZT_SIGN_CHECKPOINT && request->alg == 0)
        return zt_fault_set(fault, ZT_E_INPUT, "signer.alg", "alg", "say which kind of key is meant");
    if (request->act == ZT_SIGN_MESSAGES && request->message_count == 0)
        return zt_fault_set(fault, ZT_E_INPUT, "signer.messages", "messages", "there is nothing to sign");
    return ZT_OK;
}

enum zt_err zt_sign_request_encode(const struct zt_sign_request *request, struct zt_buf *out)
{
    ProtobufCBinaryData messages[ZT_SIGN_MAX], proof[ZT_PROOF_MAX];
    Zt__V1__SignRequestPb pb = ZT__V1__SIGN_REQUEST_PB__INIT;
    if (request->message_count > ZT_SIGN_MAX || request->proof_count > ZT_PROOF_MAX)
        return ZT_E_LIMIT;
    enum zt_err rc = check_request(request, NULL);
    if (rc != ZT_OK)
        return rc;
    for (size_t i = 0; i < request->message_count; i++)
        messages[i] = zt_bytes_out(request->messages[i]);
    for (size_t i = 0; i < request->proof_count; i++)
        proof[i] = zt_bytes_out(request->proof[i]);
    pb.ticket = request->ticket;
    pb.act = request->act;
    pb.alg = request->alg;
    pb.issuer = zt_text_out(request->issuer);
    pb.n_messages = request->message_count;
    pb.messages = messages;
    pb.origin = zt_text_out(request->origin);
    pb.old_size = request->old_size;
    pb.size = request->size;
    pb.root = zt_fixed_out(request->root, ZT_HASH_LEN);
    pb.n_proof = request->proof_count;
    pb.proof = proof;
    return zt_shape_frame(&request_shape, ZT_WIRE_SIGN_REQUEST, &pb.base, out);
}

enum zt_err zt_sign_request_parse(struct zt_bytes body, struct zt_arena *arena,
                                  struct zt_sign_request *request, struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__SignRequestPb *pb;
    ZT_TRY(zt_shape_unpack(&request_shape, body, arena, &pb, fault));
    struct zt_sign_request found = {
        .ticket = pb->ticket,
        .act = (enum zt_sign_act)pb->act,
        .issuer = pb->issuer,
        .alg = (enum zt_sig_alg)pb->alg,
        .message_count = pb->n_messages,
        .origin = pb->origin,
        .old_size = pb->old_size,
        .size = pb->size,
        .proof_count = pb->n_proof,
    };
    zt_fixed_in(pb->root, found.root, ZT_HASH_LEN);
    ZT_TRY(zt_shape_bytes_list(arena, pb->messages, pb->n_messages, &found.messages, fault));
    ZT_TRY(zt_shape_bytes_list(arena, pb->proof, pb->n_proof, &found.proof, fault));
    ZT_TRY(check_request(&found, fault));
    *request = found;
out:
    return rc;
}

enum zt_err zt_sign_answer_encode(const struct zt_sign_answer *answer, struct zt_buf *out)
{
    ProtobufCBinaryData signatures[ZT_SIGN_MAX], chain[ZT_CHAIN_MAX];
    Zt__V1__SignAnswerPb pb = ZT__V1__SIGN_ANSWER_PB__INIT;
    if (answer->signature_count > ZT_SIGN_MAX || answer->chain_count > ZT_CHAIN_MAX)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < answer->signature_count; i++)
        signatures[i] = zt_bytes_out(answer->signatures[i]);
    for (size_t i = 0; i < answer->chain_count; i++)
        chain[i] = zt_bytes_out(answer->chain[i]);
    pb.ticket = answer->ticket;
    pb.code = answer->code;
    pb.rule = zt_text_out(answer->rule);
    pb.text = zt_text_out(answer->text);
    pb.key_id = zt_text_out(answer->key_id);
    pb.alg = answer->alg;
    pb.n_signatures = answer->signature_count;
    pb.signatures = signatures;
    pb.n_chain = answer->chain_count;
    pb.chain = chain;
    pb.note = zt_bytes_out(answer->note);
    return zt_shape_frame(&answer_shape, ZT_WIRE_SIGN_ANSWER, &pb.base, out);
}

enum zt_err zt_sign_answer_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_sign_answer *answer,
                                 struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__SignAnswerPb *pb;
    ZT_TRY(zt_shape_unpack(&answer_shape, body, arena, &pb, fault));
    struct zt_sign_answer found = {
        .ticket = pb->ticket,
        .code = (enum zt_err)pb->code,
        .rule = pb->rule,
        .text = pb->text,
        .key_id = pb->key_id,
        .alg = (enum zt_sig_alg)pb->alg,
        .signature_count = pb->n_signatures,
        .chain_count = pb->n_chain,
        .note = zt_bytes_in(pb->note),
    };
    ZT_TRY(zt_shape_bytes_list(arena, pb->signatures, pb->n_signatures, &found.signatures, fault));
    ZT_TRY(zt_shape_bytes_list(arena, pb->chain, pb->n_chain, &found.chain, fault));
    *answer = found;
out:
    return rc;
}
