// SPDX-License-Identifier: Apache-2.0
// Reads a ledger without changing it, also while a broker has it open, and says whether it holds:
//   ledger_check DIR [--vkey FILE] [--entry N] [--json]
// Every record of the journal is checked and hashed again; the recomputed root must be that of the
// checkpoint, whose signature is verified with --vkey; the tiles must give the same root. --json prints one
// line for each entry and one summary at the end; --entry only that entry and the summary. Exit 0: it holds.
// 1: it does not; standard error says why. 2: wrong usage.
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "broker/ledger/state.h"
#include "tests/support/entry_json.h"

#define ARENA_MAX ((size_t)256 * 1024)
#define ANY_ENTRY UINT64_MAX
#define TRIES     10

struct check {
    const char *dir, *vkey_file;
    uint64_t entry; // ANY_ENTRY: all
    bool json;
    char journal[PATH_MAX], tiles[PATH_MAX];
    struct zt_journal_end end;
    struct zt_edge edge;
    bool sealed; // there is a checkpoint
    struct zt_checkpoint checkpoint;
    struct zt_buf note;
    struct zt_arena arena;
    uint64_t unparsed;
    unsigned problems;
};

static void complain(struct check *check, const char *fmt, ...) ZT_PRINTF(2, 3);
static void complain(struct check *check, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)!fputs("ledger_check: ", stderr);
    (void)!vfprintf(stderr, fmt, args);
    (void)!fputc('\n', stderr);
    va_end(args);
    check->problems++;
}

static void print_json(json_t *json)
{
    (void)!json_dumpf(json, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
    (void)!fputc('\n', stdout);
    json_decref(json);
}

static void show_entry(struct check *check, uint64_t index, const struct zt_journal_record *record)
{
    zt_arena_reset(&check->arena);
    json_t *body = zt_entry_json(record->entry, &check->arena);
    if (!body)
        check->unparsed++;
    bool wanted = check->entry == ANY_ENTRY ? check->json : check->entry == index;
    if (wanted) {
        json_t *line = json_pack("{s:I, s:o}", "index", (json_int_t)index, "leaf",
                                 zt_hex_json((struct zt_bytes){record->leaf, ZT_HASH_LEN}));
        if (body)
            json_object_update(line, body);
        else
            json_object_set_new(line, "raw", zt_hex_json(record->entry));
        print_json(line);
    }
    json_decref(body);
}

static void compare_root(struct check *check, const char *what, const struct zt_edge *edge)
{
    uint8_t root[ZT_HASH_LEN];
    if (zt_edge_root(edge, root) != ZT_OK || memcmp(root, check->checkpoint.root, sizeof root) != 0)
        complain(check, "%s do not give the checkpoint's root at %" PRIu64 " entries", what, edge->size);
}

static void walk_journal(struct check *check)
{
    struct zt_walk walk;
    struct zt_fault fault;
    if (zt_walk_open(&walk, check->journal, &fault) != ZT_OK) {
        complain(check, "%s: %s", fault.place, fault.text);
        return;
    }
    while (check->edge.size < check->end.next) {
        struct zt_journal_record record;
        uint64_t index = check->edge.size;
        enum zt_err rc = zt_walk_next(&walk, &record);
        if (rc == ZT_OK)
            rc = zt_edge_add(&check->edge, record.leaf);
        if (rc != ZT_OK) {
            complain(check, "entry %" PRIu64 ": %s", index, zt_err_name(rc));
            break;
        }
        show_entry(check, index, &record);
        if (check->sealed && check->edge.size == check->checkpoint.size)
            compare_root(check, "the journal's entries", &check->edge);
    }
    zt_walk_close(&walk);
}

static void check_tiles(struct check *check)
{
    struct zt_tile_source source;
    struct zt_edge edge;
    zt_tile_source_init(&source, check->tiles);
    zt_tile_source_size(&source, check->checkpoint.size);
    enum zt_err rc = zt_tile_edge(&source, &edge);
    if (rc != ZT_OK)
        complain(check, "the tiles cannot be read: %s", zt_err_name(rc));
    else
        compare_root(check, "the tiles", &edge);
    zt_tile_source_fini(&source);
}

static void check_signature(struct check *check)
{
    struct zt_buf vkey;
    struct zt_bytes body;
    struct zt_fault fault = {.text = ""};
    zt_buf_init(&vkey, ZT_NOTE_MAX);
    enum zt_err rc = zt_file_read(check->vkey_file, &vkey, &fault);
    char *text = (char *)(uintptr_t)zt_buf_text(&vkey);
    text[strcspn(text, "\r\n")] = '\0';
    if (rc == ZT_OK)
        rc = zt_note_verify(zt_buf_bytes(&check->note), text, &body, &fault);
    if (rc != ZT_OK)
        complain(check, "the checkpoint's signature: %s: %s", fault.rule, fault.text);
    zt_buf_fini(&vkey);
}

// Read before the journal: a living broker only adds, so what was sealed then is in the journal now.
static void read_checkpoint(struct check *check)
{
    struct zt_fault fault = {.text = ""};
    enum zt_err rc = zt_ledger_read_checkpoint(check->tiles, &check->note, &check->checkpoint, &fault);
    check->sealed = rc == ZT_OK && check->checkpoint.size > 0;
    if (rc != ZT_OK && rc != ZT_E_ABSENT)
        complain(check, "the checkpoint cannot be read: %s", fault.text);
    if (rc == ZT_OK && check->vkey_file)
        check_signature(check);
    else if (check->vkey_file && rc == ZT_E_ABSENT)
        complain(check, "there is no checkpoint");
}

static void run(struct check *check)
{
    struct zt_fault fault = {.text = ""};
    read_checkpoint(check);
    enum zt_err rc = ZT_E_CORRUPT;
    // A broker that appends while we look makes the tail change under our eyes; real damage stays.
    for (int tries = 0; tries < TRIES && rc == ZT_E_CORRUPT; tries++)
        rc = zt_journal_find_end(check->journal, &check->end, &fault);
    if (rc != ZT_OK) {
        complain(check, "%s: %s", fault.place, rc == ZT_E_ABSENT ? "there is no journal" : fault.text);
        return;
    }
    if (check->sealed && check->end.next < check->checkpoint.size)
        complain(check, "the journal has %" PRIu64 " entries, the checkpoint says %" PRIu64, check->end.next,
                 check->checkpoint.size);
    walk_journal(check);
    if (check->sealed)
        check_tiles(check);
    if (check->entry != ANY_ENTRY && check->entry >= check->end.next)
        complain(check, "there is no entry %" PRIu64, check->entry);
}

static void summarise(struct check *check)
{
    uint8_t root[ZT_HASH_LEN] = {0};
    if (zt_edge_root(&check->edge, root) != ZT_OK)
        complain(check, "no root");
    if (check->json) {
        print_json(json_pack("{s:b, s:b, s:I, s:o, s:I, s:I, s:I}", "summary", 1, "good",
                             check->problems == 0, "entries", (json_int_t)check->edge.size, "root",
                             zt_hex_json((struct zt_bytes){root, sizeof root}), "sealed",
                             (json_int_t)(check->sealed ? check->checkpoint.size : 0), "cut",
                             (json_int_t)check->end.cut, "unparsed", (json_int_t)check->unparsed));
        return;
    }
    printf("%" PRIu64 " entries, %" PRIu64 " sealed%s, %" PRIu64 " bytes of an unfinished append: %s\n",
           check->edge.size, check->sealed ? check->checkpoint.size : 0,
           check->vkey_file ? "" : " (signature not looked at)", check->end.cut,
           check->problems ? "DAMAGED" : "good");
}

static bool read_options(int argc, char **argv, struct check *check)
{
    static const struct option options[] = {{"vkey", required_argument, NULL, 'v'},
                                            {"entry", required_argument, NULL, 'e'},
                                            {"json", no_argument, NULL, 'j'},
                                            {0}};
    int64_t entry = 0;
    for (int c; (c = getopt_long(argc, argv, "v:e:j", options, NULL)) != -1;) {
        if (c == 'v')
            check->vkey_file = optarg;
        else if (c == 'j')
            check->json = true;
        else if (c != 'e' || zt_parse_i64(optarg, 0, INT64_MAX, &entry) != ZT_OK)
            return false;
        else
            check->entry = (uint64_t)entry;
    }
    if (optind + 1 != argc || strlen(argv[optind]) + 16 > sizeof check->journal)
        return false;
    check->dir = argv[optind];
    (void)!snprintf(check->journal, sizeof check->journal, "%s/journal", check->dir);
    (void)!snprintf(check->tiles, sizeof check->tiles, "%s/tiles", check->dir);
    return true;
}

int main(int argc, char **argv)
{
    static struct check check = {.entry = ANY_ENTRY};
    if (!read_options(argc, argv, &check)) {
        (void)!fputs("usage: ledger_check DIR [--vkey FILE] [--entry N] [--json]\n", stderr);
        return 2;
    }
    zt_edge_init(&check.edge, ZT_SHA256);
    zt_buf_init(&check.note, ZT_NOTE_MAX);
    zt_arena_init(&check.arena, ARENA_MAX);
    run(&check);
    summarise(&check);
    zt_arena_fini(&check.arena);
    zt_buf_fini(&check.note);
    return check.problems ? 1 : 0;
}
