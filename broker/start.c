// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "broker/broker.h"
#include "broker/gate.h"

#define PATH_LEN ((size_t)4096)
#define MIB      ((uint64_t)1024 * 1024)

void zt_broker_init(struct zt_broker *broker, const struct zt_broker_config *config)
{
    *broker = (struct zt_broker){.config = config, .signals = -1};
}

// Blocked before any thread exists, so that no other thread is interrupted, and read from a descriptor, so
// that none comes at a wrong moment.
static enum zt_err take_signals(struct zt_broker *broker, struct zt_fault *fault)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of the write
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return zt_fault_errno(fault, "broker.signals", "signals", "cannot block signals");
    broker->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (broker->signals < 0)
        return zt_fault_errno(fault, "broker.signals", "signals", "cannot receive signals");
    return ZT_OK;
}

static enum zt_err load_node_key(struct zt_broker *broker, struct zt_fault *fault)
{
    const char *path = broker->config->node_key;
    struct zt_buf text;
    zt_buf_init(&text, 256);
    enum zt_err rc = zt_file_read_secret(path, &text, fault);
    if (rc == ZT_OK) {
        while (text.len > 0 && text.data[text.len - 1] == '\n')
            text.len--;
        if (zt_hex_decode(zt_buf_text(&text), broker->node_key, sizeof broker->node_key) != ZT_OK)
            rc = zt_fault_set(fault, ZT_E_CONFIG, "broker.node-key", path,
                              "the node key is one line of %d hexadecimal digits", 2 * ZT_NODE_KEY_BYTES);
    }
    zt_buf_fini(&text);
    return rc;
}

static enum zt_err load_keys(struct zt_broker *broker, struct zt_fault *fault)
{
    enum zt_err rc = zt_curve_keys_load(broker->config->keys, &broker->keys, fault);
    return rc == ZT_OK ? load_node_key(broker, fault) : rc;
}

enum zt_err zt_broker_load_catalogue(const struct zt_broker *broker, struct zt_catalogue **catalogue,
                                     struct zt_fault *fault)
{
    struct zt_faults faults = {0};
    enum zt_err rc =
        zt_catalogue_load(broker->config->catalogue, broker->config->parties, catalogue, &faults);
    for (size_t i = 0; i < faults.count; i++)
        zt_log_fault("ZT-CATALOGUE", &faults.list[i]);
    if (rc != ZT_OK && faults.count > 0 && fault)
        *fault = faults.list[0];
    else if (rc != ZT_OK)
        zt_fault_set(fault, rc, "catalogue.load", broker->config->catalogue,
                     "the catalogue cannot be loaded");
    zt_faults_fini(&faults);
    return rc;
}

static enum zt_err state_path(const struct zt_broker *broker, const char *name, char path[static PATH_LEN],
                              struct zt_fault *fault)
{
    int len = snprintf(path, PATH_LEN, "%s/%s", broker->config->state, name);
    if (len < 0 || (size_t)len >= PATH_LEN)
        return zt_fault_set(fault, ZT_E_CONFIG, "broker.state", broker->config->state,
                            "the path is too long");
    return ZT_OK;
}

static enum zt_err open_store(struct zt_broker *broker, struct zt_fault *fault)
{
    char path[PATH_LEN];
    struct zt_store_options options = {.dir = path,
                                       .map_size = broker->config->map_size_mib * MIB,
                                       .node_key = {broker->node_key, sizeof broker->node_key}};
    enum zt_err rc;
    ZT_TRY(state_path(broker, "store", path, fault));
    ZT_TRY(zt_store_open(&options, &broker->store, fault));
    rc = zt_log_embedded_open(broker->store, &broker->log);
    if (rc != ZT_OK)
        zt_fault_set(fault, rc, "broker.log", path, "the log cannot be opened");
out:
    return rc;
}

// The ledger says which rules are in force before anybody is served under them. Until the counter starts,
// main is the journal's owner.
static enum zt_err open_ledger(struct zt_broker *broker, struct zt_fault *fault)
{
    char path[PATH_LEN];
    uint64_t index = 0;
    uint8_t hash[1][ZT_HASH_LEN];
    struct zt_ledger_options options = {.dir = path, .origin = broker->config->origin};
    struct zt_buf entry;
    enum zt_err rc;
    zt_buf_init(&entry, ZT_ENTRY_MAX);
    ZT_TRY(state_path(broker, "ledger", path, fault));
    ZT_TRY(zt_ledger_open(&options, &broker->ledger, fault));
    rc = zt_broker_config_entry(NULL, broker->catalogue, &entry);
    struct zt_bytes bytes = zt_buf_bytes(&entry);
    if (rc == ZT_OK)
        rc = zt_ledger_append(broker->ledger, &bytes, 1, &index, hash);
    if (rc != ZT_OK)
        zt_fault_set(fault, rc, "broker.ledger", path,
                     "the entry about the rules in force cannot be written");
out:
    zt_buf_fini(&entry);
    return rc;
}

static enum zt_err open_net(struct zt_broker *broker, struct zt_fault *fault)
{
    enum zt_err rc = zt_net_open(&broker->net);
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "broker.net", "sockets", "the network cannot be opened");
    return zt_net_gate_open(broker->net, zt_gate_admit, broker->catalogue, fault);
}

static enum zt_err start_actor(struct zt_broker *broker, const char *name, zt_actor_fn *body, void *options,
                               const struct zt_fault *why, struct zt_actor **actor, struct zt_fault *fault)
{
    enum zt_err rc = zt_actor_start(broker->net, name, body, options, actor);
    if (rc != ZT_OK && why && why->code != ZT_OK && fault)
        *fault = *why;
    else if (rc != ZT_OK)
        zt_fault_set(fault, rc, "broker.start", name, "the thread did not start");
    return rc;
}

static enum zt_err start_counter(struct zt_broker *broker, struct zt_fault *fault)
{
    broker->counter_options = (struct zt_counter_options){.endpoint = broker->config->counter,
                                                          .keys = &broker->keys,
                                                          .signer = broker->config->signer,
                                                          .store = broker->store,
                                                          .ledger = broker->ledger,
                                                          .catalogue = broker->catalogue};
    enum zt_err rc = start_actor(broker, "counter", zt_counter_run, &broker->counter_options,
                                 &broker->counter_options.fault, &broker->counter, fault);
    return rc == ZT_OK ? zt_mail_open(broker->net, &broker->mail, fault) : rc;
}

static enum zt_err start_sealer(struct zt_broker *broker, struct zt_fault *fault)
{
    broker->sealer_options =
        (struct zt_sealer_options){.ledger = broker->ledger, .signer_endpoint = broker->config->signer};
    return start_actor(broker, "sealer", zt_sealer_run, &broker->sealer_options, NULL, &broker->sealer,
                       fault);
}

static enum zt_err start_intake(struct zt_broker *broker, struct zt_fault *fault)
{
    broker->intake_options = (struct zt_intake_options){.endpoint = broker->config->intake,
                                                        .keys = &broker->keys,
                                                        .store = broker->store,
                                                        .log = broker->log,
                                                        .catalogue = broker->catalogue,
                                                        .log_keep = broker->config->log_keep};
    return start_actor(broker, "intake", zt_intake_run, &broker->intake_options,
                       &broker->intake_options.fault, &broker->intake, fault);
}

static enum zt_err start_desk(struct zt_broker *broker, struct zt_fault *fault)
{
    broker->desk_options = (struct zt_desk_options){.endpoint = broker->config->desk,
                                                    .keys = &broker->keys,
                                                    .store = broker->store,
                                                    .ledger = broker->ledger,
                                                    .catalogue = broker->catalogue,
                                                    .stats = zt_broker_figures,
                                                    .stats_arg = broker};
    return start_actor(broker, "desk", zt_desk_run, &broker->desk_options, &broker->desk_options.fault,
                       &broker->desk, fault);
}

static void forget_endpoints(const struct zt_broker *broker)
{
    if (broker->config->endpoints_file)
        (void)!unlink(broker->config->endpoints_file);
}

// Its appearance means ready.
static enum zt_err tell_endpoints(const struct zt_broker *broker, struct zt_fault *fault)
{
    if (!broker->config->endpoints_file)
        return ZT_OK;
    struct zt_buf text;
    zt_buf_init(&text, 4 * ZT_ENDPOINT_MAX);
    zt_buf_printf(&text, "intake: %s\ncounter: %s\ndesk: %s\n", broker->intake_options.bound,
                  broker->counter_options.bound, broker->desk_options.bound);
    enum zt_err rc = zt_file_replace(broker->config->endpoints_file, zt_buf_bytes(&text), 0644, fault);
    zt_buf_fini(&text);
    return rc;
}

enum zt_err zt_broker_check(struct zt_broker *broker, struct zt_fault *fault)
{
    enum zt_err rc;
    ZT_TRY(load_keys(broker, fault));
    rc = zt_broker_load_catalogue(broker, &broker->catalogue, fault);
out:
    return rc;
}

enum zt_err zt_broker_start(struct zt_broker *broker, struct zt_fault *fault)
{
    enum zt_err rc;
    ZT_TRY(zt_process_harden(fault));
    forget_endpoints(broker);
    ZT_TRY(take_signals(broker, fault));
    ZT_TRY(load_keys(broker, fault));
    ZT_TRY(zt_broker_load_catalogue(broker, &broker->catalogue, fault));
    broker->storing = true;
    ZT_TRY(open_store(broker, fault));
    ZT_TRY(open_ledger(broker, fault));
    broker->storing = false;
    ZT_TRY(open_net(broker, fault)); // with the gate, proven
    ZT_TRY(start_counter(broker, fault));
    ZT_TRY(start_sealer(broker, fault));
    ZT_TRY(start_intake(broker, fault));
    ZT_TRY(start_desk(broker, fault));
    ZT_TRY(tell_endpoints(broker, fault));
    zt_log_info("ZT-BROKER-READY", "ready: intake %s, counter %s, desk %s, ledger of %llu entries",
                broker->intake_options.bound, broker->counter_options.bound, broker->desk_options.bound,
                (unsigned long long)zt_ledger_size(broker->ledger));
out:
    return rc;
}

void zt_broker_stop(struct zt_broker *broker)
{
    if (broker->intake || broker->counter)
        forget_endpoints(broker);
    zt_actor_stop(&broker->desk);
    zt_actor_stop(&broker->intake);
    zt_mail_close(&broker->mail);
    zt_actor_stop(&broker->counter);
    zt_actor_stop(&broker->sealer); // last, so that what the others wrote is sealed
    zt_net_close(&broker->net);
    if (broker->log)
        broker->log->ops->close(&broker->log);
    zt_ledger_close(&broker->ledger);
    zt_store_close(&broker->store);
    zt_catalogue_release(&broker->catalogue);
    zt_curve_keys_wipe(&broker->keys);
    explicit_bzero(broker->node_key, sizeof broker->node_key);
    if (broker->signals >= 0)
        close(broker->signals);
    broker->signals = -1;
}
