// SPDX-License-Identifier: Apache-2.0
// One run of a ledger for the torture test:
//   ledger_worker append DIR BATCHES [early]   appends; after each append says "ACK <entries>" on standard
//   output ledger_worker check DIR ENTRIES            opens again: at least ENTRIES are there, each as it was
//   made, and the
//                                              journal takes more
// "early" acknowledges before it appends: the negative control. Exit 0: good; 3: the ledger failed and stayed
// failed; 1: anything else.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/ledger/ledger.h"

#define SEGMENT 6000 // several roll-overs in a run
#define LARGEST 40   // entries of one append

// Entry `index`: its bytes depend on nothing else.
static struct zt_bytes make_entry(uint64_t index, uint8_t *room)
{
    uint64_t state = index * UINT64_C(0x9e3779b97f4a7c15) + 1;
    size_t len = 1 + (size_t)(state >> 33) % 200;
    for (size_t i = 0; i < len; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        room[i] = (uint8_t)(state >> 56);
    }
    return (struct zt_bytes){room, len};
}

static struct zt_ledger *open_ledger(const char *dir)
{
    struct zt_ledger_options options = {dir, "zhitong.example/ledger/torture", SEGMENT};
    struct zt_ledger *ledger = NULL;
    struct zt_fault fault;
    if (zt_ledger_open(&options, &ledger, &fault) == ZT_OK)
        return ledger;
    fprintf(stderr, "open: %s: %s: %s\n", fault.rule, fault.place, fault.text);
    return NULL;
}

static void acknowledge(uint64_t entries)
{
    char line[64];
    int len = snprintf(line, sizeof line, "ACK %" PRIu64 "\n", entries);
    (void)!write(STDOUT_FILENO, line, (size_t)len);
}

static enum zt_err append(struct zt_ledger *ledger, size_t count)
{
    static uint8_t rooms[LARGEST][ZT_ENTRY_MAX];
    static uint8_t hashes[LARGEST][ZT_HASH_LEN];
    struct zt_bytes entries[LARGEST];
    uint64_t first, size = zt_ledger_size(ledger);
    for (size_t i = 0; i < count; i++)
        entries[i] = make_entry(size + i, rooms[i]);
    enum zt_err rc = zt_ledger_append(ledger, entries, count, &first, hashes);
    return rc == ZT_OK && first != size ? ZT_E_BUG : rc;
}

// Once failed, always failed: a retry could report success without the data.
static int stays_failed(struct zt_ledger *ledger)
{
    for (int i = 0; i < 5; i++)
        if (append(ledger, 1) == ZT_OK)
            return 1;
    return zt_ledger_failure(ledger) == ZT_OK ? 1 : 3;
}

static int run_append(const char *dir, int batches, bool early)
{
    struct zt_ledger *ledger = open_ledger(dir);
    int status = ledger ? 0 : 3;
    for (int i = 0; ledger && status == 0 && i < batches; i++) {
        size_t count = 1 + (size_t)(i * 7) % LARGEST;
        if (early)
            acknowledge(zt_ledger_size(ledger) + count);
        if (append(ledger, count) != ZT_OK)
            status = stays_failed(ledger);
        else if (!early)
            acknowledge(zt_ledger_size(ledger));
    }
    zt_ledger_close(&ledger);
    return status;
}

struct check {
    uint64_t next;
    bool good;
};

static bool check_one(void *arg, uint64_t index, struct zt_bytes entry)
{
    uint8_t room[ZT_ENTRY_MAX];
    struct check *check = arg;
    check->good = index == check->next++ && zt_bytes_equal(entry, make_entry(index, room));
    return check->good;
}

static bool holds(struct zt_ledger *ledger, uint64_t entries)
{
    struct zt_ledger_reader *reader;
    struct check check = {0, true};
    if (zt_ledger_reader_open(ledger, &reader) != ZT_OK)
        return false;
    enum zt_err rc = zt_ledger_scan(reader, 0, check_one, &check);
    zt_ledger_reader_close(&reader);
    bool good = rc == ZT_OK && check.good && check.next == zt_ledger_size(ledger) && check.next >= entries;
    if (!good)
        fprintf(stderr, "%" PRIu64 " entries acknowledged, %" PRIu64 " good ones read\n", entries,
                check.next);
    return good;
}

static int run_check(const char *dir, uint64_t entries)
{
    struct zt_ledger *ledger = open_ledger(dir);
    bool good = ledger && holds(ledger, entries) && append(ledger, 3) == ZT_OK && holds(ledger, entries + 3);
    zt_ledger_close(&ledger);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "append") == 0)
        return run_append(argv[2], (int)strtol(argv[3], NULL, 10), argc > 4);
    if (argc == 4 && strcmp(argv[1], "check") == 0)
        return run_check(argv[2], strtoull(argv[3], NULL, 10));
    fputs("usage: ledger_worker append DIR BATCHES [early] | check DIR ENTRIES\n", stderr);
    return 2;
}
