// SPDX-License-Identifier: Apache-2.0
#include "proto/publish.h"

#include "proto/shape.h"
#include "publish.pb-c.h"

#define SOURCE                                                                                               \
    {                                                                                                        \
        .min = 1, .max = ZT_SOURCE_MAX - 1, .required = true                                                 \
    }
#define CURSOR                                                                                               \
    {                                                                                                        \
        .max = ZT_CURSOR_MAX                                                                                 \
    }
#define RULE                                                                                                 \
    {                                                                                                        \
        .max = ZT_RULE_MAX - 1                                                                               \
    }
#define TEXT                                                                                                 \
    {                                                                                                        \
        .max = ZT_TEXT_MAX - 1                                                                               \
    }

static const struct zt_limit hello_limits[] = {[1] = SOURCE, [2] = {.max = ZT_PROGRAM_MAX - 1}};
static const struct zt_shape hello_shape = ZT_SHAPE("publish", hello_pb, hello_limits, ZT_WIRE_FIELDS);

static const struct zt_limit welcome_limits[] = {
    [1] = SOURCE, [2] = {0}, [3] = CURSOR, [4] = RULE, [5] = TEXT,
};
static const struct zt_shape welcome_shape = ZT_SHAPE("publish", welcome_pb, welcome_limits, ZT_WIRE_FIELDS);

static const struct zt_limit batch_limits[] = {
    [1] = SOURCE,
    [2] = {.min = 1, .max = UINT64_MAX, .required = true},
    [3] = CURSOR,
    [4] = {0},
    [5] = {.min = 1, .max = ZT_RECORD_MAX, .count = ZT_BATCH_MAX_RECORDS, .required = true},
    [6] = {.min = 1, .max = ZT_KEY_ID_MAX - 1, .required = true},
    [7] = {.min = ZT_ES256, .max = ZT_ED25519, .required = true},
    [8] = {.min = ZT_SIG_LEN, .max = ZT_SIG_LEN, .required = true},
};
static const struct zt_shape batch_shape = ZT_SHAPE("publish", batch_pb, batch_limits, ZT_WIRE_FIELDS);

static const struct zt_limit heartbeat_limits[] = {
    [1] = SOURCE, [2] = CURSOR, [3] = {0}, [4] = {0}, [5] = {0}, [6] = {0},
};
static const struct zt_shape heartbeat_shape =
    ZT_SHAPE("publish", heartbeat_pb, heartbeat_limits, ZT_WIRE_FIELDS);

static const struct zt_limit reject_limits[] = {
    [1] = {.max = ZT_BATCH_MAX_RECORDS - 1},
    [2] = RULE,
    [3] = TEXT,
};
static const struct zt_shape reject_shape = ZT_SHAPE("reject", reject_pb, reject_limits, ZT_WIRE_FIELDS);

static const struct zt_limit ack_limits[] = {
    [1] = SOURCE, [2] = {0},  [3] = {0},
    [4] = {0},    [5] = {0},  [6] = {.count = ZT_BATCH_MAX_RECORDS, .sub = &reject_shape},
    [7] = RULE,   [8] = TEXT,
};
static const struct zt_shape ack_shape = ZT_SHAPE("publish", ack_pb, ack_limits, ZT_WIRE_FIELDS);

enum zt_err zt_hello_encode(const struct zt_hello *hello, struct zt_buf *out)
{
    Zt__V1__HelloPb pb = ZT__V1__HELLO_PB__INIT;
    pb.source = zt_text_out(hello->source);
    pb.program = zt_text_out(hello->program);
    return zt_shape_frame(&hello_shape, ZT_WIRE_HELLO, &pb.base, out);
}

enum zt_err zt_hello_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_hello *hello,
                           struct zt_fault *fault)
{
    Zt__V1__HelloPb *pb;
    enum zt_err rc = zt_shape_unpack(&hello_shape, body, arena, &pb, fault);
    if (rc == ZT_OK)
        *hello = (struct zt_hello){pb->source, pb->program};
    return rc;
}

enum zt_err zt_welcome_encode(const struct zt_welcome *welcome, struct zt_buf *out)
{
    Zt__V1__WelcomePb pb = ZT__V1__WELCOME_PB__INIT;
    pb.source = zt_text_out(welcome->source);
    pb.seq = welcome->seq;
    pb.cursor = zt_bytes_out(welcome->cursor);
    pb.rule = zt_text_out(welcome->rule);
    pb.text = zt_text_out(welcome->text);
    return zt_shape_frame(&welcome_shape, ZT_WIRE_WELCOME, &pb.base, out);
}

enum zt_err zt_welcome_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_welcome *welcome,
                             struct zt_fault *fault)
{
    Zt__V1__WelcomePb *pb;
    enum zt_err rc = zt_shape_unpack(&welcome_shape, body, arena, &pb, fault);
    if (rc == ZT_OK)
        *welcome = (struct zt_welcome){pb->source, pb->seq, zt_bytes_in(pb->cursor), pb->rule, pb->text};
    return rc;
}

enum zt_err zt_batch_encode(const struct zt_batch *batch, struct zt_buf *out)
{
    ProtobufCBinaryData records[ZT_BATCH_MAX_RECORDS];
    Zt__V1__BatchPb pb = ZT__V1__BATCH_PB__INIT;
    if (batch->record_count > ZT_BATCH_MAX_RECORDS)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < batch->record_count; i++)
        records[i] = zt_bytes_out(batch->records[i]);
    pb.source = zt_text_out(batch->source);
    pb.seq = batch->seq;
    pb.cursor = zt_bytes_out(batch->cursor);
    pb.made_at = batch->made_at;
    pb.n_records = batch->record_count;
    pb.records = records;
    pb.key_id = zt_text_out(batch->key_id);
    pb.alg = batch->alg;
    pb.signature = zt_bytes_out(batch->signature);
    return zt_shape_frame(&batch_shape, ZT_WIRE_BATCH, &pb.base, out);
}

enum zt_err zt_batch_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_batch *batch,
                           struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__BatchPb *pb;
    struct zt_bytes *records = NULL;
    ZT_TRY(zt_shape_unpack(&batch_shape, body, arena, &pb, fault));
    ZT_TRY(zt_shape_bytes_list(arena, pb->records, pb->n_records, &records, fault));
    *batch = (struct zt_batch){
        .source = pb->source,
        .seq = pb->seq,
        .cursor = zt_bytes_in(pb->cursor),
        .made_at = pb->made_at,
        .records = records,
        .record_count = pb->n_records,
        .key_id = pb->key_id,
        .alg = (enum zt_sig_alg)pb->alg,
        .signature = zt_bytes_in(pb->signature),
    };
out:
    return rc;
}

enum zt_err zt_heartbeat_encode(const struct zt_heartbeat *heartbeat, struct zt_buf *out)
{
    Zt__V1__HeartbeatPb pb = ZT__V1__HEARTBEAT_PB__INIT;
    pb.source = zt_text_out(heartbeat->source);
    pb.cursor = zt_bytes_out(heartbeat->cursor);
    pb.source_time = heartbeat->source_time;
    pb.complete_as_of = heartbeat->complete_as_of;
    pb.rows = heartbeat->rows;
    pb.quarantined = heartbeat->quarantined;
    return zt_shape_frame(&heartbeat_shape, ZT_WIRE_HEARTBEAT, &pb.base, out);
}

enum zt_err zt_heartbeat_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_heartbeat *heartbeat,
                               struct zt_fault *fault)
{
    Zt__V1__HeartbeatPb *pb;
    enum zt_err rc = zt_shape_unpack(&heartbeat_shape, body, arena, &pb, fault);
    if (rc == ZT_OK)
        *heartbeat =
            (struct zt_heartbeat){pb->source, zt_bytes_in(pb->cursor), pb->source_time, pb->complete_as_of,
                                  pb->rows,   pb->quarantined};
    return rc;
}

enum zt_err zt_ack_encode(const struct zt_ack *ack, struct zt_buf *out)
{
    Zt__V1__RejectPb rejects[ZT_BATCH_MAX_RECORDS], *list[ZT_BATCH_MAX_RECORDS];
    Zt__V1__AckPb pb = ZT__V1__ACK_PB__INIT;
    if (ack->reject_count > ZT_BATCH_MAX_RECORDS)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < ack->reject_count; i++) {
        zt__v1__reject_pb__init(&rejects[i]);
        rejects[i].index = ack->rejects[i].index;
        rejects[i].rule = zt_text_out(ack->rejects[i].rule);
        rejects[i].text = zt_text_out(ack->rejects[i].text);
        list[i] = &rejects[i];
    }
    pb.source = zt_text_out(ack->source);
    pb.seq = ack->seq;
    pb.taken = ack->taken;
    pb.accepted = ack->accepted;
    pb.ignored = ack->ignored;
    pb.n_rejects = ack->reject_count;
    pb.rejects = list;
    pb.rule = zt_text_out(ack->rule);
    pb.text = zt_text_out(ack->text);
    return zt_shape_frame(&ack_shape, ZT_WIRE_ACK, &pb.base, out);
}

enum zt_err zt_ack_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_ack *ack,
                         struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__AckPb *pb;
    struct zt_reject *rejects = NULL;
    ZT_TRY(zt_shape_unpack(&ack_shape, body, arena, &pb, fault));
    ZT_TRY(zt_shape_array(arena, pb->n_rejects, sizeof *rejects, &rejects, fault));
    for (size_t i = 0; i < pb->n_rejects; i++)
        rejects[i] = (struct zt_reject){pb->rejects[i]->index, pb->rejects[i]->rule, pb->rejects[i]->text};
    *ack = (struct zt_ack){
        .source = pb->source,
        .seq = pb->seq,
        .taken = pb->taken,
        .accepted = pb->accepted,
        .ignored = pb->ignored,
        .rejects = rejects,
        .reject_count = pb->n_rejects,
        .rule = pb->rule,
        .text = pb->text,
    };
out:
    return rc;
}
