// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/plugin.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum zt_err refuse(struct zt_fault *fault, const char *rule, const char *path, const char *text)
{
    return zt_fault_set(fault, ZT_E_CONFIG, rule, path, "%s", text);
}

static enum zt_err open_library(const char *path, void **library, struct zt_fault *fault)
{
    char whole[PATH_MAX]; // without a slash dlopen would search the system's folders
    if ((size_t)snprintf(whole, sizeof whole, "%s%s", strchr(path, '/') ? "" : "./", path) >= sizeof whole)
        return refuse(fault, "plugin.load", path, "the path is too long");
    if (access(whole, R_OK) != 0)
        return zt_fault_set(fault, ZT_E_CONFIG, "plugin.load", path, "cannot be read: is the plugin built?");
    *library = dlopen(whole, RTLD_NOW | RTLD_LOCAL);
    if (!*library)
        return refuse(fault, "plugin.load", path, dlerror());
    return ZT_OK;
}

static enum zt_err check(const struct zt_plugin *plugin, const char *path, struct zt_fault *fault)
{
    if (plugin->abi != ZT_PLUGIN_ABI)
        return zt_fault_set(fault, ZT_E_CONFIG, "plugin.abi", path,
                            "was built for plugin ABI %u, this host has %u: build it again", plugin->abi,
                            ZT_PLUGIN_ABI);
    if (!plugin->name || !plugin->open || !plugin->map || !plugin->close)
        return refuse(fault, "plugin.contract", path, "name, open, map and close must be there");
    if (!plugin->list && (!plugin->datasets || plugin->dataset_count == 0))
        return refuse(fault, "plugin.contract", path, "it has no datasets");
    return ZT_OK;
}

enum zt_err zt_plugin_load(const char *path, const struct zt_catalogue *catalogue, const char *settings,
                           struct zt_loaded *loaded, struct zt_fault *fault)
{
    struct zt_loaded got = {0};
    enum zt_err rc = open_library(path, &got.library, fault);
    if (rc != ZT_OK)
        return rc;
    const struct zt_plugin *plugin = dlsym(got.library, "zt_plugin");
    rc = plugin ? check(plugin, path, fault)
                : refuse(fault, "plugin.symbol", path, "exports no zt_plugin, so it is no plugin");
    if (rc == ZT_OK) {
        got.plugin = plugin; // from here on close() belongs to it, also after a failed open
        rc = plugin->open(catalogue, settings ? settings : "", &got.self, fault);
    }
    if (rc != ZT_OK) {
        zt_plugin_unload(&got);
        return rc;
    }
    *loaded = got;
    return ZT_OK;
}

void zt_plugin_unload(struct zt_loaded *loaded)
{
    if (loaded->plugin)
        loaded->plugin->close(loaded->self);
    if (loaded->library)
        dlclose(loaded->library);
    *loaded = (struct zt_loaded){0};
}

const struct zt_dataset *zt_plugin_datasets(const struct zt_plugin *plugin, void *self, size_t *count)
{
    if (plugin->list)
        return plugin->list(self, count);
    *count = plugin->dataset_count;
    return plugin->datasets;
}
