// SPDX-License-Identifier: Apache-2.0
// The frame of the command `zt`: what a command is, how its arguments are read, how it ends.
//
// Rules: one const struct zt_command per file; --help, usage errors and the man page's check all come from
// it. A command never calls exit(); what it returns is the exit status.
#ifndef ZT_CONSUMERS_ZT_CLI_H
#define ZT_CONSUMERS_ZT_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum zt_exit {
    ZT_EXIT_YES = 0,     // found, match, valid, approved, done
    ZT_EXIT_NO = 1,      // none, denied, mismatch, invalid, rejected
    ZT_EXIT_USAGE = 2,   // the arguments are wrong, or the broker says that the question is
    ZT_EXIT_TROUBLE = 3, // not known, or something failed: never to be read as "no"
};

#define ZT_ARGS_MAX 128

struct zt_option {
    const char *name; // without the dashes; NULL ends a list
    const char *arg;  // what stands behind it, "CODE"; NULL for a flag
    const char *help;
    bool required;
};
struct zt_cli { // the global options
    const char *profile;
    bool json;
};
struct zt_command;
struct zt_args { // of one call; borrowed from argv
    const struct zt_command *command;
    struct {
        const char *name, *value;
    } given[ZT_ARGS_MAX];
    size_t given_count;
    const char *words[ZT_ARGS_MAX]; // operands
    size_t word_count;
};
struct zt_command {
    const char *name;     // "audit search"
    const char *operands; // "FILE"; "" for none
    size_t least, most;   // how many operands
    const char *zh, *en;  // one line
    const struct zt_option *options[3];
    enum zt_exit (*run)(const struct zt_cli *cli, const struct zt_args *args);
};

extern const struct zt_option zt_global_options[];
extern const struct zt_command *const zt_commands[]; // NULL at the end

enum zt_parse { ZT_PARSE_RUN, ZT_PARSE_HELP, ZT_PARSE_VERSION, ZT_PARSE_WRONG };
// Reads argv; ZT_PARSE_HELP leaves args->command NULL when no command was named. Says what is wrong on
// stderr.
enum zt_parse zt_args_parse(int argc, char **argv, struct zt_cli *cli, struct zt_args *args);

const char *zt_arg(const struct zt_args *args, const char *name); // the last one given; NULL when none was
bool zt_arg_flag(const struct zt_args *args, const char *name);
// A whole number within bounds, or `otherwise` when it was not given. ZT_E_INPUT after saying what is wrong.
ZT_MUST_USE enum zt_err zt_arg_number(const struct zt_args *args, const char *name, int64_t min, int64_t max,
                                      int64_t otherwise, int64_t *out);

void zt_help(const struct zt_command *command); // NULL: of the whole program
// "zt lookup: <text>" and where help is, on stderr.
enum zt_exit zt_usage(const struct zt_args *args, const char *fmt, ...) ZT_PRINTF(2, 3);
// What failed, on stderr or as {"error": ...}; ZT_EXIT_TROUBLE.
enum zt_exit zt_fail(const struct zt_cli *cli, const struct zt_fault *fault);

#endif
