// SPDX-License-Identifier: Apache-2.0
// The plugin ABI: what a department's shared object gives to zt-adapter. One source row in, records out.
//
// A plugin is a .so that exports `const struct zt_plugin zt_plugin`. It maps, normalises and validates; it
// never opens files, sockets or threads, keeps no global state, and calls only the functions that struct
// zt_emit hands it and the helpers of adapters/kit. A row that breaks a rule is reported through its return
// value: the host writes it to the quarantine with its place, and goes on.
#ifndef ZT_ADAPTERS_PLUGIN_H
#define ZT_ADAPTERS_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "proto/record.h"

#define ZT_PLUGIN_ABI 1

// One row as the connector read it: column names and values as UTF-8 text. NULL is SQL NULL or JSON null.
struct zt_row {
    const char *const *names;
    const char *const *values;
    size_t count;
    const char *
        place; // "marriage.csv:118" or "table resident row 370202...": for the quarantine, masked by the host
};
const char *zt_row_get(const struct zt_row *row, const char *name); // NULL when absent or null

struct zt_catalogue;

// Handed to map(). add() checks the record against the catalogue and copies it into the batch.
struct zt_emit {
    const struct zt_catalogue *catalogue;
    struct zt_arena *arena; // lives until map() returns
    const char *today;      // YYYY-MM-DD
    enum zt_err (*add)(struct zt_emit *emit, const struct zt_record *record, struct zt_fault *fault);
    void *host;
};

struct zt_dataset {   // one table, file pattern or resource of the department
    const char *name; // "marriage"; the stream is "<source>.<name>" of the adapter's configuration
    const char *doc_zh, *doc_en;
};

struct zt_plugin {
    uint32_t abi;     // ZT_PLUGIN_ABI; anything else is refused with a clear message
    const char *name; // "civil_affairs"
    const char *doc_zh, *doc_en;
    const struct zt_dataset *datasets;
    size_t dataset_count;
    // For a plugin whose datasets come from its settings: asked after open(), instead of the two above. NULL
    // for all others.
    const struct zt_dataset *(*list)(void *self, size_t *count);

    // Called once before the first row, with the `settings` file of the configuration ("" for none). *self is
    // the plugin's own memory, handed back to every call. May fail with a fault that names the file and line.
    enum zt_err (*open)(const struct zt_catalogue *catalogue, const char *settings, void **self,
                        struct zt_fault *fault);

    // Maps one row of `dataset` to zero or more records through emit->add. ZT_E_INPUT or ZT_E_LIMIT with a
    // fault (rule, place = column, text) sends the row to quarantine: then none of its records is published.
    // Any other error stops the adapter. Must be deterministic: the same row gives the same records, also
    // after a restart.
    enum zt_err (*map)(void *self, size_t dataset, const struct zt_row *row, struct zt_emit *emit,
                       struct zt_fault *fault);

    // Frees *self; called once, also after a failed open; NULL is allowed.
    void (*close)(void *self);
};

#endif
