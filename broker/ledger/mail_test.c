// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "proto/wire.h"

#define CAP     1024
#define WAIT_MS 5000

struct world {
    struct zt_net *net;
    struct zt_mailroom *room;
    struct zt_mail *mail;
};

static int setup(void **state)
{
    static struct world world;
    assert_int_equal(zt_net_open(&world.net), ZT_OK);
    assert_int_equal(zt_mailroom_open(world.net, &world.room, NULL), ZT_OK);
    assert_int_equal(zt_mail_open(world.net, &world.mail, NULL), ZT_OK);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    zt_mail_close(&world->mail);
    zt_mail_close(&world->mail);
    zt_mailroom_close(&world->room);
    zt_mailroom_close(&world->room);
    zt_net_close(&world->net);
    return 0;
}

static uint64_t send_words(struct zt_mail *mail, size_t count, const char *word)
{
    struct zt_bytes entries[ZT_MAIL_ENTRIES];
    uint64_t ticket = 0;
    for (size_t i = 0; i < count; i++)
        entries[i] = zt_bytes_str(word);
    assert_int_equal(zt_mail_send(mail, entries, count, &ticket), ZT_OK);
    return ticket;
}

// Waits until the room has something to take.
static size_t take(struct zt_mailroom *room, struct zt_bytes *entries, size_t cap)
{
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    size_t count = 0;
    while (count == 0 && zt_monotonic_ms() < end) {
        struct zt_sock *sock = zt_mailroom_sock(room);
        bool ready;
        if (!zt_mailroom_waiting(room))
            (void)!zt_sock_wait(&sock, 1, 100, &ready);
        count = zt_mailroom_take(room, entries, cap);
    }
    return count;
}

static void receive(struct zt_mail *mail, struct zt_arena *arena, struct zt_appended *receipt)
{
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    enum zt_err rc = ZT_E_TIMEOUT;
    while (rc == ZT_E_TIMEOUT && zt_monotonic_ms() < end) {
        struct zt_sock *sock = zt_mail_sock(mail);
        bool ready;
        (void)!zt_sock_wait(&sock, 1, 100, &ready);
        rc = zt_mail_recv(mail, arena, receipt);
    }
    assert_int_equal(rc, ZT_OK);
}

static void letters_of_two_threads_share_a_batch(void **state)
{
    struct world *world = *state;
    static struct zt_bytes entries[CAP];
    static uint8_t hashes[CAP][ZT_HASH_LEN];
    struct zt_mail *other;
    struct zt_arena arena;
    struct zt_appended receipt;
    zt_arena_init(&arena, 65536);
    assert_int_equal(zt_mail_open(world->net, &other, NULL), ZT_OK);
    uint64_t mine = send_words(world->mail, 2, "mine"), theirs = send_words(other, 3, "theirs");
    size_t count = 0;
    while (count < 5)
        count += take(world->room, entries + count, CAP - count);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++)
        memset(hashes[i], entries[i].data[0], ZT_HASH_LEN);
    bool mine_first = entries[0].data[0] == 'm';
    assert_int_equal(zt_mailroom_answer(world->room, ZT_OK, 100, hashes), 0);
    receive(world->mail, &arena, &receipt);
    assert_int_equal(receipt.code, ZT_OK);
    assert_int_equal(receipt.ticket, mine);
    assert_int_equal(receipt.first_index, mine_first ? 100 : 103);
    assert_int_equal(receipt.hash_count, 2);
    assert_int_equal(receipt.hashes[1].data[31], 'm');
    receive(other, &arena, &receipt);
    assert_int_equal(receipt.ticket, theirs);
    assert_int_equal(receipt.first_index, mine_first ? 102 : 100);
    assert_int_equal(receipt.hash_count, 3);
    assert_int_equal(receipt.hashes[2].data[0], 't');
    zt_mail_close(&other);
    zt_arena_fini(&arena);
}

static void a_failed_append_is_told(void **state)
{
    struct world *world = *state;
    struct zt_bytes entries[4];
    struct zt_arena arena;
    struct zt_appended receipt;
    zt_arena_init(&arena, 65536);
    send_words(world->mail, 1, "x");
    assert_int_equal(take(world->room, entries, 4), 1);
    assert_int_equal(zt_mailroom_answer(world->room, ZT_E_IO, 0, NULL), 0);
    receive(world->mail, &arena, &receipt);
    assert_int_equal(receipt.code, ZT_E_IO);
    assert_int_equal(receipt.hash_count, 0);
    zt_arena_fini(&arena);
}

static void what_does_not_fit_waits(void **state)
{
    struct world *world = *state;
    static struct zt_bytes entries[CAP];
    static uint8_t hashes[CAP][ZT_HASH_LEN];
    struct zt_arena arena;
    struct zt_appended receipt;
    zt_arena_init(&arena, 65536);
    send_words(world->mail, 2, "first");
    send_words(world->mail, 3, "second");
    assert_int_equal(take(world->room, entries, 4), 2);
    // The second letter may still be on its way; then it is held when it has come.
    while (!zt_mailroom_waiting(world->room))
        assert_int_equal(zt_mailroom_take(world->room, entries + 2, 2), 0);
    assert_int_equal(zt_mailroom_answer(world->room, ZT_OK, 0, hashes), 0);
    assert_true(zt_mailroom_waiting(world->room));
    receive(world->mail, &arena, &receipt);
    assert_int_equal(receipt.ticket, 1);
    assert_int_equal(zt_mailroom_take(world->room, entries, 4), 3);
    assert_false(zt_mailroom_waiting(world->room));
    assert_int_equal(zt_mailroom_answer(world->room, ZT_OK, 2, hashes), 0);
    receive(world->mail, &arena, &receipt);
    assert_int_equal(receipt.ticket, 2);
    assert_int_equal(receipt.first_index, 2);
    zt_arena_fini(&arena);
}

static void many_letters_make_several_batches(void **state)
{
    struct world *world = *state;
    static struct zt_bytes entries[CAP];
    static uint8_t hashes[CAP][ZT_HASH_LEN];
    struct zt_arena arena;
    size_t total = 0, letters = 3 * ZT_MAIL_LETTERS;
    zt_arena_init(&arena, 65536);
    for (size_t i = 0; i < letters; i++)
        send_words(world->mail, 1 + i % 7, "word");
    uint64_t next = 0;
    size_t expected = 0;
    for (size_t i = 0; i < letters; i++)
        expected += 1 + i % 7;
    while (total < expected) {
        size_t count = take(world->room, entries, 50);
        assert_true(count > 0 && count <= 50);
        assert_int_equal(zt_mailroom_answer(world->room, ZT_OK, total, hashes), 0);
        total += count;
    }
    for (uint64_t ticket = 1; ticket <= letters; ticket++) {
        struct zt_appended receipt;
        zt_arena_reset(&arena);
        receive(world->mail, &arena, &receipt);
        assert_int_equal(receipt.ticket, ticket);
        assert_int_equal(receipt.first_index, next);
        next += receipt.hash_count;
    }
    assert_int_equal(next, expected);
    zt_arena_fini(&arena);
}

static void limits_of_a_letter(void **state)
{
    struct world *world = *state;
    static struct zt_bytes entries[ZT_MAIL_ENTRIES + 1];
    static uint8_t big[ZT_ENTRY_MAX + 1];
    uint64_t ticket = 4711;
    for (size_t i = 0; i <= ZT_MAIL_ENTRIES; i++)
        entries[i] = (struct zt_bytes){big, ZT_ENTRY_MAX};
    assert_int_equal(zt_mail_send(world->mail, entries, 0, &ticket), ZT_E_LIMIT);
    assert_int_equal(zt_mail_send(world->mail, entries, ZT_MAIL_ENTRIES + 1, &ticket), ZT_E_LIMIT);
    entries[1].len = 0;
    assert_int_equal(zt_mail_send(world->mail, entries, 2, &ticket), ZT_E_LIMIT);
    entries[1].len = ZT_ENTRY_MAX + 1;
    assert_int_equal(zt_mail_send(world->mail, entries, 2, &ticket), ZT_E_LIMIT);
    assert_int_equal(ticket, 4711);
    entries[1].len = ZT_ENTRY_MAX;
    memset(big, 'b', sizeof big);
    assert_int_equal(zt_mail_send(world->mail, entries, ZT_MAIL_ENTRIES, &ticket), ZT_OK); // the largest
    static struct zt_bytes taken[CAP];
    assert_int_equal(take(world->room, taken, CAP), ZT_MAIL_ENTRIES);
    assert_int_equal(taken[ZT_MAIL_ENTRIES - 1].len, ZT_ENTRY_MAX);
    assert_int_equal(zt_mailroom_answer(world->room, ZT_E_LIMIT, 0, NULL), 0);
}

// A frame that is no letter never enters a batch; the sender hears of it when it can be told.
static void frames_that_are_no_letters(void **state)
{
    struct world *world = *state;
    struct zt_bytes entries[8];
    struct zt_sock *sock = zt_mail_sock(world->mail);
    assert_int_equal(zt_sock_send(sock, NULL, 0, zt_bytes_str("garbage")), ZT_OK);
    assert_int_equal(zt_sock_send(sock, NULL, 0, zt_bytes_str("ZT\x01\x11")), ZT_OK); // of another type
    struct zt_buf out;
    zt_buf_init(&out, 100);
    zt_wire_start(&out, ZT_WIRE_LEDGER_APPEND); // a letter without entries
    assert_int_equal(zt_sock_send(sock, NULL, 0, zt_buf_bytes(&out)), ZT_OK);
    zt_buf_fini(&out);
    send_words(world->mail, 1, "good");
    assert_int_equal(take(world->room, entries, 8), 1);
    assert_int_equal(entries[0].len, 4);
    assert_int_equal(zt_mailroom_answer(world->room, ZT_E_IO, 0, NULL), 0);
    struct zt_arena arena;
    zt_arena_init(&arena, 65536);
    for (int i = 0; i < 3; i++) {
        struct zt_appended receipt;
        receive(world->mail, &arena, &receipt);
        assert_int_not_equal(receipt.code, ZT_OK);
        assert_int_equal(receipt.ticket, 0);
    }
    zt_arena_fini(&arena);
}

static atomic_bool stop;

// Plays the counter: takes, "appends", answers.
static void counter(struct zt_net *net, struct zt_sock *pipe, void *arg)
{
    struct world *world = arg;
    static struct zt_bytes entries[CAP];
    static uint8_t hashes[CAP][ZT_HASH_LEN];
    uint64_t next = 7;
    (void)net;
    if (zt_actor_ready(pipe, ZT_OK) != ZT_OK)
        return;
    struct zt_sock *sock = zt_mailroom_sock(world->room);
    while (!atomic_load(&stop)) {
        bool ready;
        (void)!zt_sock_wait(&sock, 1, 20, &ready);
        size_t count = zt_mailroom_take(world->room, entries, CAP);
        for (size_t i = 0; i < count; i++)
            memset(hashes[i], (int)(next + i), ZT_HASH_LEN);
        zt_mailroom_answer(world->room, ZT_OK, next, hashes);
        next += count;
    }
}

static void call_waits_for_its_own_receipt(void **state)
{
    struct world *world = *state;
    struct zt_actor *actor;
    struct zt_bytes words[] = {zt_bytes_str("a"), zt_bytes_str("b")};
    uint8_t hashes[2][ZT_HASH_LEN];
    uint64_t first = 0;
    atomic_store(&stop, false);
    // Nobody answers yet: the deadline holds, and the receipts that come later are not taken for newer ones.
    int64_t start = zt_monotonic_ms();
    assert_int_equal(zt_mail_call(world->mail, words, 2, 50, &first, hashes), ZT_E_TIMEOUT);
    assert_true(zt_monotonic_ms() - start >= 50);
    assert_int_equal(zt_actor_start(world->net, "counter", counter, world, &actor), ZT_OK);
    for (uint64_t i = 0; i < 100; i++) {
        assert_int_equal(zt_mail_call(world->mail, words, 2, WAIT_MS, &first, hashes), ZT_OK);
        assert_int_equal(first, 9 + 2 * i);
        assert_int_equal(hashes[1][5], (uint8_t)(first + 1));
    }
    assert_int_equal(zt_mail_call(world->mail, words, 0, WAIT_MS, &first, hashes), ZT_E_LIMIT);
    atomic_store(&stop, true);
    zt_actor_stop(&actor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(letters_of_two_threads_share_a_batch, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failed_append_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(what_does_not_fit_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(many_letters_make_several_batches, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_of_a_letter, setup, teardown),
        cmocka_unit_test_setup_teardown(frames_that_are_no_letters, setup, teardown),
        cmocka_unit_test_setup_teardown(call_waits_for_its_own_receipt, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
