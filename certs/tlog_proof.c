// SPDX-License-Identifier: Apache-2.0
#include "certs/tlog_proof.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define HEAD      "c2sp.org/tlog-proof@v1\n"
#define INDEX     "index "
#define EXTRA     "extra "
#define INDEX_LEN 20 // digits of 2^64
#define HASH_TEXT 44 // base64 of 32 bytes

void zt_tlog_proof_write(const struct zt_tlog_proof *proof, struct zt_buf *out)
{
    zt_buf_printf(out, HEAD INDEX "%" PRIu64 "\n", proof->index);
    for (size_t i = 0; i < proof->path.count; i++) {
        zt_base64_encode((struct zt_bytes){proof->path.hashes[i], ZT_HASH_LEN}, out);
        zt_buf_put_str(out, "\n");
    }
    zt_buf_put_str(out, "\n");
    zt_buf_put(out, proof->checkpoint.data, proof->checkpoint.len);
}

// Takes the next line, without its end, off `rest`; false when there is no whole line.
static bool take_line(struct zt_bytes *rest, struct zt_bytes *line)
{
    const uint8_t *end = rest->len ? memchr(rest->data, '\n', rest->len) : NULL;
    if (!end)
        return false;
    *line = (struct zt_bytes){rest->data, (size_t)(end - rest->data)};
    rest->len -= line->len + 1;
    rest->data = end + 1;
    return true;
}

static bool starts(struct zt_bytes line, const char *word)
{
    return line.len >= strlen(word) && memcmp(line.data, word, strlen(word)) == 0;
}

static bool parse_index(struct zt_bytes line, uint64_t *index)
{
    char digits[INDEX_LEN + 1];
    size_t len = line.len - strlen(INDEX);
    int64_t value = 0;
    if (!starts(line, INDEX) || len == 0 || len > INDEX_LEN)
        return false;
    memcpy(digits, line.data + strlen(INDEX), len);
    digits[len] = 0;
    if ((digits[0] == '0' && len > 1) || zt_parse_i64(digits, 0, INT64_MAX, &value) != ZT_OK)
        return false;
    *index = (uint64_t)value;
    return true;
}

static bool parse_hash(struct zt_bytes line, uint8_t out[static ZT_HASH_LEN])
{
    struct zt_buf hash;
    zt_buf_init(&hash, ZT_HASH_LEN);
    bool good = line.len == HASH_TEXT && zt_base64_decode(line, &hash) == ZT_OK && hash.len == ZT_HASH_LEN;
    if (good)
        memcpy(out, hash.data, ZT_HASH_LEN);
    zt_buf_fini(&hash);
    return good;
}

enum zt_err zt_tlog_proof_parse(struct zt_bytes text, struct zt_tlog_proof *out, struct zt_fault *fault)
{
    struct zt_tlog_proof proof = {0};
    struct zt_bytes line;
    if (text.len > ZT_TLOG_PROOF_MAX || !starts(text, HEAD))
        return zt_fault_set(fault, ZT_E_INPUT, "tlog-proof.head", "line 1",
                            "is not a c2sp.org/tlog-proof@v1");
    text.data += strlen(HEAD);
    text.len -= strlen(HEAD);
    bool more = take_line(&text, &line);
    if (more && starts(line, EXTRA))
        more = take_line(&text, &line);
    if (!more || !parse_index(line, &proof.index))
        return zt_fault_set(fault, ZT_E_INPUT, "tlog-proof.index", "index", "a line \"index N\" is needed");
    while ((more = take_line(&text, &line)) && line.len > 0) {
        if (proof.path.count == ZT_PROOF_MAX || !parse_hash(line, proof.path.hashes[proof.path.count]))
            return zt_fault_set(fault, ZT_E_INPUT, "tlog-proof.hash", "path",
                                "hash %zu is not the base64 of 32 bytes, or one too many",
                                proof.path.count + 1);
        proof.path.count++;
    }
    if (!more || text.len == 0)
        return zt_fault_set(fault, ZT_E_INPUT, "tlog-proof.checkpoint", "checkpoint",
                            "the checkpoint is missing");
    proof.checkpoint = text;
    *out = proof;
    return ZT_OK;
}

enum zt_err zt_tlog_proof_verify(const struct zt_tlog_proof *proof, const char *vkey,
                                 const uint8_t leaf[static ZT_HASH_LEN], struct zt_checkpoint *checkpoint,
                                 struct zt_fault *fault)
{
    struct zt_bytes body;
    struct zt_checkpoint seen;
    enum zt_err rc;
    ZT_TRY(zt_note_verify(proof->checkpoint, vkey, &body, fault));
    ZT_TRY(zt_checkpoint_parse(proof->checkpoint, &seen, fault));
    if (proof->index >= seen.size)
        return zt_fault_set(fault, ZT_E_CRYPTO, "tlog-proof.range", seen.origin,
                            "entry %" PRIu64 " is not in a tree of %" PRIu64, proof->index, seen.size);
    if (zt_merkle_verify_inclusion(ZT_SHA256, proof->index, seen.size, leaf, &proof->path, seen.root) !=
        ZT_OK)
        return zt_fault_set(
            fault, ZT_E_CRYPTO, "tlog-proof.path", seen.origin,
            "the path does not lead from the entry to the signed root: entry or proof were changed");
    *checkpoint = seen;
out:
    return rc;
}
