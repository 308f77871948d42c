// SPDX-License-Identifier: Apache-2.0
// The man page says what the program takes: the same commands in the same order, the same options with the
// same arguments.
#include "base/buf.h"
#include "base/file.h"
#include "consumers/zt/cli.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/run_zt.h"

static void put_options(const struct zt_option *list, struct zt_buf *out)
{
    for (; list && list->name; list++)
        zt_buf_printf(out, ".It Fl -%s%s%s\n", list->name, list->arg ? " Ar " : "",
                      list->arg ? list->arg : "");
}

// The lines of the page that name commands, their operands and options, in order.
static void take_lines(const char *page, struct zt_buf *out)
{
    bool commands = false;
    for (const char *line = page; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t len = strcspn(line, "\n");
        if (strncmp(line, ".Sh ", 4) == 0)
            commands = strncmp(line, ".Sh COMMANDS\n", 13) == 0;
        if (commands && (strncmp(line, ".Ss ", 4) == 0 || strncmp(line, ".It Fl", 6) == 0 ||
                         strncmp(line, ".Ar ", 4) == 0))
            zt_buf_printf(out, "%.*s\n", (int)len, line);
    }
}

// The names of commands as zt --help lists them.
static size_t take_names(char names[static 32][32])
{
    size_t count = 0;
    const char *help = run_zt("--help", NULL)->out, *line = strstr(help, "commands");
    assert_non_null(line);
    for (line += strcspn(line, "\n") + 1; strncmp(line, "  ", 2) == 0; line += strcspn(line, "\n") + 1) {
        assert_true(count < 32);
        snprintf(names[count], 32, "%.24s", line + 2);
        for (size_t end = strlen(names[count]); end && names[count][end - 1] == ' '; end--)
            names[count][end - 1] = 0;
        count++;
    }
    return count;
}

static const struct zt_command *const known[] = {
    &zt_command_lookup,           &zt_command_check,          &zt_command_issue,
    &zt_command_scenario_hpf,     &zt_command_audit_search,   &zt_command_audit_verify,
    &zt_command_status,           &zt_command_verify,         &zt_command_consent_new,
    &zt_command_id_check,         &zt_command_id_make,        &zt_command_catalogue_check,
    &zt_command_catalogue_stats,  &zt_command_catalogue_list, &zt_command_catalogue_show,
    &zt_command_catalogue_search, &zt_command_catalogue_doc,  &zt_command_catalogue_diff,
    &zt_command_key_curve,        &zt_command_key_vkey,
};

// The frame's own table is in main.c, which is not linked here.
const struct zt_command *const zt_commands[] = {NULL};

static const struct zt_command *find(const char *name)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i]->name, name) == 0)
            return known[i];
    fail_msg("zt --help lists \"%s\", this test does not know it", name);
    return NULL;
}

static void the_page_names_every_command_and_option(void **state)
{
    (void)state;
    char path[PATH_MAX], names[32][32];
    struct zt_buf page, said, wanted;
    snprintf(path, sizeof path, "%s/consumers/zt/zt.1", getenv("ZT_SOURCE_DIR"));
    zt_buf_init(&page, 65536);
    zt_buf_init(&said, 65536);
    zt_buf_init(&wanted, 65536);
    assert_int_equal(zt_file_read(path, &page, NULL), ZT_OK);
    size_t count = take_names(names);
    assert_int_equal(count, sizeof known / sizeof *known);
    for (size_t i = 0; i < count; i++) {
        const struct zt_command *command = find(names[i]);
        zt_buf_printf(&wanted, ".Ss %s\n", command->name);
        if (*command->operands)
            zt_buf_printf(&wanted, ".Ar %s\n", command->operands);
        for (size_t k = 0; k < sizeof command->options / sizeof *command->options; k++)
            put_options(command->options[k], &wanted);
    }
    take_lines(zt_buf_text(&page), &said);
    assert_string_equal(zt_buf_text(&said), zt_buf_text(&wanted));
    for (const struct zt_option *o = zt_global_options; o->name; o++) {
        struct zt_buf line;
        zt_buf_init(&line, 256);
        put_options((const struct zt_option[]){*o, {NULL, NULL, NULL, false}}, &line);
        assert_non_null(strstr(zt_buf_text(&page), zt_buf_text(&line)));
        zt_buf_fini(&line);
    }
    zt_buf_fini(&page);
    zt_buf_fini(&said);
    zt_buf_fini(&wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_page_names_every_command_and_option)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
