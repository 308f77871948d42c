// SPDX-License-Identifier: Apache-2.0
// Test support: the small city of tests/samples/small-city with fresh keys, and a store, in one temporary
// folder that zt_world_close removes. Below it: etc/ (parties, grants, keys), private/<key id>.pem (signing
// keys), store/.
//
// Functions end the test (assert) when something of this fails.
#ifndef ZT_BROKER_COUNTER_WORLD_H
#define ZT_BROKER_COUNTER_WORLD_H

#include "broker/counter/case.h"
#include "broker/store/store.h"
#include "catalogue/catalogue.h"

// Persons of the tests, valid by GB 11643, and an organisation, valid by GB 32100.
#define WORLD_ANN  "370702199003070115"
#define WORLD_BEN  "370702199003070211"
#define WORLD_CAT  "370702199003070318"
#define WORLD_FIRM "91370700MA3C12346B"

#define WORLD_NOW ((int64_t)1795320000000) // 2026-11-22T04:00:00Z

struct zt_world {
    char root[64];
    struct zt_catalogue *catalogue;
    struct zt_store *store;
    struct zt_store_read *read;
    struct zt_arena arena;
};

// `extra`: more grants as YAML list entries, or NULL.
void zt_world_open(struct zt_world *world, const char *extra_grants);
void zt_world_close(struct zt_world *world);
// The same files read again with other extra grants; the caller's own reference.
struct zt_catalogue *zt_world_reload(struct zt_world *world, const char *extra_grants);
// The same files read again with this party revoked; likewise.
struct zt_catalogue *zt_world_revoke(struct zt_world *world, const char *party);
void zt_world_remove(const char *folder); // with all that is in it
void zt_world_path(const struct zt_world *world, const char *name, char out[static 256]);

// Puts one record of (type, subject number) and commits. `values`: "name=Ann;sex=2;nick=A;nick=B" in the
// catalogue's canonical texts.
struct zt_world_record {
    const char *type, *key, *number, *name, *values;
    const char *valid_from, *valid_to; // NULL: ""
    uint64_t version;                  // 0: 1
    enum zt_record_state state;        // 0: valid
    bool deleted;
};
void zt_world_put(struct zt_world *world, const struct zt_world_record *record);
// What the broker knows of a stream, committed.
void zt_world_heard(struct zt_world *world, const char *source, int64_t batch, int64_t heartbeat,
                    int64_t complete_as_of);
// All streams heard and complete at `ms`.
void zt_world_all_heard(struct zt_world *world, int64_t ms);

// A fresh snapshot of the store at `now`, for functions that take a view. Uses the world's arena.
struct zt_view zt_world_view(struct zt_world *world, struct zt_sources *sources, int64_t now);

#endif
