// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "consumers/zt/cli.h"

const struct zt_option zt_global_options[] = {
    {"profile", "FILE", "who we are and where the broker is (or $ZT_PROFILE)", false},
    {"json", NULL, "answer as JSON for programs", false},
    {"help", NULL, "this text, or that of the command", false},
    {"version", NULL, "the version", false},
    {NULL, NULL, NULL, false},
};

static void complain(const struct zt_args *args, const char *fmt, va_list list)
    __attribute__((format(printf, 2, 0)));

static void complain(const struct zt_args *args, const char *fmt, va_list list)
{
    const char *name = args->command ? args->command->name : "";
    fprintf(stderr, "zt%s%s: ", *name ? " " : "", name);
    vfprintf(stderr, fmt, list);
    fprintf(stderr, "\ntry: zt%s%s --help\n", *name ? " " : "", name);
}

enum zt_exit zt_usage(const struct zt_args *args, const char *fmt, ...)
{
    va_list list;
    va_start(list, fmt);
    complain(args, fmt, list);
    va_end(list);
    return ZT_EXIT_USAGE;
}

static enum zt_parse wrong(const struct zt_args *args, const char *fmt, ...) ZT_PRINTF(2, 3);

static enum zt_parse wrong(const struct zt_args *args, const char *fmt, ...)
{
    va_list list;
    va_start(list, fmt);
    complain(args, fmt, list);
    va_end(list);
    return ZT_PARSE_WRONG;
}

static const struct zt_option *find_in(const struct zt_option *list, const char *name, size_t len)
{
    for (; list && list->name; list++)
        if (strlen(list->name) == len && memcmp(list->name, name, len) == 0)
            return list;
    return NULL;
}

static const struct zt_option *find_option(const struct zt_command *command, const char *name, size_t len)
{
    const struct zt_option *found = NULL; // a command's own --version comes before the global one
    for (size_t i = 0; !found && command && i < sizeof command->options / sizeof *command->options; i++)
        found = find_in(command->options[i], name, len);
    return found ? found : find_in(zt_global_options, name, len);
}

// Commands are one word or two; the longest name that fits is meant.
static const struct zt_command *find_command(char **words, int count, int *used)
{
    for (*used = count < 2 ? count : 2; *used > 0; --*used)
        for (size_t i = 0; zt_commands[i]; i++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s%s", words[0], *used == 2 ? " " : "",
                     *used == 2 ? words[1] : "");
            if (strcmp(zt_commands[i]->name, name) == 0)
                return zt_commands[i];
        }
    return NULL;
}

struct reader {
    int argc, at;
    char **argv;
    struct zt_cli *cli;
    struct zt_args *args;
    bool help, version, only_words;
};

static enum zt_parse take_value(struct reader *r, const struct zt_option *option, const char *inline_value,
                                const char **value)
{
    *value = inline_value;
    if (!option->arg)
        return inline_value ? wrong(r->args, "--%s takes no value", option->name) : ZT_PARSE_RUN;
    if (!inline_value && r->at == r->argc)
        return wrong(r->args, "--%s needs %s", option->name, option->arg);
    if (!inline_value)
        *value = r->argv[r->at++];
    return ZT_PARSE_RUN;
}

enum { PROFILE, JSON, HELP, VERSION }; // places in zt_global_options

static enum zt_parse keep(struct reader *r, const struct zt_option *option, const char *value)
{
    if (option == &zt_global_options[PROFILE])
        r->cli->profile = value;
    else if (option == &zt_global_options[JSON])
        r->cli->json = true;
    else if (option == &zt_global_options[HELP])
        r->help = true;
    else if (option == &zt_global_options[VERSION])
        r->version = true;
    else if (r->args->given_count == ZT_ARGS_MAX)
        return wrong(r->args, "too many options");
    else {
        r->args->given[r->args->given_count].name = option->name;
        r->args->given[r->args->given_count++].value = value;
    }
    return ZT_PARSE_RUN;
}

static enum zt_parse take_option(struct reader *r, const char *word)
{
    size_t len = strcspn(word, "=");
    const struct zt_option *option = find_option(r->args->command, word, len);
    const char *value = NULL;
    if (!option)
        return wrong(r->args, "no option --%.*s%s", (int)len, word,
                     r->args->command ? "" : " before the command");
    enum zt_parse rc = take_value(r, option, word[len] ? word + len + 1 : NULL, &value);
    return rc == ZT_PARSE_RUN ? keep(r, option, value) : rc;
}

static enum zt_parse take_word(struct reader *r)
{
    struct zt_args *args = r->args;
    if (!args->command) {
        int used;
        args->command = find_command(r->argv + r->at, r->argc - r->at, &used);
        if (!args->command)
            return wrong(args, "no command \"%s\"", r->argv[r->at]);
        r->at += used;
        return ZT_PARSE_RUN;
    }
    if (args->word_count == args->command->most)
        return wrong(args, "what is \"%s\"?", r->argv[r->at]);
    args->words[args->word_count++] = r->argv[r->at++];
    return ZT_PARSE_RUN;
}

static enum zt_parse take(struct reader *r)
{
    const char *word = r->argv[r->at];
    if (r->only_words || word[0] != '-' || word[1] == 0)
        return take_word(r);
    r->at++;
    if (strcmp(word, "--") == 0) {
        r->only_words = true;
        return ZT_PARSE_RUN;
    }
    if (word[1] != '-')
        return wrong(r->args, "options are written out: %s?", word);
    return take_option(r, word + 2);
}

static enum zt_parse check_complete(const struct zt_args *args)
{
    const struct zt_command *command = args->command;
    for (size_t i = 0; i < sizeof command->options / sizeof *command->options; i++)
        for (const struct zt_option *o = command->options[i]; o && o->name; o++)
            if (o->required && !zt_arg(args, o->name))
                return wrong(args, "--%s %s is needed (%s)", o->name, o->arg, o->help);
    if (args->word_count < command->least)
        return wrong(args, "%s is needed", command->operands);
    return ZT_PARSE_RUN;
}

enum zt_parse zt_args_parse(int argc, char **argv, struct zt_cli *cli, struct zt_args *args)
{
    struct reader r = {.argc = argc, .at = 1, .argv = argv, .cli = cli, .args = args};
    *args = (struct zt_args){.command = NULL};
    while (r.at < argc) {
        enum zt_parse rc = take(&r);
        if (rc != ZT_PARSE_RUN)
            return rc;
    }
    if (r.help)
        return ZT_PARSE_HELP;
    if (r.version)
        return ZT_PARSE_VERSION;
    if (!args->command)
        return wrong(args, "which command?");
    return check_complete(args);
}

const char *zt_arg(const struct zt_args *args, const char *name)
{
    for (size_t i = args->given_count; i-- > 0;)
        if (strcmp(args->given[i].name, name) == 0)
            return args->given[i].value ? args->given[i].value : "";
    return NULL;
}

bool zt_arg_flag(const struct zt_args *args, const char *name)
{
    return zt_arg(args, name) != NULL;
}

enum zt_err zt_arg_number(const struct zt_args *args, const char *name, int64_t min, int64_t max,
                          int64_t otherwise, int64_t *out)
{
    const char *text = zt_arg(args, name);
    if (!text) {
        *out = otherwise;
        return ZT_OK;
    }
    if (zt_parse_i64(text, min, max, out) == ZT_OK)
        return ZT_OK;
    zt_usage(args, "--%s takes a whole number from %lld to %lld", name, (long long)min, (long long)max);
    return ZT_E_INPUT;
}
