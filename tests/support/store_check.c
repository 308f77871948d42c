// SPDX-License-Identifier: Apache-2.0
// Reads a store that no broker has open and compares it with what a publisher wrote down:
//   store_check STORE NODE_KEY_FILE ACKNOWLEDGED
// Each line "person version" of ACKNOWLEDGED must be found under that person, with exactly that version, its
// digest intact. Prints "acknowledged N, found N, lost N"; exit 0 when none is lost, 1 otherwise, 2 when it
// cannot be read.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "broker/store/store.h"
#include "tests/support/sample.h"

#define SHOWN 5 // lost records that are named

struct check {
    struct zt_store *store;
    struct zt_store_read *read;
    struct zt_arena arena;
    uint64_t acknowledged, lost;
};

static bool take_version(void *arg, const struct zt_stored *stored)
{
    *(uint64_t *)arg = stored->record.version;
    return false;
}

static enum zt_err open_store(struct check *check, const char *dir, const char *key_file)
{
    uint8_t key[32];
    struct zt_buf text;
    struct zt_fault fault = {0};
    zt_buf_init(&text, 256);
    zt_arena_init(&check->arena, (size_t)1 << 20);
    enum zt_err rc;
    ZT_TRY(zt_file_read_secret(key_file, &text, &fault));
    while (text.len > 0 && text.data[text.len - 1] == '\n')
        text.len--;
    ZT_TRY(zt_hex_decode(zt_buf_text(&text), key, sizeof key));
    struct zt_store_options options = {.dir = dir, .node_key = {key, sizeof key}};
    ZT_TRY(zt_store_open(&options, &check->store, &fault));
    ZT_TRY(zt_store_reader(check->store, &check->read));
    rc = zt_store_renew(check->read);
out:
    zt_buf_fini(&text);
    if (rc != ZT_OK)
        (void)!fprintf(stderr, "store_check: %s %s %s\n", fault.rule, fault.place, fault.text);
    return rc;
}

static void compare(struct check *check, unsigned person, uint64_t version)
{
    char number[ZT_SAMPLE_NUMBER_LEN + 1];
    uint8_t subject[ZT_PSEUDONYM_LEN];
    uint64_t found = 0;
    zt_sample_number(person, number);
    zt_arena_reset(&check->arena);
    enum zt_err rc = zt_pseudonym(check->store, "111", number, subject);
    if (rc == ZT_OK)
        rc = zt_store_find(check->read, subject, ZT_SAMPLE_TYPE, &check->arena, take_version, &found);
    check->acknowledged++;
    if (rc == ZT_OK && found == version)
        return;
    if (check->lost++ < SHOWN)
        (void)!fprintf(stderr, "store_check: person %u: version %llu was acknowledged, %llu is there (%s)\n",
                       person, (unsigned long long)version, (unsigned long long)found, zt_err_name(rc));
}

int main(int argc, char **argv)
{
    struct check check = {0};
    FILE *file = argc == 4 ? fopen(argv[3], "r") : NULL;
    if (!file || open_store(&check, argv[1], argv[2]) != ZT_OK)
        return 2;
    unsigned person;
    unsigned long long version;
    while (fscanf(file, "%u %llu", &person, &version) == 2)
        compare(&check, person, version);
    bool whole = feof(file) != 0;
    (void)!fclose(file);
    zt_store_reader_close(&check.read);
    zt_store_close(&check.store);
    zt_arena_fini(&check.arena);
    printf("acknowledged %llu, found %llu, lost %llu\n", (unsigned long long)check.acknowledged,
           (unsigned long long)(check.acknowledged - check.lost), (unsigned long long)check.lost);
    return whole ? check.lost > 0 : 2;
}
