// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/text.h"
#include "certs/consent.h"
#include "certs/jws.h"

#define TOKEN_ID_BYTES 16

// Takes the object over.
static enum zt_err put_json(json_t *object, struct zt_buf *out)
{
    enum zt_err rc = object ? zt_jws_json_write(object, out) : ZT_E_NOMEM;
    json_decref(object);
    return rc;
}

static enum zt_err encode_text(struct zt_bytes bytes, char out[static ZT_CONSENT_TEXT])
{
    struct zt_buf text;
    zt_buf_init(&text, ZT_CONSENT_TEXT - 1);
    zt_base64url_encode(bytes, &text);
    enum zt_err rc = text.err;
    if (rc == ZT_OK)
        memcpy(out, zt_buf_text(&text), text.len + 1);
    zt_buf_fini(&text);
    return rc;
}

static enum zt_err fill_token_id(const char *given, char out[static ZT_CONSENT_TEXT])
{
    uint8_t random[TOKEN_ID_BYTES];
    if (given[0]) {
        memcpy(out, given, ZT_CONSENT_TEXT);
        return ZT_OK;
    }
    enum zt_err rc = zt_random(random, sizeof random);
    return rc == ZT_OK ? encode_text((struct zt_bytes){random, sizeof random}, out) : rc;
}

static json_t *scope_of(const struct zt_consent *consent)
{
    json_t *scope = json_array();
    for (size_t i = 0; i < consent->scope_count; i++)
        (void)json_array_append_new(scope, json_string(consent->scope[i])); // a lost one shows when read back
    return scope;
}

static enum zt_err put_payload(const struct zt_consent *consent, struct zt_buf *out)
{
    char subject[ZT_CONSENT_TEXT], token_id[ZT_CONSENT_TEXT];
    enum zt_err rc = fill_token_id(consent->token_id, token_id);
    if (rc == ZT_OK)
        rc = encode_text((struct zt_bytes){consent->subject, ZT_HASH_LEN}, subject);
    if (rc != ZT_OK)
        return rc;
    return put_json(json_pack("{ss ss ss ss so sI sI ss}", "iss", consent->issuer, "sub", subject, "aud",
                              consent->consumer, "purpose", consent->purpose, "scope", scope_of(consent),
                              "iat", (json_int_t)(consent->issued_at / 1000), "exp",
                              (json_int_t)(consent->expires_at / 1000), "jti", token_id),
                    out);
}

static enum zt_err put_signature(struct zt_key *key, struct zt_buf *out)
{
    uint8_t sig[ZT_SIG_LEN];
    enum zt_err rc = zt_sign(key, zt_buf_bytes(out), sig);
    if (rc != ZT_OK)
        return rc;
    zt_buf_put_u8(out, '.');
    zt_base64url_encode((struct zt_bytes){sig, sizeof sig}, out);
    return out->err;
}

enum zt_err zt_consent_sign(struct zt_key *key, const struct zt_consent *consent, struct zt_buf *token,
                            struct zt_fault *fault)
{
    struct zt_consent back;
    struct zt_buf text;
    enum zt_err rc = ZT_E_BUG;
    if (zt_key_alg(key) != consent->alg)
        return zt_fault_set(fault, ZT_E_CRYPTO, "consent.key", "", "the key is of another kind than %s",
                            zt_sig_alg_name(consent->alg));
    if (consent->scope_count > ZT_CONSENT_SCOPE_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "consent.form", "", "at most %d types", ZT_CONSENT_SCOPE_MAX);
    zt_buf_init(&text, ZT_CONSENT_MAX);
    json_t *header = json_pack("{ss ss ss}", "alg", zt_sig_alg_name(consent->alg), "kid", consent->key_id,
                               "typ", ZT_CONSENT_TYP);
    ZT_TRY(put_json(header, &text));
    zt_buf_put_u8(&text, '.');
    ZT_TRY(put_payload(consent, &text));
    ZT_TRY(put_signature(key, &text));
    // What we would refuse to read is not given away.
    ZT_TRY(zt_consent_read(zt_buf_bytes(&text), &back, fault));
    zt_buf_put(token, text.data, text.len);
    rc = token->err;
out:
    if (rc != ZT_OK && rc != ZT_E_INPUT)
        zt_fault_set(fault, rc, "consent.sign", "", "the token could not be made");
    zt_buf_fini(&text);
    return rc;
}
