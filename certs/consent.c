// SPDX-License-Identifier: Apache-2.0
#include "certs/consent.h"

#include <string.h>

#include "base/text.h"
#include "certs/jws.h"

#define SECONDS_MAX INT64_C(253402300799) // 9999-12-31

enum zt_err zt_consent_subject(const char *id_type, const char *number, uint8_t out[static ZT_HASH_LEN])
{
    const struct zt_bytes parts[] = {zt_bytes_str("zt-consent-subject-v1\n"), zt_bytes_str(id_type),
                                     zt_bytes_str("|"), zt_bytes_str(number)};
    return zt_hash_parts(ZT_SM3, parts, sizeof parts / sizeof *parts, out);
}

static enum zt_err refuse(struct zt_fault *fault, const char *what)
{
    return zt_fault_set(fault, ZT_E_INPUT, "consent.form", "", "not a consent token: %s", what);
}

// "<header>.<payload>.<signature>" without anything else.
static bool split(struct zt_bytes token, struct zt_bytes part[static 3])
{
    for (size_t i = 0; i < 3; i++) {
        const uint8_t *dot = token.len ? memchr(token.data, '.', token.len) : NULL;
        if ((i < 2) != (dot != NULL))
            return false;
        size_t len = dot ? (size_t)(dot - token.data) : token.len;
        part[i] = (struct zt_bytes){token.data, len};
        token.data += dot ? len + 1 : len;
        token.len -= dot ? len + 1 : len;
    }
    return true;
}

// Names are short printable ASCII: they end up in logs and ledger entries.
static bool copy_text(const json_t *value, char out[static ZT_CONSENT_TEXT])
{
    const char *text = json_string_value(value);
    size_t len = text ? json_string_length(value) : 0;
    if (len == 0 || len >= ZT_CONSENT_TEXT)
        return false;
    for (size_t i = 0; i < len; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    memcpy(out, text, len + 1);
    return true;
}

static bool read_header(const json_t *header, struct zt_consent *out)
{
    const char *typ = json_string_value(json_object_get(header, "typ"));
    const char *alg = json_string_value(json_object_get(header, "alg"));
    if (json_object_size(header) != 3 || !typ || !alg || strcmp(typ, ZT_CONSENT_TYP) != 0)
        return false;
    if (zt_sig_alg_parse(alg, &out->alg) != ZT_OK || (out->alg != ZT_ES256 && out->alg != ZT_SM2))
        return false;
    return copy_text(json_object_get(header, "kid"), out->key_id);
}

static bool read_time(const json_t *value, int64_t *ms)
{
    json_int_t seconds = json_integer_value(value);
    if (!json_is_integer(value) || seconds < 0 || seconds > SECONDS_MAX)
        return false;
    *ms = (int64_t)seconds * 1000;
    return true;
}

static bool read_scope(const json_t *scope, struct zt_consent *out)
{
    size_t count = json_array_size(scope); // 0 when it is no array
    if (count == 0 || count > ZT_CONSENT_SCOPE_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!copy_text(json_array_get(scope, i), out->scope[i]))
            return false;
    out->scope_count = count;
    return true;
}

static bool read_subject(const json_t *sub, uint8_t out[static ZT_HASH_LEN])
{
    char text[ZT_CONSENT_TEXT];
    struct zt_buf bytes;
    zt_buf_init(&bytes, ZT_HASH_LEN);
    bool good = copy_text(sub, text) && zt_base64url_decode(zt_bytes_str(text), &bytes) == ZT_OK &&
                bytes.len == ZT_HASH_LEN;
    if (good)
        memcpy(out, bytes.data, ZT_HASH_LEN);
    zt_buf_fini(&bytes);
    return good;
}

static bool read_payload(const json_t *payload, struct zt_consent *out)
{
    return copy_text(json_object_get(payload, "iss"), out->issuer) &&
           copy_text(json_object_get(payload, "aud"), out->consumer) &&
           copy_text(json_object_get(payload, "purpose"), out->purpose) &&
           copy_text(json_object_get(payload, "jti"), out->token_id) &&
           read_subject(json_object_get(payload, "sub"), out->subject) &&
           read_scope(json_object_get(payload, "scope"), out) &&
           read_time(json_object_get(payload, "iat"), &out->issued_at) &&
           read_time(json_object_get(payload, "exp"), &out->expires_at) && out->issued_at < out->expires_at;
}

static enum zt_err open_token(struct zt_bytes token, struct zt_consent *out, struct zt_bytes part[static 3],
                              struct zt_fault *fault)
{
    struct zt_consent read = {.alg = 0};
    if (token.len == 0 || token.len > ZT_CONSENT_MAX)
        return refuse(fault, "empty, or more than 4096 bytes");
    if (!split(token, part))
        return refuse(fault, "three parts separated by dots are needed");
    json_t *header = NULL, *payload = NULL;
    const char *broken = NULL;
    if (zt_jws_json_read(part[0], JSON_OBJECT, &header, NULL) != ZT_OK ||
        zt_jws_json_read(part[1], JSON_OBJECT, &payload, NULL) != ZT_OK)
        broken = "header and payload must be base64url of JSON objects";
    else if (!read_header(header, &read))
        broken = "the header must hold alg, kid and typ, nothing else";
    else if (!read_payload(payload, &read))
        broken = "the payload must hold iss, sub, aud, purpose, scope, iat, exp and jti";
    json_decref(header);
    json_decref(payload);
    if (broken)
        return refuse(fault, broken);
    *out = read;
    return ZT_OK;
}

enum zt_err zt_consent_read(struct zt_bytes token, struct zt_consent *out, struct zt_fault *fault)
{
    struct zt_bytes part[3];
    return open_token(token, out, part, fault);
}

static bool signature_holds(const struct zt_bytes part[static 3], const struct zt_consent *said,
                            struct zt_key *key)
{
    struct zt_buf sig;
    zt_buf_init(&sig, ZT_SIG_LEN);
    struct zt_bytes input = {part[0].data, part[0].len + 1 + part[1].len};
    bool good = zt_key_alg(key) == said->alg && zt_base64url_decode(part[2], &sig) == ZT_OK &&
                zt_verify(key, input, zt_buf_bytes(&sig)) == ZT_OK;
    zt_buf_fini(&sig);
    return good;
}

static bool scope_holds(const struct zt_consent *said, const char *type)
{
    for (size_t i = 0; i < said->scope_count; i++)
        if (strcmp(said->scope[i], type) == 0)
            return true;
    return false;
}

static enum zt_err deny(struct zt_fault *fault, const char *rule, const char *text)
{
    return zt_fault_set(fault, ZT_E_DENIED, rule, "", "%s", text);
}

static enum zt_err compare(const struct zt_consent *said, const struct zt_consent_wanted *wanted,
                           const uint8_t subject[static ZT_HASH_LEN], struct zt_fault *fault)
{
    if (memcmp(said->subject, subject, ZT_HASH_LEN) != 0)
        return deny(fault, "consent.subject", "another person gave this consent");
    if (strcmp(said->consumer, wanted->consumer) != 0)
        return deny(fault, "consent.audience", "the consent was given to another consumer");
    if (strcmp(said->purpose, wanted->purpose) != 0)
        return deny(fault, "consent.purpose", "the consent was given for another purpose");
    if (!scope_holds(said, wanted->type))
        return deny(fault, "consent.scope", "the consent does not cover this type");
    if (wanted->now_ms >= said->expires_at)
        return deny(fault, "consent.expired", "the consent has expired");
    if (wanted->now_ms < said->issued_at - ZT_CONSENT_SKEW_MS)
        return deny(fault, "consent.expired", "the consent begins in the future");
    return ZT_OK;
}

enum zt_err zt_consent_verify(struct zt_bytes token, struct zt_key *key,
                              const struct zt_consent_wanted *wanted, struct zt_consent *out,
                              struct zt_fault *fault)
{
    struct zt_bytes part[3];
    struct zt_consent said;
    uint8_t subject[ZT_HASH_LEN];
    enum zt_err rc = open_token(token, &said, part, fault);
    if (rc == ZT_E_INPUT) {
        if (fault)
            fault->code = ZT_E_DENIED;
        return ZT_E_DENIED;
    }
    if (rc != ZT_OK)
        return rc;
    if (!signature_holds(part, &said, key))
        return deny(fault, "consent.signature", "the identity provider did not sign this");
    rc = zt_consent_subject(wanted->id_type, wanted->number, subject);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "consent.hash", "", "the hash function failed");
    rc = compare(&said, wanted, subject, fault);
    if (rc == ZT_OK && out)
        *out = said;
    return rc;
}
