// SPDX-License-Identifier: Apache-2.0
// The public keys of a party: keys/<party>.pub (CURVE, a Z85 line) and keys/<key id>.pem (signing).
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "catalogue/build.h"

#define SPKI_MAX ((size_t)1024) // a P-256 or SM2 key takes 91 bytes

static bool key_path(struct zt_build *b, char *out, size_t size, const char *name, const char *end)
{
    if ((size_t)snprintf(out, size, "%s/keys/%s%s", b->parties_dir, name, end) < size)
        return true;
    b->err = ZT_E_LIMIT;
    return false;
}

static void link_curve(struct zt_build *b, const struct zt_place *at, struct zt_party *party)
{
    char path[4096];
    struct zt_place key = zt_place_in(at, "id");
    if (!key_path(b, path, sizeof path, party->id, ".pub"))
        return;
    if (access(path, F_OK) != 0) {
        if (!party->revoked && party->roles != ZT_ROLE_IDENTITY)
            zt_report(b, &key, "catalogue.party-key", "'%s' has no key: put its CURVE public key into %s",
                      party->id, path);
        return;
    }
    char text[ZT_CURVE_TEXT_LEN + 1];
    struct zt_fault why = {0};
    if (zt_curve_public_load(path, text, &why) != ZT_OK || zt_curve_key_bytes(text, party->curve) != ZT_OK) {
        zt_report(b, &key, "catalogue.party-key", "%s holds no CURVE public key: %s", path, why.text);
        return;
    }
    party->has_curve = true;
    const struct zt_party *other =
        zt_index_put(&b->c->party_by_curve, (struct zt_bytes){party->curve, sizeof party->curve}, party);
    if (other)
        zt_report(b, &key, "catalogue.duplicate-curve-key", "'%s' has the same CURVE key as '%s'", party->id,
                  other->id);
}

static void link_signing_key(struct zt_build *b, const struct zt_place *at, const char *id,
                             struct zt_party_key *out)
{
    char path[4096];
    struct zt_fault why = {0};
    struct zt_key *key = NULL;
    struct zt_buf der;
    zt_buf_init(&der, SPKI_MAX);
    out->key_id = zt_keep(b, id);
    if (!key_path(b, path, sizeof path, id, ".pem"))
        goto out;
    if (zt_key_load_public(path, &key, &why) != ZT_OK || zt_key_to_spki(key, &der) != ZT_OK) {
        zt_report(b, at, "catalogue.signing-key", "cannot read the signing key %s: %s", path, why.text);
        goto out;
    }
    uint8_t *kept = zt_room(b, der.len, 1);
    if (!kept)
        goto out;
    memcpy(kept, der.data, der.len);
    out->alg = zt_key_alg(key);
    out->spki = (struct zt_bytes){kept, der.len};
out:
    zt_key_destroy(&key);
    zt_buf_fini(&der);
}

void zt_link_party_keys(struct zt_build *b, const struct zt_place *at, const struct zt_raw_party *raw,
                        struct zt_party *party)
{
    link_curve(b, at, party);
    struct zt_place list = zt_place_in(at, "signing_keys");
    bool signs = party->roles & (ZT_ROLE_PRODUCER | ZT_ROLE_IDENTITY);
    if (signs && !party->revoked && !raw->signing_key_count)
        zt_report(b, &list, "catalogue.signing-key", "a producer or identity provider has a signing key");
    struct zt_party_key *keys = zt_room(b, raw->signing_key_count, sizeof *keys);
    if (!keys)
        return;
    for (unsigned i = 0; i < raw->signing_key_count; i++) {
        struct zt_place key = zt_place_in(at, "signing_keys[%u]", i);
        if (!zt_check_name(b, at, key.node + strlen(at->node) + 1, raw->signing_keys[i]))
            continue;
        struct zt_party_key *kept = &keys[party->key_count++];
        link_signing_key(b, &key, raw->signing_keys[i], kept);
        const struct zt_party *other =
            zt_index_put(&b->c->party_by_signing_key, zt_bytes_str(kept->key_id), party);
        if (other)
            zt_report(b, &key, "catalogue.duplicate-signing-key", "key '%s' is already that of '%s'",
                      kept->key_id, other->id);
    }
    party->keys = keys;
}
