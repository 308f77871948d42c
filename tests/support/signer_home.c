// SPDX-License-Identifier: Apache-2.0
#include "tests/support/signer_home.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "signer home: %s\n", what);
    abort();
}

void zt_pki_write_chain(const struct zt_pki *pki, const char *path)
{
    FILE *file = fopen(path, "w");
    must(file != NULL, path);
    for (size_t i = 0; i < 2; i++) {
        const unsigned char *at = pki->chain[i].data;
        X509 *cert = d2i_X509(NULL, &at, (long)pki->chain[i].len);
        must(cert && PEM_write_X509(file, cert) == 1, path);
        X509_free(cert);
    }
    fclose(file);
}

static void write_config(const struct zt_signer_home *home)
{
    FILE *file = fopen(home->config, "w");
    must(file != NULL, home->config);
    fprintf(file, "keys: keys\nstate: state\nsocket: %s\norigin: " ZT_HOME_ORIGIN "\n", home->endpoint);
    fclose(file);
}

void zt_signer_home_make(struct zt_signer_home *home)
{
    const char *parent = getenv("TMPDIR");
    char path[PATH_MAX];
    *home = (struct zt_signer_home){.ledger = NULL};
    snprintf(home->dir, sizeof home->dir, "%s/zt-test.XXXXXX", parent && *parent ? parent : "/tmp");
    must(mkdtemp(home->dir) != NULL, "folder");
    snprintf(home->config, sizeof home->config, "%s/signer.yaml", home->dir);
    snprintf(home->keys, sizeof home->keys, "%s/keys", home->dir);
    snprintf(home->state, sizeof home->state, "%s/state", home->dir);
    snprintf(home->department, sizeof home->department, "%s/keys/issuers/" ZT_HOME_DEPARTMENT, home->dir);
    snprintf(home->socket, sizeof home->socket, "%s/s.sock", home->dir);
    snprintf(home->endpoint, sizeof home->endpoint, "ipc://%s/s.sock", home->dir);
    must(zt_dir_make(home->department, 0700, NULL) == ZT_OK, "department");
    static const char *const stems[] = {"es256", "sm2"};
    for (size_t i = 0; i < 2; i++) {
        zt_pki_make(&(struct zt_pki_wish){.alg = i ? ZT_SM2 : ZT_ES256}, &home->pki[i]);
        must(snprintf(path, sizeof path, "%s/keys/issuers/" ZT_HOME_DEPARTMENT "/%s.key", home->dir,
                      stems[i]) < (int)sizeof path,
             "path");
        must(zt_key_save_private(home->pki[i].leaf, path, NULL) == ZT_OK, path);
        must(snprintf(path, sizeof path, "%s/keys/issuers/" ZT_HOME_DEPARTMENT "/%s.chain.pem", home->dir,
                      stems[i]) < (int)sizeof path,
             "path");
        zt_pki_write_chain(&home->pki[i], path);
    }
    snprintf(path, sizeof path, "%s/keys/ledger", home->dir);
    must(zt_dir_make(path, 0700, NULL) == ZT_OK, path);
    snprintf(path, sizeof path, "%s/keys/ledger/ed25519.key", home->dir);
    must(zt_key_new(ZT_ED25519, &home->ledger) == ZT_OK, "ledger key");
    must(zt_key_save_private(home->ledger, path, NULL) == ZT_OK, path);
    write_config(home);
}

void zt_signer_home_remove(struct zt_signer_home *home)
{
    char command[PATH_MAX + 32];
    snprintf(command, sizeof command, "rm -rf -- '%s'", home->dir);
    must(system(command) == 0, "remove");
    zt_pki_free(&home->pki[0]);
    zt_pki_free(&home->pki[1]);
    zt_key_destroy(&home->ledger);
}
