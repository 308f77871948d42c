// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "broker/ledger/journal.h"

#define MARK_EVERY 1024 // entries between two remembered places

// offsets[k] is where entry (k + 1) * MARK_EVERY of the segment lies.
struct zt_marks {
    uint64_t *offsets;
    size_t count, cap;
};

// Remembers the place when it is the next one to remember; without memory the walk is only slower.
static void mark(struct zt_marks *marks, uint64_t nth, uint64_t offset)
{
    if (nth == 0 || nth % MARK_EVERY || nth / MARK_EVERY != marks->count + 1)
        return;
    if (marks->count == marks->cap) {
        size_t cap = marks->cap ? marks->cap * 2 : 64;
        uint64_t *offsets = realloc(marks->offsets, cap * sizeof *offsets);
        if (!offsets)
            return;
        marks->offsets = offsets;
        marks->cap = cap;
    }
    marks->offsets[marks->count++] = offset;
}

static enum zt_err add_marks(struct zt_walk *walk, size_t old_count)
{
    struct zt_marks *marks = realloc(walk->marks, walk->segments.count * sizeof *marks);
    if (!marks)
        return ZT_E_NOMEM;
    memset(marks + old_count, 0, (walk->segments.count - old_count) * sizeof *marks);
    walk->marks = marks;
    return ZT_OK;
}

enum zt_err zt_walk_open(struct zt_walk *walk, const char *dir, struct zt_fault *fault)
{
    if (strlen(dir) >= sizeof walk->dir)
        return zt_fault_set(fault, ZT_E_LIMIT, "ledger.journal", dir, "the folder's name is too long");
    *walk = (struct zt_walk){.cursor = ZT_CURSOR_CLOSED};
    memcpy(walk->dir, dir, strlen(dir) + 1);
    enum zt_err rc = zt_segments_list(dir, &walk->segments, fault);
    if (rc == ZT_OK && walk->segments.count == 0)
        rc = zt_fault_set(fault, ZT_E_ABSENT, "ledger.journal", dir, "there is no journal here");
    if (rc == ZT_OK)
        rc = add_marks(walk, 0);
    if (rc == ZT_OK)
        rc = zt_cursor_open(&walk->cursor, dir, walk->segments.firsts[0], fault);
    if (rc != ZT_OK)
        zt_walk_close(walk);
    return rc;
}

void zt_walk_close(struct zt_walk *walk)
{
    for (size_t i = 0; walk->marks && i < walk->segments.count; i++)
        free(walk->marks[i].offsets);
    free(walk->marks);
    walk->marks = NULL;
    zt_segments_fini(&walk->segments);
    zt_cursor_close(&walk->cursor);
}

// New segments that the owner began since the list was made.
static enum zt_err list_again(struct zt_walk *walk)
{
    struct zt_segments now;
    enum zt_err rc = zt_segments_list(walk->dir, &now, NULL);
    if (rc != ZT_OK)
        return rc;
    size_t old = walk->segments.count;
    for (size_t i = 0; rc == ZT_OK && i < now.count; i++)
        if (now.firsts[i] > walk->segments.firsts[walk->segments.count - 1])
            rc = zt_segments_add(&walk->segments, now.firsts[i]);
    zt_segments_fini(&now);
    if (rc == ZT_OK)
        rc = add_marks(walk, old);
    if (rc != ZT_OK)
        walk->segments.count = old;
    return rc;
}

static enum zt_err enter(struct zt_walk *walk, size_t segment)
{
    enum zt_err rc = zt_cursor_open(&walk->cursor, walk->dir, walk->segments.firsts[segment], NULL);
    if (rc == ZT_OK)
        walk->at = segment;
    return rc;
}

// From the nearest remembered place before `index`, or from where the cursor is when that is nearer.
static void jump(struct zt_walk *walk, uint64_t index)
{
    const struct zt_marks *marks = &walk->marks[walk->at];
    uint64_t first = walk->segments.firsts[walk->at];
    uint64_t nth = (index - first) / MARK_EVERY;
    if (nth > marks->count)
        nth = marks->count;
    uint64_t marked = first + nth * MARK_EVERY;
    if (walk->cursor.index <= index && walk->cursor.index >= marked)
        zt_cursor_again(&walk->cursor);
    else
        zt_cursor_seek(&walk->cursor, nth ? marks->offsets[nth - 1] : ZT_SEGMENT_HEAD, marked);
}

static enum zt_err step(struct zt_walk *walk, bool check, struct zt_journal_record *record)
{
    struct zt_cursor *cursor = &walk->cursor;
    mark(&walk->marks[walk->at], cursor->index - walk->segments.firsts[walk->at], cursor->offset);
    return zt_cursor_next(cursor, check, record);
}

enum zt_err zt_walk_seek(struct zt_walk *walk, uint64_t index)
{
    if (index < walk->segments.firsts[0])
        return ZT_E_ABSENT;
    enum zt_err rc = list_again(walk);
    size_t segment = zt_segments_find(&walk->segments, index);
    if (rc == ZT_OK && segment != walk->at)
        rc = enter(walk, segment);
    if (rc != ZT_OK)
        return rc;
    jump(walk, index);
    while (walk->cursor.index < index) {
        struct zt_journal_record record;
        rc = step(walk, false, &record);
        if (rc != ZT_OK)
            return rc == ZT_E_ABSENT ? ZT_E_CORRUPT : rc; // the caller knew that it is there
    }
    return ZT_OK;
}

// The segment is read to its end: the next one must begin with the very next index.
static enum zt_err go_on(struct zt_walk *walk)
{
    enum zt_err rc = walk->at + 1 == walk->segments.count ? list_again(walk) : ZT_OK;
    if (rc != ZT_OK)
        return rc;
    if (walk->at + 1 == walk->segments.count)
        return ZT_E_ABSENT;
    if (walk->segments.firsts[walk->at + 1] != walk->cursor.index)
        return ZT_E_CORRUPT;
    return enter(walk, walk->at + 1);
}

enum zt_err zt_walk_next(struct zt_walk *walk, struct zt_journal_record *record)
{
    enum zt_err rc = step(walk, true, record);
    if (rc != ZT_E_ABSENT)
        return rc;
    rc = go_on(walk);
    return rc == ZT_OK ? step(walk, true, record) : rc;
}
