// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/stand_in.h"

#include <stdio.h>
#include <string.h>

#include "proto/signer.h"
#include "proto/wire.h"

static void refuse(struct zt_sign_answer *answer, enum zt_err code, const char *rule)
{
    answer->code = code;
    answer->rule = rule;
    answer->text = "refused";
}

static bool is_consistent(const struct stand_in *self, const struct zt_sign_request *request)
{
    struct zt_proof proof = {.count = request->proof_count};
    if (self->last.size == 0)
        return proof.count == 0;
    for (size_t i = 0; i < proof.count; i++)
        memcpy(proof.hashes[i], request->proof[i].data, ZT_HASH_LEN);
    return zt_merkle_verify_consistency(ZT_SHA256, self->last.size, request->size, self->last.root,
                                        request->root, &proof) == ZT_OK;
}

static bool sign(struct stand_in *self, const struct zt_sign_request *request)
{
    struct zt_buf body;
    (void)!snprintf(self->last.origin, sizeof self->last.origin, "%s", request->origin);
    self->last.size = request->size;
    memcpy(self->last.root, request->root, ZT_HASH_LEN);
    struct zt_checkpoint written = self->last;
    if (atomic_load(&self->manner) == STAND_IN_LIES)
        written.root[0] ^= 1;
    zt_buf_init(&body, 1024);
    zt_checkpoint_write(&written, &body);
    zt_buf_reset(&self->last_note);
    enum zt_err rc = zt_note_sign(self->key, self->name, zt_buf_bytes(&body), &self->last_note);
    zt_buf_fini(&body);
    atomic_fetch_add(&self->signed_notes, 1);
    return rc == ZT_OK;
}

static void decide(struct stand_in *self, const struct zt_sign_request *request,
                   struct zt_sign_answer *answer)
{
    int manner = atomic_load(&self->manner);
    answer->note = zt_buf_bytes(&self->last_note);
    if (manner == STAND_IN_REFUSES)
        refuse(answer, ZT_E_DENIED, "signer.inconsistent");
    else if (manner == STAND_IN_NO_KEY)
        refuse(answer, ZT_E_ABSENT, "signer.no-key");
    else if (request->size < self->last.size)
        refuse(answer, ZT_E_DENIED, "signer.rollback");
    else if (request->old_size != self->last.size)
        refuse(answer, ZT_E_STATE, "signer.old-size");
    else if (!is_consistent(self, request))
        refuse(answer, ZT_E_DENIED, "signer.inconsistent");
    else if (!sign(self, request))
        refuse(answer, ZT_E_CRYPTO, "signer.crypto");
    if (answer->code == ZT_OK)
        answer->note = zt_buf_bytes(&self->last_note);
}

static void answer_one(struct stand_in *self, struct zt_sock *sock, const struct zt_msg *msg,
                       struct zt_arena *arena)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    struct zt_sign_request request;
    struct zt_buf out;
    zt_arena_reset(arena);
    if (zt_wire_open(msg->frame, &type, &body, NULL) != ZT_OK || type != ZT_WIRE_SIGN_REQUEST ||
        zt_sign_request_parse(body, arena, &request, NULL) != ZT_OK)
        return;
    atomic_fetch_add(&self->asked, 1);
    int manner = atomic_load(&self->manner);
    if (manner == STAND_IN_SILENT)
        return;
    struct zt_sign_answer answer = {.ticket = request.ticket, .alg = ZT_ED25519, .key_id = self->name};
    decide(self, &request, &answer);
    zt_buf_init(&out, ZT_FRAME_SMALL);
    zt_wire_start(&out, ZT_WIRE_SIGN_ANSWER);
    enum zt_err rc = zt_sign_answer_encode(&answer, &out);
    if (manner == STAND_IN_GARBAGE)
        rc = zt_sock_send(sock, msg->route, msg->route_len, zt_bytes_str("no message"));
    else if (rc == ZT_OK && manner != STAND_IN_FORGETS)
        rc = zt_sock_send(sock, msg->route, msg->route_len, zt_buf_bytes(&out));
    (void)rc;
    zt_buf_fini(&out);
}

void stand_in_run(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct stand_in *self = arg;
    struct zt_sock *sock = NULL;
    struct zt_msg msg;
    struct zt_arena arena;
    char bound[ZT_ENDPOINT_MAX];
    struct zt_listen_options options = {.endpoint = self->endpoint, .max_frame = ZT_FRAME_SMALL};
    zt_msg_init(&msg);
    zt_arena_init(&arena, 65536);
    if (!self->last_note.max)
        zt_buf_init(&self->last_note, ZT_NOTE_MAX);
    enum zt_err rc = zt_sock_listen(net, &options, &sock, bound, NULL);
    if (zt_actor_ready(pipe, rc) == ZT_OK && rc == ZT_OK) {
        struct zt_sock *socks[] = {pipe, sock};
        bool ready[2] = {false, false};
        while (!ready[0]) {
            (void)!zt_sock_wait(socks, 2, -1, ready);
            while (zt_sock_recv(sock, &msg) == ZT_OK)
                answer_one(self, sock, &msg, &arena);
        }
    }
    if (sock)
        zt_sock_close(&sock);
    zt_msg_fini(&msg);
    zt_arena_fini(&arena);
}
