// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/seal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "proto/wire.h"

#define ANSWER_COST ((size_t)64 * 1024)
#define REQUEST_MAX ((size_t)16 * 1024) // a proof of 64 hashes and some words

void zt_seal_again(struct zt_seal *seal)
{
    seal->chasing = false;
    seal->edge = seal->published;
    enum zt_err rc = zt_tiler_resume(seal->tiler, seal->edge.size);
    if (rc == ZT_OK)
        return;
    zt_log_warn("ZT-SEALER-TILES", "the newest tiles cannot be read (%s); all are made anew from the journal",
                zt_err_name(rc));
    zt_edge_init(&seal->edge, ZT_SHA256);
}

enum zt_err zt_seal_open(struct zt_seal *seal, struct zt_ledger *ledger, struct zt_fault *fault)
{
    *seal = (struct zt_seal){.ledger = ledger, .signed_size = zt_ledger_sealed(ledger)};
    seal->tiler = malloc(sizeof *seal->tiler);
    if (!seal->tiler)
        return zt_fault_set(fault, ZT_E_NOMEM, "ledger.sealer", ledger->dir, "no memory");
    enum zt_err rc = zt_walk_open(&seal->walk, ledger->journal_dir, fault);
    if (rc != ZT_OK) {
        free(seal->tiler);
        return rc;
    }
    zt_tiler_init(seal->tiler, ledger->tiles_dir);
    zt_tile_source_init(&seal->source, ledger->tiles_dir);
    zt_buf_init(&seal->out, REQUEST_MAX);
    zt_buf_init(&seal->note, ZT_NOTE_MAX);
    zt_arena_init(&seal->arena, ANSWER_COST);
    seal->published = ledger->sealed_edge;
    zt_seal_again(seal);
    return ZT_OK;
}

void zt_seal_close(struct zt_seal *seal)
{
    zt_walk_close(&seal->walk);
    zt_tile_source_fini(&seal->source);
    zt_tiler_fini(seal->tiler);
    free(seal->tiler);
    zt_buf_fini(&seal->out);
    zt_buf_fini(&seal->note);
    zt_arena_fini(&seal->arena);
    if (seal->signer)
        zt_sock_close(&seal->signer);
}

bool zt_seal_news(struct zt_seal *seal, enum zt_seal_trouble trouble)
{
    bool news = seal->trouble != trouble;
    seal->trouble = trouble;
    return news;
}

bool zt_seal_due(const struct zt_seal *seal)
{
    return !seal->halted && zt_ledger_size(seal->ledger) > zt_ledger_sealed(seal->ledger);
}

static enum zt_err add_entry(struct zt_seal *seal)
{
    struct zt_journal_record record;
    if (zt_walk_next(&seal->walk, &record) != ZT_OK)
        return ZT_E_CORRUPT;
    enum zt_err rc = zt_tiler_add(seal->tiler, record.entry, record.leaf);
    return rc == ZT_OK ? zt_edge_add(&seal->edge, record.leaf) : rc;
}

static bool same_edge(const struct zt_edge *a, const struct zt_edge *b)
{
    if (a->size != b->size)
        return false;
    for (unsigned level = 0; level < ZT_PROOF_MAX; level++)
        if ((a->size >> level & 1) && memcmp(a->hashes[level], b->hashes[level], ZT_HASH_LEN) != 0)
            return false;
    return true;
}

// A new goal: the newest edge. The walk forgets what it read ahead, because the files have grown.
static enum zt_err aim(struct zt_seal *seal)
{
    if (seal->chasing)
        return ZT_OK;
    seal->target = *zt_edge_box_get(&seal->ledger->newest);
    seal->chasing = true;
    if (seal->edge.size >= seal->target.size)
        return ZT_OK;
    return zt_walk_seek(&seal->walk, seal->edge.size) == ZT_OK ? ZT_OK : ZT_E_CORRUPT;
}

enum zt_err zt_seal_catch_up(struct zt_seal *seal, size_t max, bool *done)
{
    enum zt_err rc = aim(seal);
    for (size_t i = 0; rc == ZT_OK && i < max && seal->edge.size < seal->target.size; i++)
        rc = add_entry(seal);
    if (rc != ZT_OK || seal->edge.size < seal->target.size) {
        *done = false;
        return rc;
    }
    seal->chasing = false;
    *done = true;
    return same_edge(&seal->edge, &seal->target) ? ZT_OK : ZT_E_CORRUPT;
}

static enum zt_err send_question(struct zt_seal *seal, const struct zt_proof *proof)
{
    struct zt_bytes hashes[ZT_PROOF_MAX];
    for (size_t i = 0; i < proof->count; i++)
        hashes[i] = (struct zt_bytes){proof->hashes[i], ZT_HASH_LEN};
    struct zt_sign_request request = {.ticket = ++seal->ticket,
                                      .act = ZT_SIGN_CHECKPOINT,
                                      .issuer = "",
                                      .alg = ZT_ED25519,
                                      .origin = seal->ledger->origin,
                                      .old_size = seal->signed_size,
                                      .size = seal->edge.size,
                                      .proof = hashes,
                                      .proof_count = proof->count};
    enum zt_err rc = zt_edge_root(&seal->edge, request.root);
    zt_wire_start(&seal->out, ZT_WIRE_SIGN_REQUEST);
    if (rc == ZT_OK)
        rc = zt_sign_request_encode(&request, &seal->out);
    return rc == ZT_OK ? zt_sock_send(seal->signer, NULL, 0, zt_buf_bytes(&seal->out)) : rc;
}

enum zt_err zt_seal_ask(struct zt_seal *seal)
{
    struct zt_proof proof;
    enum zt_err rc = zt_tiler_flush(seal->tiler);
    zt_tile_source_size(&seal->source, seal->edge.size);
    if (rc == ZT_OK)
        rc = zt_tile_consistency(&seal->source, seal->signed_size, &proof);
    return rc == ZT_OK ? send_question(seal, &proof) : rc;
}

static enum zt_err say_strange(struct zt_seal *seal)
{
    if (zt_seal_news(seal, ZT_SEAL_NOTE))
        zt_log_error("ZT-SEALER-NOTE", "the signer's answer is not a checkpoint of what was asked for");
    return ZT_E_PEER;
}

// The signer signed something else last than we thought; its note says what.
static enum zt_err learn_signed_size(struct zt_seal *seal, struct zt_bytes note)
{
    struct zt_checkpoint last = {.size = 0};
    enum zt_err rc = note.len ? zt_checkpoint_parse(note, &last, NULL) : ZT_OK;
    if (rc != ZT_OK)
        return say_strange(seal);
    if (last.size > seal->edge.size) {
        zt_log_error("ZT-SEALER-ROLLBACK",
                     "the signer has signed %" PRIu64 " entries, the journal has %" PRIu64
                     ": it is an older copy and must not go on",
                     last.size, seal->edge.size);
        return ZT_E_DENIED;
    }
    seal->signed_size = last.size;
    return ZT_E_STATE;
}

static enum zt_err say_refused(struct zt_seal *seal, const struct zt_sign_answer *answer)
{
    if (zt_seal_news(seal, ZT_SEAL_REFUSED))
        zt_log_error("ZT-SEALER-REFUSED",
                     "the signer refuses the checkpoint of %" PRIu64 " entries: %.60s: %.200s",
                     seal->edge.size, answer->rule, answer->text);
    bool final =
        strcmp(answer->rule, "signer.rollback") == 0 || strcmp(answer->rule, "signer.inconsistent") == 0;
    return final ? ZT_E_DENIED : ZT_E_PEER;
}

static enum zt_err judge(struct zt_seal *seal, const struct zt_sign_answer *answer)
{
    if (strcmp(answer->rule, "signer.old-size") == 0)
        return learn_signed_size(seal, answer->note);
    if (answer->code != ZT_OK)
        return say_refused(seal, answer);
    enum zt_err rc = zt_seal_publish(seal, answer->note);
    return rc == ZT_E_PEER ? say_strange(seal) : rc;
}

enum zt_err zt_seal_answer(struct zt_seal *seal, struct zt_bytes frame)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    struct zt_sign_answer answer;
    zt_arena_reset(&seal->arena);
    enum zt_err rc = zt_wire_open(frame, &type, &body, NULL);
    if (rc == ZT_OK && type != ZT_WIRE_SIGN_ANSWER)
        rc = ZT_E_PEER;
    if (rc == ZT_OK)
        rc = zt_sign_answer_parse(body, &seal->arena, &answer, NULL);
    if (rc != ZT_OK)
        return say_strange(seal);
    return answer.ticket == seal->ticket ? judge(seal, &answer) : ZT_E_TIMEOUT;
}
