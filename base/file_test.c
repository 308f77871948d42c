// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test_support.h"

static char dir[PATH_MAX];
static char path[PATH_MAX + 16];

static int enter(void **state)
{
    (void)state;
    make_test_dir(dir);
    snprintf(path, sizeof path, "%s/file", dir);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    remove_test_dir(dir);
    return 0;
}

static void replaced_file_is_read_back(void **state)
{
    (void)state;
    struct zt_buf big, out;
    zt_buf_init(&big, 100000);
    zt_buf_init(&out, 100010);
    for (uint32_t i = 0; i < 25000; i++)
        zt_buf_put_be32(&big, i);
    assert_int_equal(zt_file_replace(path, zt_bytes_str("old"), 0644, NULL), ZT_OK);
    assert_int_equal(zt_file_replace(path, zt_buf_bytes(&big), 0600, NULL), ZT_OK);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    zt_buf_put_str(&out, "before");
    assert_int_equal(zt_file_read(path, &out, NULL), ZT_OK);
    assert_int_equal(out.len, 100006);
    assert_memory_equal(out.data + 6, big.data, big.len);
    zt_buf_fini(&out);
    zt_buf_fini(&big);
}

static void reading_is_bounded_and_leaves_the_buffer(void **state)
{
    (void)state;
    struct zt_fault fault;
    struct zt_buf out;
    zt_buf_init(&out, 10);
    zt_buf_put_str(&out, "ab");
    assert_int_equal(zt_file_replace(path, zt_bytes_str("12345678"), 0600, NULL), ZT_OK);
    assert_int_equal(zt_file_read(path, &out, &fault), ZT_OK);
    assert_int_equal(out.len, 10);
    out.len = 2;
    assert_int_equal(zt_file_replace(path, zt_bytes_str("123456789"), 0600, NULL), ZT_OK);
    assert_int_equal(zt_file_read(path, &out, &fault), ZT_E_LIMIT);
    assert_string_equal(fault.rule, "file.size");
    assert_string_equal(fault.place, path);
    assert_int_equal(zt_file_read("/nowhere/at/all", &out, &fault), ZT_E_ABSENT);
    assert_string_equal(fault.rule, "file.open");
    assert_int_equal(fault.code, ZT_E_ABSENT);
    assert_int_equal(zt_file_read("/nowhere/at/all", &out, NULL), ZT_E_ABSENT);
    assert_int_equal(zt_file_read(dir, &out, &fault), ZT_E_IO);
    assert_string_equal(fault.rule, "file.read");
    assert_int_equal(zt_file_read("/dev/zero", &out, &fault), ZT_E_LIMIT); // endless, yet bounded
    assert_string_equal(zt_buf_text(&out), "ab");
    zt_buf_fini(&out);
}

static void secrets_need_a_closed_file(void **state)
{
    (void)state;
    struct zt_fault fault;
    struct zt_buf out;
    zt_buf_init(&out, 64);
    static const mode_t open_modes[] = {0644, 0640, 0604, 0601, 0610, 0660};
    for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
        assert_int_equal(zt_file_replace(path, zt_bytes_str("key"), open_modes[i], NULL), ZT_OK);
        assert_int_equal(zt_file_read_secret(path, &out, &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, "file.mode");
        assert_int_equal(out.len, 0);
    }
    static const mode_t closed_modes[] = {0600, 0400};
    for (size_t i = 0; i < sizeof closed_modes / sizeof *closed_modes; i++) {
        zt_buf_reset(&out);
        assert_int_equal(zt_file_replace(path, zt_bytes_str("key"), closed_modes[i], NULL), ZT_OK);
        assert_int_equal(zt_file_read_secret(path, &out, &fault), ZT_OK);
        assert_string_equal(zt_buf_text(&out), "key");
    }
    if (geteuid() == 0) { // only root can give a file away
        assert_int_equal(chown(path, 12345, 12345), 0);
        assert_int_equal(zt_file_read_secret(path, &out, &fault), ZT_E_CONFIG);
        assert_string_equal(fault.rule, "file.mode");
    }
    assert_int_equal(zt_file_read_secret("/dev/null", &out, &fault), ZT_E_CONFIG);
    assert_string_equal(fault.rule, "file.mode");
    assert_int_equal(zt_file_read_secret("/nowhere/key", &out, &fault), ZT_E_ABSENT);
    zt_buf_fini(&out);
}

static size_t count_files(void)
{
    char command[PATH_MAX + 32];
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", dir);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t count = 0;
    assert_int_equal(fscanf(pipe, "%zu", &count), 1);
    pclose(pipe);
    return count;
}

// A disk that is full: the old file stays, the temporary one goes. RLIMIT_FSIZE makes write(2) fail for real.
static void failed_replace_keeps_the_old_file(void **state)
{
    (void)state;
    assert_int_equal(zt_file_replace(path, zt_bytes_str("old"), 0600, NULL), ZT_OK);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit = {4096, 4096};
        struct zt_fault fault;
        struct zt_buf big;
        zt_buf_init(&big, 8192);
        memset(zt_buf_extend(&big, 8192), 'x', 8192);
        signal(SIGXFSZ, SIG_IGN);
        bool ok = setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                  zt_file_replace(path, zt_buf_bytes(&big), 0600, &fault) == ZT_E_IO &&
                  strcmp(fault.rule, "file.write") == 0;
        zt_buf_fini(&big);
        _exit(ok ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct zt_buf out;
    zt_buf_init(&out, 64);
    assert_int_equal(zt_file_read(path, &out, NULL), ZT_OK);
    assert_string_equal(zt_buf_text(&out), "old");
    zt_buf_fini(&out);
    assert_int_equal(count_files(), 1);
    struct zt_fault fault;
    assert_int_equal(zt_file_replace("/nowhere/x", zt_bytes_str("a"), 0600, &fault), ZT_E_IO);
    char longest[PATH_MAX + 8];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    assert_int_equal(zt_file_replace(longest, zt_bytes_str("a"), 0600, &fault), ZT_E_LIMIT);
}

static void folders_are_made_with_parents(void **state)
{
    (void)state;
    char deep[PATH_MAX + 32];
    struct zt_fault fault;
    snprintf(deep, sizeof deep, "%s/a/b//c/", dir);
    assert_int_equal(zt_dir_make(deep, 0700, &fault), ZT_OK);
    assert_int_equal(zt_dir_make(deep, 0700, &fault), ZT_OK);
    assert_int_equal(zt_dir_sync(deep, &fault), ZT_OK);
    assert_int_equal(zt_file_replace(path, zt_bytes_str("x"), 0600, NULL), ZT_OK);
    assert_int_equal(zt_dir_make(path, 0700, &fault), ZT_E_IO);
    assert_string_equal(fault.rule, "dir.make");
    snprintf(deep, sizeof deep, "%s/file/below", dir);
    assert_int_equal(zt_dir_make(deep, 0700, &fault), ZT_E_IO);
    assert_int_equal(zt_dir_make("", 0700, &fault), ZT_E_LIMIT);
    assert_int_equal(zt_dir_sync("/nowhere", &fault), ZT_E_IO);
    assert_int_equal(zt_dir_sync(path, &fault), ZT_E_IO);
}

static void write_all_reports_a_closed_reader(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(zt_write_all(fds[1], zt_bytes_str("abc")), ZT_OK);
    char got[4] = {0};
    assert_int_equal(read(fds[0], got, 3), 3);
    assert_string_equal(got, "abc");
    close(fds[0]);
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(zt_write_all(fds[1], zt_bytes_str("abc")), ZT_E_IO);
    close(fds[1]);
    assert_int_equal(zt_write_all(-1, zt_bytes_str("abc")), ZT_E_IO);
    assert_int_equal(zt_write_all(-1, (struct zt_bytes){NULL, 0}), ZT_OK);
}

static void a_hardened_process_leaves_no_core(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit = {1, 1};
        bool ok = zt_process_harden(NULL) == ZT_OK && getrlimit(RLIMIT_CORE, &limit) == 0 &&
                  limit.rlim_cur == 0 && limit.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0;
        _exit(ok ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIR(replaced_file_is_read_back),
        IN_DIR(reading_is_bounded_and_leaves_the_buffer),
        IN_DIR(secrets_need_a_closed_file),
        IN_DIR(failed_replace_keeps_the_old_file),
        IN_DIR(folders_are_made_with_parents),
        cmocka_unit_test(write_all_reports_a_closed_reader),
        cmocka_unit_test(a_hardened_process_leaves_no_core),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
