// SPDX-License-Identifier: Apache-2.0
// The newest right edge of the tree, handed from the journal's owner to the sealer without waiting on either
// side: three slots, of which each thread holds one and the third changes hands.
#ifndef ZT_BROKER_LEDGER_EDGE_BOX_H
#define ZT_BROKER_LEDGER_EDGE_BOX_H

#include <stdatomic.h>

#include "base/crypto/merkle.h"

struct zt_edge_box {
    struct zt_edge slots[3];
    atomic_uint middle; // slot number, and EDGE_FRESH when it was not taken yet
    unsigned back;      // the owner's
    unsigned front;     // the sealer's
};

void zt_edge_box_init(struct zt_edge_box *box, const struct zt_edge *edge);
void zt_edge_box_put(struct zt_edge_box *box, const struct zt_edge *edge); // the owner's thread only
const struct zt_edge *zt_edge_box_get(struct zt_edge_box *box);            // the sealer's thread only

#endif
