// SPDX-License-Identifier: Apache-2.0
// broker.yaml: what the operator decides. Paths are relative to the file they stand in; ipc endpoints are
// taken as they are. Unknown keys are refused.
//
//   state: ../state/broker          folder of store and ledger
//   catalogue: /usr/share/zhitong/catalogue
//   parties: parties                folder with parties/, grants/ and keys/ of this installation
//   keys: ../keys/broker/curve      stem of the CURVE keys
//   node_key: ../keys/broker/node.key   64 hexadecimal digits; for pseudonyms; never to be changed
//   intake, counter, desk: tcp://127.0.0.1:*
//   signer: ipc:///run/zhitong/signer.sock
//   origin: zhitong.example/ledger/weifang
//   endpoints_file: ../run/endpoints.yaml   optional; written when everything is bound
//   map_size_mib: 65536             optional; address space of the store
//   log_keep: 0                     optional; batches that stay in the log. 0, the default, keeps all: the
//                                   department's signature over a record lies there
#ifndef ZT_BROKER_CONFIG_H
#define ZT_BROKER_CONFIG_H

#include <stdint.h>

#include "base/err.h"

struct zt_broker_config {
    char *state, *catalogue, *parties, *keys, *node_key;
    char *intake, *counter, *desk, *signer, *origin;
    char *endpoints_file; // NULL: none
    uint32_t map_size_mib;
    uint64_t log_keep;
};
ZT_MUST_USE enum zt_err zt_broker_config_load(const char *path, struct zt_broker_config **config,
                                              struct zt_fault *fault);
void zt_broker_config_free(struct zt_broker_config **config); // idempotent

#endif
