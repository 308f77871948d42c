// SPDX-License-Identifier: Apache-2.0
// Plugins that break the contract, one a way; built by the tests only, each with another BREAK.
#include "adapters/plugin.h"

static const struct zt_dataset datasets[] = {{"d", "d", "d"}};

static enum zt_err open_fine(const struct zt_catalogue *catalogue, const char *settings, void **self,
                             struct zt_fault *fault)
{
    (void)catalogue;
    (void)settings;
    (void)self;
    (void)fault;
    return ZT_OK;
}

static enum zt_err map_nothing(void *self, size_t dataset, const struct zt_row *row, struct zt_emit *emit,
                               struct zt_fault *fault)
{
    (void)self;
    (void)dataset;
    (void)row;
    (void)emit;
    (void)fault;
    return ZT_OK;
}

static void close_fine(void *self)
{
    (void)self;
}

enum { WRONG_ABI = 1, NO_NAME, NO_OPEN, NO_MAP, NO_CLOSE, NO_DATASETS };

#if BREAK == 7 // there, but not to be seen from outside
#define VISIBILITY "hidden"
#else
#define VISIBILITY "default"
#endif
extern const struct zt_plugin zt_plugin;
__attribute__((visibility(VISIBILITY))) const struct zt_plugin zt_plugin = {
    .abi = BREAK == WRONG_ABI ? 99 : ZT_PLUGIN_ABI,
    .name = BREAK == NO_NAME ? NULL : "broken",
    .datasets = datasets,
    .dataset_count = BREAK == NO_DATASETS ? 0 : 1,
    .open = BREAK == NO_OPEN ? NULL : open_fine,
    .map = BREAK == NO_MAP ? NULL : map_nothing,
    .close = BREAK == NO_CLOSE ? NULL : close_fine,
};
