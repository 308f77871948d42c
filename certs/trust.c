// SPDX-License-Identifier: Apache-2.0
#include "certs/trust.h"

#include <dirent.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define ROOTS_FILE_MAX ((size_t)256 * 1024)
#define PATH_LEN_MAX   4096

// One store for each kind, so that a path never crosses from one to the other.
struct zt_trust {
    X509_STORE *es256, *sm2;
    size_t count;
};

X509_STORE *zt_trust_roots(const struct zt_trust *trust, enum zt_sig_alg alg)
{
    return alg == ZT_SM2 ? trust->sm2 : trust->es256;
}

enum zt_err zt_trust_mark(X509 *cert, enum zt_sig_alg alg)
{
    if (alg != ZT_SM2)
        return ZT_OK;
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (!id || ASN1_OCTET_STRING_set(id, (const unsigned char *)ZT_SM2_ID, sizeof ZT_SM2_ID - 1) != 1) {
        ASN1_OCTET_STRING_free(id);
        return ZT_E_NOMEM;
    }
    X509_set0_distinguishing_id(cert, id);
    return ZT_OK;
}

static enum zt_err add_root(struct zt_trust *trust, X509 *cert, const char *path, struct zt_fault *fault)
{
    EVP_PKEY *pkey = X509_get0_pubkey(cert);
    enum zt_sig_alg alg = pkey && EVP_PKEY_is_a(pkey, "SM2") ? ZT_SM2 : ZT_ES256;
    if (!pkey || X509_check_ca(cert) != 1 ||
        X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) != 0)
        return zt_fault_set(fault, ZT_E_CONFIG, "trust.root", path,
                            "holds a certificate that is no self-issued certificate authority");
    if (zt_trust_mark(cert, alg) != ZT_OK || X509_STORE_add_cert(zt_trust_roots(trust, alg), cert) != 1)
        return zt_fault_set(fault, ZT_E_CRYPTO, "trust.root", path, "cannot be added to the roots");
    trust->count++;
    return ZT_OK;
}

static enum zt_err add_file(struct zt_trust *trust, const char *path, struct zt_fault *fault)
{
    struct zt_buf text;
    size_t before = trust->count;
    zt_buf_init(&text, ROOTS_FILE_MAX);
    enum zt_err rc = zt_file_read(path, &text, fault);
    BIO *bio = rc == ZT_OK ? BIO_new_mem_buf(text.data, (int)text.len) : NULL;
    X509 *cert = NULL;
    while (rc == ZT_OK && bio && (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        rc = add_root(trust, cert, path, fault);
        X509_free(cert);
    }
    if (rc == ZT_OK && trust->count == before)
        rc = zt_fault_set(fault, ZT_E_CONFIG, "trust.root", path, "holds no certificate in PEM");
    BIO_free(bio);
    zt_buf_fini(&text);
    return rc;
}

static bool is_pem(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && strcmp(name + len - 4, ".pem") == 0;
}

static enum zt_err add_folder(struct zt_trust *trust, const char *dir, struct zt_fault *fault)
{
    DIR *folder = opendir(dir);
    enum zt_err rc = ZT_OK;
    char path[PATH_LEN_MAX];
    if (!folder)
        return zt_fault_errno(fault, "trust.folder", dir, "cannot open the folder of roots");
    for (struct dirent *entry = readdir(folder); rc == ZT_OK && entry; entry = readdir(folder)) {
        if (!is_pem(entry->d_name))
            continue;
        int len = snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        rc = len > 0 && (size_t)len < sizeof path
                 ? add_file(trust, path, fault)
                 : zt_fault_set(fault, ZT_E_CONFIG, "trust.folder", dir, "the path is too long");
    }
    closedir(folder);
    if (rc == ZT_OK && trust->count == 0)
        rc = zt_fault_set(fault, ZT_E_CONFIG, "trust.empty", dir,
                          "no *.pem with a root certificate; without roots nothing can be trusted");
    return rc;
}

enum zt_err zt_trust_open(const char *dir, struct zt_trust **trust, struct zt_fault *fault)
{
    struct zt_trust *made = calloc(1, sizeof *made);
    if (!made)
        return ZT_E_NOMEM;
    made->es256 = X509_STORE_new();
    made->sm2 = X509_STORE_new();
    enum zt_err rc = made->es256 && made->sm2 ? add_folder(made, dir, fault) : ZT_E_NOMEM;
    if (rc == ZT_OK)
        *trust = made;
    else
        zt_trust_close(&made);
    return rc;
}

void zt_trust_close(struct zt_trust **trust)
{
    if (!*trust)
        return;
    X509_STORE_free((*trust)->es256);
    X509_STORE_free((*trust)->sm2);
    free(*trust);
    *trust = NULL;
}
