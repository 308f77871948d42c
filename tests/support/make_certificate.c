// SPDX-License-Identifier: Apache-2.0
// zt-make-certificate KEYS DEPARTMENT USCC ES256|SM2: a certificate issued today with the keys of a key
// ceremony, to standard output. For tests that show it to other people's verifiers.
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id/id.h"
#include "certs/signerd/vault.h"
#include "certs/statement.h"
#include "tests/support/certificate.h"

static void must(enum zt_err rc, const struct zt_fault *fault)
{
    if (rc == ZT_OK)
        return;
    fprintf(stderr, "%s: %s %s %s\n", zt_err_name(rc), fault->rule, fault->place, fault->text);
    exit(1);
}

static void make(const struct zt_vault_key *key, const char *uscc)
{
    char today[ZT_DATE_LEN + 1], last[ZT_DATE_LEN + 1], id[ZT_LICENCE_MAX];
    struct zt_statement statement = zt_sample_statement();
    struct zt_fault fault = {.code = ZT_OK};
    struct zt_buf input, disclosures, compact;
    uint8_t sig[ZT_SIG_LEN];
    zt_date_of_ms(zt_now_ms(), today);
    must(zt_date_add_months(today, 1, last), &fault);
    must(zt_licence_make("111000000000131433001", uscc, "20261122000000000042", 1, id, &fault), &fault);
    statement.id = id;
    statement.issuer = key->issuer;
    statement.issuer_uscc = uscc;
    statement.issued_at = zt_now_ms();
    statement.valid_from = today;
    statement.valid_to = last;
    struct zt_signing_key described = {key->key_id, key->alg, (struct zt_bytes *)(uintptr_t)key->chain,
                                       key->chain_count};
    zt_buf_init(&input, ZT_STATEMENT_MAX);
    zt_buf_init(&disclosures, ZT_STATEMENT_MAX);
    zt_buf_init(&compact, ZT_STATEMENT_MAX);
    must(zt_statement_prepare(&statement, &described, &input, &disclosures, &fault), &fault);
    must(zt_sign(key->key, zt_buf_bytes(&input), sig), &fault);
    must(zt_statement_finish(zt_buf_bytes(&input), sig, zt_buf_bytes(&disclosures), &compact), &fault);
    printf("%s\n", zt_buf_text(&compact));
    zt_buf_fini(&input);
    zt_buf_fini(&disclosures);
    zt_buf_fini(&compact);
}

int main(int argc, char **argv)
{
    struct zt_vault vault;
    struct zt_fault fault = {.code = ZT_OK};
    enum zt_sig_alg alg = ZT_ES256;
    if (argc != 5 || zt_sig_alg_parse(argv[4], &alg) != ZT_OK) {
        fprintf(stderr, "usage: zt-make-certificate KEYS DEPARTMENT USCC ES256|SM2\n");
        return 2;
    }
    must(zt_vault_open(argv[1], &vault, &fault), &fault);
    const struct zt_vault_key *key = zt_vault_find(&vault, argv[2], alg);
    if (!key) {
        fprintf(stderr, "no such key\n");
        return 1;
    }
    make(key, argv[3]);
    zt_vault_close(&vault);
    return 0;
}
