// SPDX-License-Identifier: Apache-2.0
#include "catalogue/listed.h"

#include <stdio.h>
#include <string.h>

#include "catalogue/model.h"
#include "catalogue/nearest.h"

static const struct {
    const char *name, *zh;
} kinds[ZT_LISTED_KINDS] = {
    [ZT_LISTED_DEPARTMENT] = {"department", "部门"},  [ZT_LISTED_TABLE] = {"code-table", "代码表"},
    [ZT_LISTED_RECORD] = {"record-type", "数据类型"}, [ZT_LISTED_CERT] = {"certificate-type", "证明类型"},
    [ZT_LISTED_PURPOSE] = {"purpose", "用途"},        [ZT_LISTED_ITEM] = {"item", "事项"},
    [ZT_LISTED_PARTY] = {"party", "接入方"},          [ZT_LISTED_SOURCE] = {"stream", "数据流"},
};

static bool is_kind(enum zt_listed_kind kind)
{
    return kind >= ZT_LISTED_DEPARTMENT && kind < ZT_LISTED_KINDS;
}

const char *zt_listed_kind_name(enum zt_listed_kind kind)
{
    return is_kind(kind) ? kinds[kind].name : "unknown";
}

const char *zt_listed_kind_zh(enum zt_listed_kind kind)
{
    return is_kind(kind) ? kinds[kind].zh : "未知";
}

enum zt_err zt_listed_kind_parse(const char *name, enum zt_listed_kind *kind)
{
    for (enum zt_listed_kind i = ZT_LISTED_DEPARTMENT; i < ZT_LISTED_KINDS; i++) {
        size_t len = strlen(kinds[i].name);
        bool parties = i == ZT_LISTED_PARTY && !strcmp(name, "parties");
        if (parties || (!strncmp(name, kinds[i].name, len) && (!name[len] || !strcmp(name + len, "s")))) {
            *kind = i;
            return ZT_OK;
        }
    }
    return ZT_E_INPUT;
}

size_t zt_listed_count(const struct zt_catalogue *c, enum zt_listed_kind kind)
{
    const size_t counts[ZT_LISTED_KINDS] = {
        [ZT_LISTED_DEPARTMENT] = c->department_count, [ZT_LISTED_TABLE] = c->table_count,
        [ZT_LISTED_RECORD] = c->record_count,         [ZT_LISTED_CERT] = c->cert_count,
        [ZT_LISTED_PURPOSE] = c->purpose_count,       [ZT_LISTED_ITEM] = c->item_count,
        [ZT_LISTED_PARTY] = c->party_count,           [ZT_LISTED_SOURCE] = c->source_count,
    };
    return is_kind(kind) ? counts[kind] : 0;
}

static struct zt_listed listed(enum zt_listed_kind kind, const void *thing)
{
    struct zt_listed out = {.kind = kind, .id = "", .name_zh = "", .name_en = "", .thing = thing};
#define NAMES(type, key)                                                                                     \
    do {                                                                                                     \
        const struct type *one = thing;                                                                      \
        out.id = one->key;                                                                                   \
        out.name_zh = one->name_zh;                                                                          \
        out.name_en = one->name_en;                                                                          \
    } while (0)
    switch (kind) {
    case ZT_LISTED_DEPARTMENT:
        NAMES(zt_department, id);
        break;
    case ZT_LISTED_TABLE:
        NAMES(zt_code_table, id);
        break;
    case ZT_LISTED_RECORD:
        NAMES(zt_record_type, id);
        break;
    case ZT_LISTED_CERT:
        NAMES(zt_cert_type, id);
        break;
    case ZT_LISTED_PURPOSE:
        NAMES(zt_purpose, code);
        break;
    case ZT_LISTED_ITEM:
        NAMES(zt_item, code);
        break;
    case ZT_LISTED_PARTY:
        NAMES(zt_party, id);
        break;
    case ZT_LISTED_SOURCE: { // a stream has no name of its own
        const struct zt_source_info *source = thing;
        out.id = source->id;
        out.name_zh = source->party->name_zh;
        out.name_en = source->party->name_en;
        break;
    }
    case ZT_LISTED_KINDS:
    default:
        break;
    }
#undef NAMES
    return out;
}

struct zt_listed zt_listed_at(const struct zt_catalogue *c, enum zt_listed_kind kind, size_t i)
{
    const struct {
        const void *first;
        size_t size;
    } arrays[ZT_LISTED_KINDS] = {
        [ZT_LISTED_DEPARTMENT] = {c->departments, sizeof *c->departments},
        [ZT_LISTED_TABLE] = {c->tables, sizeof *c->tables},
        [ZT_LISTED_RECORD] = {c->records, sizeof *c->records},
        [ZT_LISTED_CERT] = {c->certs, sizeof *c->certs},
        [ZT_LISTED_PURPOSE] = {c->purposes, sizeof *c->purposes},
        [ZT_LISTED_ITEM] = {c->items, sizeof *c->items},
        [ZT_LISTED_PARTY] = {c->parties, sizeof *c->parties},
        [ZT_LISTED_SOURCE] = {c->sources, sizeof *c->sources},
    };
    if (i >= zt_listed_count(c, kind))
        return (struct zt_listed){.id = "", .name_zh = "", .name_en = ""};
    return listed(kind, (const uint8_t *)arrays[kind].first + i * arrays[kind].size);
}

static const struct zt_index *index_of(const struct zt_catalogue *c, enum zt_listed_kind kind)
{
    const struct zt_index *indexes[ZT_LISTED_KINDS] = {
        [ZT_LISTED_DEPARTMENT] = &c->department_by_id, [ZT_LISTED_TABLE] = &c->table_by_id,
        [ZT_LISTED_RECORD] = &c->record_by_id,         [ZT_LISTED_CERT] = &c->cert_by_id,
        [ZT_LISTED_PURPOSE] = &c->purpose_by_code,     [ZT_LISTED_ITEM] = &c->item_by_code,
        [ZT_LISTED_PARTY] = &c->party_by_id,           [ZT_LISTED_SOURCE] = &c->source_by_id,
    };
    return indexes[kind];
}

static const char *nearer(const char *id, const char *one, const char *other)
{
    if (!one || !other)
        return one ? one : other;
    return zt_edit_distance(id, other) < zt_edit_distance(id, one) ? other : one;
}

enum zt_err zt_listed_find(const struct zt_catalogue *c, enum zt_listed_kind kind, const char *id,
                           struct zt_listed *out, struct zt_fault *fault)
{
    const char *nearest = NULL;
    for (enum zt_listed_kind i = ZT_LISTED_DEPARTMENT; i < ZT_LISTED_KINDS; i++) {
        if (kind && i != kind)
            continue;
        const void *thing = zt_index_get(index_of(c, i), zt_bytes_str(id));
        if (thing) {
            *out = listed(i, thing);
            return ZT_OK;
        }
        nearest = nearer(id, nearest, zt_nearest(id, index_of(c, i)));
    }
    return zt_fault_set(fault, ZT_E_ABSENT, "catalogue.absent", id, "there is no %s '%s'%s%s%s",
                        kind ? zt_listed_kind_name(kind) : "entry", id, nearest ? "; did you mean '" : "",
                        nearest ? nearest : "", nearest ? "'?" : "");
}
