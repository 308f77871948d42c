// SPDX-License-Identifier: Apache-2.0
#include "certs/jws.h"

#include <string.h>

#include "base/text.h"

#define KEY_ID_MAX 64

enum zt_err zt_jws_json_write(const json_t *value, struct zt_buf *out)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (!text)
        return ZT_E_NOMEM;
    zt_base64url_encode(zt_bytes_str(text), out);
    free(text);
    return out->err;
}

enum zt_err zt_jws_json_read(struct zt_bytes base64, json_type type, json_t **value, struct zt_fault *fault)
{
    struct zt_buf raw;
    json_error_t error;
    json_t *parsed = NULL;
    zt_buf_init(&raw, ZT_STATEMENT_MAX);
    enum zt_err rc = zt_base64url_decode(base64, &raw);
    if (rc != ZT_OK) {
        zt_fault_set(fault, rc, "certificate.base64", "", "not base64url without padding");
        goto out;
    }
    parsed = json_loadb((const char *)raw.data, raw.len, JSON_REJECT_DUPLICATES, &error);
    if (!parsed || json_typeof(parsed) != type) {
        json_decref(parsed);
        rc = zt_fault_set(fault, ZT_E_INPUT, "certificate.json", "", "not the JSON that belongs here");
        goto out;
    }
    *value = parsed;
out:
    zt_buf_fini(&raw);
    return rc;
}

static json_t *chain_json(const struct zt_signing_key *key)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < key->chain_count; i++) {
        struct zt_buf text;
        zt_buf_init(&text, ZT_STATEMENT_MAX);
        zt_base64_encode(key->chain[i], &text);
        if (text.err != ZT_OK || json_array_append_new(list, json_string(zt_buf_text(&text))) != 0) {
            json_decref(list);
            list = NULL;
        }
        zt_buf_fini(&text);
    }
    return list;
}

enum zt_err zt_jws_header_write(const struct zt_signing_key *key, struct zt_buf *out)
{
    json_t *header = json_pack("{s:s, s:s, s:s, s:o}", "alg", zt_sig_alg_name(key->alg), "kid", key->key_id,
                               "typ", ZT_JWS_TYP, "x5c", chain_json(key));
    enum zt_err rc = header ? zt_jws_json_write(header, out) : ZT_E_NOMEM;
    json_decref(header);
    return rc;
}

static enum zt_err read_chain(const json_t *x5c, struct zt_arena *arena, struct zt_jws *jws)
{
    size_t count = json_array_size(x5c); // 0 when it is no array
    if (count == 0 || count > ZT_JWS_CHAIN_MAX)
        return ZT_E_INPUT;
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(x5c, i));
        struct zt_buf der;
        if (!text)
            return ZT_E_INPUT;
        zt_buf_init(&der, ZT_STATEMENT_MAX);
        enum zt_err rc = zt_base64_decode(zt_bytes_str(text), &der);
        uint8_t *copy = rc == ZT_OK ? zt_arena_alloc(arena, der.len + 1) : NULL;
        if (copy)
            memcpy(copy, zt_buf_text(&der), der.len);
        jws->chain[i] = (struct zt_bytes){copy, der.len};
        zt_buf_fini(&der);
        if (!copy)
            return rc == ZT_OK ? ZT_E_NOMEM : rc;
    }
    jws->chain_count = count;
    return ZT_OK;
}

static enum zt_err read_header(const json_t *header, struct zt_arena *arena, struct zt_jws *jws,
                               struct zt_fault *fault)
{
    const char *alg = json_string_value(json_object_get(header, "alg"));
    const char *kid = json_string_value(json_object_get(header, "kid"));
    const char *typ = json_string_value(json_object_get(header, "typ"));
    if (json_object_size(header) != 4 || !alg || !kid || !*kid || strlen(kid) > KEY_ID_MAX || !typ ||
        strcmp(typ, ZT_JWS_TYP) != 0)
        return zt_fault_set(fault, ZT_E_INPUT, "certificate.header", "",
                            "the header must have alg, kid, typ \"" ZT_JWS_TYP "\" and x5c, nothing else");
    jws->alg_known = zt_sig_alg_parse(alg, &jws->alg) == ZT_OK;
    jws->kid = zt_arena_strdup(arena, kid);
    enum zt_err rc = jws->kid ? read_chain(json_object_get(header, "x5c"), arena, jws) : ZT_E_NOMEM;
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "certificate.header", "x5c", "not 1 to %d certificates in base64",
                            ZT_JWS_CHAIN_MAX);
    return ZT_OK;
}

static bool read_sig(struct zt_bytes text, uint8_t sig[ZT_SIG_LEN])
{
    struct zt_buf raw;
    zt_buf_init(&raw, ZT_SIG_LEN);
    bool good = zt_base64url_decode(text, &raw) == ZT_OK && raw.len == ZT_SIG_LEN;
    if (good)
        memcpy(sig, raw.data, ZT_SIG_LEN);
    zt_buf_fini(&raw);
    return good;
}

struct parts {
    struct zt_bytes header, payload, sig;
};

// <header>.<payload>.<signature>~...~ ; the text ends with '~' because no key binding follows.
static bool split(struct zt_bytes compact, struct parts *parts, struct zt_jws *jws)
{
    const uint8_t *start = compact.data;
    if (compact.len == 0 || start[compact.len - 1] != '~')
        return false;
    const uint8_t *tilde = memchr(start, '~', compact.len);
    const uint8_t *dot = memchr(start, '.', (size_t)(tilde - start));
    const uint8_t *dot2 = dot ? memchr(dot + 1, '.', (size_t)(tilde - dot - 1)) : NULL;
    if (!dot2)
        return false;
    parts->header = (struct zt_bytes){start, (size_t)(dot - start)};
    parts->payload = (struct zt_bytes){dot + 1, (size_t)(dot2 - dot - 1)};
    parts->sig = (struct zt_bytes){dot2 + 1, (size_t)(tilde - dot2 - 1)};
    jws->signing_input = (struct zt_bytes){start, (size_t)(dot2 - start)};
    jws->disclosures = (struct zt_bytes){tilde, compact.len - (size_t)(tilde - start)};
    return true;
}

enum zt_err zt_jws_open(struct zt_bytes compact, struct zt_arena *arena, struct zt_jws *jws,
                        struct zt_fault *fault)
{
    struct zt_jws made = {.payload = NULL};
    struct parts parts;
    json_t *header = NULL;
    enum zt_err rc;
    if (compact.len > ZT_STATEMENT_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "certificate.size", "", "longer than %zu bytes",
                            ZT_STATEMENT_MAX);
    if (!split(compact, &parts, &made))
        return zt_fault_set(fault, ZT_E_INPUT, "certificate.parts", "",
                            "not header.payload.signature followed by ~disclosure~...~");
    if (!read_sig(parts.sig, made.sig))
        return zt_fault_set(fault, ZT_E_INPUT, "certificate.base64", "signature", "not %d bytes in base64url",
                            ZT_SIG_LEN);
    ZT_TRY(zt_jws_json_read(parts.header, JSON_OBJECT, &header, fault));
    ZT_TRY(read_header(header, arena, &made, fault));
    ZT_TRY(zt_jws_json_read(parts.payload, JSON_OBJECT, &made.payload, fault));
    *jws = made;
out:
    json_decref(header);
    return rc;
}

void zt_jws_close(struct zt_jws *jws)
{
    json_decref(jws->payload);
    jws->payload = NULL;
}
