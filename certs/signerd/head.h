// SPDX-License-Identifier: Apache-2.0
// What the signer last signed of the ledger, so that it never signs two stories.
//
// One file per origin, state/<first 32 hex of SHA-256 of the origin>.state: the last signed note itself,
// whose signature also tells whether the file is whole. It is replaced, fsync'ed, before the new signature
// leaves. A second signer on the same state folder is refused by a lock on state/lock.
//
// Take the state folder into the backup: a signer that lost it would sign a rolled-back ledger.
//
// Rules: one thread.
#ifndef ZT_CERTS_SIGNERD_HEAD_H
#define ZT_CERTS_SIGNERD_HEAD_H

#include "certs/note.h"
#include "proto/signer.h"

struct zt_head {
    char *path; // of the state file
    int lock;   // descriptor that holds the lock
    char origin[sizeof(((struct zt_checkpoint *)0)->origin)];
    struct zt_key *key; // borrowed
    bool any;           // something was signed
    struct zt_checkpoint last;
    struct zt_buf note; // of `last`
};

// Makes the folder (0700) when it is not there. Rules: "signer.state" (not ours, corrupt), "signer.running".
ZT_MUST_USE enum zt_err zt_head_open(const char *dir, const char *origin, struct zt_key *key,
                                     struct zt_head *head, struct zt_fault *fault);
void zt_head_close(struct zt_head *head); // idempotent

// Signs the request's checkpoint if it continues the last one; afterwards head->note is the note to answer
// with. Refusals and their rules: proto/signer.h; also "signer.origin" and "signer.state" (the file could not
// be written: nothing was signed as far as anybody else can tell).
ZT_MUST_USE enum zt_err zt_head_advance(struct zt_head *head, const struct zt_sign_request *request,
                                        struct zt_fault *fault);

#endif
