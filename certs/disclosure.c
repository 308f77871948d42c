// SPDX-License-Identifier: Apache-2.0
#include "certs/disclosure.h"

#include <string.h>

#include "base/text.h"
#include "certs/jws.h"

#define SALT_LEN 16 // bytes: RFC 9901 section 9.3 asks for 128 bits
#define NAME_LEN 64

enum zt_hash zt_disclosure_hash(enum zt_sig_alg alg)
{
    return alg == ZT_SM2 ? ZT_SM3 : ZT_SHA256;
}

const char *zt_disclosure_hash_name(enum zt_sig_alg alg)
{
    return alg == ZT_SM2 ? "sm3" : "sha-256";
}

bool zt_claim_name_valid(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len > NAME_LEN || name[0] < 'a' || name[0] > 'z')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= '0' && name[i] <= '9') && name[i] != '_')
            return false;
    return true;
}

enum zt_err zt_disclosure_digest(enum zt_hash hash, struct zt_bytes text,
                                 char digest[static ZT_DIGEST_TEXT_LEN + 1])
{
    uint8_t raw[ZT_HASH_LEN];
    struct zt_buf encoded;
    enum zt_err rc = zt_hash_of(hash, text, raw);
    if (rc != ZT_OK)
        return rc;
    zt_buf_init(&encoded, ZT_DIGEST_TEXT_LEN);
    zt_base64url_encode((struct zt_bytes){raw, sizeof raw}, &encoded);
    rc = encoded.err;
    if (rc == ZT_OK)
        memcpy(digest, zt_buf_text(&encoded), ZT_DIGEST_TEXT_LEN + 1);
    zt_buf_fini(&encoded);
    return rc;
}

static enum zt_err make_salt(struct zt_buf *text)
{
    uint8_t salt[SALT_LEN];
    enum zt_err rc = zt_random(salt, sizeof salt);
    if (rc != ZT_OK)
        return rc;
    zt_base64url_encode((struct zt_bytes){salt, sizeof salt}, text);
    return text->err;
}

enum zt_err zt_disclosure_make(enum zt_hash hash, const char *name, const char *value, struct zt_buf *out,
                               char digest[static ZT_DIGEST_TEXT_LEN + 1])
{
    struct zt_buf salt;
    json_t *array = NULL;
    enum zt_err rc;
    zt_buf_init(&salt, 64);
    ZT_TRY(make_salt(&salt));
    array = json_pack("[s, s, s]", zt_buf_text(&salt), name, value);
    rc = ZT_E_INPUT; // not UTF-8
    if (!array)
        goto out;
    zt_buf_put_u8(out, '~');
    size_t start = out->len;
    ZT_TRY(zt_jws_json_write(array, out));
    rc = zt_disclosure_digest(hash, (struct zt_bytes){out->data + start, out->len - start}, digest);
out:
    json_decref(array);
    zt_buf_fini(&salt);
    return rc;
}

static enum zt_err read_one(struct zt_bytes text, struct zt_arena *arena, struct zt_disclosure *out)
{
    json_t *array = NULL;
    enum zt_err rc = zt_jws_json_read(text, JSON_ARRAY, &array, NULL);
    if (rc != ZT_OK)
        return rc;
    const char *salt = json_string_value(json_array_get(array, 0));
    const char *name = json_string_value(json_array_get(array, 1));
    const char *value = json_string_value(json_array_get(array, 2));
    rc = ZT_E_INPUT;
    if (json_array_size(array) == 3 && salt && name && value && zt_claim_name_valid(name)) {
        *out = (struct zt_disclosure){text, zt_arena_strdup(arena, name), zt_arena_strdup(arena, value)};
        rc = out->name && out->value ? ZT_OK : ZT_E_NOMEM;
    }
    json_decref(array);
    return rc;
}

enum zt_err zt_disclosures_parse(struct zt_bytes text, struct zt_arena *arena,
                                 struct zt_disclosure list[static ZT_DISCLOSURE_MAX], size_t *count,
                                 struct zt_fault *fault)
{
    size_t found = 0;
    const uint8_t *at = text.data + 1, *end = text.data + text.len; // behind the first tilde
    while (at < end) {
        const uint8_t *tilde = memchr(at, '~', (size_t)(end - at)); // the last byte is one
        if (found == ZT_DISCLOSURE_MAX)
            return zt_fault_set(fault, ZT_E_LIMIT, "certificate.disclosure", "", "more than %d disclosures",
                                ZT_DISCLOSURE_MAX);
        enum zt_err rc = read_one((struct zt_bytes){at, (size_t)(tilde - at)}, arena, &list[found]);
        if (rc != ZT_OK)
            return zt_fault_set(fault, rc, "certificate.disclosure", "",
                                "disclosure %zu is not base64url of [salt, name, value]", found + 1);
        found++;
        at = tilde + 1;
    }
    *count = found;
    return ZT_OK;
}
