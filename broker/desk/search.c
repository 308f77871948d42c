// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "broker/desk/filter.h"

struct scan {
    struct zt_desk *desk;
    struct zt_sieve sieve;
    struct zt_desk_line *lines;
    size_t count, limit, bytes;
    uint64_t looked, most, next; // entries looked at, at most, and where to go on
    bool full;                   // stopped before the end
    enum zt_err rc;
};

static bool keep(struct scan *scan, uint64_t index, struct zt_bytes entry)
{
    uint8_t *copy = zt_arena_alloc(&scan->desk->arena, entry.len);
    if (!copy) {
        scan->rc = ZT_E_NOMEM;
        return false;
    }
    memcpy(copy, entry.data, entry.len);
    scan->lines[scan->count++] = (struct zt_desk_line){index, {copy, entry.len}};
    scan->bytes += entry.len;
    return true;
}

static bool look(void *arg, uint64_t index, struct zt_bytes entry)
{
    struct scan *scan = arg;
    if (scan->count == scan->limit || scan->looked == scan->most ||
        scan->bytes + ZT_ENTRY_MAX > ZT_DESK_LINE_BYTES) {
        scan->full = true;
        return false;
    }
    if (zt_sieve_passes(&scan->sieve, entry, &scan->desk->scratch) && !keep(scan, index, entry))
        return false;
    scan->looked++;
    scan->next = index + 1;
    return true;
}

static void run(struct scan *scan, const struct zt_desk_request *request, struct zt_desk_answer *answer)
{
    struct zt_desk *desk = scan->desk;
    enum zt_err rc = zt_ledger_scan(desk->reader, request->cursor, look, scan);
    atomic_fetch_add(&desk->options->counts.scanned, scan->looked);
    if (rc == ZT_OK)
        rc = scan->rc;
    if (rc != ZT_OK) {
        zt_desk_trouble(answer, rc);
        return;
    }
    zt_desk_ok(answer);
    answer->lines = scan->lines;
    answer->line_count = scan->count;
    answer->next_cursor = scan->next;
    answer->more = scan->full;
}

void zt_desk_search(struct zt_desk *desk, struct zt_question *question, struct zt_desk_answer *answer)
{
    const struct zt_desk_request *request = question->request;
    const struct zt_subject *subject = &request->filter.subject;
    struct scan scan = {.desk = desk, .limit = request->limit, .next = request->cursor};
    if (subject->number && subject->number[0]) {
        const char *rule = zt_filter_subject(desk, subject, question->subject);
        if (rule) {
            zt_desk_refuse(answer, rule);
            return;
        }
        question->subject_known = true;
    }
    zt_sieve_make(&scan.sieve, &request->filter, question->subject_known ? question->subject : NULL);
    scan.most = desk->options->scan_max ? desk->options->scan_max : ZT_DESK_SCAN;
    scan.lines = zt_arena_alloc(&desk->arena, scan.limit * sizeof *scan.lines);
    if (!scan.lines)
        zt_desk_trouble(answer, ZT_E_NOMEM);
    else
        run(&scan, request, answer);
}
