// SPDX-License-Identifier: Apache-2.0
// A crash before LMDB's first commit leaves a file that never opens again, and LMDB does not sync the folder.
// So a store is made whole in a folder beside its place and then renamed: it is there whole, or not at all.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "broker/store/internal.h"
#include "broker/store/row.h"

#define PATH_MAX_LEN ((size_t)4096)
#define DATA_FILE    "data.mdb"
#define LOCK_FILE    "lock.mdb"

static enum zt_err join(const char *dir, const char *name, char out[static PATH_MAX_LEN],
                        struct zt_fault *fault)
{
    int len = snprintf(out, PATH_MAX_LEN, "%s%s", dir, name);
    if (len < 0 || (size_t)len >= PATH_MAX_LEN)
        return zt_fault_set(fault, ZT_E_CONFIG, "store.path", dir, "the path is too long");
    return ZT_OK;
}

// The path without trailing slashes, and its parent.
static enum zt_err split(const char *dir, char self[static PATH_MAX_LEN], char parent[static PATH_MAX_LEN],
                         struct zt_fault *fault)
{
    enum zt_err rc = join(dir, "", self, fault);
    if (rc != ZT_OK)
        return rc;
    size_t len = strlen(self);
    while (len > 1 && self[len - 1] == '/')
        self[--len] = '\0';
    if (len == 0 || strcmp(self, "/") == 0)
        return zt_fault_set(fault, ZT_E_CONFIG, "store.path", dir, "the store needs a folder of its own");
    const char *slash = strrchr(self, '/');
    if (!slash)
        return join(".", "", parent, fault);
    size_t up = slash == self ? 1 : (size_t)(slash - self);
    memcpy(parent, self, up);
    parent[up] = '\0';
    return ZT_OK;
}

static enum zt_err sync_file(const char *path, struct zt_fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return zt_fault_errno(fault, "store.sync", path, "cannot open the new store to sync it");
    enum zt_err rc = ZT_OK;
    if (fsync(fd) != 0)
        rc = zt_fault_errno(fault, "store.sync", path, "cannot sync the new store");
    close(fd);
    return rc;
}

static enum zt_err write_settings(struct zt_kv *kv, struct zt_bytes settings)
{
    struct zt_kv_txn *txn = NULL;
    struct zt_store_key key;
    struct zt_buf scratch;
    zt_store_key_meta(ZT_META_SETTINGS, &key);
    zt_buf_init(&scratch, 256);
    enum zt_err rc = zt_kv_begin(kv, true, &txn);
    if (rc == ZT_OK) {
        zt_kv_row_put(txn, ZT_DB_META, zt_store_key_bytes(&key), settings, &scratch);
        rc = zt_kv_commit(&txn);
    }
    zt_buf_fini(&scratch);
    return rc;
}

// Only our own two files are removed: a folder with anything else in it is not ours.
static enum zt_err clear_leftover(const char *temporary, struct zt_fault *fault)
{
    static const char *const names[] = {"/" DATA_FILE, "/" LOCK_FILE};
    char path[PATH_MAX_LEN];
    for (size_t i = 0; i < 2; i++) {
        enum zt_err rc = join(temporary, names[i], path, fault);
        if (rc != ZT_OK)
            return rc;
        if (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR)
            return zt_fault_errno(fault, "store.leftover", path, "cannot remove what an earlier start left");
    }
    if (rmdir(temporary) != 0 && errno != ENOENT)
        return zt_fault_errno(fault, "store.leftover", temporary, "cannot remove what an earlier start left");
    return ZT_OK;
}

static enum zt_err fill(const char *temporary, uint64_t map_size, struct zt_bytes settings,
                        struct zt_fault *fault)
{
    struct zt_kv *kv = NULL;
    enum zt_err rc = zt_kv_open(temporary, map_size, true, &kv, fault);
    if (rc == ZT_OK && (rc = write_settings(kv, settings)) != ZT_OK)
        zt_fault_set(fault, rc, "store.provision", temporary, "the first commit of the new store failed");
    zt_kv_close(&kv);
    return rc;
}

static enum zt_err make(const char *dir, const char *parent, uint64_t map_size, struct zt_bytes settings,
                        struct zt_fault *fault)
{
    char temporary[PATH_MAX_LEN], data[PATH_MAX_LEN];
    enum zt_err rc;
    ZT_TRY(join(dir, ".new", temporary, fault));
    ZT_TRY(join(temporary, "/" DATA_FILE, data, fault));
    ZT_TRY(zt_dir_make(parent, 0700, fault));
    ZT_TRY(clear_leftover(temporary, fault));
    if (mkdir(temporary, 0700) != 0)
        return zt_fault_errno(fault, "store.provision", temporary, "cannot make the folder of the new store");
    ZT_TRY(fill(temporary, map_size, settings, fault));
    ZT_TRY(sync_file(data, fault));
    ZT_TRY(zt_dir_sync(temporary, fault));
    // rename replaces an empty folder and refuses any other.
    if (rename(temporary, dir) != 0)
        return zt_fault_errno(
            fault, "store.foreign", dir,
            "there is a folder without a store in it that is not empty; empty it or name another");
    ZT_TRY(zt_dir_sync(parent, fault));
out:
    return rc;
}

enum zt_err zt_store_provision(const char *dir, uint64_t map_size, struct zt_bytes settings,
                               struct zt_fault *fault)
{
    char self[PATH_MAX_LEN], parent[PATH_MAX_LEN], data[PATH_MAX_LEN];
    struct stat info;
    enum zt_err rc;
    ZT_TRY(split(dir, self, parent, fault));
    ZT_TRY(join(self, "/" DATA_FILE, data, fault));
    if (stat(data, &info) != 0)
        return errno == ENOENT ? make(self, parent, map_size, settings, fault)
                               : zt_fault_errno(fault, "store.open", data, "cannot look at the store");
    ZT_TRY(zt_store_extent_check(data, fault));
out:
    return rc;
}
