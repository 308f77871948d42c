// SPDX-License-Identifier: Apache-2.0
// Record types and code tables: what makes a record or a question fail that passed before.
#include <string.h>

#include "catalogue/diff_parts.h"

struct pair {
    struct zt_diff *d;
    const struct zt_record_type *old, *new;
    const char *whom;
};

#define NOTE(p, impact, ...)                                                                                 \
    zt_diff_note((p)->d, (impact), ZT_LISTED_RECORD, (p)->old->id, (p)->whom, __VA_ARGS__)

static void compare_kind(const struct pair *p, const struct zt_field_type *old,
                         const struct zt_field_type *new)
{
    if (old->tag != new->tag)
        NOTE(p, ZT_BREAKS, "tag of '%s' %u -> %u", old->name, old->tag, new->tag);
    if (old->kind != new->kind)
        NOTE(p, ZT_BREAKS, "kind of '%s' %s -> %s", old->name, zt_kind_name(old->kind),
             zt_kind_name(new->kind));
    else if (old->scale != new->scale)
        NOTE(p, ZT_BREAKS, "decimals of '%s' %u -> %u", old->name, old->scale, new->scale);
    else if (old->table && new->table && strcmp(old->table->id, new->table->id) != 0)
        NOTE(p, ZT_BREAKS, "table of '%s' %s -> %s", old->name, old->table->id, new->table->id);
    else if (old->id_kind != new->id_kind)
        NOTE(p, new->id_kind == ZT_ID_UNKNOWN ? ZT_CHANGES : ZT_BREAKS, "identifier of '%s' %s -> %s",
             old->name, zt_id_kind_name(old->id_kind), zt_id_kind_name(new->id_kind));
}

static void compare_bounds(const struct pair *p, const struct zt_field_type *old,
                           const struct zt_field_type *new)
{
    if (old->max_len != new->max_len)
        NOTE(p, new->max_len < old->max_len ? ZT_BREAKS : ZT_CHANGES, "length of '%s' %u -> %u", old->name,
             old->max_len, new->max_len);
    if (old->required != new->required)
        NOTE(p, new->required ? ZT_BREAKS : ZT_CHANGES, "'%s' is %s required", old->name,
             new->required ? "now" : "no longer");
    if (old->many != new->many)
        NOTE(p, new->many ? ZT_CHANGES : ZT_BREAKS, "'%s' is %s a list", old->name,
             new->many ? "now" : "no longer");
    if (old->grade != new->grade)
        NOTE(p, ZT_CHANGES, "grade of '%s' %u -> %u", old->name, old->grade, new->grade);
}

static void compare_fields(const struct pair *p)
{
    for (size_t i = 0; i < p->old->field_count; i++) {
        const struct zt_field_type *old = &p->old->fields[i];
        const struct zt_field_type *new = zt_record_type_field(p->new, old->name);
        if (!new) {
            NOTE(p, ZT_BREAKS, "field '%s' (tag %u) is gone", old->name, old->tag);
            continue;
        }
        compare_kind(p, old, new);
        compare_bounds(p, old, new);
    }
    for (size_t i = 0; i < p->new->field_count; i++) {
        const struct zt_field_type *new = &p->new->fields[i];
        if (!zt_record_type_field(p->old, new->name))
            NOTE(p, new->required ? ZT_BREAKS : ZT_ADDS, "field '%s' (tag %u) is new%s", new->name, new->tag,
                 new->required ? " and required" : "");
    }
}

static void compare_sharing(const struct pair *p)
{
    const struct zt_record_type *old = p->old, *new = p->new;
    if (old->share != new->share)
        NOTE(p, new->share == 'N' ? ZT_BREAKS : ZT_CHANGES, "share %c -> %c", old->share, new->share);
    if (old->max_age != new->max_age)
        NOTE(p, ZT_CHANGES, "max_age %u -> %u s", old->max_age, new->max_age);
    if (old->consent != new->consent)
        NOTE(p, new->consent ? ZT_BREAKS : ZT_CHANGES, "consent is %s needed",
             new->consent ? "now" : "no longer");
    if (old->subject_kind != new->subject_kind)
        NOTE(p, ZT_BREAKS, "it is about another kind of subject");
    if (old->subject_count != new->subject_count)
        NOTE(p, ZT_BREAKS, "subjects %zu -> %zu", old->subject_count, new->subject_count);
    if (old->retention != new->retention)
        NOTE(p, ZT_CHANGES, "retention %u -> %u months", old->retention, new->retention);
}

void zt_diff_records(struct zt_diff *d)
{
    char whom[256];
    for (size_t i = 0; i < d->old->record_count; i++) {
        const struct zt_record_type *old = &d->old->records[i];
        struct pair p = {d, old, zt_catalogue_record_type(d->new, old->id), whom};
        zt_diff_users_of_record(d->old, old->id, whom);
        if (p.new) {
            compare_fields(&p);
            compare_sharing(&p);
        } else {
            NOTE(&p, ZT_BREAKS, "the record type is gone");
        }
    }
    for (size_t i = 0; i < d->new->record_count; i++)
        if (!zt_catalogue_record_type(d->old, d->new->records[i].id))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_RECORD, d->new->records[i].id, "", "new, %zu fields",
                         d->new->records[i].field_count);
}

static bool uses_table(const struct zt_record_type *type, const char *id)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].table && !strcmp(type->fields[i].table->id, id))
            return true;
    return false;
}

// The users of every record type that has a field of the table.
static void users_of_table(const struct zt_catalogue *c, const char *id, char out[static 256])
{
    out[0] = '\0';
    for (size_t i = 0; i < c->record_count; i++) {
        char one[256];
        if (!uses_table(&c->records[i], id))
            continue;
        zt_diff_users_of_record(c, c->records[i].id, one);
        size_t used = strlen(out), len = strlen(one);
        if (len && !strstr(out, one) && used + len + 3 < 256) {
            memcpy(out + used, ", ", 2);
            memcpy(out + used + (used ? 2 : 0), one, len + 1);
        }
    }
}

static void compare_table(struct zt_diff *d, const struct zt_code_table *old, const struct zt_code_table *new,
                          const char *whom)
{
    for (size_t i = 0; i < old->code_count; i++) {
        const struct zt_code *code = zt_code_table_find(new, old->codes[i].code);
        if (!code)
            zt_diff_note(d, new->open ? ZT_CHANGES : ZT_BREAKS, ZT_LISTED_TABLE, old->id, whom,
                         "code '%s' %s is gone", old->codes[i].code, old->codes[i].name_zh);
        else if (strcmp(code->name_zh, old->codes[i].name_zh) != 0)
            zt_diff_note(d, ZT_CHANGES, ZT_LISTED_TABLE, old->id, whom, "code '%s' %s -> %s", code->code,
                         old->codes[i].name_zh, code->name_zh);
    }
    for (size_t i = 0; i < new->code_count; i++)
        if (!zt_code_table_find(old, new->codes[i].code))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_TABLE, old->id, "", "code '%s' %s is new", new->codes[i].code,
                         new->codes[i].name_zh);
    if (old->open && !new->open)
        zt_diff_note(d, ZT_BREAKS, ZT_LISTED_TABLE, old->id, whom, "only listed codes are taken now");
}

void zt_diff_tables(struct zt_diff *d)
{
    char whom[256];
    for (size_t i = 0; i < d->old->table_count; i++) {
        const struct zt_code_table *old = &d->old->tables[i];
        const struct zt_code_table *new = zt_catalogue_code_table(d->new, old->id);
        users_of_table(d->old, old->id, whom);
        if (new)
            compare_table(d, old, new, whom);
        else
            zt_diff_note(d, ZT_CHANGES, ZT_LISTED_TABLE, old->id, "", "the code table is gone");
    }
    for (size_t i = 0; i < d->new->table_count; i++)
        if (!zt_catalogue_code_table(d->old, d->new->tables[i].id))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_TABLE, d->new->tables[i].id, "", "new, %zu codes",
                         d->new->tables[i].code_count);
}
