// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)16 * 1024)

static enum zt_err read_rest(int fd, const char *path, struct zt_buf *out, struct zt_fault *fault)
{
    uint8_t chunk[CHUNK];
    enum zt_err rc = ZT_OK;
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            rc = zt_fault_errno(fault, "file.read", path, "cannot read");
        if (got <= 0)
            break;
        zt_buf_put(out, chunk, (size_t)got);
        if (out->err == ZT_E_LIMIT)
            rc = zt_fault_set(fault, ZT_E_LIMIT, "file.size", path, "larger than the %zu bytes allowed here",
                              out->max);
        else if (out->err != ZT_OK)
            rc = zt_fault_set(fault, out->err, "file.read", path, "out of memory");
        if (rc != ZT_OK)
            break;
    }
    explicit_bzero(chunk, sizeof chunk);
    return rc;
}

static enum zt_err read_fd(int fd, const char *path, struct zt_buf *out, struct zt_fault *fault)
{
    size_t before = out->len;
    enum zt_err rc = out->err;
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "file.read", path, "the buffer failed before");
    rc = read_rest(fd, path, out, fault);
    if (rc != ZT_OK) {
        out->len = before;
        out->err = ZT_OK;
    }
    return rc;
}

static enum zt_err open_read(const char *path, int *fd, struct zt_fault *fault)
{
    int got = open(path, O_RDONLY | O_CLOEXEC);
    if (got < 0) {
        enum zt_err rc = errno == ENOENT ? ZT_E_ABSENT : ZT_E_IO;
        zt_fault_errno(fault, "file.open", path, "cannot open");
        if (fault)
            fault->code = rc;
        return rc;
    }
    *fd = got;
    return ZT_OK;
}

enum zt_err zt_file_read(const char *path, struct zt_buf *out, struct zt_fault *fault)
{
    int fd;
    enum zt_err rc = open_read(path, &fd, fault);
    if (rc != ZT_OK)
        return rc;
    rc = read_fd(fd, path, out, fault);
    close(fd);
    return rc;
}

// On the open file, not on its name: nobody can exchange it between the check and the reading.
static enum zt_err check_secret(int fd, const char *path, struct zt_fault *fault)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return zt_fault_errno(fault, "file.open", path, "cannot stat");
    if (!S_ISREG(info.st_mode))
        return zt_fault_set(fault, ZT_E_CONFIG, "file.mode", path, "a secret must be a regular file");
    if (info.st_uid != geteuid())
        return zt_fault_set(fault, ZT_E_CONFIG, "file.mode", path,
                            "owned by user %u, must be owned by user %u who runs this program",
                            (unsigned)info.st_uid, (unsigned)geteuid());
    if (info.st_mode & (S_IRWXG | S_IRWXO))
        return zt_fault_set(fault, ZT_E_CONFIG, "file.mode", path,
                            "mode %04o lets others at a secret: chmod 0400 it",
                            (unsigned)(info.st_mode & 07777));
    return ZT_OK;
}

enum zt_err zt_file_read_secret(const char *path, struct zt_buf *out, struct zt_fault *fault)
{
    int fd;
    enum zt_err rc = open_read(path, &fd, fault);
    if (rc != ZT_OK)
        return rc;
    rc = check_secret(fd, path, fault);
    if (rc == ZT_OK)
        rc = read_fd(fd, path, out, fault);
    close(fd);
    return rc;
}

enum zt_err zt_write_all(int fd, struct zt_bytes data)
{
    while (data.len) {
        ssize_t put = write(fd, data.data, data.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return ZT_E_IO;
        data.data += put;
        data.len -= (size_t)put;
    }
    return ZT_OK;
}

// The folder part of a path: "a/b" -> "a", "b" -> ".", "/b" -> "/".
static enum zt_err parent_of(const char *path, char parent[static PATH_MAX], struct zt_fault *fault)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    if (len >= PATH_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "file.path", path, "path too long");
    if (slash && len == 0)
        snprintf(parent, PATH_MAX, "/");
    else
        snprintf(parent, PATH_MAX, "%.*s", slash ? (int)len : 1, slash ? path : ".");
    return ZT_OK;
}

static enum zt_err fill(int fd, const char *path, struct zt_bytes data, mode_t mode, struct zt_fault *fault)
{
    if (fchmod(fd, mode) != 0)
        return zt_fault_errno(fault, "file.write", path, "cannot set the mode");
    if (zt_write_all(fd, data) != ZT_OK)
        return zt_fault_errno(fault, "file.write", path, "cannot write");
    if (fsync(fd) != 0)
        return zt_fault_errno(fault, "file.write", path, "cannot fsync");
    return ZT_OK;
}

enum zt_err zt_file_replace(const char *path, struct zt_bytes data, mode_t mode, struct zt_fault *fault)
{
    char parent[PATH_MAX], temporary[PATH_MAX];
    enum zt_err rc = parent_of(path, parent, fault);
    if (rc != ZT_OK)
        return rc;
    int len = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (len < 0 || (size_t)len >= sizeof temporary)
        return zt_fault_set(fault, ZT_E_LIMIT, "file.path", path, "path too long");
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return zt_fault_errno(fault, "file.write", path, "cannot create a file beside it");
    rc = fill(fd, path, data, mode, fault);
    if (close(fd) != 0 && rc == ZT_OK)
        rc = zt_fault_errno(fault, "file.write", path, "cannot close");
    if (rc == ZT_OK && rename(temporary, path) != 0)
        rc = zt_fault_errno(fault, "file.write", path, "cannot rename into place");
    if (rc != ZT_OK) {
        unlink(temporary);
        return rc;
    }
    return zt_dir_sync(parent, fault);
}

enum zt_err zt_dir_sync(const char *path, struct zt_fault *fault)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return zt_fault_errno(fault, "dir.sync", path, "cannot open the folder");
    enum zt_err rc = ZT_OK;
    if (fsync(fd) != 0)
        rc = zt_fault_errno(fault, "dir.sync", path, "cannot fsync the folder");
    close(fd);
    return rc;
}

static enum zt_err make_one(const char *path, mode_t mode, struct zt_fault *fault)
{
    if (mkdir(path, mode) == 0)
        return ZT_OK;
    int reason = errno;
    struct stat info;
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return ZT_OK;
        reason = ENOTDIR;
    }
    errno = reason;
    return zt_fault_errno(fault, "dir.make", path, "cannot make the folder");
}

enum zt_err zt_dir_make(const char *path, mode_t mode, struct zt_fault *fault)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof part)
        return zt_fault_set(fault, ZT_E_LIMIT, "file.path", path, "path empty or too long");
    memcpy(part, path, len + 1);
    for (size_t i = 1; i < len; i++) {
        if (part[i] != '/')
            continue;
        part[i] = 0;
        enum zt_err rc = make_one(part, mode, fault);
        if (rc != ZT_OK)
            return rc;
        part[i] = '/';
    }
    return make_one(part, mode, fault);
}
