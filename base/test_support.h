// SPDX-License-Identifier: Apache-2.0
// What unit tests share: the cmocka includes in their order, and a temporary folder.
#ifndef ZT_BASE_TEST_SUPPORT_H
#define ZT_BASE_TEST_SUPPORT_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> // needs the four above

// A fresh folder under $TMPDIR or /tmp; `path` holds its name.
static inline void make_test_dir(char path[static PATH_MAX])
{
    const char *parent = getenv("TMPDIR");
    snprintf(path, PATH_MAX, "%s/zt-test.XXXXXX", parent && *parent ? parent : "/tmp");
    assert_non_null(mkdtemp(path));
}

// Removes it with everything inside.
static inline void remove_test_dir(const char *path)
{
    char command[PATH_MAX + 16];
    assert_non_null(strstr(path, "/zt-test."));
    snprintf(command, sizeof command, "rm -rf -- '%s'", path);
    assert_int_equal(system(command), 0);
}

#endif
