// SPDX-License-Identifier: Apache-2.0
// What the four departments' plugins share: a plugin that is nothing but mappings, one for each dataset.
#ifndef ZT_ADAPTERS_DEPARTMENTS_TABLES_H
#define ZT_ADAPTERS_DEPARTMENTS_TABLES_H

#include "adapters/kit/build.h"
#include "adapters/kit/mapping.h"
#include "adapters/plugin.h"

#define ZT_COUNT(list) (sizeof(list) / sizeof *(list))

// Defines open, map, close and the exported zt_plugin. Both lists are static arrays of the same length.
#define ZT_TABLE_PLUGIN(plugin_name, zh, en, dataset_list, mapping_list)                                     \
    _Static_assert(ZT_COUNT(dataset_list) == ZT_COUNT(mapping_list), "one mapping for each dataset");        \
    static enum zt_err open_tables(const struct zt_catalogue *catalogue, const char *settings, void **self,  \
                                   struct zt_fault *fault)                                                   \
    {                                                                                                        \
        (void)self;                                                                                          \
        if (*settings)                                                                                       \
            return zt_fault_set(fault, ZT_E_CONFIG, "plugin.settings", settings,                             \
                                plugin_name " takes no settings file");                                      \
        enum zt_err rc = ZT_OK;                                                                              \
        for (size_t i = 0; i < ZT_COUNT(mapping_list) && rc == ZT_OK; i++)                                   \
            rc = zt_mapping_check(&mapping_list[i], catalogue, fault);                                       \
        return rc;                                                                                           \
    }                                                                                                        \
    static enum zt_err map_table(void *self, size_t dataset, const struct zt_row *row, struct zt_emit *emit, \
                                 struct zt_fault *fault)                                                     \
    {                                                                                                        \
        (void)self;                                                                                          \
        return zt_mapping_apply(&mapping_list[dataset], row, emit, fault);                                   \
    }                                                                                                        \
    static void close_tables(void *self)                                                                     \
    {                                                                                                        \
        (void)self;                                                                                          \
    }                                                                                                        \
    extern const struct zt_plugin zt_plugin;                                                                 \
    __attribute__((visibility("default"))) const struct zt_plugin zt_plugin = {                              \
        .abi = ZT_PLUGIN_ABI,                                                                                \
        .name = plugin_name,                                                                                 \
        .doc_zh = zh,                                                                                        \
        .doc_en = en,                                                                                        \
        .datasets = dataset_list,                                                                            \
        .dataset_count = ZT_COUNT(dataset_list),                                                             \
        .open = open_tables,                                                                                 \
        .map = map_table,                                                                                    \
        .close = close_tables,                                                                               \
    };

#endif
