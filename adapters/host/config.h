// SPDX-License-Identifier: Apache-2.0
// adapter-<source>.yaml: what one department's adapter reads, and where it hands it in. Keys: DESIGN.md
// section 5.
//
// Rules: loaded once, read only afterwards. Relative paths are relative to the file they stand in, and are
// made whole here. Fault rules: those of base/yaml.h, and "config.name", "config.duplicate",
// "config.connector", "config.option", "config.range", each with file:line:column.
#ifndef ZT_ADAPTERS_HOST_CONFIG_H
#define ZT_ADAPTERS_HOST_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "adapters/connectors/connector.h"
#include "base/err.h"

#define ZT_DATASETS_MAX 64

struct zt_dataset_config {
    char *name;      // of the plugin's datasets
    char *connector; // "odbc" or "file"
    char *connection, *table, *key_column, *version_column;
    char *folder, *pattern, *format, *encoding;
};

struct zt_adapter_config {
    char *source;           // first part of the streams' names
    char *plugin;           // path of the shared object
    char *settings;         // path of the plugin's own file, or NULL
    char *broker;           // endpoint of the broker's intake
    char *server_public;    // path of the broker's CURVE public key
    char *key;              // stem of our CURVE key files
    char *signing_key;      // path of the department's signing key
    char *signing_key_id;   // under which the broker knows it
    char *catalogue;        // folder
    char *state;            // folder of ours: quarantine, lock
    uint32_t poll_ms;       // between two looks at a source that had nothing new; default 1,000
    uint32_t batch_records; // at most so many records in one batch; default 500
    uint32_t window;        // batches under way and not yet acknowledged, per stream; default 8
    uint32_t heartbeat_ms;  // how often "nothing new" is said; default 10,000
    uint32_t patience_ms;   // with --once: how long a source or the broker may be away; default 60,000
    struct zt_dataset_config *datasets;
    unsigned dataset_count;
};

ZT_MUST_USE enum zt_err zt_adapter_config_load(const char *path, struct zt_adapter_config **config,
                                               struct zt_fault *fault);
void zt_adapter_config_free(struct zt_adapter_config **config); // idempotent

// The same words, as a connector wants them; borrowed from the dataset.
struct zt_connector_options zt_dataset_options(const struct zt_dataset_config *dataset);

#endif
