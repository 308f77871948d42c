// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/clock.h"
#include "broker/intake/internal.h"
#include "broker/log/apply.h"

#define PARTITION 0 // one machine, one partition

static const struct zt_party_key *find_key(const struct zt_party *party, const struct zt_batch *batch)
{
    for (size_t i = 0; i < party->key_count; i++)
        if (strcmp(party->keys[i].key_id, batch->key_id) == 0 && party->keys[i].alg == batch->alg)
            return &party->keys[i];
    return NULL;
}

static enum zt_err check_signature(struct zt_intake *intake, const struct zt_party *party,
                                   const struct zt_batch *batch, struct zt_fault *fault)
{
    const struct zt_party_key *of = find_key(party, batch);
    struct zt_key *key = NULL;
    uint8_t root[ZT_HASH_LEN];
    if (!of)
        return zt_fault_set(fault, ZT_E_DENIED, "publish.key", batch->source,
                            "the signing key is not registered for this party, or not for this algorithm");
    if (zt_keyring_get(&intake->ring, of, &key) != ZT_OK)
        return zt_fault_set(fault, ZT_E_DENIED, "publish.key", batch->source,
                            "the signing key that is registered for this party cannot be used");
    zt_buf_reset(&intake->scratch);
    enum zt_err rc = zt_batch_signed_bytes(batch, &intake->scratch, root);
    if (rc != ZT_OK)
        return zt_fault_set(fault, ZT_E_DENIED, "publish.signature", batch->source,
                            "what the batch should have been signed over cannot be made");
    if (zt_verify(key, zt_buf_bytes(&intake->scratch), batch->signature) != ZT_OK)
        return zt_fault_set(fault, ZT_E_DENIED, "publish.signature", batch->source,
                            "the signature does not hold over this batch");
    return ZT_OK;
}

// Somebody else has said HELLO for this stream since: late batches of a connection that is gone.
static enum zt_err answer_taken_over(struct zt_intake *intake, const struct zt_msg *msg,
                                     const struct zt_batch *batch)
{
    struct zt_ack ack = {.source = batch->source,
                         .seq = batch->seq,
                         .taken = false,
                         .rule = "publish.gap",
                         .text = "another connection has taken the stream over; begin again with HELLO"};
    atomic_fetch_add(&intake->options->counts.gaps, 1);
    return zt_group_ack(intake, msg, &ack);
}

// A repeat and a gap are no denials: the producer only has to know where it stands.
static enum zt_err answer_out_of_order(struct zt_intake *intake, const struct zt_msg *msg,
                                       const struct zt_batch *batch, uint64_t known)
{
    bool repeat = batch->seq <= known;
    struct zt_ack ack = {.source = batch->source,
                         .seq = batch->seq,
                         .taken = repeat,
                         .rule = repeat ? "" : "publish.gap",
                         .text = repeat ? "" : "a batch before this one is missing; begin again with HELLO"};
    atomic_fetch_add(repeat ? &intake->options->counts.repeats : &intake->options->counts.gaps, 1);
    return zt_group_ack(intake, msg, &ack);
}

static enum zt_err trim_log(struct zt_intake *intake, uint64_t log_seq)
{
    uint64_t keep = intake->options->log_keep;
    struct zt_log *log = intake->options->log;
    return keep == 0 || log_seq <= keep ? ZT_OK : log->ops->trim(log, PARTITION, log_seq - keep + 1);
}

// Log first, then rows, in the transaction of the group. A failure here is the store's.
static enum zt_err write_batch(struct zt_intake *intake, const struct zt_incoming *in,
                               const struct zt_batch *batch, const struct zt_record *records,
                               struct zt_applied *applied)
{
    struct zt_log *log = intake->options->log;
    uint64_t log_seq = 0;
    enum zt_err rc;
    intake->draft.received_at = zt_now_ms();
    intake->draft.body = in->body;
    zt_buf_reset(&intake->item);
    zt_log_item_encode(&intake->draft, &intake->item);
    ZT_TRY(intake->item.err);
    ZT_TRY(log->ops->append(log, PARTITION, zt_buf_bytes(&intake->item), &log_seq));
    ZT_TRY(zt_apply_batch(intake->group.txn, PARTITION, log_seq, batch, records, &intake->draft, applied));
    rc = trim_log(intake, log_seq);
out:
    return rc;
}

static enum zt_err take_batch(struct zt_intake *intake, const struct zt_incoming *in,
                              const struct zt_source_info *info, const struct zt_batch *batch)
{
    struct zt_checked checked;
    struct zt_applied applied = {0};
    enum zt_err rc;
    ZT_TRY(zt_intake_check_records(intake, in->party, info, batch, &checked));
    rc = write_batch(intake, in, batch, checked.records, &applied);
    // A full map sticks to the transaction: the group is settled next, and everybody in it is refused.
    if (rc != ZT_OK && !(rc == ZT_E_LIMIT && zt_store_error(intake->group.txn) == ZT_E_LIMIT))
        goto out;
    intake->group.bytes += in->body.len;
    intake->group.tally[ZT_TALLY_BATCHES]++;
    intake->group.tally[ZT_TALLY_RECORDS] += applied.accepted;
    intake->group.tally[ZT_TALLY_IGNORED] += applied.ignored;
    intake->group.tally[ZT_TALLY_REJECTED] += checked.reject_count;
    struct zt_ack ack = {.source = batch->source,
                         .seq = batch->seq,
                         .taken = true,
                         .accepted = applied.accepted,
                         .ignored = applied.ignored,
                         .rejects = checked.rejects,
                         .reject_count = checked.reject_count,
                         .rule = "",
                         .text = ""};
    rc = zt_group_ack(intake, in->msg, &ack);
out:
    return rc;
}

enum zt_err zt_intake_batch(struct zt_intake *intake, const struct zt_incoming *in)
{
    struct zt_batch batch;
    struct zt_fault fault = {0};
    const struct zt_source_info *info = NULL;
    struct zt_source_row row = {0};
    if (zt_batch_parse(in->body, &intake->arena, &batch, &fault) != ZT_OK)
        return zt_intake_deny(intake, in, ZT_WIRE_BATCH, "", 0, &fault);
    if (zt_intake_may_publish(intake, in->party, batch.source, &info, &fault) != ZT_OK)
        return zt_intake_deny(intake, in, ZT_WIRE_BATCH, info ? info->id : "", batch.seq, &fault);
    enum zt_err rc;
    ZT_TRY(zt_group_open(intake));
    rc = zt_store_get_source(intake->group.txn, batch.source, &row);
    if (rc != ZT_OK && rc != ZT_E_ABSENT)
        goto out;
    if (!zt_speaker_may(&intake->speakers, batch.source, in->msg))
        return answer_taken_over(intake, in->msg, &batch);
    if (batch.seq != row.seq + 1)
        return answer_out_of_order(intake, in->msg, &batch, row.seq);
    if (check_signature(intake, in->party, &batch, &fault) != ZT_OK)
        return zt_intake_deny(intake, in, ZT_WIRE_BATCH, info->id, batch.seq, &fault);
    rc = take_batch(intake, in, info, &batch);
out:
    return rc;
}
