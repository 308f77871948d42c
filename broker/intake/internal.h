// SPDX-License-Identifier: Apache-2.0
// What the files of this room share: the state of the one thread, and its steps.
#ifndef ZT_BROKER_INTAKE_INTERNAL_H
#define ZT_BROKER_INTAKE_INTERNAL_H

#include "broker/intake/intake.h"
#include "broker/ledger/mail.h"
#include "broker/log/item.h"
#include "proto/publish.h"
#include "proto/wire.h"

#define ZT_KEYRING_MAX 64

// Parsed public keys of the producers; pointers are those of the catalogue in force.
struct zt_keyring {
    struct {
        const struct zt_party_key *of;
        struct zt_key *key;
    } entries[ZT_KEYRING_MAX];
    size_t count;
};
void zt_keyring_clear(struct zt_keyring *ring);
ZT_MUST_USE enum zt_err zt_keyring_get(struct zt_keyring *ring, const struct zt_party_key *of,
                                       struct zt_key **key);

// An answer on its way: whom to, and the frame.
struct zt_reply {
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
    struct zt_buf frame;
};

// What a group will have brought once it is committed.
enum zt_tally { ZT_TALLY_BATCHES, ZT_TALLY_RECORDS, ZT_TALLY_IGNORED, ZT_TALLY_REJECTED, ZT_TALLY_COUNT };

// One message of a group. Source and sequence are kept for the case that the commit fails and the reply has
// to be another.
struct zt_member {
    struct zt_reply reply;
    bool welcome; // a WELCOME, else an ACK
    char source[ZT_SOURCE_MAX];
    uint64_t seq;
};
struct zt_group {               // one commit and the replies that wait for it
    struct zt_store_write *txn; // NULL between groups
    int64_t opened_ms;
    size_t bytes; // of the batches in it
    uint64_t tally[ZT_TALLY_COUNT];
    struct zt_member members[ZT_INTAKE_GROUP];
    size_t count;
};

struct zt_denial { // a refusal that waits until the ledger has it
    uint64_t ticket;
    struct zt_reply reply;
};
struct zt_denials {
    struct zt_denial waiting[ZT_INTAKE_DENIALS];
    size_t count;
};

// speaker.c: the connection that last said HELLO for a stream is the only one whose batches are taken.
struct zt_speaker {
    char source[ZT_SOURCE_MAX];
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
};
struct zt_speakers { // all zero is empty
    struct zt_speaker *list;
    size_t count;
};
ZT_MUST_USE enum zt_err zt_speaker_set(struct zt_speakers *speakers, const char *source,
                                       const struct zt_msg *msg);
// True also when nobody has said HELLO since the start: then no earlier connection can have left anything.
bool zt_speaker_may(const struct zt_speakers *speakers, const char *source, const struct zt_msg *msg);
void zt_speakers_fini(struct zt_speakers *speakers);

struct zt_intake {
    struct zt_intake_options *options;
    struct zt_sock *sock; // ROUTER
    struct zt_mail *mail;
    struct zt_catalogue *catalogue;
    struct zt_keyring ring;
    struct zt_speakers speakers;
    struct zt_group group;
    struct zt_denials denials;
    struct zt_arena arena; // of the message at hand
    struct zt_buf item, scratch;
    struct zt_log_item draft; // of the batch at hand; large, so it does not lie on the stack
    bool full_logged;
};

// A message at hand.
struct zt_incoming {
    const struct zt_msg *msg;
    const struct zt_party *party; // a producer that is not revoked
    struct zt_bytes body;
};

// handle.c: one message, whatever it is. ZT_OK also when it was refused; another code is fatal.
ZT_MUST_USE enum zt_err zt_intake_handle(struct zt_intake *intake, const struct zt_msg *msg);
// ZT_OK, or ZT_E_DENIED with "publish.source" in `fault`.
ZT_MUST_USE enum zt_err zt_intake_may_publish(const struct zt_intake *intake, const struct zt_party *party,
                                              const char *source, const struct zt_source_info **info,
                                              struct zt_fault *fault);

// batch.c: the checks of a batch, and taking it.
ZT_MUST_USE enum zt_err zt_intake_batch(struct zt_intake *intake, const struct zt_incoming *in);

// records.c: parses and checks every record of the batch. `records` (of the arena) are valid where
// draft.refused is false.
struct zt_checked {
    struct zt_record *records;
    struct zt_reject *rejects;
    size_t reject_count;
};
ZT_MUST_USE enum zt_err zt_intake_check_records(struct zt_intake *intake, const struct zt_party *party,
                                                const struct zt_source_info *info,
                                                const struct zt_batch *batch, struct zt_checked *checked);

// group.c
ZT_MUST_USE enum zt_err zt_group_open(struct zt_intake *intake); // begins the transaction when there is none
bool zt_group_full(const struct zt_intake *intake); // or failed: to be settled before the next message
// Adds a reply that may be sent once the transaction is committed.
ZT_MUST_USE enum zt_err zt_group_ack(struct zt_intake *intake, const struct zt_msg *msg,
                                     const struct zt_ack *ack);
ZT_MUST_USE enum zt_err zt_group_welcome(struct zt_intake *intake, const struct zt_msg *msg,
                                         const struct zt_welcome *welcome);
// Commits and replies. ZT_OK also when the store was full and everybody was told so.
ZT_MUST_USE enum zt_err zt_group_settle(struct zt_intake *intake);
void zt_group_fini(struct zt_intake *intake);

// reply.c
void zt_reply_to(struct zt_reply *reply, const struct zt_msg *msg);
void zt_reply_send(struct zt_intake *intake, struct zt_reply *reply); // counts what cannot be delivered
// A fault's text as the wire may carry it: "" when it was cut inside a character.
const char *zt_reply_text(const char *text);

// denial.c: the refusal of a message, told after its ledger entry is durable. `source` is "" when the message
// names no stream that exists.
ZT_MUST_USE enum zt_err zt_intake_deny(struct zt_intake *intake, const struct zt_incoming *in,
                                       enum zt_wire_type type, const char *source, uint64_t seq,
                                       const struct zt_fault *why);
bool zt_denials_full(const struct zt_intake *intake);
ZT_MUST_USE enum zt_err zt_denials_settle(struct zt_intake *intake); // sends what the ledger has confirmed
void zt_denials_fini(struct zt_intake *intake);

#endif
