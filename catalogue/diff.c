// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/diff_parts.h"

const char *zt_impact_name(enum zt_impact impact)
{
    static const char *const names[] = {[ZT_BREAKS] = "breaks", [ZT_CHANGES] = "changes", [ZT_ADDS] = "adds"};
    return (size_t)impact < sizeof names / sizeof *names && names[impact] ? names[impact] : "unknown";
}

void zt_changes_fini(struct zt_changes *changes)
{
    free(changes->list);
    *changes = (struct zt_changes){0};
}

static struct zt_change *new_change(struct zt_changes *changes)
{
    if (changes->count == changes->cap) {
        size_t cap = changes->cap ? changes->cap * 2 : 32;
        struct zt_change *list = realloc(changes->list, cap * sizeof *list);
        if (!list)
            return NULL;
        changes->list = list;
        changes->cap = cap;
    }
    return &changes->list[changes->count++];
}

void zt_diff_note(struct zt_diff *d, enum zt_impact impact, enum zt_listed_kind kind, const char *id,
                  const char *whom, const char *fmt, ...)
{
    struct zt_change *change = d->err == ZT_OK ? new_change(d->changes) : NULL;
    if (!change) {
        d->err = ZT_E_NOMEM;
        return;
    }
    *change = (struct zt_change){.impact = impact, .kind = kind};
    snprintf(change->id, sizeof change->id, "%s", id);
    snprintf(change->whom, sizeof change->whom, "%s", whom);
    va_list args;
    va_start(args, fmt);
    vsnprintf(change->text, sizeof change->text, fmt, args);
    va_end(args);
    d->changes->breaking += impact == ZT_BREAKS;
}

// Appends a name once; the list is for people, so what does not fit is left out.
static void add_user(char out[static 256], const struct zt_party *party)
{
    size_t used = strlen(out), len = strlen(party->id);
    for (const char *at = strstr(out, party->id); at; at = strstr(at + 1, party->id))
        if ((at == out || at[-1] == ' ') && (at[len] == '\0' || at[len] == ','))
            return;
    if (used + len + 3 < 256)
        snprintf(out + used, 256 - used, "%s%s", used ? ", " : "", party->id);
}

void zt_diff_users_of_record(const struct zt_catalogue *c, const char *id, char out[static 256])
{
    out[0] = '\0';
    for (size_t i = 0; i < c->source_count; i++)
        for (size_t j = 0; j < c->sources[i].record_type_count; j++)
            if (!strcmp(c->sources[i].record_types[j]->id, id))
                add_user(out, c->sources[i].party);
    for (size_t i = 0; i < c->grant_count; i++)
        if (c->grants[i].record && !strcmp(c->grants[i].record->id, id))
            add_user(out, c->grants[i].party);
}

void zt_diff_users_of_cert(const struct zt_catalogue *c, const char *id, char out[static 256])
{
    out[0] = '\0';
    for (size_t i = 0; i < c->grant_count; i++)
        if (c->grants[i].cert && !strcmp(c->grants[i].cert->id, id))
            add_user(out, c->grants[i].party);
}

void zt_diff_users_of_item(const struct zt_catalogue *c, const char *code, char out[static 256])
{
    out[0] = '\0';
    for (size_t i = 0; i < c->grant_count; i++)
        if (!strcmp(c->grants[i].item->code, code))
            add_user(out, c->grants[i].party);
}

enum zt_err zt_catalogue_diff(const struct zt_catalogue *old, const struct zt_catalogue *new,
                              struct zt_changes *changes)
{
    struct zt_diff d = {.old = old, .new = new, .changes = changes};
    static void (*const steps[])(struct zt_diff *) = {zt_diff_names, zt_diff_tables, zt_diff_records,
                                                      zt_diff_certs, zt_diff_items,  zt_diff_parties,
                                                      zt_diff_grants};
    *changes = (struct zt_changes){0};
    for (size_t i = 0; i < sizeof steps / sizeof *steps && d.err == ZT_OK; i++)
        steps[i](&d);
    if (d.err != ZT_OK)
        zt_changes_fini(changes);
    return d.err;
}

void zt_changes_put(const struct zt_changes *changes, struct zt_buf *out)
{
    static const char *const marks[] = {
        [ZT_BREAKS] = "破坏 breaks ", [ZT_CHANGES] = "改变 changes", [ZT_ADDS] = "新增 adds   "};
    for (size_t i = 0; i < changes->count; i++) {
        const struct zt_change *one = &changes->list[i];
        zt_buf_printf(out, "%s %s %s: %s%s%s%s\n", marks[one->impact], zt_listed_kind_name(one->kind),
                      one->id, one->text, *one->whom ? " [" : "", one->whom, *one->whom ? "]" : "");
    }
    zt_buf_printf(out, "%zu 处变化 changes, %zu 处破坏 breaking\n", changes->count, changes->breaking);
}
