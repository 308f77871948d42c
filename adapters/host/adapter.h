// SPDX-License-Identifier: Apache-2.0
// One adapter: everything that adapter-*.yaml names, opened, and the loop that drives its streams.
#ifndef ZT_ADAPTERS_HOST_ADAPTER_H
#define ZT_ADAPTERS_HOST_ADAPTER_H

#include <signal.h>
#include <stdio.h>

#include "adapters/host/plugin.h"
#include "adapters/host/stream.h"
#include "adapters/host/uplink.h"

struct zt_adapter {
    struct zt_adapter_config *config;
    struct zt_catalogue *catalogue;
    struct zt_loaded loaded;
    struct zt_key *signing_key;
    struct zt_uplink link;
    struct zt_stream_shared shared;
    struct zt_stream **streams;
    size_t stream_count;
    int lock; // descriptor of STATE/lock: one adapter per state folder
};

// Configuration, catalogue and plugin: enough for a dry run. Errors of the catalogue are logged one by one.
ZT_MUST_USE enum zt_err zt_adapter_prepare(const char *config_path, struct zt_adapter *adapter,
                                           struct zt_fault *fault);
// Keys, state folder, sockets and streams. ZT_E_STATE "state.locked" when another adapter has the folder.
ZT_MUST_USE enum zt_err zt_adapter_open(struct zt_adapter *adapter, bool once, struct zt_fault *fault);
void zt_adapter_close(struct zt_adapter *adapter); // idempotent

// Runs until *stop, or, opened with `once`, until every stream is done (ZT_OK) or has been kept from going on
// for longer than patience_ms (what keeps it, in `fault`). `out` gets progress and the final counts.
ZT_MUST_USE enum zt_err zt_adapter_run(struct zt_adapter *adapter, const volatile sig_atomic_t *stop,
                                       FILE *out, struct zt_fault *fault);

// --check: reads and maps up to 100 rows of each dataset, sends nothing, and reports to `out`. ZT_E_INPUT
// when rows were bad, other errors when a source cannot be read at all; the report says everything.
ZT_MUST_USE enum zt_err zt_adapter_try(struct zt_adapter *adapter, FILE *out);

#endif
