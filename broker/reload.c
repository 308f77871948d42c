// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "broker/broker.h"
#include "broker/control.h"

#define ENTRY_MS 5000  // for the counter to append an entry
#define TAKEN_MS 10000 // for an actor to finish what it is doing and take the new catalogue

static void put_digest(struct zt_buf *note, const struct zt_catalogue *catalogue)
{
    char hex[2 * ZT_HASH_LEN + 1];
    zt_hex_encode((struct zt_bytes){zt_catalogue_digest(catalogue), ZT_HASH_LEN}, hex);
    zt_buf_printf(note, "%s", hex);
}

enum zt_err zt_broker_config_entry(const struct zt_catalogue *before, const struct zt_catalogue *now,
                                   struct zt_buf *entry)
{
    struct zt_buf note;
    zt_buf_init(&note, 512);
    zt_buf_printf(&note, "zt-brokerd %s; catalogue sm3 ", ZT_VERSION);
    if (before) {
        put_digest(&note, before);
        zt_buf_put_str(&note, " -> ");
    }
    put_digest(&note, now);
    struct zt_entry out = {.kind = ZT_ENTRY_CONFIG,
                           .time = zt_now_ms(),
                           .party = "",
                           .officer = "",
                           .item = "",
                           .purpose = "",
                           .case_no = "",
                           .type = "",
                           .status = ZT_STATUS_OK,
                           .rule = before ? "config.reload" : "config.start",
                           .certificate = "",
                           .note = zt_buf_text(&note)};
    enum zt_err rc = note.err == ZT_OK ? zt_entry_encode(&out, entry) : note.err;
    zt_buf_fini(&note);
    return rc;
}

static enum zt_err write_entry(struct zt_broker *broker, const struct zt_catalogue *new)
{
    struct zt_buf entry;
    uint64_t index;
    uint8_t hash[1][ZT_HASH_LEN];
    zt_buf_init(&entry, ZT_ENTRY_MAX);
    enum zt_err rc = zt_broker_config_entry(broker->catalogue, new, &entry);
    struct zt_bytes bytes = zt_buf_bytes(&entry);
    if (rc == ZT_OK)
        rc = zt_mail_call(broker->mail, &bytes, 1, ENTRY_MS, &index, hash);
    zt_buf_fini(&entry);
    return rc;
}

static bool has_taken(struct zt_actor *actor, const struct zt_catalogue *catalogue)
{
    struct zt_control control = {0};
    struct zt_msg msg;
    int64_t end = zt_monotonic_ms() + TAKEN_MS;
    zt_msg_init(&msg);
    for (int64_t left = TAKEN_MS; left > 0; left = end - zt_monotonic_ms()) {
        if (zt_sock_recv_within(zt_actor_pipe(actor), &msg, (int)left) != ZT_OK)
            continue; // a signal, or the deadline: the clock decides
        if (zt_control_parse(msg.frame, &control, NULL) == ZT_OK && control.act == ZT_CONTROL_TAKEN)
            break;
    }
    zt_msg_fini(&msg);
    return control.act == ZT_CONTROL_TAKEN && control.catalogue == catalogue;
}

// From here on there is no way back: a thread that does not follow would serve under rules that are no longer
// in force.
static void put_in_force(struct zt_broker *broker, struct zt_catalogue *new)
{
    struct zt_control control = {.act = ZT_CONTROL_CATALOGUE, .catalogue = new};
    struct zt_actor *actors[] = {broker->counter, broker->intake, broker->desk};
    bool taken = zt_net_gate_swap(broker->net, new) == ZT_OK;
    for (size_t i = 0; i < sizeof actors / sizeof *actors; i++)
        taken = taken && zt_control_send(zt_actor_pipe(actors[i]), &control) == ZT_OK;
    for (size_t i = 0; taken && i < sizeof actors / sizeof *actors; i++)
        taken = has_taken(actors[i], new);
    if (!taken)
        zt_broker_die("ZT-BROKER-RELOAD", "a thread has not taken the new catalogue");
    zt_catalogue_release(&broker->catalogue);
    broker->catalogue = new;
}

enum zt_err zt_broker_reload(struct zt_broker *broker, struct zt_fault *fault)
{
    struct zt_catalogue *new = NULL;
    enum zt_err rc = zt_broker_load_catalogue(broker, &new, fault);
    if (rc != ZT_OK)
        return rc;
    rc = write_entry(broker, new);
    if (rc != ZT_OK) {
        zt_catalogue_release(&new);
        return zt_fault_set(fault, rc, "broker.ledger", "catalogue",
                            "the change of rules could not be ledgered; the old rules stay");
    }
    put_in_force(broker, new);
    zt_log_info("ZT-BROKER-RELOADED", "a new catalogue is in force");
    return ZT_OK;
}
