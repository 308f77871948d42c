// SPDX-License-Identifier: Apache-2.0
// Makes a ledger for other people's verifiers, with the real sealer and the real signer:
//   make_ledger DIR SIGNER ORIGIN SIZE...
// DIR/ledger is the ledger; at each SIZE (rising) it is sealed and its checkpoint kept as
// DIR/checkpoint-<size>, a few entries with our own proofs as DIR/inclusion-<size> (lines: index, entry,
// hashes; hexadecimal), and our proof from the size before as DIR/consistency-<old>-<size> (one hash a line).
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "broker/ledger/state.h"

#define WAIT_MS 60000
#define BATCH   512

static const char *dir;

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "make_ledger: %s\n", what);
    exit(1);
}

static FILE *create(const char *kind, uint64_t a, uint64_t b)
{
    char path[PATH_MAX];
    if (b)
        (void)!snprintf(path, sizeof path, "%s/%s-%" PRIu64 "-%" PRIu64, dir, kind, a, b);
    else
        (void)!snprintf(path, sizeof path, "%s/%s-%" PRIu64, dir, kind, a);
    FILE *file = fopen(path, "w");
    must(file != NULL, path);
    return file;
}

static void put_hex(FILE *file, struct zt_bytes bytes, const char *end)
{
    char text[2 * ZT_ENTRY_MAX + 1] = "";
    zt_hex_encode(bytes, text);
    fprintf(file, "%s%s", text, end);
}

static void append(struct zt_ledger *ledger, uint64_t upto)
{
    static struct zt_buf rooms[BATCH];
    static struct zt_bytes entries[BATCH];
    static uint8_t hashes[BATCH][ZT_HASH_LEN];
    for (uint64_t size = zt_ledger_size(ledger), first; size < upto; size = zt_ledger_size(ledger)) {
        size_t count = upto - size < BATCH ? (size_t)(upto - size) : BATCH;
        for (size_t i = 0; i < count; i++) {
            struct zt_entry entry = {.kind = ZT_ENTRY_ANSWER,
                                     .time = (int64_t)(1795320000000 + size + i),
                                     .party = "hall",
                                     .officer = "o-1",
                                     .status = ZT_STATUS_OK,
                                     .item = "hpf.withdraw.commercial-loan"};
            if (!rooms[i].max)
                zt_buf_init(&rooms[i], ZT_ENTRY_MAX);
            zt_buf_reset(&rooms[i]);
            must(zt_entry_encode(&entry, &rooms[i]) == ZT_OK, "encode");
            entries[i] = zt_buf_bytes(&rooms[i]);
        }
        must(zt_ledger_append(ledger, entries, count, &first, hashes) == ZT_OK, "append");
    }
    for (size_t i = 0; i < BATCH; i++)
        zt_buf_fini(&rooms[i]);
}

static void wait_sealed(const struct zt_ledger *ledger, struct zt_sock *pipe, uint64_t size)
{
    int64_t end = zt_monotonic_ms() + WAIT_MS;
    bool ready;
    while (zt_ledger_sealed(ledger) < size && zt_monotonic_ms() < end)
        (void)!zt_sock_wait(&pipe, 1, 5, &ready);
    must(zt_ledger_sealed(ledger) == size, "not sealed in time");
}

static void keep_inclusion(struct zt_ledger *ledger, uint64_t size)
{
    struct zt_ledger_reader *reader;
    struct zt_buf note, entry;
    zt_buf_init(&note, ZT_NOTE_MAX);
    zt_buf_init(&entry, ZT_ENTRY_MAX);
    must(zt_ledger_reader_open(ledger, &reader) == ZT_OK, "reader");
    FILE *file = create("inclusion", size, 0);
    for (uint64_t k = 0; k < 64 && k < size; k++) {
        uint64_t index = size <= 64 ? k : k * (size - 1) / 63;
        struct zt_proof proof;
        zt_buf_reset(&note);
        zt_buf_reset(&entry);
        must(zt_ledger_prove(reader, index, &note, &entry, &proof) == ZT_OK, "prove");
        fprintf(file, "%" PRIu64 " ", index);
        put_hex(file, zt_buf_bytes(&entry), proof.count ? " " : "\n");
        for (size_t i = 0; i < proof.count; i++)
            put_hex(file, (struct zt_bytes){proof.hashes[i], ZT_HASH_LEN}, i + 1 < proof.count ? " " : "\n");
    }
    fclose(file);
    file = create("checkpoint", size, 0);
    fwrite(note.data, 1, note.len, file);
    fclose(file);
    zt_ledger_reader_close(&reader);
    zt_buf_fini(&note);
    zt_buf_fini(&entry);
}

static void keep_consistency(const struct zt_ledger *ledger, uint64_t old_size, uint64_t size)
{
    static struct zt_tile_source source;
    struct zt_proof proof;
    zt_tile_source_init(&source, ledger->tiles_dir);
    zt_tile_source_size(&source, size);
    must(zt_tile_consistency(&source, old_size, &proof) == ZT_OK, "consistency");
    zt_tile_source_fini(&source);
    FILE *file = create("consistency", old_size, size);
    for (size_t i = 0; i < proof.count; i++)
        put_hex(file, (struct zt_bytes){proof.hashes[i], ZT_HASH_LEN}, "\n");
    fclose(file);
}

int main(int argc, char **argv)
{
    char path[PATH_MAX];
    struct zt_net *net;
    struct zt_actor *sealing;
    struct zt_ledger *ledger = NULL;
    struct zt_fault fault = {.text = ""};
    uint64_t before = 0;
    must(argc > 4, "usage: make_ledger DIR SIGNER ORIGIN SIZE...");
    dir = argv[1];
    (void)!snprintf(path, sizeof path, "%s/ledger", dir);
    struct zt_ledger_options options = {path, argv[3], 0};
    must(zt_net_open(&net) == ZT_OK, "net");
    must(zt_ledger_open(&options, &ledger, &fault) == ZT_OK, fault.text);
    struct zt_sealer_options sealer = {ledger, argv[2], 10};
    must(zt_actor_start(net, "sealer", zt_sealer_run, &sealer, &sealing) == ZT_OK, "sealer");
    for (int i = 4; i < argc; i++) {
        uint64_t size = strtoull(argv[i], NULL, 10);
        append(ledger, size);
        wait_sealed(ledger, zt_actor_pipe(sealing), size);
        keep_inclusion(ledger, size);
        if (before)
            keep_consistency(ledger, before, size);
        before = size;
    }
    zt_actor_stop(&sealing);
    zt_ledger_close(&ledger);
    zt_net_close(&net);
    return 0;
}
