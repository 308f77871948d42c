// SPDX-License-Identifier: Apache-2.0
// Rows by the name of a column. zt_row_get stands in adapters/plugin.h.
#ifndef ZT_ADAPTERS_KIT_ROW_H
#define ZT_ADAPTERS_KIT_ROW_H

#include <stdbool.h>

#include "adapters/plugin.h"

// Whether the row has the column; *value is NULL when it has it without a value.
bool zt_row_find(const struct zt_row *row, const char *name, const char **value);

#endif
