// SPDX-License-Identifier: Apache-2.0
#include "broker/intake/internal.h"

void zt_keyring_clear(struct zt_keyring *ring)
{
    for (size_t i = 0; i < ring->count; i++)
        zt_key_destroy(&ring->entries[i].key);
    ring->count = 0;
}

enum zt_err zt_keyring_get(struct zt_keyring *ring, const struct zt_party_key *of, struct zt_key **key)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->entries[i].of == of) {
            *key = ring->entries[i].key;
            return ZT_OK;
        }
    if (ring->count == ZT_KEYRING_MAX)
        zt_keyring_clear(ring);
    struct zt_key *parsed = NULL;
    enum zt_err rc = zt_key_from_spki(of->spki, &parsed);
    if (rc != ZT_OK)
        return rc;
    if (zt_key_alg(parsed) != of->alg) {
        zt_key_destroy(&parsed);
        return ZT_E_CRYPTO;
    }
    ring->entries[ring->count].of = of;
    ring->entries[ring->count++].key = parsed;
    *key = parsed;
    return ZT_OK;
}
