// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto/hash.h"
#include "base/file.h"
#include "broker/ledger/journal.h"

#define MAGIC       "ztj1\0\0\0"
#define MAGIC_LEN   8
#define NAME_DIGITS 20
#define NAME_LEN    (NAME_DIGITS + 4) // ".ztj"

void zt_segment_path(const char *dir, uint64_t first, char path[static PATH_MAX])
{
    // A path that does not fit is cut and then not found: dir was checked when the journal was opened.
    (void)!snprintf(path, PATH_MAX, "%s/%020" PRIu64 ".ztj", dir, first);
}

static bool parse_name(const char *name, uint64_t *first)
{
    if (strlen(name) != NAME_LEN || strcmp(name + NAME_DIGITS, ".ztj") != 0)
        return false;
    uint64_t value = 0;
    for (int i = 0; i < NAME_DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9')
            return false;
        unsigned digit = (unsigned)(name[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *first = value;
    return true;
}

enum zt_err zt_segments_add(struct zt_segments *list, uint64_t first)
{
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 16;
        uint64_t *firsts = realloc(list->firsts, cap * sizeof *firsts);
        if (!firsts)
            return ZT_E_NOMEM;
        list->firsts = firsts;
        list->cap = cap;
    }
    list->firsts[list->count++] = first;
    return ZT_OK;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

enum zt_err zt_segments_list(const char *dir, struct zt_segments *list, struct zt_fault *fault)
{
    *list = (struct zt_segments){.count = 0};
    DIR *folder = opendir(dir);
    if (!folder)
        return zt_fault_errno(fault, "ledger.journal", dir, "cannot list the journal");
    enum zt_err rc = ZT_OK;
    errno = 0;
    for (struct dirent *at = readdir(folder); at && rc == ZT_OK; at = readdir(folder)) {
        uint64_t first;
        if (parse_name(at->d_name, &first))
            rc = zt_segments_add(list, first);
        errno = 0;
    }
    if (rc == ZT_OK && errno)
        rc = zt_fault_errno(fault, "ledger.journal", dir, "cannot list the journal");
    closedir(folder);
    if (rc != ZT_OK) {
        zt_segments_fini(list);
        return rc;
    }
    if (list->count)
        qsort(list->firsts, list->count, sizeof *list->firsts, by_value);
    return ZT_OK;
}

void zt_segments_fini(struct zt_segments *list)
{
    free(list->firsts);
    *list = (struct zt_segments){.count = 0};
}

size_t zt_segments_find(const struct zt_segments *list, uint64_t index)
{
    size_t low = 0, high = list->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (list->firsts[middle] <= index)
            low = middle;
        else
            high = middle;
    }
    return low;
}

enum zt_err zt_segment_make(const char *dir, uint64_t first, struct zt_fault *fault)
{
    char path[PATH_MAX];
    uint8_t salt[ZT_SEGMENT_SALT];
    struct zt_buf head;
    zt_segment_path(dir, first, path);
    enum zt_err rc = zt_random(salt, sizeof salt);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "ledger.segment", path, "no random bytes for the salt");
    zt_buf_init(&head, ZT_SEGMENT_HEAD);
    zt_buf_put(&head, MAGIC, MAGIC_LEN);
    zt_buf_put_be64(&head, first);
    zt_buf_put_be64(&head, 0);
    zt_buf_put(&head, salt, sizeof salt);
    rc = head.err;
    if (rc == ZT_OK)
        rc = zt_file_replace(path, zt_buf_bytes(&head), 0600, fault);
    zt_buf_fini(&head);
    return rc;
}

enum zt_err zt_segment_salt(int fd, uint64_t first, uint8_t salt[static ZT_SEGMENT_SALT])
{
    uint8_t head[ZT_SEGMENT_HEAD];
    ssize_t got;
    do
        got = pread(fd, head, sizeof head, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return ZT_E_IO;
    if (got != sizeof head || memcmp(head, MAGIC, MAGIC_LEN) != 0)
        return ZT_E_CORRUPT;
    uint64_t named = 0;
    for (int i = 0; i < 8; i++)
        named = named << 8 | head[MAGIC_LEN + i];
    if (named != first)
        return ZT_E_CORRUPT;
    memcpy(salt, head + ZT_SEGMENT_HEAD - ZT_SEGMENT_SALT, ZT_SEGMENT_SALT);
    return ZT_OK;
}
