// SPDX-License-Identifier: Apache-2.0
// Ledgered lookups beside the bare things they are made of, in one run: a CURVE echo of the same sizes, and
// an append of 300 bytes with fdatasync. The same client drives both servers; rounds are interleaved.
//   lookup_bench --counter ENDPOINT --server FILE.pub --key STEM --subjects FILE --item CODE --purpose CODE
//                --type ID [--officer ID] [--field NAME]... [--folder DIR] [--pid PID] [--outstanding N]
//                [--connections N] [--count N] [--lone N] [--rounds N]
// --subjects: one citizen number a line. --folder: where the append is measured (default: where we are).
// --pid: the broker's process, for its memory.
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id/id.h"
#include "proto/wire.h"
#include "tests/bench/echo.h"
#include "tests/bench/load.h"

#define APPEND_LEN   300
#define APPENDS      500
#define SUBJECTS_MAX 100000
#define ROUNDS_MAX   15
#define FIELDS_MAX   16

struct bench {
    struct bench_load load;
    const char *subjects_file, *item, *purpose, *type, *officer, *folder, *pid;
    const char *fields[FIELDS_MAX];
    size_t field_count, lone, count, rounds;
    char (*subjects)[ZT_ID_MAX + 1];
    size_t subject_count;
};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "lookup_bench: %s: %s\n", what, why);
    exit(1);
}

static void read_subjects(struct bench *bench)
{
    FILE *file = fopen(bench->subjects_file, "re");
    char line[128];
    bench->subjects = calloc(SUBJECTS_MAX, sizeof *bench->subjects);
    if (!file || !bench->subjects)
        die(bench->subjects_file, "cannot be read");
    while (bench->subject_count < SUBJECTS_MAX && fgets(line, sizeof line, file)) {
        line[strcspn(line, " \r\n")] = '\0';
        if (line[0] && strlen(line) <= ZT_ID_MAX)
            memcpy(bench->subjects[bench->subject_count++], line, strlen(line) + 1);
    }
    fclose(file);
    if (bench->subject_count == 0)
        die(bench->subjects_file, "names nobody");
}

// One question for each of `count` frames, made before the clock starts.
static struct bench_frames make_questions(struct bench *bench, size_t count)
{
    struct bench_frames frames;
    struct zt_buf out;
    bench_frames_init(&frames, count);
    zt_buf_init(&out, ZT_FRAME_SMALL);
    for (size_t i = 0; i < count; i++) {
        struct zt_request q = {.time = zt_now_ms(),
                               .mode = ZT_MODE_FETCH,
                               .item = bench->item,
                               .purpose = bench->purpose,
                               .case_no = "BENCH-2026-000001",
                               .officer = bench->officer,
                               .subject = {"111", bench->subjects[i % bench->subject_count], ""},
                               .type = bench->type,
                               .fields = bench->fields,
                               .field_count = bench->field_count,
                               .consent = "",
                               .key = ""};
        if (zt_random(q.id, sizeof q.id) != ZT_OK || zt_request_encode(&q, &out) != ZT_OK)
            die("question", "cannot be encoded");
        bench_frames_add(&frames, zt_buf_bytes(&out));
    }
    zt_buf_fini(&out);
    return frames;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double median_us(int64_t *ns, size_t count)
{
    qsort(ns, count, sizeof *ns, by_value);
    return (double)ns[count / 2] / 1000.0;
}

static double time_append(const struct bench *bench)
{
    static int64_t took[APPENDS];
    char path[4096], block[APPEND_LEN] = "zhitong";
    snprintf(path, sizeof path, "%s/bench-append.tmp", bench->folder);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        die(path, "cannot be written");
    for (size_t i = 0; i < APPENDS; i++) {
        int64_t start = zt_monotonic_ns();
        if (write(fd, block, sizeof block) != APPEND_LEN || fdatasync(fd) != 0)
            die(path, "append failed");
        took[i] = zt_monotonic_ns() - start;
    }
    close(fd);
    unlink(path);
    return median_us(took, APPENDS);
}

static double time_lone(struct bench *bench, struct bench_peer *peer, bool lookups)
{
    struct bench_frames frames = make_questions(bench, bench->lone);
    int64_t *took = calloc(bench->lone, sizeof *took);
    if (!took)
        die("memory", "none");
    bench_lone(&bench->load, peer, &frames, lookups, took);
    double median = median_us(took, bench->lone);
    free(took);
    bench_frames_fini(&frames);
    return median;
}

static double time_many(struct bench *bench, struct bench_peer *peer, bool lookups)
{
    struct bench_frames frames = make_questions(bench, bench->count);
    int64_t took = bench_many(&bench->load, peer, &frames, lookups);
    bench_frames_fini(&frames);
    return (double)bench->count * 1e9 / (double)took;
}

static void print_memory(const char *pid)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%.20s/status", pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "VmRSS", 5) == 0 || strncmp(line, "VmHWM", 5) == 0)
            printf("broker %s", line);
    if (file)
        fclose(file);
}

static void parse_options(int argc, char **argv, struct bench *bench)
{
    enum {
        SUBJECTS = 256,
        ITEM,
        PURPOSE,
        TYPE,
        OFFICER,
        FIELD,
        FOLDER,
        PID,
        OUTSTANDING,
        CONNECTIONS,
        COUNT,
        LONE,
        ROUNDS,
        COUNTER,
        SERVER,
        KEY
    };
    static const struct option options[] = {
        {"counter", 1, NULL, COUNTER},
        {"server", 1, NULL, SERVER},
        {"key", 1, NULL, KEY},
        {"subjects", 1, NULL, SUBJECTS},
        {"item", 1, NULL, ITEM},
        {"purpose", 1, NULL, PURPOSE},
        {"type", 1, NULL, TYPE},
        {"officer", 1, NULL, OFFICER},
        {"field", 1, NULL, FIELD},
        {"folder", 1, NULL, FOLDER},
        {"pid", 1, NULL, PID},
        {"outstanding", 1, NULL, OUTSTANDING},
        {"connections", 1, NULL, CONNECTIONS},
        {"count", 1, NULL, COUNT},
        {"lone", 1, NULL, LONE},
        {"rounds", 1, NULL, ROUNDS},
        {NULL, 0, NULL, 0},
    };
    const char **texts[] = {[SUBJECTS - SUBJECTS] = &bench->subjects_file,
                            [ITEM - SUBJECTS] = &bench->item,
                            [PURPOSE - SUBJECTS] = &bench->purpose,
                            [TYPE - SUBJECTS] = &bench->type,
                            [OFFICER - SUBJECTS] = &bench->officer,
                            [FOLDER - SUBJECTS] = &bench->folder,
                            [PID - SUBJECTS] = &bench->pid,
                            [COUNTER - SUBJECTS] = &bench->load.counter,
                            [SERVER - SUBJECTS] = &bench->load.server_file,
                            [KEY - SUBJECTS] = &bench->load.key_stem};
    size_t *numbers[] = {[OUTSTANDING - OUTSTANDING] = &bench->load.outstanding,
                         [CONNECTIONS - OUTSTANDING] = &bench->load.connections,
                         [COUNT - OUTSTANDING] = &bench->count,
                         [LONE - OUTSTANDING] = &bench->lone,
                         [ROUNDS - OUTSTANDING] = &bench->rounds};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == FIELD && bench->field_count < FIELDS_MAX)
            bench->fields[bench->field_count++] = optarg;
        else if (c >= OUTSTANDING && c <= ROUNDS)
            *numbers[c - OUTSTANDING] = strtoul(optarg, NULL, 10);
        else if (c >= SUBJECTS && texts[c - SUBJECTS])
            *texts[c - SUBJECTS] = optarg;
        else
            die("usage", "see the head of tests/bench/lookup_bench.c");
    }
    if (!bench->load.counter || !bench->load.server_file || !bench->load.key_stem || !bench->subjects_file ||
        !bench->item || !bench->purpose || !bench->type || bench->rounds < 1 || bench->rounds > ROUNDS_MAX ||
        bench->lone < 1 || bench->count < bench->load.outstanding)
        die("usage", "see the head of tests/bench/lookup_bench.c");
}

static double median_of(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && values[j] < values[j - 1]; j--) {
            double swap = values[j];
            values[j] = values[j - 1];
            values[j - 1] = swap;
        }
    return values[count / 2];
}

static void run(struct bench *bench, struct bench_peer *counter, struct bench_peer *echo)
{
    double lone_echo[ROUNDS_MAX], lone[ROUNDS_MAX], append[ROUNDS_MAX], many_echo[ROUNDS_MAX],
        many[ROUNDS_MAX];
    for (size_t i = 0; i < bench->rounds; i++) {
        lone_echo[i] = time_lone(bench, echo, false);
        append[i] = time_append(bench);
        lone[i] = time_lone(bench, counter, true);
        many_echo[i] = time_many(bench, echo, false);
        many[i] = time_many(bench, counter, true);
        printf("round %zu: lone echo %.0f us, append %.0f us, lookup %.0f us; %zu outstanding: echo %.0f/s, "
               "lookup "
               "%.0f/s\n",
               i + 1, lone_echo[i], append[i], lone[i], bench->load.outstanding, many_echo[i], many[i]);
        fflush(stdout);
    }
    double e = median_of(lone_echo, bench->rounds), a = median_of(append, bench->rounds);
    double l = median_of(lone, bench->rounds), m = median_of(many, bench->rounds);
    double me = median_of(many_echo, bench->rounds);
    printf("lone: echo %.0f us, append %.0f us, lookup %.0f us: %.2f x (echo + append); asked: at most 4\n",
           e, a, l, l / (e + a));
    printf("%zu outstanding: echo %.0f/s, lookup %.0f/s: %.2f x the echo; asked: at least 0.35\n",
           bench->load.outstanding, me, m, m / me);
    printf("sizes: question %zu bytes, answer %zu bytes\n", counter->question_len, counter->answer_len);
}

int main(int argc, char **argv)
{
    struct bench bench = {.officer = "bench", .folder = ".", .lone = 2000, .count = 100000, .rounds = 3};
    bench.load.outstanding = 1024;
    bench.load.connections = 4;
    parse_options(argc, argv, &bench);
    read_subjects(&bench);
    struct echo_child child;
    echo_start(&child); // before any thread of ours
    bench_open(&bench.load);
    struct bench_peer counter = bench_connect(&bench.load, bench.load.counter, NULL);
    struct bench_frames first = make_questions(&bench, 1);
    bench_probe(&bench.load, &counter, &first);
    bench_frames_fini(&first);
    echo_answer_with(&child, counter.answer_len);
    struct bench_peer echo = bench_connect(&bench.load, child.endpoint, child.public_text);
    run(&bench, &counter, &echo);
    if (bench.pid)
        print_memory(bench.pid);
    bench_disconnect(&bench.load, &echo);
    bench_disconnect(&bench.load, &counter);
    bench_close(&bench.load);
    echo_stop(&child);
    free(bench.subjects);
    return 0;
}
