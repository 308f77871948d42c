// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "base/log.h"
#include "broker/intake/internal.h"

#define UNNAMED "-" // an ACK must name a stream; this one names none

static enum zt_err encode_entry(const struct zt_incoming *in, const char *source, const struct zt_fault *why,
                                struct zt_buf *out)
{
    uint8_t hash[ZT_HASH_LEN];
    enum zt_err rc = zt_hash_of(ZT_SM3, in->msg->frame, hash);
    if (rc != ZT_OK)
        return rc;
    struct zt_entry entry = {.kind = ZT_ENTRY_DENIAL,
                             .time = zt_now_ms(),
                             .party = in->msg->user,
                             .officer = "",
                             .item = "",
                             .purpose = "",
                             .case_no = "",
                             .type = "",
                             .status = ZT_STATUS_DENIED,
                             .rule = why->rule,
                             .request_hash = {hash, sizeof hash},
                             .certificate = "",
                             .note = source};
    return zt_entry_encode(&entry, out);
}

static enum zt_err encode_refusal(enum zt_wire_type type, const char *source, uint64_t seq,
                                  const struct zt_fault *why, struct zt_buf *out)
{
    const char *named = *source ? source : UNNAMED, *text = zt_reply_text(why->text);
    struct zt_welcome welcome = {.source = named, .rule = why->rule, .text = text};
    struct zt_ack ack = {.source = named, .seq = seq, .rule = why->rule, .text = text};
    return type == ZT_WIRE_HELLO ? zt_welcome_encode(&welcome, out) : zt_ack_encode(&ack, out);
}

enum zt_err zt_intake_deny(struct zt_intake *intake, const struct zt_incoming *in, enum zt_wire_type type,
                           const char *source, uint64_t seq, const struct zt_fault *why)
{
    struct zt_denials *denials = &intake->denials;
    struct zt_denial *denial = &denials->waiting[denials->count];
    atomic_fetch_add(&intake->options->counts.denials, 1);
    zt_reply_to(&denial->reply, in->msg);
    enum zt_err rc;
    ZT_TRY(encode_refusal(type, source, seq, why, &denial->reply.frame));
    zt_buf_reset(&intake->scratch);
    ZT_TRY(encode_entry(in, source, why, &intake->scratch));
    struct zt_bytes entry = zt_buf_bytes(&intake->scratch);
    // The counter has too much waiting: without an entry nothing is told. The producer asks again in its
    // time.
    rc = zt_mail_send(intake->mail, &entry, 1, &denial->ticket);
    if (rc == ZT_E_LIMIT || rc == ZT_E_PEER) {
        zt_log_warn("ZT-INTAKE-SILENT", "a refusal (%s) could not be ledgered and is not told", why->rule);
        zt_buf_fini(&denial->reply.frame);
        return ZT_OK;
    }
    if (rc == ZT_OK) {
        denials->count++;
        return ZT_OK;
    }
out:
    zt_buf_fini(&denial->reply.frame);
    return rc;
}

bool zt_denials_full(const struct zt_intake *intake)
{
    return intake->denials.count == ZT_INTAKE_DENIALS;
}

static void settle_one(struct zt_intake *intake, const struct zt_appended *receipt)
{
    struct zt_denials *denials = &intake->denials;
    for (size_t i = 0; i < denials->count; i++) {
        struct zt_denial *denial = &denials->waiting[i];
        if (denial->ticket != receipt->ticket)
            continue;
        if (receipt->code == ZT_OK)
            zt_reply_send(intake, &denial->reply);
        else
            zt_buf_fini(&denial->reply.frame);
        *denial = denials->waiting[--denials->count];
        return;
    }
}

enum zt_err zt_denials_settle(struct zt_intake *intake)
{
    for (;;) {
        struct zt_appended receipt;
        zt_arena_reset(&intake->arena);
        enum zt_err rc = zt_mail_recv(intake->mail, &intake->arena, &receipt);
        if (rc == ZT_E_TIMEOUT)
            return ZT_OK;
        if (rc != ZT_OK)
            return rc;
        settle_one(intake, &receipt);
    }
}

void zt_denials_fini(struct zt_intake *intake)
{
    for (size_t i = 0; i < intake->denials.count; i++)
        zt_buf_fini(&intake->denials.waiting[i].reply.frame);
    intake->denials.count = 0;
}
