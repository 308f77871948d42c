// SPDX-License-Identifier: Apache-2.0
// Loading a department's shared object: adapters/plugin.h says what it must hold.
#ifndef ZT_ADAPTERS_HOST_PLUGIN_H
#define ZT_ADAPTERS_HOST_PLUGIN_H

#include "adapters/plugin.h"

struct zt_loaded {
    void *library;
    const struct zt_plugin *plugin;
    void *self; // the plugin's own
};

// Loads, checks the ABI and opens. ZT_E_CONFIG: "plugin.load" (not there, not a shared object, symbols
// missing), "plugin.symbol" (no zt_plugin in it), "plugin.abi", "plugin.contract" (members missing), and what
// its open() says.
ZT_MUST_USE enum zt_err zt_plugin_load(const char *path, const struct zt_catalogue *catalogue,
                                       const char *settings, struct zt_loaded *loaded,
                                       struct zt_fault *fault);
void zt_plugin_unload(struct zt_loaded *loaded); // idempotent

const struct zt_dataset *zt_plugin_datasets(const struct zt_plugin *plugin, void *self, size_t *count);

#endif
