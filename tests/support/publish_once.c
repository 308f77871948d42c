// SPDX-License-Identifier: Apache-2.0
// Publishes the sample's persons once, then says that the source was compared whole at this moment, and ends:
//   publish_once --endpoint .. --key .. --server-public FILE --signing-key PEM --record FILE --persons N
// With --persons 0 only the heartbeat is sent. The record file gets one line when all is acknowledged.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "proto/wire.h"
#include "tests/support/peer.h"
#include "tests/support/sample.h"

#define BATCH     500
#define ANSWER_MS 30000

struct once {
    struct zt_peer peer;
    struct zt_key *key;
    struct zt_arena arena;
    struct zt_buf frame, encoded;
    size_t ends[BATCH];
    uint64_t seq;
};

static struct zt_bytes await(struct once *o, enum zt_wire_type wanted)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    if (!zt_peer_send(&o->peer, zt_buf_bytes(&o->frame)) ||
        zt_sock_recv_within(o->peer.sock, &o->peer.msg, ANSWER_MS) != ZT_OK)
        zt_peer_fail("no answer");
    if (zt_wire_open(o->peer.msg.frame, &type, &body, NULL) != ZT_OK || type != wanted)
        zt_peer_fail("another answer than was asked for");
    zt_arena_reset(&o->arena);
    return body;
}

static void greet(struct once *o)
{
    struct zt_hello hello = {.source = ZT_SAMPLE_SOURCE, .program = "publish_once 1"};
    struct zt_welcome welcome;
    if (zt_hello_encode(&hello, &o->frame) != ZT_OK)
        zt_peer_fail("cannot encode HELLO");
    if (zt_welcome_parse(await(o, ZT_WIRE_WELCOME), &o->arena, &welcome, NULL) != ZT_OK || *welcome.rule)
        zt_peer_fail("not welcome");
    o->seq = welcome.seq;
}

static void encode_persons(struct once *o, unsigned from, unsigned count)
{
    zt_buf_reset(&o->encoded);
    for (unsigned i = 0; i < count; i++) {
        struct zt_sample sample;
        zt_sample_account(from + i, o->seq + 1, &sample);
        if (zt_record_encode(&sample.record, &o->encoded) != ZT_OK)
            zt_peer_fail("cannot encode a record");
        o->ends[i] = o->encoded.len;
    }
}

static void publish(struct once *o, unsigned from, unsigned count)
{
    struct zt_bytes records[BATCH];
    uint8_t signature[ZT_SIG_LEN];
    struct zt_ack ack;
    encode_persons(o, from, count);
    for (unsigned i = 0; i < count; i++) {
        size_t start = i ? o->ends[i - 1] : 0;
        records[i] = (struct zt_bytes){o->encoded.data + start, o->ends[i] - start};
    }
    struct zt_batch batch = {.source = ZT_SAMPLE_SOURCE,
                             .seq = o->seq + 1,
                             .cursor = zt_bytes_str("row"),
                             .made_at = zt_now_ms(),
                             .records = records,
                             .record_count = count};
    if (zt_sample_sign(&batch, ZT_SAMPLE_KEY_ID, o->key, signature) != ZT_OK ||
        zt_batch_encode(&batch, &o->frame) != ZT_OK)
        zt_peer_fail("cannot sign or encode a batch");
    if (zt_ack_parse(await(o, ZT_WIRE_ACK), &o->arena, &ack, NULL) != ZT_OK || !ack.taken || ack.reject_count)
        zt_peer_fail("the batch was not taken whole");
    o->seq++;
}

static void beat(struct once *o)
{
    int64_t now = zt_now_ms();
    struct zt_heartbeat heartbeat = {
        .source = ZT_SAMPLE_SOURCE, .cursor = zt_bytes_str("row"), .source_time = now, .complete_as_of = now};
    struct zt_ack ack;
    if (zt_heartbeat_encode(&heartbeat, &o->frame) != ZT_OK)
        zt_peer_fail("cannot encode a heartbeat");
    if (zt_ack_parse(await(o, ZT_WIRE_ACK), &o->arena, &ack, NULL) != ZT_OK || !ack.taken)
        zt_peer_fail("the heartbeat was not taken");
}

int main(int argc, char **argv)
{
    static struct once o;
    struct zt_fault fault = {.text = ""};
    zt_peer_open(argc, argv, ZT_FRAME_BATCH, &o.peer);
    zt_arena_init(&o.arena, (size_t)4 << 20);
    zt_buf_init(&o.frame, ZT_FRAME_BATCH);
    zt_buf_init(&o.encoded, ZT_FRAME_BATCH);
    unsigned persons = o.peer.options.persons;
    if (zt_key_load_private(o.peer.options.signing_key, &o.key, &fault) != ZT_OK)
        zt_peer_fail("the signing key: %s", fault.text);
    greet(&o);
    for (unsigned from = 0; from < persons; from += BATCH)
        publish(&o, from, persons - from < BATCH ? persons - from : BATCH);
    beat(&o);
    zt_peer_write(&o.peer, "%u\n", persons);
    zt_key_destroy(&o.key);
    zt_buf_fini(&o.encoded);
    zt_buf_fini(&o.frame);
    zt_arena_fini(&o.arena);
    zt_peer_close(&o.peer);
    return 0;
}
