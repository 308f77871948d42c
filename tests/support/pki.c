// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pki.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto/key.h"

#define YEAR (365L * 24 * 3600)

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "pki: %s\n", what);
    abort();
}

static void add_name(X509_NAME *name, const char *field, const char *text)
{
    if (text)
        must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) ==
                 1,
             field);
}

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    must(extension && X509_add_ext(cert, extension, -1) == 1, value);
    X509_EXTENSION_free(extension);
}

static void sign_cert(X509 *cert, const struct zt_key *by, bool empty_id)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, by->pkey, NULL);
    must(md && ctx, "contexts");
    if (by->alg == ZT_SM2 && !empty_id)
        must(EVP_PKEY_CTX_set1_id(ctx, ZT_SM2_ID, sizeof ZT_SM2_ID - 1) > 0, "id");
    EVP_MD_CTX_set_pkey_ctx(md, ctx);
    must(EVP_DigestSignInit(md, NULL, by->alg == ZT_SM2 ? EVP_sm3() : EVP_sha256(), NULL, by->pkey) == 1,
         "init");
    must(X509_sign_ctx(cert, md) > 0, "sign");
    EVP_MD_CTX_free(md);
    EVP_PKEY_CTX_free(ctx);
}

static X509 *start_cert(const char *common_name, const struct zt_key *key, X509 *issuer, long from, long to)
{
    X509 *cert = X509_new();
    must(cert && X509_set_version(cert, X509_VERSION_3) == 1, "version");
    static long serial = 1;
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
    X509_gmtime_adj(X509_getm_notBefore(cert), from);
    X509_gmtime_adj(X509_getm_notAfter(cert), to);
    add_name(X509_get_subject_name(cert), "CN", common_name);
    must(X509_set_pubkey(cert, key->pkey) == 1, "key");
    X509_set_issuer_name(cert, X509_get_subject_name(issuer ? issuer : cert));
    return cert;
}

static X509 *make_authority(const char *name, const struct zt_key *key, X509 *issuer, const struct zt_key *by,
                            bool is_ca, bool empty_id)
{
    X509 *cert = start_cert(name, key, issuer, -3600, 10 * YEAR);
    add_extension(cert, cert, NID_subject_key_identifier, "hash");
    if (issuer)
        add_extension(cert, issuer, NID_authority_key_identifier, "keyid:always");
    add_extension(cert, cert, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(cert, cert, NID_key_usage,
                  is_ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    sign_cert(cert, by, empty_id);
    return cert;
}

static X509 *make_leaf(const struct zt_pki_wish *wish, const struct zt_pki *pki, X509 *issuing)
{
    bool usual = wish->leaf_from == 0 && wish->leaf_to == 0;
    X509 *cert = start_cert("zhitong test leaf", pki->leaf, issuing, usual ? -3600 : wish->leaf_from,
                            usual ? YEAR : wish->leaf_to);
    X509_NAME *subject = X509_get_subject_name(cert);
    add_name(subject, "O", "测试民政局");
    add_name(subject, "organizationIdentifier", wish->uscc ? wish->uscc : ZT_PKI_USCC);
    add_name(subject, "organizationIdentifier", wish->second_uscc);
    add_extension(cert, cert, NID_subject_key_identifier, "hash");
    add_extension(cert, issuing, NID_authority_key_identifier, "keyid:always");
    add_extension(cert, cert, NID_basic_constraints,
                  wish->leaf_is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!wish->no_key_usage)
        add_extension(cert, cert, NID_key_usage,
                      wish->leaf_is_ca ? "critical,keyCertSign,digitalSignature"
                                       : "critical,digitalSignature,nonRepudiation");
    sign_cert(cert, pki->issuing, wish->empty_sm2_id);
    return cert;
}

static struct zt_bytes to_der(X509 *cert)
{
    unsigned char *der = NULL;
    int len = i2d_X509(cert, &der);
    must(len > 0, "der");
    return (struct zt_bytes){der, (size_t)len};
}

void zt_pki_make(const struct zt_pki_wish *wish, struct zt_pki *pki)
{
    *pki = (struct zt_pki){.root = NULL};
    must(zt_key_new(wish->root_alg ? wish->root_alg : wish->alg, &pki->root) == ZT_OK, "root key");
    must(zt_key_new(wish->alg, &pki->issuing) == ZT_OK, "issuing key");
    must(zt_key_new(wish->alg, &pki->leaf) == ZT_OK, "leaf key");
    X509 *root = make_authority("zhitong test root", pki->root, NULL, pki->root, true, wish->empty_sm2_id);
    X509 *issuing = make_authority("zhitong test issuing", pki->issuing, root, pki->root,
                                   !wish->issuing_is_no_ca, wish->empty_sm2_id);
    X509 *leaf = make_leaf(wish, pki, issuing);
    pki->root_der = to_der(root);
    pki->chain[0] = to_der(leaf);
    pki->chain[1] = to_der(issuing);
    X509_free(root);
    X509_free(issuing);
    X509_free(leaf);
}

void zt_pki_write_root(const struct zt_pki *pki, const char *path)
{
    const unsigned char *at = pki->root_der.data;
    X509 *root = d2i_X509(NULL, &at, (long)pki->root_der.len);
    FILE *file = fopen(path, "w");
    must(root && file && PEM_write_X509(file, root) == 1, path);
    fclose(file);
    X509_free(root);
}

void zt_pki_free(struct zt_pki *pki)
{
    zt_key_destroy(&pki->root);
    zt_key_destroy(&pki->issuing);
    zt_key_destroy(&pki->leaf);
    OPENSSL_free((void *)(uintptr_t)pki->root_der.data);
    OPENSSL_free((void *)(uintptr_t)pki->chain[0].data);
    OPENSSL_free((void *)(uintptr_t)pki->chain[1].data);
}
