// SPDX-License-Identifier: Apache-2.0
#include "certs/note.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define ED25519_TYPE 0x01
#define KEY_ID_LEN   4
#define DASH         "\xe2\x80\x94 " // U+2014 and a blank
#define NAME_MAX_LEN 255
#define LINES_MAX    100 // signature lines, as golang.org/x/mod/sumdb/note

// "blanks" of Unicode beyond ASCII are not looked for: such a name only fails to match ours.
static bool is_name(struct zt_bytes name)
{
    if (name.len == 0 || name.len > NAME_MAX_LEN || !zt_utf8_valid(name))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] <= ' ' || name.data[i] == 0x7f || name.data[i] == '+')
            return false;
    return true;
}

// A text that may be signed: UTF-8, ends with a newline, no other control character.
static bool is_body(struct zt_bytes body)
{
    if (body.len == 0 || body.data[body.len - 1] != '\n' || !zt_utf8_valid(body))
        return false;
    for (size_t i = 0; i < body.len; i++)
        if (body.data[i] < ' ' && body.data[i] != '\n')
            return false;
    return true;
}

static enum zt_err key_id_of(struct zt_bytes name, const uint8_t public_key[ZT_ED25519_LEN],
                             uint8_t id[KEY_ID_LEN])
{
    static const uint8_t between[] = {'\n', ED25519_TYPE};
    const struct zt_bytes parts[] = {name, {between, sizeof between}, {public_key, ZT_ED25519_LEN}};
    uint8_t hash[ZT_HASH_LEN];
    enum zt_err rc = zt_hash_parts(ZT_SHA256, parts, 3, hash);
    if (rc == ZT_OK)
        memcpy(id, hash, KEY_ID_LEN);
    return rc;
}

enum zt_err zt_note_vkey(const struct zt_key *key, const char *name, struct zt_buf *vkey)
{
    uint8_t typed[1 + ZT_ED25519_LEN] = {ED25519_TYPE}, id[KEY_ID_LEN];
    char hex[2 * KEY_ID_LEN + 1];
    if (!is_name(zt_bytes_str(name)))
        return ZT_E_INPUT;
    enum zt_err rc = zt_key_ed25519_public(key, typed + 1);
    if (rc == ZT_OK)
        rc = key_id_of(zt_bytes_str(name), typed + 1, id);
    if (rc != ZT_OK)
        return rc;
    zt_hex_encode((struct zt_bytes){id, sizeof id}, hex);
    zt_buf_printf(vkey, "%s+%s+", name, hex);
    zt_base64_encode((struct zt_bytes){typed, sizeof typed}, vkey);
    return vkey->err;
}

enum zt_err zt_note_sign(struct zt_key *key, const char *name, struct zt_bytes body, struct zt_buf *note)
{
    uint8_t public_key[ZT_ED25519_LEN], line[KEY_ID_LEN + ZT_SIG_LEN];
    enum zt_err rc;
    if (!is_name(zt_bytes_str(name)) || !is_body(body))
        return ZT_E_INPUT;
    ZT_TRY(zt_key_ed25519_public(key, public_key));
    ZT_TRY(key_id_of(zt_bytes_str(name), public_key, line));
    ZT_TRY(zt_sign(key, body, line + KEY_ID_LEN));
    zt_buf_put(note, body.data, body.len);
    zt_buf_printf(note, "\n" DASH "%s ", name);
    zt_base64_encode((struct zt_bytes){line, sizeof line}, note);
    zt_buf_put_u8(note, '\n');
    rc = note->err;
out:
    return rc;
}

struct verifier {
    struct zt_bytes name;
    uint8_t id[KEY_ID_LEN];
    struct zt_key *key;
};

// Cuts `text` at the first `mark`; false when there is none.
static bool cut(struct zt_bytes text, char mark, struct zt_bytes *before, struct zt_bytes *after)
{
    const uint8_t *at = text.len ? memchr(text.data, mark, text.len) : NULL;
    if (!at)
        return false;
    size_t len = (size_t)(at - text.data);
    *before = (struct zt_bytes){text.data, len};
    *after = (struct zt_bytes){at + 1, text.len - len - 1};
    return true;
}

static enum zt_err parse_vkey(const char *vkey, struct verifier *verifier, struct zt_fault *fault)
{
    struct zt_bytes name, rest, hex, base64;
    struct zt_buf raw;
    uint8_t id[KEY_ID_LEN];
    char text[2 * KEY_ID_LEN + 1] = {0};
    enum zt_err rc = ZT_E_INPUT;
    zt_buf_init(&raw, 1 + ZT_ED25519_LEN);
    if (!cut(zt_bytes_str(vkey), '+', &name, &rest) || !cut(rest, '+', &hex, &base64) || !is_name(name) ||
        hex.len != 2 * KEY_ID_LEN)
        goto out;
    memcpy(text, hex.data, hex.len);
    ZT_TRY(zt_hex_decode(text, verifier->id, KEY_ID_LEN));
    ZT_TRY(zt_base64_decode(base64, &raw));
    rc = ZT_E_INPUT;
    if (raw.len != 1 + ZT_ED25519_LEN || raw.data[0] != ED25519_TYPE)
        goto out;
    ZT_TRY(key_id_of(name, raw.data + 1, id));
    rc = memcmp(id, verifier->id, KEY_ID_LEN) == 0 ? ZT_OK : ZT_E_INPUT;
    if (rc == ZT_OK)
        rc = zt_key_from_ed25519(raw.data + 1, &verifier->key);
    verifier->name = name;
out:
    zt_buf_fini(&raw);
    if (rc != ZT_OK)
        zt_fault_set(fault, rc, "note.key", "",
                     "the verifier key is not of the form name+hash+base64 or its "
                     "hash does not fit");
    return rc;
}

// One line without its newline: *holds is set when it is the verifier's and true.
static enum zt_err check_line(struct zt_bytes line, struct zt_bytes body, const struct verifier *verifier,
                              bool *holds, struct zt_fault *fault)
{
    const size_t dash = sizeof DASH - 1;
    struct zt_bytes name, base64;
    struct zt_buf raw;
    enum zt_err rc = ZT_E_INPUT;
    zt_buf_init(&raw, ZT_NOTE_MAX);
    if (line.len <= dash || memcmp(line.data, DASH, dash) != 0 ||
        !cut((struct zt_bytes){line.data + dash, line.len - dash}, ' ', &name, &base64) || !is_name(name) ||
        zt_base64_decode(base64, &raw) != ZT_OK || raw.len <= KEY_ID_LEN) {
        rc = zt_fault_set(fault, ZT_E_INPUT, "note.form", "", "a signature line is malformed");
    } else if (!zt_bytes_equal(name, verifier->name) || memcmp(raw.data, verifier->id, KEY_ID_LEN) != 0) {
        rc = ZT_OK; // somebody else's
    } else {
        struct zt_bytes sig = {raw.data + KEY_ID_LEN, raw.len - KEY_ID_LEN};
        rc = zt_verify(verifier->key, body, sig);
        *holds = rc == ZT_OK;
        if (rc != ZT_OK)
            zt_fault_set(fault, rc, "note.signature", "", "the signature does not hold for this text");
    }
    zt_buf_fini(&raw);
    return rc;
}

static enum zt_err check_lines(struct zt_bytes lines, struct zt_bytes body, const struct verifier *verifier,
                               struct zt_fault *fault)
{
    bool holds = false;
    struct zt_bytes line;
    for (size_t count = 0; cut(lines, '\n', &line, &lines); count++) {
        if (count == LINES_MAX)
            return zt_fault_set(fault, ZT_E_LIMIT, "note.form", "", "more than %d signatures", LINES_MAX);
        enum zt_err rc = check_line(line, body, verifier, &holds, fault);
        if (rc != ZT_OK)
            return rc;
    }
    return holds ? ZT_OK
                 : zt_fault_set(fault, ZT_E_CRYPTO, "note.unsigned", "", "no signature is by the given key");
}

// The text ends before the last blank line.
static bool split_note(struct zt_bytes note, struct zt_bytes *body, struct zt_bytes *lines)
{
    if (note.len < 3 || note.data[note.len - 1] != '\n' || !zt_utf8_valid(note))
        return false;
    for (size_t i = note.len - 2; i > 0; i--) {
        if (note.data[i] == '\n' && note.data[i - 1] == '\n') {
            *body = (struct zt_bytes){note.data, i};
            *lines = (struct zt_bytes){note.data + i + 1, note.len - i - 1};
            return is_body(*body) && lines->len > 0;
        }
    }
    return false;
}

enum zt_err zt_note_verify(struct zt_bytes note, const char *vkey, struct zt_bytes *body,
                           struct zt_fault *fault)
{
    struct zt_bytes text, lines;
    struct verifier verifier = {.key = NULL};
    if (note.len > ZT_NOTE_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "note.size", "", "longer than %d bytes", ZT_NOTE_MAX);
    if (!split_note(note, &text, &lines))
        return zt_fault_set(fault, ZT_E_INPUT, "note.form", "",
                            "not a text, a blank line and signature lines in UTF-8");
    enum zt_err rc = parse_vkey(vkey, &verifier, fault);
    if (rc == ZT_OK)
        rc = check_lines(lines, text, &verifier, fault);
    zt_key_destroy(&verifier.key);
    if (rc == ZT_OK)
        *body = text;
    return rc;
}
