// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/tiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

#define NAME_MAX_LEN 64 // "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255" has 53

static void put_index(uint64_t index, struct zt_buf *out)
{
    if (index >= 1000) {
        uint64_t head = index / 1000, scale = 1;
        while (head / scale >= 1000)
            scale *= 1000;
        for (; scale; scale /= 1000)
            zt_buf_printf(out, "x%03" PRIu64 "/", head / scale % 1000);
    }
    zt_buf_printf(out, "%03" PRIu64, index % 1000);
}

void zt_tile_name(const struct zt_tile_id *id, struct zt_buf *out)
{
    if (id->level == ZT_TILE_ENTRIES)
        zt_buf_put_str(out, "tile/entries/");
    else
        zt_buf_printf(out, "tile/%u/", id->level);
    put_index(id->index, out);
    if (id->width < ZT_TILE_WIDTH)
        zt_buf_printf(out, ".p/%u", id->width);
}

static enum zt_err make_path(const char *root, const struct zt_tile_id *id, char path[static PATH_MAX])
{
    struct zt_buf name;
    zt_buf_init(&name, NAME_MAX_LEN);
    zt_tile_name(id, &name);
    int len = snprintf(path, PATH_MAX, "%s/%s", root, zt_buf_text(&name));
    enum zt_err rc = name.err;
    zt_buf_fini(&name);
    if (rc == ZT_OK && (len < 0 || len >= PATH_MAX - 8))
        rc = ZT_E_LIMIT;
    return rc;
}

static enum zt_err make_folder(const char *path)
{
    char folder[PATH_MAX];
    memcpy(folder, path, strlen(path) + 1);
    char *slash = strrchr(folder, '/');
    if (!slash)
        return ZT_E_BUG;
    *slash = '\0';
    return zt_dir_make(folder, 0755, NULL);
}

static int create(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

static enum zt_err write_file(const char *path, struct zt_bytes data)
{
    int fd = create(path);
    if (fd < 0 && errno == ENOENT && make_folder(path) == ZT_OK)
        fd = create(path);
    if (fd < 0)
        return ZT_E_IO;
    enum zt_err rc = zt_write_all(fd, data);
    if (close(fd) != 0 && rc == ZT_OK)
        rc = ZT_E_IO;
    return rc;
}

enum zt_err zt_tile_write(const char *root, const struct zt_tile_id *id, struct zt_bytes data)
{
    char path[PATH_MAX], temporary[PATH_MAX + 8];
    enum zt_err rc = make_path(root, id, path);
    if (rc != ZT_OK)
        return rc;
    (void)!snprintf(temporary, sizeof temporary, "%s.tmp", path);
    rc = write_file(temporary, data);
    if (rc == ZT_OK && rename(temporary, path) != 0)
        rc = ZT_E_IO;
    if (rc != ZT_OK)
        unlink(temporary);
    return rc;
}

static enum zt_err read_file(const char *path, struct zt_buf *out)
{
    zt_buf_reset(out);
    return zt_file_read(path, out, NULL);
}

enum zt_err zt_tile_read(const char *root, const struct zt_tile_id *id, struct zt_buf *out)
{
    char path[PATH_MAX];
    struct zt_tile_id full = {id->level, id->index, ZT_TILE_WIDTH};
    enum zt_err rc = make_path(root, id, path);
    if (rc == ZT_OK)
        rc = read_file(path, out);
    if (rc == ZT_E_ABSENT && id->width < ZT_TILE_WIDTH) {
        rc = make_path(root, &full, path);
        if (rc == ZT_OK)
            rc = read_file(path, out);
    } else {
        full.width = id->width;
    }
    if (rc != ZT_OK || id->level == ZT_TILE_ENTRIES)
        return rc;
    return out->len == (size_t)full.width * ZT_HASH_LEN ? ZT_OK : ZT_E_CORRUPT;
}

void zt_tile_drop_partial(const char *root, unsigned level, uint64_t index)
{
    char path[PATH_MAX];
    struct zt_tile_id id = {level, index, 1};
    if (make_path(root, &id, path) != ZT_OK)
        return;
    *strrchr(path, '/') = '\0';
    DIR *folder = opendir(path);
    if (!folder)
        return;
    for (struct dirent *at = readdir(folder); at; at = readdir(folder))
        if (at->d_name[0] != '.')
            unlinkat(dirfd(folder), at->d_name, 0);
    closedir(folder);
    rmdir(path);
}
