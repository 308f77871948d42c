// SPDX-License-Identifier: Apache-2.0
// Connectors: how rows come out of a department's system, one after another, from where we stopped last time.
//
// A connector reads one dataset. Its cursor is a short text (at most ZT_CURSOR_MAX bytes) that means
// "everything up to here was read"; opening with an earlier cursor continues behind it, and rows read again
// are harmless because records carry versions. An empty cursor starts at the beginning.
//
// Rules: one thread. Row views live until the next call. A malformed row costs that row only; a malformed
// file costs the rest of that file only; both are reported with rule and place, never skipped silently.
#ifndef ZT_ADAPTERS_CONNECTORS_CONNECTOR_H
#define ZT_ADAPTERS_CONNECTORS_CONNECTOR_H

#include "adapters/plugin.h"
#include "proto/publish.h"

#define ZT_ROW_COLUMNS ((size_t)256)
#define ZT_ROW_BYTES   ((size_t)256 * 1024) // one row, all its values together

// What an operator writes for one dataset in adapter-*.yaml; unused members are NULL or "".
struct zt_connector_options {
    const char *name; // of the dataset, for places
    // odbc
    const char *connection;     // ODBC connection string
    const char *table;          // table or view
    const char *key_column;     // unique
    const char *version_column; // rises with every change of a row; never NULL in the table
    // file
    const char *folder;
    const char *pattern;  // glob of file names; they are read in the order of their names
    const char *format;   // "csv" or "jsonl"
    const char *encoding; // "utf-8" or "gb18030"
};

// Every implementation begins with this member, so that the host can find the functions of an open connector.
struct zt_connector_ops;
struct zt_connector {
    const struct zt_connector_ops *ops;
};

struct zt_connector_ops {
    const char *name; // "odbc", "file"

    // Checks the options and remembers the cursor; need not reach the source yet. ZT_E_CONFIG with the
    // option's name in the place, ZT_E_INPUT when the cursor is not one of ours.
    enum zt_err (*open)(const struct zt_connector_options *options, struct zt_bytes cursor,
                        struct zt_connector **connector, struct zt_fault *fault);

    // The next row.
    //   ZT_OK        *row is filled
    //   ZT_E_ABSENT  nothing more for now: the source was read to its end; call again later
    //   ZT_E_INPUT, ZT_E_LIMIT  this row or file is malformed: quarantine it with the fault, call again for
    //   the next ZT_E_PEER, ZT_E_IO      the source is away or refuses; call again later, it reconnects by
    //   itself
    enum zt_err (*next)(struct zt_connector *connector, struct zt_row *row, struct zt_fault *fault);

    // The position behind the last row (or fault) that next() gave.
    struct zt_bytes (*cursor)(const struct zt_connector *connector);

    // Everything up to `cursor` is acknowledged by the broker. The file connector moves files that are read
    // and settled to done/ (or bad/); others do nothing. Called after ACKs, from the same thread.
    void (*settled)(struct zt_connector *connector, struct zt_bytes cursor);

    // Frees everything, sets *connector to NULL; idempotent.
    void (*close)(struct zt_connector **connector);
};

extern const struct zt_connector_ops zt_connector_odbc;
extern const struct zt_connector_ops zt_connector_file;

// By its name in adapter-*.yaml; NULL when there is none.
const struct zt_connector_ops *zt_connector_find(const char *name);

#endif
