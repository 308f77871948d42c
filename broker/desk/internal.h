// SPDX-License-Identifier: Apache-2.0
// The desk's thread from the inside: one question at a time becomes an answer and an entry, waits for the
// entry to be durable, and leaves. Private to this room.
#ifndef ZT_BROKER_DESK_INTERNAL_H
#define ZT_BROKER_DESK_INTERNAL_H

#include "broker/desk/desk.h"
#include "broker/ledger/mail.h"

#define ZT_DESK_COST       ((size_t)2 * 1024 * 1024) // memory of one question and its answer
#define ZT_DESK_SLOTS      (2 * ZT_DESK_WAITING)     // half of them for "desk.busy"
#define ZT_DESK_LINE_BYTES ((size_t)192 * 1024)      // of entries in one page: an answer has at most 256 KiB
#define ZT_DESK_RELOAD_MS  60000

// Who asks what. Borrows from the desk's message and arena.
struct zt_question {
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
    char user[ZT_USER_ID_MAX];
    uint8_t id[ZT_REQUEST_ID_LEN];
    uint8_t hash[ZT_HASH_LEN];             // SM3 of the body
    const struct zt_desk_request *request; // NULL: it did not parse, `rule` says why
    const char *rule;                      // why it is refused, or NULL
    const struct zt_party *party;          // NULL: unknown
    uint8_t subject[ZT_PSEUDONYM_LEN];     // of the person searched for
    bool subject_known;
};

struct zt_waiting { // an answer whose entry is not durable yet, or a reload under way
    enum { ZT_WAIT_FREE, ZT_WAIT_ENTRY, ZT_WAIT_WISH, ZT_WAIT_MAIN } stage;
    uint64_t ticket;
    int64_t deadline; // monotonic ms
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
    enum zt_desk_act act; // 0 when it was refused
    struct zt_buf answer; // the frame, unsealed
    // A reload's outcome is told by a second entry that names the same question:
    uint64_t wish; // index + 1 of the first
    uint8_t id[ZT_REQUEST_ID_LEN], hash[ZT_HASH_LEN];
    char user[ZT_USER_ID_MAX], officer[ZT_WORD_LEN + 1], reason[ZT_DESK_REASON_LEN + 1];
};

struct zt_desk {
    struct zt_desk_options *options;
    struct zt_sock *pipe, *router;
    struct zt_mail *mail;
    struct zt_catalogue *catalogue; // our reference
    struct zt_store_read *read;
    struct zt_ledger_reader *reader;
    struct zt_msg msg;
    struct zt_arena arena;   // one question
    struct zt_arena scratch; // one entry, one receipt
    struct zt_buf frame, entry;
    struct zt_waiting waiting[ZT_DESK_SLOTS];
    size_t waiting_count;
    int64_t now; // wall clock of the question in hand
};

// (question.c) Parses the message in hand. False: nobody can be answered.
bool zt_question_read(struct zt_desk *desk, struct zt_question *question);
// (admit.c) The rule that refuses, or NULL; fills party.
const char *zt_question_admit(struct zt_desk *desk, struct zt_question *question);

// One kind of question. `serve` fills the answer, whose memory is the desk's arena; it may refuse.
typedef void zt_desk_serve_fn(struct zt_desk *desk, struct zt_question *question,
                              struct zt_desk_answer *answer);
struct zt_desk_act_info {
    enum zt_desk_act act;
    const char *name;
    unsigned roles; // that may ask it
    zt_desk_serve_fn *serve;
};
const struct zt_desk_act_info *zt_desk_act_info(enum zt_desk_act act); // (acts.c) NULL: there is none
void zt_desk_search(struct zt_desk *desk, struct zt_question *question, struct zt_desk_answer *answer);
void zt_desk_prove(struct zt_desk *desk, struct zt_question *question, struct zt_desk_answer *answer);
void zt_desk_status(struct zt_desk *desk, struct zt_question *question, struct zt_desk_answer *answer);

// (texts.c) Status and texts of a rule; nothing that was found stays in the answer.
void zt_desk_refuse(struct zt_desk_answer *answer, const char *rule);
void zt_desk_trouble(struct zt_desk_answer *answer, enum zt_err code); // a failure of ours; logged
void zt_desk_ok(struct zt_desk_answer *answer);

// (entry.c) The question as an entry in desk->entry. answer_hash may be NULL.
ZT_MUST_USE enum zt_err zt_desk_entry(struct zt_desk *desk, const struct zt_question *question,
                                      const struct zt_desk_answer *answer, const uint8_t *answer_hash);
// The second entry of a reload.
ZT_MUST_USE enum zt_err zt_desk_outcome(struct zt_desk *desk, const struct zt_waiting *waiting,
                                        const struct zt_desk_answer *answer, const uint8_t *answer_hash);

// (waiting.c)
// Makes answer and entry, mails the entry, keeps the answer until the entry is durable. Without a slot or
// when the counter takes no mail, nothing is told to anybody.
void zt_desk_reply(struct zt_desk *desk, const struct zt_question *question, struct zt_desk_answer *answer);
void zt_desk_receipts(struct zt_desk *desk); // takes what came back from the counter
void zt_desk_expire(struct zt_desk *desk);   // lets go of what waited too long
int zt_desk_patience(const struct zt_desk *desk);
void zt_desk_release(struct zt_desk *desk, struct zt_waiting *waiting);
struct zt_waiting *zt_desk_slot(struct zt_desk *desk, const struct zt_question *question); // NULL: all taken
ZT_MUST_USE enum zt_err zt_desk_mail(struct zt_desk *desk, struct zt_waiting *waiting);    // desk->entry
// Encodes into desk->frame and hashes the body.
ZT_MUST_USE enum zt_err zt_desk_encode(struct zt_desk *desk, const struct zt_desk_answer *answer,
                                       uint8_t hash[static ZT_HASH_LEN]);

// (reload.c)
void zt_desk_reload(struct zt_desk *desk, const struct zt_question *question); // the wish
void zt_desk_wished(struct zt_desk *desk, struct zt_waiting *waiting);         // it is durable: tell main
void zt_desk_reloaded(struct zt_desk *desk, const struct zt_fault *fault);     // main's answer

#endif
