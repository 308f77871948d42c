// SPDX-License-Identifier: Apache-2.0
#include "adapters/connectors/connector.h"

#include <string.h>

const struct zt_connector_ops *zt_connector_find(const char *name)
{
    static const struct zt_connector_ops *const all[] = {&zt_connector_odbc, &zt_connector_file};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    }
    return NULL;
}
