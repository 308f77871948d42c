// SPDX-License-Identifier: Apache-2.0
#include "certs/x509.h"

#include <limits.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "certs/trust.h"

#define LEVELS_MAX 4 // certificates between leaf and root

static X509 *parse(struct zt_bytes der)
{
    const unsigned char *at = der.data;
    if (der.len == 0 || der.len > INT_MAX)
        return NULL;
    X509 *cert = d2i_X509(NULL, &at, (long)der.len);
    if (cert && at == der.data + der.len)
        return cert;
    X509_free(cert);
    return NULL;
}

static enum zt_err key_of(X509 *cert, struct zt_key **key)
{
    unsigned char *der = NULL;
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
    if (len <= 0)
        return ZT_E_CRYPTO;
    enum zt_err rc = zt_key_from_spki((struct zt_bytes){der, (size_t)len}, key);
    OPENSSL_free(der);
    return rc;
}

static void read_uscc(const X509 *cert, char uscc[static ZT_USCC_LEN + 1])
{
    X509_NAME *subject = X509_get_subject_name(cert);
    int at = X509_NAME_get_index_by_NID(subject, NID_organizationIdentifier, -1);
    uscc[0] = 0;
    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_organizationIdentifier, at) >= 0)
        return;
    const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    if (ASN1_STRING_length(text) != ZT_USCC_LEN || memchr(ASN1_STRING_get0_data(text), 0, ZT_USCC_LEN))
        return;
    memcpy(uscc, ASN1_STRING_get0_data(text), ZT_USCC_LEN);
    uscc[ZT_USCC_LEN] = 0;
}

enum zt_err zt_leaf_open(struct zt_bytes der, struct zt_leaf *leaf)
{
    struct zt_leaf made = {.key = NULL};
    X509 *cert = parse(der);
    if (!cert)
        return ZT_E_CRYPTO;
    enum zt_err rc = key_of(cert, &made.key);
    if (rc == ZT_OK) {
        read_uscc(cert, made.uscc);
        *leaf = made;
    }
    X509_free(cert);
    return rc;
}

void zt_leaf_close(struct zt_leaf *leaf)
{
    zt_key_destroy(&leaf->key);
}

static enum zt_err refuse(struct zt_fault *fault, const char *why)
{
    return zt_fault_set(fault, ZT_E_CRYPTO, "certificate.chain", "", "%s", why);
}

// What X509_verify_cert does not look at: that the leaf may sign statements and may not issue.
static enum zt_err check_leaf(X509 *leaf, struct zt_fault *fault)
{
    uint32_t usage = X509_get_key_usage(leaf);
    if (X509_check_ca(leaf) != 0)
        return refuse(fault, "the leaf is a certificate authority");
    if (usage == UINT32_MAX || !(usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
        return refuse(fault, "the leaf's key usage does not allow signatures");
    return ZT_OK;
}

static enum zt_err check_kinds(STACK_OF(X509) * path, enum zt_sig_alg alg, struct zt_fault *fault)
{
    for (int i = 0; i < sk_X509_num(path); i++) {
        struct zt_key *key = NULL;
        enum zt_err rc = key_of(sk_X509_value(path, i), &key);
        bool same = rc == ZT_OK && zt_key_alg(key) == alg;
        zt_key_destroy(&key);
        if (!same)
            return refuse(fault, "a certificate of the chain has a key of another kind");
    }
    return ZT_OK;
}

static enum zt_err verify_path(X509_STORE *roots, STACK_OF(X509) * given, enum zt_sig_alg alg, int64_t now_ms,
                               struct zt_fault *fault)
{
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    X509 *leaf = sk_X509_value(given, 0);
    enum zt_err rc = ZT_E_CRYPTO;
    if (!ctx || X509_STORE_CTX_init(ctx, roots, leaf, given) != 1) {
        rc = refuse(fault, "out of memory");
        goto out;
    }
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_time(param, (time_t)(now_ms / 1000));
    X509_VERIFY_PARAM_set_depth(param, LEVELS_MAX);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
    if (X509_verify_cert(ctx) != 1)
        rc = refuse(fault, X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
    else
        rc = check_kinds(X509_STORE_CTX_get0_chain(ctx), alg, fault);
    if (rc == ZT_OK)
        rc = check_leaf(leaf, fault);
out:
    X509_STORE_CTX_free(ctx);
    return rc;
}

enum zt_err zt_chain_check(const struct zt_trust *trust, const struct zt_bytes *chain, size_t count,
                           enum zt_sig_alg alg, int64_t now_ms, struct zt_fault *fault)
{
    STACK_OF(X509) *given = sk_X509_new_null();
    enum zt_err rc = given ? ZT_OK : ZT_E_NOMEM;
    for (size_t i = 0; rc == ZT_OK && i < count; i++) {
        X509 *cert = parse(chain[i]);
        if (!cert || zt_trust_mark(cert, alg) != ZT_OK || sk_X509_push(given, cert) <= 0) {
            X509_free(cert);
            rc = refuse(fault, "a part of x5c is no certificate");
        }
    }
    if (rc == ZT_OK && count == 0)
        rc = refuse(fault, "no certificate");
    if (rc == ZT_OK)
        rc = verify_path(zt_trust_roots(trust, alg), given, alg, now_ms, fault);
    sk_X509_pop_free(given, X509_free);
    return rc;
}
