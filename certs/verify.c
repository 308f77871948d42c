// SPDX-License-Identifier: Apache-2.0
#include "certs/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/id/id.h"
#include "base/text.h"
#include "certs/claims.h"
#include "certs/jws.h"
#include "certs/x509.h"

enum step { FORM, ALGORITHM, CHAIN, ISSUER, SIGNATURE, DISCLOSURES, IDENTIFIER, VALIDITY };

static const struct {
    const char *name, *name_zh;
} step_names[ZT_CHECK_STEPS] = {
    [FORM] = {"form", "格式"},
    [ALGORITHM] = {"algorithm", "算法"},
    [CHAIN] = {"chain", "证书链"},
    [ISSUER] = {"issuer", "签发机构"},
    [SIGNATURE] = {"signature", "签名"},
    [DISCLOSURES] = {"disclosures", "披露项"},
    [IDENTIFIER] = {"identifier", "证照标识"},
    [VALIDITY] = {"validity", "有效期"},
};

struct check {
    struct zt_arena *arena;
    const struct zt_trust *trust;
    int64_t now_ms;
    struct zt_jws jws;
    struct zt_disclosure disclosures[ZT_DISCLOSURE_MAX];
    size_t disclosure_count;
    struct zt_leaf leaf;
    struct zt_verified *out;
    enum zt_err rc; // not ZT_OK: the checking itself failed
};

// Texts of a certificate reach people's terminals here before anything about it is believed.
static void make_printable(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && !zt_utf8_valid((struct zt_bytes){(uint8_t *)text, len}))
        text[--len] = 0; // a character that was cut at the end
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

static void report(struct check *check, enum step step, bool good, const char *fmt, ...) ZT_PRINTF(4, 5);
static void report(struct check *check, enum step step, bool good, const char *fmt, ...)
{
    struct zt_check_step *entry = &check->out->steps[step];
    va_list args;
    va_start(args, fmt);
    vsnprintf(entry->text, sizeof entry->text, fmt, args);
    va_end(args);
    make_printable(entry->text);
    entry->result = good ? ZT_CHECK_PASS : ZT_CHECK_FAIL;
}

// Too little memory is no verdict on the certificate.
static enum zt_err note(struct check *check, enum zt_err rc)
{
    if (rc == ZT_E_NOMEM || rc == ZT_E_BUG)
        check->rc = rc;
    return rc;
}

static bool check_form(struct check *check, struct zt_bytes compact)
{
    struct zt_fault fault = {.code = ZT_OK};
    enum zt_err rc = zt_jws_open(compact, check->arena, &check->jws, &fault);
    if (rc == ZT_OK)
        rc = zt_statement_read(check->jws.payload, check->arena, &check->out->statement, &fault);
    if (rc == ZT_OK)
        rc = zt_disclosures_parse(check->jws.disclosures, check->arena, check->disclosures,
                                  &check->disclosure_count, &fault);
    report(check, FORM, rc == ZT_OK, "%s%s%s", rc == ZT_OK ? "well formed" : fault.text,
           *fault.place ? ": " : "", fault.place);
    if (rc != ZT_OK)
        check->out->statement = (struct zt_statement){.id = ""};
    if (note(check, rc) != ZT_OK)
        return false;
    check->out->alg = check->jws.alg;
    check->out->key_id = check->jws.kid;
    return true;
}

// The key decides which algorithm is used; the token may only agree with it.
static bool check_algorithm(struct check *check)
{
    const struct zt_jws *jws = &check->jws;
    if (!jws->alg_known || jws->alg == ZT_ED25519) {
        report(check, ALGORITHM, false, "alg is neither ES256 nor SM2");
        return false;
    }
    if (note(check, zt_leaf_open(jws->chain[0], &check->leaf)) != ZT_OK) {
        report(check, ALGORITHM, false, "the leaf certificate or its key cannot be read");
        return false;
    }
    const char *hash = json_string_value(json_object_get(jws->payload, "_sd_alg"));
    bool fits = zt_key_alg(check->leaf.key) == jws->alg;
    bool hash_fits = hash && strcmp(hash, zt_disclosure_hash_name(jws->alg)) == 0;
    report(check, ALGORITHM, fits && hash_fits, "%s%s", zt_sig_alg_name(jws->alg),
           !fits       ? " is not the algorithm of the leaf's key"
           : hash_fits ? ""
                       : " does not go with this _sd_alg");
    return fits && hash_fits;
}

static void check_chain(struct check *check)
{
    struct zt_fault fault;
    enum zt_err rc = zt_chain_check(check->trust, check->jws.chain, check->jws.chain_count, check->jws.alg,
                                    check->now_ms, &fault);
    report(check, CHAIN, rc == ZT_OK, "%s", rc == ZT_OK ? "leads to a trusted root" : fault.text);
}

static void check_issuer(struct check *check)
{
    const char *stated = check->out->statement.issuer_uscc;
    bool same = *stated && strcmp(stated, check->leaf.uscc) == 0;
    report(check, ISSUER, same, "%s%s%s", stated,
           same ? "" : " is not the organisation of the certificate: ", same ? "" : check->leaf.uscc);
}

static void check_signature(struct check *check)
{
    const struct zt_bytes sig = {check->jws.sig, ZT_SIG_LEN};
    bool holds = zt_verify(check->leaf.key, check->jws.signing_input, sig) == ZT_OK;
    report(check, SIGNATURE, holds, "%s",
           holds ? "holds for header and payload"
                 : "does not hold: the text was changed, or another key signed");
}

// How often the digest stands in "_sd".
static size_t count_digest(const json_t *digests, const char *digest)
{
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(digests); i++)
        found += strcmp(json_string_value(json_array_get(digests, i)), digest) == 0;
    return found;
}

static bool digests_are_distinct(const json_t *digests)
{
    for (size_t i = 0; i < json_array_size(digests); i++)
        if (count_digest(digests, json_string_value(json_array_get(digests, i))) != 1)
            return false;
    return true;
}

static const char *join_disclosure(struct check *check, size_t i, const json_t *digests)
{
    char digest[ZT_DIGEST_TEXT_LEN + 1];
    const struct zt_disclosure *disclosure = &check->disclosures[i];
    if (zt_disclosure_digest(zt_disclosure_hash(check->jws.alg), disclosure->text, digest) != ZT_OK)
        return "cannot be hashed";
    if (count_digest(digests, digest) != 1)
        return "matches no digest of the statement: it was changed";
    for (size_t k = 0; k < i; k++)
        if (strcmp(check->disclosures[k].name, disclosure->name) == 0)
            return "is there twice";
    if (note(check, zt_statement_join(&check->out->statement, check->jws.payload, disclosure,
                                      check->arena)) != ZT_OK)
        return "has the name of another member";
    return NULL;
}

static void check_disclosures(struct check *check)
{
    const json_t *digests = json_object_get(check->jws.payload, "_sd");
    if (!digests_are_distinct(digests)) {
        report(check, DISCLOSURES, false, "a digest of the statement is there twice");
        return;
    }
    for (size_t i = 0; i < check->disclosure_count; i++) {
        const char *wrong = join_disclosure(check, i, digests);
        if (wrong) {
            report(check, DISCLOSURES, false, "disclosure %zu %s", i + 1, wrong);
            return;
        }
    }
    check->out->undisclosed = json_array_size(digests) - check->disclosure_count;
    report(check, DISCLOSURES, true, "%zu shown, %zu withheld", check->disclosure_count,
           check->out->undisclosed);
}

static void check_identifier(struct check *check)
{
    char today[ZT_DATE_LEN + 1];
    struct zt_fault fault = {.code = ZT_OK};
    zt_date_of_ms(check->now_ms, today);
    enum zt_err rc = zt_id_check(ZT_ID_LICENCE, check->out->statement.id, today, &fault);
    report(check, IDENTIFIER, rc == ZT_OK, "%s", rc == ZT_OK ? check->out->statement.id : fault.text);
}

static void check_validity(struct check *check)
{
    const json_t *nbf = json_object_get(check->jws.payload, "nbf");
    const json_t *exp = json_object_get(check->jws.payload, "exp");
    const struct zt_statement *statement = &check->out->statement;
    // Rounded down, also before 1970, so that a moment of the second before exp is before exp.
    int64_t now = check->now_ms / 1000 - (check->now_ms % 1000 < 0);
    bool begun = now >= json_integer_value(nbf), over = exp && now >= json_integer_value(exp);
    report(check, VALIDITY, begun && !over, "%s%s%s%s", statement->valid_from,
           *statement->valid_to ? " - " : "", statement->valid_to,
           !begun ? ": not yet valid"
           : over ? ": expired"
                  : "");
}

static void run(struct check *check, struct zt_bytes compact)
{
    if (!check_form(check, compact))
        return;
    if (check_algorithm(check)) {
        check_chain(check);
        check_issuer(check);
        check_signature(check);
        check_disclosures(check);
    }
    check_identifier(check);
    check_validity(check);
}

enum zt_err zt_certificate_verify(struct zt_bytes compact, const struct zt_trust *trust, int64_t now_ms,
                                  struct zt_arena *arena, struct zt_verified *out)
{
    struct check check = {.arena = arena, .trust = trust, .now_ms = now_ms, .out = out};
    *out = (struct zt_verified){.key_id = ""};
    for (size_t i = 0; i < ZT_CHECK_STEPS; i++) {
        out->steps[i].name = step_names[i].name;
        out->steps[i].name_zh = step_names[i].name_zh;
    }
    run(&check, compact);
    zt_leaf_close(&check.leaf);
    zt_jws_close(&check.jws);
    out->valid = true;
    for (size_t i = 0; i < ZT_CHECK_STEPS; i++)
        out->valid = out->valid && out->steps[i].result == ZT_CHECK_PASS;
    return check.rc;
}
