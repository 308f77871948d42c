// SPDX-License-Identifier: Apache-2.0
// Files: whole reads with a bound, durable writes, and the checks that key files need.
#ifndef ZT_BASE_FILE_H
#define ZT_BASE_FILE_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

// Appends the whole file to `out` (whose max bounds it). fault rules: "file.open", "file.size", "file.read".
ZT_MUST_USE enum zt_err zt_file_read(const char *path, struct zt_buf *out, struct zt_fault *fault);

// The same for a secret: refuses a file that is not owned by us or is readable by group or others
// ("file.mode").
ZT_MUST_USE enum zt_err zt_file_read_secret(const char *path, struct zt_buf *out, struct zt_fault *fault);

// Writes a temporary file beside `path`, fsyncs it, renames it over `path` and fsyncs the folder: after ZT_OK
// either the old or the new whole file is there, whatever happens.
ZT_MUST_USE enum zt_err zt_file_replace(const char *path, struct zt_bytes data, mode_t mode,
                                        struct zt_fault *fault);

ZT_MUST_USE enum zt_err zt_dir_make(const char *path, mode_t mode,
                                    struct zt_fault *fault); // with parents; exists = ok
ZT_MUST_USE enum zt_err zt_dir_sync(const char *path, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_write_all(int fd, struct zt_bytes data); // retries short writes and EINTR

// First lines of every program that holds keys or records: no core file, not dumpable by other processes.
ZT_MUST_USE enum zt_err zt_process_harden(struct zt_fault *fault);

#endif
