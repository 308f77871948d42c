// SPDX-License-Identifier: Apache-2.0
#include "broker/desk/filter.h"

#include <string.h>

#include "base/clock.h"
#include "base/id/id.h"

#define THING "000" // id_type of what is found by its own key (proto/record.h)

static void need(struct zt_sieve *sieve, const char *text)
{
    if (text && text[0])
        sieve->needles[sieve->count++] = zt_bytes_str(text);
}

void zt_sieve_make(struct zt_sieve *sieve, const struct zt_filter *filter, const uint8_t *subject)
{
    *sieve = (struct zt_sieve){.filter = filter, .subject = subject};
    if (subject)
        sieve->needles[sieve->count++] = (struct zt_bytes){subject, ZT_PSEUDONYM_LEN};
    need(sieve, filter->case_no); // the rarest first
    need(sieve, filter->officer);
    need(sieve, filter->type);
    need(sieve, filter->item);
    need(sieve, filter->purpose);
    need(sieve, filter->party);
}

static bool is_or_any(const char *wanted, const char *found)
{
    return !wanted || !wanted[0] || (found && strcmp(wanted, found) == 0);
}

static bool fits(const struct zt_sieve *sieve, const struct zt_entry *entry)
{
    const struct zt_filter *filter = sieve->filter;
    if (sieve->subject &&
        !zt_bytes_equal(entry->subject, (struct zt_bytes){sieve->subject, ZT_PSEUDONYM_LEN}))
        return false;
    if (filter->kind && entry->kind != filter->kind)
        return false;
    if (filter->status && (uint32_t)entry->status + 1 != filter->status)
        return false;
    if ((filter->from && entry->time < filter->from) || (filter->to && entry->time >= filter->to))
        return false;
    return is_or_any(filter->party, entry->party) && is_or_any(filter->officer, entry->officer) &&
           is_or_any(filter->item, entry->item) && is_or_any(filter->purpose, entry->purpose) &&
           is_or_any(filter->type, entry->type) && is_or_any(filter->case_no, entry->case_no);
}

bool zt_sieve_passes(const struct zt_sieve *sieve, struct zt_bytes encoded, struct zt_arena *arena)
{
    struct zt_entry entry;
    if (encoded.len == 0)
        return false; // no entry is empty
    for (size_t i = 0; i < sieve->count; i++)
        if (!memmem(encoded.data, encoded.len, sieve->needles[i].data, sieve->needles[i].len))
            return false;
    zt_arena_reset(arena);
    return zt_entry_parse(encoded, arena, &entry, NULL) == ZT_OK && fits(sieve, &entry);
}

static const char *check_number(struct zt_desk *desk, const struct zt_subject *subject)
{
    char today[ZT_DATE_LEN + 1];
    enum zt_id_kind kind;
    struct zt_fault fault;
    if (strcmp(subject->id_type, THING) == 0)
        return NULL;
    if (zt_id_kind_parse(subject->id_type, &kind) != ZT_OK || kind == ZT_ID_LICENCE)
        return "subject.id-type";
    zt_date_of_ms(desk->now, today);
    if (zt_id_check(kind, subject->number, today, &fault) == ZT_OK)
        return NULL;
    const char *rule = zt_arena_strdup(&desk->arena, fault.rule);
    return rule ? rule : "id.malformed";
}

const char *zt_filter_subject(struct zt_desk *desk, const struct zt_subject *subject,
                              uint8_t pseudonym[static ZT_PSEUDONYM_LEN])
{
    if (!subject->id_type || !subject->id_type[0])
        return "subject.missing";
    const char *rule = check_number(desk, subject);
    if (rule)
        return rule;
    enum zt_err rc = zt_pseudonym(desk->options->store, subject->id_type, subject->number, pseudonym);
    return rc == ZT_OK ? NULL : "trouble.crypto";
}
