// SPDX-License-Identifier: Apache-2.0
// YAML files written by people: loading through libcyaml schemas, with faults that name file, line and
// column.
//
// Rules: no aliases, files of at most 4 MiB, unknown keys refused. The caller owns the result and frees it
// with zt_yaml_free and the same schema. Thread safe.
#ifndef ZT_BASE_YAML_H
#define ZT_BASE_YAML_H

#include <cyaml/cyaml.h>
#include <stddef.h>

#include "base/err.h"

#define ZT_YAML_MAX_FILE ((size_t)4 * 1024 * 1024)

ZT_MUST_USE enum zt_err zt_yaml_load(const char *path, const cyaml_schema_value_t *schema, void **out,
                                     struct zt_fault *fault);
// For a top-level sequence: `count` receives the number of entries.
ZT_MUST_USE enum zt_err zt_yaml_load_list(const char *path, const cyaml_schema_value_t *schema, void **out,
                                          unsigned *count, struct zt_fault *fault);
void zt_yaml_free(const cyaml_schema_value_t *schema, void **data, unsigned count);

// Where a node stands: `path` is like "record_types[3].fields[2].table". For messages about rules that a
// schema cannot say. Reads the file again, so it is for the error path only. ZT_E_ABSENT when there is no
// such node.
ZT_MUST_USE enum zt_err zt_yaml_locate(const char *file, const char *path, unsigned *line, unsigned *column);

#endif
