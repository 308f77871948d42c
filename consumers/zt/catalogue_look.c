// SPDX-License-Identifier: Apache-2.0
// stats, list, show, search: what is in the catalogue.
#include <stdio.h>
#include <string.h>

#include "catalogue/render.h"
#include "consumers/zt/catalogue_read.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"

#define HITS_MAX 50

static enum zt_exit print(const struct zt_cli *cli, struct zt_buf *text)
{
    struct zt_fault fault;
    enum zt_exit status = ZT_EXIT_YES;
    if (text->err != ZT_OK) {
        zt_fault_set(&fault, text->err, "catalogue.text", "", "the text does not fit: %s",
                     zt_err_name(text->err));
        status = zt_fail(cli, &fault);
    } else {
        fputs(zt_buf_text(text), stdout);
    }
    zt_buf_fini(text);
    return status;
}

static json_t *listed_json(const struct zt_listed *what)
{
    return json_pack("{ss so so so}", "kind", zt_listed_kind_name(what->kind), "id", zt_json_text(what->id),
                     "name_zh", zt_json_text(what->name_zh), "name_en", zt_json_text(what->name_en));
}

static enum zt_exit put_stats(const struct zt_cli *cli, const struct zt_catalogue *c)
{
    struct zt_buf text;
    struct zt_catalogue_stats n = zt_catalogue_count(c);
    if (!cli->json) {
        zt_buf_init(&text, ZT_CATALOGUE_HTML_MAX);
        zt_catalogue_put_stats(c, &text);
        return print(cli, &text);
    }
    const struct {
        const char *key;
        size_t count;
    } counts[] = {{"departments", n.departments},
                  {"code_tables", n.tables},
                  {"codes", n.codes},
                  {"record_types", n.records},
                  {"fields", n.fields},
                  {"certificate_types", n.certs},
                  {"proofs_of_none", n.proofs_of_none},
                  {"purposes", n.purposes},
                  {"items", n.items},
                  {"proofs", n.proofs},
                  {"exempt", n.exempt},
                  {"parties", n.parties},
                  {"sources", n.sources},
                  {"grants", n.grants}};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        json_object_set_new(object, counts[i].key, json_integer((json_int_t)counts[i].count));
    zt_json_put(object);
    return ZT_EXIT_YES;
}

static enum zt_exit run_stats(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_catalogue *c = NULL;
    enum zt_exit status = zt_catalogue_read(cli, args, &c);
    if (status != ZT_EXIT_YES)
        return status;
    status = put_stats(cli, c);
    zt_catalogue_release(&c);
    return status;
}

static enum zt_exit put_list(const struct zt_cli *cli, const struct zt_catalogue *c, enum zt_listed_kind kind)
{
    struct zt_buf text;
    if (!cli->json) {
        zt_buf_init(&text, ZT_CATALOGUE_HTML_MAX);
        zt_catalogue_put_list(c, kind, &text);
        return print(cli, &text);
    }
    json_t *list = json_array();
    for (size_t i = 0; i < zt_listed_count(c, kind); i++) {
        struct zt_listed what = zt_listed_at(c, kind, i);
        json_array_append_new(list, listed_json(&what));
    }
    zt_json_put(list);
    return ZT_EXIT_YES;
}

static enum zt_exit run_list(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_catalogue *c = NULL;
    enum zt_listed_kind kind;
    if (zt_listed_kind_parse(args->words[0], &kind) != ZT_OK)
        return zt_usage(
            args,
            "no kind \"%s\": departments, code-tables, record-types, certificate-types, purposes, items, "
            "parties, sources",
            args->words[0]);
    enum zt_exit status = zt_catalogue_read(cli, args, &c);
    if (status != ZT_EXIT_YES)
        return status;
    status = put_list(cli, c, kind);
    zt_catalogue_release(&c);
    return status;
}

static enum zt_exit put_one(const struct zt_cli *cli, const struct zt_catalogue *c, const char *id)
{
    struct zt_listed what;
    struct zt_fault fault = {.rule = ""};
    struct zt_buf text;
    if (zt_listed_find(c, 0, id, &what, &fault) != ZT_OK) {
        (void)zt_fail(cli, &fault);
        return ZT_EXIT_NO;
    }
    zt_buf_init(&text, ZT_CATALOGUE_HTML_MAX);
    zt_listed_put(c, &what, &text);
    if (!cli->json)
        return print(cli, &text);
    json_t *object = listed_json(&what);
    json_object_set_new(object, "text", zt_json_text(zt_buf_text(&text)));
    zt_json_put(object);
    zt_buf_fini(&text);
    return ZT_EXIT_YES;
}

static enum zt_exit run_show(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_catalogue *c = NULL;
    enum zt_exit status = zt_catalogue_read(cli, args, &c);
    if (status != ZT_EXIT_YES)
        return status;
    status = put_one(cli, c, args->words[0]);
    zt_catalogue_release(&c);
    return status;
}

static enum zt_exit put_hits(const struct zt_cli *cli, const struct zt_hit *hits, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct zt_listed *what = &hits[i].what;
        json_array_append_new(list, listed_json(what));
        if (!cli->json)
            printf("%-10s %-44s %s | %s\n", zt_listed_kind_zh(what->kind), what->id, what->name_zh,
                   what->name_en);
    }
    if (cli->json)
        zt_json_put(list);
    else
        json_decref(list);
    return count ? ZT_EXIT_YES : ZT_EXIT_NO;
}

static enum zt_exit run_search(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_catalogue *c = NULL;
    struct zt_hit hits[HITS_MAX];
    struct zt_buf words;
    enum zt_exit status = zt_catalogue_read(cli, args, &c);
    if (status != ZT_EXIT_YES)
        return status;
    zt_buf_init(&words, ZT_SEARCH_TEXT_MAX);
    for (size_t i = 0; i < args->word_count; i++)
        zt_buf_printf(&words, "%s%s", i ? " " : "", args->words[i]);
    status = words.err == ZT_OK
                 ? put_hits(cli, hits, zt_catalogue_search(c, zt_buf_text(&words), hits, HITS_MAX))
                 : zt_usage(args, "the words are longer than %d bytes", ZT_SEARCH_TEXT_MAX);
    zt_buf_fini(&words);
    zt_catalogue_release(&c);
    return status;
}

const struct zt_command zt_command_catalogue_stats = {
    .name = "catalogue stats",
    .operands = "",
    .zh = "统计目录中的数据项、证明、事项",
    .en = "count what the catalogue holds",
    .options = {zt_catalogue_options},
    .run = run_stats,
};
const struct zt_command zt_command_catalogue_list = {
    .name = "catalogue list",
    .operands = "KIND",
    .least = 1,
    .most = 1,
    .zh = "列出一类内容",
    .en = "list all of a kind: record-types, certificate-types, items, ...",
    .options = {zt_catalogue_options},
    .run = run_list,
};
const struct zt_command zt_command_catalogue_show = {
    .name = "catalogue show",
    .operands = "ID",
    .least = 1,
    .most = 1,
    .zh = "查看一项及其引用",
    .en = "all about one thing, and what refers to it",
    .options = {zt_catalogue_options},
    .run = run_show,
};
const struct zt_command zt_command_catalogue_search = {
    .name = "catalogue search",
    .operands = "WORD ...",
    .least = 1,
    .most = 16,
    .zh = "按中文或英文检索：办某事需要什么",
    .en = "search by Chinese or English words: what do I need for ...",
    .options = {zt_catalogue_options},
    .run = run_search,
};
