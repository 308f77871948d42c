// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/mail.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "broker/ledger/mail_letter.h"
#include "proto/wire.h"

#define RECEIPT_COST ((size_t)64 * 1024) // a receipt of ZT_MAIL_ENTRIES hashes takes 20 KiB of arena

struct zt_mail {
    struct zt_sock *sock;
    struct zt_msg msg;
    struct zt_buf out;
    struct zt_arena arena; // of zt_mail_call
    uint64_t ticket;
};

enum zt_err zt_mail_open(struct zt_net *net, struct zt_mail **mail, struct zt_fault *fault)
{
    struct zt_mail *self = calloc(1, sizeof *self);
    if (!self)
        return zt_fault_set(fault, ZT_E_NOMEM, "ledger.mail", ZT_MAIL_ENDPOINT, "no memory");
    zt_msg_init(&self->msg);
    zt_buf_init(&self->out, ZT_FRAME_BATCH);
    zt_arena_init(&self->arena, RECEIPT_COST);
    struct zt_connect_options options = {.endpoint = ZT_MAIL_ENDPOINT, .max_frame = ZT_FRAME_BATCH};
    enum zt_err rc = zt_sock_connect(net, &options, &self->sock, fault);
    if (rc != ZT_OK) {
        zt_mail_close(&self);
        return rc;
    }
    *mail = self;
    return ZT_OK;
}

void zt_mail_close(struct zt_mail **mail)
{
    if (!*mail)
        return;
    zt_msg_fini(&(*mail)->msg);
    if ((*mail)->sock)
        zt_sock_close(&(*mail)->sock);
    zt_buf_fini(&(*mail)->out);
    zt_arena_fini(&(*mail)->arena);
    free(*mail);
    *mail = NULL;
}

struct zt_sock *zt_mail_sock(struct zt_mail *mail)
{
    return mail->sock;
}

enum zt_err zt_mail_send(struct zt_mail *mail, const struct zt_bytes *entries, size_t count, uint64_t *ticket)
{
    if (!zt_letter_allowed(entries, count))
        return ZT_E_LIMIT;
    // zt_append_encode reads the entries only.
    struct zt_append letter = {mail->ticket + 1, (struct zt_bytes *)(uintptr_t)entries, count};
    zt_wire_start(&mail->out, ZT_WIRE_LEDGER_APPEND);
    enum zt_err rc = zt_append_encode(&letter, &mail->out);
    if (rc == ZT_OK)
        rc = zt_sock_send(mail->sock, NULL, 0, zt_buf_bytes(&mail->out));
    if (rc != ZT_OK)
        return rc;
    *ticket = ++mail->ticket;
    return ZT_OK;
}

static enum zt_err open_receipt(struct zt_bytes frame, struct zt_arena *arena, struct zt_appended *receipt)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    enum zt_err rc = zt_wire_open(frame, &type, &body, NULL);
    if (rc == ZT_OK && type != ZT_WIRE_LEDGER_APPENDED)
        rc = ZT_E_PEER;
    return rc == ZT_OK ? zt_appended_parse(body, arena, receipt, NULL) : rc;
}

enum zt_err zt_mail_recv(struct zt_mail *mail, struct zt_arena *arena, struct zt_appended *receipt)
{
    enum zt_err rc = zt_sock_recv(mail->sock, &mail->msg);
    return rc == ZT_OK ? open_receipt(mail->msg.frame, arena, receipt) : rc;
}

static enum zt_err copy_hashes(const struct zt_appended *receipt, size_t count,
                               uint8_t (*hashes)[ZT_HASH_LEN])
{
    if (receipt->hash_count != count)
        return ZT_E_PEER;
    for (size_t i = 0; i < count; i++)
        if (receipt->hashes[i].len != ZT_HASH_LEN)
            return ZT_E_PEER;
    for (size_t i = 0; i < count; i++)
        memcpy(hashes[i], receipt->hashes[i].data, ZT_HASH_LEN);
    return ZT_OK;
}

// One receipt within the deadline; older ones belong to calls that gave up.
static enum zt_err await(struct zt_mail *mail, uint64_t ticket, int64_t deadline, struct zt_appended *receipt)
{
    for (;;) {
        int64_t left = deadline - zt_monotonic_ms();
        if (left < 0)
            return ZT_E_TIMEOUT;
        enum zt_err rc = zt_sock_recv_within(mail->sock, &mail->msg, (int)left);
        if (rc == ZT_E_TIMEOUT)
            continue; // a signal, or the deadline: the clock decides
        if (rc != ZT_OK)
            return rc;
        zt_arena_reset(&mail->arena);
        rc = open_receipt(mail->msg.frame, &mail->arena, receipt);
        if (rc != ZT_OK || receipt->ticket == ticket)
            return rc;
    }
}

enum zt_err zt_mail_call(struct zt_mail *mail, const struct zt_bytes *entries, size_t count, int timeout_ms,
                         uint64_t *first_index, uint8_t (*hashes)[ZT_HASH_LEN])
{
    uint64_t ticket;
    struct zt_appended receipt;
    int64_t deadline = zt_monotonic_ms() + timeout_ms;
    enum zt_err rc = zt_mail_send(mail, entries, count, &ticket);
    if (rc == ZT_OK)
        rc = await(mail, ticket, deadline, &receipt);
    if (rc == ZT_OK)
        rc = receipt.code;
    if (rc == ZT_OK)
        rc = copy_hashes(&receipt, count, hashes);
    if (rc == ZT_OK)
        *first_index = receipt.first_index;
    return rc;
}
