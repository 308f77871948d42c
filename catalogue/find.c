// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "catalogue/model.h"

static const void *find(const struct zt_index *index, const char *name)
{
    return name ? zt_index_get(index, zt_bytes_str(name)) : NULL;
}

const struct zt_department *zt_catalogue_department(const struct zt_catalogue *c, const char *id)
{
    return find(&c->department_by_id, id);
}

const struct zt_code_table *zt_catalogue_code_table(const struct zt_catalogue *c, const char *id)
{
    return find(&c->table_by_id, id);
}

const struct zt_record_type *zt_catalogue_record_type(const struct zt_catalogue *c, const char *id)
{
    return find(&c->record_by_id, id);
}

const struct zt_cert_type *zt_catalogue_cert_type(const struct zt_catalogue *c, const char *id)
{
    return find(&c->cert_by_id, id);
}

const struct zt_purpose *zt_catalogue_purpose(const struct zt_catalogue *c, const char *code)
{
    return find(&c->purpose_by_code, code);
}

const struct zt_item *zt_catalogue_item(const struct zt_catalogue *c, const char *code)
{
    return find(&c->item_by_code, code);
}

const struct zt_party *zt_catalogue_party(const struct zt_catalogue *c, const char *id)
{
    return find(&c->party_by_id, id);
}

const struct zt_party *zt_catalogue_party_by_curve(const struct zt_catalogue *c,
                                                   const uint8_t key[static ZT_CURVE_KEY_LEN])
{
    return zt_index_get(&c->party_by_curve, (struct zt_bytes){key, ZT_CURVE_KEY_LEN});
}

const struct zt_grant *zt_catalogue_grant(const struct zt_catalogue *c, const char *party, const char *item,
                                          const char *type)
{
    if (!party || !item || !type)
        return NULL;
    char joined[3 * ZT_NAME_MAX];
    size_t len = zt_grant_key(joined, party, item, type);
    return len ? zt_index_get(&c->grant_by_key, (struct zt_bytes){(const uint8_t *)joined, len}) : NULL;
}

const struct zt_source_info *zt_catalogue_source(const struct zt_catalogue *c, const char *id)
{
    return find(&c->source_by_id, id);
}

const struct zt_source_info *zt_catalogue_source_of(const struct zt_catalogue *c,
                                                    const struct zt_record_type *type)
{
    return type ? find(&c->source_by_record, type->id) : NULL;
}

const struct zt_field_type *zt_record_type_field(const struct zt_record_type *type, const char *name)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (!strcmp(type->fields[i].name, name))
            return &type->fields[i];
    return NULL;
}

const struct zt_field_type *zt_record_type_tag(const struct zt_record_type *type, uint32_t tag)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].tag == tag)
            return &type->fields[i];
    return NULL;
}

const struct zt_code *zt_code_table_find(const struct zt_code_table *table, const char *code)
{
    for (size_t i = 0; i < table->code_count; i++)
        if (!strcmp(table->codes[i].code, code))
            return &table->codes[i];
    return NULL;
}

static bool has_purpose(const struct zt_purpose *const *purposes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (purposes[i] && !strcmp(purposes[i]->code, code))
            return true;
    return false;
}

bool zt_item_has_purpose(const struct zt_item *item, const char *purpose)
{
    return has_purpose(item->purposes, item->purpose_count, purpose);
}

bool zt_grant_has_purpose(const struct zt_grant *grant, const char *purpose)
{
    return has_purpose(grant->purposes, grant->purpose_count, purpose);
}

bool zt_grant_has_field(const struct zt_grant *grant, uint32_t tag)
{
    for (size_t i = 0; i < grant->field_count; i++)
        if (grant->fields[i]->tag == tag)
            return true;
    return false;
}

size_t zt_catalogue_departments(const struct zt_catalogue *c, const struct zt_department **first)
{
    *first = c->departments;
    return c->department_count;
}

size_t zt_catalogue_code_tables(const struct zt_catalogue *c, const struct zt_code_table **first)
{
    *first = c->tables;
    return c->table_count;
}

size_t zt_catalogue_purposes(const struct zt_catalogue *c, const struct zt_purpose **first)
{
    *first = c->purposes;
    return c->purpose_count;
}

size_t zt_catalogue_record_types(const struct zt_catalogue *c, const struct zt_record_type **first)
{
    *first = c->records;
    return c->record_count;
}

size_t zt_catalogue_cert_types(const struct zt_catalogue *c, const struct zt_cert_type **first)
{
    *first = c->certs;
    return c->cert_count;
}

size_t zt_catalogue_items(const struct zt_catalogue *c, const struct zt_item **first)
{
    *first = c->items;
    return c->item_count;
}

size_t zt_catalogue_parties(const struct zt_catalogue *c, const struct zt_party **first)
{
    *first = c->parties;
    return c->party_count;
}

size_t zt_catalogue_sources(const struct zt_catalogue *c, const struct zt_source_info **first)
{
    *first = c->sources;
    return c->source_count;
}

size_t zt_catalogue_grants(const struct zt_catalogue *c, const struct zt_grant **first)
{
    *first = c->grants;
    return c->grant_count;
}
