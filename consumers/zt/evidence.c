// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/evidence.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { NOTE, ORIGIN, RANGE, PATH, RECEIPT };

const char *zt_evidence_result_name(enum zt_evidence_result result)
{
    return result == ZT_EVIDENCE_PASS ? "pass" : result == ZT_EVIDENCE_FAIL ? "fail" : "skipped";
}

const char *zt_evidence_result_words(enum zt_evidence_result result)
{
    return result == ZT_EVIDENCE_PASS   ? "通过 pass"
           : result == ZT_EVIDENCE_FAIL ? "不通过 FAIL"
                                        : "未查 skipped";
}

static bool step(struct zt_evidence *evidence, size_t which, bool holds, const char *fmt, ...)
    ZT_PRINTF(4, 5);

static bool step(struct zt_evidence *evidence, size_t which, bool holds, const char *fmt, ...)
{
    va_list list;
    va_start(list, fmt);
    vsnprintf(evidence->steps[which].text, sizeof evidence->steps[which].text, fmt, list);
    va_end(list);
    evidence->steps[which].result = holds ? ZT_EVIDENCE_PASS : ZT_EVIDENCE_FAIL;
    return holds;
}

static enum zt_err take_proof(const struct zt_desk_answer *answer, struct zt_evidence *evidence,
                              struct zt_fault *fault)
{
    if (answer->proof_count > ZT_PROOF_MAX)
        return zt_fault_set(fault, ZT_E_PEER, "proof.length", "",
                            "the desk sent more hashes than a tree has levels");
    for (size_t i = 0; i < answer->proof_count; i++) {
        if (answer->proof[i].len != ZT_HASH_LEN)
            return zt_fault_set(fault, ZT_E_PEER, "proof.hash", "", "the desk sent a hash that is none");
        memcpy(evidence->proof.path.hashes[i], answer->proof[i].data, ZT_HASH_LEN);
    }
    evidence->proof.path.count = answer->proof_count;
    evidence->proof.checkpoint = zt_bytes_str(answer->checkpoint);
    return ZT_OK;
}

static bool check_note(struct zt_evidence *evidence, const char *vkey)
{
    struct zt_bytes body;
    struct zt_fault why = {.text = ""};
    if (zt_note_verify(evidence->proof.checkpoint, vkey, &body, &why) != ZT_OK ||
        zt_checkpoint_parse(evidence->proof.checkpoint, &evidence->checkpoint, &why) != ZT_OK)
        return step(evidence, NOTE, false, "%s (%s)", why.text, why.rule);
    return step(evidence, NOTE, true, "%" PRIu64 " entries", evidence->checkpoint.size);
}

// A key may sign for one ledger only: the one that its own name says.
static bool check_origin(struct zt_evidence *evidence, const char *vkey)
{
    const char *origin = evidence->checkpoint.origin;
    size_t len = strcspn(vkey, "+");
    bool same = strlen(origin) == len && memcmp(origin, vkey, len) == 0;
    return step(evidence, ORIGIN, same, same ? "%s" : "the checkpoint is of another ledger: %s", origin);
}

static bool check_range(struct zt_evidence *evidence)
{
    bool inside = evidence->proof.index < evidence->checkpoint.size;
    return step(evidence, RANGE, inside, "entry %" PRIu64 " of %" PRIu64, evidence->proof.index,
                evidence->checkpoint.size);
}

static bool check_path(struct zt_evidence *evidence)
{
    bool holds =
        zt_merkle_verify_inclusion(ZT_SHA256, evidence->proof.index, evidence->checkpoint.size,
                                   evidence->leaf, &evidence->proof.path, evidence->checkpoint.root) == ZT_OK;
    return step(evidence, PATH, holds, "%s",
                holds ? "the entry's hash leads to the signed root"
                      : "the path does not lead to the signed root: entry or proof were changed");
}

static bool check_receipt(struct zt_evidence *evidence, const struct zt_receipt *receipt)
{
    if (!receipt)
        return true;
    bool same =
        receipt->index == evidence->proof.index && memcmp(receipt->hash, evidence->leaf, ZT_HASH_LEN) == 0;
    return step(evidence, RECEIPT, same, "%s",
                same ? "this is the entry that the answer named" : "the answer named another entry");
}

enum zt_err zt_evidence_check(const struct zt_desk_answer *answer, const char *vkey,
                              const struct zt_receipt *receipt, struct zt_evidence *evidence,
                              struct zt_fault *fault)
{
    static const char *const names[][2] = {{"note", "检查点签名"},
                                           {"origin", "账本名称"},
                                           {"range", "条目序号"},
                                           {"path", "包含证明"},
                                           {"receipt", "答复回执"}};
    uint64_t index = evidence->proof.index;
    *evidence = (struct zt_evidence){.proof.index = index};
    for (size_t i = 0; i < ZT_EVIDENCE_STEPS; i++) {
        evidence->steps[i].name = names[i][0];
        evidence->steps[i].name_zh = names[i][1];
    }
    enum zt_err rc = take_proof(answer, evidence, fault);
    if (rc != ZT_OK)
        return rc;
    rc = zt_merkle_leaf(ZT_SHA256, answer->leaf, evidence->leaf);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "proof.leaf", "", "the hash function failed");
    evidence->valid = check_note(evidence, vkey) && check_origin(evidence, vkey) && check_range(evidence) &&
                      check_path(evidence) && check_receipt(evidence, receipt);
    return ZT_OK;
}

static enum zt_err save_one(const char *dir, const char *name, struct zt_bytes bytes, struct zt_fault *fault)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
        return zt_fault_set(fault, ZT_E_LIMIT, "file.path", dir, "path too long");
    return zt_file_replace(path, bytes, 0644, fault);
}

static enum zt_err save_hashes(const struct zt_evidence *evidence, const char *dir, struct zt_fault *fault)
{
    struct zt_buf text;
    zt_buf_init(&text, ZT_TLOG_PROOF_MAX);
    zt_buf_printf(&text, "%" PRIu64 "\n", evidence->proof.index);
    for (size_t i = 0; i < evidence->proof.path.count; i++) {
        zt_base64_encode((struct zt_bytes){evidence->proof.path.hashes[i], ZT_HASH_LEN}, &text);
        zt_buf_put_u8(&text, '\n');
    }
    enum zt_err rc = text.err == ZT_OK ? save_one(dir, "proof", zt_buf_bytes(&text), fault) : text.err;
    zt_buf_fini(&text);
    return rc;
}

enum zt_err zt_evidence_save(const struct zt_desk_answer *answer, const struct zt_evidence *evidence,
                             const char *dir, struct zt_fault *fault)
{
    struct zt_buf text;
    enum zt_err rc = ZT_E_BUG;
    zt_buf_init(&text, ZT_TLOG_PROOF_MAX);
    zt_tlog_proof_write(&evidence->proof, &text);
    if (text.err != ZT_OK)
        ZT_TRY(zt_fault_set(fault, text.err, "proof.length", dir, "the proof is longer than one may be"));
    ZT_TRY(zt_dir_make(dir, 0755, fault));
    ZT_TRY(save_one(dir, "checkpoint", evidence->proof.checkpoint, fault));
    ZT_TRY(save_one(dir, "entry", answer->leaf, fault));
    ZT_TRY(save_one(dir, "entry.tlog-proof", zt_buf_bytes(&text), fault));
    ZT_TRY(save_hashes(evidence, dir, fault));
out:
    zt_buf_fini(&text);
    return rc;
}
