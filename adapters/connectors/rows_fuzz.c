// SPDX-License-Identifier: Apache-2.0
// Any bytes as a dropped file: reading never crashes and always ends, and going on from the position behind
// any row gives the same rows as reading straight through. The first byte chooses format and encoding.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "adapters/connectors/reader.h"
#include "base/crypto/hash.h"
#include "base/text.h"

#define STEPS 64 // rows and faults that are compared

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct step {
    enum zt_err rc;
    int64_t offset, line; // before it
    uint8_t digest[ZT_HASH_LEN];
};

static void demand(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void digest_row(const struct zt_row *row, uint8_t digest[static ZT_HASH_LEN])
{
    struct zt_buf text;
    zt_buf_init(&text, SIZE_MAX / 2);
    for (size_t i = 0; i < row->count; i++) {
        const char *value = row->values[i] ? row->values[i] : "";
        demand(zt_utf8_valid(zt_bytes_str(row->names[i])), "a name is not UTF-8");
        demand(zt_utf8_valid(zt_bytes_str(value)), "a value is not UTF-8");
        zt_buf_printf(&text, "%zu:%s=%zu:%s;", strlen(row->names[i]), row->names[i], strlen(value), value);
    }
    demand(zt_hash_of(ZT_SHA256, zt_buf_bytes(&text), digest) == ZT_OK, "hash");
    zt_buf_fini(&text);
}

// One step of the reader; false at the end of the file.
static bool take(const struct zt_reader_ops *ops, struct zt_reader *reader, struct step *step)
{
    struct zt_row row = {0};
    struct zt_fault fault = {0};
    memset(step, 0, sizeof *step);
    step->offset = reader->offset;
    step->line = reader->line;
    step->rc = ops->next(reader, &row, &fault);
    if (step->rc == ZT_E_ABSENT)
        return false;
    if (step->rc == ZT_OK)
        digest_row(&row, step->digest);
    else
        demand((step->rc == ZT_E_INPUT || step->rc == ZT_E_LIMIT) && *fault.rule && *fault.place &&
                   *fault.text,
               "a fault without rule, place or text");
    demand(reader->offset > step->offset, "a step that takes nothing would never end");
    return true;
}

static size_t read_straight(const struct zt_reader_ops *ops, const char *path, bool gb18030, size_t size,
                            struct step *steps)
{
    struct zt_reader reader = {0};
    struct zt_fault fault = {0};
    struct step step;
    size_t count = 0, kept = 0;
    if (ops->open(&reader, path, "f", gb18030, 0, 1, &fault) == ZT_OK) {
        while (take(ops, &reader, &step)) {
            demand(++count <= size + 1, "more rows than bytes");
            if (kept < STEPS)
                steps[kept++] = step;
        }
    }
    zt_reader_close(&reader);
    return kept;
}

static void resume_at_each(const struct zt_reader_ops *ops, const char *path, bool gb18030,
                           const struct step *steps, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct zt_reader reader = {0};
        struct zt_fault fault = {0};
        struct step step;
        demand(ops->open(&reader, path, "f", gb18030, steps[i].offset, steps[i].line, &fault) == ZT_OK,
               "a position that was given is refused");
        demand(take(ops, &reader, &step), "a row is missing after a restart");
        demand(memcmp(&step, &steps[i], sizeof step) == 0, "another row after a restart");
        zt_reader_close(&reader);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct step steps[STEPS];
    char path[64];
    if (size < 1)
        return 0;
    const struct zt_reader_ops *ops = data[0] & 1 ? &zt_reader_csv : &zt_reader_jsonl;
    bool gb18030 = data[0] & 2;
    int file = memfd_create("rows", MFD_CLOEXEC);
    demand(file >= 0 && write(file, data + 1, size - 1) == (ssize_t)size - 1, "no memory file");
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    size_t count = read_straight(ops, path, gb18030, size, steps);
    resume_at_each(ops, path, gb18030, steps, count);
    close(file);
    return 0;
}
