// SPDX-License-Identifier: Apache-2.0
// The proof that an entry is in the ledger, as text that anybody can check offline: c2sp.org/tlog-proof@v1.
//
//   c2sp.org/tlog-proof@v1
//   index 73894
//   <base64 hash>          one line a level, from the leaf's sibling up
//
//   <checkpoint, verbatim>
//
// An "extra" line is accepted and ignored: it is not authenticated. Pure; thread safe.
#ifndef ZT_CERTS_TLOG_PROOF_H
#define ZT_CERTS_TLOG_PROOF_H

#include "base/crypto/merkle.h"
#include "certs/note.h"

#define ZT_TLOG_PROOF_MAX ((size_t)16 * 1024)

struct zt_tlog_proof {
    uint64_t index;
    struct zt_proof path;
    struct zt_bytes checkpoint; // the signed note; borrowed
};

void zt_tlog_proof_write(const struct zt_tlog_proof *proof, struct zt_buf *out);
// Rules: "tlog-proof.head", ".index", ".hash", ".checkpoint". `out` borrows from `text`.
ZT_MUST_USE enum zt_err zt_tlog_proof_parse(struct zt_bytes text, struct zt_tlog_proof *out,
                                            struct zt_fault *fault);

// Checks everything: the note's signature by `vkey`, that the index lies inside the tree, and the path from
// `leaf` to the root. ZT_E_CRYPTO with rule "note.*", "tlog-proof.range" or "tlog-proof.path" when one does
// not hold.
ZT_MUST_USE enum zt_err zt_tlog_proof_verify(const struct zt_tlog_proof *proof, const char *vkey,
                                             const uint8_t leaf[static ZT_HASH_LEN],
                                             struct zt_checkpoint *checkpoint, struct zt_fault *fault);

#endif
