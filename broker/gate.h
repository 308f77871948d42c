// SPDX-License-Identifier: Apache-2.0
// Who may connect: the parties of the catalogue in force, by their CURVE keys, unless they are revoked. Who
// is revoked later is refused per message by the thread that serves him.
#ifndef ZT_BROKER_GATE_H
#define ZT_BROKER_GATE_H

#include "base/net/net.h"
#include "catalogue/catalogue.h"

// For zt_net_gate_open and zt_net_gate_swap; arg is the struct zt_catalogue, of which the caller keeps a
// reference until the gate has another or the network is closed.
bool zt_gate_admit(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN],
                   char user_id[static ZT_USER_ID_MAX]);

#endif
