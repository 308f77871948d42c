// SPDX-License-Identifier: Apache-2.0
// Streams: which producer carries which record types. One stream has one owner.
#include <string.h>

#include "catalogue/build.h"

static void link_type(struct zt_build *b, const struct zt_place *at, const char *id,
                      const struct zt_party *party, const struct zt_source_info *source,
                      const struct zt_record_type **out)
{
    *out = zt_catalogue_record_type(b->c, id);
    if (!*out) {
        zt_report_unknown(b, at, ZT_FILE_RECORDS, "record-type", id, &b->c->record_by_id);
        return;
    }
    if (party->department && (*out)->department && (*out)->department != party->department)
        zt_report(b, at, "catalogue.source-department", "%s belongs to %s, but '%s' publishes for %s", id,
                  (*out)->department->id, party->id, party->department->id);
    (void)zt_index_put(&b->c->source_by_record, zt_bytes_str((*out)->id), source);
}

static void link_source(struct zt_build *b, const struct zt_place *at, const struct zt_raw_source *raw,
                        const struct zt_party *party, struct zt_source_info *source)
{
    source->id = zt_keep(b, raw->id);
    source->party = party;
    struct zt_place key = zt_place_in(at, "id");
    if (zt_check_name(b, at, "id", raw->id)) {
        const struct zt_source_info *other =
            zt_index_put(&b->c->source_by_id, zt_bytes_str(source->id), source);
        if (other)
            zt_report(b, &key, "catalogue.source-twice", "stream '%s' is already that of '%s'", raw->id,
                      other->party->id);
    }
    const struct zt_record_type **types = zt_room(b, raw->record_type_count, sizeof *types);
    if (!types)
        return;
    key = zt_place_in(at, "record_types");
    if (!raw->record_type_count)
        zt_report(b, &key, "catalogue.empty", "a stream carries at least one record type");
    for (unsigned i = 0; i < raw->record_type_count; i++) {
        key = zt_place_in(at, "record_types[%u]", i);
        link_type(b, &key, raw->record_types[i], party, source, &types[i]);
        for (unsigned j = 0; j < i; j++)
            if (types[i] && types[i] == types[j])
                zt_report(b, &key, "catalogue.duplicate", "%s is already carried by this stream",
                          types[i]->id);
    }
    source->record_types = types;
    source->record_type_count = raw->record_type_count;
}

// What the party may publish: the union of what its streams carry.
static void gather(struct zt_build *b, struct zt_party *party, const struct zt_source_info *sources,
                   size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += sources[i].record_type_count;
    const struct zt_record_type **types = zt_room(b, total, sizeof *types);
    const char **names = zt_room(b, count, sizeof *names);
    if (!types || !names)
        return;
    for (size_t i = 0; i < count; i++) {
        names[i] = sources[i].id;
        for (size_t j = 0; j < sources[i].record_type_count; j++)
            types[party->record_type_count++] = sources[i].record_types[j];
    }
    party->record_types = types;
    party->sources = names;
    party->source_count = count;
}

static void link_sources_of(struct zt_build *b, const struct zt_place *at, const struct zt_raw_party *raw,
                            struct zt_party *party)
{
    struct zt_place key = zt_place_in(at, "sources");
    bool producer = party->roles & ZT_ROLE_PRODUCER;
    if (producer && !raw->source_count)
        zt_report(b, &key, "catalogue.empty", "a producer has at least one stream");
    if (!producer && raw->source_count)
        zt_report(b, &key, "catalogue.role", "only a producer has streams; '%s' is none", party->id);
    struct zt_source_info *first = &b->c->sources[b->c->source_count];
    for (unsigned i = 0; i < raw->source_count; i++) {
        key = zt_place_in(at, "sources[%u]", i);
        link_source(b, &key, &raw->sources[i], party, &b->c->sources[b->c->source_count++]);
    }
    gather(b, party, first, raw->source_count);
}

void zt_link_sources(struct zt_build *b)
{
    size_t streams = 0, types = 0;
    const struct zt_raw_file *file;
    for (file = zt_build_next(b, ZT_FILE_PARTIES, NULL); file;
         file = zt_build_next(b, ZT_FILE_PARTIES, file)) {
        const struct zt_raw_parties *raw = file->data;
        for (unsigned i = 0; i < raw->count; i++) {
            streams += raw->list[i].source_count;
            for (unsigned j = 0; j < raw->list[i].source_count; j++)
                types += raw->list[i].sources[j].record_type_count;
        }
    }
    b->c->sources = zt_room(b, streams, sizeof *b->c->sources);
    zt_room_index(b, &b->c->source_by_id, streams);
    zt_room_index(b, &b->c->source_by_record, types);
    size_t at_party = 0;
    for (file = zt_build_next(b, ZT_FILE_PARTIES, NULL); file;
         file = zt_build_next(b, ZT_FILE_PARTIES, file)) {
        const struct zt_raw_parties *raw = file->data;
        for (unsigned i = 0; i < raw->count && b->err == ZT_OK; i++) {
            struct zt_place at = zt_place_of(file, "parties[%u]", i);
            link_sources_of(b, &at, &raw->list[i], &b->c->parties[at_party++]);
        }
    }
}
