// SPDX-License-Identifier: Apache-2.0
// The desk: what auditors and operators ask. Auditors search and prove; operators see status; neither looks
// people up. Every question is itself a ledger entry before it is answered.
#ifndef ZT_PROTO_DESK_H
#define ZT_PROTO_DESK_H

#include "base/crypto/merkle.h"
#include "proto/ledger.h"

#define ZT_DESK_PAGE_MAX    200
#define ZT_DESK_SOURCES_MAX 256
#define ZT_DESK_STATS_MAX   256
#define ZT_DESK_REASON_LEN  256

enum zt_desk_act {
    ZT_DESK_SEARCH = 1, // auditor: entries that fit the filter, oldest first, a page at a time
    ZT_DESK_PROVE = 2,  // auditor: inclusion proof of entry `index` in the newest checkpoint
    ZT_DESK_STATUS = 3, // operator (and auditor): sources, counters
    ZT_DESK_RELOAD = 4, // operator: read the catalogue again, all or nothing
};

struct zt_filter {             // empty text, 0 = any
    struct zt_subject subject; // given as a number, matched as a pseudonym, never stored
    const char *party, *officer, *item, *purpose, *type, *case_no;
    enum zt_entry_kind kind;
    uint32_t status;  // enum zt_status + 1, so that 0 is "any"
    int64_t from, to; // ms, [from, to)
};
struct zt_desk_request {
    uint8_t id[ZT_REQUEST_ID_LEN];
    int64_t time;
    enum zt_desk_act act;
    const char *officer; // who asks, at the audit office
    const char *reason;  // why: file number of the audit
    struct zt_filter filter;
    uint64_t cursor; // first index to look at
    uint32_t limit;  // 1..ZT_DESK_PAGE_MAX for a search
    uint64_t index;
};
struct zt_desk_line {
    uint64_t index;
    struct zt_bytes entry; // encoded zt_entry, exactly as in the journal
};
struct zt_desk_source {
    const char *source;
    uint64_t seq, records, quarantined;
    int64_t last_batch, last_heartbeat, complete_as_of; // ms
    enum zt_fresh fresh;
};
struct zt_desk_stat {
    const char *name; // "ledger.size", "store.records", "counter.answers", ...
    uint64_t value;
};
struct zt_desk_answer {
    uint8_t id[ZT_REQUEST_ID_LEN];
    enum zt_status status;
    const char *rule, *text_zh, *text_en;
    struct zt_desk_line *lines;
    size_t line_count;
    uint64_t next_cursor;
    bool more;
    const char *checkpoint; // C2SP signed note
    struct zt_bytes *proof; // inclusion path, 32 bytes each
    size_t proof_count;
    struct zt_bytes leaf; // the entry that is proved
    struct zt_desk_source *sources;
    size_t source_count;
    struct zt_desk_stat *stats;
    size_t stat_count;
    uint64_t ledger_index; // of this very question
    uint8_t ledger_hash[ZT_HASH_LEN];
};
// Parse rules: "desk.<field>", "filter.<field>", "line.<field>", "source.<field>", "stat.<field>", "wire.*".
ZT_MUST_USE enum zt_err zt_desk_request_encode(const struct zt_desk_request *request, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_desk_request_parse(struct zt_bytes body, struct zt_arena *arena,
                                              struct zt_desk_request *request, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_desk_answer_encode(const struct zt_desk_answer *answer, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_desk_answer_parse(struct zt_bytes body, struct zt_arena *arena,
                                             struct zt_desk_answer *answer, struct zt_fault *fault);
// Like zt_answer_seal and zt_answer_unsealed (lookup.h): the entry's answer_hash covers the body in front of
// the question's own place in the ledger.
ZT_MUST_USE enum zt_err zt_desk_answer_seal(struct zt_buf *frame, uint64_t index,
                                            const uint8_t hash[static ZT_HASH_LEN]);
ZT_MUST_USE enum zt_err zt_desk_answer_unsealed(struct zt_bytes body, const struct zt_desk_answer *answer,
                                                struct zt_bytes *unsealed);

#endif
