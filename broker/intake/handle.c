// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "broker/intake/internal.h"

// A source must not claim to be complete for a time that has not come; clocks may differ so much.
#define SKEW_MS ((int64_t)5 * 60 * 1000)

enum zt_err zt_intake_may_publish(const struct zt_intake *intake, const struct zt_party *party,
                                  const char *source, const struct zt_source_info **info,
                                  struct zt_fault *fault)
{
    const struct zt_source_info *found = zt_catalogue_source(intake->catalogue, source);
    *info = found;
    if (!found)
        return zt_fault_set(fault, ZT_E_DENIED, "publish.unknown-source", "source",
                            "the catalogue has no such stream");
    if (found->party != party)
        return zt_fault_set(fault, ZT_E_DENIED, "publish.source", "source",
                            "this party may not publish that stream");
    return ZT_OK;
}

// Asked again for each message: a session may be older than a revocation.
static enum zt_err find_party(const struct zt_intake *intake, const char *user, const struct zt_party **party,
                              struct zt_fault *fault)
{
    const struct zt_party *found = *user ? zt_catalogue_party(intake->catalogue, user) : NULL;
    if (!found)
        return zt_fault_set(fault, ZT_E_DENIED, "publish.party", "", "the sender is not a registered party");
    if (found->revoked)
        return zt_fault_set(fault, ZT_E_DENIED, "publish.party", "", "the party's registration is revoked");
    if (!(found->roles & ZT_ROLE_PRODUCER))
        return zt_fault_set(fault, ZT_E_DENIED, "publish.party", "", "the party is not a producer");
    *party = found;
    return ZT_OK;
}

static enum zt_err get_row(struct zt_intake *intake, const char *source, struct zt_source_row *row)
{
    *row = (struct zt_source_row){0};
    enum zt_err rc = zt_group_open(intake);
    if (rc == ZT_OK)
        rc = zt_store_get_source(intake->group.txn, source, row);
    return rc == ZT_E_ABSENT ? ZT_OK : rc;
}

// Answered with the group: the row may count batches of it that are not committed yet.
static enum zt_err hello(struct zt_intake *intake, const struct zt_incoming *in)
{
    struct zt_hello message;
    struct zt_fault fault = {0};
    const struct zt_source_info *info = NULL;
    struct zt_source_row row;
    if (zt_hello_parse(in->body, &intake->arena, &message, &fault) != ZT_OK)
        return zt_intake_deny(intake, in, ZT_WIRE_HELLO, "", 0, &fault);
    if (zt_intake_may_publish(intake, in->party, message.source, &info, &fault) != ZT_OK)
        return zt_intake_deny(intake, in, ZT_WIRE_HELLO, info ? info->id : "", 0, &fault);
    enum zt_err rc = get_row(intake, message.source, &row);
    if (rc == ZT_OK)
        rc = zt_speaker_set(&intake->speakers, message.source, in->msg);
    if (rc != ZT_OK)
        return rc;
    struct zt_welcome welcome = {.source = message.source,
                                 .seq = row.seq,
                                 .cursor = {row.cursor, row.cursor_len},
                                 .rule = "",
                                 .text = ""};
    return zt_group_welcome(intake, in->msg, &welcome);
}

// The cursor of a heartbeat is not kept: only an acknowledged batch moves the place where a producer resumes,
// so a batch that was lost on the way is never skipped.
static void note_heartbeat(struct zt_source_row *row, const struct zt_heartbeat *message)
{
    row->last_heartbeat = zt_now_ms();
    row->quarantined = message->quarantined;
    if (message->complete_as_of > row->complete_as_of)
        row->complete_as_of = message->complete_as_of;
}

static enum zt_err heartbeat(struct zt_intake *intake, const struct zt_incoming *in)
{
    struct zt_heartbeat message;
    struct zt_fault fault = {0};
    const struct zt_source_info *info = NULL;
    struct zt_source_row row;
    if (zt_heartbeat_parse(in->body, &intake->arena, &message, &fault) != ZT_OK)
        return zt_intake_deny(intake, in, ZT_WIRE_HEARTBEAT, "", 0, &fault);
    if (zt_intake_may_publish(intake, in->party, message.source, &info, &fault) != ZT_OK)
        return zt_intake_deny(intake, in, ZT_WIRE_HEARTBEAT, info ? info->id : "", 0, &fault);
    enum zt_err rc = get_row(intake, message.source, &row);
    if (rc != ZT_OK)
        return rc;
    struct zt_ack ack = {.source = message.source, .seq = row.seq, .taken = true, .rule = "", .text = ""};
    if (message.complete_as_of > zt_now_ms() + SKEW_MS) {
        ack.taken = false;
        ack.rule = "publish.time";
        ack.text = "complete_as_of lies in the future; check the clock of the source";
        return zt_group_ack(intake, in->msg, &ack);
    }
    note_heartbeat(&row, &message);
    zt_store_put_source(intake->group.txn, message.source, &row);
    return zt_group_ack(intake, in->msg, &ack);
}

enum zt_err zt_intake_handle(struct zt_intake *intake, const struct zt_msg *msg)
{
    struct zt_incoming in = {.msg = msg};
    struct zt_fault fault = {0};
    enum zt_wire_type type = ZT_WIRE_NONE;
    zt_arena_reset(&intake->arena);
    enum zt_err opened = zt_wire_open(msg->frame, &type, &in.body, &fault);
    struct zt_fault whom = {0};
    if (find_party(intake, msg->user, &in.party, &whom) != ZT_OK)
        return zt_intake_deny(intake, &in, opened == ZT_OK ? type : ZT_WIRE_NONE, "", 0, &whom);
    if (opened != ZT_OK)
        return zt_intake_deny(intake, &in, ZT_WIRE_NONE, "", 0, &fault);
    switch (type) {
    case ZT_WIRE_HELLO:
        return hello(intake, &in);
    case ZT_WIRE_BATCH:
        return zt_intake_batch(intake, &in);
    case ZT_WIRE_HEARTBEAT:
        return heartbeat(intake, &in);
    default:
        zt_fault_set(&fault, ZT_E_INPUT, "publish.message", "type",
                     "intake does not take messages of this kind");
        return zt_intake_deny(intake, &in, type, "", 0, &fault);
    }
}
