// SPDX-License-Identifier: Apache-2.0
#include "consumers/client.h"

#include "base/clock.h"
#include "base/test_support.h"
#include "consumers/fake_broker.h"

#define WAIT_MS 40000 // for what must come, on a busy machine under a sanitizer too

struct world {
    struct fake_broker broker;
    struct zt_profile *profile;
    struct zt_net *net;
    struct zt_client *client;
    struct zt_arena arena;
    atomic_int mode; // what the broker does, see below
};

enum { ANSWER, SILENT, OTHER_ID, NOISE, WRONG_TYPE, DAMAGED };

static void put_answer(const struct zt_request *request, uint8_t change, struct zt_buf *frame)
{
    struct zt_answer answer = {.status = ZT_STATUS_NONE,
                               .rule = "",
                               .text_zh = "没有",
                               .text_en = "none",
                               .certificate = "",
                               .certificate_id = "",
                               .freshness = {.source = "s"},
                               .ledger_index = 7};
    memcpy(answer.id, request->id, ZT_REQUEST_ID_LEN);
    answer.id[0] ^= change;
    assert_int_equal(zt_answer_encode(&answer, frame), ZT_OK);
}

static bool answer_counter(struct world *world, struct zt_bytes body, struct zt_buf *frame)
{
    struct zt_arena arena;
    struct zt_request request;
    zt_arena_init(&arena, 1 << 20);
    bool good = zt_request_parse(body, &arena, &request, NULL) == ZT_OK;
    switch (atomic_load(&world->mode)) {
    case ANSWER:
        put_answer(&request, 0, frame);
        break;
    case OTHER_ID: // as if it came late, for an earlier question: the caller must go on waiting
        put_answer(&request, 1, frame);
        break;
    case NOISE:
        zt_buf_put_str(frame, "ZT nonsense");
        break;
    case WRONG_TYPE:
        zt_wire_start(frame, ZT_WIRE_WELCOME);
        break;
    case DAMAGED:
        zt_wire_start(frame, ZT_WIRE_ANSWER);
        zt_buf_put_str(frame, "\xFF\xFF\xFF");
        break;
    default:
        good = false;
    }
    zt_arena_fini(&arena);
    return good;
}

static bool answer_desk(struct zt_bytes body, struct zt_buf *frame)
{
    struct zt_arena arena;
    struct zt_desk_request request;
    zt_arena_init(&arena, 1 << 20);
    bool good = zt_desk_request_parse(body, &arena, &request, NULL) == ZT_OK;
    struct zt_desk_answer answer = {.status = ZT_STATUS_OK,
                                    .rule = "",
                                    .text_zh = "",
                                    .text_en = "",
                                    .checkpoint = "",
                                    .next_cursor = request.cursor + 1};
    memcpy(answer.id, request.id, ZT_REQUEST_ID_LEN);
    good = good && zt_desk_answer_encode(&answer, frame) == ZT_OK;
    zt_arena_fini(&arena);
    return good;
}

static bool answer_one(struct fake_broker *broker, enum zt_wire_type type, struct zt_bytes body,
                       struct zt_buf *frame)
{
    struct world *world = broker->arg;
    return type == ZT_WIRE_REQUEST ? answer_counter(world, body, frame) : answer_desk(body, frame);
}

static int enter(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    fake_broker_start(&world->broker, answer_one, world, "");
    assert_int_equal(zt_profile_load(world->broker.profile, &world->profile, NULL), ZT_OK);
    assert_int_equal(zt_net_open(&world->net), ZT_OK);
    assert_int_equal(zt_client_open(world->net, world->profile, &world->client, NULL), ZT_OK);
    zt_arena_init(&world->arena, 1 << 20);
    *state = world;
    return 0;
}

static int leave(void **state)
{
    struct world *world = *state;
    zt_client_close(&world->client);
    zt_client_close(&world->client);
    zt_net_close(&world->net);
    zt_profile_free(&world->profile);
    zt_profile_free(&world->profile);
    zt_arena_fini(&world->arena);
    fake_broker_stop(&world->broker);
    free(world);
    return 0;
}

static struct zt_request question(void)
{
    return (struct zt_request){.mode = ZT_MODE_FETCH,
                               .item = "i",
                               .purpose = "p",
                               .case_no = "c",
                               .officer = "o",
                               .subject = {"111", "370202199003079980", ""},
                               .type = "t",
                               .consent = "",
                               .key = ""};
}

static void questions_are_answered(void **state)
{
    struct world *world = *state;
    struct zt_answer answer;
    uint8_t first[ZT_REQUEST_ID_LEN];
    for (int i = 0; i < 3; i++) {
        struct zt_request request = question();
        assert_int_equal(zt_client_ask(world->client, &request, WAIT_MS, &world->arena, &answer, NULL),
                         ZT_OK);
        assert_int_equal(answer.ledger_index, 7);
        assert_string_equal(answer.text_zh, "没有");
        assert_memory_equal(answer.id, request.id, ZT_REQUEST_ID_LEN);
        assert_in_range(zt_now_ms() - request.time, 0, 60000);
        if (i)
            assert_memory_not_equal(first, request.id, ZT_REQUEST_ID_LEN);
        memcpy(first, request.id, ZT_REQUEST_ID_LEN);
    }
    struct zt_desk_request desk = {.act = ZT_DESK_STATUS,
                                   .officer = "o",
                                   .reason = "r",
                                   .cursor = 41,
                                   .limit = 1,
                                   .filter = {.subject = {"", "", ""},
                                              .party = "",
                                              .officer = "",
                                              .item = "",
                                              .purpose = "",
                                              .type = "",
                                              .case_no = ""}};
    struct zt_desk_answer told;
    assert_int_equal(zt_client_desk(world->client, &desk, WAIT_MS, &world->arena, &told, NULL), ZT_OK);
    assert_int_equal(told.next_cursor, 42);
}

static void a_given_id_and_time_are_kept(void **state)
{
    struct world *world = *state;
    struct zt_answer answer;
    struct zt_request request = question();
    request.id[3] = 9;
    request.time = 12345;
    assert_int_equal(zt_client_ask(world->client, &request, WAIT_MS, &world->arena, &answer, NULL), ZT_OK);
    assert_int_equal(answer.id[3], 9);
    assert_int_equal(request.time, 12345);
}

static void expect_failure(struct world *world, int mode, int timeout, enum zt_err rc, const char *rule)
{
    struct zt_answer answer = {.ledger_index = 77};
    struct zt_fault fault = {.rule = ""};
    struct zt_request request = question();
    atomic_store(&world->mode, mode);
    int64_t start = zt_monotonic_ms();
    assert_int_equal(zt_client_ask(world->client, &request, timeout, &world->arena, &answer, &fault), rc);
    assert_true(zt_monotonic_ms() - start < timeout + WAIT_MS);
    if (rule)
        assert_string_equal(fault.rule, rule);
    assert_int_equal(answer.ledger_index, 77);
    assert_int_equal(zt_client_ask(world->client, &request, 1, &world->arena, &answer, NULL) == ZT_OK, false);
}

static void bad_answers_are_refused(void **state)
{
    struct world *world = *state;
    struct zt_answer answer;
    struct zt_request request = question();
    assert_int_equal(zt_client_ask(world->client, &request, WAIT_MS, &world->arena, &answer, NULL), ZT_OK);
    expect_failure(world, NOISE, WAIT_MS, ZT_E_PEER, "client.answer");
    expect_failure(world, WRONG_TYPE, WAIT_MS, ZT_E_PEER, "client.answer");
    expect_failure(world, DAMAGED, WAIT_MS, ZT_E_INPUT, NULL);
}

static void silence_and_late_answers_end_at_the_deadline(void **state)
{
    struct world *world = *state;
    expect_failure(world, OTHER_ID, 300, ZT_E_TIMEOUT, "client.timeout");
    expect_failure(world, SILENT, 300, ZT_E_TIMEOUT, "client.timeout");
    struct zt_answer answer;
    struct zt_request request = question();
    atomic_store(&world->mode, ANSWER); // and the next question gets its own answer
    assert_int_equal(zt_client_ask(world->client, &request, WAIT_MS, &world->arena, &answer, NULL), ZT_OK);
}

static void a_stranger_is_told_so(void **state)
{
    struct world *world = *state;
    struct zt_answer answer;
    struct zt_fault fault;
    struct zt_request request = question();
    atomic_store(&world->broker.admit, false);
    assert_int_equal(zt_client_ask(world->client, &request, WAIT_MS, &world->arena, &answer, &fault),
                     ZT_E_DENIED);
    assert_string_equal(fault.rule, "client.refused");
    assert_int_equal(atomic_load(&world->broker.asked), 0);
}

static void many_questions_can_be_under_way(void **state)
{
    struct world *world = *state;
    struct zt_answer answer;
    struct zt_request warm = question();
    assert_int_equal(zt_client_ask(world->client, &warm, WAIT_MS, &world->arena, &answer, NULL), ZT_OK);
    uint8_t ids[50][ZT_REQUEST_ID_LEN];
    for (int i = 0; i < 50; i++) {
        struct zt_request request = question();
        assert_int_equal(zt_client_send(world->client, &request), ZT_OK);
        memcpy(ids[i], request.id, ZT_REQUEST_ID_LEN);
    }
    for (int i = 0; i < 50; i++) {
        bool mine = false;
        assert_int_equal(zt_client_recv(world->client, WAIT_MS, &world->arena, &answer, NULL), ZT_OK);
        for (int k = 0; k < 50; k++)
            mine = mine || memcmp(ids[k], answer.id, ZT_REQUEST_ID_LEN) == 0;
        assert_true(mine);
    }
    assert_int_equal(zt_client_recv(world->client, 10, &world->arena, &answer, NULL), ZT_E_TIMEOUT);
}

static void what_does_not_fit_is_not_sent(void **state)
{
    struct world *world = *state;
    struct zt_answer answer;
    struct zt_fault fault;
    char *huge = calloc(1, 70000);
    assert_non_null(huge);
    memset(huge, 'a', 69999);
    struct zt_request request = question();
    request.consent = huge;
    assert_int_not_equal(zt_client_ask(world->client, &request, 1000, &world->arena, &answer, &fault), ZT_OK);
    assert_string_equal(fault.rule, "client.question");
    assert_int_not_equal(zt_client_send(world->client, &request), ZT_OK);
    free(huge);
    assert_int_equal(atomic_load(&world->broker.asked), 0);
}

static void nobody_there(void **state)
{
    struct world *world = *state;
    struct zt_profile profile = *world->profile;
    struct zt_client *client = NULL;
    struct zt_answer answer;
    struct zt_fault fault;
    struct zt_request request = question();
    profile.counter = "tcp://127.0.0.1:1"; // nothing listens at the port of tcpmux
    assert_int_equal(zt_client_open(world->net, &profile, &client, NULL), ZT_OK);
    assert_int_equal(zt_client_ask(client, &request, 200, &world->arena, &answer, &fault), ZT_E_TIMEOUT);
    assert_string_equal(fault.rule, "client.timeout");
    assert_string_equal(fault.place, "tcp://127.0.0.1:1");
    assert_int_equal(zt_client_send(client, &request), ZT_E_LIMIT);
    zt_client_close(&client);
    profile.counter = NULL;
    assert_int_equal(zt_client_open(world->net, &profile, &client, NULL), ZT_OK);
    assert_int_equal(zt_client_ask(client, &request, 200, &world->arena, &answer, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "client.endpoint");
    assert_int_equal(zt_client_recv(client, 1, &world->arena, &answer, &fault), ZT_E_CONFIG);
    zt_client_close(&client);
    profile.key = "/nowhere/key";
    assert_int_not_equal(zt_client_open(world->net, &profile, &client, &fault), ZT_OK);
    assert_null(client);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(questions_are_answered),        IN_WORLD(a_given_id_and_time_are_kept),
        IN_WORLD(bad_answers_are_refused),       IN_WORLD(silence_and_late_answers_end_at_the_deadline),
        IN_WORLD(a_stranger_is_told_so),         IN_WORLD(many_questions_can_be_under_way),
        IN_WORLD(what_does_not_fit_is_not_sent), IN_WORLD(nobody_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
