// SPDX-License-Identifier: Apache-2.0
// Certificate types and items.
#include <string.h>

#include "catalogue/diff_parts.h"
#include "catalogue/words.h"

#define RULES_TEXT_MAX ((size_t)16 * 1024)

struct pair {
    struct zt_diff *d;
    const struct zt_cert_type *old, *new;
    const char *whom;
};

#define NOTE(p, impact, ...)                                                                                 \
    zt_diff_note((p)->d, (impact), ZT_LISTED_CERT, (p)->old->id, (p)->whom, __VA_ARGS__)

static const struct zt_cert_field *shown(const struct zt_cert_type *type, const char *name)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (!strcmp(type->fields[i].name, name))
            return &type->fields[i];
    return NULL;
}

static bool same_origin(const struct zt_cert_field *a, const struct zt_cert_field *b)
{
    const char *a_name = a->field ? a->field->name : a->envelope;
    const char *b_name = b->field ? b->field->name : b->envelope;
    return !strcmp(a->record->id, b->record->id) && !strcmp(a_name, b_name);
}

static void compare_fields(const struct pair *p)
{
    for (size_t i = 0; i < p->old->field_count; i++) {
        const struct zt_cert_field *old = &p->old->fields[i], *new = shown(p->new, old->name);
        if (!new)
            NOTE(p, ZT_BREAKS, "'%s' is no longer shown", old->name);
        else if (!same_origin(old, new))
            NOTE(p, ZT_CHANGES, "'%s' comes from another field", old->name);
        else if (old->disclosable != new->disclosable)
            NOTE(p, ZT_CHANGES, "'%s' is %s left to the holder", old->name,
                 new->disclosable ? "now" : "no longer");
    }
    for (size_t i = 0; i < p->new->field_count; i++)
        if (!shown(p->old, p->new->fields[i].name))
            NOTE(p, ZT_ADDS, "'%s' is shown", p->new->fields[i].name);
}

static void put_rules(const struct zt_cert_type *type, struct zt_buf *out)
{
    for (size_t i = 0; i < type->rule_count; i++) {
        zt_buf_printf(out, "%s %x: ", type->rules[i].record->id, type->rules[i].states);
        zt_put_rule(&type->rules[i], out);
        zt_buf_put_str(out, "\n");
    }
}

static bool same_rules(const struct zt_cert_type *a, const struct zt_cert_type *b)
{
    struct zt_buf one, other;
    zt_buf_init(&one, RULES_TEXT_MAX);
    zt_buf_init(&other, RULES_TEXT_MAX);
    put_rules(a, &one);
    put_rules(b, &other);
    bool same =
        one.err == ZT_OK && other.err == ZT_OK && zt_bytes_equal(zt_buf_bytes(&one), zt_buf_bytes(&other));
    zt_buf_fini(&one);
    zt_buf_fini(&other);
    return same;
}

static void compare(const struct pair *p)
{
    const struct zt_cert_type *old = p->old, *new = p->new;
    if (strcmp(old->type_code, new->type_code) != 0)
        NOTE(p, ZT_BREAKS, "type code %s -> %s", old->type_code, new->type_code);
    if (strcmp(old->issuer->id, new->issuer->id) != 0)
        NOTE(p, ZT_BREAKS, "issuer %s -> %s", old->issuer->id, new->issuer->id);
    if (old->subject_kind != new->subject_kind)
        NOTE(p, ZT_BREAKS, "it is about another kind of holder");
    if (old->validity_days != new->validity_days)
        NOTE(p, ZT_CHANGES, "validity %u -> %u days", old->validity_days, new->validity_days);
    if (!same_rules(old, new))
        NOTE(p, ZT_CHANGES, "its rules about records change");
    compare_fields(p);
}

void zt_diff_certs(struct zt_diff *d)
{
    char whom[256];
    for (size_t i = 0; i < d->old->cert_count; i++) {
        const struct zt_cert_type *old = &d->old->certs[i];
        struct pair p = {d, old, zt_catalogue_cert_type(d->new, old->id), whom};
        zt_diff_users_of_cert(d->old, old->id, whom);
        if (p.new)
            compare(&p);
        else
            NOTE(&p, ZT_BREAKS, "the certificate type is gone");
    }
    for (size_t i = 0; i < d->new->cert_count; i++)
        if (!zt_catalogue_cert_type(d->old, d->new->certs[i].id))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_CERT, d->new->certs[i].id, "", "new");
}

static bool asks_for(const struct zt_item *item, const char *proof)
{
    for (size_t i = 0; i < item->proof_count; i++)
        if (!strcmp(item->proofs[i]->id, proof))
            return true;
    return false;
}

static void compare_items(struct zt_diff *d, const struct zt_item *old, const struct zt_item *new,
                          const char *whom)
{
    for (size_t i = 0; i < old->purpose_count; i++)
        if (!zt_item_has_purpose(new, old->purposes[i]->code))
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_ITEM, old->code, whom, "purpose '%s' is gone",
                         old->purposes[i]->code);
    for (size_t i = 0; i < new->purpose_count; i++)
        if (!zt_item_has_purpose(old, new->purposes[i]->code))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_ITEM, old->code, whom, "purpose '%s' is new",
                         new->purposes[i]->code);
    for (size_t i = 0; i < old->proof_count; i++)
        if (!asks_for(new, old->proofs[i]->id))
            zt_diff_note(d, ZT_CHANGES, ZT_LISTED_ITEM, old->code, whom, "proof '%s' is no longer asked for",
                         old->proofs[i]->id);
    for (size_t i = 0; i < new->proof_count; i++)
        if (!asks_for(old, new->proofs[i]->id))
            zt_diff_note(d, ZT_CHANGES, ZT_LISTED_ITEM, old->code, whom, "proof '%s' is asked for%s",
                         new->proofs[i]->id, new->exempt[i] ? ", by sharing" : "");
}

void zt_diff_items(struct zt_diff *d)
{
    char whom[256];
    for (size_t i = 0; i < d->old->item_count; i++) {
        const struct zt_item *old = &d->old->items[i], *new = zt_catalogue_item(d->new, old->code);
        zt_diff_users_of_item(d->old, old->code, whom);
        if (new)
            compare_items(d, old, new, whom);
        else
            zt_diff_note(d, ZT_BREAKS, ZT_LISTED_ITEM, old->code, whom, "the item is gone");
    }
    for (size_t i = 0; i < d->new->item_count; i++)
        if (!zt_catalogue_item(d->old, d->new->items[i].code))
            zt_diff_note(d, ZT_ADDS, ZT_LISTED_ITEM, d->new->items[i].code, "", "new");
}
