// SPDX-License-Identifier: Apache-2.0
// Checkpoints and signed notes of C2SP (tlog-checkpoint, signed-note), Ed25519.
//
// A note is text, a blank line, and signature lines "— <name> base64(key id ‖ signature)\n"; key id is the
// first four bytes of SHA-256(name ‖ 0x0a ‖ 0x01 ‖ public key). Names have no blanks and no '+'.
#ifndef ZT_CERTS_NOTE_H
#define ZT_CERTS_NOTE_H

#include "base/crypto/hash.h"
#include "base/crypto/sign.h"

#define ZT_NOTE_MAX 8192

struct zt_checkpoint {
    char origin[128];
    uint64_t size;
    uint8_t root[ZT_HASH_LEN];
};
// The body "origin\nsize\nbase64(root)\n".
void zt_checkpoint_write(const struct zt_checkpoint *checkpoint, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_checkpoint_parse(struct zt_bytes note, struct zt_checkpoint *out,
                                            struct zt_fault *fault);

ZT_MUST_USE enum zt_err zt_note_sign(struct zt_key *key, const char *name, struct zt_bytes body,
                                     struct zt_buf *note);
// `vkey` is the text form of C2SP: "name+hash+base64(0x01 ‖ public key)". Unknown signature lines are
// ignored; at least one of `vkey` must hold.
ZT_MUST_USE enum zt_err zt_note_verify(struct zt_bytes note, const char *vkey, struct zt_bytes *body,
                                       struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_note_vkey(const struct zt_key *key, const char *name, struct zt_buf *vkey);

#endif
