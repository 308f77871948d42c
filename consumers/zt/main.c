// SPDX-License-Identifier: Apache-2.0
// zt: the gateway from a terminal.
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "consumers/zt/cli.h"
#include "consumers/zt/commands.h"

const struct zt_command *const zt_commands[] = {
    // the counter
    &zt_command_lookup,
    &zt_command_check,
    &zt_command_issue,
    &zt_command_scenario_hpf,
    // the desk
    &zt_command_audit_search,
    &zt_command_audit_verify,
    &zt_command_status,
    // by itself
    &zt_command_verify,
    &zt_command_consent_new,
    &zt_command_id_check,
    &zt_command_id_make,
    &zt_command_catalogue_check,
    &zt_command_catalogue_stats,
    &zt_command_catalogue_list,
    &zt_command_catalogue_show,
    &zt_command_catalogue_search,
    &zt_command_catalogue_doc,
    &zt_command_catalogue_diff,
    &zt_command_key_curve,
    &zt_command_key_vkey,
    NULL,
};

// A yes that could not be written is no yes.
static enum zt_exit flush(enum zt_exit status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    perror("zt: standard output");
    return ZT_EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    struct zt_cli cli = {.profile = getenv("ZT_PROFILE")};
    struct zt_args args;
    struct zt_fault fault;
    if (zt_process_harden(&fault) != ZT_OK)
        return (int)zt_fail(&cli, &fault);
    switch (zt_args_parse(argc, argv, &cli, &args)) {
    case ZT_PARSE_HELP:
        zt_help(args.command);
        return (int)flush(ZT_EXIT_YES);
    case ZT_PARSE_VERSION:
        printf("zt %s\n", ZT_VERSION);
        return (int)flush(ZT_EXIT_YES);
    case ZT_PARSE_WRONG:
        return ZT_EXIT_USAGE;
    case ZT_PARSE_RUN:
        break;
    }
    return (int)flush(args.command->run(&cli, &args));
}
