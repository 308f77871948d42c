// SPDX-License-Identifier: Apache-2.0
// Log lines for operators: one JSON object a line on stderr: time, level, program, stable id, text.
//
// Rules: the id comes first and never changes ("ZT-INTAKE-GAP"). Runs that look like identity numbers are
// masked before they are written, whatever the caller passed; secrets are never passed. Thread safe (one
// write(2) a line).
#ifndef ZT_BASE_LOG_H
#define ZT_BASE_LOG_H

#include "base/err.h"

enum zt_log_level { ZT_LOG_DEBUG, ZT_LOG_INFO, ZT_LOG_WARN, ZT_LOG_ERROR };

// `program` must outlive the process's last log line. On a terminal lines are plain text instead of JSON.
void zt_log_open(const char *program, enum zt_log_level least);

void zt_log_debug(const char *id, const char *fmt, ...) ZT_PRINTF(2, 3);
void zt_log_info(const char *id, const char *fmt, ...) ZT_PRINTF(2, 3);
void zt_log_warn(const char *id, const char *fmt, ...) ZT_PRINTF(2, 3);
void zt_log_error(const char *id, const char *fmt, ...) ZT_PRINTF(2, 3);
void zt_log_fault(const char *id, const struct zt_fault *fault); // at level error

#endif
