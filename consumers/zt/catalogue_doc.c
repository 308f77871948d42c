// SPDX-License-Identifier: Apache-2.0
// doc and diff: the catalogue as a page, and what a new one would break.
#include <stdio.h>

#include "base/file.h"
#include "catalogue/diff.h"
#include "catalogue/render.h"
#include "consumers/zt/catalogue_read.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"
#include "consumers/zt/print.h"

static enum zt_exit run_doc(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_catalogue *c = NULL;
    struct zt_fault fault = {.rule = ""};
    const char *title = zt_arg(args, "title");
    struct zt_buf page;
    enum zt_exit status = zt_catalogue_read(cli, args, &c);
    if (status != ZT_EXIT_YES)
        return status;
    zt_buf_init(&page, ZT_CATALOGUE_HTML_MAX);
    zt_catalogue_put_html(c, title ? title : "直通 zhitong", &page);
    enum zt_err rc = page.err;
    if (rc == ZT_OK)
        rc = zt_file_replace(zt_arg(args, "out"), zt_buf_bytes(&page), 0644, &fault);
    else
        zt_fault_set(&fault, rc, "catalogue.text", "", "the page does not fit: %s", zt_err_name(rc));
    if (rc == ZT_OK && cli->json)
        zt_json_put(json_pack("{ss sI}", "file", zt_arg(args, "out"), "bytes", (json_int_t)page.len));
    else if (rc == ZT_OK)
        zt_put_rowf("已写入 written", "%s, %zu bytes", zt_arg(args, "out"), page.len);
    else
        status = zt_fail(cli, &fault);
    zt_buf_fini(&page);
    zt_catalogue_release(&c);
    return status;
}

static void put_changes(const struct zt_cli *cli, const struct zt_changes *changes)
{
    if (!cli->json) {
        struct zt_buf text;
        zt_buf_init(&text, ZT_CATALOGUE_HTML_MAX);
        zt_changes_put(changes, &text);
        fputs(zt_buf_text(&text), stdout);
        zt_buf_fini(&text);
        return;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < changes->count; i++) {
        const struct zt_change *change = &changes->list[i];
        json_array_append_new(list, json_pack("{ss ss ss ss ss}", "impact", zt_impact_name(change->impact),
                                              "kind", zt_listed_kind_name(change->kind), "id", change->id,
                                              "text", change->text, "whom", change->whom));
    }
    zt_json_put(json_pack("{sI so}", "breaking", (json_int_t)changes->breaking, "changes", list));
}

static enum zt_exit run_diff(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_catalogue *before = NULL, *after = NULL;
    struct zt_changes changes = {.count = 0};
    const char *parties = zt_arg(args, "parties");
    enum zt_exit status = zt_catalogue_read_dir(cli, args->words[0], parties, &before);
    if (status == ZT_EXIT_YES)
        status = zt_catalogue_read_dir(cli, args->words[1], parties, &after);
    if (status == ZT_EXIT_YES && zt_catalogue_diff(before, after, &changes) != ZT_OK) {
        struct zt_fault fault = {ZT_E_NOMEM, "catalogue.diff", "", "no memory to compare the catalogues"};
        status = zt_fail(cli, &fault);
    } else if (status == ZT_EXIT_YES) {
        put_changes(cli, &changes);
        status = changes.breaking ? ZT_EXIT_NO : ZT_EXIT_YES;
    }
    zt_changes_fini(&changes);
    if (before)
        zt_catalogue_release(&before);
    if (after)
        zt_catalogue_release(&after);
    return status;
}

static const struct zt_option doc_options[] = {
    {"out", "FILE", "where to write the page", true},
    {"title", "TEXT", "name of the installation", false},
    {NULL, NULL, NULL, false},
};
static const struct zt_option diff_options[] = {
    {"parties", "DIR", "whom it concerns: the parties and grants of this installation", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_catalogue_doc = {
    .name = "catalogue doc",
    .operands = "",
    .zh = "生成目录参考网页",
    .en = "write the catalogue as one HTML page",
    .options = {doc_options, zt_catalogue_options},
    .run = run_doc,
};
const struct zt_command zt_command_catalogue_diff = {
    .name = "catalogue diff",
    .operands = "OLD NEW",
    .least = 2,
    .most = 2,
    .zh = "比较两份目录：会影响谁",
    .en = "what a new catalogue changes, and whom it would break (exit 1)",
    .options = {diff_options},
    .run = run_diff,
};
