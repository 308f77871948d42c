// SPDX-License-Identifier: Apache-2.0
// When the ledger cannot be written nothing is answered, and the process ends. Each case runs in a process of
// its own, which plays the broker and its consumer.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "broker/control.h"
#include "broker/counter/hall.h"
#include "broker/ledger/mail.h"

enum { ANSWERED = 1, SILENT = 2, SURVIVED = 3 }; // exit statuses of the child

static struct zt_hall hall;

static void open_hall(void)
{
    zt_hall_open(&hall, 0);
    zt_world_all_heard(&hall.world, zt_now_ms());
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_CAT);
    if (zt_hall_ask(&hall, &q).status != ZT_STATUS_NONE) // all is well so far
        _exit(SURVIVED);
}

// From here on no file of this process may grow: the journal's next write fails.
static void fill_the_disk(void)
{
    struct rlimit limit = {.rlim_cur = 1, .rlim_max = 1};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        _exit(SURVIVED);
}

static void ask_on_a_full_disk(void)
{
    open_hall();
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    fill_the_disk();
    zt_hall_send(&hall, hall.consumer, &q);
    _exit(zt_sock_recv_within(hall.consumer, &hall.msg, HALL_WAIT_MS) == ZT_OK ? ANSWERED : SILENT);
}

static void be_refused_on_a_full_disk(void)
{
    open_hall();
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "pb.loan", WORLD_ANN);
    fill_the_disk();
    zt_hall_send(&hall, hall.consumer, &q); // not even a refusal may be told
    _exit(zt_sock_recv_within(hall.consumer, &hall.msg, HALL_WAIT_MS) == ZT_OK ? ANSWERED : SILENT);
}

static void mail_on_a_full_disk(void)
{
    struct zt_mail *mail;
    uint8_t byte = 1, hash[1][ZT_HASH_LEN];
    struct zt_bytes entry = {&byte, 1};
    uint64_t index;
    open_hall();
    if (zt_mail_open(hall.net, &mail, NULL) != ZT_OK)
        _exit(SURVIVED);
    fill_the_disk();
    _exit(zt_mail_call(mail, &entry, 1, HALL_WAIT_MS, &index, hash) == ZT_OK ? ANSWERED : SILENT);
}

// The control: with room on the disk the same child is answered.
static void ask_with_room(void)
{
    open_hall();
    struct zt_request q = zt_hall_question(&hall, ZT_MODE_FETCH, "ps.person", WORLD_ANN);
    zt_hall_ask(&hall, &q);
    zt_hall_close(&hall);
    _exit(ANSWERED);
}

static int status_of(void (*body)(void))
{
    int status;
    char tmp[] = "/tmp/zt-broken-XXXXXX", *dir = mkdtemp(tmp);
    assert_non_null(dir);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("TMPDIR", dir, 1); // what the dying child leaves lies here
        body();
        _exit(SURVIVED);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    zt_world_remove(dir);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void nothing_is_answered(void **state)
{
    (void)state;
    assert_int_equal(status_of(ask_on_a_full_disk), ZT_BROKER_EXIT_BROKEN);
    assert_int_equal(status_of(be_refused_on_a_full_disk), ZT_BROKER_EXIT_BROKEN);
    assert_int_equal(status_of(mail_on_a_full_disk), ZT_BROKER_EXIT_BROKEN);
}

static void the_control_is_answered(void **state)
{
    (void)state;
    assert_int_equal(status_of(ask_with_room), ANSWERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_answered),
        cmocka_unit_test(the_control_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
