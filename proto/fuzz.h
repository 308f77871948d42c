// SPDX-License-Identifier: Apache-2.0
// Shared by the fuzz targets of proto/ and by the program that writes their seeds: the first byte picks a
// message of the group, the rest is its body. What parses must encode again, and what was encoded must parse
// to the same bytes; anything else aborts.
#ifndef ZT_PROTO_FUZZ_H
#define ZT_PROTO_FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "proto/codecs.h"

#define FUZZ_ARENA ((size_t)8 * 1024 * 1024)

struct fuzz_group {
    const char *name;
    const char *codecs[6];
};
static const struct fuzz_group fuzz_groups[] = {
    {"record", {"record"}},
    {"publish", {"hello", "welcome", "batch", "heartbeat", "ack"}},
    {"lookup", {"request", "answer"}},
    {"ledger", {"entry", "append", "appended"}},
    {"desk", {"desk_request", "desk_answer"}},
    {"signer", {"sign_request", "sign_answer"}},
};
#define FUZZ_GROUPS (sizeof fuzz_groups / sizeof *fuzz_groups)

static inline void must_hold(bool promise)
{
    if (!promise)
        abort();
}

// One parse with its fault; true when the message is good, and then `again` holds it encoded.
static inline bool fuzz_once(const struct codec *codec, struct zt_bytes body, struct zt_buf *again)
{
    union {
        uint8_t bytes[CODEC_VALUE_MAX];
        max_align_t align;
    } value;
    struct zt_arena arena;
    struct zt_fault fault = {0};
    zt_arena_init(&arena, FUZZ_ARENA);
    enum zt_err rc = codec->parse(body, &arena, &value, &fault);
    must_hold(rc == ZT_OK || rc == ZT_E_INPUT || rc == ZT_E_LIMIT);
    must_hold((rc == ZT_OK) == (fault.rule[0] == 0));
    if (rc == ZT_OK)
        must_hold(codec->encode(&value, again) == ZT_OK);
    zt_arena_fini(&arena);
    return rc == ZT_OK;
}

static inline void fuzz_body(const struct codec *codec, struct zt_bytes body)
{
    struct zt_buf once, twice;
    zt_buf_init(&once, ZT_WIRE_MAX_BATCH);
    zt_buf_init(&twice, ZT_WIRE_MAX_BATCH);
    if (fuzz_once(codec, body, &once)) {
        size_t head = codec_head(codec);
        must_hold(fuzz_once(codec, (struct zt_bytes){once.data + head, once.len - head}, &twice));
        must_hold(zt_bytes_equal(zt_buf_bytes(&once), zt_buf_bytes(&twice)));
    }
    zt_buf_fini(&once);
    zt_buf_fini(&twice);
}

static inline int fuzz_group(size_t number, const uint8_t *data, size_t size)
{
    const struct fuzz_group *group = &fuzz_groups[number];
    size_t count = 0;
    while (count < sizeof group->codecs / sizeof *group->codecs && group->codecs[count])
        count++;
    if (size > 0)
        fuzz_body(codec_named(group->codecs[data[0] % count]), (struct zt_bytes){data + 1, size - 1});
    return 0;
}

#endif
