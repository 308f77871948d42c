// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "broker/desk/internal.h"
#include "certs/note.h"

struct found {
    struct zt_buf note, entry;
    struct zt_proof proof;
};

static uint8_t *copy(struct zt_desk *desk, const void *data, size_t len)
{
    uint8_t *at = zt_arena_alloc(&desk->arena, len);
    if (at)
        memcpy(at, data, len);
    return at;
}

static enum zt_err put(struct zt_desk *desk, struct found *found, struct zt_desk_answer *answer)
{
    size_t count = found->proof.count;
    uint8_t *entry = copy(desk, found->entry.data, found->entry.len);
    uint8_t *hashes = copy(desk, found->proof.hashes, count * ZT_HASH_LEN);
    char *note = zt_arena_strdup(&desk->arena, zt_buf_text(&found->note));
    struct zt_bytes *proof = zt_arena_alloc(&desk->arena, count * sizeof *proof);
    if (!entry || !hashes || !note || !proof)
        return ZT_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        proof[i] = (struct zt_bytes){hashes + i * ZT_HASH_LEN, ZT_HASH_LEN};
    zt_desk_ok(answer);
    answer->checkpoint = note;
    answer->proof = proof;
    answer->proof_count = count;
    answer->leaf = (struct zt_bytes){entry, found->entry.len};
    return ZT_OK;
}

void zt_desk_prove(struct zt_desk *desk, struct zt_question *question, struct zt_desk_answer *answer)
{
    struct found found;
    uint64_t index = question->request->index;
    zt_buf_init(&found.note, ZT_NOTE_MAX);
    zt_buf_init(&found.entry, ZT_ENTRY_MAX);
    enum zt_err rc = zt_ledger_prove(desk->reader, index, &found.note, &found.entry, &found.proof);
    if (rc == ZT_OK)
        rc = put(desk, &found, answer);
    if (rc == ZT_E_ABSENT)
        zt_desk_refuse(answer,
                       index < zt_ledger_size(desk->options->ledger) ? "ledger.unsealed" : "ledger.absent");
    else if (rc != ZT_OK)
        zt_desk_trouble(answer, rc);
    zt_buf_fini(&found.note);
    zt_buf_fini(&found.entry);
}
