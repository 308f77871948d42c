// SPDX-License-Identifier: Apache-2.0
// For benchmarks: a bare CURVE echo, a process of its own that answers every message with so many bytes.
// Plain libzmq, nothing of ours.
#ifndef ZT_TESTS_BENCH_ECHO_H
#define ZT_TESTS_BENCH_ECHO_H

#include <stddef.h>
#include <sys/types.h>

struct echo_child {
    pid_t pid;
    int control;
    char endpoint[256], public_text[41];
};
// Forks: call it before the process has threads. Ends the program when it cannot.
void echo_start(struct echo_child *child);
void echo_answer_with(struct echo_child *child, size_t len); // once, before the first message
void echo_stop(struct echo_child *child);

#endif
