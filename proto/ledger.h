// SPDX-License-Identifier: Apache-2.0
// A ledger entry: who looked at what, why, and what was given. Never an identity number, never answer
// content.
#ifndef ZT_PROTO_LEDGER_H
#define ZT_PROTO_LEDGER_H

#include "proto/lookup.h"

#define ZT_ENTRY_MAX     1024
#define ZT_PSEUDONYM_LEN 16 // first bytes of HMAC-SM3(node key, id_type ‖ '|' ‖ number)

#define ZT_APPEND_MAX 256  // entries of one zt_append
#define ZT_NOTE_LEN   4096 // a signed note: checkpoint and its signatures

enum zt_entry_kind {
    ZT_ENTRY_ANSWER = 1,
    ZT_ENTRY_DENIAL = 2,
    ZT_ENTRY_INTENT = 3, // something is about to be asked of a source or signed; its outcome names this index
    ZT_ENTRY_ISSUE = 4,  // a certificate left the house
    ZT_ENTRY_REVOKE = 5,
    ZT_ENTRY_PRESENT = 6,
    ZT_ENTRY_ADMIN = 7,  // an operator's act
    ZT_ENTRY_AUDIT = 8,  // an auditor's query
    ZT_ENTRY_CONFIG = 9, // the rules in force changed
};
const char *zt_entry_kind_name(enum zt_entry_kind kind); // "answer", ...
ZT_MUST_USE enum zt_err zt_entry_kind_parse(const char *name, enum zt_entry_kind *kind);

struct zt_entry {
    enum zt_entry_kind kind;
    int64_t time; // ms
    const char *party, *officer, *item, *purpose, *case_no;
    struct zt_bytes subject; // pseudonym, ZT_PSEUDONYM_LEN bytes, or empty
    const char *type;        // record or certificate type
    enum zt_mode mode;       // 0 when none
    uint32_t *asked, *given; // field tags, ZT_ASK_MAX each
    size_t asked_count, given_count;
    enum zt_status status;
    const char *rule; // which rule decided
    int64_t as_of;    // freshness shown
    enum zt_fresh fresh;
    struct zt_bytes request_id;
    struct zt_bytes request_hash; // SM3 of the question's body
    struct zt_bytes answer_hash;  // SM3 of the answer's body with ledger_index and ledger_hash unset
    uint64_t intent;              // index + 1 of the intent entry; 0 for none
    const char *certificate;      // GB/T 36904 identifier
    const char *note;             // config digests, the words of an admin act
};

// Parse rules: "entry.<field>", "entry.size", "append.<field>", "appended.<field>", "wire.*".
ZT_MUST_USE enum zt_err zt_entry_encode(const struct zt_entry *entry,
                                        struct zt_buf *out); // bare body, no frame head
ZT_MUST_USE enum zt_err zt_entry_parse(struct zt_bytes in, struct zt_arena *arena, struct zt_entry *entry,
                                       struct zt_fault *fault);

// Between the broker's threads: the counter owns the journal, others send it their entries and wait for the
// index.
struct zt_append {
    uint64_t ticket; // returned in the answer
    struct zt_bytes *entries;
    size_t entry_count;
};
struct zt_appended {
    uint64_t ticket;
    uint64_t first_index;
    struct zt_bytes *hashes; // leaf hashes
    size_t hash_count;
    enum zt_err code; // not ZT_OK: nothing was appended
};
ZT_MUST_USE enum zt_err zt_append_encode(const struct zt_append *append, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_append_parse(struct zt_bytes body, struct zt_arena *arena,
                                        struct zt_append *append, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_appended_encode(const struct zt_appended *appended, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_appended_parse(struct zt_bytes body, struct zt_arena *arena,
                                          struct zt_appended *appended, struct zt_fault *fault);

#endif
