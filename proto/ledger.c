// SPDX-License-Identifier: Apache-2.0
#include "proto/ledger.h"

#include "ledger.pb-c.h"
#include "proto/shape.h"

#define WORD                                                                                                 \
    {                                                                                                        \
        .max = ZT_WORD_LEN                                                                                   \
    }
#define HASH                                                                                                 \
    {                                                                                                        \
        .min = ZT_HASH_LEN, .max = ZT_HASH_LEN                                                               \
    }

static const struct zt_limit entry_limits[] = {
    [1] = {.min = ZT_ENTRY_ANSWER, .max = ZT_ENTRY_CONFIG, .required = true},
    [2] = {0},
    [3] = WORD,
    [4] = WORD,
    [5] = WORD,
    [6] = WORD,
    [7] = WORD,
    [8] = {.min = ZT_PSEUDONYM_LEN, .max = ZT_PSEUDONYM_LEN},
    [9] = {.max = ZT_RECORD_TYPE_MAX - 1},
    [10] = {.max = ZT_MODE_RESOLVE},
    [11] = {.count = ZT_ASK_MAX},
    [12] = {.count = ZT_ASK_MAX},
    [13] = {.max = ZT_STATUS_TROUBLE},
    [14] = WORD,
    [15] = {0},
    [16] = {.max = ZT_STALE},
    [17] = {.min = ZT_REQUEST_ID_LEN, .max = ZT_REQUEST_ID_LEN},
    [18] = HASH,
    [19] = HASH,
    [20] = {0},
    [21] = {.max = ZT_LICENCE_LEN},
    [22] = {.max = ZT_ENTRY_MAX},
};
static const struct zt_shape entry_shape = ZT_SHAPE("entry", entry_pb, entry_limits, ZT_WIRE_FIELDS);

static const struct zt_limit append_limits[] = {
    [1] = {0},
    [2] = {.min = 1, .max = ZT_ENTRY_MAX, .count = ZT_APPEND_MAX, .required = true},
};
static const struct zt_shape append_shape = ZT_SHAPE("append", append_pb, append_limits, ZT_WIRE_FIELDS);

static const struct zt_limit appended_limits[] = {
    [1] = {0},
    [2] = {0},
    [3] = {.min = ZT_HASH_LEN, .max = ZT_HASH_LEN, .count = ZT_APPEND_MAX},
    [4] = {.max = ZT_E_BUG},
};
static const struct zt_shape appended_shape =
    ZT_SHAPE("appended", appended_pb, appended_limits, ZT_WIRE_FIELDS);

enum zt_err zt_entry_encode(const struct zt_entry *entry, struct zt_buf *out)
{
    Zt__V1__EntryPb pb = ZT__V1__ENTRY_PB__INIT;
    size_t start = out->len;
    pb.kind = entry->kind;
    pb.time = entry->time;
    pb.party = zt_text_out(entry->party);
    pb.officer = zt_text_out(entry->officer);
    pb.item = zt_text_out(entry->item);
    pb.purpose = zt_text_out(entry->purpose);
    pb.case_no = zt_text_out(entry->case_no);
    pb.subject = zt_bytes_out(entry->subject);
    pb.type = zt_text_out(entry->type);
    pb.mode = entry->mode;
    pb.n_asked = entry->asked_count;
    pb.asked = entry->asked;
    pb.n_given = entry->given_count;
    pb.given = entry->given;
    pb.status = entry->status;
    pb.rule = zt_text_out(entry->rule);
    pb.as_of = entry->as_of;
    pb.fresh = entry->fresh;
    pb.request_id = zt_bytes_out(entry->request_id);
    pb.request_hash = zt_bytes_out(entry->request_hash);
    pb.answer_hash = zt_bytes_out(entry->answer_hash);
    pb.intent = entry->intent;
    pb.certificate = zt_text_out(entry->certificate);
    pb.note = zt_text_out(entry->note);
    zt_shape_put(&pb.base, out);
    if (out->err == ZT_OK && out->len - start > ZT_ENTRY_MAX) {
        out->len = start;
        return ZT_E_LIMIT;
    }
    return zt_shape_end(&entry_shape, start, out);
}

enum zt_err zt_entry_parse(struct zt_bytes in, struct zt_arena *arena, struct zt_entry *entry,
                           struct zt_fault *fault)
{
    Zt__V1__EntryPb *pb;
    if (in.len > ZT_ENTRY_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "entry.size", "", "the entry has %zu bytes, at most %d",
                            in.len, ZT_ENTRY_MAX);
    enum zt_err rc = zt_shape_unpack(&entry_shape, in, arena, &pb, fault);
    if (rc != ZT_OK)
        return rc;
    *entry = (struct zt_entry){
        .kind = (enum zt_entry_kind)pb->kind,
        .time = pb->time,
        .party = pb->party,
        .officer = pb->officer,
        .item = pb->item,
        .purpose = pb->purpose,
        .case_no = pb->case_no,
        .subject = zt_bytes_in(pb->subject),
        .type = pb->type,
        .mode = (enum zt_mode)pb->mode,
        .asked = pb->asked,
        .given = pb->given,
        .asked_count = pb->n_asked,
        .given_count = pb->n_given,
        .status = (enum zt_status)pb->status,
        .rule = pb->rule,
        .as_of = pb->as_of,
        .fresh = (enum zt_fresh)pb->fresh,
        .request_id = zt_bytes_in(pb->request_id),
        .request_hash = zt_bytes_in(pb->request_hash),
        .answer_hash = zt_bytes_in(pb->answer_hash),
        .intent = pb->intent,
        .certificate = pb->certificate,
        .note = pb->note,
    };
    return ZT_OK;
}

enum zt_err zt_append_encode(const struct zt_append *append, struct zt_buf *out)
{
    ProtobufCBinaryData entries[ZT_APPEND_MAX];
    Zt__V1__AppendPb pb = ZT__V1__APPEND_PB__INIT;
    if (append->entry_count > ZT_APPEND_MAX)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < append->entry_count; i++)
        entries[i] = zt_bytes_out(append->entries[i]);
    pb.ticket = append->ticket;
    pb.n_entries = append->entry_count;
    pb.entries = entries;
    return zt_shape_frame(&append_shape, ZT_WIRE_LEDGER_APPEND, &pb.base, out);
}

enum zt_err zt_append_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_append *append,
                            struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__AppendPb *pb;
    struct zt_bytes *entries = NULL;
    ZT_TRY(zt_shape_unpack(&append_shape, body, arena, &pb, fault));
    ZT_TRY(zt_shape_bytes_list(arena, pb->entries, pb->n_entries, &entries, fault));
    *append = (struct zt_append){pb->ticket, entries, pb->n_entries};
out:
    return rc;
}

enum zt_err zt_appended_encode(const struct zt_appended *appended, struct zt_buf *out)
{
    ProtobufCBinaryData hashes[ZT_APPEND_MAX];
    Zt__V1__AppendedPb pb = ZT__V1__APPENDED_PB__INIT;
    if (appended->hash_count > ZT_APPEND_MAX)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < appended->hash_count; i++)
        hashes[i] = zt_bytes_out(appended->hashes[i]);
    pb.ticket = appended->ticket;
    pb.first_index = appended->first_index;
    pb.n_hashes = appended->hash_count;
    pb.hashes = hashes;
    pb.code = appended->code;
    return zt_shape_frame(&appended_shape, ZT_WIRE_LEDGER_APPENDED, &pb.base, out);
}

enum zt_err zt_appended_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_appended *appended,
                              struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__AppendedPb *pb;
    struct zt_bytes *hashes = NULL;
    ZT_TRY(zt_shape_unpack(&appended_shape, body, arena, &pb, fault));
    ZT_TRY(zt_shape_bytes_list(arena, pb->hashes, pb->n_hashes, &hashes, fault));
    *appended =
        (struct zt_appended){pb->ticket, pb->first_index, hashes, pb->n_hashes, (enum zt_err)pb->code};
out:
    return rc;
}
