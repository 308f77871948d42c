// SPDX-License-Identifier: Apache-2.0
// The policy against a model: every combination of a small world, decided twice. The model below knows the
// small city in its own words (flat tables of text, no catalogue) and says which rule must decide.
#include "broker/counter/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "broker/counter/world.h"

struct combination {
    const char *user, *item, *purpose, *type, *mode, *ask, *officer, *consent;
    int64_t skew;
};

// --- the model: what the files under tests/samples/small-city say ---
static const char *const model_parties =
    " hall:consumer counter-bank:consumer gone:revoked audit-office:other "
    "operations:other police:other market:other banks:other "
    "face-login:other ";
static const char *const model_purposes =
    " item.one:p.check item.one:p.prove item.two:p.check item.two:p.other ";
static const char *const model_records = " ps.person ps.car ps.place ps.silent mr.firm pb.loan ";
static const char *const model_certificates = " person_card car_license no_car loan_state firm_state ";
static const char *const model_fields =
    " ps.person.id_no ps.person.name ps.person.sex ps.person.birth ps.person.address ps.person.nick "
    "ps.person.married ps.person.seen ps.person.height ps.person.children ps.person.wealth ps.car.id_no "
    "ps.car.plate ps.car.brand ps.place.code ps.place.text ps.silent.id_no mr.firm.uscc mr.firm.name "
    "mr.firm.capital pb.loan.id_no pb.loan.name pb.loan.loan_no pb.loan.balance ";
static const struct {
    const char *key, *modes, *purposes, *fields, *officers;
    bool in_force, consent;
} model_grants[] = {
    {"hall item.one ps.person", "verify fetch", "p.check",
     " id_no name sex birth nick married seen height children wealth ", "W-", true, false},
    {"hall item.one ps.car", "fetch verify", "p.check p.prove", " plate ", "", true, false},
    {"hall item.one pb.loan", "verify fetch", "p.check", " loan_no balance ", "", true, true},
    {"hall item.one mr.firm", "fetch", "p.check", " name capital ", "", true, false},
    {"hall item.one ps.place", "fetch", "p.check", " code text ", "", true, false},
    {"hall item.one ps.silent", "fetch", "p.check", " id_no ", "", true, false},
    {"hall item.one person_card", "issue resolve", "p.prove", "", "", true, false},
    {"hall item.one car_license", "issue resolve", "p.prove", "", "", true, false},
    {"hall item.one no_car", "issue resolve", "p.prove", "", "", true, false},
    {"hall item.one loan_state", "issue resolve", "p.prove", "", "", true, true},
    {"hall item.one firm_state", "issue resolve", "p.prove", "", "", true, false},
    {"hall item.two ps.person", "fetch", "p.check", " name ", "", false, false},
    {"hall item.two ps.car", "fetch", "p.check", " plate ", "", false, false},
    {"counter-bank item.two ps.person", "verify", "p.check", " name birth ", "teller-", true, false},
};

static bool has(const char *list, const char *left, const char *between, const char *right)
{
    char word[200];
    snprintf(word, sizeof word, " %s%s%s ", left, between, right);
    return strstr(list, word) != NULL;
}

static bool asks_certificate(const struct combination *c)
{
    return strcmp(c->mode, "issue") == 0 || strcmp(c->mode, "resolve") == 0;
}

static const char *model_right(const struct combination *c)
{
    char key[200];
    snprintf(key, sizeof key, "%s %s %s", c->user, c->item, c->type);
    for (size_t i = 0; i < sizeof model_grants / sizeof *model_grants; i++) {
        if (strcmp(model_grants[i].key, key) != 0)
            continue;
        if (!model_grants[i].in_force)
            return "grant.expired";
        if (!strstr(model_grants[i].modes, c->mode))
            return "grant.mode";
        if (!strstr(model_grants[i].purposes, c->purpose))
            return "grant.purpose";
        size_t prefix = strlen(model_grants[i].officers);
        if (strncmp(c->officer, model_grants[i].officers, prefix) != 0)
            return "grant.officer";
        if (!asks_certificate(c) && c->ask[0] && !has(model_fields, c->type, ".", c->ask))
            return "field.unknown";
        if (!asks_certificate(c) && c->ask[0] && !has(model_grants[i].fields, c->ask, "", ""))
            return "grant.field";
        return model_grants[i].consent && !c->consent[0] ? "consent.needed" : "allow";
    }
    return "grant.none";
}

static const char *model(const struct combination *c)
{
    if (has(model_parties, c->user, ":", "revoked"))
        return "party.revoked";
    if (has(model_parties, c->user, ":", "other"))
        return "party.role";
    if (!has(model_parties, c->user, ":", "consumer"))
        return "party.unknown";
    if (c->skew > 300000 || c->skew < -300000)
        return "request.time";
    if (!strstr(model_purposes, c->item))
        return "item.unknown";
    if (!strstr(model_purposes, c->purpose))
        return "purpose.unknown";
    if (!has(model_purposes, c->item, ":", c->purpose))
        return "purpose.item";
    if (!has(asks_certificate(c) ? model_certificates : model_records, c->type, "", ""))
        return "type.unknown";
    if (strcmp(c->mode, "verify") == 0 && !c->ask[0])
        return "request.claims"; // nothing to compare
    if (asks_certificate(c) && c->ask[0])
        return "request.fields";
    return model_right(c);
}

// --- the real one ---
static struct zt_world world;

static int open_world(void **state)
{
    (void)state;
    zt_world_open(&world, NULL);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    zt_world_close(&world);
    return 0;
}

static struct zt_decision decide(const struct combination *c)
{
    const char *names[] = {c->ask};
    struct zt_claim claims[] = {{c->ask, "x"}};
    struct zt_request q = {.time = WORLD_NOW + c->skew,
                           .item = c->item,
                           .purpose = c->purpose,
                           .case_no = "case",
                           .officer = c->officer,
                           .type = c->type,
                           .consent = c->consent,
                           .alg = ZT_ES256};
    assert_int_equal(zt_mode_parse(c->mode, &q.mode), ZT_OK);
    if (c->ask[0] && q.mode == ZT_MODE_VERIFY) {
        q.claims = claims;
        q.claim_count = 1;
    } else if (c->ask[0]) {
        q.fields = names;
        q.field_count = 1;
    }
    return zt_policy_decide(world.catalogue, c->user, &q, WORLD_NOW);
}

static bool agree(const struct combination *c)
{
    struct zt_decision d = decide(c);
    const char *want = model(c);
    bool fields = !d.allow || asks_certificate(c) ? d.field_count == 0 : d.field_count > 0;
    if (strcmp(d.rule, want) == 0 && d.allow == (strcmp(want, "allow") == 0) && fields)
        return true;
    print_error("%s %s %s %s %s '%s' %s: model %s, policy %s\n", c->user, c->item, c->purpose, c->type,
                c->mode, c->ask, c->officer, want, d.rule);
    return false;
}

static const char *const users[] = {"hall",       "counter-bank", "gone",  "audit-office",
                                    "operations", "police",       "nobody"};
static const char *const items[] = {"item.one", "item.two", "item.none"};
static const char *const purposes[] = {"p.check", "p.prove", "p.other", "p.none"};
static const char *const types[] = {"ps.person", "ps.car",     "ps.place",    "ps.silent",
                                    "mr.firm",   "pb.loan",    "person_card", "car_license",
                                    "no_car",    "loan_state", "firm_state",  "x.none"};
static const char *const modes[] = {"verify", "fetch", "issue", "resolve"};
static const char *const asks[] = {"", "name", "plate", "address", "none"};
static const char *const officers[] = {"W-1", "teller-1", "X"};
static const char *const consents[] = {"", "token"};
static const int64_t skews[] = {0, -300000, 300001};

#define COUNT(list)      (sizeof(list) / sizeof *(list))
#define PICK(list, rest) (list)[next(&(rest), COUNT(list))]

// Takes the lowest digit of a number whose digits have different bases: one number is one combination.
static size_t next(size_t *rest, size_t base)
{
    size_t digit = *rest % base;
    *rest /= base;
    return digit;
}

static void every_combination_agrees(void **state)
{
    (void)state;
    size_t total = COUNT(users) * COUNT(items) * COUNT(purposes) * COUNT(types) * COUNT(modes) * COUNT(asks) *
                   COUNT(officers) * COUNT(consents) * COUNT(skews);
    size_t allowed = 0, wrong = 0;
    for (size_t i = 0; i < total && wrong < 20; i++) {
        size_t rest = i;
        struct combination c;
        c.user = PICK(users, rest);
        c.item = PICK(items, rest);
        c.purpose = PICK(purposes, rest);
        c.type = PICK(types, rest);
        c.mode = PICK(modes, rest);
        c.ask = PICK(asks, rest);
        c.officer = PICK(officers, rest);
        c.consent = PICK(consents, rest);
        c.skew = PICK(skews, rest);
        wrong += !agree(&c);
        allowed += strcmp(model(&c), "allow") == 0;
    }
    print_message("%zu combinations, %zu allowed, %zu mismatches\n", total, allowed, wrong);
    assert_true(total >= 100000);
    assert_true(allowed > 100); // the model does not simply refuse all
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_agrees),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
