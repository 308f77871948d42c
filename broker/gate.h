// SPDX-License-Identifier: Apache-2.0
// Who may connect: the parties of the catalogue in force, by their CURVE keys, unless they are revoked. Asked
// at the handshake on the thread of the ZAP handler, while main may replace the catalogue; who is revoked
// later is refused per message by the thread that serves him.
#ifndef ZT_BROKER_GATE_H
#define ZT_BROKER_GATE_H

#include "base/net/net.h"
#include "catalogue/catalogue.h"

struct zt_gate;
ZT_MUST_USE enum zt_err zt_gate_new(struct zt_catalogue *catalogue,
                                    struct zt_gate **gate); // takes a reference
void zt_gate_destroy(struct zt_gate **gate);                // after the network is closed; idempotent
void zt_gate_set(struct zt_gate *gate, struct zt_catalogue *catalogue); // for handshakes from now on

// For zt_net_gate_open; arg is the struct zt_gate.
bool zt_gate_admit(void *arg, const uint8_t key[static ZT_CURVE_KEY_LEN],
                   char user_id[static ZT_USER_ID_MAX]);

#endif
