// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "consumers/zt/cli.h"
#include "consumers/zt/print.h"

static void put_options(const char *title, const struct zt_option *list)
{
    if (!list || !list->name)
        return;
    printf("\n%s\n", title);
    for (; list->name; list++) {
        char left[64];
        snprintf(left, sizeof left, "  --%s%s%s", list->name, list->arg ? " " : "",
                 list->arg ? list->arg : "");
        zt_put_cell(left, 29);
        printf("%s%s\n", list->help, list->required ? " (needed)" : "");
    }
}

static void put_command_help(const struct zt_command *command)
{
    printf("usage 用法: zt %s [options]%s%s\n\n%s\n%s\n", command->name, *command->operands ? " " : "",
           command->operands, command->zh, command->en);
    for (size_t i = 0; i < sizeof command->options / sizeof *command->options; i++)
        put_options(i ? "more options 其他选项" : "options 选项", command->options[i]);
    put_options("global options 通用选项", zt_global_options);
}

static void put_program_help(void)
{
    printf("usage 用法: zt [--profile FILE] [--json] COMMAND [options]\n\n");
    printf("zhitong 直通: 让数据跑腿，不让群众开证明 | data travels, people do not\n\ncommands 命令\n");
    for (size_t i = 0; zt_commands[i]; i++) {
        printf("  ");
        zt_put_cell(zt_commands[i]->name, 24);
        zt_put_cell(zt_commands[i]->zh, 36);
        printf("%s\n", zt_commands[i]->en);
    }
    put_options("global options 通用选项", zt_global_options);
    printf("\nexit status 退出码: 0 yes 是, 1 no 否, 2 usage 用法错误, 3 unknown or trouble 未知或故障\n"
           "zt COMMAND --help 查看命令帮助; man zt\n");
}

void zt_help(const struct zt_command *command)
{
    if (command)
        put_command_help(command);
    else
        put_program_help();
}
