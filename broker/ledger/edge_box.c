// SPDX-License-Identifier: Apache-2.0
#include "broker/ledger/edge_box.h"

#define SLOT  3u
#define FRESH 4u

void zt_edge_box_init(struct zt_edge_box *box, const struct zt_edge *edge)
{
    box->back = 0;
    box->front = 1;
    box->slots[box->front] = *edge;
    atomic_init(&box->middle, 2);
}

void zt_edge_box_put(struct zt_edge_box *box, const struct zt_edge *edge)
{
    box->slots[box->back] = *edge;
    box->back = atomic_exchange_explicit(&box->middle, box->back | FRESH, memory_order_acq_rel) & SLOT;
}

const struct zt_edge *zt_edge_box_get(struct zt_edge_box *box)
{
    if (atomic_load_explicit(&box->middle, memory_order_relaxed) & FRESH)
        box->front = atomic_exchange_explicit(&box->middle, box->front, memory_order_acq_rel) & SLOT;
    return &box->slots[box->front];
}
