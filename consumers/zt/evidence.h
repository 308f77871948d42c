// SPDX-License-Identifier: Apache-2.0
// What a ledger entry's proof shows, step by step; nothing that the broker says is believed without it.
//
// Steps, in order: "note" (the checkpoint is signed by the ledger's key), "origin" (it speaks of that key's
// ledger), "range" (the entry is below its size), "path" (the entry's hash leads to the signed root),
// "receipt" (the entry is the one that an answer named; skipped without a receipt). The first that fails
// decides.
#ifndef ZT_CONSUMERS_ZT_EVIDENCE_H
#define ZT_CONSUMERS_ZT_EVIDENCE_H

#include <stdbool.h>

#include "certs/tlog_proof.h"
#include "proto/desk.h"

#define ZT_EVIDENCE_STEPS 5

enum zt_evidence_result { ZT_EVIDENCE_SKIPPED = 0, ZT_EVIDENCE_PASS = 1, ZT_EVIDENCE_FAIL = 2 };
const char *zt_evidence_result_name(enum zt_evidence_result result);  // "pass"
const char *zt_evidence_result_words(enum zt_evidence_result result); // "通过 pass"

struct zt_receipt {
    uint64_t index;
    uint8_t hash[ZT_HASH_LEN];
};
struct zt_evidence {
    bool valid;
    struct {
        const char *name, *name_zh;
        enum zt_evidence_result result;
        char text[256];
    } steps[ZT_EVIDENCE_STEPS];
    struct zt_tlog_proof proof; // its checkpoint borrows from the answer
    struct zt_checkpoint checkpoint;
    uint8_t leaf[ZT_HASH_LEN];
};

// `evidence->proof.index` says which entry was asked for; `receipt` may be NULL. ZT_OK when the checking
// worked, whatever the verdict.
ZT_MUST_USE enum zt_err zt_evidence_check(const struct zt_desk_answer *answer, const char *vkey,
                                          const struct zt_receipt *receipt, struct zt_evidence *evidence,
                                          struct zt_fault *fault);

// Writes into DIR (made when absent): checkpoint (the signed note), entry (the leaf's bytes),
// entry.tlog-proof (c2sp.org/tlog-proof@v1), proof (index, then one base64 hash a line, leaf to root).
ZT_MUST_USE enum zt_err zt_evidence_save(const struct zt_desk_answer *answer,
                                         const struct zt_evidence *evidence, const char *dir,
                                         struct zt_fault *fault);

#endif
