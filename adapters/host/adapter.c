// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/adapter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "adapters/host/progress.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

#define WAIT_MOST_MS 500 // a signal that falls between two waits is seen after so long

static enum zt_err load_catalogue(struct zt_adapter *adapter, struct zt_fault *fault)
{
    struct zt_faults faults = {0};
    enum zt_err rc = zt_catalogue_load(adapter->config->catalogue, NULL, &adapter->catalogue, &faults);
    for (size_t i = 0; i < faults.count; i++)
        zt_log_fault("ZT-ADAPTER-CATALOGUE", &faults.list[i]);
    if (rc != ZT_OK)
        zt_fault_set(fault, rc, "adapter.catalogue", adapter->config->catalogue,
                     "the catalogue has %zu errors", faults.count);
    zt_faults_fini(&faults);
    return rc;
}

enum zt_err zt_adapter_prepare(const char *config_path, struct zt_adapter *adapter, struct zt_fault *fault)
{
    enum zt_err rc;
    *adapter = (struct zt_adapter){.lock = -1};
    ZT_TRY(zt_adapter_config_load(config_path, &adapter->config, fault));
    ZT_TRY(load_catalogue(adapter, fault));
    rc = zt_plugin_load(adapter->config->plugin, adapter->catalogue, adapter->config->settings,
                        &adapter->loaded, fault);
out:
    if (rc != ZT_OK)
        zt_adapter_close(adapter);
    return rc;
}

// Two adapters on one source would number their batches against each other.
static enum zt_err lock_state(struct zt_adapter *adapter, struct zt_fault *fault)
{
    const char *state = adapter->config->state;
    char path[4096];
    enum zt_err rc = zt_dir_make(state, 0700, fault);
    if (rc != ZT_OK)
        return rc;
    snprintf(path, sizeof path, "%s/lock", state);
    adapter->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (adapter->lock < 0)
        return zt_fault_errno(fault, "state.lock", path, "cannot open");
    if (flock(adapter->lock, LOCK_EX | LOCK_NB) == 0)
        return ZT_OK;
    if (errno == EWOULDBLOCK)
        return zt_fault_set(fault, ZT_E_STATE, "state.locked", state, "another adapter uses this folder");
    return zt_fault_errno(fault, "state.lock", path, "cannot lock");
}

static enum zt_err open_streams(struct zt_adapter *adapter, struct zt_fault *fault)
{
    const struct zt_adapter_config *config = adapter->config;
    adapter->streams = calloc(config->dataset_count, sizeof *adapter->streams);
    if (!adapter->streams)
        return zt_fault_set(fault, ZT_E_NOMEM, "adapter.memory", config->source, "out of memory");
    for (size_t i = 0; i < config->dataset_count; i++) {
        enum zt_err rc = zt_stream_open(&adapter->shared, &config->datasets[i], &adapter->streams[i], fault);
        if (rc != ZT_OK)
            return rc;
        adapter->stream_count++;
    }
    return ZT_OK;
}

static void share_the_link(struct zt_adapter_config *config)
{
    uint32_t most = ZT_UPLINK_BATCHES / config->dataset_count;
    if (config->window > most)
        config->window = most > 0 ? most : 1;
}

enum zt_err zt_adapter_open(struct zt_adapter *adapter, bool once, struct zt_fault *fault)
{
    enum zt_err rc;
    share_the_link(adapter->config);
    ZT_TRY(lock_state(adapter, fault));
    ZT_TRY(zt_key_load_private(adapter->config->signing_key, &adapter->signing_key, fault));
    ZT_TRY(zt_uplink_open(adapter->config, &adapter->link, fault));
    adapter->shared = (struct zt_stream_shared){
        .config = adapter->config,
        .catalogue = adapter->catalogue,
        .plugin = adapter->loaded.plugin,
        .plugin_self = adapter->loaded.self,
        .signer = {adapter->signing_key, adapter->config->signing_key_id},
        .send = zt_uplink_send,
        .refused = zt_uplink_refused,
        .send_arg = &adapter->link,
        .once = once,
    };
    rc = open_streams(adapter, fault);
out:
    return rc;
}

void zt_adapter_close(struct zt_adapter *adapter)
{
    for (size_t i = 0; i < adapter->stream_count; i++)
        zt_stream_close(&adapter->streams[i]);
    free(adapter->streams);
    adapter->streams = NULL;
    adapter->stream_count = 0;
    zt_uplink_close(&adapter->link);
    zt_key_destroy(&adapter->signing_key);
    zt_plugin_unload(&adapter->loaded);
    zt_catalogue_release(&adapter->catalogue);
    zt_adapter_config_free(&adapter->config);
    if (adapter->lock >= 0)
        close(adapter->lock);
    adapter->lock = -1;
}

static void take_answer(void *arg, const struct zt_uplink_answer *answer)
{
    struct zt_adapter *adapter = arg;
    int64_t now = zt_monotonic_ms();
    for (size_t i = 0; i < adapter->stream_count; i++) {
        struct zt_stream *stream = adapter->streams[i];
        if (strcmp(zt_stream_id(stream), answer->source) != 0)
            continue;
        if (answer->welcome)
            zt_stream_welcome(stream, answer->welcome, now);
        else
            zt_stream_ack(stream, answer->ack, now);
        return;
    }
    // A refusal that names no stream: the broker does not even take the message as ours.
    if (answer->ack && !answer->ack->taken)
        zt_log_error("ZT-ADAPTER-REFUSED", "the broker refuses: %s %s", answer->ack->rule, answer->ack->text);
}

// One turn of every stream; *wake becomes the time of the next.
static enum zt_err turn_all(struct zt_adapter *adapter, int64_t *wake, struct zt_fault *fault)
{
    for (size_t i = 0; i < adapter->stream_count; i++) {
        int64_t now = zt_monotonic_ms();
        enum zt_err rc = zt_stream_turn(adapter->streams[i], now, fault);
        if (rc != ZT_OK)
            return rc;
        int64_t next = zt_stream_wake(adapter->streams[i], zt_monotonic_ms());
        if (next < *wake)
            *wake = next;
    }
    return ZT_OK;
}

// With `once`: true when it is over, well or not.
static bool is_over(const struct zt_adapter *adapter, int64_t now, enum zt_err *rc, struct zt_fault *fault)
{
    size_t done = 0;
    for (size_t i = 0; i < adapter->stream_count; i++) {
        int64_t since;
        const struct zt_fault *trouble = zt_stream_trouble(adapter->streams[i], &since);
        done += zt_stream_done(adapter->streams[i]);
        if (trouble && !zt_stream_done(adapter->streams[i]) && now - since > adapter->config->patience_ms) {
            *fault = *trouble;
            *rc = trouble->code;
            return true;
        }
    }
    return done == adapter->stream_count;
}

enum zt_err zt_adapter_run(struct zt_adapter *adapter, const volatile sig_atomic_t *stop, FILE *out,
                           struct zt_fault *fault)
{
    struct zt_progress progress;
    enum zt_err rc = ZT_OK;
    zt_progress_init(&progress, adapter->config->source, out);
    while (!*stop) {
        int64_t wake = zt_monotonic_ms() + WAIT_MOST_MS;
        ZT_TRY(turn_all(adapter, &wake, fault));
        int64_t now = zt_monotonic_ms();
        struct zt_stream_counts sum = {0};
        for (size_t i = 0; i < adapter->stream_count; i++) {
            struct zt_stream_counts one = zt_stream_counts(adapter->streams[i]);
            zt_counts_add(&sum, &one);
        }
        zt_progress_show(&progress, &sum, now);
        if (adapter->shared.once && is_over(adapter, now, &rc, fault))
            break;
        ZT_TRY(zt_uplink_wait(&adapter->link, wake > now ? (int)(wake - now) : 0, take_answer, adapter));
    }
out:
    zt_progress_end(&progress, adapter->streams, adapter->stream_count);
    return rc;
}
