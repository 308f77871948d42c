// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share: a folder that goes away, entries that can be made again, files that get
// damaged.
#ifndef ZT_BROKER_LEDGER_FIXTURE_H
#define ZT_BROKER_LEDGER_FIXTURE_H

#include "broker/ledger/journal.h"
#include "broker/ledger/ledger.h"

#define FIXTURE_ORIGIN "zhitong.example/ledger/test"

// A new empty folder below $TMPDIR; removed with everything in it by fixture_remove. Both fail the test.
void fixture_folder(char path[static PATH_MAX]);
void fixture_remove(const char *path);

// Entry number `index`: 1..ZT_ENTRY_MAX bytes that depend on the index only, into room for ZT_ENTRY_MAX.
struct zt_bytes fixture_entry(uint64_t index, uint8_t *room);
// Appends entries [from, from + count) in appends of at most `batch` (1..ZT_LEDGER_APPEND).
void fixture_append(struct zt_ledger *ledger, uint64_t from, size_t count, size_t batch);
// Every entry of the ledger is the one that fixture_entry makes; returns how many there are.
uint64_t fixture_check(struct zt_ledger *ledger);

// Appends to a bare journal; count is at most 128.
void fixture_journal(struct zt_journal *journal, const struct zt_bytes *entries, size_t count);

struct zt_ledger *fixture_open(const char *dir, uint64_t segment_bytes); // must open
enum zt_err fixture_try(const char *dir, struct zt_fault *fault);        // opens and closes again

// Whole files.
uint8_t *fixture_read(const char *path, size_t *len); // to be freed
void fixture_write(const char *path, const uint8_t *data, size_t len);
void fixture_copy(const char *from, const char *to); // one file
void fixture_flip(const char *path, size_t offset, uint8_t bits);
size_t fixture_size(const char *path);
void fixture_cut(const char *path, size_t len);
void fixture_shell(const char *fmt, ...) ZT_PRINTF(1, 2); // a command that must succeed

#endif
