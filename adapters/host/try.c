// SPDX-License-Identifier: Apache-2.0
// --check: the first rows of each dataset through connector, plugin and catalogue, and nowhere else.
#include <string.h>

#include "adapters/host/adapter.h"
#include "adapters/host/map.h"
#include "base/text.h"

#define ROWS_TRIED   100
#define SHOWN_FAULTS 5

struct trial {
    FILE *out;
    uint64_t rows, records, bad;
};

static void show_fault(struct trial *trial, const char *place, const struct zt_fault *fault)
{
    char masked[sizeof fault->place + sizeof fault->text];
    if (trial->bad++ >= SHOWN_FAULTS)
        return;
    zt_mask_numbers(place, masked, sizeof masked);
    fprintf(trial->out, "  %s: %s", masked, fault->rule);
    zt_mask_numbers(fault->text, masked, sizeof masked);
    fprintf(trial->out, ": %s\n", masked);
}

static enum zt_err try_rows(struct zt_connector *source, struct zt_mapper *mapper, size_t dataset,
                            struct trial *trial, struct zt_fault *fault)
{
    while (trial->rows + trial->bad < ROWS_TRIED) {
        struct zt_row row = {0};
        enum zt_err rc = source->ops->next(source, &row, fault);
        if (rc == ZT_E_ABSENT)
            return ZT_OK;
        if (rc == ZT_E_INPUT || rc == ZT_E_LIMIT) {
            show_fault(trial, fault->place, fault);
            continue;
        }
        if (rc != ZT_OK)
            return rc;
        rc = zt_mapper_row(mapper, dataset, &row, fault);
        if (rc == ZT_E_INPUT) {
            show_fault(trial, row.place ? row.place : "", fault);
            continue;
        }
        if (rc != ZT_OK)
            return rc;
        trial->rows++;
        trial->records += mapper->records.count;
    }
    return ZT_OK;
}

static enum zt_err open_source(const struct zt_dataset_config *d, struct zt_connector **source,
                               struct zt_fault *fault)
{
    const struct zt_connector_ops *ops = zt_connector_find(d->connector);
    const struct zt_connector_options options = zt_dataset_options(d);
    if (!ops)
        return zt_fault_set(fault, ZT_E_CONFIG, "config.connector", d->name,
                            "there is no connector %s: odbc or file", d->connector);
    return ops->open(&options, (struct zt_bytes){NULL, 0}, source, fault);
}

static enum zt_err try_dataset(struct zt_adapter *adapter, struct zt_mapper *mapper,
                               const struct zt_dataset_config *d, FILE *out)
{
    struct trial trial = {.out = out};
    struct zt_connector *source = NULL;
    struct zt_fault fault = {0};
    size_t dataset = 0;
    fprintf(out, "%s.%s\n", adapter->config->source, d->name);
    enum zt_err rc = zt_mapper_dataset(mapper, d->name, &dataset, &fault);
    if (rc == ZT_OK)
        rc = open_source(d, &source, &fault);
    if (rc == ZT_OK)
        rc = try_rows(source, mapper, dataset, &trial, &fault);
    if (source)
        source->ops->close(&source);
    if (rc != ZT_OK)
        fprintf(out, "  读取失败 cannot be read: %s: %s: %s\n", fault.rule, fault.place, fault.text);
    fprintf(out, "  合格 good rows %llu, 记录 records %llu, 不合格 bad rows %llu\n",
            (unsigned long long)trial.rows, (unsigned long long)trial.records, (unsigned long long)trial.bad);
    return rc != ZT_OK ? rc : trial.bad ? ZT_E_INPUT : ZT_OK;
}

enum zt_err zt_adapter_try(struct zt_adapter *adapter, FILE *out)
{
    struct zt_mapper mapper;
    enum zt_err worst = ZT_OK;
    zt_mapper_init(&mapper, adapter->catalogue, adapter->loaded.plugin, adapter->loaded.self);
    for (size_t i = 0; i < adapter->config->dataset_count; i++) {
        enum zt_err rc = try_dataset(adapter, &mapper, &adapter->config->datasets[i], out);
        if (worst == ZT_OK || (worst == ZT_E_INPUT && rc != ZT_OK))
            worst = rc;
    }
    zt_mapper_fini(&mapper);
    return worst;
}
