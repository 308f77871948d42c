// SPDX-License-Identifier: Apache-2.0
// The journal of the ledger: segment files, written at their end by one owner, read by anybody. Private to
// this room (and to the checking program of the tests).
//
// A segment is called <index of its first entry, 20 digits>.ztj. It begins with 32 bytes: "ztj1", four zeros,
// the index as be64, 8 zeros, 8 random bytes (the salt). Then records, one after another:
//   be32 head: bit 31: first record of an append; bits 16-30: how many records of the same append follow;
//              bits 0-15: length of the entry, 1..ZT_ENTRY_MAX
//   8 bytes:   the first of the entry's leaf hash, SHA-256(0x00 ‖ entry), xor be64(be64 of salt + index)
//   the entry
// Zeros behind the last record are prepared room, not data: a head is never 0.
//
// The head tells a torn tail from damage. An append is one write and one fdatasync, and the next one begins
// after it. So an append that is not whole was never acknowledged and is cut off, unless a whole one stands
// behind it: that proves that it had been durable once, and nothing is cut. The salt keeps a client from
// writing something that looks like an append into an entry of its own. The leaf hash is needed anyway, so
// the check costs no hash of its own (SM3 for it was measured at half of an append's time).
#ifndef ZT_BROKER_LEDGER_JOURNAL_H
#define ZT_BROKER_LEDGER_JOURNAL_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "broker/ledger/ledger.h"

#define ZT_SEGMENT_HEAD 32
#define ZT_SEGMENT_SALT 8
#define ZT_JOURNAL_HEAD 12
#define ZT_APPEND_BYTES ((size_t)ZT_LEDGER_APPEND * (ZT_JOURNAL_HEAD + ZT_ENTRY_MAX))

// --- segments (segment.c) ---
struct zt_segments {
    uint64_t *firsts; // owned, ascending
    size_t count, cap;
};
ZT_MUST_USE enum zt_err zt_segments_list(const char *dir, struct zt_segments *list, struct zt_fault *fault);
ZT_MUST_USE enum zt_err zt_segments_add(struct zt_segments *list, uint64_t first);
void zt_segments_fini(struct zt_segments *list);
// Position of the segment that holds `index` if any does; the list is not empty and begins at or below it.
size_t zt_segments_find(const struct zt_segments *list, uint64_t index);
void zt_segment_path(const char *dir, uint64_t first, char path[static PATH_MAX]);
// Makes an empty segment, durable with its name. An empty one of that name is replaced.
ZT_MUST_USE enum zt_err zt_segment_make(const char *dir, uint64_t first, struct zt_fault *fault);
// Reads the salt of an open segment and checks its head.
ZT_MUST_USE enum zt_err zt_segment_salt(int fd, uint64_t first, uint8_t salt[static ZT_SEGMENT_SALT]);

// --- one record (record.c) ---
struct zt_journal_record {
    struct zt_bytes entry;
    bool first;                // of an append
    uint32_t follow;           // records of the same append behind this one
    uint8_t leaf[ZT_HASH_LEN]; // leaf hash of the entry
};
// Writes head and entry of a record whose leaf hash is filled; returns the bytes used.
size_t zt_record_put(const uint8_t salt[static ZT_SEGMENT_SALT], uint64_t index,
                     const struct zt_journal_record *record, uint8_t *out);
// Parses the record at the start of `bytes`, all but its leaf hash. ZT_E_ABSENT: the head is 0. ZT_E_LIMIT:
// more bytes are needed. ZT_E_CORRUPT: the head is impossible.
ZT_MUST_USE enum zt_err zt_record_get(struct zt_bytes bytes, struct zt_journal_record *record);
// Fills the leaf hash; ZT_E_CORRUPT when the eight bytes before the entry do not fit.
ZT_MUST_USE enum zt_err zt_journal_record_check(const uint8_t salt[static ZT_SEGMENT_SALT], uint64_t index,
                                                struct zt_journal_record *record);
// Fills the leaf hash and says which index the record claims.
ZT_MUST_USE enum zt_err zt_record_index(const uint8_t salt[static ZT_SEGMENT_SALT],
                                        struct zt_journal_record *record, uint64_t *index);

// --- reading a segment in order (cursor.c) ---
struct zt_cursor {
    int fd; // -1: closed
    uint8_t salt[ZT_SEGMENT_SALT];
    uint8_t *buf;
    size_t start, len; // unread bytes are buf[start, len)
    uint64_t offset;   // in the file, of buf[start]
    uint64_t index;    // of the record there
};
#define ZT_CURSOR_CLOSED ((struct zt_cursor){.fd = -1})
ZT_MUST_USE enum zt_err zt_cursor_open(struct zt_cursor *cursor, const char *dir, uint64_t first,
                                       struct zt_fault *fault);
void zt_cursor_close(struct zt_cursor *cursor); // idempotent
void zt_cursor_seek(struct zt_cursor *cursor, uint64_t offset, uint64_t index);
void zt_cursor_again(struct zt_cursor *cursor); // forgets bytes read ahead: the file may have grown
// The record at the cursor; the cursor moves behind it. The view dies with the next call. ZT_E_ABSENT: no
// record begins here (head 0, or the file ends). ZT_E_CORRUPT: a bad record, or the file ends inside it; the
// cursor stays. Without `check` no hash is computed or looked at.
ZT_MUST_USE enum zt_err zt_cursor_next(struct zt_cursor *cursor, bool check,
                                       struct zt_journal_record *record);

// --- reading the journal in order (walk.c) ---
struct zt_marks; // where entries lie, as far as it was seen
struct zt_walk {
    char dir[PATH_MAX];
    struct zt_segments segments;
    struct zt_marks *marks; // one per segment
    size_t at;              // position of the segment that the cursor is in
    struct zt_cursor cursor;
};
ZT_MUST_USE enum zt_err zt_walk_open(struct zt_walk *walk, const char *dir, struct zt_fault *fault);
void zt_walk_close(struct zt_walk *walk); // idempotent after open
// Goes to the entry `index`, of which the caller knows that it is durable. ZT_E_ABSENT below the first kept.
ZT_MUST_USE enum zt_err zt_walk_seek(struct zt_walk *walk, uint64_t index);
// The checked entry at the walk's place. ZT_E_ABSENT: there is none (yet).
ZT_MUST_USE enum zt_err zt_walk_next(struct zt_walk *walk, struct zt_journal_record *record);

// --- opening after a crash (recover.c) ---
struct zt_journal_end {
    uint64_t first;       // name of the last segment
    uint64_t next;        // index of the next entry
    uint64_t offset;      // where it goes
    uint64_t last_append; // where the last whole append of this segment begins; `offset` when there is none
    uint64_t cut;         // bytes of a torn tail behind `offset`; 0 when the end is clean
};
// Reads the last segment, checks every record, and finds the end. Changes nothing. ZT_E_ABSENT: no segment.
// ZT_E_CORRUPT with the place when the damage is not a torn tail.
ZT_MUST_USE enum zt_err zt_journal_find_end(const char *dir, struct zt_journal_end *end,
                                            struct zt_fault *fault);
// Cuts the torn tail and makes the last append durable, which an earlier process may have left in memory
// only.
ZT_MUST_USE enum zt_err zt_journal_mend(const char *dir, const struct zt_journal_end *end,
                                        struct zt_fault *fault);

// --- appending (journal.c) ---
struct zt_journal {
    char dir[PATH_MAX];
    int fd;
    uint8_t salt[ZT_SEGMENT_SALT];
    uint64_t first, next, offset; // segment, next index, its place
    uint64_t segment_bytes;
    uint8_t *batch;
    enum zt_err failed; // sticky
};
ZT_MUST_USE enum zt_err zt_journal_open(struct zt_journal *journal, const char *dir, uint64_t segment_bytes,
                                        const struct zt_journal_end *end, struct zt_fault *fault);
void zt_journal_close(struct zt_journal *journal);
// `leaves` are the entries' leaf hashes. ZT_E_LIMIT (count or an entry's length) leaves everything as it was;
// every other failure is final.
ZT_MUST_USE enum zt_err zt_journal_append(struct zt_journal *journal, const struct zt_bytes *entries,
                                          uint8_t (*leaves)[ZT_HASH_LEN], size_t count);

#endif
