// SPDX-License-Identifier: Apache-2.0
// Tags that departments already publish with. published.yaml lists them; a tag keeps its name and kind for
// ever, so that an old record still reads under a newer catalogue. Removing a field leaves its tag reserved.
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalogue/build.h"
#include "catalogue/render.h"

struct lock {
    uint32_t tag;
    char name[ZT_NAME_MAX], kind[16];
};

static bool read_lock(const char *text, struct lock *lock)
{
    char tag[16], rest;
    int64_t number;
    if (sscanf(text, "%15s %95s %15s %c", tag, lock->name, lock->kind, &rest) != 3)
        return false;
    if (zt_parse_i64(tag, 1, UINT16_MAX, &number) != ZT_OK)
        return false;
    lock->tag = (uint32_t)number;
    return true;
}

static void check_lock(struct zt_build *b, const struct zt_place *at, const struct lock *lock,
                       const struct zt_record_type *type)
{
    const struct zt_field_type *now = zt_record_type_tag(type, lock->tag);
    const struct zt_field_type *named = zt_record_type_field(type, lock->name);
    if (now && (strcmp(now->name, lock->name) != 0 || strcmp(zt_kind_name(now->kind), lock->kind) != 0))
        zt_report(b, at, "catalogue.published-tag",
                  "tag %u of %s was published as %s '%s' and is now %s '%s'; give the new field a new tag",
                  lock->tag, type->id, lock->kind, lock->name, zt_kind_name(now->kind), now->name);
    else if (named && named->tag != lock->tag)
        zt_report(b, at, "catalogue.published-tag",
                  "'%s' of %s was published with tag %u and now has %u; give it its tag back", lock->name,
                  type->id, lock->tag, named->tag);
}

static void check_type(struct zt_build *b, const struct zt_place *at, const struct zt_raw_lock *raw)
{
    struct zt_place key = zt_place_in(at, "type");
    const struct zt_record_type *type = raw->type ? zt_catalogue_record_type(b->c, raw->type) : NULL;
    if (!type) {
        zt_report_unknown(b, &key, ZT_FILE_RECORDS, "record-type", raw->type ? raw->type : "",
                          &b->c->record_by_id);
        return;
    }
    for (unsigned i = 0; i < raw->tag_count; i++) {
        struct lock lock;
        key = zt_place_in(at, "tags[%u]", i);
        if (read_lock(raw->tags[i], &lock))
            check_lock(b, &key, &lock, type);
        else
            zt_report(b, &key, "catalogue.published", "write: tag name kind, as in '10 former_name text'");
    }
}

void zt_check_locks(struct zt_build *b)
{
    const struct zt_raw_file *file = zt_build_next(b, ZT_FILE_LOCKS, NULL);
    const struct zt_raw_locks *raw = file ? file->data : NULL;
    for (unsigned i = 0; raw && i < raw->count; i++) {
        struct zt_place at = zt_place_of(file, "published[%u]", i);
        check_type(b, &at, &raw->list[i]);
    }
}

void zt_catalogue_put_published(const struct zt_catalogue *c, struct zt_buf *out)
{
    zt_buf_put_str(out,
                   "# SPDX-License-Identifier: Apache-2.0\n"
                   "# Tags that are in use: a tag keeps its name and kind for ever. Made by `zt catalogue "
                   "published`; lines are only added.\npublished:\n");
    for (size_t i = 0; i < c->record_count; i++) {
        const struct zt_record_type *type = &c->records[i];
        zt_buf_printf(out, "  - type: %s\n    tags:\n", type->id);
        for (size_t j = 0; j < type->field_count; j++)
            zt_buf_printf(out, "      - %u %s %s\n", type->fields[j].tag, type->fields[j].name,
                          zt_kind_name(type->fields[j].kind));
    }
}
