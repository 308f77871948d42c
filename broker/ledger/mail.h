// SPDX-License-Identifier: Apache-2.0
// Mail to the ledger: how threads that do not own the journal have entries appended, and learn their indexes.
//
// The counter owns the journal. It opens the mailroom before other threads start; intake and desk open a mail
// each. A letter carries encoded entries (zt_entry_encode); its receipt comes after they are durable, with
// the index of the first and the leaf hash of each, or with the code that says that nothing of it was
// appended.
//
// Rules: a struct belongs to one thread. A letter holds 1..ZT_MAIL_ENTRIES entries of 1..ZT_ENTRY_MAX bytes,
// and is appended whole and in order, or not at all. Who waits for a receipt with a deadline must treat a
// ZT_E_TIMEOUT as "not ledgered": nothing may be told to anybody; the entries may still be appended later.
#ifndef ZT_BROKER_LEDGER_MAIL_H
#define ZT_BROKER_LEDGER_MAIL_H

#include "base/net/net.h"
#include "proto/ledger.h"

#define ZT_MAIL_ENDPOINT "inproc://ledger"
#define ZT_MAIL_ENTRIES  ZT_APPEND_MAX // in one letter
#define ZT_MAIL_LETTERS  64            // taken into one batch of the counter

// --- senders: intake, desk ---
struct zt_mail;
ZT_MUST_USE enum zt_err zt_mail_open(struct zt_net *net, struct zt_mail **mail, struct zt_fault *fault);
void zt_mail_close(struct zt_mail **mail);
struct zt_sock *zt_mail_sock(struct zt_mail *mail); // for zt_sock_wait only

// Never blocks. *ticket names the letter in its receipt. ZT_E_LIMIT: entries break the rules above, or the
// counter has too much waiting; nothing was sent.
ZT_MUST_USE enum zt_err zt_mail_send(struct zt_mail *mail, const struct zt_bytes *entries, size_t count,
                                     uint64_t *ticket);
// The next receipt, without waiting: ZT_E_TIMEOUT when there is none. ZT_OK means that `receipt` is filled:
// look at receipt->code.
ZT_MUST_USE enum zt_err zt_mail_recv(struct zt_mail *mail, struct zt_arena *arena,
                                     struct zt_appended *receipt);
// Sends and waits for the receipt of this letter (receipts of earlier letters that come first are dropped).
// The result is the receipt's code, or ZT_E_TIMEOUT. `hashes` has room for `count`.
ZT_MUST_USE enum zt_err zt_mail_call(struct zt_mail *mail, const struct zt_bytes *entries, size_t count,
                                     int timeout_ms, uint64_t *first_index, uint8_t (*hashes)[ZT_HASH_LEN]);

// --- the counter ---
struct zt_mailroom;
ZT_MUST_USE enum zt_err zt_mailroom_open(struct zt_net *net, struct zt_mailroom **room,
                                         struct zt_fault *fault);
void zt_mailroom_close(struct zt_mailroom **room);
struct zt_sock *zt_mailroom_sock(struct zt_mailroom *room); // for zt_sock_wait only

// Takes waiting letters as long as they fit into `cap` entries and puts their entries into `entries` (views
// that die with zt_mailroom_answer); returns how many. Call it once a batch, and zt_mailroom_answer once
// after it. A letter that does not fit waits for the next batch: then zt_mailroom_waiting is true, and the
// socket alone does not show it. Letters that break the rules are answered with their code and never enter a
// batch. With a cap of at least ZT_MAIL_ENTRIES every letter fits into an empty batch.
size_t zt_mailroom_take(struct zt_mailroom *room, struct zt_bytes *entries, size_t cap);
bool zt_mailroom_waiting(const struct zt_mailroom *room); // a letter is held for the next batch

// After the append of the batch that the taken entries were part of: sends the receipts. `rc` is the append's
// result, `first_index` and `hashes` are those of the first entry that zt_mailroom_take gave; both are
// ignored unless rc is ZT_OK. Returns how many receipts could not be delivered.
size_t zt_mailroom_answer(struct zt_mailroom *room, enum zt_err rc, uint64_t first_index,
                          uint8_t (*hashes)[ZT_HASH_LEN]);

#endif
