// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "broker/intake/internal.h"

// A commit costs about as much as putting a hundred records, whatever it holds: these bounds keep its cost
// small beside its contents, and the wait of the first batch in it short.
#define GROUP_BYTES ((size_t)8 * 1024 * 1024)
#define GROUP_MS    50

enum zt_err zt_group_open(struct zt_intake *intake)
{
    struct zt_group *group = &intake->group;
    if (group->txn)
        return ZT_OK;
    group->opened_ms = zt_monotonic_ms();
    group->bytes = 0;
    return zt_store_begin(intake->options->store, &group->txn);
}

bool zt_group_full(const struct zt_intake *intake)
{
    const struct zt_group *group = &intake->group;
    if (!group->txn)
        return false;
    return group->count == ZT_INTAKE_GROUP || group->bytes >= GROUP_BYTES ||
           zt_store_error(group->txn) != ZT_OK || zt_monotonic_ms() - group->opened_ms >= GROUP_MS;
}

static struct zt_member *join(struct zt_intake *intake, const struct zt_msg *msg, const char *source,
                              uint64_t seq)
{
    struct zt_member *member = &intake->group.members[intake->group.count++];
    zt_reply_to(&member->reply, msg);
    snprintf(member->source, sizeof member->source, "%s", source);
    member->seq = seq;
    return member;
}

enum zt_err zt_group_ack(struct zt_intake *intake, const struct zt_msg *msg, const struct zt_ack *ack)
{
    struct zt_member *member = join(intake, msg, ack->source, ack->seq);
    member->welcome = false;
    return zt_ack_encode(ack, &member->reply.frame);
}

enum zt_err zt_group_welcome(struct zt_intake *intake, const struct zt_msg *msg,
                             const struct zt_welcome *welcome)
{
    struct zt_member *member = join(intake, msg, welcome->source, welcome->seq);
    member->welcome = true;
    return zt_welcome_encode(welcome, &member->reply.frame);
}

// Nothing of the group was kept: whoever is in it hears so, and may come again.
static enum zt_err refuse_all(struct zt_intake *intake)
{
    static const char rule[] = "store.full", text[] = "the broker's store is full; nothing of this was kept";
    if (!intake->full_logged)
        zt_log_error("ZT-STORE-FULL",
                     "the store is full: batches are refused, look-ups go on; give it a larger map_size");
    intake->full_logged = true;
    for (size_t i = 0; i < intake->group.count; i++) {
        struct zt_member *member = &intake->group.members[i];
        struct zt_welcome welcome = {.source = member->source, .rule = rule, .text = text};
        struct zt_ack ack = {.source = member->source, .seq = member->seq, .rule = rule, .text = text};
        zt_buf_reset(&member->reply.frame);
        enum zt_err rc = member->welcome ? zt_welcome_encode(&welcome, &member->reply.frame)
                                         : zt_ack_encode(&ack, &member->reply.frame);
        if (rc != ZT_OK)
            return rc;
        atomic_fetch_add(&intake->options->counts.full, 1);
    }
    return ZT_OK;
}

static void send_all(struct zt_intake *intake)
{
    for (size_t i = 0; i < intake->group.count; i++)
        zt_reply_send(intake, &intake->group.members[i].reply);
    intake->group.count = 0;
}

static void count_taken(struct zt_intake *intake)
{
    struct zt_intake_counts *counts = &intake->options->counts;
    const uint64_t *tally = intake->group.tally;
    atomic_fetch_add(&counts->batches, tally[ZT_TALLY_BATCHES]);
    atomic_fetch_add(&counts->records, tally[ZT_TALLY_RECORDS]);
    atomic_fetch_add(&counts->ignored, tally[ZT_TALLY_IGNORED]);
    atomic_fetch_add(&counts->rejected, tally[ZT_TALLY_REJECTED]);
    atomic_fetch_add(&counts->commits, 1);
}

enum zt_err zt_group_settle(struct zt_intake *intake)
{
    if (!intake->group.txn)
        return ZT_OK;
#ifdef ZT_CONTROL_EARLY_ACK
    send_all(intake); // the control of the fault test: it must be found to lose what it acknowledged
#endif
    enum zt_err rc = zt_store_commit(&intake->group.txn);
    if (rc == ZT_OK) {
        count_taken(intake);
        intake->full_logged = false;
    } else if (rc == ZT_E_LIMIT) {
        rc = refuse_all(intake);
    }
    memset(intake->group.tally, 0, sizeof intake->group.tally);
    if (rc == ZT_OK)
        send_all(intake);
    return rc;
}

void zt_group_fini(struct zt_intake *intake)
{
    zt_store_abort(&intake->group.txn);
    for (size_t i = 0; i < intake->group.count; i++)
        zt_buf_fini(&intake->group.members[i].reply.frame);
    intake->group.count = 0;
}
