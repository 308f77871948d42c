// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/desk/internal.h"
#include "proto/wire.h"

#define APPEND_MS 5000

struct zt_waiting *zt_desk_slot(struct zt_desk *desk, const struct zt_question *question)
{
    for (size_t i = 0; i < ZT_DESK_SLOTS; i++) {
        struct zt_waiting *waiting = &desk->waiting[i];
        if (waiting->stage != ZT_WAIT_FREE)
            continue;
        *waiting = (struct zt_waiting){.stage = ZT_WAIT_ENTRY, .route_len = question->route_len};
        memcpy(waiting->route, question->route, question->route_len);
        memcpy(waiting->id, question->id, sizeof waiting->id);
        memcpy(waiting->hash, question->hash, sizeof waiting->hash);
        memcpy(waiting->user, question->user, sizeof waiting->user);
        zt_buf_init(&waiting->answer, zt_wire_max(ZT_WIRE_DESK_ANSWER));
        desk->waiting_count++;
        return waiting;
    }
    return NULL;
}

void zt_desk_release(struct zt_desk *desk, struct zt_waiting *waiting)
{
    zt_buf_fini(&waiting->answer);
    waiting->stage = ZT_WAIT_FREE;
    desk->waiting_count--;
}

enum zt_err zt_desk_encode(struct zt_desk *desk, const struct zt_desk_answer *answer,
                           uint8_t hash[static ZT_HASH_LEN])
{
    zt_buf_reset(&desk->frame);
    enum zt_err rc = zt_desk_answer_encode(answer, &desk->frame);
    if (rc != ZT_OK)
        return rc;
    struct zt_bytes body = {desk->frame.data + ZT_WIRE_HEAD, desk->frame.len - ZT_WIRE_HEAD};
    return zt_hash_of(ZT_SM3, body, hash);
}

enum zt_err zt_desk_mail(struct zt_desk *desk, struct zt_waiting *waiting)
{
    struct zt_bytes entry = zt_buf_bytes(&desk->entry);
    int64_t patience = desk->options->append_ms > 0 ? desk->options->append_ms : APPEND_MS;
    waiting->deadline = zt_monotonic_ms() + patience;
    return zt_mail_send(desk->mail, &entry, 1, &waiting->ticket);
}

static enum zt_err prepare(struct zt_desk *desk, const struct zt_question *question,
                           struct zt_desk_answer *answer)
{
    uint8_t hash[ZT_HASH_LEN];
    enum zt_err rc = zt_desk_encode(desk, answer, hash);
    if (rc != ZT_OK) {
        zt_desk_trouble(answer, rc);
        rc = zt_desk_encode(desk, answer, hash);
    }
    return rc == ZT_OK ? zt_desk_entry(desk, question, answer, hash) : rc;
}

static void give_up(struct zt_desk *desk, enum zt_err rc)
{
    atomic_fetch_add(&desk->options->counts.undelivered, 1);
    zt_log_warn("ZT-DESK-LEDGER", "an answer was dropped because it could not be ledgered: %s",
                zt_err_name(rc));
}

void zt_desk_reply(struct zt_desk *desk, const struct zt_question *question, struct zt_desk_answer *answer)
{
    enum zt_err rc = prepare(desk, question, answer);
    struct zt_waiting *waiting = rc == ZT_OK ? zt_desk_slot(desk, question) : NULL;
    if (!waiting) {
        give_up(desk, rc == ZT_OK ? ZT_E_LIMIT : rc);
        return;
    }
    bool refused = answer->status == ZT_STATUS_DENIED || answer->status == ZT_STATUS_INVALID;
    waiting->act = refused || !question->request ? (enum zt_desk_act)0 : question->request->act;
    zt_buf_put(&waiting->answer, desk->frame.data, desk->frame.len);
    rc = waiting->answer.err;
    if (rc == ZT_OK)
        rc = zt_desk_mail(desk, waiting);
    if (rc != ZT_OK) {
        give_up(desk, rc);
        zt_desk_release(desk, waiting);
    }
}

static void count(struct zt_desk_counts *counts, enum zt_desk_act act)
{
    switch (act) {
    case ZT_DESK_SEARCH:
        atomic_fetch_add(&counts->searches, 1);
        return;
    case ZT_DESK_PROVE:
        atomic_fetch_add(&counts->proofs, 1);
        return;
    case ZT_DESK_STATUS:
        atomic_fetch_add(&counts->statuses, 1);
        return;
    case ZT_DESK_RELOAD:
        atomic_fetch_add(&counts->reloads, 1);
        return;
    }
    atomic_fetch_add(&counts->denials, 1);
}

static void deliver(struct zt_desk *desk, struct zt_waiting *waiting, const struct zt_appended *receipt)
{
    enum zt_err rc = ZT_E_PEER;
    count(&desk->options->counts, waiting->act); // before it leaves: who has the answer sees it counted
    if (receipt->hash_count == 1 && receipt->hashes[0].len == ZT_HASH_LEN)
        rc = zt_desk_answer_seal(&waiting->answer, receipt->first_index, receipt->hashes[0].data);
    if (rc == ZT_OK)
        rc = zt_sock_send(desk->router, waiting->route, waiting->route_len, zt_buf_bytes(&waiting->answer));
    if (rc == ZT_OK)
        return;
    atomic_fetch_add(&desk->options->counts.undelivered, 1);
    zt_log_debug("ZT-DESK-UNDELIVERED", "an answer could not be delivered: %s", zt_err_name(rc));
}

static void take_receipt(struct zt_desk *desk, const struct zt_appended *receipt)
{
    for (size_t i = 0; i < ZT_DESK_SLOTS; i++) {
        struct zt_waiting *waiting = &desk->waiting[i];
        bool waits = waiting->stage == ZT_WAIT_ENTRY || waiting->stage == ZT_WAIT_WISH;
        if (!waits || waiting->ticket != receipt->ticket)
            continue;
        if (receipt->code != ZT_OK) {
            give_up(desk, receipt->code);
            zt_desk_release(desk, waiting);
        } else if (waiting->stage == ZT_WAIT_WISH) {
            waiting->wish = receipt->first_index + 1;
            zt_desk_wished(desk, waiting);
        } else {
            deliver(desk, waiting, receipt);
            zt_desk_release(desk, waiting);
        }
        return;
    }
}

void zt_desk_receipts(struct zt_desk *desk)
{
    for (;;) {
        struct zt_appended receipt;
        zt_arena_reset(&desk->scratch);
        enum zt_err rc = zt_mail_recv(desk->mail, &desk->scratch, &receipt);
        if (rc == ZT_E_TIMEOUT)
            return;
        if (rc == ZT_OK)
            take_receipt(desk, &receipt);
    }
}

void zt_desk_expire(struct zt_desk *desk)
{
    int64_t now = zt_monotonic_ms();
    for (size_t i = 0; i < ZT_DESK_SLOTS && desk->waiting_count; i++) {
        struct zt_waiting *waiting = &desk->waiting[i];
        if (waiting->stage == ZT_WAIT_FREE || now < waiting->deadline)
            continue;
        give_up(desk, ZT_E_TIMEOUT);
        zt_desk_release(desk, waiting);
    }
}

int zt_desk_patience(const struct zt_desk *desk)
{
    int64_t now = zt_monotonic_ms(), soonest = INT64_MAX;
    for (size_t i = 0; i < ZT_DESK_SLOTS && desk->waiting_count; i++)
        if (desk->waiting[i].stage != ZT_WAIT_FREE && desk->waiting[i].deadline < soonest)
            soonest = desk->waiting[i].deadline;
    if (soonest == INT64_MAX)
        return -1;
    return soonest > now ? (int)(soonest - now) : 0;
}
