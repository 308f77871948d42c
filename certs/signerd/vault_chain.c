// SPDX-License-Identifier: Apache-2.0
#include <openssl/pem.h>
#include <string.h>

#include "base/file.h"
#include "certs/signerd/vault.h"
#include "certs/x509.h"

#define CHAIN_FILE_MAX ((size_t)64 * 1024)

static enum zt_err take(X509 *cert, struct zt_vault_key *key)
{
    unsigned char *der = NULL;
    int len = i2d_X509(cert, &der);
    if (len <= 0)
        return ZT_E_CRYPTO;
    if (key->chain_count == ZT_CHAIN_MAX || (size_t)len > ZT_CHAIN_CERT_LEN) {
        OPENSSL_free(der);
        return ZT_E_LIMIT;
    }
    key->chain[key->chain_count++] = (struct zt_bytes){der, (size_t)len};
    return ZT_OK;
}

static enum zt_err read_all(const struct zt_buf *text, struct zt_vault_key *key)
{
    BIO *bio = BIO_new_mem_buf(text->data, (int)text->len);
    X509 *cert = NULL;
    enum zt_err rc = bio ? ZT_OK : ZT_E_NOMEM;
    while (rc == ZT_OK && (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        rc = take(cert, key);
        X509_free(cert);
    }
    BIO_free(bio);
    return rc;
}

static enum zt_err spki_of(const struct zt_key *key, struct zt_buf *out)
{
    zt_buf_init(out, 1024);
    return zt_key_to_spki(key, out);
}

static bool is_about(const struct zt_vault_key *key)
{
    struct zt_leaf leaf;
    struct zt_buf ours, theirs;
    if (key->chain_count == 0 || zt_leaf_open(key->chain[0], &leaf) != ZT_OK)
        return false;
    bool same = spki_of(key->key, &ours) == ZT_OK;
    same = spki_of(leaf.key, &theirs) == ZT_OK && same;
    same = same && zt_bytes_equal(zt_buf_bytes(&ours), zt_buf_bytes(&theirs)) && *leaf.uscc;
    zt_buf_fini(&ours);
    zt_buf_fini(&theirs);
    zt_leaf_close(&leaf);
    return same;
}

enum zt_err zt_vault_chain_load(const char *path, struct zt_vault_key *key, struct zt_fault *fault)
{
    struct zt_buf text;
    zt_buf_init(&text, CHAIN_FILE_MAX);
    enum zt_err rc = zt_file_read(path, &text, fault);
    if (rc == ZT_OK && (rc = read_all(&text, key)) != ZT_OK)
        zt_fault_set(fault, rc, "signer.chain", path, "not 1 to %d certificates of at most %d bytes in PEM",
                     ZT_CHAIN_MAX, ZT_CHAIN_CERT_LEN);
    if (rc == ZT_OK && !is_about(key))
        rc = zt_fault_set(fault, ZT_E_CONFIG, "signer.chain", path,
                          "the first certificate is not about the private key beside it, or names no "
                          "organisation");
    zt_buf_fini(&text);
    return rc;
}

void zt_vault_chain_free(struct zt_vault_key *key)
{
    for (size_t i = 0; i < key->chain_count; i++)
        OPENSSL_free((void *)(uintptr_t)key->chain[i].data);
    key->chain_count = 0;
}
