// SPDX-License-Identifier: Apache-2.0
// Private to base/yaml_*.c: the steps of loading one file.
#ifndef ZT_BASE_YAML_PARTS_H
#define ZT_BASE_YAML_PARTS_H

#include "base/yaml.h"

#include "base/buf.h"
#include "base/err.h"

#define ZT_YAML_LOG_MAX 4096

// Reads the events once, before any schema: one document, no aliases, no keys that are not plain text, at
// most 32 levels, UTF-8 without NUL. `file` is for messages only.
ZT_MUST_USE enum zt_err zt_yaml_scan(const char *file, struct zt_bytes text, struct zt_fault *fault);

// zt_yaml_locate on text in memory; with `key` the place of the last name itself instead of its value.
ZT_MUST_USE enum zt_err zt_yaml_locate_in(struct zt_bytes text, const char *path, bool key, unsigned *line,
                                          unsigned *column);

// Turns libcyaml's verdict and the log lines it wrote into one fault.
enum zt_err zt_yaml_explain(const char *file, struct zt_bytes text, cyaml_err_t verdict, const char *log,
                            struct zt_fault *fault);

#endif
