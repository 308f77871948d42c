// SPDX-License-Identifier: Apache-2.0
// Each row is tried in a child process that has entered the very same sandbox.
#include "certs/signerd/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/test_support.h"

static char dir[PATH_MAX];
static int open_socket = -1; // made before the sandbox

static int make_dir(void **state)
{
    (void)state;
    make_test_dir(dir);
    open_socket = socket(AF_UNIX, SOCK_STREAM, 0);
    return open_socket < 0 ? -1 : 0;
}

static int remove_dir(void **state)
{
    (void)state;
    close(open_socket);
    remove_test_dir(dir);
    return 0;
}

// The attempts; true: it worked.
static bool try_inet(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}
static bool try_unix(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}
static bool try_pair(void)
{
    int pair[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}
static bool try_connect(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "/nonexistent"};
    return connect(open_socket, (struct sockaddr *)&name, sizeof name) == 0 || errno == ENOENT;
}
static bool try_bind(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    return bind(open_socket, (struct sockaddr *)&name, sizeof(sa_family_t)) == 0;
}
static bool try_execve(void)
{
    char name[] = "/bin/true", *const args[] = {name, NULL}, *const env[] = {NULL};
    return execve(name, args, env) == 0;
}
static bool try_execveat(void)
{
    char name[] = "/bin/true", *const args[] = {name, NULL}, *const env[] = {NULL};
    return syscall(SYS_execveat, AT_FDCWD, name, args, env, 0) == 0;
}
static bool try_fork(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child > 0;
}
static bool try_ptrace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}
static bool try_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}
static bool try_code_later(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}
static bool try_chroot(void)
{
    return chroot("/") == 0;
}
static bool try_dumpable(void)
{
    return prctl(PR_SET_DUMPABLE, 1) == 0;
}
static bool try_setuid(void)
{
    return setuid(getuid()) == 0;
}
static bool try_bpf(void)
{
    return syscall(SYS_bpf, 0, NULL, 0) == 0 || errno != ENOSYS;
}

// What serving needs.
static bool try_state_file(void)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/x.state", dir);
    return zt_file_replace(path, zt_bytes_str("one"), 0400, NULL) == ZT_OK &&
           zt_file_replace(path, zt_bytes_str("two"), 0400, NULL) == ZT_OK && unlink(path) == 0;
}
static bool try_memory(void)
{
    for (size_t size = 1; size < (size_t)64 * 1024 * 1024; size *= 3) {
        char *room = malloc(size);
        if (!room)
            return false;
        memset(room, 1, size);
        room = realloc(room, size * 2);
        free(room);
    }
    return true;
}
static bool try_log(void)
{
    return write(STDERR_FILENO, "", 0) == 0;
}

struct row {
    const char *name;
    bool (*attempt)(void);
};

// The child's wait status; what it wrote to stderr goes into `said`.
static int in_sandbox(bool (*attempt)(void), char said[static 512])
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        if (zt_sandbox_enter(NULL) != ZT_OK)
            _exit(99);
        _exit(attempt() ? 0 : 1);
    }
    close(ends[1]);
    ssize_t len = read(ends[0], said, 511);
    said[len > 0 ? len : 0] = 0;
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void refused(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"inet socket", try_inet},  {"unix socket", try_unix}, {"socket pair", try_pair},
        {"connect", try_connect},   {"bind", try_bind},        {"execve", try_execve},
        {"execveat", try_execveat}, {"code", try_code},        {"code later", try_code_later},
        {"chroot", try_chroot},     {"setuid", try_setuid},    {"bpf", try_bpf},
#ifndef ZT_SANITIZED // the runtimes of the sanitizers need these
        {"dumpable", try_dumpable}, {"fork", try_fork},        {"ptrace", try_ptrace},
#endif
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char said[512];
        int status = in_sandbox(rows[i].attempt, said);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != ZT_SANDBOX_EXIT)
            fail_msg("%s: wait status %#x", rows[i].name, (unsigned)status);
        assert_non_null(strstr(said, "ZT-SIGNER-SANDBOX"));
        assert_non_null(strstr(said, "system call "));
    }
}

// Without the sandbox each attempt gets as far as the kernel: what refuses above is the sandbox.
static void control(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"inet socket", try_inet},  {"unix socket", try_unix}, {"socket pair", try_pair},
        {"connect", try_connect},   {"code", try_code},        {"code later", try_code_later},
        {"fork", try_fork},         {"ptrace", try_ptrace},    {"bind", try_bind},
        {"dumpable", try_dumpable},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(rows[i].attempt() ? 0 : 1);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            fail_msg("%s does not work without the sandbox either: %#x", rows[i].name, (unsigned)status);
    }
}

static void allowed(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"state file", try_state_file}, {"memory", try_memory}, {"log", try_log}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char said[512];
        int status = in_sandbox(rows[i].attempt, said);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            fail_msg("%s: wait status %#x, %s", rows[i].name, (unsigned)status, said);
    }
}

static int go[2];

static void *late_thread(void *arg)
{
    sigset_t all;
    char byte;
    sigfillset(&all);
    if (arg)
        pthread_sigmask(SIG_SETMASK, &all, NULL); // as libzmq's threads do
    if (read(go[0], &byte, 1) == 1)
        (void)!socket(AF_INET, SOCK_STREAM, 0);
    return NULL;
}

// Threads that were there before are in the sandbox too; one that blocks signals dies all the same.
static bool in_other_thread(void *blocks)
{
    pthread_t thread;
    if (pipe(go) != 0 || pthread_create(&thread, NULL, late_thread, blocks) != 0 ||
        zt_sandbox_enter(NULL) != ZT_OK)
        return false;
    (void)!write(go[1], "x", 1);
    pthread_join(thread, NULL);
    return true;
}

static void threads_of_before(void **state)
{
    (void)state;
    for (int blocks = 0; blocks < 2; blocks++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            if (!freopen("/dev/null", "w", stderr))
                _exit(98);
            _exit(in_other_thread(blocks ? dir : NULL) ? 0 : 97);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (blocks)
            assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
        else
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == ZT_SANDBOX_EXIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),
        cmocka_unit_test(control),
        cmocka_unit_test(allowed),
        cmocka_unit_test(threads_of_before),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
