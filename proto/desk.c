// SPDX-License-Identifier: Apache-2.0
#include "proto/desk.h"

#include <string.h>

#include "desk.pb-c.h"
#include "proto/parts.h"

#define WORD                                                                                                 \
    {                                                                                                        \
        .max = ZT_WORD_LEN                                                                                   \
    }
#define TEXT                                                                                                 \
    {                                                                                                        \
        .max = ZT_TEXT_MAX - 1                                                                               \
    }

static const struct zt_limit filter_limits[] = {
    [1] = {.sub = &zt_subject_shape},
    [2] = WORD,
    [3] = WORD,
    [4] = WORD,
    [5] = WORD,
    [6] = WORD,
    [7] = {.max = ZT_ENTRY_CONFIG},
    [8] = {.max = ZT_STATUS_TROUBLE + 1},
    [9] = {0},
    [10] = {0},
    [11] = WORD,
};
static const struct zt_shape filter_shape = ZT_SHAPE("filter", filter_pb, filter_limits, ZT_WIRE_FIELDS);

static const struct zt_limit request_limits[] = {
    [1] = {.min = ZT_REQUEST_ID_LEN, .max = ZT_REQUEST_ID_LEN, .required = true},
    [2] = {0},
    [3] = {.min = ZT_DESK_SEARCH, .max = ZT_DESK_RELOAD, .required = true},
    [4] = WORD,
    [5] = {.max = ZT_DESK_REASON_LEN},
    [6] = {.sub = &filter_shape},
    [7] = {0},
    [8] = {.max = ZT_DESK_PAGE_MAX},
    [9] = {0},
};
static const struct zt_shape request_shape =
    ZT_SHAPE("desk", desk_request_pb, request_limits, ZT_WIRE_FIELDS);

static const struct zt_limit line_limits[] = {
    [1] = {0},
    [2] = {.min = 1, .max = ZT_ENTRY_MAX, .required = true},
};
static const struct zt_shape line_shape = ZT_SHAPE("line", line_pb, line_limits, ZT_WIRE_FIELDS);

static const struct zt_limit source_limits[] = {
    [1] = {.min = 1, .max = ZT_SOURCE_LEN, .required = true},
    [2] = {0},
    [3] = {0},
    [4] = {0},
    [5] = {0},
    [6] = {0},
    [7] = {0},
    [8] = {.max = ZT_STALE},
};
static const struct zt_shape source_shape = ZT_SHAPE("source", source_pb, source_limits, ZT_WIRE_FIELDS);

static const struct zt_limit stat_limits[] = {
    [1] = {.min = 1, .max = ZT_WORD_LEN, .required = true},
    [2] = {0},
};
static const struct zt_shape stat_shape = ZT_SHAPE("stat", stat_pb, stat_limits, ZT_WIRE_FIELDS);

static const struct zt_limit answer_limits[] = {
    [1] = {.min = ZT_REQUEST_ID_LEN, .max = ZT_REQUEST_ID_LEN},
    [2] = {.max = ZT_STATUS_TROUBLE},
    [3] = WORD,
    [4] = TEXT,
    [5] = TEXT,
    [6] = {.count = ZT_DESK_PAGE_MAX, .sub = &line_shape},
    [7] = {0},
    [8] = {0},
    [9] = {.max = ZT_NOTE_LEN},
    [10] = {.min = ZT_HASH_LEN, .max = ZT_HASH_LEN, .count = ZT_PROOF_MAX},
    [11] = {.max = ZT_ENTRY_MAX},
    [12] = {.count = ZT_DESK_SOURCES_MAX, .sub = &source_shape},
    [13] = {.count = ZT_DESK_STATS_MAX, .sub = &stat_shape},
    [14] = {0},
    [15] = {.min = ZT_HASH_LEN, .max = ZT_HASH_LEN},
};
static const struct zt_shape answer_shape =
    ZT_SHAPE("desk", desk_answer_pb, answer_limits, ZT_WIRE_FIELDS_ANSWER);

static enum zt_err check_request(const struct zt_desk_request *request, struct zt_fault *fault)
{
    if (request->act == ZT_DESK_SEARCH && request->limit == 0)
        return zt_fault_set(fault, ZT_E_INPUT, "desk.limit", "limit", "a page has 1 to %d entries",
                            ZT_DESK_PAGE_MAX);
    return ZT_OK;
}

static void filter_out(const struct zt_filter *filter, Zt__V1__SubjectPb *subject, Zt__V1__FilterPb *pb)
{
    zt__v1__filter_pb__init(pb);
    zt_subject_out(&filter->subject, subject);
    pb->subject = subject;
    pb->party = zt_text_out(filter->party);
    pb->officer = zt_text_out(filter->officer);
    pb->item = zt_text_out(filter->item);
    pb->purpose = zt_text_out(filter->purpose);
    pb->type = zt_text_out(filter->type);
    pb->case_no = zt_text_out(filter->case_no);
    pb->kind = filter->kind;
    pb->status = filter->status;
    pb->from = filter->from;
    pb->to = filter->to;
}

static void filter_in(const Zt__V1__FilterPb *pb, struct zt_filter *filter)
{
    Zt__V1__FilterPb none = ZT__V1__FILTER_PB__INIT;
    if (!pb)
        pb = &none;
    *filter = (struct zt_filter){
        .party = pb->party,
        .officer = pb->officer,
        .item = pb->item,
        .purpose = pb->purpose,
        .type = pb->type,
        .case_no = pb->case_no,
        .kind = (enum zt_entry_kind)pb->kind,
        .status = pb->status,
        .from = pb->from,
        .to = pb->to,
    };
    zt_subject_in(pb->subject, &filter->subject);
}

enum zt_err zt_desk_request_encode(const struct zt_desk_request *request, struct zt_buf *out)
{
    Zt__V1__SubjectPb subject;
    Zt__V1__FilterPb filter;
    Zt__V1__DeskRequestPb pb = ZT__V1__DESK_REQUEST_PB__INIT;
    enum zt_err rc = check_request(request, NULL);
    if (rc != ZT_OK)
        return rc;
    filter_out(&request->filter, &subject, &filter);
    pb.id = zt_bytes_out((struct zt_bytes){request->id, ZT_REQUEST_ID_LEN});
    pb.time = request->time;
    pb.act = request->act;
    pb.officer = zt_text_out(request->officer);
    pb.reason = zt_text_out(request->reason);
    pb.filter = &filter;
    pb.cursor = request->cursor;
    pb.limit = request->limit;
    pb.index = request->index;
    return zt_shape_frame(&request_shape, ZT_WIRE_DESK_REQUEST, &pb.base, out);
}

enum zt_err zt_desk_request_parse(struct zt_bytes body, struct zt_arena *arena,
                                  struct zt_desk_request *request, struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__DeskRequestPb *pb;
    ZT_TRY(zt_shape_unpack(&request_shape, body, arena, &pb, fault));
    struct zt_desk_request found = {
        .time = pb->time,
        .act = (enum zt_desk_act)pb->act,
        .officer = pb->officer,
        .reason = pb->reason,
        .cursor = pb->cursor,
        .limit = pb->limit,
        .index = pb->index,
    };
    memcpy(found.id, pb->id.data, ZT_REQUEST_ID_LEN);
    filter_in(pb->filter, &found.filter);
    ZT_TRY(check_request(&found, fault));
    *request = found;
out:
    return rc;
}

static void source_out(const struct zt_desk_source *source, Zt__V1__SourcePb *pb)
{
    zt__v1__source_pb__init(pb);
    pb->source = zt_text_out(source->source);
    pb->seq = source->seq;
    pb->records = source->records;
    pb->quarantined = source->quarantined;
    pb->last_batch = source->last_batch;
    pb->last_heartbeat = source->last_heartbeat;
    pb->complete_as_of = source->complete_as_of;
    pb->fresh = source->fresh;
}

static struct zt_desk_source source_in(const Zt__V1__SourcePb *pb)
{
    return (struct zt_desk_source){
        .source = pb->source,
        .seq = pb->seq,
        .records = pb->records,
        .quarantined = pb->quarantined,
        .last_batch = pb->last_batch,
        .last_heartbeat = pb->last_heartbeat,
        .complete_as_of = pb->complete_as_of,
        .fresh = (enum zt_fresh)pb->fresh,
    };
}

// The generated structs of one answer's lists, with the pointer arrays that protobuf-c wants.
struct lists {
    Zt__V1__LinePb lines[ZT_DESK_PAGE_MAX], *line_list[ZT_DESK_PAGE_MAX];
    Zt__V1__SourcePb sources[ZT_DESK_SOURCES_MAX], *source_list[ZT_DESK_SOURCES_MAX];
    Zt__V1__StatPb stats[ZT_DESK_STATS_MAX], *stat_list[ZT_DESK_STATS_MAX];
    ProtobufCBinaryData proof[ZT_PROOF_MAX];
};

static void lists_out(const struct zt_desk_answer *answer, struct lists *lists, Zt__V1__DeskAnswerPb *pb)
{
    for (size_t i = 0; i < answer->line_count; i++) {
        zt__v1__line_pb__init(&lists->lines[i]);
        lists->lines[i].index = answer->lines[i].index;
        lists->lines[i].entry = zt_bytes_out(answer->lines[i].entry);
        lists->line_list[i] = &lists->lines[i];
    }
    for (size_t i = 0; i < answer->source_count; i++) {
        source_out(&answer->sources[i], &lists->sources[i]);
        lists->source_list[i] = &lists->sources[i];
    }
    for (size_t i = 0; i < answer->stat_count; i++) {
        zt__v1__stat_pb__init(&lists->stats[i]);
        lists->stats[i].name = zt_text_out(answer->stats[i].name);
        lists->stats[i].value = answer->stats[i].value;
        lists->stat_list[i] = &lists->stats[i];
    }
    for (size_t i = 0; i < answer->proof_count; i++)
        lists->proof[i] = zt_bytes_out(answer->proof[i]);
    pb->n_lines = answer->line_count;
    pb->lines = lists->line_list;
    pb->n_sources = answer->source_count;
    pb->sources = lists->source_list;
    pb->n_stats = answer->stat_count;
    pb->stats = lists->stat_list;
    pb->n_proof = answer->proof_count;
    pb->proof = lists->proof;
}

enum zt_err zt_desk_answer_encode(const struct zt_desk_answer *answer, struct zt_buf *out)
{
    struct lists lists;
    Zt__V1__DeskAnswerPb pb = ZT__V1__DESK_ANSWER_PB__INIT;
    if (answer->line_count > ZT_DESK_PAGE_MAX || answer->source_count > ZT_DESK_SOURCES_MAX ||
        answer->stat_count > ZT_DESK_STATS_MAX || answer->proof_count > ZT_PROOF_MAX)
        return ZT_E_LIMIT;
    lists_out(answer, &lists, &pb);
    pb.id = zt_fixed_out(answer->id, ZT_REQUEST_ID_LEN);
    pb.status = answer->status;
    pb.rule = zt_text_out(answer->rule);
    pb.text_zh = zt_text_out(answer->text_zh);
    pb.text_en = zt_text_out(answer->text_en);
    pb.next_cursor = answer->next_cursor;
    pb.more = answer->more;
    pb.checkpoint = zt_text_out(answer->checkpoint);
    pb.leaf = zt_bytes_out(answer->leaf);
    pb.ledger_index = answer->ledger_index;
    pb.ledger_hash = zt_fixed_out(answer->ledger_hash, ZT_HASH_LEN);
    return zt_shape_frame(&answer_shape, ZT_WIRE_DESK_ANSWER, &pb.base, out);
}

static enum zt_err lists_in(const Zt__V1__DeskAnswerPb *pb, struct zt_arena *arena,
                            struct zt_desk_answer *answer, struct zt_fault *fault)
{
    enum zt_err rc;
    ZT_TRY(zt_shape_array(arena, pb->n_lines, sizeof *answer->lines, &answer->lines, fault));
    for (size_t i = 0; i < pb->n_lines; i++)
        answer->lines[i] = (struct zt_desk_line){pb->lines[i]->index, zt_bytes_in(pb->lines[i]->entry)};
    ZT_TRY(zt_shape_array(arena, pb->n_sources, sizeof *answer->sources, &answer->sources, fault));
    for (size_t i = 0; i < pb->n_sources; i++)
        answer->sources[i] = source_in(pb->sources[i]);
    ZT_TRY(zt_shape_array(arena, pb->n_stats, sizeof *answer->stats, &answer->stats, fault));
    for (size_t i = 0; i < pb->n_stats; i++)
        answer->stats[i] = (struct zt_desk_stat){pb->stats[i]->name, pb->stats[i]->value};
    ZT_TRY(zt_shape_bytes_list(arena, pb->proof, pb->n_proof, &answer->proof, fault));
    answer->line_count = pb->n_lines;
    answer->source_count = pb->n_sources;
    answer->stat_count = pb->n_stats;
    answer->proof_count = pb->n_proof;
out:
    return rc;
}

enum zt_err zt_desk_answer_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_desk_answer *answer,
                                 struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__DeskAnswerPb *pb;
    ZT_TRY(zt_shape_unpack(&answer_shape, body, arena, &pb, fault));
    struct zt_desk_answer found = {
        .status = (enum zt_status)pb->status,
        .rule = pb->rule,
        .text_zh = pb->text_zh,
        .text_en = pb->text_en,
        .next_cursor = pb->next_cursor,
        .more = pb->more,
        .checkpoint = pb->checkpoint,
        .leaf = zt_bytes_in(pb->leaf),
        .ledger_index = pb->ledger_index,
    };
    zt_fixed_in(pb->id, found.id, ZT_REQUEST_ID_LEN);
    zt_fixed_in(pb->ledger_hash, found.ledger_hash, ZT_HASH_LEN);
    ZT_TRY(lists_in(pb, arena, &found, fault));
    *answer = found;
out:
    return rc;
}
