// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "catalogue/catalogue.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"
#include "consumers/zt/print.h"

struct tally {
    const char *key, *words;
    size_t count;
};

static void show_json(const struct zt_faults *faults, const struct tally *tallies, size_t tally_count,
                      bool valid)
{
    json_t *list = json_array(), *counts = json_object();
    for (size_t i = 0; i < faults->count; i++)
        json_array_append_new(list, json_pack("{ss ss ss}", "place", faults->list[i].place, "rule",
                                              faults->list[i].rule, "text", faults->list[i].text));
    for (size_t i = 0; valid && i < tally_count; i++)
        json_object_set_new(counts, tallies[i].key, json_integer((json_int_t)tallies[i].count));
    zt_json_put(json_pack("{sb so so}", "valid", valid, "faults", list, "counts", counts));
}

static void show(const struct zt_faults *faults, const struct tally *tallies, size_t tally_count, bool valid)
{
    for (size_t i = 0; i < faults->count; i++) {
        zt_put_text(faults->list[i].place);
        printf(": ");
        zt_put_text(faults->list[i].text);
        printf(" (%s)\n", faults->list[i].rule);
    }
    for (size_t i = 0; valid && i < tally_count; i++)
        zt_put_rowf(tallies[i].words, "%zu", tallies[i].count);
    if (valid)
        zt_put_row("结果 result", "目录可用 the catalogue is good");
    else
        printf("共 %zu 处错误 faults\n", faults->count);
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_catalogue *catalogue = NULL;
    struct zt_faults faults = {.count = 0};
    enum zt_err rc = zt_catalogue_load(args->words[0], zt_arg(args, "parties"), &catalogue, &faults);
    struct tally tallies[6] = {{.count = 0}};
    if (rc == ZT_OK) {
        const struct zt_record_type *records;
        const struct zt_cert_type *certs;
        const struct zt_item *items;
        const struct zt_party *parties;
        const struct zt_department *departments;
        const struct zt_grant *grants;
        const struct tally found[] = {
            {"departments", "部门 departments", zt_catalogue_departments(catalogue, &departments)},
            {"record_types", "记录类型 record types", zt_catalogue_record_types(catalogue, &records)},
            {"certificate_types", "证明类型 certificates", zt_catalogue_cert_types(catalogue, &certs)},
            {"items", "事项 items", zt_catalogue_items(catalogue, &items)},
            {"parties", "接入单位 parties", zt_catalogue_parties(catalogue, &parties)},
            {"grants", "授权 grants", zt_catalogue_grants(catalogue, &grants)},
        };
        for (size_t i = 0; i < 6; i++)
            tallies[i] = found[i];
    }
    if (cli->json)
        show_json(&faults, tallies, 6, rc == ZT_OK);
    else
        show(&faults, tallies, 6, rc == ZT_OK);
    if (catalogue)
        zt_catalogue_release(&catalogue);
    zt_faults_fini(&faults);
    return rc == ZT_OK ? ZT_EXIT_YES : ZT_EXIT_NO;
}

static const struct zt_option options[] = {
    {"parties", "DIR", "with the parties and grants of this installation", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_catalogue_check = {
    .name = "catalogue check",
    .operands = "DIR",
    .least = 1,
    .most = 1,
    .zh = "检查目录文件并列出全部错误",
    .en = "check the catalogue's files and list every fault with file and line",
    .options = {options},
    .run = run,
};
