// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/head.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/test_support.h"

#define ORIGIN "zhitong.test/ledger"
#define LEAVES 40

static char dir[PATH_MAX];
static struct zt_key *key;
static uint8_t leaves[LEAVES * ZT_HASH_LEN];

static int make_all(void **state)
{
    (void)state;
    make_test_dir(dir);
    for (size_t i = 0; i < LEAVES; i++)
        leaves[i * ZT_HASH_LEN] = (uint8_t)i;
    return zt_key_new(ZT_ED25519, &key) == ZT_OK ? 0 : -1;
}

static int remove_all(void **state)
{
    (void)state;
    zt_key_destroy(&key);
    remove_test_dir(dir);
    return 0;
}

struct ask {
    struct zt_sign_request request;
    struct zt_proof proof;
    struct zt_bytes parts[ZT_PROOF_MAX];
};

// What an honest sealer asks: the tree of `size` leaves, grown from `old`.
static struct zt_sign_request *ask(struct ask *ask, size_t old, size_t size)
{
    memset(ask, 0, sizeof *ask);
    ask->request =
        (struct zt_sign_request){.act = ZT_SIGN_CHECKPOINT, .origin = ORIGIN, .old_size = old, .size = size};
    assert_int_equal(zt_merkle_root(ZT_SHA256, leaves, size, ask->request.root), ZT_OK);
    assert_int_equal(zt_merkle_prove_consistency(ZT_SHA256, leaves, size, old, &ask->proof), ZT_OK);
    for (size_t i = 0; i < ask->proof.count; i++)
        ask->parts[i] = (struct zt_bytes){ask->proof.hashes[i], ZT_HASH_LEN};
    ask->request.proof = ask->parts;
    ask->request.proof_count = ask->proof.count;
    return &ask->request;
}

static void open_head(struct zt_head *head)
{
    struct zt_fault fault;
    assert_int_equal(zt_head_open(dir, ORIGIN, key, head, &fault), ZT_OK);
}

static void assert_refused(struct zt_head *head, const struct zt_sign_request *request, enum zt_err code,
                           const char *rule)
{
    struct zt_fault fault = {.code = ZT_OK};
    uint64_t size = head->last.size;
    bool any = head->any;
    assert_int_equal(zt_head_advance(head, request, &fault), code);
    assert_string_equal(fault.rule, rule);
    assert_int_equal(head->last.size, size);
    assert_int_equal(head->any, any);
}

static void grows_and_remembers(void **state)
{
    (void)state;
    struct zt_head head;
    struct ask a;
    struct zt_bytes body;
    struct zt_buf vkey;
    static const size_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 39, 40};
    zt_buf_init(&vkey, 1024);
    assert_int_equal(zt_note_vkey(key, ORIGIN, &vkey), ZT_OK);
    size_t old = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        open_head(&head); // as after a restart
        assert_int_equal(head.any, i > 0);
        assert_int_equal(head.last.size, old);
        assert_int_equal(zt_head_advance(&head, ask(&a, old, sizes[i]), NULL), ZT_OK);
        struct zt_checkpoint told;
        assert_int_equal(zt_note_verify(zt_buf_bytes(&head.note), zt_buf_text(&vkey), &body, NULL), ZT_OK);
        assert_int_equal(zt_checkpoint_parse(body, &told, NULL), ZT_OK);
        assert_int_equal(told.size, sizes[i]);
        assert_memory_equal(told.root, a.request.root, ZT_HASH_LEN);
        assert_string_equal(told.origin, ORIGIN);
        zt_head_close(&head);
        zt_head_close(&head);
        old = sizes[i];
    }
    zt_buf_fini(&vkey);
}

static void same_again_gives_the_same_note(void **state)
{
    (void)state;
    struct zt_head head;
    struct ask a;
    open_head(&head);
    assert_int_equal(zt_head_advance(&head, ask(&a, 0, 5), NULL), ZT_OK);
    struct zt_buf first;
    zt_buf_init(&first, ZT_NOTE_MAX);
    zt_buf_put(&first, head.note.data, head.note.len);
    assert_int_equal(zt_head_advance(&head, ask(&a, 0, 5), NULL), ZT_OK); // whatever old_size says
    assert_true(zt_bytes_equal(zt_buf_bytes(&first), zt_buf_bytes(&head.note)));
    assert_int_equal(zt_head_advance(&head, ask(&a, 5, 5), NULL), ZT_OK);
    assert_true(zt_bytes_equal(zt_buf_bytes(&first), zt_buf_bytes(&head.note)));
    zt_buf_fini(&first);
    zt_head_close(&head);
}

static void refusals(void **state)
{
    (void)state;
    struct zt_head head;
    struct ask a;
    open_head(&head);
    assert_refused(&head, ask(&a, 3, 5), ZT_E_STATE, "signer.old-size"); // nothing was signed yet
    ask(&a, 0, 0)->root[0] ^= 1;
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.inconsistent");
    assert_int_equal(zt_head_advance(&head, ask(&a, 0, 20), NULL), ZT_OK);
    assert_refused(&head, ask(&a, 0, 19), ZT_E_DENIED, "signer.rollback");
    assert_refused(&head, ask(&a, 19, 19), ZT_E_DENIED, "signer.rollback");
    assert_refused(&head, ask(&a, 0, 25), ZT_E_STATE, "signer.old-size");
    assert_refused(&head, ask(&a, 21, 25), ZT_E_STATE, "signer.old-size");
    ask(&a, 20, 20)->root[31] ^= 1; // another story of the same size
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.inconsistent");
    ask(&a, 20, 25)->root[0] ^= 1;
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.inconsistent");
    ask(&a, 20, 25)->proof_count--;
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.inconsistent");
    ask(&a, 20, 25)->proof_count = 0;
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.inconsistent");
    ask(&a, 20, 25)->proof_count = ZT_PROOF_MAX + 1;
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.inconsistent");
    ask(&a, 20, 25);
    a.parts[0].len = 31;
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.inconsistent");
    ask(&a, 20, 25);
    a.proof.hashes[1][7] ^= 4;
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.inconsistent");
    ask(&a, 20, 25)->origin = "zhitong.test/other";
    assert_refused(&head, &a.request, ZT_E_DENIED, "signer.origin");
    ask(&a, 20, 25)->size = UINT64_MAX;
    assert_refused(&head, &a.request, ZT_E_INPUT, "signer.size");
    assert_int_equal(zt_head_advance(&head, ask(&a, 20, 25), NULL), ZT_OK); // the honest one still goes
    zt_head_close(&head);
}

static void forked_tree(void **state)
{
    (void)state;
    struct zt_head head;
    struct ask a;
    open_head(&head);
    assert_int_equal(zt_head_advance(&head, ask(&a, 0, 20), NULL), ZT_OK);
    leaves[3] ^= 1; // an entry was changed after the fact
    assert_refused(&head, ask(&a, 20, 30), ZT_E_DENIED, "signer.inconsistent");
    leaves[3] ^= 1;
    assert_int_equal(zt_head_advance(&head, ask(&a, 20, 30), NULL), ZT_OK);
    zt_head_close(&head);
}

static void one_signer_only(void **state)
{
    (void)state;
    struct zt_head first, second = {.lock = 99};
    struct zt_fault fault;
    open_head(&first);
    assert_int_equal(zt_head_open(dir, ORIGIN, key, &second, &fault), ZT_E_STATE);
    assert_string_equal(fault.rule, "signer.running");
    assert_int_equal(second.lock, 99);
    zt_head_close(&first);
    open_head(&second);
    zt_head_close(&second);
}

static void state_path(char path[PATH_MAX + NAME_MAX + 2])
{
    DIR *folder = opendir(dir);
    assert_non_null(folder);
    path[0] = 0;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (strstr(entry->d_name, ".state"))
            snprintf(path, PATH_MAX + NAME_MAX + 2, "%s/%s", dir, entry->d_name);
    closedir(folder);
    assert_true(path[0]);
}

static void spoilt_state(void **state)
{
    (void)state;
    struct zt_head head;
    struct ask a;
    struct zt_fault fault;
    struct zt_buf text;
    char path[PATH_MAX + NAME_MAX + 2];
    open_head(&head);
    assert_int_equal(zt_head_advance(&head, ask(&a, 0, 9), NULL), ZT_OK);
    zt_head_close(&head);
    state_path(path);
    zt_buf_init(&text, ZT_NOTE_MAX);
    assert_int_equal(zt_file_read(path, &text, NULL), ZT_OK);
    for (size_t len = 0; len < text.len; len += 11) { // cut short
        assert_int_equal(zt_file_replace(path, (struct zt_bytes){text.data, len}, 0400, NULL), ZT_OK);
        assert_int_equal(zt_head_open(dir, ORIGIN, key, &head, &fault), ZT_E_CORRUPT);
        assert_string_equal(fault.rule, "signer.state");
    }
    for (size_t at = 0; at < text.len; at += 3) { // one bit
        text.data[at] ^= 2;
        assert_int_equal(zt_file_replace(path, zt_buf_bytes(&text), 0400, NULL), ZT_OK);
        assert_int_equal(zt_head_open(dir, ORIGIN, key, &head, &fault), ZT_E_CORRUPT);
        text.data[at] ^= 2;
    }
    struct zt_key *other = NULL; // signed by somebody else
    assert_int_equal(zt_key_new(ZT_ED25519, &other), ZT_OK);
    assert_int_equal(zt_file_replace(path, zt_buf_bytes(&text), 0400, NULL), ZT_OK);
    assert_int_equal(zt_head_open(dir, ORIGIN, other, &head, &fault), ZT_E_CORRUPT);
    zt_key_destroy(&other);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_not_equal(zt_head_open(dir, ORIGIN, key, &head, &fault), ZT_OK);
    assert_string_equal(fault.rule, "file.mode");
    assert_int_equal(chmod(path, 0400), 0);
    open_head(&head);
    assert_int_equal(head.last.size, 9);
    zt_head_close(&head);
    zt_buf_fini(&text);
}

// When the state cannot be written, no signature leaves, and the signer still knows what it signed last.
static void state_that_cannot_be_written(void **state)
{
    (void)state;
    struct zt_head head;
    struct ask a;
    struct rlimit before, none = {0, 0};
    open_head(&head);
    assert_int_equal(zt_head_advance(&head, ask(&a, 0, 9), NULL), ZT_OK);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0); // nothing can be opened any more, not even by root
    struct zt_fault fault = {.code = ZT_OK};
    enum zt_err rc = zt_head_advance(&head, ask(&a, 9, 12), &fault);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(rc, ZT_E_IO);
    assert_string_equal(fault.rule, "signer.state");
    assert_int_equal(head.last.size, 9);
    zt_head_close(&head);
    open_head(&head);
    assert_int_equal(head.last.size, 9);
    assert_int_equal(zt_head_advance(&head, ask(&a, 9, 12), NULL), ZT_OK);
    zt_head_close(&head);
}

static void origins_do_not_mix(void **state)
{
    (void)state;
    struct zt_head head;
    struct ask a;
    struct zt_fault fault;
    char long_origin[200];
    open_head(&head);
    assert_int_equal(zt_head_advance(&head, ask(&a, 0, 9), NULL), ZT_OK);
    zt_head_close(&head);
    assert_int_equal(zt_head_open(dir, "zhitong.test/second", key, &head, &fault), ZT_OK);
    assert_false(head.any);
    zt_head_close(&head);
    memset(long_origin, 'o', sizeof long_origin);
    long_origin[sizeof long_origin - 1] = 0;
    assert_int_equal(zt_head_open(dir, long_origin, key, &head, &fault), ZT_E_CONFIG);
    assert_int_equal(chmod(dir, 0755), 0);
    assert_int_equal(zt_head_open(dir, ORIGIN, key, &head, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "signer.state");
    assert_int_equal(chmod(dir, 0700), 0);
}

int main(void)
{
#define FRESH(test) cmocka_unit_test_setup_teardown(test, make_all, remove_all)
    const struct CMUnitTest tests[] = {
        FRESH(grows_and_remembers),
        FRESH(same_again_gives_the_same_note),
        FRESH(refusals),
        FRESH(forked_tree),
        FRESH(one_signer_only),
        FRESH(spoilt_state),
        FRESH(origins_do_not_mix),
        FRESH(state_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
