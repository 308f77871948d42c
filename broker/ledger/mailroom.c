// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/mail.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "broker/ledger/mail_letter.h"
#include "proto/wire.h"

// Parsed letters of one batch and one held: entries and their views.
#define LETTERS_COST ((size_t)2 * ZT_MAIL_LETTERS * ZT_MAIL_ENTRIES * (ZT_ENTRY_MAX + 64))

struct letter {
    uint8_t route[ZT_ROUTE_MAX];
    size_t route_len;
    uint64_t ticket;
    size_t count;
};

struct zt_mailroom {
    struct zt_sock *sock;
    struct zt_msg msg;
    struct zt_buf out;
    struct zt_arena arena; // entries of the letters taken
    struct letter letters[ZT_MAIL_LETTERS];
    size_t letter_count;
    bool held; // msg holds a letter that did not fit
    struct zt_bytes views[ZT_MAIL_ENTRIES];
};

enum zt_err zt_mailroom_open(struct zt_net *net, struct zt_mailroom **room, struct zt_fault *fault)
{
    struct zt_mailroom *self = calloc(1, sizeof *self);
    if (!self)
        return zt_fault_set(fault, ZT_E_NOMEM, "ledger.mailroom", ZT_MAIL_ENDPOINT, "no memory");
    zt_msg_init(&self->msg);
    zt_buf_init(&self->out, ZT_FRAME_BATCH);
    zt_arena_init(&self->arena, LETTERS_COST);
    char bound[ZT_ENDPOINT_MAX];
    struct zt_listen_options options = {.endpoint = ZT_MAIL_ENDPOINT, .max_frame = ZT_FRAME_BATCH};
    enum zt_err rc = zt_sock_listen(net, &options, &self->sock, bound, fault);
    if (rc != ZT_OK) {
        zt_mailroom_close(&self);
        return rc;
    }
    *room = self;
    return ZT_OK;
}

void zt_mailroom_close(struct zt_mailroom **room)
{
    if (!*room)
        return;
    zt_msg_fini(&(*room)->msg);
    if ((*room)->sock)
        zt_sock_close(&(*room)->sock);
    zt_buf_fini(&(*room)->out);
    zt_arena_fini(&(*room)->arena);
    free(*room);
    *room = NULL;
}

struct zt_sock *zt_mailroom_sock(struct zt_mailroom *room)
{
    return room->sock;
}

bool zt_mailroom_waiting(const struct zt_mailroom *room)
{
    return room->held;
}

static enum zt_err send_receipt(struct zt_mailroom *room, const struct letter *letter,
                                const struct zt_appended *receipt)
{
    zt_wire_start(&room->out, ZT_WIRE_LEDGER_APPENDED);
    enum zt_err rc = zt_appended_encode(receipt, &room->out);
    if (rc == ZT_OK)
        rc = zt_sock_send(room->sock, letter->route, letter->route_len, zt_buf_bytes(&room->out));
    if (rc != ZT_OK)
        zt_log_error("ZT-LEDGER-RECEIPT", "a receipt could not be delivered: %s", zt_err_name(rc));
    return rc;
}

static void refuse(struct zt_mailroom *room, const struct letter *letter, enum zt_err code)
{
    zt_log_error("ZT-LEDGER-LETTER", "a letter to the ledger breaks the rules: %s", zt_err_name(code));
    struct zt_appended receipt = {.ticket = letter->ticket, .code = code};
    (void)!send_receipt(room, letter, &receipt);
}

// Parses the message in hand. ZT_E_STATE: it does not fit into `cap` any more.
static enum zt_err open_letter(struct zt_mailroom *room, size_t cap, struct letter *letter,
                               struct zt_append *append)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    memcpy(letter->route, room->msg.route, room->msg.route_len);
    letter->route_len = room->msg.route_len;
    enum zt_err rc = zt_wire_open(room->msg.frame, &type, &body, NULL);
    if (rc == ZT_OK && type != ZT_WIRE_LEDGER_APPEND)
        rc = ZT_E_INPUT;
    if (rc == ZT_OK)
        rc = zt_append_parse(body, &room->arena, append, NULL);
    if (rc != ZT_OK)
        return rc;
    letter->ticket = append->ticket;
    letter->count = append->entry_count;
    if (!zt_letter_allowed(append->entries, append->entry_count))
        return ZT_E_LIMIT;
    return append->entry_count > cap ? ZT_E_STATE : ZT_OK;
}

// The next letter, the held one first; false when there is none.
static bool next_letter(struct zt_mailroom *room)
{
    if (room->held) {
        room->held = false;
        return true;
    }
    return zt_sock_recv(room->sock, &room->msg) == ZT_OK;
}

size_t zt_mailroom_take(struct zt_mailroom *room, struct zt_bytes *entries, size_t cap)
{
    size_t count = 0;
    while (room->letter_count < ZT_MAIL_LETTERS && next_letter(room)) {
        struct letter *letter = &room->letters[room->letter_count];
        struct zt_append append;
        *letter = (struct letter){.route_len = 0};
        enum zt_err rc = open_letter(room, cap - count, letter, &append);
        if (rc == ZT_E_STATE) {
            room->held = true;
            break;
        }
        if (rc != ZT_OK) {
            refuse(room, letter, rc);
            continue;
        }
        memcpy(entries + count, append.entries, append.entry_count * sizeof *entries);
        count += append.entry_count;
        room->letter_count++;
    }
    return count;
}

static bool answer_letter(struct zt_mailroom *room, const struct letter *letter, enum zt_err rc,
                          uint64_t first_index, uint8_t (*hashes)[ZT_HASH_LEN])
{
    struct zt_appended receipt = {.ticket = letter->ticket, .code = rc};
    if (rc == ZT_OK) {
        for (size_t i = 0; i < letter->count; i++)
            room->views[i] = (struct zt_bytes){hashes[i], ZT_HASH_LEN};
        receipt.first_index = first_index;
        receipt.hashes = room->views;
        receipt.hash_count = letter->count;
    }
    return send_receipt(room, letter, &receipt) == ZT_OK;
}

size_t zt_mailroom_answer(struct zt_mailroom *room, enum zt_err rc, uint64_t first_index,
                          uint8_t (*hashes)[ZT_HASH_LEN])
{
    size_t at = 0, lost = 0;
    for (size_t i = 0; i < room->letter_count; i++) {
        const struct letter *letter = &room->letters[i];
        if (!answer_letter(room, letter, rc, first_index + at, rc == ZT_OK ? hashes + at : NULL))
            lost++;
        at += letter->count;
    }
    room->letter_count = 0;
    zt_arena_reset(&room->arena);
    return lost;
}
