// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/vault.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "certs/signerd/config.h"

static const struct {
    enum zt_sig_alg alg;
    const char *stem;
} kinds[] = {{ZT_ES256, "es256"}, {ZT_SM2, "sm2"}};

static enum zt_err join(char path[static PATH_MAX], const char *dir, const char *name, const char *end,
                        struct zt_fault *fault)
{
    int len = snprintf(path, PATH_MAX, "%s/%s%s", dir, name, end);
    if (len < 0 || len >= PATH_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "signer.folder", dir, "the path is too long");
    return ZT_OK;
}

static enum zt_err name_key(struct zt_vault_key *key, const char *stem, struct zt_fault *fault)
{
    struct zt_buf spki;
    uint8_t hash[ZT_HASH_LEN];
    char hex[2 * ZT_HASH_LEN + 1];
    enum zt_err rc;
    zt_buf_init(&spki, 1024);
    ZT_TRY(zt_key_to_spki(key->key, &spki));
    ZT_TRY(zt_hash_of(ZT_SHA256, zt_buf_bytes(&spki), hash));
    zt_hex_encode((struct zt_bytes){hash, sizeof hash}, hex);
    int len = snprintf(key->key_id, sizeof key->key_id, "%s-%s-%.8s", key->issuer, stem, hex);
    if (len < 0 || (size_t)len >= sizeof key->key_id)
        rc = zt_fault_set(fault, ZT_E_CONFIG, "signer.department", key->issuer,
                          "the name of the department is too long for a key id");
out:
    zt_buf_fini(&spki);
    return rc;
}

static enum zt_err load_key(const char *dir, size_t kind, struct zt_vault_key *key, struct zt_fault *fault)
{
    char key_path[PATH_MAX], chain_path[PATH_MAX];
    enum zt_err rc;
    ZT_TRY(join(key_path, dir, kinds[kind].stem, ".key", fault));
    ZT_TRY(join(chain_path, dir, kinds[kind].stem, ".chain.pem", fault));
    ZT_TRY(zt_key_load_private(key_path, &key->key, fault));
    key->alg = kinds[kind].alg;
    if (zt_key_alg(key->key) != key->alg)
        ZT_TRY(zt_fault_set(fault, ZT_E_CONFIG, "key.form", key_path, "not a key for %s",
                            zt_sig_alg_name(key->alg)));
    ZT_TRY(zt_vault_chain_load(chain_path, key, fault));
    ZT_TRY(name_key(key, kinds[kind].stem, fault));
out:
    return rc;
}

static bool is_department(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= ZT_WORD_LEN && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

// Both kinds of one department, as far as they are there.
static enum zt_err load_department(const char *issuers, const char *name, struct zt_vault *vault,
                                   struct zt_fault *fault)
{
    char dir[PATH_MAX], path[PATH_MAX];
    size_t before = vault->count;
    enum zt_err rc;
    if (!is_department(name))
        return zt_fault_set(fault, ZT_E_CONFIG, "signer.department", issuers,
                            "a folder here has a name that no department can have");
    ZT_TRY(join(dir, issuers, name, "", fault));
    ZT_TRY(zt_signer_folder_check(dir, "signer.folder", fault));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        ZT_TRY(join(path, dir, kinds[i].stem, ".key", fault));
        if (access(path, F_OK) != 0 && errno == ENOENT)
            continue;
        if (vault->count == ZT_VAULT_MAX)
            return zt_fault_set(fault, ZT_E_LIMIT, "signer.keys", issuers, "more than %d keys", ZT_VAULT_MAX);
        struct zt_vault_key *key = &vault->keys[vault->count++];
        memcpy(key->issuer, name, strlen(name) + 1);
        ZT_TRY(load_key(dir, i, key, fault));
    }
    if (vault->count == before)
        rc = zt_fault_set(fault, ZT_E_CONFIG, "signer.department", dir, "neither es256.key nor sm2.key");
out:
    return rc;
}

static enum zt_err load_issuers(const char *issuers, struct zt_vault *vault, struct zt_fault *fault)
{
    enum zt_err rc = zt_signer_folder_check(issuers, "signer.folder", fault);
    if (rc != ZT_OK)
        return rc;
    DIR *folder = opendir(issuers);
    if (!folder)
        return zt_fault_errno(fault, "signer.folder", issuers, "cannot open");
    for (struct dirent *entry = readdir(folder); rc == ZT_OK && entry; entry = readdir(folder))
        if (entry->d_name[0] != '.')
            rc = load_department(issuers, entry->d_name, vault, fault);
    closedir(folder);
    if (rc == ZT_OK && vault->count == 0)
        rc = zt_fault_set(fault, ZT_E_CONFIG, "signer.keys", issuers, "no department has a key");
    return rc;
}

enum zt_err zt_vault_open(const char *dir, struct zt_vault *vault, struct zt_fault *fault)
{
    char path[PATH_MAX];
    struct zt_vault made = {.keys = calloc(ZT_VAULT_MAX, sizeof *made.keys)};
    enum zt_err rc = made.keys ? ZT_OK : ZT_E_NOMEM;
    if (rc != ZT_OK)
        return rc;
    ZT_TRY(zt_signer_folder_check(dir, "signer.folder", fault));
    ZT_TRY(join(path, dir, "issuers", "", fault));
    ZT_TRY(load_issuers(path, &made, fault));
    ZT_TRY(join(path, dir, "ledger", "/ed25519.key", fault));
    ZT_TRY(zt_key_load_private(path, &made.ledger, fault));
    if (zt_key_alg(made.ledger) != ZT_ED25519)
        ZT_TRY(zt_fault_set(fault, ZT_E_CONFIG, "key.form", path, "not an Ed25519 key"));
    *vault = made;
    made = (struct zt_vault){.keys = NULL};
out:
    zt_vault_close(&made);
    return rc;
}

void zt_vault_close(struct zt_vault *vault)
{
    for (size_t i = 0; i < vault->count; i++) {
        zt_key_destroy(&vault->keys[i].key);
        zt_vault_chain_free(&vault->keys[i]);
    }
    free(vault->keys);
    zt_key_destroy(&vault->ledger);
    *vault = (struct zt_vault){.keys = NULL};
}

const struct zt_vault_key *zt_vault_find(const struct zt_vault *vault, const char *issuer,
                                         enum zt_sig_alg alg)
{
    for (size_t i = 0; i < vault->count; i++)
        if (vault->keys[i].alg == alg && strcmp(vault->keys[i].issuer, issuer) == 0)
            return &vault->keys[i];
    return NULL;
}
