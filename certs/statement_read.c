// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "certs/claims.h"

#define SOURCES_MAX 64
#define DIGESTS_MAX 256 // decoys are allowed
#define VERSION_LEN 20  // digits of UINT64_MAX

// What is being read, and the first thing that was wrong with it (sticky).
struct reader {
    struct zt_arena *arena;
    struct zt_fault *fault;
    enum zt_err rc;
};

static void fail(struct reader *reader, enum zt_err rc, const char *member, const char *why)
{
    if (reader->rc == ZT_OK)
        reader->rc = zt_fault_set(reader->fault, rc, "certificate.claims", member, "%s", why);
}

static const char *copy(struct reader *reader, const char *text)
{
    const char *made = reader->rc == ZT_OK ? zt_arena_strdup(reader->arena, text) : NULL;
    if (!made)
        fail(reader, ZT_E_NOMEM, "", "too much text");
    return made ? made : "";
}

static const char *text_of(struct reader *reader, const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    if (!text)
        fail(reader, ZT_E_INPUT, member, "must be a text");
    return text ? copy(reader, text) : "";
}

static const char *urn_of(struct reader *reader, const json_t *object, const char *member, const char *prefix)
{
    const char *text = text_of(reader, object, member);
    if (reader->rc == ZT_OK && strncmp(text, prefix, strlen(prefix)) != 0)
        fail(reader, ZT_E_INPUT, member, "is not of our kind of URN");
    return reader->rc == ZT_OK ? text + strlen(prefix) : "";
}

static int64_t integer_of(struct reader *reader, const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < -ZT_SAFE_INTEGER || number > ZT_SAFE_INTEGER)
        fail(reader, ZT_E_INPUT, member, "must be an integer below 2^53");
    return number;
}

static const char *day_of(struct reader *reader, int64_t seconds, const char *member)
{
    char date[ZT_DATE_LEN + 1] = "";
    int64_t first, last;
    if (zt_day_start("1000-01-01", &first) != ZT_OK || zt_day_start("9999-12-31", &last) != ZT_OK ||
        seconds < first || seconds > last)
        fail(reader, ZT_E_INPUT, member, "is no time of our calendar");
    else
        zt_day_of(seconds, date);
    return copy(reader, date);
}

static void read_times(struct reader *reader, const json_t *payload, struct zt_statement *out)
{
    int64_t iat = integer_of(reader, payload, "iat"), nbf = integer_of(reader, payload, "nbf");
    out->valid_from = day_of(reader, nbf, "nbf");
    out->valid_to = "";
    out->issued_at = reader->rc == ZT_OK ? iat * 1000 : 0;
    if (iat < 0)
        fail(reader, ZT_E_INPUT, "iat", "is before 1970");
    if (json_object_get(payload, "exp"))
        out->valid_to = day_of(reader, integer_of(reader, payload, "exp") - 1, "exp");
}

static bool is_hex(const char *text)
{
    uint8_t raw[ZT_HASH_LEN];
    return zt_hex_decode(text, raw, sizeof raw) == ZT_OK;
}

static uint64_t version_of(struct reader *reader, const char *text)
{
    uint64_t value = 0;
    size_t len = strlen(text);
    bool good = len > 0 && len <= VERSION_LEN && (text[0] != '0' || len == 1);
    for (size_t i = 0; good && i < len; i++)
        good = text[i] >= '0' && text[i] <= '9' && !__builtin_mul_overflow(value, 10, &value) &&
               !__builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value);
    if (!good)
        fail(reader, ZT_E_INPUT, "sources.version", "must be a decimal number below 2^64");
    return value;
}

static void read_source(struct reader *reader, const json_t *from, struct zt_statement_source *to)
{
    to->record_type = text_of(reader, from, "type");
    to->key_digest = text_of(reader, from, "key");
    to->digest = text_of(reader, from, "digest");
    to->version = version_of(reader, text_of(reader, from, "version"));
    if (zt_time_to_ms(text_of(reader, from, "as_of"), &to->as_of) != ZT_OK)
        fail(reader, ZT_E_INPUT, "sources.as_of", "must be an RFC 3339 time");
    if (!is_hex(to->key_digest) || !is_hex(to->digest))
        fail(reader, ZT_E_INPUT, "sources", "key and digest must be 32 bytes in hexadecimal");
}

static void read_sources(struct reader *reader, const json_t *payload, struct zt_statement *out)
{
    const json_t *list = json_object_get(payload, "sources");
    size_t count = json_array_size(list);
    if (count == 0 || count > SOURCES_MAX) {
        fail(reader, ZT_E_INPUT, "sources", "must be a list of 1 to 64 sources");
        return;
    }
    out->sources = zt_arena_alloc(reader->arena, count * sizeof *out->sources);
    if (!out->sources) {
        fail(reader, ZT_E_NOMEM, "sources", "too much text");
        return;
    }
    for (size_t i = 0; i < count && reader->rc == ZT_OK; i++)
        read_source(reader, json_array_get(list, i), &out->sources[i]);
    out->source_count = count;
}

static void check_digests(struct reader *reader, const json_t *payload)
{
    const json_t *list = json_object_get(payload, "_sd");
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > DIGESTS_MAX)
        fail(reader, ZT_E_INPUT, "_sd", "must be a list of at most 256 digests");
    for (size_t i = 0; reader->rc == ZT_OK && i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text || strlen(text) != ZT_DIGEST_TEXT_LEN)
            fail(reader, ZT_E_INPUT, "_sd", "must hold base64url of 32 bytes each");
    }
    text_of(reader, payload, "_sd_alg");
}

static const char *label_of(struct reader *reader, const json_t *payload, const char *name)
{
    const char *label = json_string_value(json_object_get(json_object_get(payload, "labels"), name));
    return copy(reader, label ? label : "");
}

static void add_claim(struct reader *reader, const json_t *payload, const char *name, const char *value,
                      bool disclosable, struct zt_statement *out)
{
    if (out->claim_count == ZT_STATEMENT_CLAIMS) {
        fail(reader, ZT_E_INPUT, name, "is one claim too many");
        return;
    }
    out->claims[out->claim_count++] = (struct zt_statement_claim){
        copy(reader, name), label_of(reader, payload, name), copy(reader, value), disclosable};
}

static void read_claims(struct reader *reader, const json_t *payload, struct zt_statement *out)
{
    const char *name;
    json_t *value;
    out->claims = zt_arena_alloc(reader->arena, ZT_STATEMENT_CLAIMS * sizeof *out->claims);
    if (!out->claims) {
        fail(reader, ZT_E_NOMEM, "", "too much text");
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)payload, name, value)
    {
        if (zt_claim_of_holder(name))
            fail(reader, ZT_E_INPUT, name, "must be a disclosure");
        if (zt_claim_reserved(name))
            continue;
        if (!zt_claim_name_valid(name) || !json_is_string(value))
            fail(reader, ZT_E_INPUT, name, "is neither a member of ours nor a claim with a text");
        else
            add_claim(reader, payload, name, json_string_value(value), false, out);
    }
    if (!json_is_object(json_object_get(payload, "labels")))
        fail(reader, ZT_E_INPUT, "labels", "must be an object");
}

enum zt_err zt_statement_read(const json_t *payload, struct zt_arena *arena, struct zt_statement *out,
                              struct zt_fault *fault)
{
    struct reader reader = {arena, fault, ZT_OK};
    const json_t *issuer = json_object_get(payload, "issuer"), *use = json_object_get(payload, "use");
    struct zt_statement made = {.holder_id_type = "", .holder_number = "", .holder_name = ""};
    made.id = text_of(&reader, payload, "jti");
    made.type = urn_of(&reader, payload, "vct", ZT_VCT_PREFIX);
    made.issuer_uscc = urn_of(&reader, payload, "iss", ZT_ISS_PREFIX);
    made.issuer = text_of(&reader, issuer, "id");
    made.issuer_zh = text_of(&reader, issuer, "name");
    made.title_zh = text_of(&reader, payload, "title");
    made.title_en = text_of(&reader, payload, "title_en");
    made.item = text_of(&reader, use, "item");
    made.item_zh = text_of(&reader, use, "item_zh");
    made.purpose = text_of(&reader, use, "purpose");
    made.case_no = text_of(&reader, use, "case");
    made.restriction_zh = text_of(&reader, payload, "restriction");
    made.objection_zh = text_of(&reader, payload, "objection");
    int64_t ledger = integer_of(&reader, payload, "ledger");
    if (ledger < 0)
        fail(&reader, ZT_E_INPUT, "ledger", "must not be negative");
    made.ledger_index = ledger < 0 ? 0 : (uint64_t)ledger;
    read_times(&reader, payload, &made);
    read_sources(&reader, payload, &made);
    check_digests(&reader, payload);
    read_claims(&reader, payload, &made);
    if (reader.rc == ZT_OK)
        *out = made;
    return reader.rc;
}

enum zt_err zt_statement_join(struct zt_statement *statement, const json_t *payload,
                              const struct zt_disclosure *disclosure, struct zt_arena *arena)
{
    struct reader reader = {arena, NULL, ZT_OK};
    const char *name = disclosure->name;
    const char **field = strcmp(name, "holder_id_type") == 0  ? &statement->holder_id_type
                         : strcmp(name, "holder_number") == 0 ? &statement->holder_number
                         : strcmp(name, "holder_name") == 0   ? &statement->holder_name
                                                              : NULL;
    if (field) {
        *field = disclosure->value;
        return ZT_OK;
    }
    if (zt_claim_reserved(name))
        return ZT_E_INPUT;
    for (size_t i = 0; i < statement->claim_count; i++)
        if (strcmp(statement->claims[i].name, name) == 0)
            return ZT_E_INPUT;
    add_claim(&reader, payload, name, disclosure->value, true, statement);
    return reader.rc;
}
