// SPDX-License-Identifier: Apache-2.0
// A broker in memory for the tests of streams: what proto/publish.h promises, with two wires of which either
// may be cut, slow, or still full of an earlier connection's batches.
#ifndef ZT_ADAPTERS_HOST_MODEL_BROKER_H
#define ZT_ADAPTERS_HOST_MODEL_BROKER_H

#include "adapters/host/idset.h"
#include "adapters/host/stream.h"
#include "base/net/net.h"
#include "base/test_support.h"
#include "proto/wire.h"

#define MODEL_WIRE 512

struct model_wire {
    struct zt_buf frames[MODEL_WIRE];
    size_t count;
};

struct model_broker {
    uint64_t seq;
    uint8_t cursor[ZT_CURSOR_MAX];
    size_t cursor_len;
    struct zt_idset keys;              // of the records it has
    struct zt_key *key;                // the department's; NULL: signatures are not looked at
    struct model_wire in, old_in, out; // old_in: of a connection whose adapter is gone
    bool away;                         // nothing can be sent
    bool fenceless;         // takes batches of a connection that is gone: the control that must lose rows
    bool taken_over;        // a new connection has said HELLO since old_in was cut off
    const char *refuse;     // rule with which every HELLO is refused
    const char *reject_key; // the record that its catalogue does not take
    struct zt_heartbeat heartbeat; // the last one
    uint64_t heartbeats, hellos, batches, repeats, gaps;
};

static inline void model_wire_cut(struct model_wire *wire)
{
    for (size_t i = 0; i < wire->count; i++)
        zt_buf_fini(&wire->frames[i]);
    wire->count = 0;
}

static inline void model_wire_push(struct model_wire *wire, struct zt_bytes frame)
{
    assert_true(wire->count < MODEL_WIRE);
    struct zt_buf *to = &wire->frames[wire->count++];
    zt_buf_init(to, ZT_FRAME_BATCH);
    zt_buf_put(to, frame.data, frame.len);
    assert_int_equal(to->err, ZT_OK);
}

static inline struct zt_buf model_wire_pop(struct model_wire *wire)
{
    struct zt_buf first = wire->frames[0];
    wire->count--;
    memmove(wire->frames, wire->frames + 1, wire->count * sizeof *wire->frames);
    return first;
}

static inline void model_fini(struct model_broker *m)
{
    model_wire_cut(&m->in);
    model_wire_cut(&m->old_in);
    model_wire_cut(&m->out);
    zt_idset_fini(&m->keys);
}

// For struct zt_stream_shared.
static inline enum zt_err model_send(void *arg, struct zt_bytes frame)
{
    struct model_broker *m = arg;
    if (m->away)
        return ZT_E_LIMIT;
    model_wire_push(&m->in, frame);
    return ZT_OK;
}

static inline uint64_t model_key_id(const char *key)
{
    uint8_t digest[ZT_HASH_LEN];
    uint64_t id;
    assert_int_equal(zt_hash_of(ZT_SM3, zt_bytes_str(key), digest), ZT_OK);
    memcpy(&id, digest, sizeof id);
    return id;
}

static inline void model_answer_ack(struct model_broker *m, const struct zt_ack *ack)
{
    struct zt_buf frame;
    zt_buf_init(&frame, ZT_FRAME_BATCH);
    assert_int_equal(zt_ack_encode(ack, &frame), ZT_OK);
    model_wire_push(&m->out, zt_buf_bytes(&frame));
    zt_buf_fini(&frame);
}

static inline void model_take_batch(struct model_broker *m, const struct zt_batch *batch, bool old,
                                    struct zt_arena *arena)
{
    struct zt_reject rejects[ZT_BATCH_MAX_RECORDS];
    struct zt_ack ack = {.source = batch->source,
                         .seq = batch->seq,
                         .taken = true,
                         .rejects = rejects,
                         .rule = "",
                         .text = ""};
    bool fenced = old && m->taken_over && !m->fenceless;
    if (fenced || batch->seq != m->seq + 1) {
        bool repeat = !fenced && batch->seq <= m->seq;
        ack.taken = repeat;
        ack.rule = repeat ? "" : "publish.gap";
        m->repeats += repeat;
        m->gaps += !repeat;
        model_answer_ack(m, &ack);
        return;
    }
    if (m->key) {
        struct zt_buf message;
        uint8_t root[ZT_HASH_LEN];
        zt_buf_init(&message, 1024);
        assert_int_equal(zt_batch_signed_bytes(batch, &message, root), ZT_OK);
        assert_int_equal(zt_verify(m->key, zt_buf_bytes(&message), batch->signature), ZT_OK);
        zt_buf_fini(&message);
    }
    for (size_t i = 0; i < batch->record_count; i++) {
        struct zt_record record;
        bool fresh = false;
        assert_int_equal(zt_record_parse(batch->records[i], arena, &record, NULL), ZT_OK);
        if (m->reject_key && strcmp(record.key, m->reject_key) == 0) {
            rejects[ack.reject_count++] =
                (struct zt_reject){(uint32_t)i, "record.type", "not in this catalogue"};
            continue;
        }
        assert_int_equal(zt_idset_add(&m->keys, model_key_id(record.key), &fresh), ZT_OK);
        ack.accepted += fresh;
        ack.ignored += !fresh;
    }
    m->seq = batch->seq;
    m->cursor_len = batch->cursor.len;
    memcpy(m->cursor, batch->cursor.data, batch->cursor.len);
    m->batches++;
    model_answer_ack(m, &ack);
}

static inline void model_take_hello(struct model_broker *m, const char *source)
{
    struct zt_buf frame;
    struct zt_welcome welcome = {.source = source,
                                 .seq = m->seq,
                                 .cursor = {m->cursor, m->cursor_len},
                                 .rule = m->refuse ? m->refuse : "",
                                 .text = ""};
    zt_buf_init(&frame, ZT_FRAME_SMALL);
    m->hellos++;
    assert_int_equal(zt_welcome_encode(&welcome, &frame), ZT_OK);
    model_wire_push(&m->out, zt_buf_bytes(&frame));
    zt_buf_fini(&frame);
}

// The broker takes one frame from a wire; its answer goes out unless that connection's peer is gone.
static inline void model_take(struct model_broker *m, struct model_wire *from)
{
    struct zt_arena arena;
    struct zt_buf frame = model_wire_pop(from);
    struct zt_bytes body;
    enum zt_wire_type type;
    size_t answers = m->out.count;
    zt_arena_init(&arena, 64 * 1024 * 1024);
    assert_int_equal(zt_wire_open(zt_buf_bytes(&frame), &type, &body, NULL), ZT_OK);
    if (type == ZT_WIRE_HELLO) {
        struct zt_hello hello;
        assert_int_equal(zt_hello_parse(body, &arena, &hello, NULL), ZT_OK);
        model_take_hello(m, hello.source);
        m->taken_over = m->taken_over || from == &m->in;
    } else if (type == ZT_WIRE_BATCH) {
        struct zt_batch batch;
        assert_int_equal(zt_batch_parse(body, &arena, &batch, NULL), ZT_OK);
        model_take_batch(m, &batch, from == &m->old_in, &arena);
    } else {
        assert_int_equal(type, ZT_WIRE_HEARTBEAT);
        assert_int_equal(zt_heartbeat_parse(body, &arena, &m->heartbeat, NULL), ZT_OK);
        m->heartbeats++;
        model_answer_ack(
            m, &(struct zt_ack){.source = "x.y", .seq = m->seq, .taken = true, .rule = "", .text = ""});
    }
    if (from == &m->old_in)
        while (m->out.count > answers)
            zt_buf_fini(&m->out.frames[--m->out.count]);
    zt_buf_fini(&frame);
    zt_arena_fini(&arena);
}

// The stream takes one answer.
static inline void model_give(struct model_broker *m, struct zt_stream *stream, int64_t now)
{
    struct zt_arena arena;
    struct zt_buf frame = model_wire_pop(&m->out);
    struct zt_bytes body;
    enum zt_wire_type type;
    zt_arena_init(&arena, 1024 * 1024);
    assert_int_equal(zt_wire_open(zt_buf_bytes(&frame), &type, &body, NULL), ZT_OK);
    if (type == ZT_WIRE_WELCOME) {
        struct zt_welcome welcome;
        assert_int_equal(zt_welcome_parse(body, &arena, &welcome, NULL), ZT_OK);
        zt_stream_welcome(stream, &welcome, now);
    } else {
        struct zt_ack ack;
        assert_int_equal(zt_ack_parse(body, &arena, &ack, NULL), ZT_OK);
        zt_stream_ack(stream, &ack, now);
    }
    zt_buf_fini(&frame);
    zt_arena_fini(&arena);
}

#endif
