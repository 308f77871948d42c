// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/round.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "broker/control.h"
#include "proto/wire.h"

#define OWN_MAX     ZT_COUNTER_BATCH
#define ENTRIES_MAX (OWN_MAX + ZT_MAIL_ENTRIES)
#define ANSWER_MAX  ((size_t)256 * 1024)
#define SEAL_MAX    ((size_t)64) // index and hash as two fields

_Static_assert(OWN_MAX <= ZT_LEDGER_APPEND, "a round fits into one append");

struct line { // one entry of ours and what follows from it
    size_t entry_at, entry_len;
    size_t answer_at, answer_len; // no reply when answer_len is 0
    struct zt_issue *intent;      // instead of a reply
    enum zt_entry_kind kind;
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
};

struct zt_round {
    struct zt_round_options options;
    struct zt_buf answer;           // one frame, being made or sealed
    struct zt_buf answers, entries; // of the whole round, one behind the other
    struct zt_arena arena;          // what an entry needs while it is made
    struct line lines[OWN_MAX];
    size_t count;
    size_t intent_at; // zt_round_next_intent
    uint64_t first;   // index of lines[0]
    struct zt_bytes views[ENTRIES_MAX];
    uint8_t hashes[ENTRIES_MAX][ZT_HASH_LEN];
};

enum zt_err zt_round_new(const struct zt_round_options *options, struct zt_round **round)
{
    struct zt_round *self = calloc(1, sizeof *self);
    if (!self)
        return ZT_E_NOMEM;
    self->options = *options;
    zt_buf_init(&self->answer, ANSWER_MAX + SEAL_MAX);
    zt_buf_init(&self->answers, ZT_ROUND_ANSWERS_MAX + ANSWER_MAX);
    zt_buf_init(&self->entries, (size_t)OWN_MAX * ZT_ENTRY_MAX);
    zt_arena_init(&self->arena, (size_t)64 * 1024);
    *round = self;
    return ZT_OK;
}

void zt_round_destroy(struct zt_round **round)
{
    if (!*round)
        return;
    zt_buf_fini(&(*round)->answer);
    zt_buf_fini(&(*round)->answers);
    zt_buf_fini(&(*round)->entries);
    zt_arena_fini(&(*round)->arena);
    free(*round);
    *round = NULL;
}

bool zt_round_full(const struct zt_round *round)
{
    return round->count == OWN_MAX || round->answers.len >= ZT_ROUND_ANSWERS_MAX;
}

// Appends the entry of the case to the round's entries.
static enum zt_err put_entry(struct zt_round *round, const struct zt_case *c, int64_t now,
                             const uint8_t *answer_hash, struct line *line, uint64_t intent, bool brief)
{
    uint32_t asked[ZT_ASK_MAX];
    struct zt_entry entry;
    zt_arena_reset(&round->arena);
    zt_case_entry(c, now, &round->arena, asked, &entry);
    if (line->intent)
        entry.kind = ZT_ENTRY_INTENT;
    else if (c->answer.certificate && c->answer.certificate[0])
        entry.kind = ZT_ENTRY_ISSUE;
    if (answer_hash)
        entry.answer_hash = (struct zt_bytes){answer_hash, ZT_HASH_LEN};
    if (brief)
        entry.asked_count = entry.given_count = 0;
    entry.intent = intent;
    line->kind = entry.kind;
    line->entry_at = round->entries.len;
    enum zt_err rc = zt_entry_encode(&entry, &round->entries);
    line->entry_len = round->entries.len - line->entry_at;
    return rc;
}

static enum zt_err put_answer(struct zt_round *round, const struct zt_case *c, uint8_t *hash)
{
    zt_buf_reset(&round->answer);
    enum zt_err rc = zt_answer_encode(&c->answer, &round->answer);
    if (rc == ZT_OK && round->answer.len + SEAL_MAX > ANSWER_MAX)
        rc = ZT_E_LIMIT;
    if (rc != ZT_OK)
        return rc;
    struct zt_bytes body = {round->answer.data + ZT_WIRE_HEAD, round->answer.len - ZT_WIRE_HEAD};
    return zt_hash_of(ZT_SM3, body, hash);
}

static enum zt_err put_both(struct zt_round *round, struct zt_case *c, int64_t now, struct line *line,
                            uint64_t intent, bool brief)
{
    uint8_t hash[ZT_HASH_LEN];
    enum zt_err rc = put_answer(round, c, hash);
    if (rc == ZT_E_LIMIT) {
        zt_case_refuse(c, "answer.size");
        rc = put_answer(round, c, hash);
    }
    if (rc == ZT_OK)
        rc = put_entry(round, c, now, hash, line, intent, brief);
    return rc;
}

void zt_round_reply(struct zt_round *round, struct zt_round_to to, struct zt_case *c, int64_t now_ms,
                    uint64_t intent)
{
    struct line *line = &round->lines[round->count];
    *line = (struct line){.route_len = to.route_len};
    memcpy(line->route, to.route, to.route_len);
    enum zt_err rc = put_both(round, c, now_ms, line, intent, false);
    if (rc != ZT_OK) {
        zt_log_error("ZT-COUNTER-ENTRY", "an answer could not be ledgered in full: %s", zt_err_name(rc));
        zt_buf_reset(&round->answer);
        zt_case_refuse(c, "ledger.entry");
        rc = put_both(round, c, now_ms, line, intent, true);
    }
    if (rc == ZT_OK) {
        line->answer_at = round->answers.len;
        line->answer_len = round->answer.len;
        zt_buf_put(&round->answers, round->answer.data, round->answer.len);
        rc = round->answers.err;
    }
    if (rc != ZT_OK) // our memory is exhausted or our encoder broken; without an entry nobody is answered
        zt_broker_die("ZT-COUNTER-ENTRY", "an answer cannot be ledgered: %s", zt_err_name(rc));
    round->count++;
}

bool zt_round_intent(struct zt_round *round, struct zt_issue *issue, int64_t now_ms)
{
    struct line *line = &round->lines[round->count];
    *line = (struct line){.intent = issue};
    enum zt_err rc = put_entry(round, &issue->c, now_ms, NULL, line, 0, false);
    if (rc != ZT_OK) {
        zt_case_refuse(&issue->c, "ledger.entry");
        return false;
    }
    round->count++;
    return true;
}

static void count_line(struct zt_counter_counts *counts, enum zt_entry_kind kind)
{
    if (kind == ZT_ENTRY_DENIAL)
        atomic_fetch_add(&counts->denials, 1);
    else
        atomic_fetch_add(&counts->answers, 1);
    if (kind == ZT_ENTRY_ISSUE)
        atomic_fetch_add(&counts->issued, 1);
}

static void send_reply(struct zt_round *round, const struct line *line, uint64_t index, const uint8_t *hash)
{
    zt_buf_reset(&round->answer);
    zt_buf_put(&round->answer, round->answers.data + line->answer_at, line->answer_len);
    enum zt_err rc = zt_answer_seal(&round->answer, index, hash);
    if (rc == ZT_OK)
        rc = zt_sock_send(round->options.consumers, line->route, line->route_len,
                          zt_buf_bytes(&round->answer));
    count_line(round->options.counts, line->kind);
    if (rc == ZT_OK)
        return;
    // The peer is gone or does not read. The entry stays; who asks again, asks anew.
    atomic_fetch_add(&round->options.counts->undelivered, 1);
    zt_log_debug("ZT-COUNTER-UNDELIVERED", "a reply could not be delivered: %s", zt_err_name(rc));
}

// Entries [from, from + count) of the round's views become durable, or the process ends.
static uint64_t append(struct zt_round *round, size_t from, size_t count)
{
    uint64_t first = 0;
    enum zt_err rc =
        zt_ledger_append(round->options.ledger, round->views + from, count, &first, round->hashes + from);
    if (rc != ZT_OK)
        zt_broker_die("ZT-COUNTER-LEDGER", "the ledger cannot be written: %s", zt_err_name(rc));
    return first;
}

// One append for all where the ledger takes so many at once; else the mail first, by itself.
static uint64_t append_all(struct zt_round *round, size_t mail)
{
    if (mail + round->count <= ZT_LEDGER_APPEND) {
        uint64_t first = append(round, 0, mail + round->count);
        zt_mailroom_answer(round->options.mail, ZT_OK, first, round->hashes);
        return first + mail;
    }
    zt_mailroom_answer(round->options.mail, ZT_OK, append(round, 0, mail), round->hashes);
    return append(round, mail, round->count);
}

void zt_round_flush(struct zt_round *round)
{
    struct zt_counter_counts *counts = round->options.counts;
    size_t mail = zt_mailroom_take(round->options.mail, round->views, ZT_MAIL_ENTRIES);
    round->intent_at = round->count; // nothing to begin until the append is done
    if (mail + round->count == 0)
        return;
    for (size_t i = 0; i < round->count; i++)
        round->views[mail + i] =
            (struct zt_bytes){round->entries.data + round->lines[i].entry_at, round->lines[i].entry_len};
    round->first = append_all(round, mail);
    for (size_t i = 0; i < round->count; i++)
        if (round->lines[i].answer_len)
            send_reply(round, &round->lines[i], round->first + i, round->hashes[mail + i]);
    atomic_fetch_add(&counts->batches, 1);
    atomic_fetch_add(&counts->mail, mail);
    round->intent_at = 0;
}

struct zt_issue *zt_round_next_intent(struct zt_round *round, uint64_t *index)
{
    while (round->intent_at < round->count) {
        const struct line *line = &round->lines[round->intent_at++];
        if (!line->intent)
            continue;
        *index = round->first + round->intent_at - 1;
        return line->intent;
    }
    return NULL;
}

void zt_round_clear(struct zt_round *round)
{
    round->count = round->intent_at = 0;
    if (round->answers.len)
        explicit_bzero(round->answers.data, round->answers.len); // they hold records of people
    zt_buf_reset(&round->answers);
    zt_buf_reset(&round->entries);
}
