// SPDX-License-Identifier: Apache-2.0
// Opening, provisioning, refusing, counting: the store as a file.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/store/store_fixture.h"

static int setup(void **state)
{
    struct zt_store_fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    fixture_init(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct zt_store_fixture *f = *state;
    fixture_fini(f);
    free(f);
    return 0;
}

static void refuse(struct zt_store_fixture *f, enum zt_err code, const char *rule)
{
    struct zt_fault fault = {0};
    assert_null(f->store);
    assert_int_equal(fixture_try_open(f, 0, &fault), code);
    assert_null(f->store);
    assert_string_equal(fault.rule, rule);
}

static void a_new_store_is_private_and_leaves_no_scaffold(void **state)
{
    struct zt_store_fixture *f = *state;
    struct stat info;
    char scaffold[2 * PATH_MAX];
    assert_int_equal(stat(f->store_dir, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(stat(f->data, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    snprintf(scaffold, sizeof scaffold, "%s.new", f->store_dir);
    assert_int_equal(stat(scaffold, &info), -1);
}

static void what_a_crash_left_of_an_earlier_start_is_replaced(void **state)
{
    struct zt_store_fixture *f = *state;
    char command[4 * PATH_MAX];
    zt_store_close(&f->store);
    // A crash while the scaffold was filled: a data file of garbage, and no store.
    snprintf(command, sizeof command, "mv '%s' '%s.new' && echo x >'%s.new/data.mdb'", f->store_dir,
             f->store_dir, f->store_dir);
    assert_int_equal(system(command), 0);
    fixture_open(f);
    zt_store_close(&f->store);
    // An empty folder made by an operator is taken.
    snprintf(command, sizeof command, "rm -r '%s' && mkdir '%s'", f->store_dir, f->store_dir);
    assert_int_equal(system(command), 0);
    fixture_open(f);
}

static void somebody_elses_folder_is_left_alone(void **state)
{
    struct zt_store_fixture *f = *state;
    char command[4 * PATH_MAX];
    zt_store_close(&f->store);
    snprintf(command, sizeof command, "rm '%s'/*.mdb && echo mine >'%s/notes'", f->store_dir, f->store_dir);
    assert_int_equal(system(command), 0);
    refuse(f, ZT_E_IO, "store.foreign");
    snprintf(command, sizeof command, "grep -q mine '%s/notes'", f->store_dir);
    assert_int_equal(system(command), 0);
}

static void another_node_key_is_refused(void **state)
{
    struct zt_store_fixture *f = *state;
    static const uint8_t other[ZT_NODE_KEY_LEN] = {9};
    struct zt_store_options options = {.dir = f->store_dir, .node_key = {other, sizeof other}};
    struct zt_fault fault = {0};
    zt_store_close(&f->store);
    assert_int_equal(zt_store_open(&options, &f->store, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "store.node-key");
    options.node_key.len = 16;
    assert_int_equal(zt_store_open(&options, &f->store, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "store.node-key");
    fixture_open(f);
}

static void a_store_cut_short_is_refused_before_it_is_mapped(void **state)
{
    struct zt_store_fixture *f = *state;
    struct stat info;
    zt_store_close(&f->store);
    assert_int_equal(stat(f->data, &info), 0);
    assert_int_equal(truncate(f->data, info.st_size - 4096), 0);
    refuse(f, ZT_E_CORRUPT, "store.truncated");
    assert_int_equal(truncate(f->data, 100), 0);
    refuse(f, ZT_E_CORRUPT, "store.meta");
}

static void bad_paths_are_refused(void **state)
{
    struct zt_store_fixture *f = *state;
    static const char *const bad[] = {"", "/", "//"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zt_store_options options = {.dir = bad[i], .node_key = {fixture_key, sizeof fixture_key}};
        struct zt_store *store = NULL;
        assert_int_equal(zt_store_open(&options, &store, NULL), ZT_E_CONFIG);
    }
    zt_store_close(&f->store);
    char slash[2 * PATH_MAX];
    snprintf(slash, sizeof slash, "%s///", f->store_dir);
    struct zt_store_options options = {.dir = slash, .node_key = {fixture_key, sizeof fixture_key}};
    assert_int_equal(zt_store_open(&options, &f->store, NULL), ZT_OK);
}

static void pseudonyms_depend_on_key_type_and_number(void **state)
{
    struct zt_store_fixture *f = *state;
    uint8_t a[ZT_PSEUDONYM_LEN], b[ZT_PSEUDONYM_LEN];
    assert_int_equal(zt_pseudonym(f->store, "111", "370202199003070012", a), ZT_OK);
    assert_int_equal(zt_pseudonym(f->store, "111", "370202199003070012", b), ZT_OK);
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(zt_pseudonym(f->store, "111", "370202199003070013", b), ZT_OK);
    assert_memory_not_equal(a, b, sizeof a);
    assert_int_equal(zt_pseudonym(f->store, "001", "370202199003070012", b), ZT_OK);
    assert_memory_not_equal(a, b, sizeof a);
    f->store->node_key[0] ^= 1;
    assert_int_equal(zt_pseudonym(f->store, "111", "370202199003070012", b), ZT_OK);
    assert_memory_not_equal(a, b, sizeof a);
}

static void the_pseudonym_is_hmac_sm3_cut_to_16_bytes(void **state)
{
    struct zt_store_fixture *f = *state;
    uint8_t got[ZT_PSEUDONYM_LEN], mac[ZT_HASH_LEN];
    struct zt_bytes whole = zt_bytes_str("111|370202199003070012");
    assert_int_equal(zt_hmac_sm3((struct zt_bytes){fixture_key, sizeof fixture_key}, &whole, 1, mac), ZT_OK);
    assert_int_equal(zt_pseudonym(f->store, "111", "370202199003070012", got), ZT_OK);
    assert_memory_equal(got, mac, sizeof got);
}

static void one_write_transaction_at_a_time(void **state)
{
    struct zt_store_fixture *f = *state;
    struct zt_store_write *txn = NULL, *second = NULL;
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    assert_int_equal(zt_store_begin(f->store, &second), ZT_E_STATE);
    assert_null(second);
    zt_store_abort(&txn);
    zt_store_abort(&txn);
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    assert_null(txn);
}

static void source_rows_read_back(void **state)
{
    struct zt_store_fixture *f = *state;
    struct zt_store_write *txn = NULL;
    struct zt_store_read *read = NULL;
    struct zt_source_row row = {.seq = 7,
                                .cursor = "abc",
                                .cursor_len = 3,
                                .last_batch = 1,
                                .last_heartbeat = -2,
                                .complete_as_of = 3,
                                .records = 4,
                                .rejected = 5,
                                .ignored = 6,
                                .quarantined = UINT64_MAX};
    struct zt_source_row back;
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    assert_int_equal(zt_store_get_source(txn, "ca.marriage", &back), ZT_E_ABSENT);
    zt_store_put_source(txn, "ca.marriage", &row);
    assert_int_equal(zt_store_get_source(txn, "ca.marriage", &back), ZT_OK);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    assert_int_equal(zt_store_reader(f->store, &read), ZT_OK);
    assert_int_equal(zt_store_source(read, "ca.marriage", &back), ZT_E_STATE);
    assert_int_equal(zt_store_renew(read), ZT_OK);
    assert_int_equal(zt_store_source(read, "ca.marriage", &back), ZT_OK);
    assert_memory_equal(&back, &row, sizeof row);
    assert_int_equal(zt_store_source(read, "ca", &back), ZT_E_ABSENT);
    zt_store_reader_close(&read);
    row.cursor_len = sizeof row.cursor + 1;
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    zt_store_put_source(txn, "ca.marriage", &row);
    assert_int_equal(zt_store_commit(&txn), ZT_E_BUG);
}

static void the_applied_position_is_committed_with_the_rows(void **state)
{
    struct zt_store_fixture *f = *state;
    struct zt_store_write *txn = NULL;
    uint64_t seq = 99;
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    assert_int_equal(zt_store_get_applied(txn, 0, &seq), ZT_OK);
    assert_int_equal(seq, 0);
    zt_store_put_applied(txn, 0, 5);
    zt_store_put_applied(txn, 1, 6);
    assert_int_equal(zt_store_commit(&txn), ZT_OK);
    zt_store_close(&f->store);
    fixture_open(f);
    assert_int_equal(zt_store_begin(f->store, &txn), ZT_OK);
    assert_int_equal(zt_store_get_applied(txn, 0, &seq), ZT_OK);
    assert_int_equal(seq, 5);
    assert_int_equal(zt_store_get_applied(txn, 1, &seq), ZT_OK);
    assert_int_equal(seq, 6);
    zt_store_abort(&txn);
}

// A process that dies with a snapshot open leaves its slot; the next start frees it.
static void a_dead_reader_does_not_keep_its_slot(void **state)
{
    struct zt_store_fixture *f = *state;
    zt_store_close(&f->store);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct zt_store_fixture own = *f;
        struct zt_store_read *read = NULL;
        if (fixture_try_open(&own, 0, NULL) == ZT_OK && zt_store_reader(own.store, &read) == ZT_OK &&
            zt_store_renew(read) == ZT_OK)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    fixture_open(f);
    int cleared = -1;
    assert_int_equal(zt_kv_clear_dead_readers(f->store->kv, &cleared), ZT_OK);
    assert_int_equal(cleared, 0); // the start had done it
    zt_store_tend(f->store);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_new_store_is_private_and_leaves_no_scaffold),
        T(what_a_crash_left_of_an_earlier_start_is_replaced),
        T(somebody_elses_folder_is_left_alone),
        T(another_node_key_is_refused),
        T(a_store_cut_short_is_refused_before_it_is_mapped),
        T(bad_paths_are_refused),
        T(pseudonyms_depend_on_key_type_and_number),
        T(the_pseudonym_is_hmac_sm3_cut_to_16_bytes),
        T(one_write_transaction_at_a_time),
        T(source_rows_read_back),
        T(the_applied_position_is_committed_with_the_rows),
        T(a_dead_reader_does_not_keep_its_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
