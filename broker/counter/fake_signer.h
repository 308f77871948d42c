// SPDX-License-Identifier: Apache-2.0
// Test support: a signer that does as it is told, also what the real one never would.
#ifndef ZT_BROKER_COUNTER_FAKE_SIGNER_H
#define ZT_BROKER_COUNTER_FAKE_SIGNER_H

#include <stdatomic.h>

#include "base/net/net.h"
#include "proto/signer.h"
#include "tests/support/pki.h"

enum fake_manner {
    FAKE_SIGNS,
    FAKE_SILENT,        // takes questions and says nothing
    FAKE_SILENT_KEYS,   // answers about signatures only
    FAKE_REFUSES,       // "signer.no-key"
    FAKE_REFUSES_SIGNS, // knows its keys but signs nothing
    FAKE_TOO_FEW,       // no signature at all in its answer
    FAKE_SHORT,         // an answer without a chain
    FAKE_GARBAGE,       // frames that are no answers, before the right one
    FAKE_OTHER_KEY,     // never signs with the key that it described
};
struct fake_signer {
    char endpoint[ZT_ENDPOINT_MAX];
    struct zt_pki pki[3]; // by algorithm: a leaf of the small city's public_security
    _Atomic int manner;
    _Atomic unsigned generation; // part of the key id: a new one is a signer with new keys
    _Atomic unsigned key_questions, sign_questions, messages;
    struct zt_actor *actor;
};
void fake_signer_start(struct fake_signer *signer, struct zt_net *net, const char *folder);
void fake_signer_stop(struct fake_signer *signer); // may be started again
// Roots of all algorithms as a folder for zt_trust_open.
void fake_signer_roots(const struct fake_signer *signer, const char *folder);
void fake_signer_end(struct fake_signer *signer); // stops and forgets its keys

#endif
