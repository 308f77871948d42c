// SPDX-License-Identifier: Apache-2.0
// A publisher for fault tests: signs real batches about persons that it never uses twice, and writes down
// each acknowledged record ("person version") before it sends the next batch. What was sent without an answer
// is given up: only what was acknowledged counts. After silence or a refusal it begins again with HELLO.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "proto/wire.h"
#include "tests/support/peer.h"
#include "tests/support/sample.h"

#define RECORDS   8   // in a batch
#define ANSWER_MS 200 // without an answer the broker is taken for dead

struct publisher {
    struct zt_peer peer;
    struct zt_key *key;
    struct zt_arena arena;
    struct zt_buf frame, encoded[RECORDS];
    uint64_t seq;    // last known to the broker
    unsigned person; // the next one
    uint64_t acked, hellos;
};

static bool send_hello(struct publisher *p)
{
    struct zt_hello hello = {.source = ZT_SAMPLE_SOURCE, .program = "publisher 1"};
    zt_buf_reset(&p->frame);
    if (zt_hello_encode(&hello, &p->frame) != ZT_OK)
        zt_peer_fail("cannot encode HELLO");
    p->hellos++;
    return zt_peer_send(&p->peer, zt_buf_bytes(&p->frame));
}

static bool send_batch(struct publisher *p)
{
    struct zt_sample sample;
    struct zt_bytes records[RECORDS];
    uint8_t signature[ZT_SIG_LEN];
    struct zt_batch batch = {.source = ZT_SAMPLE_SOURCE,
                             .seq = p->seq + 1,
                             .cursor = zt_bytes_str("row"),
                             .made_at = zt_now_ms(),
                             .records = records,
                             .record_count = RECORDS};
    for (unsigned i = 0; i < RECORDS; i++) {
        zt_sample_account(p->person + i, batch.seq, &sample);
        zt_buf_reset(&p->encoded[i]);
        if (zt_record_encode(&sample.record, &p->encoded[i]) != ZT_OK)
            zt_peer_fail("cannot encode a record");
        records[i] = zt_buf_bytes(&p->encoded[i]);
    }
    zt_buf_reset(&p->frame);
    if (zt_sample_sign(&batch, ZT_SAMPLE_KEY_ID, p->key, signature) != ZT_OK ||
        zt_batch_encode(&batch, &p->frame) != ZT_OK)
        zt_peer_fail("cannot sign or encode a batch");
    return zt_peer_send(&p->peer, zt_buf_bytes(&p->frame));
}

// The next message of the wanted type within the time; false when there is none.
static bool await(struct publisher *p, enum zt_wire_type wanted, struct zt_bytes *body)
{
    int64_t end = zt_monotonic_ms() + ANSWER_MS;
    for (int64_t left = ANSWER_MS; left > 0 && !zt_peer_stopped(); left = end - zt_monotonic_ms()) {
        enum zt_wire_type type;
        if (zt_sock_recv_within(p->peer.sock, &p->peer.msg, (int)left) != ZT_OK)
            continue;
        if (zt_wire_open(p->peer.msg.frame, &type, body, NULL) == ZT_OK && type == wanted)
            return true;
    }
    return false;
}

static bool greet(struct publisher *p)
{
    struct zt_welcome welcome;
    struct zt_bytes body;
    zt_arena_reset(&p->arena);
    if (!send_hello(p) || !await(p, ZT_WIRE_WELCOME, &body))
        return false;
    if (zt_welcome_parse(body, &p->arena, &welcome, NULL) != ZT_OK || *welcome.rule)
        zt_peer_fail("not welcome: %s", welcome.rule);
    p->seq = welcome.seq;
    return true;
}

static void note(struct publisher *p, const struct zt_ack *ack)
{
    if (ack->accepted != RECORDS)
        zt_peer_fail("%u of %d records accepted: %s", ack->accepted, RECORDS,
                     ack->reject_count ? ack->rejects[0].text : "");
    char lines[RECORDS * 32];
    size_t len = 0;
    for (unsigned i = 0; i < RECORDS; i++)
        len += (size_t)snprintf(lines + len, sizeof lines - len, "%u %llu\n", p->person + i,
                                (unsigned long long)ack->seq);
    zt_peer_write(&p->peer, "%s", lines);
    p->acked += RECORDS;
}

// False: begin again with HELLO.
static bool publish(struct publisher *p)
{
    struct zt_ack ack;
    struct zt_bytes body;
    bool taken = false;
    zt_arena_reset(&p->arena);
    if (send_batch(p) && await(p, ZT_WIRE_ACK, &body)) {
        if (zt_ack_parse(body, &p->arena, &ack, NULL) != ZT_OK)
            zt_peer_fail("an ACK that does not parse");
        taken = ack.taken && ack.seq == p->seq + 1;
    }
    if (taken)
        note(p, &ack);
    p->seq += taken;
    p->person += RECORDS;
    return taken;
}

int main(int argc, char **argv)
{
    static struct publisher p;
    struct zt_fault fault = {0};
    zt_peer_open(argc, argv, ZT_FRAME_BATCH, &p.peer);
    zt_arena_init(&p.arena, (size_t)1 << 20);
    zt_buf_init(&p.frame, ZT_FRAME_BATCH);
    for (int i = 0; i < RECORDS; i++)
        zt_buf_init(&p.encoded[i], ZT_RECORD_MAX);
    if (!p.peer.options.signing_key ||
        zt_key_load_private(p.peer.options.signing_key, &p.key, &fault) != ZT_OK)
        zt_peer_fail("the signing key: %s", fault.text);
    for (bool welcome = false; !zt_peer_stopped() && p.person + RECORDS <= p.peer.options.persons;)
        welcome = welcome ? publish(&p) : greet(&p);
    printf("acknowledged %llu, greetings %llu\n", (unsigned long long)p.acked, (unsigned long long)p.hellos);
    zt_key_destroy(&p.key);
    for (int i = 0; i < RECORDS; i++)
        zt_buf_fini(&p.encoded[i]);
    zt_buf_fini(&p.frame);
    zt_arena_fini(&p.arena);
    zt_peer_close(&p.peer);
    return 0;
}
