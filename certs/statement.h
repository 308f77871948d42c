// SPDX-License-Identifier: Apache-2.0
// The certificate as text: an SD-JWT VC statement (RFC 9901 / draft-ietf-oauth-sd-jwt-vc), made and taken
// apart.
//
//   <header>.<payload>.<signature>~<disclosure>~<disclosure>~
//
// header  {"alg":"ES256"|"SM2","typ":"dc+sd-jwt","kid":key id,"x5c":[base64 DER, leaf first]}
// payload iss, vct, sub-less; claims of section "Claims" in docs/certificate-format.md; "_sd" digests and
// "_sd_alg".
// "_sd_alg" is "sha-256" for ES256 and "sm3" for SM2.
//
// Rules: making is two steps because keys live elsewhere: zt_statement_prepare gives the bytes to sign, the
// signer signs them, zt_statement_finish joins them. JSON through jansson; sorted keys, no blanks. Limits: 64
// claims, 48 KiB. Thread safe.
#ifndef ZT_CERTS_STATEMENT_H
#define ZT_CERTS_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/crypto/sign.h"
#include "base/err.h"

#define ZT_STATEMENT_MAX    ((size_t)48 * 1024)
#define ZT_STATEMENT_CLAIMS 64

struct zt_statement_claim {
    const char *name;    // "balance"
    const char *name_zh; // label on paper
    const char *value;   // canonical text
    bool disclosable;    // own salted digest
};
struct zt_statement_source {              // which record said it
    const char *record_type, *key_digest; // hex SM3 of the record's key: the key itself may be personal
    uint64_t version;
    int64_t as_of;      // ms
    const char *digest; // hex SM3 of the encoded record
};
struct zt_statement {
    const char *id;   // GB/T 36904 identifier
    const char *type; // certificate type id
    const char *title_zh, *title_en;
    const char *issuer; // department id
    const char *issuer_zh, *issuer_uscc;
    const char *holder_id_type, *holder_number, *holder_name; // the holder's own; always disclosable
    int64_t issued_at;                                        // ms
    const char *valid_from, *valid_to;                        // YYYY-MM-DD; valid_to "" = no fixed end
    const char *item, *item_zh, *purpose, *case_no;           // use restriction
    const char *restriction_zh, *objection_zh;
    struct zt_statement_claim *claims;
    size_t claim_count;
    struct zt_statement_source *sources;
    size_t source_count;
    uint64_t ledger_index; // of the intent entry
};
struct zt_signing_key { // as the signer describes it
    const char *key_id;
    enum zt_sig_alg alg;
    struct zt_bytes *chain; // DER, leaf first
    size_t chain_count;
};

// `signing_input` receives "<header>.<payload>", `disclosures` receives "~d1~d2~". Fresh 128-bit salts.
ZT_MUST_USE enum zt_err zt_statement_prepare(const struct zt_statement *statement,
                                             const struct zt_signing_key *key, struct zt_buf *signing_input,
                                             struct zt_buf *disclosures, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_statement_finish(struct zt_bytes signing_input,
                                            const uint8_t sig[static ZT_SIG_LEN], struct zt_bytes disclosures,
                                            struct zt_buf *compact);

#endif
