// SPDX-License-Identifier: Apache-2.0
// A disk that fails at the n-th call, for LD_PRELOAD. Counted are write, pwrite, ftruncate, fsync, fdatasync
// and syncfs on files below ZT_SHIM_DIR.
//   ZT_SHIM_AT    the call that fails (1, 2, ...); 0 or absent: none
//   ZT_SHIM_MODE  eio      this one call fails with EIO
//                 enospc   every write from this one on fails with ENOSPC (a disk that stays full)
//                 short    this write takes half of its bytes, and the next call goes on as usual
//                 torn     half of the bytes reach the file, then the process is killed
//                 lost     a sync fails with EIO and what was written since the last one is gone (zeros)
//                 kill     the process is killed before the call
//   ZT_SHIM_COUNT a file that receives the number of calls at exit
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum mode { NONE, EIO_ONCE, FULL, SHORT, TORN, LOST, KILL };
static const char *const names[] = {"", "eio", "enospc", "short", "torn", "lost", "kill"};

static struct {
    atomic_bool ready;
    enum mode mode;
    long at;
    char dir[PATH_MAX];
    atomic_long calls;
} shim;
// The last write that was not synced; the worker writes from one thread at a time.
static struct {
    int fd;
    off_t offset;
    size_t len;
} dirty = {.fd = -1};

static void start(void)
{
    if (atomic_load(&shim.ready))
        return;
    const char *dir = getenv("ZT_SHIM_DIR"), *mode = getenv("ZT_SHIM_MODE"), *at = getenv("ZT_SHIM_AT");
    (void)!snprintf(shim.dir, sizeof shim.dir, "%s", dir ? dir : "");
    shim.at = at ? strtol(at, NULL, 10) : 0;
    for (int i = 1; mode && i <= KILL; i++)
        if (strcmp(mode, names[i]) == 0)
            shim.mode = (enum mode)i;
    atomic_store(&shim.ready, true);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("ZT_SHIM_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%ld\n", atomic_load(&shim.calls));
    fclose(file);
}

static bool is_ours(int fd)
{
    char link[64], path[PATH_MAX];
    start();
    if (!shim.dir[0])
        return false;
    (void)!snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    return len > 0 && strncmp(path, shim.dir, strlen(shim.dir)) == 0;
}

// Counts the call; true when it is the one that misbehaves (or, on a full disk, one after it).
static bool strikes(int fd)
{
    if (!is_ours(fd))
        return false;
    long call = atomic_fetch_add(&shim.calls, 1) + 1;
    if (shim.mode == KILL && call == shim.at)
        raise(SIGKILL);
    return shim.at && (call == shim.at || (shim.mode == FULL && call > shim.at));
}

static ssize_t real_pwrite(int fd, const void *data, size_t len, off_t offset)
{
    return syscall(SYS_pwrite64, fd, data, len, offset);
}

static void remember(int fd, off_t offset, ssize_t len)
{
    if (len <= 0)
        return;
    dirty.fd = fd;
    dirty.offset = offset;
    dirty.len = (size_t)len;
}

static ssize_t fail(int code)
{
    errno = code;
    return -1;
}

static ssize_t misbehave(int fd, const void *data, size_t len, off_t offset)
{
    switch (shim.mode) {
    case FULL:
        return fail(ENOSPC);
    case SHORT:
        return real_pwrite(fd, data, len > 1 ? len / 2 : len, offset);
    case TORN:
        (void)!real_pwrite(fd, data, len / 2, offset);
        raise(SIGKILL);
        return -1;
    default:
        return fail(EIO);
    }
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t offset)
{
    if (strikes(fd))
        return misbehave(fd, data, len, offset);
    ssize_t done = real_pwrite(fd, data, len, offset);
    if (is_ours(fd))
        remember(fd, offset, done);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t len, off_t offset)
{
    return pwrite(fd, data, len, offset);
}

ssize_t write(int fd, const void *data, size_t len)
{
    if (!is_ours(fd))
        return syscall(SYS_write, fd, data, len);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = pwrite(fd, data, len, at);
    if (done > 0)
        lseek(fd, at + done, SEEK_SET);
    return done;
}

static void lose(void)
{
    static const char zeros[4096];
    while (dirty.fd >= 0 && dirty.len) {
        size_t now = dirty.len < sizeof zeros ? dirty.len : sizeof zeros;
        (void)!real_pwrite(dirty.fd, zeros, now, dirty.offset);
        dirty.offset += (off_t)now;
        dirty.len -= now;
    }
    dirty.fd = -1;
}

static int sync_with(long number, int fd)
{
    if (strikes(fd) && shim.mode != SHORT && shim.mode != FULL) {
        if (shim.mode == TORN)
            raise(SIGKILL);
        if (shim.mode == LOST)
            lose();
        return (int)fail(EIO);
    }
    int rc = (int)syscall(number, fd);
    if (rc == 0 && fd == dirty.fd)
        dirty.fd = -1;
    return rc;
}

int fdatasync(int fd)
{
    return sync_with(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    return sync_with(SYS_fsync, fd);
}

int syncfs(int fd)
{
    return sync_with(SYS_syncfs, fd);
}

int ftruncate(int fd, off_t len)
{
    if (strikes(fd) && shim.mode != SHORT)
        return (int)fail(shim.mode == FULL ? ENOSPC : EIO);
    return (int)syscall(SYS_ftruncate, fd, len);
}
