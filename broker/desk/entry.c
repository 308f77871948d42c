// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "broker/desk/internal.h"

#define NOTE_MAX ((size_t)560) // with all other fields at their longest, an entry stays below ZT_ENTRY_MAX

static void put_word(struct zt_buf *note, const char *name, const char *value)
{
    if (value && value[0])
        zt_buf_printf(note, "; %s=%s", name, value);
}

static void put_time(struct zt_buf *note, const char *name, int64_t ms)
{
    char text[ZT_TIME_LEN + 1];
    if (ms <= 0)
        return;
    zt_time_of_ms(ms, text);
    put_word(note, name, text);
}

// What was looked for, in words. The person is in the entry's own field, as a pseudonym.
static void put_filter(struct zt_buf *note, const struct zt_filter *filter)
{
    put_word(note, "party", filter->party);
    put_word(note, "officer", filter->officer);
    put_word(note, "item", filter->item);
    put_word(note, "purpose", filter->purpose);
    put_word(note, "type", filter->type);
    put_word(note, "case", filter->case_no);
    if (filter->kind)
        put_word(note, "kind", zt_entry_kind_name(filter->kind));
    if (filter->status)
        put_word(note, "status", zt_status_name((enum zt_status)(filter->status - 1)));
    put_time(note, "from", filter->from);
    put_time(note, "to", filter->to);
}

static void put_request(struct zt_buf *note, const struct zt_desk_request *request)
{
    const struct zt_desk_act_info *info = zt_desk_act_info(request->act);
    zt_buf_printf(note, "act=%s", info ? info->name : "unknown");
    put_word(note, "reason", request->reason);
    if (request->act == ZT_DESK_SEARCH) {
        zt_buf_printf(note, "; cursor=%" PRIu64 "; limit=%" PRIu32, request->cursor, request->limit);
        put_filter(note, &request->filter);
    } else if (request->act == ZT_DESK_PROVE) {
        zt_buf_printf(note, "; index=%" PRIu64, request->index);
    }
}

// Cut between two characters; the request's hash covers what is lost.
static const char *clip(struct zt_buf *note)
{
    if (note->len > NOTE_MAX) {
        note->len = NOTE_MAX;
        while (note->len && (note->data[note->len] & 0xc0) == 0x80)
            note->len--;
    }
    return zt_buf_text(note);
}

static enum zt_entry_kind kind_of(const struct zt_question *question, const struct zt_desk_answer *answer)
{
    if (answer->status == ZT_STATUS_DENIED || answer->status == ZT_STATUS_INVALID ||
        strncmp(answer->rule, "desk.", 5) == 0)
        return ZT_ENTRY_DENIAL;
    bool operates = question->party && (question->party->roles & ZT_ROLE_OPERATOR);
    return operates ? ZT_ENTRY_ADMIN : ZT_ENTRY_AUDIT;
}

static enum zt_err encode(struct zt_desk *desk, struct zt_entry *entry, struct zt_buf *note)
{
    entry->note = clip(note);
    zt_buf_reset(&desk->entry);
    enum zt_err rc = zt_entry_encode(entry, &desk->entry);
    zt_buf_fini(note);
    return rc;
}

enum zt_err zt_desk_entry(struct zt_desk *desk, const struct zt_question *question,
                          const struct zt_desk_answer *answer, const uint8_t *answer_hash)
{
    struct zt_buf note;
    const struct zt_desk_request *request = question->request;
    struct zt_entry entry = {.kind = kind_of(question, answer),
                             .time = desk->now,
                             .party = question->user,
                             .officer = request ? request->officer : "",
                             .status = answer->status,
                             .rule = answer->rule,
                             .request_id = {question->id, ZT_REQUEST_ID_LEN},
                             .request_hash = {question->hash, ZT_HASH_LEN}};
    if (question->subject_known)
        entry.subject = (struct zt_bytes){question->subject, ZT_PSEUDONYM_LEN};
    if (answer_hash)
        entry.answer_hash = (struct zt_bytes){answer_hash, ZT_HASH_LEN};
    zt_buf_init(&note, 8 * ZT_ENTRY_MAX);
    if (request)
        put_request(&note, request);
    return encode(desk, &entry, &note);
}

enum zt_err zt_desk_outcome(struct zt_desk *desk, const struct zt_waiting *waiting,
                            const struct zt_desk_answer *answer, const uint8_t *answer_hash)
{
    struct zt_buf note;
    struct zt_entry entry = {.kind = ZT_ENTRY_ADMIN,
                             .time = desk->now,
                             .party = waiting->user,
                             .officer = waiting->officer,
                             .status = answer->status,
                             .rule = answer->rule,
                             .request_id = {waiting->id, ZT_REQUEST_ID_LEN},
                             .request_hash = {waiting->hash, ZT_HASH_LEN},
                             .answer_hash = {answer_hash, ZT_HASH_LEN},
                             .intent = waiting->wish};
    zt_buf_init(&note, 8 * ZT_ENTRY_MAX);
    zt_buf_put_str(&note, "act=reload; done");
    put_word(&note, "reason", waiting->reason);
    return encode(desk, &entry, &note);
}
