// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/consent.h"

#include <string.h>

#include "certs/consent.h"

// Who vouches: a party that may, with the key that the token names.
static const char *find_key(const struct zt_catalogue *catalogue, const struct zt_consent *consent,
                            const struct zt_party_key **out)
{
    const struct zt_party *provider = zt_catalogue_party(catalogue, consent->issuer);
    if (!provider || provider->revoked || !(provider->roles & ZT_ROLE_IDENTITY))
        return "consent.issuer";
    for (size_t i = 0; i < provider->key_count; i++) {
        if (provider->keys[i].alg != consent->alg || strcmp(provider->keys[i].key_id, consent->key_id) != 0)
            continue;
        *out = &provider->keys[i];
        return NULL;
    }
    return "consent.key";
}

static const char *const verdicts[] = {"consent.form",     "consent.signature", "consent.subject",
                                       "consent.audience", "consent.purpose",   "consent.scope",
                                       "consent.expired"};

// The verifier's rule as a constant that outlives its fault.
static const char *verdict_of(const struct zt_fault *fault)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        if (strcmp(verdicts[i], fault->rule) == 0)
            return verdicts[i];
    return "consent.invalid";
}

static const char *check(const struct zt_catalogue *catalogue, const struct zt_decision *decision,
                         const struct zt_request *request, int64_t now_ms)
{
    struct zt_bytes token = zt_bytes_str(request->consent ? request->consent : "");
    struct zt_consent consent;
    struct zt_fault fault = {.code = ZT_OK};
    const struct zt_party_key *named;
    struct zt_key *key = NULL;
    if (zt_consent_read(token, &consent, &fault) != ZT_OK)
        return verdict_of(&fault);
    const char *rule = find_key(catalogue, &consent, &named);
    if (rule)
        return rule;
    if (zt_key_from_spki(named->spki, &key) != ZT_OK)
        return "consent.key";
    struct zt_consent_wanted wanted = {.id_type = request->subject.id_type,
                                       .number = request->subject.number,
                                       .consumer = decision->party->id,
                                       .purpose = request->purpose,
                                       .type = request->type,
                                       .now_ms = now_ms};
    enum zt_err rc = zt_consent_verify(token, key, &wanted, NULL, &fault);
    zt_key_destroy(&key);
    return rc == ZT_OK ? NULL : verdict_of(&fault);
}

struct zt_decision zt_policy_consent(const struct zt_catalogue *catalogue, const struct zt_decision *decision,
                                     const struct zt_request *request, int64_t now_ms)
{
    struct zt_decision out = *decision;
    const char *rule = out.allow && out.consent ? check(catalogue, &out, request, now_ms) : NULL;
    if (rule)
        zt_decision_deny(&out, rule);
    return out;
}
