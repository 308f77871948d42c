// SPDX-License-Identifier: Apache-2.0
// The private keys: one per department and algorithm, and the ledger's.
//
// keys/issuers/<department>/{es256,sm2}.key with {es256,sm2}.chain.pem (leaf first, without the root), and
// keys/ledger/ed25519.key. A department has one of the two algorithms or both. Key files are refused unless
// they are ours alone; a key is refused when the leaf of its chain is not about it.
//
// Rules: read once at the start and never again. One thread.
#ifndef ZT_CERTS_SIGNERD_VAULT_H
#define ZT_CERTS_SIGNERD_VAULT_H

#include "proto/signer.h"

#define ZT_VAULT_MAX 512 // keys

struct zt_vault_key {
    char issuer[ZT_WORD_LEN + 1];
    enum zt_sig_alg alg;
    char key_id[ZT_KEY_ID_MAX]; // "<department>-<algorithm>-<first 8 hex of SHA-256 of the public key>"
    struct zt_key *key;
    struct zt_bytes chain[ZT_CHAIN_MAX]; // DER, owned
    size_t chain_count;
};
struct zt_vault {
    struct zt_vault_key *keys;
    size_t count;
    struct zt_key *ledger;
};

// Rules: "signer.folder", "signer.chain", "signer.department", "signer.keys", "file.mode", "key.form".
ZT_MUST_USE enum zt_err zt_vault_open(const char *dir, struct zt_vault *vault, struct zt_fault *fault);
void zt_vault_close(struct zt_vault *vault); // idempotent; the keys are wiped
const struct zt_vault_key *zt_vault_find(const struct zt_vault *vault, const char *issuer,
                                         enum zt_sig_alg alg); // NULL when there is none

// vault_chain.c: the certificates of a PEM file, and that the first is about this key.
ZT_MUST_USE enum zt_err zt_vault_chain_load(const char *path, struct zt_vault_key *key,
                                            struct zt_fault *fault);
void zt_vault_chain_free(struct zt_vault_key *key);

#endif
