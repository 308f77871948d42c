// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/issuer_keys.h"

#include <stdlib.h>
#include <string.h>

struct zt_issuer_keys {
    size_t count;
    struct zt_issuer_key list[ZT_ISSUERS_MAX];
};

enum zt_err zt_issuer_keys_new(struct zt_issuer_keys **keys)
{
    struct zt_issuer_keys *self = calloc(1, sizeof *self);
    if (!self)
        return ZT_E_NOMEM;
    *keys = self;
    return ZT_OK;
}

void zt_issuer_keys_destroy(struct zt_issuer_keys **keys)
{
    if (!*keys)
        return;
    for (size_t i = 0; i < (*keys)->count; i++)
        zt_arena_fini(&(*keys)->list[i].arena);
    free(*keys);
    *keys = NULL;
}

struct zt_issuer_key *zt_issuer_keys_of(struct zt_issuer_keys *keys, const char *department,
                                        enum zt_sig_alg alg)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->list[i].alg == alg && strcmp(keys->list[i].department, department) == 0)
            return &keys->list[i];
    size_t len = strlen(department);
    if (keys->count == ZT_ISSUERS_MAX || len >= ZT_ISSUER_NAME_MAX)
        return NULL;
    struct zt_issuer_key *key = &keys->list[keys->count++];
    memcpy(key->department, department, len + 1);
    key->alg = alg;
    zt_arena_init(&key->arena, ZT_ISSUER_COST_MAX);
    return key;
}

struct zt_issuer_key *zt_issuer_keys_asked(struct zt_issuer_keys *keys, uint64_t ticket)
{
    for (size_t i = 0; i < keys->count; i++)
        if (ticket && keys->list[i].ticket == ticket)
            return &keys->list[i];
    return NULL;
}

static enum zt_err copy_chain(struct zt_issuer_key *key, const struct zt_sign_answer *answer)
{
    struct zt_bytes *chain = zt_arena_alloc(&key->arena, answer->chain_count * sizeof *chain);
    char *key_id = zt_arena_strdup(&key->arena, answer->key_id);
    if (!chain || !key_id)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < answer->chain_count; i++) {
        uint8_t *der = zt_arena_alloc(&key->arena, answer->chain[i].len);
        if (!der)
            return ZT_E_LIMIT;
        if (answer->chain[i].len)
            memcpy(der, answer->chain[i].data, answer->chain[i].len);
        chain[i] = (struct zt_bytes){der, answer->chain[i].len};
    }
    key->key = (struct zt_signing_key){key_id, key->alg, chain, answer->chain_count};
    return ZT_OK;
}

enum zt_err zt_issuer_key_learn(struct zt_issuer_key *key, const struct zt_sign_answer *answer)
{
    zt_issuer_key_forget(key);
    if (!answer->key_id || !answer->key_id[0] || answer->chain_count == 0 || answer->alg != key->alg)
        return ZT_E_INPUT;
    enum zt_err rc = copy_chain(key, answer);
    key->known = rc == ZT_OK;
    return rc;
}

void zt_issuer_key_forget(struct zt_issuer_key *key)
{
    key->known = false;
    key->ticket = 0;
    key->key = (struct zt_signing_key){.key_id = NULL};
    zt_arena_reset(&key->arena);
}
