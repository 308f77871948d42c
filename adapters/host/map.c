// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/map.h"

#include <string.h>

#include "adapters/host/plugin.h"
#include "base/clock.h"

#define ROW_MEMORY ((size_t)4 * 1024 * 1024) // what mapping one row may take

void zt_mapper_init(struct zt_mapper *mapper, const struct zt_catalogue *catalogue,
                    const struct zt_plugin *plugin, void *self)
{
    mapper->catalogue = catalogue;
    mapper->plugin = plugin;
    mapper->self = self;
    zt_arena_init(&mapper->arena, ROW_MEMORY);
    zt_row_records_init(&mapper->records);
}

void zt_mapper_fini(struct zt_mapper *mapper)
{
    zt_arena_fini(&mapper->arena);
    zt_row_records_fini(&mapper->records);
}

static enum zt_err add_record(struct zt_emit *emit, const struct zt_record *record, struct zt_fault *fault)
{
    struct zt_mapper *mapper = emit->host;
    enum zt_err rc = zt_record_check(emit->catalogue, record, emit->today, fault);
    return rc == ZT_OK ? zt_row_records_add(&mapper->records, record, fault) : rc;
}

enum zt_err zt_mapper_row(struct zt_mapper *mapper, size_t dataset, const struct zt_row *row,
                          struct zt_fault *fault)
{
    char today[ZT_DATE_LEN + 1];
    zt_date_of_ms(zt_now_ms(), today);
    struct zt_emit emit = {.catalogue = mapper->catalogue,
                           .arena = &mapper->arena,
                           .today = today,
                           .add = add_record,
                           .host = mapper};
    zt_arena_reset(&mapper->arena);
    zt_row_records_reset(&mapper->records);
    enum zt_err rc = mapper->plugin->map(mapper->self, dataset, row, &emit, fault);
    if (rc == ZT_E_LIMIT)
        return ZT_E_INPUT;
    // A plugin has no business with files and sockets: such an answer is a plugin that breaks its contract.
    return rc == ZT_E_IO || rc == ZT_E_PEER || rc == ZT_E_TIMEOUT || rc == ZT_E_ABSENT ? ZT_E_BUG : rc;
}

enum zt_err zt_mapper_dataset(const struct zt_mapper *mapper, const char *name, size_t *index,
                              struct zt_fault *fault)
{
    size_t count = 0;
    const struct zt_dataset *list = zt_plugin_datasets(mapper->plugin, mapper->self, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) != 0)
            continue;
        *index = i;
        return ZT_OK;
    }
    return zt_fault_set(fault, ZT_E_CONFIG, "config.dataset", name, "the plugin %s has no dataset %s",
                        mapper->plugin->name, name);
}
