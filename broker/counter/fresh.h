// SPDX-License-Identifier: Apache-2.0
// How fresh is what we hold of a record type, and may "there is none" be said?
//
// A stream proves that its source is alive by a batch, a heartbeat, or a comparison of the whole source; the
// newest of the three is its "as of". A type that several streams carry is as old as the oldest of them,
// because a record does not say through which stream it came. "There is none" may be said only when every
// stream that carries the type has compared its whole source (complete_as_of) within the type's max_age.
// Times that lie ahead of our clock by more than ZT_FRESH_AHEAD_MS prove nothing.
//
// Rules: made once per catalogue, one owner. Rows of streams are read once per snapshot:
// zt_sources_new_snapshot.
#ifndef ZT_BROKER_COUNTER_FRESH_H
#define ZT_BROKER_COUNTER_FRESH_H

#include "broker/store/store.h"
#include "catalogue/catalogue.h"

#define ZT_FRESH_AHEAD_MS ((int64_t)5 * 60 * 1000)

struct zt_sources;

struct zt_known { // about one record type, now
    struct zt_freshness freshness;
    int64_t complete_as_of; // ms; 0: never
    bool complete;          // "none" may be said
    const char *rule;       // when not: "source.none", "fresh.unknown", "fresh.stale", "fresh.incomplete"
};

// The catalogue must stay until the destroy.
ZT_MUST_USE enum zt_err zt_sources_new(const struct zt_catalogue *catalogue, struct zt_sources **sources);
void zt_sources_destroy(struct zt_sources **sources);
void zt_sources_new_snapshot(struct zt_sources *sources);
ZT_MUST_USE enum zt_err zt_sources_known(struct zt_sources *sources, struct zt_store_read *read,
                                         const struct zt_record_type *type, int64_t now_ms,
                                         struct zt_known *known);
// The freshness of a whole that has these two parts: the older and the worse of each.
struct zt_freshness zt_fresh_worst(struct zt_freshness a, struct zt_freshness b);

#endif
