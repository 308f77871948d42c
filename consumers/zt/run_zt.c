// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/run_zt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 64
#define RUN_MS    60000

extern char **environ;

static void read_back(const char *path, char *out)
{
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t len = read(fd, out, SAID_MAX - 1);
    close(fd);
    out[len > 0 ? len : 0] = 0;
}

static int wait_for(pid_t child)
{
    int status, fd = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd end = {.fd = fd, .events = POLLIN};
    assert_true(fd >= 0);
    bool in_time = poll(&end, 1, RUN_MS) == 1;
    close(fd);
    if (!in_time)
        kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(in_time);
    assert_true(WIFEXITED(status)); // no crash
    return WEXITSTATUS(status);
}

static const struct said *run(const char *into, char **words)
{
    static struct said said;
    char dir[PATH_MAX], out[PATH_MAX + 8], err[PATH_MAX + 8], program[PATH_MAX];
    const char *bin = getenv("ZT_BIN_DIR");
    pid_t child;
    posix_spawn_file_actions_t actions;
    assert_non_null(bin);
    snprintf(program, sizeof program, "%s/zt", bin);
    words[0] = program;
    make_test_dir(dir);
    snprintf(out, sizeof out, "%s/out", dir);
    snprintf(err, sizeof err, "%s/err", dir);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, into ? into : out, O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(posix_spawn(&child, program, &actions, NULL, words, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    said.status = wait_for(child);
    said.out[0] = 0;
    if (!into)
        read_back(out, said.out);
    read_back(err, said.err);
    remove_test_dir(dir);
    return &said;
}

static void collect(char **words, const char *first, va_list list)
{
    size_t count = 1;
    for (const char *word = first; word; word = va_arg(list, const char *)) {
        assert_true(count < WORDS_MAX - 1);
        words[count++] = (char *)(uintptr_t)word;
    }
    words[count] = NULL;
}

const struct said *run_zt(const char *first, ...)
{
    char *words[WORDS_MAX];
    va_list list;
    va_start(list, first);
    collect(words, first, list);
    va_end(list);
    return run(NULL, words);
}

const struct said *run_zt_into(const char *path, const char *first, ...)
{
    char *words[WORDS_MAX];
    va_list list;
    va_start(list, first);
    collect(words, first, list);
    va_end(list);
    return run(path, words);
}

static void expect_text(const char *stream, const char *text, const char *wanted)
{
    if (!wanted)
        return;
    if (!*wanted && *text)
        fail_msg("%s should be empty: %s", stream, text);
    if (!strstr(text, wanted))
        fail_msg("%s has no \"%s\": %s", stream, wanted, text);
}

void expect_said(const struct said *said, int status, const char *out, const char *err)
{
    if (said->status != status)
        fail_msg("exit %d instead of %d: %s%s", said->status, status, said->out, said->err);
    expect_text("stdout", said->out, out);
    expect_text("stderr", said->err, err);
}

json_t *said_json(const struct said *said)
{
    json_error_t error;
    json_t *root = json_loads(said->out, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("no JSON (%s): %s%s", error.text, said->out, said->err);
    return root;
}

const char *json_at(json_t *root, const char *path)
{
    static char text[64];
    char step[64];
    json_t *at = root;
    for (const char *from = path; *from;) {
        size_t len = strcspn(from, ".");
        snprintf(step, sizeof step, "%.*s", (int)len, from);
        at = json_is_array(at) ? json_array_get(at, (size_t)strtoul(step, NULL, 10))
                               : json_object_get(at, step);
        if (!at)
            fail_msg("no %s in the JSON", path);
        from += len + (from[len] == '.');
    }
    if (json_is_string(at))
        return json_string_value(at);
    if (json_is_integer(at))
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(at));
    else
        snprintf(text, sizeof text, "%s",
                 json_is_true(at)    ? "true"
                 : json_is_false(at) ? "false"
                 : json_is_null(at)  ? "null"
                                     : "structure");
    return text;
}
