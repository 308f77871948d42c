// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/test_support.h"
#include "base/text.h"

static char got[256 * 1024];

// Runs `body` with stderr going to a file; `got` holds what it wrote.
static void capture(void (*body)(void))
{
    char dir[PATH_MAX], path[PATH_MAX + 16];
    make_test_dir(dir);
    snprintf(path, sizeof path, "%s/log", dir);
    int file = open(path, O_RDWR | O_CREAT | O_APPEND, 0600);
    int saved = dup(STDERR_FILENO);
    assert_true(file >= 0 && saved >= 0);
    assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
    body();
    dup2(saved, STDERR_FILENO);
    close(saved);
    ssize_t len = pread(file, got, sizeof got - 1, 0);
    assert_true(len >= 0);
    got[len] = 0;
    close(file);
    remove_test_dir(dir);
}

static void write_levels(void)
{
    zt_log_open("zt-test", ZT_LOG_WARN);
    zt_log_debug("ZT-A", "no");
    zt_log_info("ZT-B", "no");
    errno = 77;
    zt_log_warn("ZT-C", "third %d", 3);
    assert_int_equal(errno, 77);
    zt_log_error("ZT-D", "fourth");
}

static void levels_and_shape(void **state)
{
    (void)state;
    capture(write_levels);
    const char *end = strchr(got, '\n');
    assert_non_null(end);
    assert_memory_equal(got, "{\"time\":\"2", 10);
    assert_non_null(strstr(
        got, "Z\",\"level\":\"warn\",\"program\":\"zt-test\",\"id\":\"ZT-C\",\"text\":\"third 3\"}\n"));
    assert_non_null(
        strstr(end, "\"level\":\"error\",\"program\":\"zt-test\",\"id\":\"ZT-D\",\"text\":\"fourth\"}\n"));
    assert_null(strstr(got, "\"no\""));
}

static void write_hostile(void)
{
    zt_log_open("zt-test", ZT_LOG_DEBUG);
    zt_log_info("ZT-X", "quote \" slash \\ line\nfeed \x1b[2J \x7f bad \xFF\xC3 直 \xE4\xB8");
}

static void hostile_text_stays_one_json_line(void **state)
{
    (void)state;
    capture(write_hostile);
    assert_non_null(strstr(
        got, "quote \\\" slash \\\\ line\\u000afeed \\u001b[2J \\u007f bad \xEF\xBF\xBD\xEF\xBF\xBD 直 "));
    assert_ptr_equal(strchr(got, '\n'), got + strlen(got) - 1);
    assert_true(zt_utf8_valid(zt_bytes_str(got)));
}

static void write_numbers(void)
{
    zt_log_open("zt-test", ZT_LOG_DEBUG);
    zt_log_info("ZT-N", "subject 370202199003079980 of 91370202MA9X00011M");
    for (int pad = 980; pad < 1030; pad++) // the number crosses the end of the longest text at every place
        zt_log_info("ZT-N", "%*s370202199003079980", pad, "");
    struct zt_fault fault;
    assert_int_equal(zt_fault_set(&fault, ZT_E_INPUT, "r.r", "row 7", "bad 370202199003079980"), ZT_E_INPUT);
    zt_log_fault("ZT-F", &fault);
}

static void identity_numbers_never_reach_the_log(void **state)
{
    (void)state;
    capture(write_numbers);
    assert_non_null(strstr(got, "subject 370***80 of 913***1M"));
    assert_non_null(strstr(got, "\"text\":\"r.r: row 7: bad 370***80 (input)\""));
    assert_null(strstr(got, "3702"));
}

static void *write_many(void *arg)
{
    for (int i = 0; i < 200; i++)
        zt_log_info("ZT-T", "thread %s line %d", (const char *)arg, i);
    return NULL;
}

static void write_from_threads(void)
{
    static char names[4][2] = {"a", "b", "c", "d"};
    pthread_t threads[4];
    zt_log_open("zt-test", ZT_LOG_INFO);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, names[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static void lines_of_threads_do_not_mix(void **state)
{
    (void)state;
    capture(write_from_threads);
    int lines = 0;
    for (char *line = got, *end; (end = strchr(line, '\n')); line = end + 1, lines++) {
        assert_memory_equal(line, "{\"time\":", 8);
        assert_memory_equal(end - 2, "\"}", 2);
    }
    assert_int_equal(lines, 800);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_and_shape),
        cmocka_unit_test(hostile_text_stays_one_json_line),
        cmocka_unit_test(identity_numbers_never_reach_the_log),
        cmocka_unit_test(lines_of_threads_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
