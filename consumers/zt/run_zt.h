// SPDX-License-Identifier: Apache-2.0
// Test support: runs the program `zt` as a person or another program would, and keeps what it said.
#ifndef ZT_CONSUMERS_ZT_RUN_ZT_H
#define ZT_CONSUMERS_ZT_RUN_ZT_H

#include <jansson.h>

#include "base/test_support.h"

#define SAID_MAX ((size_t)256 * 1024)

struct said {
    int status;
    char out[SAID_MAX], err[SAID_MAX];
};

// Arguments end with NULL; returns a static struct, so one run at a time. Ends the test after 60 s.
const struct said *run_zt(const char *first, ...) __attribute__((sentinel));
// The same with standard output going to `path`.
const struct said *run_zt_into(const char *path, const char *first, ...) __attribute__((sentinel));

// The status, and a text on each stream (NULL: do not care, "": nothing at all).
void expect_said(const struct said *said, int status, const char *out, const char *err);
// stdout as one JSON object, the caller's.
json_t *said_json(const struct said *said);
// "a.b.0.c" of an object, as text; "true", "false", "null" and numbers likewise. Fails the test when it is
// missing.
const char *json_at(json_t *root, const char *path);

#endif
