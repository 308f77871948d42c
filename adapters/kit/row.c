// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "adapters/kit/row.h"

bool zt_row_find(const struct zt_row *row, const char *name, const char **value)
{
    for (size_t i = 0; i < row->count; i++) {
        if (strcmp(row->names[i], name) != 0)
            continue;
        *value = row->values[i];
        return true;
    }
    return false;
}

const char *zt_row_get(const struct zt_row *row, const char *name)
{
    const char *value = NULL;
    return zt_row_find(row, name, &value) ? value : NULL;
}
