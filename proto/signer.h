// SPDX-License-Identifier: Apache-2.0
// Asking zt-signerd: sign these messages with the key of that issuer, sign this checkpoint, which keys are
// there.
#ifndef ZT_PROTO_SIGNER_H
#define ZT_PROTO_SIGNER_H

#include "base/crypto/merkle.h"
#include "base/crypto/sign.h"
#include "proto/ledger.h"
#include "proto/publish.h"

#define ZT_SIGN_MAX         1024 // messages in one request; the frame of 1 MiB bounds their sum
#define ZT_SIGN_MESSAGE_LEN ((size_t)64 * 1024)
#define ZT_ORIGIN_LEN       255
#define ZT_CHAIN_MAX        8 // certificates
#define ZT_CHAIN_CERT_LEN   4096

enum zt_sign_act {
    ZT_SIGN_MESSAGES = 1,   // key of (issuer, alg); answer: key_id and one signature a message
    ZT_SIGN_KEY = 2,        // which key: answer key_id and X.509 chain (DER, leaf first, without the root)
    ZT_SIGN_CHECKPOINT = 3, // sign (origin, size, root): refused unless consistent with the last one signed
};
// The asker of a checkpoint may not know what was signed last (its answer was lost in a crash). When old_size
// is not the last size, the answer is ZT_E_STATE, "signer.old-size", and `note` is the last signed note
// (empty when there is none, then old_size is 0): prove from its size and ask again. The same size and root
// as last time is answered with the same note. A size below the last one is "signer.rollback".
struct zt_sign_request {
    uint64_t ticket;
    enum zt_sign_act act;
    const char *issuer; // department id
    enum zt_sig_alg alg;
    struct zt_bytes *messages;
    size_t message_count;
    const char *origin; // checkpoint: C2SP origin line
    uint64_t old_size;  // size that `proof` starts from: must be the signer's last size
    uint64_t size;
    uint8_t root[ZT_HASH_LEN];
    struct zt_bytes *proof; // consistency proof old_size -> size, 32 bytes each
    size_t proof_count;
};
struct zt_sign_answer {
    uint64_t ticket;
    enum zt_err code;
    const char *rule, *text; // why not: "signer.no-key", "signer.rollback", "signer.inconsistent"
    const char *key_id;
    enum zt_sig_alg alg;
    struct zt_bytes *signatures; // ZT_SIG_LEN bytes each
    size_t signature_count;
    struct zt_bytes *chain;
    size_t chain_count;
    struct zt_bytes note; // the signed note (checkpoint), text
};
// Parse rules: "signer.<field>", "wire.*". No field here is ever a private key.
ZT_MUST_USE enum zt_err zt_sign_request_encode(const struct zt_sign_request *request, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_sign_request_parse(struct zt_bytes body, struct zt_arena *arena,
                                              struct zt_sign_request *request, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_sign_answer_encode(const struct zt_sign_answer *answer, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_sign_answer_parse(struct zt_bytes body, struct zt_arena *arena,
                                             struct zt_sign_answer *answer, struct zt_fault *fault);

#endif
