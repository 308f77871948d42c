// SPDX-License-Identifier: Apache-2.0
// Does data.mdb hold every page that its newest commit may read?
//
// LMDB opens a file that was cut short and later dies of SIGBUS on the missing pages. Its size alone does not
// tell: a transaction that frees pages it has just made leaves them behind the end, never written, on the
// free list (tried: 3,448 of 6,000 random commits of such transactions left a file shorter than last page +
// 1). So a short file is sound exactly when every page behind its end is on the free list, and that list is
// read here, without mapping the file, from the format of LMDB 0.9 (data version 1).
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/store/internal.h"

#define MAGIC        0xBEEFC0DEu
#define DATA_VERSION 1u
#define PAGE_MIN     ((size_t)512)
#define PAGE_MAX     ((size_t)65536)
#define DEPTH_MAX    32 // LMDB's own CURSOR_STACK

#define P_BRANCH   0x01u
#define P_LEAF     0x02u
#define P_OVERFLOW 0x04u
#define P_META     0x08u
#define F_BIGDATA  0x01u

// Offsets inside a page: header, then (in a meta page) struct MDB_meta; LMDB writes the machine's own order.
enum {
    AT_PAGE_NO = 0,
    AT_FLAGS = 10,
    AT_LOWER = 12,
    AT_OVERFLOW_PAGES = 12,
    PAGE_HEAD = 16,
    AT_MAGIC = PAGE_HEAD,
    AT_VERSION = PAGE_HEAD + 4,
    AT_PAGE_SIZE = PAGE_HEAD + 24,
    AT_FREE_ROOT = PAGE_HEAD + 24 + 40,
    AT_LAST_PAGE = PAGE_HEAD + 120,
    AT_TXN = PAGE_HEAD + 128,
    META_END = PAGE_HEAD + 136,
    NODE_HEAD = 8,
};

struct extent {
    int fd;
    size_t page_size;
    uint64_t pages;       // whole pages that the file holds
    uint64_t last;        // highest page number of the newest commit
    uint64_t free_root;   // UINT64_MAX: the list is empty
    uint64_t free_behind; // pages behind the end that the list names
    uint64_t visits;      // pages read so far: a damaged tree may lead in circles
};

static uint16_t get16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint32_t get32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint64_t get64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static bool read_at(int fd, uint8_t *out, size_t len, uint64_t offset)
{
    while (len > 0) {
        ssize_t got = pread(fd, out, len, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        out += got;
        len -= (size_t)got;
        offset += (uint64_t)got;
    }
    return true;
}

static bool read_meta(struct extent *extent, uint64_t offset, uint64_t *newest)
{
    uint8_t meta[META_END];
    if (!read_at(extent->fd, meta, sizeof meta, offset) || !(get16(meta + AT_FLAGS) & P_META) ||
        get32(meta + AT_MAGIC) != MAGIC || get32(meta + AT_VERSION) != DATA_VERSION)
        return false;
    size_t page_size = get32(meta + AT_PAGE_SIZE);
    if (page_size < PAGE_MIN || page_size > PAGE_MAX || (page_size & (page_size - 1)) != 0)
        return false;
    if (*newest != UINT64_MAX && get64(meta + AT_TXN) <= *newest)
        return true;
    *newest = get64(meta + AT_TXN);
    extent->page_size = page_size;
    extent->last = get64(meta + AT_LAST_PAGE);
    extent->free_root = get64(meta + AT_FREE_ROOT);
    return true;
}

// A list of page numbers: be it wrong in any way, it counts as not naming the missing pages.
static bool count_list(struct extent *extent, const uint8_t *list, size_t len)
{
    if (len < 8 || get64(list) > len / 8 - 1)
        return false;
    for (uint64_t i = 1; i <= get64(list); i++) {
        uint64_t page = get64(list + 8 * i);
        if (page >= extent->pages && page <= extent->last)
            extent->free_behind++;
    }
    return true;
}

static bool count_overflow(struct extent *extent, uint64_t page, size_t len)
{
    if (page >= extent->pages || len > (extent->pages - page) * extent->page_size - PAGE_HEAD)
        return false;
    uint8_t *list = malloc(len ? len : 1);
    bool good = list && read_at(extent->fd, list, len, page * extent->page_size + PAGE_HEAD) &&
                count_list(extent, list, len);
    free(list);
    return good;
}

static bool walk(struct extent *extent, uint64_t page, unsigned depth);

static bool walk_node(struct extent *extent, const uint8_t *page, size_t at, bool leaf, unsigned depth)
{
    if (at < PAGE_HEAD || at + NODE_HEAD > extent->page_size)
        return false;
    const uint8_t *node = page + at;
    unsigned flags = get16(node + 4);
    uint64_t low = get16(node), high = get16(node + 2);
    size_t data = at + NODE_HEAD + get16(node + 6);
    if (!leaf)
        return walk(extent, low | high << 16 | (uint64_t)flags << 32, depth + 1);
    size_t len = (size_t)(low | high << 16);
    if (data > extent->page_size)
        return false;
    if (!(flags & F_BIGDATA))
        return len <= extent->page_size - data && count_list(extent, page + data, len);
    return extent->page_size - data >= 8 && count_overflow(extent, get64(page + data), len);
}

static bool walk(struct extent *extent, uint64_t number, unsigned depth)
{
    if (depth > DEPTH_MAX || number >= extent->pages || ++extent->visits > extent->pages)
        return false;
    uint8_t *page = malloc(extent->page_size);
    bool good = page && read_at(extent->fd, page, extent->page_size, number * extent->page_size) &&
                get64(page + AT_PAGE_NO) == number;
    unsigned flags = good ? get16(page + AT_FLAGS) : 0;
    size_t lower = good ? get16(page + AT_LOWER) : 0;
    good = good && (flags & (P_BRANCH | P_LEAF)) && lower >= PAGE_HEAD && lower <= extent->page_size;
    for (size_t at = PAGE_HEAD; good && at + 2 <= lower; at += 2)
        good = walk_node(extent, page, get16(page + at), flags & P_LEAF, depth);
    free(page);
    return good;
}

static enum zt_err judge(struct extent *extent, const char *path, struct zt_fault *fault)
{
    struct stat info;
    if (fstat(extent->fd, &info) != 0)
        return zt_fault_errno(fault, "store.open", path, "cannot look at the store");
    uint64_t newest = UINT64_MAX;
    // The second meta page lies one page in; the first one knows how long a page is.
    if (!read_meta(extent, 0, &newest) || !read_meta(extent, extent->page_size, &newest))
        return zt_fault_set(
            fault, ZT_E_CORRUPT, "store.meta", path,
            "this is not a store, or its head is damaged; restore it or rebuild it from the log");
    extent->pages = (uint64_t)info.st_size / extent->page_size;
    if (extent->pages > extent->last)
        return ZT_OK;
    bool sound = extent->free_root != UINT64_MAX && walk(extent, extent->free_root, 0);
    if (sound && extent->free_behind == extent->last + 1 - extent->pages)
        return ZT_OK;
    return zt_fault_set(fault, ZT_E_CORRUPT, "store.truncated", path,
                        "the file has %llu pages but its newest commit reaches page %llu: it was cut short; "
                        "restore it or rebuild it from the log",
                        (unsigned long long)extent->pages, (unsigned long long)extent->last);
}

enum zt_err zt_store_extent_check(const char *path, struct zt_fault *fault)
{
    struct extent extent = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
    if (extent.fd < 0)
        return zt_fault_errno(fault, "store.open", path, "cannot open the store");
    enum zt_err rc = judge(&extent, path, fault);
    close(extent.fd);
    return rc;
}
