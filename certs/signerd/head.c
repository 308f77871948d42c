// SPDX-License-Identifier: Apache-2.0
#include "certs/signerd/head.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "certs/signerd/config.h"

#define NAME_HEX 32 // characters of the hash in the file's name

static enum zt_err take_lock(struct zt_head *head, const char *dir, struct zt_fault *fault)
{
    char *path = NULL;
    if (asprintf(&path, "%s/lock", dir) < 0)
        return ZT_E_NOMEM;
    enum zt_err rc = ZT_OK;
    head->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (head->lock < 0)
        rc = zt_fault_errno(fault, "signer.state", path, "cannot open");
    else if (flock(head->lock, LOCK_EX | LOCK_NB) != 0)
        rc = zt_fault_set(fault, ZT_E_STATE, "signer.running", path,
                          "another signer holds this state; two would sign two stories");
    free(path);
    return rc;
}

static enum zt_err name_file(struct zt_head *head, const char *dir)
{
    uint8_t hash[ZT_HASH_LEN];
    char hex[2 * ZT_HASH_LEN + 1];
    enum zt_err rc = zt_hash_of(ZT_SHA256, zt_bytes_str(head->origin), hash);
    if (rc != ZT_OK)
        return rc;
    zt_hex_encode((struct zt_bytes){hash, sizeof hash}, hex);
    return asprintf(&head->path, "%s/%.*s.state", dir, NAME_HEX, hex) < 0 ? ZT_E_NOMEM : ZT_OK;
}

// The note in head->note must be one of ours; sets head->last.
static enum zt_err check_note(struct zt_head *head, struct zt_fault *fault)
{
    struct zt_buf vkey;
    struct zt_bytes body;
    struct zt_checkpoint last;
    zt_buf_init(&vkey, ZT_NOTE_MAX);
    enum zt_err rc = zt_note_vkey(head->key, head->origin, &vkey);
    if (rc == ZT_OK)
        rc = zt_note_verify(zt_buf_bytes(&head->note), zt_buf_text(&vkey), &body, NULL);
    if (rc == ZT_OK)
        rc = zt_checkpoint_parse(body, &last, NULL);
    zt_buf_fini(&vkey);
    if (rc != ZT_OK || strcmp(last.origin, head->origin) != 0)
        return zt_fault_set(
            fault, ZT_E_CORRUPT, "signer.state", head->path,
            "not a checkpoint that this key signed for this origin; restore it from the backup");
    head->last = last;
    head->any = true;
    return ZT_OK;
}

static enum zt_err load(struct zt_head *head, struct zt_fault *fault)
{
    enum zt_err rc = zt_file_read_secret(head->path, &head->note, fault);
    if (rc == ZT_E_ABSENT)
        return ZT_OK; // nothing was signed yet
    return rc == ZT_OK ? check_note(head, fault) : rc;
}

enum zt_err zt_head_open(const char *dir, const char *origin, struct zt_key *key, struct zt_head *head,
                         struct zt_fault *fault)
{
    struct zt_head made = {.lock = -1, .key = key};
    enum zt_err rc;
    zt_buf_init(&made.note, ZT_NOTE_MAX);
    int len = snprintf(made.origin, sizeof made.origin, "%s", origin);
    if (len < 0 || (size_t)len >= sizeof made.origin)
        ZT_TRY(zt_fault_set(fault, ZT_E_CONFIG, "signer.origin", "", "the origin is too long"));
    ZT_TRY(zt_dir_make(dir, 0700, fault));
    ZT_TRY(zt_signer_folder_check(dir, "signer.state", fault));
    ZT_TRY(take_lock(&made, dir, fault));
    ZT_TRY(name_file(&made, dir));
    ZT_TRY(load(&made, fault));
    *head = made;
    return ZT_OK;
out:
    zt_head_close(&made);
    return rc;
}

void zt_head_close(struct zt_head *head)
{
    if (head->lock >= 0)
        close(head->lock);
    head->lock = -1;
    free(head->path);
    head->path = NULL;
    zt_buf_fini(&head->note);
}

static enum zt_err refuse(struct zt_fault *fault, enum zt_err code, const char *rule, const char *text)
{
    return zt_fault_set(fault, code, rule, "", "%s", text);
}

static enum zt_err check_proof(const struct zt_head *head, const struct zt_sign_request *request)
{
    struct zt_proof proof = {.count = request->proof_count};
    if (request->proof_count > ZT_PROOF_MAX)
        return ZT_E_CRYPTO;
    for (size_t i = 0; i < request->proof_count; i++) {
        if (request->proof[i].len != ZT_HASH_LEN)
            return ZT_E_CRYPTO;
        memcpy(proof.hashes[i], request->proof[i].data, ZT_HASH_LEN);
    }
    return zt_merkle_verify_consistency(ZT_SHA256, head->last.size, request->size, head->last.root,
                                        request->root, &proof);
}

// An empty tree has one root; anything else of size 0 could never be proved to grow.
static bool empty_root_fits(const struct zt_sign_request *request)
{
    uint8_t empty[ZT_HASH_LEN];
    return request->size != 0 || (zt_hash_of(ZT_SHA256, (struct zt_bytes){0}, empty) == ZT_OK &&
                                  memcmp(empty, request->root, ZT_HASH_LEN) == 0);
}

static enum zt_err judge(const struct zt_head *head, const struct zt_sign_request *request,
                         struct zt_fault *fault)
{
    uint64_t last = head->any ? head->last.size : 0;
    if (strcmp(request->origin, head->origin) != 0)
        return refuse(fault, ZT_E_DENIED, "signer.origin", "this signer signs for another ledger");
    if (request->size > INT64_MAX)
        return refuse(fault, ZT_E_INPUT, "signer.size", "no tree is that large");
    if (request->size < last)
        return refuse(fault, ZT_E_DENIED, "signer.rollback", "a larger tree was signed before");
    if (request->old_size != last)
        return refuse(fault, ZT_E_STATE, "signer.old-size", "the last signed size is another; see the note");
    if (!empty_root_fits(request))
        return refuse(fault, ZT_E_DENIED, "signer.inconsistent", "not the root of an empty tree");
    if (head->any && check_proof(head, request) != ZT_OK)
        return refuse(fault, ZT_E_DENIED, "signer.inconsistent",
                      "the proof does not lead from the last signed tree to this one");
    return ZT_OK;
}

static bool is_same(const struct zt_head *head, const struct zt_sign_request *request)
{
    return head->any && strcmp(request->origin, head->origin) == 0 && request->size == head->last.size &&
           memcmp(request->root, head->last.root, ZT_HASH_LEN) == 0;
}

enum zt_err zt_head_advance(struct zt_head *head, const struct zt_sign_request *request,
                            struct zt_fault *fault)
{
    struct zt_checkpoint next = {.size = request->size};
    struct zt_buf body, note;
    if (is_same(head, request))
        return ZT_OK;
    enum zt_err rc = judge(head, request, fault);
    if (rc != ZT_OK)
        return rc;
    memcpy(next.origin, head->origin, sizeof next.origin);
    memcpy(next.root, request->root, ZT_HASH_LEN);
    zt_buf_init(&body, ZT_NOTE_MAX);
    zt_buf_init(&note, ZT_NOTE_MAX);
    zt_checkpoint_write(&next, &body);
    ZT_TRY(body.err);
    ZT_TRY(zt_note_sign(head->key, head->origin, zt_buf_bytes(&body), &note));
    // Before the signature leaves, and before we believe it ourselves: what is on the disk decides after a
    // crash.
    rc = zt_file_replace(head->path, zt_buf_bytes(&note), 0400, fault);
    if (rc != ZT_OK) {
        refuse(fault, rc, "signer.state", "the state cannot be written, so nothing is signed");
        goto out;
    }
    struct zt_buf old = head->note;
    head->note = note;
    note = old;
    head->last = next;
    head->any = true;
out:
    zt_buf_fini(&body);
    zt_buf_fini(&note);
    return rc;
}
