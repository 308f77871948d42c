// SPDX-License-Identifier: Apache-2.0
#include "certs/statement.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/id/id.h"
#include "base/text.h"
#include "certs/claims.h"
#include "certs/jws.h"

#define SOURCES_MAX  64
#define KEY_ID_MAX   64
#define CHAIN_MAX    ZT_JWS_CHAIN_MAX
#define HEADER_MAX   ((size_t)24 * 1024)
#define SECONDS(ms)  ((ms) / 1000)
#define TEXT(value)  ((value) ? (value) : "")
#define RULE_CLAIMS  "statement.claims"
#define RULE_MEMBERS "statement.members"

static enum zt_err check_claims(const struct zt_statement *statement, struct zt_fault *fault)
{
    if (statement->claim_count > ZT_STATEMENT_CLAIMS)
        return zt_fault_set(fault, ZT_E_LIMIT, RULE_CLAIMS, "", "%zu claims, at most %d are allowed",
                            statement->claim_count, ZT_STATEMENT_CLAIMS);
    for (size_t i = 0; i < statement->claim_count; i++) {
        const struct zt_statement_claim *claim = &statement->claims[i];
        if (!claim->name || !zt_claim_name_valid(claim->name) || zt_claim_reserved(claim->name))
            return zt_fault_set(fault, ZT_E_INPUT, RULE_CLAIMS, TEXT(claim->name),
                                "not a name a claim may have");
        if (!claim->value || !claim->name_zh)
            return zt_fault_set(fault, ZT_E_INPUT, RULE_CLAIMS, claim->name, "no value or no label");
        for (size_t k = 0; k < i; k++)
            if (strcmp(statement->claims[k].name, claim->name) == 0)
                return zt_fault_set(fault, ZT_E_INPUT, RULE_CLAIMS, claim->name, "given twice");
    }
    return ZT_OK;
}

static enum zt_err check_validity(const struct zt_statement *statement, struct zt_fault *fault)
{
    const char *from = TEXT(statement->valid_from), *to = TEXT(statement->valid_to);
    if (!zt_date_valid(from) || (*to && (!zt_date_valid(to) || strcmp(from, to) > 0)))
        return zt_fault_set(fault, ZT_E_INPUT, "statement.validity", "",
                            "valid_from and valid_to must be days YYYY-MM-DD in this order");
    return ZT_OK;
}

static enum zt_err check_identity(const struct zt_statement *statement, struct zt_fault *fault)
{
    char today[ZT_DATE_LEN + 1];
    zt_date_of_ms(statement->issued_at, today);
    enum zt_err rc = zt_id_check(ZT_ID_LICENCE, TEXT(statement->id), today, fault);
    return rc == ZT_OK ? zt_id_check(ZT_ID_USCC, TEXT(statement->issuer_uscc), today, fault) : rc;
}

static enum zt_err check_statement(const struct zt_statement *statement, const struct zt_signing_key *key,
                                   struct zt_fault *fault)
{
    if (key->alg != ZT_ES256 && key->alg != ZT_SM2)
        return zt_fault_set(fault, ZT_E_INPUT, "statement.algorithm", "", "must be ES256 or SM2");
    if (!key->key_id || !*key->key_id || strlen(key->key_id) > KEY_ID_MAX || key->chain_count == 0 ||
        key->chain_count > CHAIN_MAX)
        return zt_fault_set(fault, ZT_E_INPUT, "statement.key", "", "no key id, or not 1 to %d certificates",
                            CHAIN_MAX);
    if (!zt_claim_name_valid(TEXT(statement->type)))
        return zt_fault_set(fault, ZT_E_INPUT, "statement.type", "", "no certificate type");
    if (statement->source_count == 0 || statement->source_count > SOURCES_MAX)
        return zt_fault_set(fault, ZT_E_INPUT, "statement.sources", "", "not 1 to %d sources", SOURCES_MAX);
    if (statement->ledger_index > (uint64_t)ZT_SAFE_INTEGER || statement->issued_at <= 0)
        return zt_fault_set(fault, ZT_E_INPUT, RULE_MEMBERS, "", "ledger index or time is out of range");
    enum zt_err rc = check_identity(statement, fault);
    if (rc == ZT_OK)
        rc = check_validity(statement, fault);
    return rc == ZT_OK ? check_claims(statement, fault) : rc;
}

// Members are set through this: json_object_set_new frees the value when it fails, and fails on NULL.
static bool set(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

static bool set_text(json_t *object, const char *name, const char *text)
{
    return set(object, name, json_string(TEXT(text)));
}

static bool set_urn(json_t *object, const char *name, const char *prefix, const char *text)
{
    return set(object, name, json_sprintf("%s%s", prefix, TEXT(text)));
}

static bool set_times(json_t *payload, const struct zt_statement *statement)
{
    int64_t from, to;
    if (zt_day_start(statement->valid_from, &from) != ZT_OK)
        return false;
    bool good = set(payload, "iat", json_integer(SECONDS(statement->issued_at))) &&
                set(payload, "nbf", json_integer(from));
    if (good && *TEXT(statement->valid_to)) // the whole last day counts: exp is where the next one begins
        good = zt_day_start(statement->valid_to, &to) == ZT_OK &&
               set(payload, "exp", json_integer(to + 24 * 3600));
    return good;
}

static bool set_source(json_t *list, const struct zt_statement_source *source)
{
    char version[24], as_of[ZT_TIME_LEN + 1];
    snprintf(version, sizeof version, "%" PRIu64, source->version);
    zt_time_of_ms(source->as_of, as_of);
    json_t *object = json_object();
    bool good = set_text(object, "type", source->record_type) &&
                set_text(object, "key", source->key_digest) && set_text(object, "version", version) &&
                set_text(object, "as_of", as_of) && set_text(object, "digest", source->digest);
    if (good)
        return json_array_append_new(list, object) == 0;
    json_decref(object);
    return false;
}

static bool set_sources(json_t *payload, const struct zt_statement *statement)
{
    json_t *list = json_array();
    bool good = list != NULL;
    for (size_t i = 0; good && i < statement->source_count; i++)
        good = set_source(list, &statement->sources[i]);
    if (good)
        return set(payload, "sources", list);
    json_decref(list);
    return false;
}

static bool set_members(json_t *payload, const struct zt_statement *statement)
{
    json_t *issuer = json_object(), *use = json_object();
    bool good = set_text(issuer, "id", statement->issuer) && set_text(issuer, "name", statement->issuer_zh) &&
                set_text(use, "item", statement->item) && set_text(use, "item_zh", statement->item_zh) &&
                set_text(use, "purpose", statement->purpose) && set_text(use, "case", statement->case_no);
    good =
        json_object_set(payload, "issuer", issuer) == 0 && json_object_set(payload, "use", use) == 0 && good;
    json_decref(issuer);
    json_decref(use);
    return good && set_urn(payload, "iss", ZT_ISS_PREFIX, statement->issuer_uscc) &&
           set_urn(payload, "vct", ZT_VCT_PREFIX, statement->type) &&
           set_text(payload, "jti", statement->id) && set_text(payload, "title", statement->title_zh) &&
           set_text(payload, "title_en", statement->title_en) &&
           set_text(payload, "restriction", statement->restriction_zh) &&
           set_text(payload, "objection", statement->objection_zh) &&
           set(payload, "ledger", json_integer((json_int_t)statement->ledger_index)) &&
           set_times(payload, statement) && set_sources(payload, statement);
}

struct digests {
    char text[ZT_DISCLOSURE_MAX][ZT_DIGEST_TEXT_LEN + 1];
    size_t count;
};

static enum zt_err disclose(struct digests *digests, enum zt_hash hash, const char *name, const char *value,
                            struct zt_buf *disclosures)
{
    enum zt_err rc = zt_disclosure_make(hash, name, TEXT(value), disclosures, digests->text[digests->count]);
    digests->count += rc == ZT_OK;
    return rc;
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

// Sorted, so that the order of the digests says nothing about the order of the claims.
static bool set_digests(json_t *payload, struct digests *digests, enum zt_sig_alg alg)
{
    json_t *list = json_array();
    bool good = list != NULL;
    qsort(digests->text, digests->count, sizeof digests->text[0], compare);
    for (size_t i = 0; good && i < digests->count; i++)
        good = json_array_append_new(list, json_string(digests->text[i])) == 0;
    good = json_object_set(payload, "_sd", list) == 0 && good;
    json_decref(list);
    return good && set_text(payload, "_sd_alg", zt_disclosure_hash_name(alg));
}

static enum zt_err set_claims(json_t *payload, const struct zt_statement *statement, enum zt_sig_alg alg,
                              struct zt_buf *disclosures)
{
    struct digests digests = {.count = 0};
    enum zt_hash hash = zt_disclosure_hash(alg);
    json_t *labels = json_object();
    enum zt_err rc;
    ZT_TRY(disclose(&digests, hash, "holder_id_type", statement->holder_id_type, disclosures));
    ZT_TRY(disclose(&digests, hash, "holder_number", statement->holder_number, disclosures));
    ZT_TRY(disclose(&digests, hash, "holder_name", statement->holder_name, disclosures));
    for (size_t i = 0; i < statement->claim_count; i++) {
        const struct zt_statement_claim *claim = &statement->claims[i];
        if (claim->disclosable)
            ZT_TRY(disclose(&digests, hash, claim->name, claim->value, disclosures));
        else if (!set_text(payload, claim->name, claim->value))
            ZT_TRY(ZT_E_INPUT);
        if (!set_text(labels, claim->name, claim->name_zh))
            ZT_TRY(ZT_E_INPUT);
    }
    rc = json_object_set(payload, "labels", labels) == 0 && set_digests(payload, &digests, alg) ? ZT_OK
                                                                                                : ZT_E_NOMEM;
out:
    json_decref(labels);
    return rc;
}

enum zt_err zt_statement_prepare(const struct zt_statement *statement, const struct zt_signing_key *key,
                                 struct zt_buf *signing_input, struct zt_buf *disclosures,
                                 struct zt_fault *fault)
{
    enum zt_err rc = check_statement(statement, key, fault);
    if (rc != ZT_OK)
        return rc;
    json_t *payload = json_object();
    rc = set_members(payload, statement) ? ZT_OK : ZT_E_INPUT;
    if (rc == ZT_OK)
        rc = set_claims(payload, statement, key->alg, disclosures);
    zt_buf_put_u8(disclosures, '~');
    if (rc == ZT_OK)
        rc = zt_jws_header_write(key, signing_input);
    zt_buf_put_u8(signing_input, '.');
    if (rc == ZT_OK)
        rc = zt_jws_json_write(payload, signing_input);
    json_decref(payload);
    if (rc == ZT_OK)
        rc = disclosures->err;
    if (rc != ZT_OK)
        zt_fault_set(fault, rc, RULE_MEMBERS, "", "a text is not UTF-8, or the certificate grows too large");
    return rc;
}

enum zt_err zt_statement_finish(struct zt_bytes signing_input, const uint8_t sig[static ZT_SIG_LEN],
                                struct zt_bytes disclosures, struct zt_buf *compact)
{
    if (signing_input.len == 0 || disclosures.len == 0 || disclosures.data[0] != '~')
        return ZT_E_BUG;
    if (signing_input.len + disclosures.len + 2 * ZT_SIG_LEN > ZT_STATEMENT_MAX)
        return ZT_E_LIMIT;
    zt_buf_put(compact, signing_input.data, signing_input.len);
    zt_buf_put_u8(compact, '.');
    zt_base64url_encode((struct zt_bytes){sig, ZT_SIG_LEN}, compact);
    zt_buf_put(compact, disclosures.data, disclosures.len);
    return compact->err;
}
