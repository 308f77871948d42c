// SPDX-License-Identifier: Apache-2.0
// Small text files that people hand to commands: certificates, tokens, receipts, keys.
#ifndef ZT_CONSUMERS_ZT_TEXT_FILE_H
#define ZT_CONSUMERS_ZT_TEXT_FILE_H

#include "base/buf.h"
#include "consumers/zt/cli.h"

// The file ("-" is standard input) without blanks and line ends at both ends; `text` bounds it.
ZT_MUST_USE enum zt_err zt_text_read(const char *path, struct zt_buf *text, struct zt_fault *fault);
// The text and a line end, to a file that appears whole or not at all.
ZT_MUST_USE enum zt_err zt_text_write(const char *path, const char *text, struct zt_fault *fault);

#endif
