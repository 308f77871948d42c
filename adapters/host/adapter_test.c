// SPDX-License-Identifier: Apache-2.0
// An adapter as one configuration file opens it, without a broker: what is refused, the dry run, the lock,
// and giving up after patience_ms. With a broker it is run by tests/scenarios/adapters.
#include "adapters/host/adapter.h"

#include <unistd.h>

#include "adapters/host/progress.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/net/net.h"
#include "base/test_support.h"

static char dir[PATH_MAX], drop[PATH_MAX + 16];
static struct zt_adapter adapter, other;
static struct zt_fault fault;
static FILE *out;
static char *said;
static size_t said_len;

static const char *in_dir(const char *name)
{
    static char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void write_config(const char *more)
{
    struct zt_buf text;
    const char *source = getenv("ZT_SOURCE_DIR"), *bin = getenv("ZT_BIN_DIR");
    zt_buf_init(&text, 65536);
    zt_buf_printf(
        &text,
        "source: hpf\nplugin: %s/../lib/zhitong/housing_provident_fund.so\nbroker: tcp://127.0.0.1:9\n"
        "server_public: broker.pub\nkey: hpf\nsigning_key: batch.pem\nsigning_key_id: hpf-1\n"
        "catalogue: %s/catalogue\nstate: state\n%s"
        "datasets:\n  - name: unit\n    connector: file\n    folder: drop\n    pattern: '*.jsonl'\n"
        "    format: jsonl\n",
        bin, source, more);
    assert_int_equal(zt_file_replace(in_dir("a.yaml"), zt_buf_bytes(&text), 0600, NULL), ZT_OK);
    zt_buf_fini(&text);
}

static int enter(void **state)
{
    (void)state;
    struct zt_curve_keys keys;
    struct zt_key *key = NULL;
    make_test_dir(dir);
    snprintf(drop, sizeof drop, "%s/drop", dir);
    assert_int_equal(zt_dir_make(drop, 0700, NULL), ZT_OK);
    assert_int_equal(zt_curve_keys_new(&keys), ZT_OK);
    assert_int_equal(zt_curve_keys_save(&keys, in_dir("hpf"), NULL), ZT_OK);
    assert_int_equal(zt_curve_keys_save(&keys, in_dir("broker"), NULL), ZT_OK);
    assert_int_equal(zt_key_new(ZT_SM2, &key), ZT_OK);
    assert_int_equal(zt_key_save_private(key, in_dir("batch.pem"), NULL), ZT_OK);
    zt_key_destroy(&key);
    write_config("");
    memset(&fault, 0, sizeof fault);
    memset(&adapter, 0, sizeof adapter);
    memset(&other, 0, sizeof other);
    adapter.lock = other.lock = -1;
    out = open_memstream(&said, &said_len);
    return out ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    zt_adapter_close(&adapter);
    zt_adapter_close(&other);
    zt_adapter_close(&other);
    fclose(out);
    free(said);
    remove_test_dir(dir);
    return 0;
}

static void drop_file(const char *text)
{
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/a.jsonl", drop);
    assert_int_equal(zt_file_replace(path, zt_bytes_str(text), 0600, NULL), ZT_OK);
}

#define GOOD                                                                                                  \
    "{\"tyshxydm\":\"91370202MA9X00011M\",\"dwmc\":\"合成有限公司\",\"dwzh\":\"U1\",\"dwzhzt\":\"01\"," \
    "\"kjyf\":\"202001\","                                                                                    \
    "\"jznn\":\"202610\",\"dwjcbl\":\"5.00\",\"grjcbl\":\"5.00\",\"jcrs\":12,\"yjce\":\"1200.00\",\"qjys\":"  \
    "0,\"jbr\":\"张三\","                                                                                   \
    "\"gxsj\":\"2026-10-01 12:00:00\"}\n"

static void a_dry_run_reports_and_moves_nothing(void **state)
{
    (void)state;
    drop_file(GOOD GOOD "{\"dwzh\":\n{\"dwzh\":\"370202199003079980\"}\n");
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &adapter, &fault), ZT_OK);
    assert_int_equal(zt_adapter_try(&adapter, out), ZT_E_INPUT);
    fflush(out);
    assert_non_null(strstr(said, "good rows 2"));
    assert_non_null(strstr(said, "bad rows 2"));
    assert_non_null(strstr(said, "a.jsonl:3: jsonl.syntax"));
    assert_non_null(strstr(said, "a.jsonl:4: row.column-missing"));
    assert_null(strstr(said, "19900307"));
    assert_int_equal(access(in_dir("drop/a.jsonl"), F_OK), 0);
    assert_int_not_equal(access(in_dir("state"), F_OK), 0); // not even a folder was made
}

static void a_dry_run_of_a_source_that_is_away_says_so(void **state)
{
    (void)state;
    assert_int_equal(rmdir(drop), 0);
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &adapter, &fault), ZT_OK);
    assert_int_equal(zt_adapter_try(&adapter, out), ZT_E_IO);
    fflush(out);
    assert_non_null(strstr(said, "file.folder"));
}

static void a_dry_run_looks_at_a_hundred_rows(void **state)
{
    (void)state;
    struct zt_buf text;
    zt_buf_init(&text, 1024 * 1024);
    for (int i = 0; i < 300; i++)
        zt_buf_put_str(&text, GOOD);
    drop_file(zt_buf_text(&text));
    zt_buf_fini(&text);
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &adapter, &fault), ZT_OK);
    assert_int_equal(zt_adapter_try(&adapter, out), ZT_OK);
    fflush(out);
    assert_non_null(strstr(said, "good rows 100,"));
}

static void only_one_adapter_has_the_state(void **state)
{
    (void)state;
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &adapter, &fault), ZT_OK);
    assert_int_equal(zt_adapter_open(&adapter, true, &fault), ZT_OK);
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &other, &fault), ZT_OK);
    assert_int_equal(zt_adapter_open(&other, true, &fault), ZT_E_STATE);
    assert_string_equal(fault.rule, "state.locked");
    zt_adapter_close(&other);
    zt_adapter_close(&adapter);
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &other, &fault), ZT_OK);
    assert_int_equal(zt_adapter_open(&other, true, &fault), ZT_OK); // free again
}

static void without_a_broker_it_gives_up_after_its_patience(void **state)
{
    (void)state;
    volatile sig_atomic_t stop = 0;
    drop_file(GOOD);
    write_config("patience_ms: 300\n");
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &adapter, &fault), ZT_OK);
    assert_int_equal(zt_adapter_open(&adapter, true, &fault), ZT_OK);
    int64_t before = zt_monotonic_ms();
    assert_int_equal(zt_adapter_run(&adapter, &stop, out, &fault), ZT_E_PEER);
    assert_string_equal(fault.rule, "broker.away");
    assert_true(zt_monotonic_ms() - before >= 300);
    fflush(out);
    assert_non_null(strstr(said, "hpf.unit: "));
    assert_int_equal(access(in_dir("drop/a.jsonl"), F_OK), 0); // nothing was acknowledged, nothing is moved
}

static void a_signal_ends_it_at_once(void **state)
{
    (void)state;
    volatile sig_atomic_t stop = 1;
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &adapter, &fault), ZT_OK);
    assert_int_equal(zt_adapter_open(&adapter, false, &fault), ZT_OK);
    assert_int_equal(zt_adapter_run(&adapter, &stop, out, &fault), ZT_OK);
}

static void the_window_is_shared_by_all_datasets(void **state)
{
    (void)state;
    write_config("window: 64\n");
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &adapter, &fault), ZT_OK);
    assert_int_equal(zt_adapter_open(&adapter, true, &fault), ZT_OK);
    assert_int_equal(adapter.config->window, ZT_UPLINK_BATCHES);
}

static void what_cannot_be_opened_is_told(void **state)
{
    (void)state;
    assert_int_equal(zt_adapter_prepare(in_dir("none.yaml"), &adapter, &fault), ZT_E_ABSENT);
    assert_null(adapter.config);
    assert_int_equal(unlink(in_dir("batch.pem")), 0);
    assert_int_equal(zt_adapter_prepare(in_dir("a.yaml"), &adapter, &fault), ZT_OK);
    assert_int_not_equal(zt_adapter_open(&adapter, true, &fault), ZT_OK);
    assert_non_null(strstr(fault.place, "batch.pem"));
}

static void progress_is_shown_when_something_moved(void **state)
{
    (void)state;
    struct zt_progress progress;
    struct zt_stream_counts sum = {0}, one = {.rows = 5, .records = 3, .quarantined = 1};
    zt_progress_init(&progress, "tax", out);
    assert_false(progress.terminal); // a memory stream is none
    progress.terminal = true;
    zt_progress_show(&progress, &sum, 10000);
    fflush(out);
    assert_int_equal(said_len, 0); // nothing moved
    zt_counts_add(&sum, &one);
    zt_counts_add(&sum, &one);
    zt_progress_show(&progress, &sum, 10000);
    fflush(out);
    assert_non_null(strstr(said, "tax ["));
    assert_non_null(strstr(said, "read 10, "));
    assert_non_null(strstr(said, "safe 6, "));
    assert_non_null(strstr(said, "quarantined 2, "));
    size_t before = said_len;
    sum.rows++;
    zt_progress_show(&progress, &sum, 10100); // too soon
    fflush(out);
    assert_int_equal(said_len, before);
    zt_progress_show(&progress, &sum, 10300);
    fflush(out);
    assert_true(said_len > before);
    zt_progress_end(&progress, NULL, 0);
    fflush(out);
    assert_int_equal(said[said_len - 1], '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_dry_run_reports_and_moves_nothing, enter, leave),
        cmocka_unit_test_setup_teardown(a_dry_run_of_a_source_that_is_away_says_so, enter, leave),
        cmocka_unit_test_setup_teardown(a_dry_run_looks_at_a_hundred_rows, enter, leave),
        cmocka_unit_test_setup_teardown(only_one_adapter_has_the_state, enter, leave),
        cmocka_unit_test_setup_teardown(without_a_broker_it_gives_up_after_its_patience, enter, leave),
        cmocka_unit_test_setup_teardown(a_signal_ends_it_at_once, enter, leave),
        cmocka_unit_test_setup_teardown(the_window_is_shared_by_all_datasets, enter, leave),
        cmocka_unit_test_setup_teardown(what_cannot_be_opened_is_told, enter, leave),
        cmocka_unit_test_setup_teardown(progress_is_shown_when_something_moved, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
