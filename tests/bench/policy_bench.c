// SPDX-License-Identifier: Apache-2.0
// What one decision of the policy costs, by the number of grants in the catalogue.
//   policy_bench SOURCE_DIR
// Makes cities of 100, 1,000 and 10,000 grants (parties x items, one record type) out of the small city,
// loads them, and decides questions that hit all grants in turn. Prints ns a decision, allowed and denied.
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker/counter/policy.h"

#define DECISIONS 500000

struct city {
    char root[64];
    unsigned parties, items;
    struct zt_catalogue *catalogue;
};

static void die(const char *what)
{
    fprintf(stderr, "policy_bench: %s\n", what);
    exit(1);
}

static FILE *create(const struct city *city, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", city->root, name);
    FILE *file = fopen(path, "we");
    if (!file)
        die(path);
    return file;
}

static void write_parties(const struct city *city)
{
    FILE *file = create(city, "etc/parties/parties.yaml");
    fputs("parties:\n", file);
    for (unsigned i = 0; i < city->parties; i++) {
        char stem[256];
        struct zt_curve_keys keys;
        fprintf(file,
                "- {id: party-%u, name_zh: 单位, name_en: P, uscc: 12370700493654327C, roles: [consumer]}\n",
                i);
        snprintf(stem, sizeof stem, "%s/etc/keys/party-%u", city->root, i);
        if (zt_curve_keys_new(&keys) != ZT_OK || zt_curve_keys_save(&keys, stem, NULL) != ZT_OK)
            die("keys");
    }
    fclose(file);
}

static void write_items_and_grants(const struct city *city)
{
    FILE *items = create(city, "cat/items/items.yaml"), *grants = create(city, "etc/grants/grants.yaml");
    fputs("items:\n", items);
    fputs("grants:\n", grants);
    for (unsigned i = 0; i < city->items; i++) {
        fprintf(items,
                "- {code: item.%u, name_zh: 事项, name_en: I, department: public_security, purposes: "
                "[p.check]}\n",
                i);
        for (unsigned p = 0; p < city->parties; p++)
            fprintf(
                grants,
                "- {party: party-%u, item: item.%u, record: ps.person, modes: [fetch], purposes: [p.check], "
                "fields: [name, sex, birth, nick], officers: 'W-*'}\n",
                p, i);
    }
    fclose(items);
    fclose(grants);
}

static void make_city(struct city *city, const char *source)
{
    char command[1024];
    struct zt_faults faults = {0};
    snprintf(city->root, sizeof city->root, "/tmp/zt-policy-bench-XXXXXX");
    if (!mkdtemp(city->root))
        die("mkdtemp");
    snprintf(
        command, sizeof command,
        "cp -r '%s/tests/samples/small-city/catalogue' '%s/cat' && mkdir -p '%s/etc/parties' '%s/etc/grants' "
        "'%s/etc/keys'",
        source, city->root, city->root, city->root, city->root);
    if (system(command) != 0) // NOLINT(cert-env33-c): a benchmark, its own folder
        die("copy");
    write_parties(city);
    write_items_and_grants(city);
    char cat[128], etc[128];
    snprintf(cat, sizeof cat, "%s/cat", city->root);
    snprintf(etc, sizeof etc, "%s/etc", city->root);
    if (zt_catalogue_load(cat, etc, &city->catalogue, &faults) != ZT_OK)
        die(faults.count ? faults.list[0].text : "catalogue");
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static double time_decisions(const struct city *city, bool allowed)
{
    const char *fields[] = {"name", allowed ? "sex" : "address"};
    char user[32], item[32];
    size_t right = 0;
    int64_t took = 0;
    for (size_t i = 0; i < DECISIONS; i++) {
        snprintf(user, sizeof user, "party-%zu", i * 7919 % city->parties);
        snprintf(item, sizeof item, "item.%zu", i * 104729 % city->items);
        struct zt_request q = {.time = 1,
                               .mode = ZT_MODE_FETCH,
                               .item = item,
                               .purpose = "p.check",
                               .case_no = "C-1",
                               .officer = "W-17",
                               .type = "ps.person",
                               .fields = fields,
                               .field_count = 2,
                               .consent = ""};
        int64_t start = zt_monotonic_ns();
        struct zt_decision d = zt_policy_decide(city->catalogue, user, &q, 1);
        took += zt_monotonic_ns() - start;
        right += d.allow == allowed;
    }
    if (right != DECISIONS)
        die("a decision is not what it should be");
    return (double)took / DECISIONS;
}

static double clock_cost(void)
{
    int64_t took = 0;
    for (size_t i = 0; i < DECISIONS; i++) {
        int64_t start = zt_monotonic_ns();
        took += zt_monotonic_ns() - start;
    }
    return (double)took / DECISIONS;
}

int main(int argc, char **argv)
{
    static const struct {
        unsigned parties, items;
    } sizes[] = {{10, 10}, {20, 50}, {100, 100}};
    if (argc != 2)
        die("usage: policy_bench SOURCE_DIR");
    double clock = clock_cost();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct city city = {.parties = sizes[i].parties, .items = sizes[i].items};
        make_city(&city, argv[1]);
        double allowed = time_decisions(&city, true) - clock, denied = time_decisions(&city, false) - clock;
        printf("%u grants: allowed %.2f us, denied %.2f us a decision\n", city.parties * city.items,
               allowed / 1000, denied / 1000);
        zt_catalogue_release(&city.catalogue);
        nftw(city.root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    return 0;
}
