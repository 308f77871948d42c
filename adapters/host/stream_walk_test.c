// SPDX-License-Identifier: Apache-2.0
// A random walk: files arrive, frames arrive or do not, the connection is cut, the broker dies after what it
// committed, the adapter dies and its last batches arrive late. Whatever happens, in the end every good row
// is in the broker and every bad one in quarantine, once.
#include "adapters/host/stream_fixture.h"
#include "base/log.h"

#define WALKS      60
#define STEPS      400
#define ROWS_FIRST 20

static uint64_t dice_state;

// xorshift64*: the walk of a seed is the same everywhere.
static unsigned dice(unsigned sides)
{
    dice_state ^= dice_state >> 12;
    dice_state ^= dice_state << 25;
    dice_state ^= dice_state >> 27;
    return (unsigned)((dice_state * 0x2545F4914F6CDD1Du) >> 33) % sides;
}

static unsigned rows_dropped, bad_dropped, files_dropped;

static void drop_some(void)
{
    char name[32];
    unsigned count = ROWS_FIRST + dice(60), bad = dice(2) ? 3 + dice(9) : 0;
    snprintf(name, sizeof name, "%c%03u.jsonl", 'a' + (char)dice(26),
             files_dropped++); // not in order of arrival
    drop_file(name, rows_dropped, count, bad);
    rows_dropped += count;
    bad_dropped += bad ? count / bad : 0;
}

static void cut(void)
{
    model_wire_cut(&f.broker.in);
    model_wire_cut(&f.broker.out);
}

static void kill_adapter(void)
{
    model_wire_cut(&f.broker.out);
    if (dice(4) && f.broker.old_in.count == 0) { // its batches are still on their way
        f.broker.old_in = f.broker.in;
        f.broker.taken_over = false;
        f.broker.in.count = 0;
    }
    model_wire_cut(&f.broker.in);
    zt_stream_close(&f.stream);
    f.config.batch_records = 1 + dice(30);
    f.config.window = 1 + dice(8);
    open_stream();
}

static void step(void)
{
    unsigned what = dice(100);
    if (what < 35)
        turn();
    else if (what < 60 && f.broker.in.count > 0)
        model_take(&f.broker, &f.broker.in);
    else if (what < 80 && f.broker.out.count > 0)
        model_give(&f.broker, f.stream, f.now);
    else if (what < 84 && f.broker.old_in.count > 0)
        model_take(&f.broker, &f.broker.old_in);
    else if (what < 86)
        cut();
    else if (what < 90)
        kill_adapter();
    else if (what < 92 && files_dropped < 8)
        drop_some();
    else if (what < 94)
        f.broker.away = !f.broker.away;
    else
        f.now += dice(3) ? dice(300) : dice(20000);
}

// Returns the good rows that are missing at the end.
static size_t walk(uint64_t seed, bool fenceless)
{
    dice_state = seed * 0x9E3779B97F4A7C15u + 1;
    rows_dropped = bad_dropped = files_dropped = 0;
    (void)enter(NULL);
    f.broker.fenceless = fenceless;
    f.broker.key = NULL; // signatures have their own test
    drop_some();
    for (int i = 0; i < STEPS; i++)
        step();
    f.broker.away = false;
    while (f.broker.old_in.count > 0)
        model_take(&f.broker, &f.broker.old_in);
    settle_down();
    f.now += 70000; // one more look at the source, and at the broker
    settle_down();
    size_t missing = rows_dropped - bad_dropped - f.broker.keys.count;
    assert_int_equal(held(0, rows_dropped), f.broker.keys.count); // and nothing that was never dropped
    if (!fenceless)
        assert_int_equal(zt_stream_counts(f.stream).quarantined, bad_dropped);
    (void)leave(NULL);
    return missing;
}

static void nothing_is_lost_on_any_walk(void **state)
{
    (void)state;
    uint64_t rows = 0, late = 0;
    for (uint64_t seed = 1; seed <= WALKS; seed++) {
        size_t missing = walk(seed, false);
        if (missing > 0)
            fail_msg("walk %llu lost %zu rows", (unsigned long long)seed, missing);
        rows += rows_dropped;
        late += f.broker.gaps;
    }
    print_message("%d walks, %llu rows, %llu batches out of place, 0 lost\n", WALKS, (unsigned long long)rows,
                  (unsigned long long)late);
    assert_true(rows > WALKS * ROWS_FIRST);
    assert_true(late > 10); // the walks do come by the dangerous place
}

// The control: a broker that takes the late batches of a connection that is gone. If no walk lost a row to
// it, the test above would prove nothing.
static void a_broker_without_the_fence_does_lose_rows(void **state)
{
    (void)state;
    size_t lost = 0;
    for (uint64_t seed = 1; seed <= WALKS; seed++)
        lost += walk(seed, true);
    print_message("control: %zu rows lost\n", lost);
    assert_true(lost > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_on_any_walk),
        cmocka_unit_test(a_broker_without_the_fence_does_lose_rows),
    };
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm",
               0); // thousands of small files: what the disk does is not the question here
    zt_log_open("stream_walk_test", ZT_LOG_ERROR + 1);
    return cmocka_run_group_tests(tests, enter_program, leave_program);
}
