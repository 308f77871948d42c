// SPDX-License-Identifier: Apache-2.0
// A consumer for fault tests: asks about persons of the sample, several questions under way, and writes down
// each answer ("index leaf-hash request-id answer-hash status") before it asks the next. Questions without an
// answer are given up: only answers count.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "proto/lookup.h"
#include "proto/wire.h"
#include "tests/support/peer.h"
#include "tests/support/sample.h"

#define UNDER_WAY 8
#define ANSWER_MS 200 // without any answer the broker is taken for dead

struct looker {
    struct zt_peer peer;
    struct zt_arena arena;
    struct zt_buf frame;
    unsigned under_way;
    uint64_t asked, answered, answers[ZT_STATUS_TROUBLE + 1];
};

static bool ask(struct looker *l)
{
    static const char *fields[] = {"balance"};
    char number[ZT_SAMPLE_NUMBER_LEN + 1];
    struct zt_request request = {.time = zt_now_ms(),
                                 .mode = ZT_MODE_FETCH,
                                 .item = "hpf.withdraw.commercial-loan",
                                 .purpose = "hpf-withdrawal",
                                 .case_no = "fault-test",
                                 .officer = "officer-1",
                                 .subject = {.id_type = "111", .number = number, .name = ""},
                                 .type = ZT_SAMPLE_TYPE,
                                 .fields = fields,
                                 .field_count = 1,
                                 .consent = "",
                                 .key = ""};
    uint32_t random;
    if (zt_random(request.id, sizeof request.id) != ZT_OK ||
        zt_random((uint8_t *)&random, sizeof random) != ZT_OK)
        zt_peer_fail("no random bytes");
    zt_sample_number(random % l->peer.options.persons, number);
    zt_buf_reset(&l->frame);
    if (zt_request_encode(&request, &l->frame) != ZT_OK)
        zt_peer_fail("cannot encode a question");
    if (!zt_peer_send(&l->peer, zt_buf_bytes(&l->frame)))
        return false;
    l->asked++;
    l->under_way++;
    return true;
}

static void note(struct looker *l, struct zt_bytes body)
{
    struct zt_answer answer;
    struct zt_bytes covered;
    uint8_t hash[ZT_HASH_LEN];
    char leaf[2 * ZT_HASH_LEN + 1], digest[2 * ZT_HASH_LEN + 1], id[2 * ZT_REQUEST_ID_LEN + 1];
    zt_arena_reset(&l->arena);
    if (zt_answer_parse(body, &l->arena, &answer, NULL) != ZT_OK ||
        zt_answer_unsealed(body, &answer, &covered) != ZT_OK || zt_hash_of(ZT_SM3, covered, hash) != ZT_OK)
        zt_peer_fail("an answer that does not parse");
    zt_hex_encode((struct zt_bytes){answer.ledger_hash, ZT_HASH_LEN}, leaf);
    zt_hex_encode((struct zt_bytes){hash, sizeof hash}, digest);
    zt_hex_encode((struct zt_bytes){answer.id, sizeof answer.id}, id);
    zt_peer_write(&l->peer, "%llu %s %s %s %s\n", (unsigned long long)answer.ledger_index, leaf, id, digest,
                  zt_status_name(answer.status));
    l->answered++;
    l->answers[answer.status <= ZT_STATUS_TROUBLE ? answer.status : 0]++;
}

static void receive(struct looker *l)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    if (zt_sock_recv_within(l->peer.sock, &l->peer.msg, ANSWER_MS) != ZT_OK) {
        l->under_way = 0;
        return;
    }
    if (zt_wire_open(l->peer.msg.frame, &type, &body, NULL) != ZT_OK || type != ZT_WIRE_ANSWER)
        zt_peer_fail("not an answer");
    note(l, body);
    if (l->under_way > 0)
        l->under_way--;
}

int main(int argc, char **argv)
{
    static struct looker l;
    zt_peer_open(argc, argv, ZT_FRAME_BATCH, &l.peer);
    zt_arena_init(&l.arena, (size_t)1 << 20);
    zt_buf_init(&l.frame, ZT_FRAME_SMALL);
    while (!zt_peer_stopped()) {
        if (l.under_way < UNDER_WAY && !ask(&l))
            break;
        if (l.under_way == UNDER_WAY)
            receive(&l);
    }
    printf("asked %llu, answered %llu:", (unsigned long long)l.asked, (unsigned long long)l.answered);
    for (int status = 0; status <= ZT_STATUS_TROUBLE; status++)
        printf(" %s %llu", zt_status_name((enum zt_status)status), (unsigned long long)l.answers[status]);
    printf("\n");
    zt_buf_fini(&l.frame);
    zt_arena_fini(&l.arena);
    zt_peer_close(&l.peer);
    return 0;
}
