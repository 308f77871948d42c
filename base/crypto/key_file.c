// SPDX-License-Identifier: Apache-2.0
#include <openssl/bio.h>
#include <openssl/pem.h>

#include "base/crypto/key.h"
#include "base/file.h"

#define PEM_MAX ((size_t)16 * 1024)

// OpenSSL would ask on the terminal: a key with a passphrase is refused instead.
static int no_passphrase(char *buf, int size, int writing, void *arg)
{
    (void)buf, (void)size, (void)writing, (void)arg;
    return -1;
}

static enum zt_err from_pem(const struct zt_buf *text, bool secret, const char *path, struct zt_key **key,
                            struct zt_fault *fault)
{
    BIO *bio = BIO_new_mem_buf(text->data, (int)text->len);
    EVP_PKEY *pkey = NULL;
    if (bio)
        pkey = secret ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL)
                      : PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    enum zt_err rc = zt_key_wrap(pkey, key);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "key.form", path,
                            "not a %s key of P-256, SM2 or Ed25519 in PEM without passphrase",
                            secret ? "private" : "public");
    return ZT_OK;
}

enum zt_err zt_key_load_private(const char *path, struct zt_key **key, struct zt_fault *fault)
{
    struct zt_buf text;
    zt_buf_init(&text, PEM_MAX);
    enum zt_err rc = zt_file_read_secret(path, &text, fault);
    if (rc == ZT_OK)
        rc = from_pem(&text, true, path, key, fault);
    zt_buf_fini(&text);
    return rc;
}

enum zt_err zt_key_load_public(const char *path, struct zt_key **key, struct zt_fault *fault)
{
    struct zt_buf text;
    zt_buf_init(&text, PEM_MAX);
    enum zt_err rc = zt_file_read(path, &text, fault);
    if (rc == ZT_OK)
        rc = from_pem(&text, false, path, key, fault);
    zt_buf_fini(&text);
    return rc;
}

static enum zt_err write_pem(BIO *bio, const char *path, mode_t mode, struct zt_fault *fault)
{
    char *text = NULL;
    long len = BIO_get_mem_data(bio, &text);
    if (len <= 0)
        return zt_fault_set(fault, ZT_E_CRYPTO, "key.write", path, "the key cannot be written as PEM");
    return zt_file_replace(path, (struct zt_bytes){(uint8_t *)text, (size_t)len}, mode, fault);
}

enum zt_err zt_key_save_private(const struct zt_key *key, const char *path, struct zt_fault *fault)
{
    BIO *bio = BIO_new(BIO_s_secmem()); // wiped when freed
    enum zt_err rc = ZT_E_CRYPTO;
    if (bio && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL) == 1)
        rc = write_pem(bio, path, 0400, fault);
    else
        zt_fault_set(fault, rc, "key.write", path, "this key has no private half that can be written");
    BIO_free(bio);
    return rc;
}

enum zt_err zt_key_save_public(const struct zt_key *key, const char *path, struct zt_fault *fault)
{
    BIO *bio = BIO_new(BIO_s_mem());
    enum zt_err rc = ZT_E_CRYPTO;
    if (bio && PEM_write_bio_PUBKEY(bio, key->pkey) == 1)
        rc = write_pem(bio, path, 0444, fault);
    else
        zt_fault_set(fault, rc, "key.write", path, "the public key cannot be written");
    BIO_free(bio);
    return rc;
}
