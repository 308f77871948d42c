// SPDX-License-Identifier: Apache-2.0
// Calling the plugin for one row: what it emits is checked against the catalogue and encoded.
#ifndef ZT_ADAPTERS_HOST_MAP_H
#define ZT_ADAPTERS_HOST_MAP_H

#include "adapters/host/batch.h"
#include "adapters/plugin.h"
#include "catalogue/catalogue.h"

struct zt_mapper {
    const struct zt_catalogue *catalogue;
    const struct zt_plugin *plugin;
    void *self;
    struct zt_arena arena;         // of one row
    struct zt_row_records records; // of the last row
};
void zt_mapper_init(struct zt_mapper *mapper, const struct zt_catalogue *catalogue,
                    const struct zt_plugin *plugin, void *self);
void zt_mapper_fini(struct zt_mapper *mapper); // idempotent

// ZT_OK: mapper->records holds what became of the row, possibly nothing. ZT_E_INPUT: the row breaks a rule.
// Everything else is final: the plugin or the catalogue is at fault, not the row.
ZT_MUST_USE enum zt_err zt_mapper_row(struct zt_mapper *mapper, size_t dataset, const struct zt_row *row,
                                      struct zt_fault *fault);

// The plugin's dataset of that name. ZT_E_CONFIG "config.dataset" when it has none.
ZT_MUST_USE enum zt_err zt_mapper_dataset(const struct zt_mapper *mapper, const char *name, size_t *index,
                                          struct zt_fault *fault);

#endif
