// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/fake_signer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/wire.h"

#define ARENA_MAX ((size_t)8 * 1024 * 1024)

#define USCC "113707000042775090"

struct answering {
    struct fake_signer *signer;
    const struct zt_sign_request *request;
    struct zt_sign_answer answer;
    struct zt_bytes signatures[ZT_SIGN_MAX];
    uint8_t room[ZT_SIGN_MAX][ZT_SIG_LEN];
    char key_id[64];
};

static void name_key(struct answering *a, bool signing)
{
    int manner = atomic_load(&a->signer->manner);
    snprintf(a->key_id, sizeof a->key_id, "%s-%s-%u%s", a->request->issuer, zt_sig_alg_name(a->request->alg),
             atomic_load(&a->signer->generation), signing && manner == FAKE_OTHER_KEY ? "-other" : "");
    a->answer.key_id = a->key_id;
    a->answer.alg = a->request->alg;
}

static void describe_key(struct answering *a)
{
    atomic_fetch_add(&a->signer->key_questions, 1);
    name_key(a, false);
    a->answer.chain = a->signer->pki[a->request->alg].chain;
    a->answer.chain_count = atomic_load(&a->signer->manner) == FAKE_SHORT ? 0 : 2;
}

static void sign_messages(struct answering *a)
{
    atomic_fetch_add(&a->signer->sign_questions, 1);
    atomic_fetch_add(&a->signer->messages, (unsigned)a->request->message_count);
    name_key(a, true);
    a->answer.signatures = a->signatures;
    if (atomic_load(&a->signer->manner) == FAKE_TOO_FEW)
        return;
    for (size_t i = 0; i < a->request->message_count; i++) {
        if (zt_sign(a->signer->pki[a->request->alg].leaf, a->request->messages[i], a->room[i]) != ZT_OK)
            abort();
        a->signatures[i] = (struct zt_bytes){a->room[i], ZT_SIG_LEN};
    }
    a->answer.signature_count = a->request->message_count;
}

static void refuse(struct answering *a, const char *rule)
{
    a->answer.code = ZT_E_ABSENT;
    a->answer.rule = rule;
    a->answer.text = "told to refuse";
}

// False when nothing is to be said.
static bool make_answer(struct answering *a)
{
    int manner = atomic_load(&a->signer->manner);
    bool about_key = a->request->act == ZT_SIGN_KEY;
    a->answer = (struct zt_sign_answer){.ticket = a->request->ticket, .rule = "", .text = "", .key_id = ""};
    if (manner == FAKE_REFUSES || (manner == FAKE_REFUSES_SIGNS && !about_key))
        refuse(a, "signer.no-key");
    else if (about_key)
        describe_key(a);
    else
        sign_messages(a);
    return manner != FAKE_SILENT && !(manner == FAKE_SILENT_KEYS && about_key);
}

static void serve_one(struct fake_signer *signer, struct zt_sock *sock, const struct zt_msg *msg,
                      struct answering *a, struct zt_buf *out)
{
    struct zt_arena arena;
    struct zt_sign_request request;
    enum zt_wire_type type;
    struct zt_bytes body;
    zt_arena_init(&arena, ARENA_MAX);
    if (zt_wire_open(msg->frame, &type, &body, NULL) != ZT_OK || type != ZT_WIRE_SIGN_REQUEST ||
        zt_sign_request_parse(body, &arena, &request, NULL) != ZT_OK)
        abort(); // the counter never sends anything else
    a->signer = signer;
    a->request = &request;
    if (make_answer(a)) {
        if (zt_sign_answer_encode(&a->answer, out) != ZT_OK)
            abort();
        if (atomic_load(&signer->manner) == FAKE_GARBAGE) {
            static const uint8_t junk[] = {'Z', 'T', 1, ZT_WIRE_SIGN_ANSWER, 0xff, 0xff};
            static const uint8_t other[] = {'Z', 'T', 1, ZT_WIRE_ANSWER};
            (void)!zt_sock_send(sock, msg->route, msg->route_len, (struct zt_bytes){junk, sizeof junk});
            (void)!zt_sock_send(sock, msg->route, msg->route_len, (struct zt_bytes){other, sizeof other});
        }
        (void)!zt_sock_send(sock, msg->route, msg->route_len, zt_buf_bytes(out));
    }
    zt_arena_fini(&arena);
}

static void run(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct fake_signer *signer = arg;
    struct zt_listen_options options = {.endpoint = signer->endpoint, .max_frame = ZT_FRAME_BATCH};
    char bound[ZT_ENDPOINT_MAX];
    struct zt_sock *sock = NULL;
    struct answering *answering = calloc(1, sizeof *answering);
    struct zt_buf out;
    struct zt_msg msg;
    bool stop = false;
    zt_buf_init(&out, ZT_FRAME_BATCH);
    zt_msg_init(&msg);
    enum zt_err rc = answering ? zt_sock_listen(net, &options, &sock, bound, NULL) : ZT_E_NOMEM;
    (void)!zt_actor_ready(pipe, rc);
    while (rc == ZT_OK && !stop) {
        struct zt_sock *socks[] = {pipe, sock};
        bool ready[2];
        (void)!zt_sock_wait(socks, 2, -1, ready);
        if (zt_sock_recv(pipe, &msg) == ZT_OK)
            stop = true;
        while (zt_sock_recv(sock, &msg) == ZT_OK)
            serve_one(signer, sock, &msg, answering, &out);
    }
    zt_msg_fini(&msg);
    zt_buf_fini(&out);
    free(answering);
    if (sock)
        zt_sock_close(&sock);
}

void fake_signer_start(struct fake_signer *signer, struct zt_net *net, const char *folder)
{
    snprintf(signer->endpoint, sizeof signer->endpoint, "ipc://%.200s/signer.sock", folder);
    for (int alg = ZT_ES256; alg <= ZT_SM2; alg++)
        if (!signer->pki[alg].leaf)
            zt_pki_make(&(struct zt_pki_wish){.alg = (enum zt_sig_alg)alg, .uscc = USCC}, &signer->pki[alg]);
    assert_int_equal(zt_actor_start(net, "signer", run, signer, &signer->actor), ZT_OK);
}

void fake_signer_stop(struct fake_signer *signer)
{
    zt_actor_stop(&signer->actor);
}

void fake_signer_roots(const struct fake_signer *signer, const char *folder)
{
    for (int alg = ZT_ES256; alg <= ZT_SM2; alg++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%d-root.pem", folder, alg);
        zt_pki_write_root(&signer->pki[alg], path);
    }
}

void fake_signer_end(struct fake_signer *signer)
{
    fake_signer_stop(signer);
    for (int alg = ZT_ES256; alg <= ZT_SM2; alg++)
        zt_pki_free(&signer->pki[alg]);
}
