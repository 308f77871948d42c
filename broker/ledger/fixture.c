// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/fixture.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void fixture_folder(char path[static PATH_MAX])
{
    const char *base = getenv("TMPDIR");
    (void)!snprintf(path, PATH_MAX, "%s/zt-ledger-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(path));
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *at)
{
    (void)info;
    (void)type;
    (void)at;
    return remove(path);
}

void fixture_remove(const char *path)
{
    assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

struct zt_bytes fixture_entry(uint64_t index, uint8_t *room)
{
    uint64_t state = index * UINT64_C(0x9e3779b97f4a7c15) + 1;
    size_t len = index % 7 == 0 ? 1 + index % ZT_ENTRY_MAX : 1 + (size_t)(state >> 33) % 300;
    for (size_t i = 0; i < len; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        room[i] = (uint8_t)(state >> 56);
    }
    return (struct zt_bytes){room, len};
}

void fixture_append(struct zt_ledger *ledger, uint64_t from, size_t count, size_t batch)
{
    static uint8_t rooms[ZT_LEDGER_APPEND][ZT_ENTRY_MAX];
    static struct zt_bytes entries[ZT_LEDGER_APPEND];
    static uint8_t hashes[ZT_LEDGER_APPEND][ZT_HASH_LEN];
    for (size_t done = 0; done < count;) {
        uint64_t first;
        size_t now = count - done < batch ? count - done : batch;
        for (size_t i = 0; i < now; i++)
            entries[i] = fixture_entry(from + done + i, rooms[i]);
        assert_int_equal(zt_ledger_append(ledger, entries, now, &first, hashes), ZT_OK);
        assert_int_equal(first, from + done);
        done += now;
    }
}

void fixture_journal(struct zt_journal *journal, const struct zt_bytes *entries, size_t count)
{
    uint8_t leaves[128][ZT_HASH_LEN];
    assert_true(count <= 128);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(zt_merkle_leaf(ZT_SHA256, entries[i], leaves[i]), ZT_OK);
    assert_int_equal(zt_journal_append(journal, entries, leaves, count), ZT_OK);
}

struct check {
    uint64_t next;
    bool good;
};

static bool check_one(void *arg, uint64_t index, struct zt_bytes entry)
{
    uint8_t room[ZT_ENTRY_MAX];
    struct check *check = arg;
    check->good = index == check->next++ && zt_bytes_equal(entry, fixture_entry(index, room));
    return check->good;
}

uint64_t fixture_check(struct zt_ledger *ledger)
{
    struct zt_ledger_reader *reader;
    struct check check = {0, true};
    assert_int_equal(zt_ledger_reader_open(ledger, &reader), ZT_OK);
    assert_int_equal(zt_ledger_scan(reader, 0, check_one, &check), ZT_OK);
    zt_ledger_reader_close(&reader);
    assert_true(check.good);
    assert_int_equal(check.next, zt_ledger_size(ledger));
    return check.next;
}

struct zt_ledger *fixture_open(const char *dir, uint64_t segment_bytes)
{
    struct zt_ledger_options options = {dir, FIXTURE_ORIGIN, segment_bytes};
    struct zt_ledger *ledger = NULL;
    struct zt_fault fault = {.code = ZT_OK};
    enum zt_err rc = zt_ledger_open(&options, &ledger, &fault);
    if (rc != ZT_OK)
        fail_msg("%s: %s: %s", fault.rule, fault.place, fault.text);
    return ledger;
}

enum zt_err fixture_try(const char *dir, struct zt_fault *fault)
{
    struct zt_ledger_options options = {dir, FIXTURE_ORIGIN, 0};
    struct zt_ledger *ledger = NULL;
    enum zt_err rc = zt_ledger_open(&options, &ledger, fault);
    zt_ledger_close(&ledger);
    return rc;
}

uint8_t *fixture_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *len = fixture_size(path);
    uint8_t *data = malloc(*len + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *len, file), *len);
    fclose(file);
    return data;
}

void fixture_write(const char *path, const uint8_t *data, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

void fixture_copy(const char *from, const char *to)
{
    size_t len;
    uint8_t *data = fixture_read(from, &len);
    fixture_write(to, data, len);
    free(data);
}

void fixture_flip(const char *path, size_t offset, uint8_t bits)
{
    size_t len;
    uint8_t *data = fixture_read(path, &len);
    assert_true(offset < len);
    data[offset] ^= bits;
    fixture_write(path, data, len);
    free(data);
}

size_t fixture_size(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return (size_t)info.st_size;
}

void fixture_cut(const char *path, size_t len)
{
    assert_int_equal(truncate(path, (off_t)len), 0);
}

void fixture_shell(const char *fmt, ...)
{
    char command[5 * PATH_MAX];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(command, sizeof command, fmt, args);
    va_end(args);
    assert_true(len > 0 && (size_t)len < sizeof command);
    assert_int_equal(system(command), 0);
}
