// SPDX-License-Identifier: Apache-2.0
// Looking up: one question of a consumer and its answer.
//
// Twin functions per message. Limits: a frame of 64 KiB (answers 256 KiB), 64 fields, 64 claims, 64 records
// found of 256 fields each; item, purpose, case number, officer, rule and field names of 64 bytes. Parse
// rules: "lookup.<field>", "claim.<field>", "subject.<field>", "answer.<field>", "found.<field>", "wire.*".
#ifndef ZT_PROTO_LOOKUP_H
#define ZT_PROTO_LOOKUP_H

#include "base/crypto/hash.h"
#include "base/crypto/sign.h"
#include "proto/record.h"

#define ZT_REQUEST_ID_LEN  16
#define ZT_ASK_MAX         64
#define ZT_FOUND_MAX       64
#define ZT_WORD_LEN        64  // bytes of a name or number, without NUL
#define ZT_LICENCE_LEN     127 // bytes of a GB/T 36904 identifier, without NUL
#define ZT_SOURCE_LEN      63
#define ZT_CONSENT_LEN     4096
#define ZT_CERTIFICATE_LEN ((size_t)64 * 1024)

enum zt_mode {
    ZT_MODE_VERIFY = 1,  // claims in, a verdict per field out, no data
    ZT_MODE_FETCH = 2,   // the fields asked for, as far as the grant names them
    ZT_MODE_ISSUE = 3,   // a certificate of type `type`
    ZT_MODE_RESOLVE = 4, // item + subject -> which proofs are needed, held, missing
};
const char *zt_mode_name(enum zt_mode mode); // "verify", "fetch", "issue", "resolve"; "unknown"
ZT_MUST_USE enum zt_err zt_mode_parse(const char *name, enum zt_mode *mode);

struct zt_claim {
    const char *field;
    const char *value; // text as the catalogue writes it ("1990-03-07", "12345.67")
};
struct zt_request {
    uint8_t id[ZT_REQUEST_ID_LEN]; // random, unique per question
    int64_t time;                  // ms; refused when more than 5 minutes off
    enum zt_mode mode;
    const char *item;
    const char *purpose;
    const char *case_no;
    const char *officer;
    struct zt_subject subject;
    const char *type;    // record type (verify, fetch) or certificate type (issue)
    const char **fields; // names; none means all that the grant allows
    size_t field_count;
    struct zt_claim *claims;
    size_t claim_count;
    const char *consent; // JWT of a registered identity provider, or ""
    const char *key;     // only the record with this key (a loan number), or ""
    enum zt_sig_alg alg; // issue: ES256 or SM2
};

enum zt_fresh { ZT_FRESH_UNKNOWN = 0, ZT_FRESH = 1, ZT_STALE = 2 };
const char *zt_fresh_name(enum zt_fresh fresh); // "fresh", "stale", "unknown"
struct zt_freshness {
    int64_t as_of; // ms: the source is known to have said this then; 0 when never
    const char *source;
    uint32_t max_age; // seconds
    enum zt_fresh state;
};
struct zt_found {
    const char *type;
    const char *key;
    uint64_t version;
    enum zt_record_state state;
    const char *valid_from, *valid_to;
    struct zt_field *fields; // tags of the catalogue
    size_t field_count;
    struct zt_freshness freshness;
};
enum zt_verdict { ZT_VERDICT_UNKNOWN = 0, ZT_MATCH = 1, ZT_MISMATCH = 2 };
const char *zt_verdict_name(enum zt_verdict verdict); // "match", "mismatch", "unknown"
struct zt_field_verdict {
    const char *field;
    enum zt_verdict verdict;
};
enum zt_status {
    ZT_STATUS_INVALID = 0, // the question breaks a rule (named in `rule`)
    ZT_STATUS_OK = 1,      // answered
    ZT_STATUS_NONE = 2,    // there is no such record, and the source is known to be complete
    ZT_STATUS_UNKNOWN = 3, // not known: the source is silent, incomplete, or too old. Never means "no"
    ZT_STATUS_DENIED = 4,  // no right; `rule` says which
    ZT_STATUS_TROUBLE = 5, // our side failed; nothing was answered; may be asked again
};
const char *zt_status_name(enum zt_status status); // "ok", "none", ...

struct zt_answer {
    uint8_t id[ZT_REQUEST_ID_LEN];
    enum zt_status status;
    const char *rule;    // "" when ok
    const char *text_zh; // what a clerk can act on
    const char *text_en;
    struct zt_found *found;
    size_t found_count;
    struct zt_field_verdict *verdicts;
    size_t verdict_count;
    const char *certificate;       // compact SD-JWT with all disclosures, or ""
    const char *certificate_id;    // GB/T 36904, or ""
    struct zt_freshness freshness; // of the whole answer: its oldest part
    uint64_t ledger_index;
    uint8_t ledger_hash[ZT_HASH_LEN]; // SHA-256 leaf hash of the entry (RFC 6962)
};

ZT_MUST_USE enum zt_err zt_request_encode(const struct zt_request *request, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_request_parse(struct zt_bytes body, struct zt_arena *arena,
                                         struct zt_request *request, struct zt_fault *fault);
// The id of a question whose other parts may be broken, so that its asker can be told. ZT_E_INPUT unless the
// body begins with an id.
ZT_MUST_USE enum zt_err zt_request_peek(struct zt_bytes body, uint8_t id[static ZT_REQUEST_ID_LEN]);
ZT_MUST_USE enum zt_err zt_answer_encode(const struct zt_answer *answer, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_answer_parse(struct zt_bytes body, struct zt_arena *arena,
                                        struct zt_answer *answer, struct zt_fault *fault);

// The ledger's answer_hash covers the body of the answer as it is before its place in the ledger is known.
// Sealing appends that place to an encoded frame whose ledger_index and ledger_hash were unset; unsealing
// gives the covered bytes back (ZT_E_INPUT when `body` does not end as a sealed answer does).
ZT_MUST_USE enum zt_err zt_answer_seal(struct zt_buf *frame, uint64_t index,
                                       const uint8_t hash[static ZT_HASH_LEN]);
ZT_MUST_USE enum zt_err zt_answer_unsealed(struct zt_bytes body, const struct zt_answer *answer,
                                           struct zt_bytes *unsealed);

#endif
