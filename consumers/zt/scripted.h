// SPDX-License-Identifier: Apache-2.0
// Test support: a broker whose records and ledger the test writes down in a table.
#ifndef ZT_CONSUMERS_ZT_SCRIPTED_H
#define ZT_CONSUMERS_ZT_SCRIPTED_H

#include "catalogue/catalogue.h"
#include "certs/note.h"
#include "consumers/fake_broker.h"

#define SCRIPT_ENTRIES 8
#define SCRIPT_ORIGIN  "city.example/ledger"

// One record, or what is answered instead of one. `number` and `key` NULL: any.
struct script_row {
    const char *type, *number, *key;
    enum zt_status status;
    const char *rule;
    const char *fields; // "name=value;name=value"
    bool stale;
};
enum script_lie { TRUTH, WRONG_LEAF, WRONG_PATH, OTHER_KEY, OTHER_ORIGIN, SHORT_TREE, NOT_SEALED };

struct script {
    struct fake_broker broker;
    struct zt_catalogue *catalogue;
    const struct script_row *rows;
    size_t row_count;
    enum script_lie lie;
    struct zt_key *ledger_key, *other_key;
    struct zt_buf entries[SCRIPT_ENTRIES];
    // Of the last question; read them when zt has ended.
    char officer[64], case_no[96], consent[4200], fields[256], name[64], alg[16];
    char filter[512];
    unsigned bank_questions; // of types that begin with "pb."
};

void script_start(struct script *script, const struct script_row *rows, size_t row_count);
void script_stop(struct script *script);

#endif
