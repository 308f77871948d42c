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

// libcyaml's own CYAML_FIELD_BOOL reads every word but a few as true ("flase" too). This field takes "true"
// and "false" and nothing else; `member` is a bool.
#define ZT_YAML_BOOLEANS 2
extern const cyaml_strval_t zt_yaml_booleans[ZT_YAML_BOOLEANS];
#define ZT_YAML_FIELD_BOOL(key, flags, structure, member)                                                    \
    CYAML_FIELD_ENUM(key, (flags) | CYAML_FLAG_STRICT, structure, member, zt_yaml_booleans, ZT_YAML_BOOLEANS)

// Fault rules, all ZT_E_CONFIG unless said: "yaml.syntax", "yaml.characters" (not UTF-8, or NUL),
// "yaml.empty", "yaml.documents", "yaml.alias", "yaml.depth" (32 levels), "yaml.key" (unknown),
// "yaml.missing", "yaml.duplicate", "yaml.value", "yaml.shape", "yaml.length", "yaml.entries", "yaml.memory"
// (ZT_E_LIMIT: 64 MiB), "yaml.schema" (ZT_E_BUG), and those of zt_file_read. The text names the node by its
// path.

ZT_MUST_USE enum zt_err zt_yaml_load(const char *path, const cyaml_schema_value_t *schema, void **out,
                                     struct zt_fault *fault);
// For a top-level sequence: `count` receives the number of entries.
ZT_MUST_USE enum zt_err zt_yaml_load_list(const char *path, const cyaml_schema_value_t *schema, void **out,
                                          unsigned *count, struct zt_fault *fault);
void zt_yaml_free(const cyaml_schema_value_t *schema, void **data, unsigned count);

// Where a node stands: `path` is like "record_types[3].fields[2].table", "" for the root, "[3].name" in a
// top-level sequence; the place is that of the value, counted from 1. For messages about rules that a schema
// cannot say. Reads the file again, so it is for the error path only. ZT_E_ABSENT when there is no such node.
ZT_MUST_USE enum zt_err zt_yaml_locate(const char *file, const char *path, unsigned *line, unsigned *column);
// The lines of the first `count` entries of the sequence at `path`, in one reading of the file. ZT_E_ABSENT
// when there is no such sequence or it is shorter; `lines` may then be filled in part.
ZT_MUST_USE enum zt_err zt_yaml_entry_lines(const char *file, const char *path, unsigned *lines,
                                            size_t count);

#endif
