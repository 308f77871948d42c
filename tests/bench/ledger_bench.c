// SPDX-License-Identifier: Apache-2.0
// Appending to the ledger beside a bare write + fdatasync of the same bytes, in the same run, rounds
// interleaved.
//   ledger_bench [FOLDER]     the folder's file system is what is measured
// Prints one line a batch size: entries/s of both, their ratio, and the slowest append.
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker/ledger/journal.h"
#include "broker/ledger/ledger.h"

#define ENTRY_LEN 240 // about what a lookup's entry takes
#define ROUNDS    7

struct side { // one of the two things compared
    int64_t took[ROUNDS];
    int64_t worst;
};
static uint8_t bytes[ZT_APPEND_BYTES];
static struct zt_bytes entries[ZT_LEDGER_APPEND];
static uint8_t hashes[ZT_LEDGER_APPEND][ZT_HASH_LEN];

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void note_time(struct side *side, int round, int64_t start, int64_t *worst_start)
{
    int64_t now = zt_monotonic_ns();
    if (now - *worst_start > side->worst)
        side->worst = now - *worst_start;
    *worst_start = now;
    side->took[round] = now - start;
}

static void run_bare(int fd, off_t *at, size_t batch, int appends, struct side *side, int round)
{
    size_t len = batch * (ZT_JOURNAL_HEAD + ENTRY_LEN);
    int64_t start = zt_monotonic_ns(), last = start;
    for (int i = 0; i < appends; i++) {
        if (pwrite(fd, bytes, len, *at) != (ssize_t)len || fdatasync(fd) != 0)
            die("bare write");
        *at += (off_t)len;
        note_time(side, round, start, &last);
    }
}

static void run_ledger(struct zt_ledger *ledger, size_t batch, int appends, struct side *side, int round)
{
    int64_t start = zt_monotonic_ns(), last = start;
    for (int i = 0; i < appends; i++) {
        uint64_t first;
        if (zt_ledger_append(ledger, entries, batch, &first, hashes) != ZT_OK)
            die("append");
        note_time(side, round, start, &last);
    }
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double median_rate(struct side *side, size_t batch, int appends)
{
    qsort(side->took, ROUNDS, sizeof *side->took, by_time);
    return (double)batch * appends * 1e9 / (double)side->took[ROUNDS / 2];
}

static void compare(struct zt_ledger *ledger, int fd, off_t *at, size_t batch)
{
    struct side bare = {.worst = 0}, ours = {.worst = 0};
    int appends = batch > 100 ? 100 : 300;
    for (int round = 0; round < ROUNDS; round++) {
        run_bare(fd, at, batch, appends, &bare, round);
        run_ledger(ledger, batch, appends, &ours, round);
    }
    double b = median_rate(&bare, batch, appends), l = median_rate(&ours, batch, appends);
    printf("batch %5zu: bare %9.0f/s, ledger %9.0f/s, ratio %.2f, slowest %.1f / %.1f ms\n", batch, b, l,
           l / b, (double)bare.worst / 1e6, (double)ours.worst / 1e6);
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *at)
{
    (void)info;
    (void)type;
    (void)at;
    return remove(path);
}

int main(int argc, char **argv)
{
    static const size_t batches[] = {1, 16, 256, 1024};
    char dir[4096], file[4200];
    struct zt_ledger *ledger = NULL;
    struct zt_fault fault;
    off_t at = 0;
    (void)!snprintf(dir, sizeof dir, "%.4000s/zt-bench-XXXXXX", argc > 1 ? argv[1] : "/tmp");
    if (!mkdtemp(dir))
        die(dir);
    (void)!snprintf(file, sizeof file, "%s/bare", dir);
    struct zt_ledger_options options = {dir, "zhitong.example/ledger/bench", 0};
    if (zt_ledger_open(&options, &ledger, &fault) != ZT_OK) {
        fprintf(stderr, "%s\n", fault.text);
        return 1;
    }
    int fd = open(file, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    memset(bytes, 'e', sizeof bytes);
    for (size_t i = 0; i < ZT_LEDGER_APPEND; i++)
        entries[i] = (struct zt_bytes){bytes, ENTRY_LEN};
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++)
        compare(ledger, fd, &at, batches[i]);
    close(fd);
    zt_ledger_close(&ledger);
    return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 1;
}
