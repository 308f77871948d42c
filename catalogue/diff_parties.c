// SPDX-License-Identifier: Apache-2.0
// Parties, their grants, and the names that everything refers to.
#include <stdio.h>
#include <string.h>

#include "catalogue/diff_parts.h"

static bool has_key(const struct zt_party *party, const struct zt_party_key *key)
{
    for (size_t i = 0; i < party->key_count; i++)
        if (!strcmp(party->keys[i].key_id, key->key_id) && zt_bytes_equal(party->keys[i].spki, key->spki))
            return true;
    return false;
}

static void compare_parties(struct zt_diff *d, const struct zt_party *old, const struct zt_party *new)
{
    if (new->revoked && !old->revoked)
        zt_diff_note(d, ZT_BREAKS, ZT_LISTED_PARTY, old->id, old->id, "revoked");
    if (old->revoked && !new->revoked)
        zt_diff_note(d, ZT_CHANGES, ZT_LISTED_PARTY, old->id, "", "no longer revoked");
    if (old->roles & ~new->roles)
        zt_diff_note(d, ZT_BREAKS, ZT_LISTED_PARTY, old->id, old->id, "loses a role");
    else if (old->roles != new->roles)
        zt_diff_note(d, ZT_CHANGES, ZT_LISTED_PARTY, old->id, "", "has a new role");
    if (old->has_curve && (!new->has_curve || memcmp(old->curve, new->curve, sizeof old->curve) != 0))
        zt_diff_note(d, ZT_BREAKS, ZT_LISTED_PARTY, old->id, old->id, "another CURVE key");
    for (size_t i = 0; i < old->key_count; i++)
        if (!has_key(new, &old->keys[i]))
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_PARTY, old->id, old->id,
                         "signing key '%s' is gone or another one", old->keys[i].key_id);
}

static bool carries(const struct zt_source_info *source, const char *type)
{
    for (size_t i = 0; i < source->record_type_count; i++)
        if (!strcmp(source->record_types[i]->id, type))
            return true;
    return false;
}

static void compare_sources(struct zt_diff *d)
{
    for (size_t i = 0; i < d->old->source_count; i++) {
        const struct zt_source_info *old = &d->old->sources[i], *new = zt_catalogue_source(d->new, old->id);
        if (!new) {
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_SOURCE, old->id, old->party->id, "the stream is gone");
            continue;
        }
        if (strcmp(old->party->id, new->party->id) != 0)
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_SOURCE, old->id, old->party->id, "now of '%s'",
                         new->party->id);
        for (size_t j = 0; j < old->record_type_count; j++)
            if (!carries(new, old->record_types[j]->id))
                zt_diff_note(d, ZT_BREAKS, ZT_LISTED_SOURCE, old->id, old->party->id, "no longer carries %s",
                             old->record_types[j]->id);
    }
    for (size_t i = 0; i < d->new->source_count; i++)
        if (!zt_catalogue_source(d->old, d->new->sources[i].id))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_SOURCE, d->new->sources[i].id, "", "new");
}

void zt_diff_parties(struct zt_diff *d)
{
    for (size_t i = 0; i < d->old->party_count; i++) {
        const struct zt_party *old = &d->old->parties[i], *new = zt_catalogue_party(d->new, old->id);
        if (new)
            compare_parties(d, old, new);
        else
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_PARTY, old->id, old->id, "the party is gone");
    }
    for (size_t i = 0; i < d->new->party_count; i++)
        if (!zt_catalogue_party(d->old, d->new->parties[i].id))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_PARTY, d->new->parties[i].id, "", "new");
    compare_sources(d);
}

static const char *type_of(const struct zt_grant *grant)
{
    return grant->record ? grant->record->id : grant->cert->id;
}

static const struct zt_grant *twin_of(const struct zt_catalogue *c, const struct zt_grant *grant)
{
    return zt_catalogue_grant(c, grant->party->id, grant->item->code, type_of(grant));
}

struct sides { // of one grant
    struct zt_diff *d;
    const char *id, *whom;
};

#define NOTE(s, impact, ...) zt_diff_note((s)->d, (impact), ZT_LISTED_PARTY, (s)->id, (s)->whom, __VA_ARGS__)

static bool grants_field(const struct zt_grant *grant, const char *name)
{
    for (size_t i = 0; i < grant->field_count; i++)
        if (!strcmp(grant->fields[i]->name, name))
            return true;
    return false;
}

// What `one` grants and `other` does not.
static void compare_one_way(const struct sides *s, const struct zt_grant *one, const struct zt_grant *other,
                            enum zt_impact impact, const char *words)
{
    for (unsigned mode = ZT_MODE_VERIFY; mode <= ZT_MODE_RESOLVE; mode++)
        if (one->modes & ~other->modes & 1U << mode)
            NOTE(s, impact, "mode '%s' is %s", zt_mode_name((enum zt_mode)mode), words);
    for (size_t i = 0; i < one->field_count; i++)
        if (!grants_field(other, one->fields[i]->name))
            NOTE(s, impact, "field '%s' is %s", one->fields[i]->name, words);
    for (size_t i = 0; i < one->purpose_count; i++)
        if (!zt_grant_has_purpose(other, one->purposes[i]->code))
            NOTE(s, impact, "purpose '%s' is %s", one->purposes[i]->code, words);
}

static void compare_grants(struct zt_diff *d, const struct zt_grant *old, const struct zt_grant *new,
                           const char *id)
{
    const struct sides s = {d, id, old->party->id};
    compare_one_way(&s, old, new, ZT_BREAKS, "no longer granted");
    compare_one_way(&s, new, old, ZT_ADDS, "granted");
    if (old->consent != new->consent)
        NOTE(&s, new->consent ? ZT_BREAKS : ZT_CHANGES, "consent is %s needed",
             new->consent ? "now" : "no longer");
    if (old->stale_ok != new->stale_ok)
        NOTE(&s, new->stale_ok ? ZT_CHANGES : ZT_BREAKS, "stale answers are %s given",
             new->stale_ok ? "now" : "no longer");
    if (strcmp(old->officers, new->officers) != 0 || strcmp(old->valid_from, new->valid_from) != 0 ||
        strcmp(old->valid_to, new->valid_to) != 0)
        NOTE(&s, ZT_CHANGES, "other officers or another term");
}

void zt_diff_grants(struct zt_diff *d)
{
    char id[128];
    for (size_t i = 0; i < d->old->grant_count; i++) {
        const struct zt_grant *old = &d->old->grants[i], *new = twin_of(d->new, old);
        snprintf(id, sizeof id, "%s %s %s", old->party->id, old->item->code, type_of(old));
        if (new)
            compare_grants(d, old, new, id);
        else
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_PARTY, id, old->party->id, "the grant is gone");
    }
    for (size_t i = 0; i < d->new->grant_count; i++) {
        const struct zt_grant *new = &d->new->grants[i];
        snprintf(id, sizeof id, "%s %s %s", new->party->id, new->item->code, type_of(new));
        if (!twin_of(d->old, new))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_PARTY, id, "", "a new grant");
    }
}

void zt_diff_names(struct zt_diff *d)
{
    for (size_t i = 0; i < d->old->department_count; i++)
        if (!zt_catalogue_department(d->new, d->old->departments[i].id))
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_DEPARTMENT, d->old->departments[i].id, "",
                         "the department is gone");
    for (size_t i = 0; i < d->new->department_count; i++) {
        const struct zt_department *new = &d->new->departments[i];
        const struct zt_department *old = zt_catalogue_department(d->old, new->id);
        if (!old)
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_DEPARTMENT, new->id, "", "new");
        else if (strcmp(old->uscc, new->uscc) != 0)
            zt_diff_note(d, ZT_CHANGES, ZT_LISTED_DEPARTMENT, new->id, "",
                         "another unified social credit code");
    }
    for (size_t i = 0; i < d->old->purpose_count; i++)
        if (!zt_catalogue_purpose(d->new, d->old->purposes[i].code))
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_PURPOSE, d->old->purposes[i].code, "",
                         "the purpose is gone");
    for (size_t i = 0; i < d->new->purpose_count; i++)
        if (!zt_catalogue_purpose(d->old, d->new->purposes[i].code))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_PURPOSE, d->new->purposes[i].code, "", "new");
}
