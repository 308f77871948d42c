// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "catalogue/build.h"

static struct zt_catalogue *new_catalogue(void)
{
    struct zt_catalogue *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    atomic_init(&c->holds, 1);
    zt_arena_init(&c->arena, ZT_CATALOGUE_ARENA_MAX);
    return c;
}

struct zt_catalogue *zt_catalogue_hold(struct zt_catalogue *catalogue)
{
    atomic_fetch_add_explicit(&catalogue->holds, 1, memory_order_relaxed);
    return catalogue;
}

void zt_catalogue_release(struct zt_catalogue **catalogue)
{
    struct zt_catalogue *c = *catalogue;
    *catalogue = NULL;
    if (!c || atomic_fetch_sub_explicit(&c->holds, 1, memory_order_acq_rel) != 1)
        return;
    zt_arena_fini(&c->arena);
    free(c);
}

const uint8_t *zt_catalogue_digest(const struct zt_catalogue *catalogue)
{
    return catalogue->digest;
}

static void link_all(struct zt_build *b)
{
    static void (*const steps[])(struct zt_build *) = {
        zt_link_departments, zt_link_tables, zt_link_purposes_file, zt_link_records, zt_check_locks,
        zt_link_certs,       zt_link_items,  zt_link_parties,       zt_link_grants,
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps && b->err == ZT_OK; i++)
        steps[i](b);
}

// Trouble of our own is one more fault, so that `faults` always says why there is no catalogue.
static enum zt_err settle(struct zt_build *b, const char *dir)
{
    if (b->err == ZT_OK && !b->faults->count)
        b->err = zt_build_digest(b);
    if (b->err != ZT_OK) {
        struct zt_fault fault;
        (void)zt_fault_set(&fault, b->err, "catalogue.load", dir, "loading stopped: %s", zt_err_name(b->err));
        zt_report_fault(b, &fault);
        return b->err;
    }
    return b->faults->count ? ZT_E_CONFIG : ZT_OK;
}

enum zt_err zt_catalogue_load(const char *dir, const char *parties_dir, struct zt_catalogue **out,
                              struct zt_faults *faults)
{
    struct zt_faults own = {0};
    struct zt_build b = {.faults = faults ? faults : &own, .parties_dir = parties_dir, .c = new_catalogue()};
    if (!b.c)
        return ZT_E_NOMEM;
    zt_faults_fini(b.faults);
    zt_build_read(&b, dir);
    if (b.err == ZT_OK)
        link_all(&b);
    enum zt_err rc = settle(&b, dir);
    zt_build_free_files(&b);
    zt_faults_fini(&own);
    if (rc == ZT_OK)
        *out = b.c;
    else
        zt_catalogue_release(&b.c);
    return rc;
}
