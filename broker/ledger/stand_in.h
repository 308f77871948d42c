// SPDX-License-Identifier: Apache-2.0
// A signer for the sealer's tests, in a thread: it speaks proto/signer.h, keeps the last size and root, and
// checks the consistency proof. Its manners can be changed while it runs.
#ifndef ZT_BROKER_LEDGER_STAND_IN_H
#define ZT_BROKER_LEDGER_STAND_IN_H

#include <stdatomic.h>

#include "base/net/net.h"
#include "certs/note.h"

enum stand_in_manner {
    STAND_IN_HONEST,
    STAND_IN_SILENT,  // takes questions and says nothing
    STAND_IN_FORGETS, // signs, but its answer is lost
    STAND_IN_LIES,    // signs another root
    STAND_IN_GARBAGE, // answers with bytes that are no message
    STAND_IN_REFUSES, // "signer.inconsistent"
    STAND_IN_NO_KEY,  // "signer.no-key": may be mended
};

struct stand_in {
    const char *endpoint;
    const char *name; // of the key
    struct zt_key *key;
    atomic_int manner;
    atomic_ulong asked, signed_notes;
    struct zt_checkpoint last; // the signer's thread only
    struct zt_buf last_note;
};

// The actor's thread; arg is struct stand_in, whose key, endpoint and name are set.
void stand_in_run(struct zt_net *net, struct zt_sock *pipe, void *arg);

#endif
