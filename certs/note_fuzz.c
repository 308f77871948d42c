// SPDX-License-Identifier: Apache-2.0
// A signed note and a checkpoint, as they come from a mirror of the ledger.
#include <stdlib.h>
#include <string.h>

#include "certs/note.h"

#define PETER_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_hold(bool good)
{
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zt_bytes note = {data, size}, body;
    struct zt_checkpoint checkpoint, again;
    struct zt_fault fault = {.code = ZT_OK};
    if (zt_note_verify(note, PETER_KEY, &body, &fault) == ZT_OK)
        must_hold(body.data == data && body.len > 0 && body.len < size && body.data[body.len - 1] == '\n');
    else
        must_hold(fault.rule[0] != 0);
    if (zt_checkpoint_parse(note, &checkpoint, NULL) == ZT_OK) { // what was read is written the same way
        struct zt_buf out;
        zt_buf_init(&out, ZT_NOTE_MAX);
        zt_checkpoint_write(&checkpoint, &out);
        must_hold(out.err == ZT_OK && out.len <= size && memcmp(out.data, data, out.len) == 0);
        must_hold(zt_checkpoint_parse(zt_buf_bytes(&out), &again, NULL) == ZT_OK &&
                  again.size == checkpoint.size);
        zt_buf_fini(&out);
    }
    return 0;
}
